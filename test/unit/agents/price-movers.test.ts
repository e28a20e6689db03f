/** Those who move a price for reasons of their own: by its past, by its worth, by what they know, or because they must sell. */
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../../src/agent/index.ts';
import { holdings } from '../../../src/study/closed-form/almgren-chriss.ts';
import { profitOf, runSmall, type SmallWorld, withAgents } from '../../support/small-world.ts';

const RISE = { use: 'constant', with: { start: 10 }, shocks: [{ at: '10 min', factor: 1.5, over: '10 min', hold: '10 h' }] };
const arbitrageur = { use: 'arbitrageur', params: { venue: 'pool', hedge: true }, wallet: { TKN: 100_000, USD: 1_000_000 } };
const trader = (use: string, params: object = {}, wallet: object = { TKN: 10_000, USD: 100_000 }) => ({
  use,
  params: { venue: 'pool', ...params },
  wallet,
});

/** The pool's price after each block. */
function pricesOf(agents: readonly object[], world: Omit<SmallWorld, 'agents'> = {}): number[] {
  const seen: number[] = [];
  const listener: Agent = {
    onBlock(view) {
      seen.push(view.venue(0).price());
      return undefined;
    },
  };
  runSmall({ ...world, agents: [{ use: 'listener' }, ...agents], registry: withAgents({ listener: () => listener }) });
  return seen;
}

/** Trades of a run on the pool by those whose name begins so: time in s, base bought in tokens. */
function tradesOf(agents: readonly object[], name: string, world: Omit<SmallWorld, 'agents'> = {}): [seconds: number, base: number][] {
  const { events, names } = runSmall({ ...world, agents });
  const accounts = names.accounts as readonly string[];
  return events
    .filter(({ kind, actor }) => kind === 'trade' && accounts[actor]?.startsWith(name))
    .map(({ at, a }) => [at / 1_000, -a / 1e6]);
}

describe('a trend follower', () => {
  it('does nothing while nothing moves, buys while the price rises, and sells again when it has stopped', () => {
    expect(tradesOf([trader('trend-follower')], 'trend-follower')).toEqual([]);
    // It has put all into base at a difference of an eighth; at rest the difference halves within the hour.
    const trades = tradesOf([trader('trend-follower', { strength: 8 }), arbitrageur], 'trend-follower', { tkn: RISE, horizon: '4 h' });
    const during = trades.filter(([at]) => at <= 1_200);
    const after = trades.filter(([at]) => at > 3_600);
    expect(Math.min(...during.map(([, base]) => base))).toBeGreaterThan(0);
    expect(Math.max(...after.map(([, base]) => base))).toBeLessThan(0);
    expect(during.length).toBeGreaterThan(3);
    expect(after.length).toBeGreaterThan(3);
  });

  it('makes a price go on in the way in which it went', () => {
    const bump = {
      use: 'scripted',
      params: { script: [{ at: '10 min', actions: [{ do: 'swap', venue: 'pool', sell: 'USD', amount: 50_000 }] }] },
      wallet: { USD: 50_000 },
    };
    const last = (agents: readonly object[]) => Math.max(...pricesOf([bump, ...agents]));
    expect(last([trader('trend-follower')])).toBeGreaterThan(1.02 * last([]));
  });
});

describe('a value trader', () => {
  it('holds half in base at its worth, and 1/2 + strength·ln(v/p)/2 elsewhere', () => {
    // A wallet small beside the pool, which then does not answer.
    const wallet = { TKN: 10, USD: 100 };
    const at = (fair: number) => {
      const world = { tkn: { use: 'constant', with: { start: fair } }, horizon: '10 min' };
      const { parties } = runSmall({ ...world, agents: [trader('value-trader', { disagreement: 0, strength: 2, size: 100 }, wallet)] });
      const end = (asset: string) => parties.find((line) => line.account === 'value-trader/0' && line.asset === asset)?.endUnits ?? 0;
      const base = end('TKN') * fair;
      return base / (base + end('USD'));
    };
    // The pool stands at 10. It leaves alone what is below a twentieth of `size`, 5 of some 200 USD.
    expect(at(10)).toBeCloseTo(0.5, 6);
    expect(at(10.2)).toBe(102 / 202);
    for (const fair of [14, 7]) expect(Math.abs(at(fair) - 0.5 - Math.log(fair / 10))).toBeLessThan(5 / 150);
  });

  it('brings back a price that was pushed, and those who disagree trade with one another', () => {
    const push = {
      use: 'scripted',
      params: { script: [{ at: '10 min', actions: [{ do: 'swap', venue: 'pool', sell: 'USD', amount: 100_000 }] }] },
      wallet: { USD: 100_000 },
    };
    const crowd = { ...trader('value-trader', { disagreement: 0 }), count: 5 };
    const [alone, held] = [pricesOf([push]).at(-1) ?? 0, pricesOf([push, crowd]).at(-1) ?? 0];
    expect(alone).toBeGreaterThan(12);
    expect(Math.abs(held - 10)).toBeLessThan((alone - 10) / 3);
    const quarrel = tradesOf([{ ...trader('value-trader', { disagreement: 0.05 }), count: 5 }], 'value-trader');
    expect(new Set(quarrel.map(([, base]) => Math.sign(base)))).toEqual(new Set([1, -1]));
  });
});

