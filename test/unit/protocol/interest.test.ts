import { describe, expect, it } from 'vitest';
import { YEAR_MS } from '../../../src/base/params.ts';
import { borrowRate } from '../../../src/protocol/settlement/interest.ts';
import { aLendingWorld, granted, PLAIN_MARKET } from '../../../src/study/validate/lending-world.ts';

/** Albert lends 1000, Betty owes 500 of it. */
function aMarket(rates: { rateBase?: number; reserveFactor?: number; decimals?: number }) {
  const world = aLendingWorld({
    markets: { ETH: { usd: 1, ltv: 0.8, liquidationThreshold: 0.9 }, USD: { usd: 1, ...rates } },
  });
  const { protocol, asset, units } = world;
  const albert = world.person('lender', { USD: 1000 });
  const betty = world.person('borrower', { ETH: 2000, USD: 1000 });
  granted(protocol.supply(albert, asset('USD'), 'max', 0));
  granted(protocol.deposit(betty, asset('ETH'), 'max', 0));
  granted(protocol.borrow(betty, asset('USD'), units('USD', 500), 0));
  return { ...world, albert, betty, lender: protocol.positionOf(albert), borrower: protocol.positionOf(betty) };
}

describe('the rate of interest', () => {
  const params = { ...PLAIN_MARKET, rateBase: 0.01, rateSlope1: 0.04, rateKink: 0.8, rateSlope2: 0.6 };

  it('rises from the base to the kink and steeply beyond', () => {
    expect(borrowRate(params, 0)).toBe(0.01);
    expect(borrowRate(params, 0.4)).toBeCloseTo(0.03, 12);
    expect(borrowRate(params, 0.8)).toBeCloseTo(0.05, 12);
    expect(borrowRate(params, 0.9)).toBeCloseTo(0.35, 12);
    expect(borrowRate(params, 1)).toBeCloseTo(0.65, 12);
  });

  it('knows a kink at no and at full utilisation', () => {
    expect(borrowRate({ ...params, rateKink: 0 }, 0)).toBe(0.01);
    expect(borrowRate({ ...params, rateKink: 0 }, 1)).toBeCloseTo(0.65, 12);
    expect(borrowRate({ ...params, rateKink: 1 }, 1)).toBeCloseTo(0.05, 12);
  });
});

describe('interest', () => {
  it('grows a debt by e^rate in a year, and what lenders may claim by as much less the reserve', () => {
    const world = aMarket({ rateBase: 0.1, reserveFactor: 0.2 });
    world.protocol.refresh(YEAR_MS);
    const interest = 500 * (Math.exp(0.1) - 1);
    expect(world.protocol.debtOf(world.borrower, world.asset('USD')) * 1e-6).toBeCloseTo(500 + interest, 5);
    expect(world.protocol.suppliedOf(world.lender, world.asset('USD')) * 1e-6).toBeCloseTo(1000 + 0.8 * interest, 5);
    expect(world.protocol.inspection.accounts.reserve.data[1] * 1e-6).toBeCloseTo(0.2 * interest, 5);
  });

  it('does not depend on how often a market is looked at, even where a look is worth less than a unit', () => {
    const debtAfter = (looks: number) => {
      const world = aMarket({ rateBase: 0.1, reserveFactor: 0.2, decimals: 2 });
      for (let look = 1; look <= looks; look++) world.protocol.refresh(Math.round((look * YEAR_MS) / looks));
      const { reserve } = world.protocol.inspection.accounts;
      return { debt: world.protocol.debtOf(world.borrower, world.asset('USD')), reserve: reserve.data[1] };
    };
    const once = debtAfter(1);
    const often = debtAfter(20_000);
    // Interest is charged on whole units only, so the fraction carried earns none: less than a unit's interest a year.
    expect(Math.abs(often.debt - once.debt)).toBeLessThanOrEqual(1);
    expect(Math.abs(often.reserve - once.reserve)).toBeLessThanOrEqual(1);
  });

  it('is undone with a bundle', () => {
    const world = aMarket({ rateBase: 0.1 });
    world.journal.begin();
    world.protocol.refresh(YEAR_MS);
    world.journal.undo();
    expect(world.protocol.debtOf(world.borrower, world.asset('USD'))).toBe(500e6);
    world.protocol.refresh(YEAR_MS);
    expect(world.protocol.debtOf(world.borrower, world.asset('USD')) * 1e-6).toBeCloseTo(500 * Math.exp(0.1), 5);
  });

  it('goes to the protocol alone where no lender is left', () => {
    const world = aMarket({ rateBase: 0.1 });
    world.protocol.refresh(YEAR_MS);
    granted(world.protocol.repay(world.betty, world.asset('USD'), 'max', YEAR_MS));
    granted(world.protocol.redeem(world.albert, world.asset('USD'), 'max', YEAR_MS));
    expect(world.ledger.balance(world.albert, world.asset('USD')) * 1e-6).toBeCloseTo(1000 + 500 * (Math.exp(0.1) - 1), 5);
    expect(world.protocol.available(world.asset('USD'))).toBe(0);
  });
});
