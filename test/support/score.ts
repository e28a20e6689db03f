/** How many standard errors the mean of a sample is from what is expected; two-sided tests hold it against the quantile of 99.9 %. */
export function score(sample: readonly number[], expected: number): number {
  const n = sample.length;
  const mean = sample.reduce((sum, x) => sum + x, 0) / n;
  const variance = sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  return Math.abs(mean - expected) / Math.sqrt(variance / n);
}

/** Two-sided, 99.9 %. */
export const Z_999 = 3.2905;
