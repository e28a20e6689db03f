import { describe, expect, it } from 'vitest';
import { exp, expm1, log, log1p, pow } from '../../../src/base/elementary.ts';
import { normalCdf, normalDensity, normalQuantile } from '../../../src/base/normal.ts';
import { randomFrom } from '../../../src/base/random.ts';
import { exactExp, exactLog, exactUpperTail, fixed, one, times, ulps } from '../../support/high-precision.ts';

const SAMPLES = 300;
const draws = randomFrom(20_240_601, 'elementary');
const between = (low: number, high: number) => Array.from({ length: SAMPLES }, () => low + (high - low) * draws.uniform());
const worst = (points: readonly number[], error: (x: number) => number) => points.reduce((most, x) => Math.max(most, error(x)), 0);
const expError = (x: number) => {
  const exact = exactExp(fixed(x));
  return ulps(exp(x), exact.value, exact.k);
};
const logError = (x: number) => ulps(log(x), exactLog(fixed(x)));

describe('exp', () => {
  it('is within one unit in the last place over its whole range', () => {
    expect(worst([...between(-0.4, 0.4), ...between(-20, 20), ...between(-708, 709.7)], expError)).toBeLessThan(1);
  });
  it('ends at 0 and Infinity where float64 does', () => {
    expect(exp(709.782712893384)).toBeLessThan(Infinity);
    expect(exp(709.79)).toBe(Infinity);
    expect(exp(-745.2)).toBe(0);
    expect(exp(-745)).toBe(5e-324);
    expect([exp(0), exp(-0), exp(Infinity), exp(-Infinity)]).toEqual([1, 1, Infinity, 0]);
    expect(exp(NaN)).toBeNaN();
  });
});

describe('log', () => {
  it('is within one unit in the last place', () => {
    expect(
      worst([...between(0.5, 2), ...between(0.99, 1.01), ...between(0, 1000), ...between(0, 1).map((u) => exp(600 * u))], logError),
    ).toBeLessThan(1);
  });
  it('has the right values at the edges, subnormal numbers included', () => {
    expect([log(1), log(0), log(Infinity)]).toEqual([0, -Infinity, Infinity]);
    expect(log(-1)).toBeNaN();
    expect(log(NaN)).toBeNaN();
    expect(log(5e-324)).toBeCloseTo(-744.4400719213812, 12);
    expect(log(Number.MAX_VALUE)).toBeCloseTo(709.782712893384, 12);
  });
});

describe('expm1 and log1p', () => {
  it('keep their digits near zero', () => {
    expect(
      worst([...between(-1, 1), ...between(-1e-6, 1e-6), ...between(-5, 5)], (x) => {
        const { value, k } = exactExp(fixed(x));
        return ulps(expm1(x), (k >= 0 ? value << BigInt(k) : value >> BigInt(-k)) - one);
      }),
    ).toBeLessThan(3);
    expect(
      worst([...between(-0.99, 1), ...between(-1e-6, 1e-6), ...between(1, 1000)], (x) => ulps(log1p(x), exactLog(one + fixed(x)))),
    ).toBeLessThan(2);
    expect([expm1(0), log1p(0), expm1(1e-300), log1p(1e-300), log1p(-1)]).toEqual([0, 0, 1e-300, 1e-300, -Infinity]);
  });
});

describe('pow', () => {
  const powError = (x: number, y: number) => {
    const exact = exactExp(times(fixed(y), exactLog(fixed(x))));
    return ulps(pow(x, y), exact.value, exact.k);
  };
  it('is within two units in the last place for results within e^±16', () => {
    const bases = between(0.1, 9);
    expect(worst(bases, (x) => powError(x, (draws.uniform() - 0.5) * (30 / Math.max(1, Math.abs(log(x))))))).toBeLessThan(2);
  });
  it('stays within its stated error for compound growth over very many periods', () => {
    const rates = between(1e-9, 1e-3);
    expect(worst(rates, (rate) => powError(1 + rate, Math.floor(600 / rate)))).toBeLessThan(1.5 + 600 * 2 ** -57 * 2 ** 53);
  });
  it('agrees with Math.pow in every special case', () => {
    const values = [0, -0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 1e300, -1e300, Infinity, -Infinity, NaN, 5e-324, 1e-300, 2 ** 53, 7.5];
    for (const x of values) {
      for (const y of values) {
        const reference = x ** y;
        const got = pow(x, y);
        if (Number.isFinite(reference) && reference !== 0) expect(Math.abs(got / reference - 1), `${x} ** ${y}`).toBeLessThan(1e-13);
        else expect(got, `${x} ** ${y}`).toBe(reference);
      }
    }
  });
});

describe('the normal distribution', () => {
  it('has the distribution function of the exact tail, in both tails', () => {
    for (let x = 0.05; x < 37; x += 0.37) {
      const { value, k } = exactUpperTail(x);
      // One ulp is at most 2.2e-16 of the value.
      expect(ulps(normalCdf(-x), value, k) * 2.2e-16, `x=${x}`).toBeLessThan(4e-16 * (1 + x));
      expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 15);
    }
    expect([normalCdf(0), normalCdf(Infinity), normalCdf(-Infinity)]).toEqual([0.5, 1, 0]);
  });
  it('has the quantiles of the tables', () => {
    // Python 3.11 statistics.NormalDist().inv_cdf and any table: 1.95996, 2.57583, 1.64485.
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(normalQuantile(0.995)).toBeCloseTo(2.5758293035489, 12);
    expect(normalQuantile(0.95)).toBeCloseTo(1.6448536269514722, 14);
    expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).toEqual([-Infinity, 0, Infinity]);
    expect(normalQuantile(1.1)).toBeNaN();
  });
  it('is inverted by its quantile', () => {
    for (let x = -36; x < 0; x += 0.31) expect(Math.abs(normalQuantile(normalCdf(x)) / x - 1)).toBeLessThan(2e-15);
  });
  it('has a density that is the slope of the distribution function', () => {
    for (let x = -4; x <= 4; x += 0.5) expect((normalCdf(x + 1e-5) - normalCdf(x - 1e-5)) / 2e-5).toBeCloseTo(normalDensity(x), 9);
  });
});

describe('the elementary functions', () => {
  it('give the same bits everywhere: a digest of many results', () => {
    let digest = 0;
    const view = new DataView(new ArrayBuffer(8));
    const fold = (x: number) => {
      view.setFloat64(0, x);
      digest = Math.imul(digest ^ view.getInt32(0), 0x9e3779b1) ^ Math.imul(view.getInt32(4), 0x85ebca77);
      digest = (digest << 7) | (digest >>> 25);
    };
    for (let i = 1; i < 2000; i += 1) {
      const x = i / 64;
      for (const y of [
        exp(x),
        exp(-x),
        log(x),
        log1p(x),
        expm1(-x),
        pow(x, 1.37),
        pow(x, -x / 7),
        normalCdf(x / 8 - 9),
        normalQuantile(i / 2000),
      ])
        fold(y);
    }
    expect(digest >>> 0).toBe(DIGEST);
  });
});

/** Fixed when first computed; a change means that results of old runs cannot be reproduced and belongs in CHANGELOG.md. */
const DIGEST = 3183848062;
