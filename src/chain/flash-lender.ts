/**
 * Lends any amount for the length of one bundle, for a fee. One lender stands for all flash lenders of a world. Who pays back late does not
 * pay back at all: the whole bundle is undone, and that is the chain's business.
 */
import { type Rejection, reject } from '../base/rejection.ts';
import { type AccountId, type AssetId, type Ratio, toUnitsUp, type Units } from '../base/units.ts';
import { type Ledger, OUTSIDE } from '../ledger/ledger.ts';
import type { FlashLoan } from './chain.ts';

export interface FlashOptions {
  /** Fee on the amount lent, rounded up for each loan. */
  readonly fee: Ratio;
  /** What the lender has at the start, from outside. */
  readonly funds: readonly { readonly asset: AssetId; readonly units: Units }[];
}

export interface FlashLender {
  readonly account: AccountId;
  /**
   * Pays the loans out, in their order. After a refusal some may have been paid: undo the bundle.
   * Rejections: FLASH_AMOUNT not a whole number above 0 · FLASH_SHORT the lender has less (or, asked for 'max', nothing).
   */
  lend(borrower: AccountId, loans: readonly FlashLoan[]): Rejection | undefined;
  /** Units of the loan at that place of the present bundle. */
  lentUnits(place: number): Units;
  /** Collects what `lend` paid last, with the fee, in the same order. Rejection: FLASH_UNPAID the wallet has less; undo the bundle. */
  collect(borrower: AccountId, loans: readonly FlashLoan[]): Rejection | undefined;
}

/** Fee of a loan, rounded up. */
export function flashFeeUp(amount: Units, fee: Ratio): Units {
  return toUnitsUp(amount * fee, 0);
}

/** Opens the account `flash-lender` and funds it. */
export function createFlashLender(ledger: Ledger, { fee, funds }: FlashOptions): FlashLender {
  const account = ledger.open('flash-lender', 'flash-lender');
  for (const { asset, units } of funds) ledger.transfer(OUTSIDE, account, asset, units);
  /** Amounts of the present bundle's loans, by their place. */
  const lent: Units[] = [];

  function lend(borrower: AccountId, loans: readonly FlashLoan[]): Rejection | undefined {
    for (let i = 0; i < loans.length; i++) {
      const { asset, amount } = loans[i];
      const held = ledger.balance(account, asset);
      const units = amount === 'max' ? held : amount;
      if (amount !== 'max' && !(Number.isInteger(units) && units > 0)) {
        return reject('FLASH_AMOUNT', { asset: ledger.assets.names[asset], askedUnits: units });
      }
      if (units > held || units === 0)
        return reject('FLASH_SHORT', { asset: ledger.assets.names[asset], askedUnits: units, heldUnits: held });
      ledger.transfer(account, borrower, asset, units);
      lent[i] = units;
    }
    return undefined;
  }

  function collect(borrower: AccountId, loans: readonly FlashLoan[]): Rejection | undefined {
    for (let i = 0; i < loans.length; i++) {
      const { asset } = loans[i];
      const owed = lent[i] + flashFeeUp(lent[i], fee);
      const held = ledger.balance(borrower, asset);
      if (held < owed) return reject('FLASH_UNPAID', { asset: ledger.assets.names[asset], owedUnits: owed, heldUnits: held });
      ledger.transfer(borrower, account, asset, owed);
    }
    return undefined;
  }

  return { account, lend, lentUnits: (place) => lent[place], collect };
}
