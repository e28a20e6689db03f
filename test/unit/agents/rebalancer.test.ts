/** What the keeper of a basket does in a real, small world: two volatile assets, deep pools, oracles that read the outside. */
import { describe, expect, it } from 'vitest';
import { runScenario } from '../../../src/run/run.ts';
import { isProblems, loadExperiment } from '../../../src/scenario/load.ts';
import { formatProblem } from '../../../src/scenario/problem.ts';
import { builtIn, smallExperiment } from '../../support/small-world.ts';

const DAYS = 4;

interface Basket {
  readonly params?: object;
  readonly correlation?: number;
  readonly volatility?: readonly [number, number];
  /** Dollars on each side of the pools. */
  readonly depth?: number;
  readonly horizonDays?: number;
}

function run({ params = {}, correlation = 0, volatility = [1, 1], depth = 1e9, horizonDays = DAYS }: Basket) {
  const pool = (base: string) => ({ use: 'constant-product', with: { base, quote: 'USD', quoteReserve: depth, fee: 0.0005 } });
  const gbm = (start: number, of: number) => ({ use: 'gbm', with: { start, volatility: of } });
  const plain = smallExperiment({
    agents: [
      { use: 'lender', params: { protocol: 'lend', asset: 'USD' }, wallet: { USD: 1e6 } },
      {
        use: 'rebalancer',
        params: { protocol: 'lend', basket: ['TKN', 'GAS'], stable: 'USD', interval: '10 min', ...params },
        wallet: { TKN: 10_000, GAS: 50 },
      },
      ...['pool', 'second'].map((venue) => ({
        use: 'arbitrageur',
        name: `at-${venue}`,
        params: { venue },
        wallet: { USD: 1e9, TKN: 1e7, GAS: 1e5 },
      })),
    ],
    decimals: { USD: 4, TKN: 4, GAS: 4 },
    tkn: gbm(10, volatility[0]),
    prices: { GAS: gbm(2000, volatility[1]) },
    step: '1 min',
    chain: { blockTime: '1 min' },
    oracle: { use: 'spot', source: 'outside' },
    venues: { pool: pool('TKN'), second: pool('GAS') },
    horizon: `${horizonDays} d`,
  });
  const experiment = { ...plain, world: { ...plain.world, correlation: { 'TKN,GAS': correlation } } };
  experiment.world.protocols.lend.markets.GAS = { oracle: 'gas', ltv: 0.5, liquidationThreshold: 0.6 } as never;
  const loaded = loadExperiment(JSON.stringify(experiment), 'basket.json', [], { registry: builtIn, readText: () => undefined });
  if (isProblems(loaded)) throw new Error(loaded.map(formatProblem).join('\n'));
  const outcome = runScenario(loaded.resolve([]) as never, builtIn, { seed: 3, trace: 'facts', checkEvery: 200 });
  if (outcome.error !== undefined) throw new Error(JSON.stringify(outcome.error));
  const keeper = outcome.names.accounts.indexOf('rebalancer/0');
  const moved = (kind: string, market: number) =>
    outcome.events.reduce(
      (sum, event) => (event.kind === kind && event.actor === keeper && event.subject === market ? sum + event.a : sum),
      0,
    );
  /** Units posted at the end: of TKN, USD, GAS. */
  const posted = [0, 1, 2].map((market) => moved('deposit', market) - moved('withdraw', market));
  const owed = moved('borrow', 1) - moved('repay', 1);
  const swaps = outcome.events.filter(({ kind, actor }) => kind === 'trade' && actor === keeper);
  /** Of each sale, what it lost against the oracle. */
  const lost = swaps.map(({ b, a, seq }) => {
    const withdrawn = outcome.events.find(
      (event) => event.kind === 'withdraw' && event.actor === keeper && event.a === a && event.seq > seq - 4,
    );
    return 1 + b / 1e4 / (withdrawn?.b ?? Number.NaN);
  });
  const dollars = [posted[0] * 10, posted[1], posted[2] * 2000].map((units) => units / 1e4);
  return {
    outcome,
    posted,
    dollars,
    owed: owed / 1e4,
    swaps,
    lost,
    refused: outcome.events.filter(({ kind, actor }) => kind === 'refusal' && actor === keeper),
  };
}

describe('the keeper of a basket', () => {
  it('posts it, borrows a part of its worth, and leaves it alone while it is diversified', () => {
    const { dollars, owed, swaps } = run({ params: { loan: 0.3 }, horizonDays: 1 });
    expect(dollars[0]).toBeCloseTo(100_000, 3);
    expect(dollars[2]).toBeCloseTo(100_000, 3);
    expect(owed).toBeGreaterThan(0.29 * 200_000);
    expect(owed).toBeLessThan(0.31 * 200_000);
    expect(swaps).toEqual([]);
  });

  it('leaves it for stable money, a part at a time, when the assets move as one', () => {
    const { dollars, swaps, refused } = run({ correlation: 1, horizonDays: 1 });
    expect(dollars[0] + dollars[2]).toBeLessThan(2000);
    expect(dollars[1]).toBeGreaterThan(150_000);
    // A quarter of what is left each time.
    expect(swaps.length / 2).toBeGreaterThan(10);
    expect(refused).toEqual([]);
  });

  it('repays what it owes with the first of it', () => {
    const { owed, dollars } = run({ correlation: 1, params: { loan: 0.3 }, horizonDays: 1 });
    expect(owed).toBe(0);
    expect(dollars[1]).toBeGreaterThan(100_000);
  });

  it('brings its value at risk to the limit, not farther', () => {
    const limit = 0.06;
    const { dollars } = run({ correlation: 1, params: { measure: 'var', limit, lambda: 0.995, warmup: 100 } });
    // Volatility 1: 99 % of a day is 2.326/√365 = 12.2 % of what is risky. It acts on the highest estimate so far.
    const risky = (dollars[0] + dollars[2]) / dollars.reduce((sum, usd) => sum + usd, 0);
    const expected = limit / (2.326 / Math.sqrt(365));
    expect(risky).toBeGreaterThan(0.75 * expected);
    expect(risky).toBeLessThan(1.05 * expected);
  });

  it('goes to the weights of least variance where it is told to', () => {
    const params = { towards: 'minimum-variance', measure: 'var', limit: 0.001, lambda: 0.999, stepMax: 1, warmup: 200 };
    const { dollars } = run({ volatility: [1, 2], params });
    // 1/σ² each: four fifths of the calmer one.
    expect(dollars[0] / (dollars[0] + dollars[2])).toBeGreaterThan(0.72);
    expect(dollars[0] / (dollars[0] + dollars[2])).toBeLessThan(0.88);
    expect(dollars[1]).toBe(0);
  });

  it('moves less where pools are shallow, so that no swap loses more than it allows', () => {
    const shallow = run({ correlation: 1, depth: 100_000, params: { slippageMax: 0.01 }, horizonDays: 1 });
    const deep = run({ correlation: 1, params: { slippageMax: 0.01 }, horizonDays: 1 });
    expect(shallow.swaps[0].a).toBeGreaterThan(0);
    expect(shallow.swaps[0].a).toBeLessThan(deep.swaps[0].a / 4);
    // One block passes between the quote and the swap: 0.14 % of a price, one deviation.
    for (const lost of shallow.lost) expect(lost).toBeLessThan(0.016);
    expect(Math.max(...deep.lost)).toBeLessThan(0.012);
  });
});
