import { describe, expect, it } from 'vitest';
import { protocolInvariants } from '../../../../src/protocol/invariants.ts';
import { stabilityPool } from '../../../../src/protocol/liquidation/stability-pool.ts';
import { aLendingWorld, granted, type LendingOptions, refusal } from '../../../../src/study/validate/lending-world.ts';
import { ledgerState } from '../../../support/ledger-state.ts';

const ETH = 0;
const USD = 1;
const MCR = 1.1;
const TERMS = { debt: USD, gasFixed: 0, gasShare: 0.005, debtMin: 0, criticalRatio: 0, lock: true };

interface Borrower {
  readonly eth: number;
  readonly usd: number;
}

/** Borrowers at ETH 100, deposits in the pool, a keeper without money. Whole units are 10^-6 tokens. */
function aPool(
  borrowers: readonly Borrower[],
  providers: readonly number[],
  terms: Partial<typeof TERMS> = {},
  more: Partial<LendingOptions> = {},
) {
  const world = aLendingWorld({
    markets: {
      ETH: { usd: 100, ltv: 1 / MCR, liquidationThreshold: 1 / MCR },
      USD: { usd: 1 },
    },
    liquidation: (needs) => stabilityPool.create({ ...TERMS, ...terms }, needs),
    ...more,
  });
  const { protocol, units } = world;
  const lender = world.person('lender', { USD: 1e6 });
  granted(protocol.supply(lender, USD, 'max', 0));
  const depositors = providers.map((usd, i) => {
    const provider = world.person(`provider/${i}`, { USD: usd });
    if (usd > 0) granted(protocol.provide(provider, USD, units('USD', usd), 0));
    return provider;
  });
  const owners = borrowers.map(({ eth }, i) => world.person(`borrower/${i}`, { ETH: eth }));
  for (const [i, { usd }] of borrowers.entries()) {
    granted(protocol.deposit(owners[i], ETH, 'max', 0));
    granted(protocol.borrow(owners[i], USD, units('USD', usd), 0));
  }
  const keeper = world.person('keeper', {});
  const escrow = world.ledger.names.indexOf('lend/escrow');
  const at = (usd: number) => {
    world.setPrice('ETH', usd);
    protocol.endBlock(0);
  };
  const position = (i: number) => protocol.positionOf(owners[i]);
  const books = (i: number) => [protocol.collateralOf(position(i), ETH) / 1e6, protocol.debtOf(position(i), USD) / 1e6];
  const wallet = (account: number) => [world.ledger.balance(account, ETH) / 1e6, world.ledger.balance(account, USD) / 1e6];
  const start = (i: number) => protocol.startLiquidation(keeper, position(i), 0);
  const broken = () => protocolInvariants.flatMap((law) => (law.check(protocol) === undefined ? [] : [law.id]));
  return { ...world, owners, depositors, keeper, escrow, at, position, books, wallet, start, broken };
}

const SICK = { eth: 10, usd: 500 };
const SOUND = { eth: 30, usd: 500 };

