import { describe, expect, it } from 'vitest';
import { YEAR_MS } from '../../../src/base/params.ts';
import { randomFrom } from '../../../src/base/random.ts';
import type { Oracle } from '../../../src/oracle/oracle.ts';
import { pushFeed } from '../../../src/oracle/push-feed.ts';
import { gbm } from '../../../src/price/gbm.ts';

const BLOCK = 12_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const make = (params: { heartbeat?: number; deviation?: number; latency?: number } = {}): Oracle =>
  pushFeed.create({ heartbeat: HOUR, deviation: 0.005, latency: 0, ...params }, { live: () => Number.NaN });

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

/** B6, its step-corrected rate: σ²/(d + 0.5826·σ·√dt)² rounds a year for a driftless price seen every dt. */
const VOLATILITY = 0.8;
const DEVIATION = 0.005;
const STEP_SD = VOLATILITY * Math.sqrt(BLOCK / YEAR_MS);
const BARRIER = DEVIATION + 0.5826 * STEP_SD;
const ROUNDS_PER_DAY = (VOLATILITY / BARRIER) ** 2 / 365;

/** z-score of the mean time between rounds over so many days. A symmetric exit time has variance 2/3 of its mean squared. */
function rateScore(seed: number, days: number): { z: number; perDay: number } {
  const price = gbm.create({ start: 2_000, volatility: VOLATILITY, drift: 0 }, { random: randomFrom(seed, 'price'), every: BLOCK });
  const oracle = make({ heartbeat: 30 * DAY, deviation: DEVIATION });
  oracle.observe(price.start, 0);
  let rounds = 0;
  let last = 0;
  for (let at = BLOCK; at <= days * DAY; at += BLOCK) {
    oracle.observe(price.next(at), at);
    const { observedAt } = oracle.read(at);
    if (observedAt === last) continue;
    rounds += 1;
    last = observedAt;
  }
  const perDay = rounds / (last / DAY);
  return { z: (ROUNDS_PER_DAY / perDay - 1) / Math.sqrt(2 / 3 / rounds), perDay };
}

describe('the rate of a push feed (B6: volatility 0.8, deviation 0.5 %, blocks of 12 s)', () => {
  it('is 62.7 rounds a day by the formula, and 70.1 without its correction for blocks', () => {
    expect(ROUNDS_PER_DAY).toBeCloseTo(62.7, 1);
    expect((VOLATILITY / DEVIATION) ** 2 / 365).toBeCloseTo(70.1, 1);
  });

  it('is that rate in 400 simulated days, within the two-sided 99.9 % interval', () => {
    expect(Math.abs(rateScore(1, 400).z)).toBeLessThan(3.2905);
  });

  it('is that rate with twenty other seeds, as often within 95 % as it should be', () => {
    const outside = Array.from({ length: 20 }, (_, i) => rateScore(100 + i, 30)).filter(({ z }) => Math.abs(z) > 1.96);
    // Six or more of twenty correct tests fail with probability 0.0003 (binomial).
    expect(outside.length).toBeLessThanOrEqual(5);
  });
});
