/** Quotes against the formulas, leaning against inventory, and leaving. */
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../../src/agent/index.ts';
import { countOf, profitOf, runSmall, type SmallWorld, withAgents } from '../../support/small-world.ts';

const BOOK = { book: { use: 'order-book', with: { base: 'TKN', quote: 'USD', tick: 0.001, lot: 0.1 } } };
const maker = (params: object = {}, wallet: object = { TKN: 10_000, USD: 100_000 }) => ({
  use: 'market-maker',
  params: { venue: 'book', size: 1_000, levels: 3, volatility: 1, ...params },
  wallet,
});

/** Best bid and ask after each block. */
function quotesOf(world: Omit<SmallWorld, 'agents'>, agents: readonly object[]) {
  const seen: [number, number][] = [];
  const listener: Agent = {
    onBlock(view) {
      const { book } = view.venue(1);
      if (book !== undefined) seen.push([book.bestBid(), book.bestAsk()]);
      return undefined;
    },
  };
  const outcome = runSmall({
    horizon: '3 min',
    venues: BOOK,
    ...world,
    agents: [{ use: 'listener' }, ...agents],
    registry: withAgents({ listener: () => listener }),
  });
  return { seen, outcome };
}

/** Half of the spread, as a part of the price. */
function half(gamma: number, kappa: number, sigma: number, hours: number): number {
  const risk = (gamma * sigma ** 2 * hours) / (365 * 24);
  return (risk + (2 / gamma) * Math.log(1 + gamma / kappa)) / 2;
}

describe('a market maker', () => {
  it.each([
    [0.1, 1_000, 1],
    [5, 1_000, 1],
    [5, 200, 2],
  ])('with aversion %d, thinning %d and volatility %d quotes the spread of the formula', (gamma, kappa, volatility) => {
    const { seen } = quotesOf({}, [maker({ gamma, kappa, volatility })]);
    const [bid, ask] = seen.at(-1) ?? [];
    // Rounded away from the middle, by up to a tick a side.
    expect(Math.abs((ask ?? 0) - (bid ?? 0) - 2 * 10 * half(gamma, kappa, volatility, 1))).toBeLessThanOrEqual(0.002 + 1e-9);
    expect(((ask ?? 0) + (bid ?? 0)) / 2).toBeCloseTo(10, 2);
  });

  it('quotes lower when it holds too much, and higher when too little, by the reservation price', () => {
    const middle = (tkn: number) => {
      const { seen } = quotesOf({}, [maker({ gamma: 20 }, { TKN: tkn, USD: 200_000 - tkn * 10 })]);
      const [bid, ask] = seen.at(-1) ?? [0, 0];
      return (bid + ask) / 2;
    };
    // 4,000 tokens beyond half are forty orders: 40 · 20 / 8,760 of the price.
    expect(middle(14_000)).toBeCloseTo(10 * (1 - (40 * 20) / 8_760), 2);
    expect(middle(6_000)).toBeCloseTo(10 * (1 + (40 * 20) / 8_760), 2);
  });

  it('earns the spread from traders without an opinion', () => {
    const trader = { use: 'noise-trader', count: 5, params: { venue: 'book', rate: 120, size: 300 }, wallet: { USD: 50_000, TKN: 5_000 } };
    const { outcome } = quotesOf({ horizon: '2 h', chain: { blockTime: '1 s', order: 'arrival' } }, [maker({ every: '5 s' }), trader]);
    expect(countOf(outcome, 'maker-fill')).toBeGreaterThan(100);
    expect(profitOf(outcome, 'market-maker')).toBeGreaterThan(0);
    expect(profitOf(outcome, 'trader')).toBeLessThan(0);
  });

  it('leaves when it is too wild, comes back when it is calm, and leaves for good after a loss', () => {
    const fall = { use: 'shock', with: { start: 10, at: '1 min', factor: 0.8 } };
    const there = (params: object, horizon: string) =>
      quotesOf({ tkn: fall, horizon }, [maker({ volatility: undefined, halfLife: '2 min', ...params })]).seen.map(([bid]) => bid > 0);
    const stays = there({}, '30 min');
    expect(stays.slice(2).every(Boolean)).toBe(true);
    const leaves = there({ leaveAt: 3, returnAfter: '5 min' }, '60 min');
    expect([leaves[3], leaves[7], leaves.at(-1)]).toEqual([true, false, true]);
    expect(there({ lossMax: 1_000 }, '60 min').at(-1)).toBe(false);
    expect(there({ lossMax: 1e6 }, '60 min').at(-1)).toBe(true);
  });
});
