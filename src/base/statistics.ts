/**
 * What a handful of replications says: means, spreads, intervals and two-sided tests, and the one door for simple-statistics (never its
 * `probit`: it gives 1.9571 where 1.95996 is due). Quantiles of t and the normal are our own.
 */
import { mean as meanOf, quantile as quantileOf, sampleStandardDeviation } from 'simple-statistics';
import { fault } from './fault.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { studentQuantile } from './student.ts';

/** A mean with an interval that covers the true one with the given probability, under normality or many samples. */
export interface Estimate {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1); NaN for n < 2. */
  readonly sd: number;
  /** Ends of the interval; −Infinity and Infinity for n < 2. */
  readonly lo: number;
  readonly hi: number;
}

/** Arithmetic mean, summed with compensation. NaN for no sample. */
export function mean(samples: readonly number[]): number {
  return samples.length === 0 ? NaN : meanOf(samples as number[]);
}

/** Sample standard deviation with n − 1. NaN for fewer than two samples. */
export function standardDeviation(samples: readonly number[]): number {
  return samples.length < 2 ? NaN : sampleStandardDeviation(samples as number[]);
}

/**
 * The p-quantile, 0 ≤ p ≤ 1, interpolated between the sorted samples around position (n − 1)·p (type 7 of R and numpy). NaN for no sample.
 */
export function quantile(samples: readonly number[], p: number): number {
  if (!(p >= 0 && p <= 1)) fault('STATISTICS_DOMAIN', { p });
  return samples.length === 0 ? NaN : quantileOf(samples as number[], p);
}

/** mean ± t_{n−1, (1+level)/2} · sd/√n. @param level  coverage, 0 < level < 1 */
export function studentInterval(samples: readonly number[], level = 0.95): Estimate {
  const n = samples.length;
  return intervalOf(n, mean(samples), standardDeviation(samples), level);
}

/** The same from a count, a mean and a standard deviation. */
export function intervalOf(n: number, average: number, sd: number, level = 0.95): Estimate {
  if (!(level > 0 && level < 1)) fault('STATISTICS_DOMAIN', { level });
  if (n < 2) return { n, mean: average, sd: NaN, lo: -Infinity, hi: Infinity };
  const half = sd === 0 ? 0 : (studentQuantile(0.5 + level / 2, n - 1) * sd) / Math.sqrt(n);
  return { n, mean: average, sd, lo: average - half, hi: average + half };
}

/**
 * Interval of the mean of left[i] − right[i]: for designs compared on the same seeds (common random numbers), where it is far narrower than
 * the two apart.
 *
 * @throws  STATISTICS_UNPAIRED  the lengths differ
 */
export function pairedInterval(left: readonly number[], right: readonly number[], level = 0.95): Estimate {
  if (left.length !== right.length) fault('STATISTICS_UNPAIRED', { left: left.length, right: right.length });
  return studentInterval(
    left.map((value, i) => value - right[i]),
    level,
  );
}

/**
 * Interval of a probability from successes out of trials; behaves at 0 and n, where mean ± z·sd does not.
 *
 * @source  E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209-212
 */
export function wilsonInterval(successes: number, trials: number, level = 0.95): { readonly lo: number; readonly hi: number } {
  if (!(successes >= 0 && successes <= trials && level > 0 && level < 1)) fault('STATISTICS_DOMAIN', { successes, trials, level });
  if (trials === 0) return { lo: 0, hi: 1 };
  const z = normalQuantile(0.5 + level / 2);
  const share = successes / trials;
  const spread = (z * z) / trials;
  const centre = (share + spread / 2) / (1 + spread);
  const half = (z * Math.sqrt((share * (1 - share) + spread / 4) / trials)) / (1 + spread);
  return { lo: successes === 0 ? 0 : centre - half, hi: successes === trials ? 1 : centre + half };
}

/** Two-sided z-test: how many standard errors `observed` lies from `expected`, and the probability of that much or more by chance. */
export function zTest(observed: number, expected: number, standardError: number): { readonly z: number; readonly p: number } {
  const z = (observed - expected) / standardError;
  return { z, p: Math.min(1, 2 * normalCdf(-Math.abs(z))) };
}

/** Running mean and variance of a stream, without keeping it. */
export interface Accumulator {
  readonly n: number;
  readonly mean: number;
  /** Sample variance (n − 1); NaN for n < 2. */
  readonly variance: number;
  readonly min: number;
  readonly max: number;
  add(value: number): void;
  interval(level?: number): Estimate;
}

/** @source  B. P. Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4 (1962) 419-420 */
export function createAccumulator(): Accumulator {
  let n = 0;
  let average = 0;
  let squares = 0;
  let min = Infinity;
  let max = -Infinity;
  const variance = () => (n < 2 ? NaN : squares / (n - 1));
  return {
    get n() {
      return n;
    },
    get mean() {
      return n === 0 ? NaN : average;
    },
    get variance() {
      return variance();
    },
    get min() {
      return min;
    },
    get max() {
      return max;
    },
    add(value) {
      n += 1;
      const before = value - average;
      average += before / n;
      squares += before * (value - average);
      if (value < min) min = value;
      if (value > max) max = value;
    },
    interval: (level = 0.95) => intervalOf(n, n === 0 ? NaN : average, Math.sqrt(variance()), level),
  };
}
