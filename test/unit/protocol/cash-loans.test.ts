import { describe, expect, it } from 'vitest';
import { constantProduct } from '../../../src/market/constant-product.ts';
import { softBands } from '../../../src/protocol/liquidation/soft-bands-mechanism.ts';
import { stabilityPool } from '../../../src/protocol/liquidation/stability-pool.ts';
import { createLoanView } from '../../../src/protocol/loan-view.ts';
import { aContractWorld, PERP } from '../../../src/study/validate/contract-world.ts';
import { granted, refusal } from '../../../src/study/validate/lending-world.ts';

const M = 1e6;

/** ETH is lent; Albert has 10,000 USD of cash. */
function aLender() {
  const world = aContractWorld({ markets: { ETH: { usd: 2000, borrowable: true }, USD: { usd: 1, borrowable: true } } });
  const { protocol } = world;
  const lender = world.person('lender', { ETH: 100, USD: 100_000 });
  for (const asset of [0, 1]) granted(protocol.supply(lender, asset, 'max', 0));
  const albert = world.trader('albert', { USD: 10_000 });
  const kate = world.person('kate', { ETH: 100 });
  return { ...world, albert, kate, position: protocol.positionOf(albert) };
}

describe('a loan that cash secures', () => {
  it('is liquidated like any other: the taker receives cash', () => {
    const { protocol, albert, kate, position, setPrice, ledger } = aLender();
    granted(protocol.borrow(albert, 0, 4 * M, 0));
    setPrice('ETH', 2600);
    protocol.endBlock(0);
    expect(protocol.health(position, 0).liquidatable).toBe(true);
    expect(protocol.liquidatable(0)).toEqual([position]);
    expect(protocol.startable(0)).toEqual([]);
    const quoted = granted(protocol.quoteLiquidation(position, 0, 1, 0));
    const taken = granted(protocol.liquidate(kate, position, 0, 1, 2 * M, 0));
    expect(quoted.repay).toBeGreaterThanOrEqual(taken.repaid);
    expect(taken.repaid).toBe(2 * M);
    expect(taken.seized / M).toBeCloseTo(2 * 2600 * 1.05, 4);
    expect(ledger.balance(kate, 1)).toBe(taken.seized);
    expect(protocol.quoteOf(position)).toBe(10_000 * M - taken.seized);
    expect(protocol.debtOf(position, 0)).toBe(2 * M);
  });

  it('is not liquidated for more cash than there is of all together', () => {
    const { protocol, albert, position } = aLender();
    const { accounts } = protocol.inspection;
    expect(createLoanView(accounts, () => 7).collateral(position, 1)).toBe(7);
    expect(createLoanView(accounts, () => accounts.quoteTotal.data[0]).collateral(position, 1)).toBe(10_000 * M);
    granted(protocol.borrow(albert, 0, M, 0));
    const view = createLoanView(accounts, () => accounts.quoteTotal.data[0]);
    expect([view.debt(position, 0), view.debtShares(position, 0), view.contracts.length, view.settle]).toEqual([M, M, 0, -1]);
  });

  it('waits while the account holds sizes: they are closed first', () => {
    const { protocol, albert, kate, position, setPrice, trade } = aLender();
    granted(protocol.borrow(albert, 0, 3 * M, 0));
    trade(albert, PERP, -1);
    setPrice('ETH', 3000);
    protocol.endBlock(0);
    expect(protocol.liquidatable(0)).toEqual([]);
    expect(protocol.startable(0)).toEqual([position]);
    expect(refusal(protocol.liquidate(kate, position, 0, 1, 'max', 0))).toBe('SIZE_OPEN');
    granted(protocol.startLiquidation(kate, position, 0));
    protocol.endBlock(0);
    expect([protocol.sizeOf(position, PERP), protocol.debtOf(position, 0)]).toEqual([0, 3 * M]);
    if (protocol.health(position, 0).liquidatable) granted(protocol.liquidate(kate, position, 0, 1, 'max', 0));
  });

  it('may be that of a margin trade: what it buys is cash, and can be taken out', () => {
    const { protocol, ledger, person } = aLender();
    const terms = { share: undefined, base: 0, quote: 1, baseReserve: 1_000, quoteReserve: 2_000_000, fee: 0.003 };
    const pool = constantProduct.create(terms, { name: 'pool', ledger, startPrice: () => 1 });
    const betty = person('betty', { ETH: 3 });
    const fill = granted(protocol.marginTrade(betty, pool, 0, 3 * M, M, 0));
    const position = protocol.positionOf(betty);
    expect(protocol.quoteOf(position)).toBe(fill.bought);
    expect(protocol.collateralOf(position, 1)).toBe(fill.bought);
    expect(protocol.inspection.accounts.collateralTotal.data[1]).toBe(0);
    expect(protocol.withdrawable(position, 1, 0)).toBeGreaterThan(0);
  });
});

