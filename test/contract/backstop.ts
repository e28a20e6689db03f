/**
 * What every backstop promises of both kinds of shortfall, debt and cash of contracts: it pays what it can of what is asked, never more;
 * its legs free custody of exactly that; nobody pays more than he has; sizes only change hands; and nothing is sold that is not there.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Backstop, Creditor, Means, Shortfall, TreasurySale, Winner } from '../../src/protocol/backstop/backstop.ts';
import type { Plan } from '../../src/protocol/plan.ts';

const CUSTODY = 3;
const FUND = 4;
const ASSET = 5;
const MARKET = 1;
const VAULT = 0;
const CONTRACTS = 2;
/** Settlement units are worth a dollar in a million here. */
const MARK = 1e-6;

const amount = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
const positive = fc.integer({ min: 1, max: 1e12 });
const signed = fc.integer({ min: -1e12, max: 1e12 }).filter((size) => size !== 0);

/** One position's size: its value has the sign of the size, and exceeds its entry by the gain. */
const sized = fc.record({
  size: signed,
  value: fc.integer({ min: 0, max: 1e12 }),
  gain: positive,
  equity: fc.integer({ min: 1, max: 2e12 }),
});
const holders = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.nat(CONTRACTS - 1), sized), {
  selector: ([position, contract]) => position * CONTRACTS + contract,
  maxLength: 8,
});

/** What the fund holds, or what may be made, of some assets beside the shortfall's: units and what a unit of it brings. */
const others = fc.array(fc.record({ held: amount, price: fc.constantFrom<number>(0.25, 1, 3) }), { maxLength: 3 });

