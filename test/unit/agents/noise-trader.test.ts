/** The crowd: how often, how much, and which way. */
import { describe, expect, it } from 'vitest';
import noiseTrader from '../../../agents/noise-trader.ts';
import { aHandMadeWorld, ETH, USD } from '../../support/scripted-view.ts';

const DEFAULTS = { venue: 0, rate: 60, size: 1_000, sizeSigma: 1, pull: 0 };

/** Lets it wake `count` times. Answers the gaps between wakes, the sizes in USD and what was sold. */
function watch(params: typeof DEFAULTS, count: number, fairEth = 2_000, wallet = 1e8) {
  const world = aHandMadeWorld({ seed: 7 });
  world.give(USD, wallet);
  world.give(ETH, wallet / 1e4);
  world.fair[ETH] = fairEth;
  const agent = noiseTrader.create(params, world.self);
  const gaps: number[] = [];
  const sizes: number[] = [];
  const sells: number[] = [];
  for (let i = 0; i <= count; i++) {
    const reply = agent.onWake?.(world.view);
    const wakeAt = reply?.wakeAt ?? Number.NaN;
    gaps.push(wakeAt - world.view.at);
    world.view.at = wakeAt;
    for (const { actions } of reply?.intents ?? []) {
      const [swap] = actions;
      if (swap.do !== 'swap' || typeof swap.amount !== 'number') continue;
      sizes.push(world.view.usd(swap.sell, swap.amount));
      sells.push(swap.sell);
    }
  }
  return { gaps, sizes, sells };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('noise trader', () => {
  it('trades `rate` times an hour on average, and not when it first wakes', () => {
    const { gaps, sizes } = watch(DEFAULTS, 4_000);
    expect(sizes).toHaveLength(4_000);
    // Standard error of a mean of 4,001 exponentials: 1.6 %; five of them.
    expect(mean(gaps) / 60_000).toBeGreaterThan(0.92);
    expect(mean(gaps) / 60_000).toBeLessThan(1.08);
  });

  it('has lognormal sizes of the given median and spread', () => {
    const logs = watch(DEFAULTS, 4_000).sizes.map((size) => Math.log(size / 1_000));
    const centre = mean(logs);
    expect(Math.abs(centre)).toBeLessThan(5 / Math.sqrt(4_000));
    expect(Math.sqrt(mean(logs.map((log) => (log - centre) ** 2)))).toBeCloseTo(1, 1);
  });

  it('has one size where the spread is 0', () => {
    for (const size of watch({ ...DEFAULTS, sizeSigma: 0 }, 20).sizes) expect(size).toBeCloseTo(1_000, 2);
  });

  it('tosses a coin for the side, and with pull sells what is dear', () => {
    const soldBase = (pull: number, fair: number) =>
      mean(watch({ ...DEFAULTS, pull }, 2_000, fair).sells.map((sell) => Number(sell === ETH)));
    expect(soldBase(0, 1_000)).toBeCloseTo(0.5, 1);
    expect(soldBase(0.5, 1_000)).toBeCloseTo(0.75, 1);
    expect(soldBase(1, 1_000)).toBe(1);
    expect(soldBase(1, 4_000)).toBe(0);
  });

  it('never sells more than it has', () => {
    const { sizes } = watch(DEFAULTS, 500, 2_000, 500);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
    expect(sizes.filter((size) => size === 500).length).toBeGreaterThan(0);
  });
});
