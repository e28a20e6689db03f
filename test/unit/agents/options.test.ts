/** Those who write options, and those who buy them. */
import { describe, expect, it } from 'vitest';
import { contractsOf, FAIR } from '../../support/contract-scenario.ts';
import { countOf, profitOf, runSmall, type SmallWorld } from '../../support/small-world.ts';

const M = 1e6;
const [PERP, CALL, PUT] = [0, 1, 2];
const writer = (params: object = {}, wallet: object = { USD: 30_000 }) => ({
  use: 'option-writer',
  params: { protocol: 'lend', contracts: ['put'], use: 0.5, ...params },
  wallet,
});
const buyer = (params: object = {}) => ({
  use: 'option-buyer',
  name: 'buyer',
  role: 'buyer',
  params: { protocol: 'lend', contracts: ['put'], ...params },
  wallet: { USD: 20_000 },
});
const run = (world: Partial<SmallWorld>) => runSmall({ agents: [], contracts: contractsOf(), oracle: FAIR, horizon: '1 h', ...world });
/** Sizes traded of a contract, tokens, in order. */
const sizes = ({ events }: ReturnType<typeof run>, contract: number) =>
  events.filter(({ kind, subject }) => kind === 'contract-trade' && subject === contract).map(({ a }) => a / M);

const slide = { use: 'shock', with: { start: 10, at: '5 min', factor: 0.9, over: '30 min', hold: '10 d' } };

describe('a writer of options', () => {
  it('sells as many as its share of the deposit is asked for, equally of each', () => {
    const outcome = run({ agents: [writer({ contracts: ['call', 'put'] })] });
    // 15,000 USD, at 15 % of 10 USD for each of two.
    expect(sizes(outcome, CALL)).toEqual([expect.closeTo(-5_000, 0)]);
    expect(sizes(outcome, PUT)).toEqual(sizes(outcome, CALL));
  });

  it('sells fewer where it may not sell as many', () => {
    const [sold, ...more] = sizes(run({ agents: [writer({ use: 3 })] }), PUT);
    expect(more).toEqual([]);
    expect(-sold).toBeLessThan((3 * 30_000) / 1.5);
    expect(-sold).toBeGreaterThan((0.8 * 30_000) / 1.5);
  });

  it('hedges its delta in the perpetual: sells into a fall, and holds nothing once the options are over', () => {
    const params = { hedge: 'perp', hedgeEvery: '5 min' };
    const outcome = run({ tkn: slide, agents: [writer(params)], horizon: '3 h' });
    const hedges = sizes(outcome, PERP);
    const written = -sizes(outcome, PUT)[0];
    // At the money half of what was written is sold; the further it falls the more.
    expect(hedges[0] / written).toBeCloseTo(-0.5, 1);
    expect(hedges.slice(1, 5).every((size) => size < 0)).toBe(true);
    const lowest = hedges.reduce(([sum, low], size) => [sum + size, Math.min(low, sum + size)] as [number, number], [0, 0] as [
      number,
      number,
    ]);
    expect(lowest[1] / written).toBeLessThan(-0.9);
    expect(lowest[0]).toBeCloseTo(0, 5);
  });

  it('loses less of a fall when it hedges', () => {
    const loss = (params: object) => -profitOf(run({ tkn: slide, agents: [writer(params)], horizon: '3 h' }), 'trader');
    const naked = loss({});
    const hedged = loss({ hedge: 'perp', hedgeEvery: '1 min' });
    expect(naked).toBeGreaterThan(5_000);
    expect(hedged).toBeLessThan(0.5 * naked);
  });

  it('leaves alone what is within its band, and takes away the share that it is told to', () => {
    const quiet = run({ agents: [writer({ hedge: 'perp', hedgeEvery: '5 min', band: 0.6 })] });
    expect(sizes(quiet, PERP)).toEqual([]);
    const half = run({ agents: [writer({ hedge: 'perp', hedgeEvery: '1 d', hedgeShare: 0.5 })] });
    expect(sizes(half, PERP)[0] / -sizes(half, PUT)[0]).toBeCloseTo(-0.25, 1);
  });

  it('hedges on a venue with what it holds, and moves the price there', () => {
    const agents = [writer({ venue: 'pool', hedgeEvery: '5 min' }, { USD: 30_000, TKN: 10_000 })];
    const outcome = run({ tkn: slide, agents });
    const trades = outcome.events.filter(({ kind }) => kind === 'trade');
    expect(trades.length).toBeGreaterThan(4);
    // Base goes into the pool, and its price falls.
    expect(trades.slice(0, 5).every(({ a, c, d }) => a > 0 && d < c)).toBe(true);
    const written = -sizes(outcome, PUT)[0];
    expect(trades.reduce((sum, { a }) => sum + a / M, 0) / written).toBeGreaterThan(0.9);
    const calls = run({ agents: [writer({ contracts: ['call'], venue: 'pool', hedgeEvery: '1 d' }, { USD: 60_000 })] });
    // Short a call it buys, with what it has not deposited: nothing here.
    expect(countOf(calls, 'trade')).toBe(0);
    const rich = run({ agents: [writer({ contracts: ['call'], venue: 'pool', share: 0.3, hedgeEvery: '1 d' }, { USD: 60_000 })] });
    expect(rich.events.find(({ kind }) => kind === 'trade')?.a).toBeLessThan(0);
  });
});

describe('a buyer of options', () => {
  it('buys once, for its budget, and is paid if it was right', () => {
    const outcome = run({ tkn: slide, agents: [buyer({ budget: 500 })], horizon: '3 h' });
    const [size, ...more] = sizes(outcome, PUT);
    expect(more).toEqual([]);
    const bought = outcome.events.find(({ kind }) => kind === 'contract-trade');
    expect((bought?.b ?? 0) / M).toBeCloseTo(500 * 1.02, 0);
    expect(profitOf(outcome, 'buyer')).toBeCloseTo(size * 1 - 500 * 1.02, -1);
    expect(countOf(outcome, 'margin-call')).toBe(0);
  });

  it('buys no more notional at once than it is told, however little an option is worth', () => {
    const contracts = contractsOf({ put: { strike: 9.4 } });
    const bought = (params: object) => sizes(run({ contracts, agents: [buyer({ budget: 0.1, ...params })] }), PUT);
    const [free, ...more] = bought({});
    expect(more).toEqual([]);
    expect(free * 10).toBeGreaterThan(5_000);
    expect(bought({ notionalMax: 4_000 })).toEqual([400]);
    expect(bought({ notionalMax: 1e12 })).toEqual([free]);
  });

  it('buys and sells at random moments, about as often as it is told', () => {
    const outcome = run({ agents: [buyer({ contracts: ['call', 'put'], budget: 5, rate: 60, sellShare: 0.5 })] });
    const all = [...sizes(outcome, CALL), ...sizes(outcome, PUT)];
    expect(all.length).toBeGreaterThan(35);
    expect(all.length).toBeLessThan(85);
    expect(all.some((size) => size < 0)).toBe(true);
    expect(all.some((size) => size > 0)).toBe(true);
  });

  it('waits until it is to begin, and buys nothing it cannot pay', () => {
    const late = run({ agents: [buyer({ openAt: '10 min' })] });
    expect(late.events.find(({ kind }) => kind === 'contract-trade')?.at).toBe(10 * 60_000 + 12_000);
    const poor = run({ agents: [{ ...buyer({ budget: 500 }), wallet: { USD: 10 } }] });
    expect(countOf(poor, 'contract-trade')).toBe(0);
  });
});
