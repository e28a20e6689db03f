import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bankruptcyPrice,
  closingBankruptcyPrice,
  effectiveInitialMargin,
  liquidationPrice,
} from '../../src/study/closed-form/perpetual-margin.ts';
import { expectDigits } from './digits.ts';

describe('isolated positions (B29)', () => {
  it.each([
    ['long', 20, 0.0125, 0.962025316455696202531646, 0.95],
    ['short', 20, 0.0125, 1.037037037037037037037037, 1.05],
    ['long', 50, 0.01, 0.98989898989898989898989899, 0.98],
  ] as const)(
    '%s with leverage %d and maintenance %d: liquidated at %d, bankrupt at %d',
    (side, leverage, maintenance, liquidated, bankrupt) => {
      expectDigits(liquidationPrice({ side, entry: 1, leverage }, maintenance), liquidated);
      expectDigits(bankruptcyPrice({ side, entry: 1, leverage }), bankrupt);
      expectDigits(liquidationPrice({ side, entry: 3000, leverage }, maintenance), 3000 * liquidated);
    },
  );

  it('have at their liquidation price exactly the maintenance margin, and at bankruptcy nothing', () => {
    const side = fc.constantFrom('long' as const, 'short' as const);
    fc.assert(
      fc.property(
        side,
        fc.double({ min: 0.01, max: 1e5, noNaN: true }),
        fc.double({ min: 1, max: 200, noNaN: true }),
        fc.double({ min: 0, max: 0.2, noNaN: true }),
        (which, entry, leverage, maintenance) => {
          const position = { side: which, entry, leverage };
          const equity = (price: number): number => entry / leverage + (which === 'long' ? price - entry : entry - price);
          const liquidated = liquidationPrice(position, maintenance);
          expect(Math.abs(equity(liquidated) - maintenance * liquidated)).toBeLessThan(1e-9 * entry);
          expect(Math.abs(equity(bankruptcyPrice(position)))).toBeLessThan(1e-9 * entry);
        },
      ),
    );
  });

  it('refuses what is no position', () => {
    expect(() => bankruptcyPrice({ side: 'long', entry: 1, leverage: 0.5 })).toThrow('PERPETUAL_DOMAIN');
    expect(() => bankruptcyPrice({ side: 'long', entry: 0, leverage: 2 })).toThrow('PERPETUAL_DOMAIN');
    expect(() => liquidationPrice({ side: 'long', entry: 1, leverage: 2 }, 1)).toThrow('PERPETUAL_DOMAIN');
  });
});

describe('initial margin by open interest (B29)', () => {
  const tier = { base: 0.1, lowerCap: 20e6, upperCap: 50e6 };

  it('is 55 % in the middle between the caps', () => expectDigits(effectiveInitialMargin(tier, 35e6), 0.55));

  // dydxprotocol/v4-chain x/perpetuals/types/liquidity_tier_test.go
  it.each([
    [0, 0.2],
    [1_500_000, 0.6],
    [1_234_567, 0.3876536],
    [1_000_000, 0.2],
    [2_000_000, 1],
    [2_500_000, 1],
  ])('at %d of open interest is %d where the base is 20 %% and the caps are 1M and 2M', (openInterest, margin) =>
    expectDigits(effectiveInitialMargin({ base: 0.2, lowerCap: 1e6, upperCap: 2e6 }, openInterest), margin),
  );

  it('stays at the base without an upper cap, and jumps where both caps are one', () => {
    expect(effectiveInitialMargin({ base: 0.2, lowerCap: 0, upperCap: 0 }, 1.5e6)).toBe(0.2);
    expect(effectiveInitialMargin({ base: 0.2, lowerCap: 1e6, upperCap: 1e6 }, 999_999)).toBe(0.2);
    expect(effectiveInitialMargin({ base: 0.2, lowerCap: 1e6, upperCap: 1e6 }, 1e6)).toBe(1);
  });

  it('refuses what is no tier', () => {
    expect(() => effectiveInitialMargin({ ...tier, base: 0 }, 1)).toThrow('PERPETUAL_DOMAIN');
    expect(() => effectiveInitialMargin({ ...tier, upperCap: 10e6 }, 1)).toThrow('PERPETUAL_DOMAIN');
    expect(() => effectiveInitialMargin(tier, -1)).toThrow('PERPETUAL_DOMAIN');
  });
});

describe('bankruptcy price of a part of an account (B29)', () => {
  // dydxprotocol/v4-chain x/clob/keeper/liquidations_test.go; maintenance 10 % of the notional.
  it.each([
    ['a long with $499 left', -5000, -500, 499, 500, 4501],
    ['a short with $499 left', 5000, -500, 499, 500, -5499],
    ['half a bankrupt long', -2500, -250, 0, 500, 2500],
    ['a long $100 under water', -5000, -500, -100, 500, 5100],
    ['a short $100 under water', 5000, -500, -100, 500, -4900],
    ['one of two longs', -300, -30, 10, 50, 294],
    ['one of two shorts', 300, -30, 10, 50, -306],
    ['a short beside a long', 300, -30, 10, 50, -306],
    ['a long that owes nothing', -50_000, -5000, 50_001, 5000, -1],
  ])('is what dYdX finds for %s', (_what, notionalChange, maintenanceChange, netCollateral, maintenance, printed) =>
    expectDigits(closingBankruptcyPrice({ notionalChange, maintenanceChange, netCollateral, maintenance }), printed),
  );

  it('of the parts of an account adds up to nothing left', () => {
    const usd = fc.double({ min: 1, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(usd, usd, fc.double({ min: -1e5, max: 1e5, noNaN: true }), (long, short, netCollateral) => {
        const maintenance = 0.1 * (long + short);
        const part = (notionalChange: number) =>
          closingBankruptcyPrice({ notionalChange, maintenanceChange: -0.1 * Math.abs(notionalChange), netCollateral, maintenance });
        const cash = netCollateral - long + short;
        expect(Math.abs(cash + part(-long) + part(short))).toBeLessThan(1e-9 * (long + short + Math.abs(netCollateral)));
      }),
    );
  });

  it('refuses a closing that raises the requirement', () => {
    const close = { notionalChange: -1, maintenanceChange: 0.1, netCollateral: 1, maintenance: 1 };
    expect(() => closingBankruptcyPrice(close)).toThrow('PERPETUAL_DOMAIN');
    expect(() => closingBankruptcyPrice({ ...close, maintenanceChange: -2 })).toThrow('PERPETUAL_DOMAIN');
    expect(() => closingBankruptcyPrice({ ...close, maintenanceChange: 0, maintenance: 0 })).toThrow('PERPETUAL_DOMAIN');
  });
});
