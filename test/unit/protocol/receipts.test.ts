/** Receipts: who supplies gets units of an asset, whoever holds them redeems, and they are worth what their protocol would pay. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRejection } from '../../../src/base/rejection.ts';
import { OUTSIDE } from '../../../src/ledger/ledger.ts';
import { protocolInvariants } from '../../../src/protocol/invariants.ts';
import type { Protocol } from '../../../src/protocol/protocol.ts';
import { aLendingWorld, granted, refusal } from '../../../src/study/validate/lending-world.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const ETH = 0;
const USD = 1;
const RECEIPT = 2;

/** Albert lends 1,000 USD and holds the receipts; Betty owes 600 of them against 1 ETH at 1,000. */
function aWorld() {
  const world = aLendingWorld({
    markets: {
      ETH: { usd: 1000, ltv: 0.8, liquidationThreshold: 0.85, bonus: 0.05 },
      USD: { usd: 1, receipt: RECEIPT, rateBase: 0.1 },
      aUSD: { usd: 1, borrowable: false },
    },
  });
  const { protocol, units } = world;
  const albert = world.person('lender/0', { USD: 1000 });
  const betty = world.person('borrower/0', { ETH: 1 });
  granted(protocol.supply(albert, USD, 'max', 0));
  granted(protocol.deposit(betty, ETH, 'max', 0));
  granted(protocol.borrow(betty, USD, units('USD', 600), 0));
  const held = (account: number) => world.ledger.balance(account, RECEIPT);
  return { ...world, albert, betty, held, worth: () => worthOf(protocol)[RECEIPT] };
}

/** What a token of each receipt is worth, by asset. */
function worthOf(protocol: Protocol): readonly number[] {
  const usd: number[] = [];
  protocol.receiptsUsd((receipt, worth) => {
    usd[receipt] = worth;
  });
  return usd;
}
const YEAR = 365 * 86_400_000;

describe('a receipt', () => {
  it('is made when its market is supplied, one unit a share, and gone when it is redeemed', () => {
    const { protocol, albert, held, ledger } = aWorld();
    expect(held(albert)).toBe(1000e6);
    expect(held(OUTSIDE)).toBe(-1000e6);
    expect(granted(protocol.redeem(albert, USD, 100e6, 0))).toBe(100e6);
    expect(held(albert)).toBe(900e6);
    expect(ledger.balance(albert, USD)).toBe(100e6);
    expect(protocol.suppliedOf(protocol.positionOf(albert), USD)).toBe(900e6);
  });

  it('is redeemed by whoever holds it, and by nobody else', () => {
    const world = aWorld();
    const { protocol, albert, ledger, held } = world;
    const carol = world.person('holder/0', {});
    granted(protocol.supply(world.person('other/0', { USD: 1 }), USD, 'max', 0));
    protocol.inspection.accounts.open(carol);
    expect(refusal(protocol.redeem(carol, USD, 'max', 0))).toBe('AMOUNT');
    ledger.transfer(albert, carol, RECEIPT, 250e6);
    expect(granted(protocol.redeem(carol, USD, 'max', 0))).toBe(250e6);
    expect(held(carol)).toBe(0);
    expect(refusal(protocol.redeem(albert, USD, 751e6, 0))).toBe('SUPPLY_SHORT');
  });

  it('grows with interest and falls with a loss that its lenders bear', () => {
    const world = aWorld();
    const { protocol, worth } = world;
    expect(worth()).toBe(1);
    protocol.refresh(YEAR);
    // 600 at a continuous 10 % a year, for 1,000 shares.
    expect(worth()).toBeCloseTo(1 + (0.6 * (Math.exp(0.1) - 1)) / 1, 6);
    world.setPrice('ETH', 300);
    // Of 663.10 owed, 300 are covered.
    expect(worth()).toBeCloseTo((1000 - 600 + 300) / 1000, 6);
  });

  it('is valued with the others of its protocol, each by what its own lenders lose', () => {
    const world = aLendingWorld({
      markets: {
        ETH: { usd: 1000, ltv: 0.8, liquidationThreshold: 0.85, bonus: 0.05 },
        USD: { usd: 1, receipt: 4 },
        DAI: { usd: 1, receipt: 5 },
        BTC: { usd: 30_000, receipt: 6 },
        aUSD: { usd: 1, borrowable: false },
        aDAI: { usd: 1, borrowable: false },
        aBTC: { usd: 1, borrowable: false },
      },
    });
    const { protocol, units, setPrice } = world;
    const albert = world.person('lender/0', { USD: 1000, DAI: 2000 });
    const betty = world.person('borrower/0', { ETH: 1 });
    for (const asset of [1, 2]) granted(protocol.supply(albert, asset, 'max', 0));
    granted(protocol.deposit(betty, 0, 'max', 0));
    granted(protocol.borrow(betty, 1, units('USD', 600), 0));
    granted(protocol.borrow(betty, 2, units('DAI', 200), 0));
    // 600 and 200 owed, 400 there: half of each is lost. Nobody has lent BTC: a first share will be worth as much.
    setPrice('ETH', 400);
    const [usd, dai, btc] = worthOf(protocol).slice(4);
    expect([usd, dai, btc]).toEqual([expect.closeTo(0.7, 6), expect.closeTo(0.95, 6), 30_000]);
  });

  it('leaves its issuer with nothing, to the rounding of shares: what it owes is what it is owed', () => {
    const world = aWorld();
    const { protocol, ledger } = world;
    world.setPrice('ETH', 300);
    const prices = [300, 1, world.worth()];
    const issuer = ledger.names.indexOf('lend/receipts');
    let usd = 0;
    let outside = ledger.balance(OUTSIDE, RECEIPT);
    protocol.claims((holder, from, asset, units) => {
      if (holder === issuer) usd += (units / 1e6) * prices[asset];
      if (from === issuer) usd -= (units / 1e6) * prices[asset];
      if (holder === OUTSIDE && asset === RECEIPT) outside += units;
    });
    expect(usd).toBeCloseTo(0, 6);
    expect(outside).toBe(0);
  });

  it('keeps in step with the shares of its market under any traffic: all that are held are all that there are', () => {
    const step = fc.record({ do: fc.constantFrom('supply', 'redeem', 'pass', 'wait'), units: fc.integer({ min: 1, max: 400e6 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const world = aWorld();
        const { protocol, albert, betty, held, ledger } = world;
        const carol = world.person('holder/0', { USD: 500 });
        let at = 0;
        for (const { do: kind, units } of steps) {
          if (kind === 'supply') protocol.supply(carol, USD, units, at);
          else if (kind === 'redeem') {
            const before = ledger.balance(albert, USD);
            const done = protocol.redeem(albert, USD, units, at);
            if (!isRejection(done)) expect(ledger.balance(albert, USD) - before).toBe(done);
          } else if (kind === 'pass') ledger.transfer(carol, albert, RECEIPT, Math.min(units, held(carol)));
          else {
            at += 3_600_000 * 24;
            protocol.refresh(at);
          }
          expect(held(albert) + held(carol) + held(betty)).toBe(protocol.inspection.accounts.supplyShares.data[USD]);
          for (const { id, check } of protocolInvariants) expect(check(protocol), id).toBeUndefined();
        }
      }),
      { numRuns: propertyRuns(50, 1000) },
    );
  });
});
