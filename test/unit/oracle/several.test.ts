/** Oracles of several: medians, anchors, reporters. */
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { anchored } from '../../../src/oracle/anchored.ts';
import { median } from '../../../src/oracle/median.ts';
import { NO_READING } from '../../../src/oracle/no-reading.ts';
import type { OracleNeeds, Reading } from '../../../src/oracle/oracle.ts';
import { reporters } from '../../../src/oracle/reporters.ts';
import { sourceAlone } from '../../../src/oracle/source-alone.ts';

const MINUTE = 60_000;

/** Oracles that say what a test has them say. */
function saying(readings: (Reading | number)[]): OracleNeeds {
  return {
    ...sourceAlone(() => Number.NaN),
    oracle: (id) => ({
      read(now) {
        const said = readings[id];
        return typeof said === 'number' ? { price: said, observedAt: now, publishedAt: now, valid: true } : said;
      },
      nextUpdate: () => Number.POSITIVE_INFINITY,
    }),
  };
}
const old = (price: number): Reading => ({ price, observedAt: 0, publishedAt: 0, valid: true });

describe('median', () => {
  const read = (said: (Reading | number)[], more: object = {}) => {
    const terms = { oracles: said.map((_, id) => id), weights: undefined, maxAge: undefined, quorum: 1, ...more };
    return median.create(terms, saying(said)).read(10 * MINUTE);
  };

  it('is the one in the middle, or the mean of the two', () => {
    expect(read([3, 1, 2]).price).toBe(2);
    expect(read([4, 1, 2, 3]).price).toBe(2.5);
    expect(read([7]).price).toBe(7);
  });

  it('stays among the honest while fewer than half lie, and not beyond', () => {
    for (const lie of [0.001, 1e6]) {
      const two = read([100, 101, 102, lie, lie]).price;
      expect(two).toBeGreaterThanOrEqual(100);
      expect(two).toBeLessThanOrEqual(102);
      expect(read([100, 101, lie, lie, lie]).price).toBe(lie);
    }
  });

  it('weighs', () => {
    expect(read([1, 2, 3], { weights: [5, 1, 1] }).price).toBe(1);
    expect(read([1, 2, 3], { weights: [2, 1, 1] }).price).toBe(1.5);
    expect(read([1, 2, 3], { weights: [0, 0, 4] }).price).toBe(3);
  });

  it('passes over the silent and the stale, and says nothing without a quorum', () => {
    expect(read([1, NO_READING, 5]).price).toBe(3);
    expect(read([1, old(100), 5], { maxAge: MINUTE }).price).toBe(3);
    expect(read([1, NO_READING, 5], { quorum: 3 }).valid).toBe(false);
    expect(read([NO_READING]).valid).toBe(false);
  });

  it('refuses weights that do not match and quorums that cannot be', () => {
    const sound = { oracles: [0, 1], weights: undefined, maxAge: undefined, quorum: 1 };
    const check = (terms: object) => median.check?.({ ...sound, ...terms })[0]?.param;
    expect(check({ weights: [1] })).toBe('weights');
    expect(check({ weights: [0, 0] })).toBe('weights');
    expect(check({ quorum: 3 })).toBe('quorum');
    expect(check({ oracles: [] })).toBe('oracles');
    expect(check({ weights: [1, 2] })).toBe(undefined);
  });
});

describe('anchored', () => {
  const terms = { primary: 0, fallback: 1, anchor: 2, band: 0.15, maxAge: 5 * MINUTE };

  it('takes the primary over near the anchor, keeps the last price beyond it, and asks the fallback without a primary', () => {
    const said: (Reading | number)[] = [100, 101, 100];
    const oracle = anchored.create(terms, saying(said));
    const look = (minute: number) => {
      oracle.observe(Number.NaN, minute * MINUTE);
      return oracle.read(minute * MINUTE).price;
    };
    expect(oracle.read(0).valid).toBe(false);
    expect(look(10)).toBe(100);
    said[0] = 114;
    expect(look(11)).toBe(114);
    said[0] = 116;
    expect(look(12)).toBe(114);
    said[0] = NO_READING;
    expect(look(13)).toBe(101);
    said[0] = old(99);
    expect(look(14)).toBe(101);
    said[2] = 300;
    said[0] = 100;
    expect(look(15)).toBe(101);
  });
});

describe('reporters', () => {
  const terms = {
    ...{ reporters: 5, lazy: 0, bribed: 0, lie: 2, from: 10 * MINUTE, to: undefined, noise: 0 },
    ...{ period: MINUTE, dispute: 0, tolerance: 0.05, vigilance: 0 },
  };
  const play = (over: object, price: (minute: number) => number = () => 100) => {
    const oracle = reporters.create(
      { ...terms, ...over },
      sourceAlone(() => Number.NaN, randomFrom(7)),
    );
    return Array.from({ length: 30 }, (_, minute) => {
      oracle.observe(price(minute), minute * MINUTE);
      return oracle.read(minute * MINUTE).price;
    });
  };

  it('say the truth while less than half are bribed, and a lie from then on', () => {
    expect(play({ bribed: 2 })[20]).toBe(100);
    expect(play({ bribed: 3 })[20]).toBe(200);
    expect(play({ bribed: 3 })[9]).toBe(100);
  });

  it('make fewer bribes enough where some are lazy: the price has moved and they have not', () => {
    const rising = (minute: number) => 100 + minute;
    expect(play({ bribed: 1, lazy: 2, lie: 0.5 }, rising)[20]).toBe(100);
    expect(play({ bribed: 1, lazy: 1, lie: 0.5 }, rising)[20]).toBe(120);
  });

  it('have a lie disputed by who looks, for as long as it may be', () => {
    const open = { bribed: 3, dispute: 5 * MINUTE };
    expect(play(open)[14]).toBe(100);
    expect(play(open)[15]).toBe(200);
    expect(play({ ...open, vigilance: 1 })[25]).toBe(100);
    expect(play({ ...open, vigilance: 1, tolerance: 2 })[25]).toBe(200);
  });

  it('err like a median of five: less than one of them', () => {
    const errors = Array.from({ length: 40 }, (_, seed) => {
      const oracle = reporters.create(
        { ...terms, noise: 0.01 },
        sourceAlone(() => Number.NaN, randomFrom(seed)),
      );
      return Array.from({ length: 50 }, (__, minute) => {
        oracle.observe(100, minute * MINUTE);
        return Math.log(oracle.read(minute * MINUTE).price / 100);
      });
    }).flat();
    const sd = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
    // The median of five normals has 0.5356 of their standard deviation (H. Harter, Order Statistics and their Use, table of n = 5, from
    // memory: variance 0.2868); four standard errors of 2,000 draws are 6 %.
    expect(sd / 0.01 / 0.5356).toBeGreaterThan(0.94);
    expect(sd / 0.01 / 0.5356).toBeLessThan(1.06);
  });

  it('cannot be more liars than people, nor disputed in no time', () => {
    expect(reporters.check?.({ ...terms, bribed: 4, lazy: 2 })[0]?.param).toBe('bribed');
    expect(reporters.check?.({ ...terms, vigilance: 0.5 })[0]?.param).toBe('dispute');
    expect(reporters.check?.(terms)).toEqual([]);
  });
});
