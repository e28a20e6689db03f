/** Oracles that hold their source back: in time, between bounds, under a cap, behind a guard. */
import { describe, expect, it } from 'vitest';
import { YEAR_MS } from '../../../src/base/params.ts';
import { delayed } from '../../../src/oracle/delayed.ts';
import { deviationGuard } from '../../../src/oracle/deviation-guard.ts';
import { faulty } from '../../../src/oracle/faulty.ts';
import { growthCap } from '../../../src/oracle/growth-cap.ts';
import { hardCoded } from '../../../src/oracle/hard-coded.ts';
import { minMax } from '../../../src/oracle/min-max.ts';
import { pull } from '../../../src/oracle/pull.ts';
import { sourceAlone } from '../../../src/oracle/source-alone.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A source that a test moves: `show` sets its price and tells the oracle of it. */
function source() {
  let price = Number.NaN;
  const needs = sourceAlone(() => price);
  return {
    needs,
    show(oracle: { observe(price: number, at: number): void }, value: number, at: number) {
      price = value;
      oracle.observe(value, at);
    },
  };
}

describe('hard-coded', () => {
  it('says the same whatever it is shown, and that it is of now', () => {
    const { needs, show } = source();
    const oracle = hardCoded.create({ price: 1 }, needs);
    show(oracle, 0.1, 0);
    expect(oracle.read(HOUR)).toEqual({ price: 1, observedAt: HOUR, publishedAt: HOUR, valid: true });
  });
});

describe('min-max', () => {
  it('never leaves its answers', () => {
    const { needs, show } = source();
    const oracle = minMax.create({ least: 0.1, greatest: 1_000 }, needs);
    const said = [0.01, 0.1, 5, 1_000, 1e9].map((price, at) => {
      show(oracle, price, at);
      return oracle.read(at).price;
    });
    expect(said).toEqual([0.1, 0.1, 5, 1_000, 1_000]);
  });

  it('refuses bounds in the wrong order', () => {
    expect(minMax.check?.({ least: 2, greatest: 1 })).toEqual([{ param: 'least', found: '2', expected: 'at most the greatest answer, 1' }]);
    expect(minMax.check?.({ least: 1, greatest: 1 })).toEqual([]);
  });
});

describe('delayed', () => {
  it('believes at each hop what was queued at the hop before', () => {
    const { needs, show } = source();
    const oracle = delayed.create({ hop: HOUR }, needs);
    for (let minute = 0; minute <= 180; minute += 10) show(oracle, 1_000 + minute, minute * MINUTE);
    // At hop 3 the price of hop 2 counts, and the one of hop 3 waits.
    expect(oracle.read(3 * HOUR)).toEqual({ price: 1_120, observedAt: 2 * HOUR, publishedAt: 3 * HOUR, valid: true });
    expect(oracle.nextUpdate(3 * HOUR)).toBe(4 * HOUR);
    show(oracle, 1, 3 * HOUR + MINUTE);
    expect(oracle.read(3 * HOUR + MINUTE).price).toBe(1_120);
    show(oracle, 1, 4 * HOUR);
    expect(oracle.read(4 * HOUR).price).toBe(1_180);
    show(oracle, 1, 5 * HOUR);
    expect(oracle.read(5 * HOUR).price).toBe(1);
  });
});

describe('growth-cap', () => {
  it('follows its source down, and up no faster than its rate', () => {
    const { needs, show } = source();
    const oracle = growthCap.create({ growth: 0.1, slack: 0.02 }, needs);
    show(oracle, 100, 0);
    show(oracle, 90, HOUR);
    expect(oracle.read(HOUR).price).toBe(90);
    show(oracle, 500, YEAR_MS / 2);
    expect(oracle.read(YEAR_MS / 2).price).toBeCloseTo(100 * 1.02 * 1.05, 9);
    show(oracle, 500, YEAR_MS);
    expect(oracle.read(YEAR_MS).price).toBeCloseTo(100 * 1.02 * 1.1, 9);
  });
});

