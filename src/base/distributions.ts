/**
 * Draws from named distributions, as functions of a stream. No state of their own: a stream that is restored repeats them.
 */
import { exp, log, pow } from './elementary.ts';
import { fault } from './fault.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import type { Random } from './random.ts';

/** Uniform on [low, high). */
export function drawUniform(random: Random, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}

/** Normal with the given mean and standard deviation. */
export function drawNormal(random: Random, mean: number, sd: number): number {
  return mean + sd * random.normal();
}

/** Lognormal: median · e^(sigma·Z). Its mean is median · e^(sigma²/2). */
export function drawLognormal(random: Random, median: number, sigma: number): number {
  return median * exp(sigma * random.normal());
}

/** Pareto (type I): P(X > x) = (minimum/x)^shape for x ≥ minimum. Infinite mean where shape ≤ 1. */
export function drawPareto(random: Random, minimum: number, shape: number): number {
  return minimum * exp(random.exponential() / shape);
}

/**
 * Normal conditioned on [low, high], by inversion: one uniform a draw. Works in the lower tail, where Φ keeps its relative precision, by
 * mirroring intervals that lie above the mean.
 *
 * @throws  DISTRIBUTION_EMPTY  low ≥ high, or sd ≤ 0
 */
export function drawTruncatedNormal(random: Random, mean: number, sd: number, low: number, high: number): number {
  if (!(low < high && sd > 0)) fault('DISTRIBUTION_EMPTY', { mean, sd, low, high });
  const mirrored = low > mean;
  const from = mirrored ? (mean - high) / sd : (low - mean) / sd;
  const to = mirrored ? (mean - low) / sd : (high - mean) / sd;
  const below = normalCdf(from);
  const z = normalQuantile(below + (normalCdf(to) - below) * random.uniform());
  const drawn = mirrored ? mean - sd * z : mean + sd * z;
  return Math.min(high, Math.max(low, drawn));
}

/**
 * Student's t with any real number of degrees of freedom, variance not normalised: polar method.
 *
 *   V = U² + W² < 1:  U·√(ν·(V^(−2/ν) − 1)/V)
 *
 * @source  R. W. Bailey, "Polar generation of random variates with the t-distribution", Mathematics of Computation 62 (1994) 779-781
 */
export function drawStudentT(random: Random, degrees: number): number {
  if (!(degrees > 0)) fault('DISTRIBUTION_EMPTY', { degrees });
  for (;;) {
    const u = 2 * random.uniform() - 1;
    const w = 2 * random.uniform() - 1;
    const v = u * u + w * w;
    if (v > 0 && v < 1) return u * Math.sqrt((degrees * (pow(v, -2 / degrees) - 1)) / v);
  }
}

/**
 * Poisson count with mean `mean`: exponential gaps are counted, so the cost is O(mean); meant for means up to some hundreds.
 */
export function drawPoisson(random: Random, mean: number): number {
  let count = -1;
  for (let left = mean; left >= 0; count += 1) left += log(1 - random.uniform());
  return count;
}

/**
 * Gamma with this shape > 0 and scale 1: mean and variance are the shape. A cubed normal under a squeeze; below 1 the draw of shape + 1,
 * shrunk by U^(1/shape).
 *
 * @throws  DISTRIBUTION_EMPTY  shape ≤ 0
 * @source  G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables", ACM Transactions on Mathematical Software 26 (2000)
 *          363-372
 */
export function drawGamma(random: Random, shape: number): number {
  if (!(shape > 0)) fault('DISTRIBUTION_EMPTY', { shape });
  if (shape < 1) return drawGamma(random, shape + 1) * pow(1 - random.uniform(), 1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / (3 * Math.sqrt(d));
  for (;;) {
    const z = random.normal();
    const root = 1 + c * z;
    if (root <= 0) continue;
    const v = root * root * root;
    if (log(1 - random.uniform()) < 0.5 * z * z + d * (1 - v + log(v))) return d * v;
  }
}
