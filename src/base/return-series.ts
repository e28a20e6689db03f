/**
 * What a series of returns looks like: how heavy its tails are and what it remembers. NaN where there is too little to say it of.
 *
 * @source  R. Cont, "Empirical properties of asset returns: stylized facts and statistical issues", Quantitative Finance 1 (2001) 223-236;
 *          B. M. Hill, "A simple general approach to inference about the tail of a distribution", Annals of Statistics 3 (1975) 1163-1174
 */
import { log } from './elementary.ts';

/** Logarithms of each value over the one before. */
export function logReturns(values: readonly number[]): number[] {
  return values.slice(1).map((value, i) => log(value / values[i]));
}

/** Fourth central moment over the square of the second: 3 of a normal distribution. */
export function kurtosis(values: readonly number[]): number {
  const deviations = fromMean(values);
  const variance = meanOf(deviations, (x) => x * x);
  return meanOf(deviations, (x) => x * x * x * x) / (variance * variance);
}

/**
 * Hill's estimate of α, where P(|x| > t) falls like t^−α: the inverse of the mean logarithm of the largest `share` of |x| over the largest
 * that is not among them. Of a normal distribution it rises with the number of values, without end.
 */
export function tailIndex(values: readonly number[], share: number): number {
  const sizes = values.map(Math.abs).sort((a, b) => b - a);
  const count = Math.floor(share * sizes.length);
  return 1 / meanOf(sizes.slice(0, count), (size) => log(size / sizes[count]));
}

/** Correlation of the values with those `lag` places before. Of independent ones it has deviation 1/√n. */
export function autocorrelation(values: readonly number[], lag: number): number {
  const deviations = fromMean(values);
  let together = 0;
  for (let i = lag; i < deviations.length; i++) together += deviations[i] * deviations[i - lag];
  return together / deviations.length / meanOf(deviations, (x) => x * x);
}

function fromMean(values: readonly number[]): number[] {
  const mean = meanOf(values, (x) => x);
  return values.map((x) => x - mean);
}

function meanOf(values: readonly number[], of: (value: number) => number): number {
  let sum = 0;
  for (const value of values) sum += of(value);
  return sum / values.length;
}
