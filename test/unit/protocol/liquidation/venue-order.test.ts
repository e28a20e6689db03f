import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../../src/ledger/ledger.ts';
import { constantProduct } from '../../../../src/market/constant-product.ts';
import { protocolInvariants } from '../../../../src/protocol/invariants.ts';
import { venueOrder } from '../../../../src/protocol/liquidation/venue-order.ts';
import { termsOf } from '../../../../src/study/validate/default-terms.ts';
import { aLoan, granted, refusal } from '../../../../src/study/validate/lending-world.ts';

type Terms = Parameters<typeof venueOrder.create>[0];

interface Stage {
  /** Tokens of each asset in the pool. */
  readonly pool?: number;
  readonly fund?: number;
  readonly terms?: Partial<Terms>;
}

/** A loan of `debt` against 100 worth 100, and a pool without a fee at that price. */
function aPosition(debt: number, { pool = 1e6, fund = 0, terms = {} }: Stage = {}) {
  const venues = (ledger: Ledger) => [
    constantProduct.create(
      { share: undefined, base: 0, quote: 1, fee: 0, baseReserve: pool, quoteReserve: pool },
      { name: 'pool', ledger, startPrice: () => 1 },
    ),
  ];
  const loan = aLoan(
    { collateral: 100, debt, threshold: 0.8, bonus: 0 },
    { liquidation: (needs) => venueOrder.create(termsOf(venueOrder, terms), needs), venues, fund: { USD: fund } },
  );
  const { protocol, kate, position, asset, ledger } = loan;
  const start = (at = 0) => protocol.startLiquidation(kate, position, at);
  const collateral = () => protocol.collateralOf(position, asset('ETH')) / 1e9;
  const owed = () => protocol.debtOf(position, asset('USD')) / 1e9;
  const held = (account: number, name: string) => ledger.balance(account, asset(name)) / 1e9;
  const lawful = () => {
    for (const { id, check } of protocolInvariants) expect(check(protocol), id).toBeUndefined();
  };
  return { ...loan, start, collateral, owed, held, lawful };
}

describe('liquidation by orders to a venue', () => {
  it('sells what repays the debt of a small position, and no more', () => {
    const { start, collateral, owed, lawful, facts, protocol } = aPosition(81);
    granted(start());
    expect(owed()).toBe(0);
    // 81 from a pool of a million by a million: 81/(1 − 81e-6).
    expect(collateral()).toBeCloseTo(100 - 81 / (1 - 81e-6), 7);
    lawful();
    expect(facts.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['liquidation-start', 'liquidation', 'trade']));
    expect(protocol.liquidatable(0)).toEqual([]);
  });

  it('sells a large position slice by slice, with pauses', () => {
    const { start, owed, lawful } = aPosition(96, { terms: { sliceAboveUsd: 10, slice: 0.25, cooldown: 30_000, takeoverBelow: 0 } });
    granted(start());
    expect(owed()).toBeCloseTo(72, 6);
    expect(refusal(start(29_999))).toBe('COOLDOWN');
    granted(start(30_000));
    expect(owed()).toBeCloseTo(54, 6);
    lawful();
  });

  it('quotes without selling, and without beginning a pause', () => {
    const { protocol, kate, position, start, owed } = aPosition(84, { terms: { sliceAboveUsd: 10, takeoverBelow: 0, keeperShare: 0.01 } });
    expect(granted(protocol.quoteStart(position, kate, 0)).rewardUsd).toBeCloseTo(84 * 0.2 * 0.01, 2);
    expect(owed()).toBe(84);
    granted(start());
  });

  it('sells no more than brings the bankruptcy price, and nothing where not even a little does', () => {
    // Debt 90 of 100: a sale must bring 0.9 a unit; of a pool of 100 by 100, x brings x/(1 + x/100).
    const { start, collateral, owed, lawful } = aPosition(90, { pool: 100, terms: { takeoverBelow: 0 } });
    granted(start());
    expect(100 - collateral()).toBeCloseTo(100 / 0.9 - 100, 6);
    expect(90 - owed()).toBeCloseTo(0.9 * (100 / 0.9 - 100), 6);
    lawful();
    const under = aPosition(101, { terms: { takeoverBelow: 0 } });
    expect(refusal(under.start())).toBe('SALE_SHORT');
  });

  it('lets the fund take over who has lost too much, with the equity that is left', () => {
    const { start, collateral, owed, held, protocol, lawful } = aPosition(90, { fund: 500 });
    granted(start());
    expect([owed(), collateral()]).toEqual([0, 0]);
    expect([held(protocol.fund, 'USD'), held(protocol.fund, 'ETH')]).toEqual([410, 100]);
    lawful();
  });

  it('takes over as much as the fund can pay, and sells the rest without a limit', () => {
    const { start, collateral, owed, held, protocol, lawful, facts } = aPosition(101, { fund: 50.5 });
    granted(start());
    expect([owed(), collateral()]).toEqual([50.5, expect.closeTo(50, 8)]);
    expect(held(protocol.fund, 'USD')).toBe(0);
    granted(start());
    expect([owed(), collateral()]).toEqual([0, 0]);
    const short = facts.find(({ kind }) => kind === 'shortfall')?.numbers[0];
    expect(short).toBeCloseTo(0.5 + 50 * 50e-6, 4);
    lawful();
  });

  it('pays the keeper his share of what is brought', () => {
    const { start, held, kate, owed, lawful, protocol, collateral } = aPosition(81, { terms: { keeperShare: 0.02 } });
    const before = held(kate, 'USD');
    const { rewardUsd } = granted(start());
    expect(rewardUsd).toBeCloseTo((81 / 0.98) * 0.02, 6);
    expect(held(kate, 'USD') - before).toBeCloseTo(rewardUsd, 8);
    expect(owed()).toBe(0);
    expect(collateral()).toBeCloseTo(100 - 81 / 0.98 / (1 - 81e-6 / 0.98), 6);
    expect(protocol.startable(0)).toEqual([]);
    lawful();
  });

  it('undoes a sale with its bundle, pause included', () => {
    const { start, owed, collateral, journal } = aPosition(84, { terms: { sliceAboveUsd: 10, takeoverBelow: 0 } });
    journal.begin();
    granted(start());
    journal.undo();
    expect([owed(), collateral()]).toEqual([84, 100]);
    granted(start());
  });

  it('has nothing to do with who is healthy, or where no venue trades the pair', () => {
    expect(refusal(aPosition(79).start())).toBe('NOT_LIQUIDATABLE');
    const { protocol, kate, position, asset } = aPosition(81);
    expect(refusal(protocol.liquidate(kate, position, asset('USD'), asset('ETH'), 'max', 0))).toBe('LOT_NONE');
    const alone = aLoan(
      { collateral: 100, debt: 81, threshold: 0.8, bonus: 0 },
      { liquidation: (needs) => venueOrder.create(termsOf(venueOrder), needs) },
    );
    expect(refusal(alone.protocol.startLiquidation(alone.kate, alone.position, 0))).toBe('VENUE_NONE');
  });
});
