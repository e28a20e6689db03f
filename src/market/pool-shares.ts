/**
 * Shares of a pool of two reserves: made when both are added in the ratio that they have, burnt for a part of each. The pool's curve does
 * not enter; whatever it keeps belongs to the shares. They are numbers of the pool's own, or an asset of the ledger, made outside and burnt
 * there, which may be sent on and lent against.
 *
 * @source  Uniswap/v2-core UniswapV2Pair.sol mint, burn; Uniswap/v2-periphery UniswapV2Router02.sol _addLiquidity
 */
import { column, growColumn } from '../base/columns.ts';
import { geometricMeanDown, mulDivDown, mulDivUp } from '../base/exact.ts';
import { type Rejection, reject } from '../base/rejection.ts';
import { type AccountId, type AssetId, UNITS_MAX, type Units } from '../base/units.ts';
import { type Ledger, OUTSIDE } from '../ledger/ledger.ts';
import type { Claim, Venue } from './venue.ts';

/** Of every pool whose shares may be an asset. */
export const SHARE_PARAM = {
  kind: 'asset',
  optional: true,
  doc: 'an asset that its shares are, to be lent against; otherwise they are numbers of its own',
} as const;

export interface SharedPool {
  readonly ledger: Ledger;
  /** Holds the reserves. */
  readonly account: AccountId;
  readonly baseAsset: AssetId;
  readonly quoteAsset: AssetId;
  /** The asset that the shares are. */
  readonly share?: AssetId | undefined;
}

export type PoolShares = Pick<Venue, 'shareAsset' | 'shares' | 'sharesOf' | 'addLiquidity' | 'removeLiquidity' | 'claimOf' | 'claims'>;

/** An amount that the ledger could move. */
export function isAmount(amount: Units): boolean {
  return amount > 0 && Number.isSafeInteger(amount);
}