describe('an informed trader', () => {
  it('takes the venue the given part of the way, each time it looks', () => {
    const world = { tkn: { use: 'constant', with: { start: 12 } }, horizon: '3 min' };
    for (const part of [0.5, 0.25, 1]) {
      const [first, , , , , sixth] = pricesOf([trader('informed-trader', { part })], world);
      expect(Math.log(first / 10) / Math.log(1.2)).toBeCloseTo(part, 4);
      expect(Math.log(sixth / 10) / Math.log(1.2)).toBeCloseTo(1 - (1 - part) ** 2, 2);
    }
  });

  it('gains what it knows, and leaves alone what the fee would eat', () => {
    const world = { tkn: { use: 'constant', with: { start: 12 } } };
    expect(profitOf(runSmall({ ...world, agents: [trader('informed-trader')] }), 'informed-trader')).toBeGreaterThan(1_000);
    const near = { tkn: { use: 'constant', with: { start: 10.04 } } };
    expect(tradesOf([trader('informed-trader')], 'informed-trader', near)).toEqual([]);
  });
});

describe('a whale seller', () => {
  const terms = { sell: 'TKN', amount: 6_000, duration: '10 min', slices: 10 };

  it.each([0, 1, 3, 20])('with urgency %d sells by the schedule of Almgren and Chriss', (urgency) => {
    const trades = tradesOf([trader('whale-seller', { ...terms, urgency, startAt: '5 min' })], 'whale-seller');
    // κ·T of the closed form: an aversion that gives just this urgency, with unit volatility and impact.
    const tau = 1 / 10;
    const aversion = (2 * (Math.cosh(urgency * tau) - 1)) / (tau * tau);
    const shared = { units: 6_000, time: 1, slices: 10, volatility: 1, temporary: 1, permanent: 0, fixed: 0, aversion };
    const held = holdings(shared);
    const wanted = held.slice(1).map((after, j) => held[j] - after);
    expect(trades.map(([, base]) => -base)).toHaveLength(wanted.filter((units) => units > 1e-6).length);
    for (const [j, [at, base]] of trades.entries()) {
      // Whole units, 10^-6 of a token.
      expect(Math.abs(-base - wanted[j])).toBeLessThanOrEqual(2e-6);
      expect(Math.abs(at - (300 + 60 * j))).toBeLessThanOrEqual(12);
    }
  });

  it('sells all that it has where no amount is given, and keeps the rest where one is', () => {
    const sold = (params: object) =>
      tradesOf([trader('whale-seller', { ...terms, ...params })], 'whale-seller').reduce((sum, [, base]) => sum - base, 0);
    expect(sold({ amount: undefined })).toBeCloseTo(10_000, 6);
    expect(sold({ amount: 1_234 })).toBeCloseTo(1_234, 6);
    expect(sold({ amount: 1e6 })).toBeCloseTo(10_000, 6);
  });

  it('goes on after its time with what the venue did not take', () => {
    const venues = { v3: { use: 'concentrated', with: { base: 'TKN', quote: 'USD', quoteReserve: 30_000, halfWidth: 0.1 } } };
    const buyer = { use: 'noise-trader', count: 1, params: { venue: 'v3', rate: 60, size: 500, pull: 1 }, wallet: { USD: 1_000_000 } };
    const trades = tradesOf([trader('whale-seller', { ...terms, venue: 'v3', amount: 8_000 }), buyer], 'whale-seller', {
      venues,
      horizon: '2 h',
    });
    expect(trades.some(([at]) => at > 660)).toBe(true);
  });
});
