import { describe, expect, it } from 'vitest';
import { constantProduct } from '../../../src/market/constant-product.ts';
import { problemsOfMarket } from '../../../src/protocol/market-params.ts';
import { aLendingWorld, granted, type LendingOptions, PLAIN_MARKET, refusal } from '../../../src/study/validate/lending-world.ts';

const ETH = 0;
const USD = 1;

function aMarket(more: Partial<LendingOptions> = {}, usd: Partial<LendingOptions['markets'][string]> = {}) {
  const world = aLendingWorld({
    ...more,
    markets: { ETH: { usd: 100, ltv: 0.75, liquidationThreshold: 0.8 }, USD: { usd: 1, ...usd } },
  });
  const albert = world.person('lender', { USD: 1000 });
  const betty = world.person('borrower', { ETH: 10, USD: 100 });
  return { ...world, albert, betty };
}

describe('lending', () => {
  it('lends what lenders supply against collateral, up to the loan-to-value', () => {
    const { protocol, albert, betty, ledger } = aMarket();
    granted(protocol.supply(albert, USD, 'max', 0));
    granted(protocol.deposit(betty, ETH, 'max', 0));
    const position = protocol.positionOf(betty);
    expect(protocol.borrowable(position, USD, 0)).toBe(750e6);
    expect(refusal(protocol.borrow(betty, USD, 750e6 + 1, 0))).toBe('HEALTH_INITIAL');
    expect(protocol.borrow(betty, USD, 'max', 0)).toBe(750e6);
    expect(ledger.balance(betty, USD)).toBe(850e6);
    expect(protocol.withdrawable(position, ETH, 0)).toBe(0);
    expect(refusal(protocol.withdraw(betty, ETH, 1, 0))).toBe('HEALTH_INITIAL');
    expect(protocol.health(position, 0)).toMatchObject({ collateralUsd: 1000, debtUsd: 750, equity: 250, liquidatable: false });
    expect(protocol.repay(betty, USD, 375e6, 0)).toBe(375e6);
    expect(protocol.withdrawable(position, ETH, 0)).toBe(5e6);
    expect(protocol.repay(betty, USD, 999e6, 0)).toBe(375e6);
    expect(protocol.withdraw(betty, ETH, 'max', 0)).toBe(10e6);
  });

  it('keeps collateral apart: it is not lent out', () => {
    const { protocol, albert, betty } = aMarket();
    granted(protocol.deposit(betty, ETH, 'max', 0));
    expect(protocol.available(ETH)).toBe(0);
    expect(refusal(protocol.borrow(betty, ETH, 1, 0))).toBe('LIQUIDITY_SHORT');
    granted(protocol.supply(albert, USD, 100e6, 0));
    expect(protocol.available(USD)).toBe(100e6);
  });

  it('lets lenders go only with the cash there is', () => {
    const { protocol, albert, betty } = aMarket();
    granted(protocol.supply(albert, USD, 600e6, 0));
    granted(protocol.deposit(betty, ETH, 'max', 0));
    granted(protocol.borrow(betty, USD, 400e6, 0));
    expect(refusal(protocol.redeem(albert, USD, 201e6, 0))).toBe('LIQUIDITY_SHORT');
    expect(refusal(protocol.redeem(albert, USD, 601e6, 0))).toBe('SUPPLY_SHORT');
    expect(protocol.redeem(albert, USD, 'max', 0)).toBe(200e6);
  });

  it('respects caps, and takes as much as fits under them where asked for the most', () => {
    const { protocol, albert, betty } = aMarket({}, { supplyCap: 500, borrowCap: 100, collateralCap: 50 });
    expect(refusal(protocol.supply(albert, USD, 501e6, 0))).toBe('CAP_SUPPLY');
    expect(protocol.supply(albert, USD, 'max', 0)).toBe(500e6);
    expect(refusal(protocol.supply(albert, USD, 'max', 0))).toBe('CAP_SUPPLY');
    granted(protocol.deposit(betty, ETH, 'max', 0));
    expect(refusal(protocol.deposit(betty, USD, 51e6, 0))).toBe('CAP_COLLATERAL');
    expect(refusal(protocol.borrow(betty, USD, 101e6, 0))).toBe('CAP_BORROW');
    expect(protocol.borrow(betty, USD, 'max', 0)).toBe(100e6);
  });

  it('refuses what makes no sense, and says why', () => {
    const { protocol, albert, betty } = aMarket({}, { borrowable: false });
    for (const amount of [0, -1, 0.5, Number.NaN, 2 ** 53]) expect(refusal(protocol.supply(albert, USD, amount, 0))).toBe('AMOUNT');
    expect(refusal(protocol.supply(albert, 7, 1, 0))).toBe('MARKET_NONE');
    expect(refusal(protocol.supply(betty, USD, 101e6, 0))).toBe('WALLET_SHORT');
    expect(refusal(protocol.withdraw(101, ETH, 1, 0))).toBe('POSITION_NONE');
    expect(refusal(protocol.repay(betty, USD, 1, 0))).toBe('DEBT_NONE');
    granted(protocol.deposit(betty, ETH, 'max', 0));
    expect(refusal(protocol.borrow(betty, USD, 1, 0))).toBe('NOT_BORROWABLE');
    expect(refusal(protocol.withdraw(betty, ETH, 11e6, 0))).toBe('COLLATERAL_SHORT');
  });

  it('lends and releases nothing to a debtor while an oracle is silent, but takes repayments', () => {
    const { protocol, albert, betty, oracle } = aMarket();
    granted(protocol.supply(albert, USD, 'max', 0));
    granted(protocol.deposit(betty, ETH, 'max', 0));
    granted(protocol.borrow(betty, USD, 100e6, 0));
    oracle[ETH] = Number.NaN;
    expect(refusal(protocol.borrow(betty, USD, 1, 0))).toBe('ORACLE_INVALID');
    expect(refusal(protocol.withdraw(betty, ETH, 1, 0))).toBe('ORACLE_INVALID');
    expect(protocol.repay(betty, USD, 'max', 0)).toBe(100e6);
    expect(protocol.withdraw(betty, ETH, 'max', 0)).toBe(10e6);
  });

  it('reports each verb with its numbers', () => {
    const { protocol, albert, betty, facts, fair } = aMarket();
    granted(protocol.supply(albert, USD, 500e6, 0));
    granted(protocol.deposit(betty, ETH, 2e6, 0));
    fair[ETH] = 90;
    granted(protocol.borrow(betty, USD, 100e6, 0));
    expect(facts).toEqual([
      { kind: 'supply', actor: albert, subject: USD, numbers: [500e6, 0, 0, 0] },
      { kind: 'deposit', actor: betty, subject: ETH, numbers: [2e6, 200, 200, Number.POSITIVE_INFINITY] },
      { kind: 'borrow', actor: betty, subject: USD, numbers: [100e6, 200, 180, 1.6] },
    ]);
  });
});