const cases = fc.record({
  kind: fc.constantFrom<Shortfall['kind']>('debt', 'quote'),
  units: fc.oneof(positive, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
  fund: amount,
  reserve: amount,
  supply: amount,
  vault: amount,
  holders,
  others,
  closed: fc.array(fc.record({ contract: fc.nat(CONTRACTS - 1), size: signed }), { maxLength: 2 }),
});
type Case = typeof cases extends fc.Arbitrary<infer C> ? C : never;

const NOTHING: Case = { kind: 'debt', units: 9, fund: 0, reserve: 0, supply: 0, vault: 0, holders: [], others: [], closed: [] };

/** Winners as the protocol finds them: by position and contract, the profits of one position within its equity. */
function winnersOf({ holders: all }: Case): readonly Winner[] {
  const left = new Map<number, number>();
  const ordered = [...all].sort(([p, c], [q, d]) => p - q || c - d);
  return ordered.flatMap(([position, contract, { size, value: worth, gain, equity }]) => {
    const room = left.get(position) ?? equity;
    const profit = Math.min(gain, room);
    left.set(position, room - profit);
    const value = Math.sign(size) * worth + 0;
    return profit === 0
      ? []
      : [{ position, contract, size, profit, value, entry: value - gain, profitRatio: gain / 7, leverage: worth / equity }];
  });
}

function creditorsOf({ holders: all }: Case): readonly Creditor[] {
  const worth = new Map([...all].sort(([p, c], [q, d]) => q - p || d - c).map(([position, , { equity }]) => [position, equity]));
  return [...worth].sort(([p], [q]) => p - q).map(([position, units]) => ({ position, worth: units }));
}

/** Means of a case, and the sales that were asked of it. The first other asset has the number after the shortfall's. */
function meansOf(asked: Case): Means {
  const { kind, fund, reserve, supply, vault } = asked;
  const pooled = kind === 'quote';
  const heldOf = (asset: number) => asked.others[asset - ASSET - 1];
  return {
    fund,
    reserve,
    supply: pooled ? 0 : supply,
    fundAccount: FUND,
    custody: CUSTODY,
    mark: MARK,
    vault: pooled ? vault : 0,
    vaultPosition: VAULT,
    winners: () => (pooled ? winnersOf(asked) : []),
    creditors: () => (pooled ? creditorsOf(asked) : []),
    treasury: asked.others.flatMap(({ held }, i) => (held > 0 ? [ASSET + 1 + i] : [])),
    sale(sell, wanted, { mintMax } = {}): TreasurySale | undefined {
      const other = heldOf(sell);
      if (other === undefined) return undefined;
      const there = mintMax === undefined ? other.held : Math.min(mintMax, other.held);
      const sold = Math.min(there, Math.ceil(wanted / other.price));
      const brings = Math.floor(sold * other.price);
      return brings > 0 ? { venue: 0, sell, amount: sold, brings, minted: mintMax !== undefined } : undefined;
    },
  };
}

/** What a plan frees of custody in the shortfall's asset. */
function freed(plan: Plan): number {
  let sum = 0;
  for (const leg of plan) {
    if (leg.kind === 'move') {
      expect(leg).toMatchObject({ from: FUND, to: CUSTODY, asset: ASSET });
      sum += leg.units;
    } else if (leg.kind !== 'size') {
      if ('market' in leg) expect(leg.market).toBe(MARKET);
      expect(['reserve', 'supply-loss', 'quote']).toContain(leg.kind);
      sum -= leg.units;
    }
  }
  return sum;
}

/** Sums of legs by who is concerned. */
function sumBy<K>(plan: Plan, pick: (leg: Plan[number]) => readonly [K, number] | undefined): Map<K, number> {
  const sums = new Map<K, number>();
  for (const leg of plan) {
    const found = pick(leg);
    if (found !== undefined) sums.set(found[0], (sums.get(found[0]) ?? 0) + found[1]);
  }
  return sums;
}

const cell = (position: number, contract: number) => position * CONTRACTS + contract;

/** @param rich  what it pays 9 of, where there is plenty */
export function backstopContract(name: string, create: () => Backstop, rich: readonly Shortfall['kind'][] = ['debt', 'quote']): void {
  describe(`backstop: ${name}`, () => {
    const ask = (asked: Case) => {
      const { kind, units, closed } = asked;
      const shortfall: Shortfall = { kind, position: 9, market: MARKET, asset: ASSET, units, at: 0, closed: kind === 'debt' ? [] : closed };
      return create().absorb(shortfall, meansOf(asked));
    };

    it('pays at most what is short, in whole units, and frees custody of exactly what it says', () => {
      fc.assert(
        fc.property(cases, (asked) => {
          const { plan, paid } = ask(asked);
          expect(Number.isSafeInteger(paid)).toBe(true);
          expect(paid).toBeGreaterThanOrEqual(0);
          expect(paid).toBeLessThanOrEqual(asked.units);
          for (const leg of plan) expect(Number.isSafeInteger(leg.units) && leg.units !== 0).toBe(true);
          expect(freed(plan)).toBe(paid);
        }),
      );
    });

    it('takes from no buffer and no lender more than there is', () => {
      fc.assert(
        fc.property(cases, (asked) => {
          const { plan, sales = [] } = ask(asked);
          const means = meansOf(asked);
          const brought = sales.reduce((sum, { brings }) => sum + brings, 0);
          for (const leg of plan) {
            if (leg.kind === 'move') expect(leg.units).toBeLessThanOrEqual(asked.fund + brought);
            if (leg.kind === 'reserve') expect(-leg.units).toBeLessThanOrEqual(means.reserve);
            if (leg.kind === 'supply-loss') expect(-leg.units).toBeLessThanOrEqual(means.supply);
          }
        }),
      );
    });

    it('takes from nobody who trades more than his profit or his worth, and from the vault not more than its worth', () => {
      fc.assert(
        fc.property(cases, (asked) => {
          const { plan, paid, deleveraged = [] } = ask(asked);
          const means = meansOf(asked);
          const winners = new Map(means.winners().map((winner) => [cell(winner.position, winner.contract), winner]));
          const worth = new Map(means.creditors().map((creditor) => [creditor.position, creditor.worth]));
          // What each is worth changes by what closing his size at the mark does not explain: that, he pays.
          const cash = sumBy(plan, (leg) => (leg.kind === 'quote' ? [leg.position, leg.units] : undefined));
          const sizes = sumBy(plan, (leg) => (leg.kind === 'size' ? [cell(leg.position, leg.contract), leg.units] : undefined));
          for (const [position, units] of cash) {
            let closedFor = 0;
            for (let contract = 0; contract < CONTRACTS; contract++) {
              const winner = winners.get(cell(position, contract));
              const closed = -(sizes.get(cell(position, contract)) ?? 0);
              if (winner !== undefined && closed !== 0) closedFor += Math.floor(winner.value * (closed / winner.size));
            }
            // A quotient of whole numbers beyond 2^53 is rounded: a unit for each contract.
            if (position === VAULT) expect(units + takenOver(plan)).toBeGreaterThanOrEqual(-means.vault);
            else expect(closedFor - units).toBeLessThanOrEqual((worth.get(position) ?? 0) + CONTRACTS);
          }
          for (const { position, contract, taken, overshoot } of deleveraged) {
            const most = contract < 0 ? worth.get(position) : winners.get(cell(position, contract))?.profit;
            expect(taken).toBeLessThanOrEqual(most ?? 0);
            expect(taken).toBeGreaterThanOrEqual(0);
            expect(overshoot).toBeGreaterThanOrEqual(0);
          }
          if (deleveraged.length > 0) expect(deleveraged.reduce((sum, { taken }) => sum + taken, 0)).toBe(paid);
        }),
      );
    });

    it('lets sizes only change hands, to the vault, and closes of nobody more than he holds', () => {
      fc.assert(
        fc.property(cases, (asked) => {
          const { plan, deleveraged = [] } = ask(asked);
          const sums = sumBy(plan, (leg) => (leg.kind === 'size' ? [leg.contract, leg.units] : undefined));
          for (const sum of sums.values()) expect(sum).toBe(0);
          const winners = new Map(
            meansOf(asked)
              .winners()
              .map((winner) => [cell(winner.position, winner.contract), winner]),
          );
          for (const leg of plan) {
            if (leg.kind !== 'size' || leg.position === VAULT) continue;
            const { size } = winners.get(cell(leg.position, leg.contract)) as Winner;
            expect(leg.units > 0).toBe(size < 0);
            expect(Math.abs(leg.units)).toBeLessThanOrEqual(Math.abs(size));
          }
          const told = deleveraged.reduce((sum, { closed }) => sum + Math.abs(closed), 0);
          const moved = plan.reduce((sum, leg) => sum + (leg.kind === 'size' && leg.position !== VAULT ? Math.abs(leg.units) : 0), 0);
          expect(told).toBe(moved);
        }),
      );
    });

    it('sells each asset at most once, no more of it than there is, and nothing when nothing is short of what it brings', () => {
      fc.assert(
        fc.property(cases, (asked) => {
          const { sales = [], paid } = ask(asked);
          expect(new Set(sales.map(({ sell }) => sell)).size).toBe(sales.length);
          for (const { sell, amount: sold } of sales) expect(sold).toBeLessThanOrEqual(asked.others[sell - ASSET - 1].held);
          if (sales.length > 0) expect(sales.reduce((sum, { brings }) => sum + brings, 0)).toBeGreaterThanOrEqual(paid);
        }),
      );
    });

    it('answers the same question with the same answer', () => {
      fc.assert(
        fc.property(cases, (asked) => {
          expect(ask(asked)).toEqual(ask(asked));
        }),
      );
    });

    it('pays nothing out of nothing, and all of it where everybody is rich', () => {
      for (const kind of ['debt', 'quote'] as const) {
        const nothing = ask({ ...NOTHING, kind });
        expect(nothing.paid).toBe(0);
        expect(nothing.plan).toEqual([]);
        const loser = { contract: 0, size: 5 };
        const winner = { size: -5, value: 100, gain: 100, equity: 1000 };
        const plenty = { fund: 100, reserve: 100, supply: 100, vault: 100, others: [{ held: 100, price: 1 }] };
        const answer = ask({ ...NOTHING, ...plenty, kind, holders: [[1, 0, winner]], closed: [loser] });
        expect(answer.paid).toBe(rich.includes(kind) ? 9 : 0);
      }
    });

    it('is named as in scenarios', () => {
      expect(create().name).toBe(name);
    });
  });
}

/** Worth of the sizes that the vault takes over, signed. */
function takenOver(plan: Plan): number {
  return plan.reduce((sum, leg) => sum + (leg.kind === 'size' && leg.position === VAULT ? leg.entry : 0), 0);
}