describe('soft liquidation of a loan that cash secures', () => {
  /** ETH is lent against cash, which is what the bands hold. */
  function banded(venue = false) {
    const terms = { amplification: 100, bands: 10, fee: 0.006, loanDiscount: 0.09, liquidationDiscount: 0.06 };
    const world = aContractWorld({
      markets: {
        ETH: { usd: 2000, borrowable: true, ltv: 0, liquidationThreshold: 1, bonus: 0 },
        USD: { usd: 1, borrowable: true, ltv: 0.85, liquidationThreshold: 1 },
      },
      liquidation: (needs) => softBands.create(terms, needs),
      marginTradeCheck: !venue,
    });
    const { protocol, ledger } = world;
    const lender = world.person('lender', { ETH: 100, USD: 100_000 });
    for (const asset of [0, 1]) granted(protocol.supply(lender, asset, 'max', 0));
    const taker = world.person('taker', { ETH: 1_000, USD: 1e6 });
    const at = (usd: number) => {
      world.setPrice('ETH', usd);
      protocol.endBlock(0);
    };
    const pool = { share: undefined, base: 0, quote: 1, baseReserve: 1_000, quoteReserve: 2_000_000, fee: 0.003 };
    return { ...world, taker, at, pool: constantProduct.create(pool, { name: 'pool', ledger, startPrice: () => 1 }) };
  }

  it('puts its cash in bands, and sells it for what is owed as that rises', () => {
    const { protocol, taker, at, trader } = banded();
    const albert = trader('albert', { USD: 10_000 });
    granted(protocol.borrow(albert, 0, 4 * M, 0));
    const position = protocol.positionOf(albert);
    at(2250);
    // 9,000 owed of 10,000: the engine finds it healthy.
    expect(protocol.health(position, 0).liquidatable).toBe(false);
    expect(protocol.liquidatable(0)).toEqual([position]);
    const sold = granted(protocol.liquidate(taker, position, 0, 1, 'max', 0));
    expect(protocol.collateralOf(position, 0)).toBe(sold.repaid);
    expect(protocol.quoteOf(position)).toBe(10_000 * M - sold.seized);
    expect(protocol.debtOf(position, 0)).toBe(4 * M);
  });

  it('refuses a debt beside which cash is a second collateral: it would stand in no bands', () => {
    const { protocol, taker } = banded();
    for (const asset of [0, 1]) granted(protocol.deposit(taker, asset, 10 * M, 0));
    expect(refusal(protocol.borrow(taker, 1, M, 0))).toBe('BANDS_PAIR');
    const { pool, ...other } = banded(true);
    granted(other.protocol.deposit(other.taker, 1, 10 * M, 0));
    expect(refusal(other.protocol.marginTrade(other.taker, pool, 1, 100 * M, 100 * M, 0))).toBe('BANDS_PAIR');
  });

  it('puts the cash that a margin trade buys in bands', () => {
    const { protocol, pool, at, person } = banded(true);
    const betty = person('betty', { ETH: 3 });
    granted(protocol.marginTrade(betty, pool, 0, 3 * M, 2 * M, 0));
    // It holds 9,900 and owes 2 ETH: within the bands, and healthy.
    at(4500);
    const position = protocol.positionOf(betty);
    expect(protocol.health(position, 0).liquidatable).toBe(false);
    expect(protocol.liquidatable(0)).toEqual([position]);
  });
});