describe('deviation-guard', () => {
  it('does not believe a jump, believes its return, and the new level when that has stood', () => {
    const { needs, show } = source();
    const oracle = deviationGuard.create({ deviation: 0.2, patience: 10 * MINUTE }, needs);
    const said = [100, 119, 50, 110, 50].map((price, minute) => {
      show(oracle, price, minute * MINUTE);
      const { valid, price: read } = oracle.read(minute * MINUTE);
      return valid ? read : 'none';
    });
    expect(said).toEqual([100, 119, 'none', 110, 'none']);
    show(oracle, 50, 12 * MINUTE);
    expect(oracle.read(12 * MINUTE).valid).toBe(false);
    show(oracle, 50, 13 * MINUTE);
    expect(oracle.read(13 * MINUTE).price).toBe(50);
  });
});

describe('pull', () => {
  const terms = { latency: 2 * MINUTE, confidenceMin: 0.001, confidenceTimes: 2, spread: MINUTE, halfLife: HOUR };

  it('is what the source said a latency ago', () => {
    const { needs, show } = source();
    const oracle = pull.create(terms, needs);
    for (let minute = 0; minute <= 10; minute++) show(oracle, 100 + minute, minute * MINUTE);
    expect(oracle.read(10 * MINUTE)).toMatchObject({ price: 108, observedAt: 8 * MINUTE, publishedAt: 10 * MINUTE });
    expect(oracle.nextUpdate(10 * MINUTE)).toBe(11 * MINUTE);
    expect(oracle.read(60 * MINUTE).price).toBe(110);
    expect(oracle.nextUpdate(60 * MINUTE)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is as certain as its least while nothing moves, and by the volatility of a minute where the price moves by so much', () => {
    const { needs, show } = source();
    const oracle = pull.create({ ...terms, latency: 0 }, needs);
    for (let minute = 0; minute < 100; minute++) show(oracle, 100, minute * MINUTE);
    expect(oracle.read(99 * MINUTE).confidence).toBeCloseTo(0.001, 12);
    // A per cent up and down each minute: a standard deviation of a per cent a minute.
    for (let minute = 100; minute < 2_000; minute++) show(oracle, minute % 2 === 0 ? 100 : 100 * Math.exp(0.01), minute * MINUTE);
    expect(oracle.read(1_999 * MINUTE).confidence).toBeCloseTo(0.001 + 2 * 0.01, 4);
  });
});

describe('faulty', () => {
  const play = (fault: 'stuck' | 'outage' | 'scale' | 'late') => {
    const { needs, show } = source();
    const oracle = faulty.create({ fault, from: 10 * MINUTE, to: 20 * MINUTE, factor: 100, delay: 5 * MINUTE }, needs);
    return Array.from({ length: 25 }, (_, minute) => {
      show(oracle, 100 + minute, minute * MINUTE);
      const { valid, price, observedAt } = oracle.read(minute * MINUTE);
      return valid ? [price, observedAt / MINUTE] : 'none';
    });
  };

  it.each([
    ['stuck', [110, 10]],
    ['outage', 'none'],
    ['scale', [11_500, 15]],
    ['late', [110, 10]],
  ] as const)('%s: the fault while it lasts, and the source before and after', (fault, during) => {
    const said = play(fault);
    expect(said[15]).toEqual(during);
    expect([said[9], said[20]]).toEqual([
      [109, 9],
      [120, 20],
    ]);
  });

  it('refuses a fault that is none', () => {
    const check = (over: object) => faulty.check?.({ fault: 'scale', from: 0, to: undefined, factor: 1, delay: 0, ...over })[0]?.param;
    expect(check({})).toBe('factor');
    expect(check({ fault: 'late' })).toBe('delay');
    expect(check({ fault: 'outage', from: 5, to: 5 })).toBe('to');
    expect(check({ fault: 'outage' })).toBe(undefined);
  });
});