describe('a stability pool', () => {
  it('cancels the debt of a position below the minimum ratio and gives its collateral to depositors, less the keeper’s share', () => {
    const { protocol, at, start, books, wallet, keeper, depositors, broken } = aPool([SICK, SOUND], [3000, 1000]);
    expect(refusal(start(0))).toBe('NOT_LIQUIDATABLE');
    at(54.5);
    expect(protocol.startable(0)).toEqual([protocol.positionOf(protocol.ownerOf(protocol.startable(0)[0]))]);
    granted(start(0));
    expect(books(0)).toEqual([0, 0]);
    expect(books(1)).toEqual([30, 500]);
    expect(wallet(keeper)).toEqual([0.05, 0]);
    expect(depositors.map((one) => protocol.providedOf(one) / 1e6)).toEqual([2625, 875]);
    expect(depositors.map((one) => protocol.gainOf(one, ETH) / 1e6)).toEqual([7.4625, 2.4875]);
    expect(protocol.startable(0)).toEqual([]);
    expect(broken()).toEqual([]);
  });

  it('pays the keeper’s fixed sum out of the pool, on top of the debt', () => {
    const { protocol, at, start, wallet, keeper, depositors, ledger, custody } = ((pool) => ({ ...pool, custody: pool.protocol.custody }))(
      aPool([SICK, SOUND], [3000], { gasFixed: 200 }),
    );
    const before = ledger.balance(custody, USD);
    at(54.5);
    expect(granted(start(0)).rewardUsd).toBeCloseTo(200 + 0.05 * 54.5, 6);
    expect(wallet(keeper)).toEqual([0.05, 200]);
    expect(protocol.providedOf(depositors[0]) / 1e6).toBe(2300);
    expect((ledger.balance(custody, USD) - before) / 1e6).toBe(500);
  });

  it('lays what the pool cannot cancel upon the other borrowers, in proportion to their collateral', () => {
    const { protocol, at, start, books, facts, depositors, broken } = aPool([SICK, SOUND, { eth: 10, usd: 100 }], [125], { gasShare: 0 });
    at(54);
    granted(start(0));
    expect(protocol.providedOf(depositors[0])).toBe(0);
    expect(protocol.gainOf(depositors[0], ETH) / 1e6).toBe(2.5);
    expect(books(0)).toEqual([0, 0]);
    expect(books(1)).toEqual([35.625, 781.25]);
    expect(books(2)).toEqual([11.875, 193.75]);
    expect(facts.filter(({ kind }) => kind === 'liquidation').map(({ numbers }) => numbers.slice(0, 2))).toEqual([
      [125, 135],
      [375, 405],
    ]);
    expect(facts.find(({ kind }) => kind === 'redistribution')?.numbers.slice(0, 3)).toEqual([375, 405, 2]);
    expect(broken()).toEqual([]);
  });

  it('redistributes all where it is empty, and leaves what nobody else can take over where it is', () => {
    const all = aPool([SICK, SOUND], [0], { gasFixed: 200 });
    all.at(54);
    granted(all.start(0));
    expect(all.books(1)).toEqual([39.95, 1000]);
    expect(all.wallet(all.keeper)).toEqual([0.05, 0]);

    const alone = aPool([SICK], [0]);
    alone.at(54);
    expect(refusal(alone.start(0))).toBe('POOL_EMPTY');
    granted(alone.protocol.provide(alone.person('late', { USD: 125 }), USD, 125e6, 0));
    granted(alone.start(0));
    expect(alone.books(0)).toEqual([7.5, 375]);
    expect(alone.broken()).toEqual([]);
  });

  it('pays deposits back with what they earned, and what they earned alone for 0 units', () => {
    const { protocol, at, start, wallet, depositors, escrow } = aPool([SICK, SOUND], [1000, 1000], { gasShare: 0 });
    const [first, second] = depositors;
    at(54);
    granted(start(0));
    expect(granted(protocol.unprovide(first, USD, 0, 0))).toBe(0);
    expect(wallet(first)).toEqual([5, 0]);
    expect(protocol.providedOf(first) / 1e6).toBe(750);
    expect(refusal(protocol.unprovide(first, USD, 0, 0))).toBe('DEPOSIT_NONE');
    expect(refusal(protocol.unprovide(first, USD, 751e6, 0))).toBe('DEPOSIT_SHORT');
    expect(granted(protocol.unprovide(first, USD, 'max', 0))).toBe(750e6);
    expect(granted(protocol.unprovide(second, USD, 'max', 0))).toBe(750e6);
    expect(wallet(second)).toEqual([5, 750]);
    expect(wallet(escrow)).toEqual([0, 0]);
    expect(refusal(protocol.unprovide(second, USD, 'max', 0))).toBe('DEPOSIT_NONE');
  });

  it('holds deposits fast while a position is below the minimum ratio, unless told not to', () => {
    const { protocol, at, start, depositors } = aPool([SICK, SOUND], [1000]);
    at(54);
    expect(refusal(protocol.unprovide(depositors[0], USD, 1, 0))).toBe('POOL_LOCKED');
    expect(refusal(protocol.unprovide(depositors[0], USD, 0, 0))).toBe('DEPOSIT_NONE');
    granted(start(0));
    granted(protocol.unprovide(depositors[0], USD, 1, 0));
    const open = aPool([SICK, SOUND], [1000], { lock: false });
    open.at(54);
    granted(open.protocol.unprovide(open.depositors[0], USD, 'max', 0));
  });

  it('refuses a debt too small for the fixed sum, but not to repay all of it', () => {
    const { protocol, owners, person } = aPool([{ eth: 10, usd: 300 }], [], { debtMin: 200 });
    const small = person('small', { ETH: 10 });
    granted(protocol.deposit(small, ETH, 'max', 0));
    expect(refusal(protocol.borrow(small, USD, 199e6, 0))).toBe('DEBT_SMALL');
    granted(protocol.borrow(small, USD, 200e6, 0));
    expect(refusal(protocol.repay(owners[0], USD, 101e6, 0))).toBe('DEBT_SMALL');
    granted(protocol.repay(owners[0], USD, 'max', 0));
  });

  it('takes of a position that owes other assets only the part of the collateral that answers for this one', () => {
    const world = aPool(
      [{ eth: 10, usd: 300 }, SOUND],
      [1000],
      { gasShare: 0 },
      {
        markets: {
          ETH: { usd: 100, ltv: 1 / MCR, liquidationThreshold: 1 / MCR },
          USD: { usd: 1 },
          BTC: { usd: 100 },
        },
      },
    );
    const { protocol, owners, at, start, position } = world;
    granted(protocol.supply(world.person('bull', { BTC: 100 }), 2, 'max', 0));
    granted(protocol.borrow(owners[0], 2, 2e6, 0));
    at(54);
    granted(start(0));
    expect(protocol.collateralOf(position(0), ETH) / 1e6).toBe(4);
    expect(protocol.debtOf(position(0), USD)).toBe(0);
    expect(protocol.debtOf(position(0), 2)).toBe(2e6);
    expect(refusal(start(0))).toBe('DEBT_NONE');
  });

  it('takes several collaterals alike, and lays what is left upon those who hold the same', () => {
    const world = aPool(
      [],
      [250],
      { gasShare: 0 },
      {
        markets: {
          ETH: { usd: 100, ltv: 1 / MCR, liquidationThreshold: 1 / MCR },
          USD: { usd: 1 },
          BTC: { usd: 100, ltv: 1 / MCR, liquidationThreshold: 1 / MCR },
        },
      },
    );
    const { protocol, setPrice, broken } = world;
    const open = (name: string, tokens: Record<string, number>, usd: number) => {
      const owner = world.person(name, tokens);
      for (const asset of Object.keys(tokens)) granted(protocol.deposit(owner, world.asset(asset), 'max', 0));
      granted(protocol.borrow(owner, USD, usd * 1e6, 0));
      return protocol.positionOf(owner);
    };
    const sick = open('sick', { ETH: 5, BTC: 5 }, 500);
    const ether = open('ether', { ETH: 50 }, 500);
    const coin = open('coin', { BTC: 50 }, 500);
    setPrice('ETH', 70);
    setPrice('BTC', 35);
    protocol.endBlock(0);
    granted(protocol.startLiquidation(world.person('keeper', {}), sick, 0));
    const of = (position: number) => [
      protocol.collateralOf(position, ETH),
      protocol.collateralOf(position, 2),
      protocol.debtOf(position, USD),
    ];
    expect(of(sick)).toEqual([0, 0, 0]);
    expect(of(ether)).toEqual([52.5e6, 0, 666666667]);
    expect(of(coin)).toEqual([0, 52.5e6, 583333333]);
    expect(broken()).toEqual([]);
  });

  it('is taken back with its bundle, and asking what a start would bring leaves no trace', () => {
    const { protocol, at, ledger, journal, start, position, keeper, depositors } = aPool([SICK, SOUND], [100, 200], { gasFixed: 20 });
    at(54);
    const state = () =>
      JSON.stringify([ledgerState(ledger), depositors.map((one) => [protocol.providedOf(one), protocol.gainOf(one, ETH)])]);
    const before = state();
    const asked = protocol.quoteStart(position(0), keeper, 0);
    expect(protocol.quoteStart(position(0), keeper, 0)).toEqual(asked);
    expect(state()).toBe(before);
    journal.begin();
    expect(granted(start(0))).toEqual(asked);
    expect(state()).not.toBe(before);
    journal.undo();
    expect(state()).toBe(before);
    expect(granted(start(0))).toEqual(asked);
  });

  it('faults where its asset has no market', () => {
    expect(() => aPool([], [], { debt: 9 })).toThrow('POOL_MARKET');
  });
});

