import { describe, expect, it } from 'vitest';
import type { Oracle } from '../../../src/oracle/oracle.ts';
import { pushFeed } from '../../../src/oracle/push-feed.ts';
import { sourceAlone } from '../../../src/oracle/source-alone.ts';
import type { Sampled } from '../../../src/study/validate/check.ts';
import { ERROR_EXPECTED, feedCycles, GAP_EXPECTED, sampledError, sampledGap } from '../../../src/study/validate/simulated-feed.ts';

const BLOCK = 12_000;
const HOUR = 3_600_000;
const make = (params: { heartbeat?: number; deviation?: number; latency?: number } = {}): Oracle =>
  pushFeed.create(
    { heartbeat: HOUR, deviation: 0.005, latency: 0, ...params },
    sourceAlone(() => Number.NaN),
  );

describe('a push feed', () => {
  it('stands still until the source has moved by the threshold from the last round, either way', () => {
    const oracle = make();
    const path = [1_000, 1_004.99, 1_005, 1_009, 999.98, 999.97, 994.98, 994.97];
    const read = path.map((price, i) => {
      oracle.observe(price, i * BLOCK);
      return oracle.read(i * BLOCK).price;
    });
    // 0.5 % of 1005 is 5.025: down to 999.975; 0.5 % of 999.97 is 4.99985: down to 994.97015.
    expect(read).toEqual([1_000, 1_000, 1_005, 1_005, 1_005, 999.97, 999.97, 994.97]);
  });

  it('sends a round a heartbeat after the last one sent, whatever the price', () => {
    const oracle = make();
    const rounds: number[] = [];
    for (let at = 0; at <= 3 * HOUR; at += BLOCK) {
      // A deviation half an hour in starts the heartbeat anew.
      oracle.observe(at < HOUR / 2 ? 100 : 101, at);
      if (oracle.read(at).observedAt === at) rounds.push(at / HOUR);
    }
    expect(rounds).toEqual([0, 0.5, 1.5, 2.5]);
  });

  it('publishes a round its latency after the observation, in order, with several on their way', () => {
    const oracle = make({ latency: 30_000 });
    for (const [i, price] of [100, 110, 121, 133].entries()) oracle.observe(price, i * BLOCK);
    const now = 3 * BLOCK;
    expect(oracle.read(now)).toEqual({ price: 100, observedAt: 0, publishedAt: 0, valid: true });
    expect(oracle.nextUpdate(now)).toBe(42_000);
    expect(oracle.read(41_999).price).toBe(100);
    expect(oracle.read(42_000)).toEqual({ price: 110, observedAt: 12_000, publishedAt: 42_000, valid: true });
    expect(oracle.nextUpdate(42_000)).toBe(54_000);
    expect([54_000, 66_000].map((at) => oracle.read(at).price)).toEqual([121, 133]);
    expect(oracle.nextUpdate(66_000)).toBe(Number.POSITIVE_INFINITY);
  });

  it('keeps order and count with hundreds of rounds on their way', () => {
    const oracle = make({ deviation: 0, latency: 200 * BLOCK });
    for (let block = 0; block <= 500; block++) oracle.observe(1_000 + block, block * BLOCK);
    for (let block = 500; block <= 700; block++) expect(oracle.read(block * BLOCK).price).toBe(1_000 + block - 200);
  });

  it('measures deviation from the last round sent, not from the last one readable', () => {
    const oracle = make({ latency: 10 * BLOCK });
    oracle.observe(100, 0);
    oracle.observe(110, BLOCK);
    oracle.observe(110.1, 2 * BLOCK);
    expect(oracle.nextUpdate(2 * BLOCK)).toBe(11 * BLOCK);
    expect(oracle.nextUpdate(11 * BLOCK)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the rounds of a push feed (B6: volatility 0.8, deviation 0.5 %, blocks of 12 s)', () => {
  const runs = Array.from({ length: 20 }, (_, i) => feedCycles(100 + i, 30));
  const outside = (expected: number, sampled: readonly Sampled[]) => sampled.filter(({ lo, hi }) => expected < lo || expected > hi);

  // Six or more of twenty correct tests at 95 % fail with probability 0.0003 (binomial).
  it('come as often as they should with twenty other seeds', () => {
    const gaps = runs.map((cycles) => sampledGap(cycles, 0.95));
    expect(outside(GAP_EXPECTED, gaps).length).toBeLessThanOrEqual(5);
    // The rate without its correction for blocks is as far away as one may tell in a month.
    expect(outside(GAP_EXPECTED * (62.58 / 70.14), gaps).length).toBeGreaterThan(15);
  });

  it('leave the error that they should with twenty other seeds', () => {
    expect(
      outside(
        ERROR_EXPECTED,
        runs.map((cycles) => sampledError(cycles, 0.95)),
      ).length,
    ).toBeLessThanOrEqual(5);
  });
});