describe('a stability pool of what is lent against cash', () => {
  it('pays deposits back while the total ratio is low but nobody is below the minimum, cash included', () => {
    const terms = { debt: 0, gasFixed: 0, gasShare: 0.005, debtMin: 0, criticalRatio: 1.5, lock: true };
    const world = aContractWorld({
      markets: { ETH: { usd: 2000, borrowable: true }, USD: { usd: 1, liquidationThreshold: 1 } },
      liquidation: (needs) => stabilityPool.create(terms, needs),
    });
    const { protocol } = world;
    const lender = world.person('lender', { ETH: 100 });
    granted(protocol.supply(lender, 0, 50 * M, 0));
    granted(protocol.provide(lender, 0, 10 * M, 0));
    for (const [name, eth] of [
      ['albert', 3.9],
      ['betty', 3.4],
    ] as const) {
      granted(protocol.borrow(world.trader(name, { USD: 10_000 }), 0, eth * M, 0));
    }
    // Ratios 1.28 and 1.47, together 1.37: Albert is offered, and is above the minimum of 1.
    expect(protocol.startable(0)).toHaveLength(1);
    expect(granted(protocol.unprovide(lender, 0, M, 0))).toBe(M);
    world.setPrice('ETH', 2600);
    protocol.endBlock(0);
    expect(refusal(protocol.unprovide(lender, 0, M, 0))).toBe('POOL_LOCKED');
  });
});

describe('cash of an account of contracts', () => {
  it('can be taken out as far as cash and contracts are worth something together, whichever side they are on', () => {
    for (const side of [1, -1]) {
      const world = aContractWorld();
      const albert = world.trader('albert', { USD: 10_000 });
      world.trade(albert, PERP, 10 * side);
      world.setPrice('ETH', 2000 + side * 100);
      // 10,000 and a profit of 1,000, of which 5 % of the notional must stay.
      const most = granted(world.protocol.withdraw(albert, 1, 'max', 0));
      expect(most / M).toBeCloseTo(11_000 - 0.05 * 10 * (2000 + side * 100), 3);
    }
  });

  it('is never lent: collateral lets nobody take out cash that is not his', () => {
    const world = aContractWorld();
    const { protocol } = world;
    const albert = world.trader('albert', { ETH: 10 });
    world.trader('betty', { USD: 50_000 });
    expect(refusal(protocol.withdraw(albert, 1, 1, 0))).toBe('COLLATERAL_SHORT');
    // What a sale brings is owed as much.
    world.trade(albert, PERP, -2);
    expect(protocol.quoteOf(protocol.positionOf(albert))).toBeGreaterThan(3_999 * M);
    expect(refusal(protocol.withdraw(albert, 1, 10, 0))).toBe('COLLATERAL_SHORT');
  });

  it('is not there to be taken where others owe it', () => {
    const world = aContractWorld({ house: 0, perpetual: { initial: 0.01, maintenance: 0.005 } });
    const { protocol } = world;
    const albert = world.trader('albert', { ETH: 100 });
    const betty = world.trader('betty', { USD: 1_000 });
    world.trade(albert, PERP, 10);
    world.trade(betty, PERP, -10);
    world.setPrice('ETH', 1500);
    // Betty has won 5,000, and 1,000 is all the cash there is.
    expect(refusal(protocol.withdraw(betty, 1, 2_000 * M, 0))).toBe('LIQUIDITY_SHORT');
    expect(granted(protocol.withdraw(betty, 1, 'max', 0)) / M).toBeCloseTo(1_000, 3);
  });
});