describe('recovery mode', () => {
  const TERMS_OF_LIQUITY = { criticalRatio: 1.5, gasShare: 0 };

  it('offers positions up to the total ratio, and takes of them no more than is worth the minimum ratio', () => {
    const { protocol, at, start, books, position, depositors, broken, wallet, owners } = aPool(
      [
        { eth: 10, usd: 500 },
        { eth: 10, usd: 400 },
        { eth: 10, usd: 350 },
      ],
      [2000],
      TERMS_OF_LIQUITY,
    );
    // Total 30·60/1250 = 1.44; ratios 1.2, 1.5, 1.71.
    at(60);
    expect(protocol.startable(0)).toEqual([position(0)]);
    expect(protocol.health(position(0), 0).liquidatable).toBe(false);
    expect(refusal(start(1))).toBe('NOT_LIQUIDATABLE');
    granted(start(0));
    expect(broken()).toEqual([]);
    expect(protocol.providedOf(depositors[0]) / 1e6).toBe(1500);
    expect(protocol.gainOf(depositors[0], ETH) / 1e6).toBeCloseTo((MCR * 500) / 60, 5);
    expect(books(0)[1]).toBe(0);
    granted(protocol.withdraw(owners[0], ETH, 'max', 0));
    expect(wallet(owners[0])[0]).toBeCloseTo(10 - (MCR * 500) / 60, 5);
    // Total now 20·60/750 = 1.6.
    expect(protocol.startable(0)).toEqual([]);
    expect(refusal(start(1))).toBe('NOT_LIQUIDATABLE');
  });

  it('ends with the total ratio above the critical one, and begins again', () => {
    const { protocol, at, position, broken } = aPool(
      [
        { eth: 10, usd: 500 },
        { eth: 10, usd: 400 },
      ],
      [],
      TERMS_OF_LIQUITY,
    );
    const offered = [70, 66, 68, 67.4, 90, 60].map((usd) => {
      at(usd);
      expect(broken()).toEqual([]);
      return [...protocol.startable(0)];
    });
    // Critical at 20·p/900 = 1.5, p = 67.5.
    expect(offered).toEqual([[], [position(0)], [], [position(0)], [], [position(0)]]);
  });

  it('spares those above the minimum ratio whose debt the pool cannot cancel whole', () => {
    const { at, start } = aPool(
      [
        { eth: 10, usd: 500 },
        { eth: 10, usd: 400 },
      ],
      [499],
      TERMS_OF_LIQUITY,
    );
    at(60);
    expect(refusal(start(0))).toBe('POOL_SHORT');
  });

  it('redistributes those that owe more than they hold, and takes nothing of the pool for them', () => {
    const { protocol, at, start, books, depositors } = aPool(
      [
        { eth: 10, usd: 500 },
        { eth: 10, usd: 300 },
      ],
      [2000],
      TERMS_OF_LIQUITY,
    );
    at(49);
    granted(start(0));
    expect(protocol.providedOf(depositors[0]) / 1e6).toBe(2000);
    expect(books(1)).toEqual([20, 800]);
    at(39);
    expect(refusal(start(1))).toBe('NOBODY_LEFT');
  });

  it('cancels the debt of all others below the minimum ratio as ever; outside it, even at the depositors’ loss', () => {
    const critical = aPool([SICK, { eth: 10, usd: 300 }], [2000], TERMS_OF_LIQUITY);
    critical.at(54);
    granted(critical.start(0));
    expect(critical.protocol.providedOf(critical.depositors[0]) / 1e6).toBe(1500);
    expect(critical.protocol.gainOf(critical.depositors[0], ETH) / 1e6).toBe(10);
    const normal = aPool([SICK, { eth: 100, usd: 300 }], [2000], TERMS_OF_LIQUITY);
    normal.at(49);
    granted(normal.start(0));
    expect(normal.protocol.providedOf(normal.depositors[0]) / 1e6).toBe(1500);
    expect(normal.books(1)).toEqual([100, 300]);
  });

  it('does not hold deposits fast by itself', () => {
    const { protocol, at, depositors } = aPool(
      [
        { eth: 10, usd: 500 },
        { eth: 10, usd: 400 },
      ],
      [1000],
      TERMS_OF_LIQUITY,
    );
    at(60);
    expect(protocol.startable(0)).toHaveLength(1);
    granted(protocol.unprovide(depositors[0], USD, 1, 0));
    at(54);
    expect(refusal(protocol.unprovide(depositors[0], USD, 1, 0))).toBe('POOL_LOCKED');
  });
});
