import { describe, expect, it } from 'vitest';
import { createFlashLender, flashFeeUp } from '../../../src/chain/flash-lender.ts';
import { createAssets } from '../../../src/ledger/assets.ts';
import { Journal } from '../../../src/ledger/journal.ts';
import { Ledger, OUTSIDE } from '../../../src/ledger/ledger.ts';

const USDC = 0;
const ETH = 1;

function aLender(fee: number) {
  const assets = createAssets([
    { name: 'USDC', decimals: 6 },
    { name: 'ETH', decimals: 9 },
  ]);
  const ledger = new Ledger(assets, new Journal());
  const mallory = ledger.open('mallory', 'attacker');
  const lender = createFlashLender(ledger, {
    fee,
    funds: [
      { asset: USDC, units: 1000 },
      { asset: ETH, units: 50 },
    ],
  });
  return { ledger, mallory, lender };
}

describe('flash lender', () => {
  it('is funded from outside, under its own role', () => {
    const { ledger, lender } = aLender(0);
    expect([ledger.names[lender.account], ledger.roles[lender.account]]).toEqual(['flash-lender', 'flash-lender']);
    expect([ledger.balance(lender.account, USDC), ledger.balance(OUTSIDE, USDC)]).toEqual([1000, -1000]);
  });

  it('rounds its fee up', () => {
    expect(flashFeeUp(1000, 0.0009)).toBe(1);
    expect(flashFeeUp(1, 0.0005)).toBe(1);
    expect(flashFeeUp(10_000, 0.0005)).toBe(5);
    expect(flashFeeUp(1000, 0)).toBe(0);
  });

  it('lends all it has for max, and gets it back with the fee', () => {
    const { ledger, mallory, lender } = aLender(0.0009);
    ledger.transfer(OUTSIDE, mallory, USDC, 1);
    const loans = [
      { asset: USDC, amount: 'max' },
      { asset: ETH, amount: 20 },
    ] as const;
    ledger.transfer(OUTSIDE, mallory, ETH, 1);
    expect(lender.lend(mallory, loans)).toBeUndefined();
    expect([ledger.balance(mallory, USDC), ledger.balance(mallory, ETH)]).toEqual([1001, 21]);
    expect(lender.collect(mallory, loans)).toBeUndefined();
    expect([ledger.balance(mallory, USDC), ledger.balance(mallory, ETH)]).toEqual([0, 0]);
    expect([ledger.balance(lender.account, USDC), ledger.balance(lender.account, ETH)]).toEqual([1001, 51]);
  });

  it('refuses more than it has, and max of nothing', () => {
    const { mallory, lender } = aLender(0);
    expect(lender.lend(mallory, [{ asset: USDC, amount: 1001 }])).toEqual({
      rejected: 'FLASH_SHORT',
      detail: { asset: 'USDC', askedUnits: 1001, heldUnits: 1000 },
    });
    const twice = [
      { asset: USDC, amount: 'max' },
      { asset: USDC, amount: 'max' },
    ] as const;
    expect(lender.lend(mallory, twice)).toMatchObject({ rejected: 'FLASH_SHORT', detail: { heldUnits: 0 } });
  });

  it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a loan of %s units', (amount) => {
    const { ledger, mallory, lender } = aLender(0);
    expect(lender.lend(mallory, [{ asset: USDC, amount }])).toMatchObject({ rejected: 'FLASH_AMOUNT' });
    expect(ledger.balance(mallory, USDC)).toBe(0);
  });

  it('says what is owed when the wallet is short by one unit', () => {
    const { mallory, lender } = aLender(0.0009);
    const loans = [{ asset: USDC, amount: 1000 }];
    lender.lend(mallory, loans);
    expect(lender.collect(mallory, loans)).toEqual({
      rejected: 'FLASH_UNPAID',
      detail: { asset: 'USDC', owedUnits: 1001, heldUnits: 1000 },
    });
  });
});