export function createPoolShares({ ledger, account, baseAsset, quoteAsset, share }: SharedPool): PoolShares {
  const { sharesOf, supply, setShares, accounts } = share === undefined ? ownShares(ledger) : sharesAsAsset(ledger, share);
  const bases = ledger.holdings(baseAsset);
  const quotes = ledger.holdings(quoteAsset);
  const baseReserve = (): Units => bases.data[account];
  const quoteReserve = (): Units => quotes.data[account];

  /** Moves the deposit in and writes the shares. */
  function deposit(provider: AccountId, base: Units, quote: Units, made: Units): Units | Rejection {
    if (provider !== OUTSIDE && (ledger.balance(provider, baseAsset) < base || ledger.balance(provider, quoteAsset) < quote)) {
      return reject('WALLET_SHORT', {
        base,
        quote,
        baseBalance: ledger.balance(provider, baseAsset),
        quoteBalance: ledger.balance(provider, quoteAsset),
      });
    }
    ledger.transfer(provider, account, baseAsset, base);
    ledger.transfer(provider, account, quoteAsset, quote);
    setShares(provider, made);
    return made;
  }

  /**
   * Shares made: ⌊√(base·quote)⌋ while there are none (what was donated before then belongs to whoever is first), else the smaller of
   * base·S/B and quote·S/Q, rounded down, for a deposit in the reserves' ratio, rounded up within the two limits.
   * Rejections: VENUE_AMOUNT (not whole, or too little for one share), WALLET_SHORT.
   * @source  Uniswap/v2-core UniswapV2Pair.sol mint; Uniswap/v2-periphery UniswapV2Router02.sol _addLiquidity
   */
  function addLiquidity(provider: AccountId, baseLimit: Units, quoteLimit: Units): Units | Rejection {
    if (!isAmount(baseLimit) || !isAmount(quoteLimit)) return reject('VENUE_AMOUNT', { base: baseLimit, quote: quoteLimit });
    const total = supply();
    if (total === 0) return deposit(provider, baseLimit, quoteLimit, geometricMeanDown(baseLimit, quoteLimit));
    const inBase = baseReserve();
    const inQuote = quoteReserve();
    // The estimate keeps a lopsided pair of limits from asking for an amount that no number can hold.
    const quoteFor = (baseLimit * inQuote) / inBase <= quoteLimit + 1 ? mulDivUp(baseLimit, inQuote, inBase) : Number.POSITIVE_INFINITY;
    const quote = Math.min(quoteFor, quoteLimit);
    const base = quoteFor <= quoteLimit ? baseLimit : Math.min(baseLimit, mulDivUp(quoteLimit, inBase, inQuote));
    if (inBase + base > UNITS_MAX || inQuote + quote > UNITS_MAX) return reject('VENUE_AMOUNT', { base, quote });
    const made = Math.min(mulDivDown(base, total, inBase), mulDivDown(quote, total, inQuote));
    return made === 0 ? reject('VENUE_AMOUNT', { base, quote, made }) : deposit(provider, base, quote, made);
  }

  function removeLiquidity(provider: AccountId, shares: Units): Rejection | undefined {
    if (!isAmount(shares)) return reject('VENUE_AMOUNT', { shares });
    if (sharesOf(provider) < shares) return reject('SHARES_SHORT', { held: sharesOf(provider), shares });
    const base = mulDivDown(baseReserve(), shares, supply());
    const quote = mulDivDown(quoteReserve(), shares, supply());
    if (base === 0 || quote === 0) return reject('VENUE_AMOUNT', { shares, base, quote });
    setShares(provider, -shares);
    ledger.transfer(account, provider, baseAsset, base);
    ledger.transfer(account, provider, quoteAsset, quote);
    return undefined;
  }

  function claimOf(provider: AccountId): Claim {
    const shares = sharesOf(provider);
    if (shares === 0) return { base: 0, quote: 0 };
    return { base: mulDivDown(baseReserve(), shares, supply()), quote: mulDivDown(quoteReserve(), shares, supply()) };
  }

  function claims(visit: (provider: AccountId, asset: AssetId, units: Units) => void): void {
    if (share !== undefined) {
      // Whoever holds the asset holds what it is worth; the reserves stand behind it, outside, where it was made.
      if (supply() === 0) return;
      visit(OUTSIDE, baseAsset, baseReserve());
      visit(OUTSIDE, quoteAsset, quoteReserve());
      return;
    }
    for (let provider = 0; provider < accounts(); provider++) {
      if (sharesOf(provider) === 0) continue;
      const { base, quote } = claimOf(provider);
      visit(provider, baseAsset, base);
      visit(provider, quoteAsset, quote);
    }
  }

  const own = { shares: supply, sharesOf, addLiquidity, removeLiquidity, claimOf, claims };
  return share === undefined ? own : { ...own, shareAsset: share };
}

/** Whose shares there are, and how they are made and burnt. */
interface ShareBook {
  sharesOf(provider: AccountId): Units;
  supply(): Units;
  setShares(provider: AccountId, change: Units): void;
  /** Nobody with a number as high as this has any. */
  accounts(): number;
}

function ownShares({ journal }: Ledger): ShareBook {
  /** Shares by provider, and their sum in `total.data[0]`. */
  const held = column(0);
  const total = column(1);
  return {
    sharesOf: (provider) => (provider < held.data.length ? held.data[provider] : 0),
    supply: () => total.data[0],
    accounts: () => held.data.length,
    setShares(provider, change) {
      growColumn(held, provider + 1);
      journal.set(held, provider, held.data[provider] + change);
      journal.set(total, 0, total.data[0] + change);
    },
  };
}

function sharesAsAsset(ledger: Ledger, share: AssetId): ShareBook {
  return {
    sharesOf: (provider) => (provider === OUTSIDE ? 0 : ledger.balance(provider, share)),
    supply: () => -ledger.balance(OUTSIDE, share),
    accounts: () => ledger.accounts,
    setShares: (provider, change) =>
      change > 0 ? ledger.transfer(OUTSIDE, provider, share, change) : ledger.transfer(provider, OUTSIDE, share, -change),
  };
}
