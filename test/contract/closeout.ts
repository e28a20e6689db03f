/**
 * What every closeout promises, whatever its prices: tried on accounts of all healths, judged by its plan alone. Position 0 is the account,
 * position 1 the vault; market 0 is collateral and underlying, market 1 what contracts are settled in.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRejection } from '../../src/base/rejection.ts';
import type { AccountsView, Market } from '../../src/protocol/accounts-view.ts';
import type { ContractFill } from '../../src/protocol/instrument/contract.ts';
import { option } from '../../src/protocol/instrument/option.ts';
import { perpetual } from '../../src/protocol/instrument/perpetual.ts';
import type { Closeout, CloseoutNeeds, Closing } from '../../src/protocol/liquidation/closeout.ts';
import { type Leg, move, quoteLeg, sizeLeg } from '../../src/protocol/plan.ts';
import { blankHealth, type Health } from '../../src/protocol/risk/risk-engine.ts';
import { staticRisk } from '../../src/protocol/risk/static.ts';
import { PLAIN_OPTION, PLAIN_PERPETUAL } from '../../src/study/validate/contract-world.ts';
import { PLAIN_MARKET } from '../../src/study/validate/lending-world.ts';

const [CUSTODY, FUND, KEEPER] = [3, 4, 7];
const [ACCOUNT, VAULT] = [0, 1];
const MARKETS: readonly Market[] = [0.85, 0].map((liquidationThreshold, index) => ({
  index,
  asset: index,
  name: `asset ${index}`,
  decimals: 0,
  scale: 1,
  params: { ...PLAIN_MARKET, ltv: liquidationThreshold, liquidationThreshold },
}));
const flat = { volatility: () => 0.8 };
const CONTRACTS = [
  perpetual.create({ ...PLAIN_PERPETUAL, depth: 1e6 }, { name: 'perp', market: 0, decimals: 0, surface: flat }),
  option.create({ ...PLAIN_OPTION, strike: 2000 }, { name: 'call', market: 0, decimals: 0, surface: flat }),
];
const RISK = staticRisk.create({}, undefined);
/** Part of what is paid that a fill costs beyond it. */
const FEE = 0.0005;

const cases = fc.record({
  perp: fc.integer({ min: -1000, max: 1000 }),
  call: fc.integer({ min: -1000, max: 1000 }),
  /** Equity beyond nothing, USD: from bankrupt to safe. */
  equity: fc.integer({ min: -100_000, max: 200_000 }),
  collateral: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 50 })),
  debt: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 })),
  index: fc.integer({ min: 1, max: 4000 }),
  cash: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10_000_000 })),
});
type Case = typeof cases extends fc.Arbitrary<infer C> ? C : never;

function aCase({ perp, call, equity, collateral, debt, index, cash }: Case) {
  const sizes = [
    [perp, call],
    [-perp, -call],
  ];
  const state = { at: 0, index, skew: perp, longs: Math.max(0, perp), shorts: Math.max(0, -perp) };
  const marks = Float64Array.from([index, 1, ...CONTRACTS.map((contract) => contract.value(state))]);
  const worth = perp * marks[2] + call * marks[3] + (collateral - debt) * index;
  const quotes = [Math.floor(equity - worth), 0];
  const accounts: AccountsView = {
    markets: MARKETS,
    contracts: CONTRACTS,
    settle: 1,
    positions: 2,
    collateral: (position, market) => (position === ACCOUNT && market === 0 ? collateral : 0),
    debt: (position, market) => (position === ACCOUNT && market === 0 ? debt : 0),
    debtShares: (position, market) => (position === ACCOUNT && market === 0 ? debt : 0),
    totalDebt: () => debt,
    totalDebtShares: () => debt,
    debtIndex: () => 1,
    size: (position, contract) => sizes[position][contract],
    quote: (position) => quotes[position],
    entry: () => 0,
    fundingIndexOf: () => 0,
  };
  const fill = (contract: number, size: number): ContractFill => {
    const price = CONTRACTS[contract].fill(state, size);
    return { size, paid: Math.ceil(size * price) + 0, fee: Math.ceil(Math.abs(size) * price * FEE), room: Number.MAX_SAFE_INTEGER };
  };
  const needs: CloseoutNeeds = {
    custody: CUSTODY,
    fund: FUND,
    vault: () => VAULT,
    fill,
    cash: () => cash,
    legs: (position, contract, { size, paid, fee }) => [
      quoteLeg(VAULT, paid),
      quoteLeg(position, -paid - fee),
      sizeLeg(position, contract, size, 0),
      sizeLeg(VAULT, contract, -size, 0),
      ...(fee > 0 ? [move(CUSTODY, FUND, 1, fee)] : []),
    ],
    set: (column, at, value) => {
      column.data[at] = value;
    },
  };
  const health = RISK.assess(accounts, ACCOUNT, marks, 'maintenance', blankHealth());
  return { accounts, marks, needs, health };
}

