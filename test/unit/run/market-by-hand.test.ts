/** A world of plug-ins, beside the same market written out by hand: whatever the machinery does in between, the same money moves. */
import { describe, expect, it } from 'vitest';
import { marketByHand } from '../../bench/market-by-hand.ts';
import { marketAsWorld, marketScenario } from '../../bench/market-step.ts';
import { builtIn } from '../../support/small-world.ts';

const HORIZON_MS = 10_000;

describe('a world', () => {
  const scenario = marketScenario(builtIn, HORIZON_MS);

  it.each([1, 2])('makes the trades of the same market by hand, and leaves its pool with the same units (seed %i)', (seed) => {
    const { wakes, ...byHand } = marketByHand(seed, HORIZON_MS);
    const { end, liquidations } = marketAsWorld(scenario, builtIn, seed, 'none');
    expect(end).toEqual(byHand);
    expect(liquidations).toBe(0);
    // A trade for each wake, but for those who wake first, who sold out, or whose order waits for the block after the last.
    expect(end.trades).toBeGreaterThan(wakes * 0.7);
  });

  it('makes the same trades whether or not facts are recorded', () => {
    const silent = marketAsWorld(scenario, builtIn, 1, 'none');
    const traced = marketAsWorld(scenario, builtIn, 1, 'facts');
    expect(traced.end).toEqual(silent.end);
    expect([silent.facts, traced.facts > traced.end.trades]).toEqual([0, true]);
  });
});