describe('a margin trade', () => {
  const SELL = { margin: 100e6, borrowed: 300e6 };

  /** A pool of 100 ETH at 100 USD, and a check or none. */
  function aTrader(marginTradeCheck: boolean, quoteReserve = 10_000) {
    const world = aMarket({ marginTradeCheck });
    granted(world.protocol.supply(world.albert, USD, 'max', 0));
    const pool = constantProduct.create(
      { share: undefined, base: ETH, quote: USD, fee: 0.003, baseReserve: quoteReserve / 100, quoteReserve },
      { name: 'pool', ledger: world.ledger, startPrice: () => 1 },
    );
    const trade = ({ margin, borrowed } = SELL) => world.protocol.marginTrade(world.betty, pool, USD, margin, borrowed, 0);
    return { ...world, pool, trade };
  }

  it('borrows, sells it with the margin, and keeps what is bought as collateral', () => {
    const { protocol, pool, trade, betty, ledger } = aTrader(true, 1_000_000);
    const quote = granted(pool.quote({ sell: USD, amount: 350e6 }));
    expect(trade({ margin: 100e6, borrowed: 250e6 })).toEqual(quote);
    const position = protocol.positionOf(betty);
    expect(protocol.collateralOf(position, ETH)).toBe(quote.bought);
    expect(protocol.debtOf(position, USD)).toBe(250e6);
    expect(ledger.balance(betty, USD)).toBe(0);
  });

  it('is refused where slippage would leave it below the initial requirement, and nothing has moved', () => {
    const { protocol, trade, betty, ledger, pool } = aTrader(true, 1000);
    expect(refusal(trade())).toBe('HEALTH_INITIAL');
    expect(ledger.balance(betty, USD)).toBe(100e6);
    expect(ledger.balance(pool.account, USD)).toBe(1000e6);
    expect(protocol.debtOf(protocol.positionOf(betty), USD)).toBe(0);
  });

  it('goes through without the check, and the position is underwater at once', () => {
    const { protocol, trade, betty } = aTrader(false, 1000);
    granted(trade());
    const { collateralUsd, debtUsd } = protocol.healthAtFair(protocol.positionOf(betty));
    expect(collateralUsd).toBeLessThan(debtUsd);
    expect(protocol.solvency().shortfallUsd).toBeCloseTo(debtUsd - collateralUsd, 9);
  });

  it('cannot vouch for itself by moving the oracle that judges it', () => {
    const world = aTrader(true, 1000);
    const before = world.pool.price();
    // A spot oracle would value the bought ETH at the price that the trade made.
    Object.defineProperty(world.oracle, ETH, { get: () => world.pool.price() });
    expect(before).toBe(100);
    expect(refusal(world.trade())).toBe('HEALTH_INITIAL');
  });
});

describe('the parameters of a market', () => {
  it('refuse an LTV above the threshold and warn of the toxic frontier', () => {
    expect(problemsOfMarket({ ...PLAIN_MARKET, ltv: 0.8, liquidationThreshold: 0.825 })).toEqual([]);
    expect(problemsOfMarket({ ...PLAIN_MARKET, ltv: 0.9, liquidationThreshold: 0.8 })).toMatchObject([{ kind: 'error', param: 'ltv' }]);
    expect(problemsOfMarket({ ...PLAIN_MARKET, liquidationThreshold: 0.95, bonus: 0.05 })).toEqual([]);
    const warned = problemsOfMarket({ ...PLAIN_MARKET, liquidationThreshold: 0.96, bonus: 0.05 });
    expect(warned).toMatchObject([{ kind: 'warning', param: 'liquidationThreshold' }]);
    expect(warned[0].expected).toContain('0.9524');
  });
});