/** Of those who have nearly what maintenance asks for, so that orders close them, with little cash in custody to pay fees from. */
const narrow = cases.map((random) => ({
  ...random,
  equity: Math.floor(0.9 * aCase(random).health.required),
  cash: random.cash % 100,
}));

/** What the legs of a plan add up to. */
function sumOf(plan: readonly Leg[], pick: (leg: Leg) => number): number {
  return plan.reduce((sum, leg) => sum + pick(leg), 0);
}

export function closeoutContract(name: string, create: (needs: CloseoutNeeds) => Closeout): void {
  const closed = (random: Case, health?: Health) => {
    const made = aCase(random);
    const closing = create(made.needs).close(
      { position: ACCOUNT, keeper: KEEPER, at: 0 },
      made.accounts,
      made.marks,
      health ?? made.health,
    );
    return { ...made, closing };
  };
  /** Runs `look` at what was closed, over all cases where something was. */
  const always = (look: (closing: Closing, made: ReturnType<typeof closed>) => void, tried: fc.Arbitrary<Case> = cases) => {
    let seen = 0;
    fc.assert(
      fc.property(tried, (random) => {
        const made = closed(random);
        if (isRejection(made.closing)) return;
        seen++;
        look(made.closing, made);
      }),
    );
    expect(seen).toBeGreaterThan(10);
  };

  describe(`closeout: ${name}`, () => {
    it('LIQ-1 closes nothing of who is not liquidatable, and judges nobody without a valid mark', () => {
      fc.assert(
        fc.property(cases, (random) => {
          const { closing, health } = closed(random);
          if (!health.liquidatable) expect(closing).toMatchObject({ rejected: 'NOT_LIQUIDATABLE' });
          const blind = { ...health, healthFactor: Number.NaN, liquidatable: false };
          expect(closed(random, blind).closing).toMatchObject({ rejected: 'ORACLE_INVALID' });
        }),
      );
    });

    it('answers with a plan in which sizes sum to zero, and custody pays out what the books give up', () => {
      always(({ plan }) => {
        for (const contract of CONTRACTS.keys()) {
          expect(sumOf(plan, (leg) => (leg.kind === 'size' && leg.contract === contract ? leg.units : 0))).toBe(0);
        }
        const paidIn = sumOf(plan, (leg) =>
          leg.kind === 'move' && leg.asset === 1 ? (leg.to === CUSTODY ? leg.units : 0) - (leg.from === CUSTODY ? leg.units : 0) : 0,
        );
        expect(sumOf(plan, (leg) => (leg.kind === 'quote' ? leg.units : 0))).toBe(paidIn);
        expect(sumOf(plan, (leg) => (leg.kind === 'collateral' ? leg.units : 0))).toBe(0);
        for (const leg of plan) expect(Number.isSafeInteger(leg.units)).toBe(true);
      });
    });

    it('CONTRACT-1 brings every size nearer to nothing, and none through it', () => {
      always(({ plan, closedUsd }, { accounts }) => {
        let open = 0;
        for (const contract of CONTRACTS.keys()) {
          const held = accounts.size(ACCOUNT, contract);
          const left =
            held + sumOf(plan, (leg) => (leg.kind === 'size' && leg.position === ACCOUNT && leg.contract === contract ? leg.units : 0));
          if (held === 0) expect(left).toBe(0);
          else {
            open++;
            expect(Math.abs(left)).toBeLessThan(Math.abs(held));
            expect(left * held).toBeGreaterThanOrEqual(0);
          }
        }
        expect(closedUsd).toBeGreaterThanOrEqual(0);
        // Without size it must sell what it has for what it owes.
        if (open === 0)
          expect(sumOf(plan, (leg) => (leg.kind === 'collateral' && leg.position === ACCOUNT ? leg.units : 0))).toBeLessThan(0);
      });
    });

    it('QUOTE-1 takes no more out of custody than there is of cash', () => {
      let emptied = 0;
      always(({ plan }, { needs }) => {
        const out = sumOf(plan, (leg) => (leg.kind === 'move' && leg.from === CUSTODY ? leg.units : 0));
        expect(out).toBeLessThanOrEqual(needs.cash());
        if (out > 0 && out === needs.cash()) emptied++;
      }, narrow);
      expect(emptied).toBeGreaterThan(5);
    });

    it('lets no penalty make bankrupt who could pay for the closing itself', () => {
      always(({ plan, penalty, takenOver }, { accounts, marks, health }) => {
        if (takenOver) return expect(penalty).toBe(0);
        const worth = (leg: Leg): number => {
          if (!('position' in leg) || leg.position !== ACCOUNT) return 0;
          if (leg.kind === 'quote') return leg.units;
          return leg.kind === 'size' ? leg.units * marks[accounts.markets.length + leg.contract] : 0;
        };
        expect(penalty).toBeGreaterThanOrEqual(0);
        const left = health.equity + sumOf(plan, worth);
        if (penalty > 0) expect(left).toBeGreaterThanOrEqual(-1e-6);
      });
    });

    it('takes no collateral or cash from an account with loans', () => {
      let tested = 0;
      always(({ plan }, { accounts, marks }) => {
        if (accounts.debt(ACCOUNT, 0) === 0) return;
        if (CONTRACTS.every((_, contract) => accounts.size(ACCOUNT, contract) === 0)) return;
        tested++;
        expect(plan.some((leg) => leg.kind === 'collateral')).toBe(false);
        // Cash pays for what sizes bring or cost, with fee and penalty, and for nothing else.
        const cash = sumOf(plan, (leg) => (leg.kind === 'quote' && leg.position === ACCOUNT ? leg.units : 0));
        const value = sumOf(plan, (leg) =>
          leg.kind === 'size' && leg.position === ACCOUNT ? -leg.units * marks[accounts.markets.length + leg.contract] : 0,
        );
        const out = sumOf(plan, (leg) => (leg.kind === 'move' && leg.from === CUSTODY ? leg.units : 0));
        const notional = CONTRACTS.reduce((sum, _, contract) => sum + Math.abs(accounts.size(ACCOUNT, contract)) * marks[0], 0);
        // Impact on a depth of a million is at most a thousandth of the notional; a few units are rounded.
        expect(cash).toBeGreaterThanOrEqual(value - out - notional * 1e-3 - 4);
      });
      expect(tested).toBeGreaterThan(5);
    });

    it('pays the keeper out of the penalty', () => {
      always(({ plan, penalty, rewardUsd }) => {
        const reward = sumOf(plan, (leg) => (leg.kind === 'move' && leg.to === KEEPER ? leg.units : 0));
        expect(reward).toBe(rewardUsd);
        expect(reward).toBeLessThanOrEqual(penalty);
      });
    });
  });
}
