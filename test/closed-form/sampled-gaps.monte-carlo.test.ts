import { describe, expect, it } from 'vitest';
import { SAMPLED_GAPS, sampleGap } from '../../src/study/validate/sampled-gaps.ts';

/** Other draws than those of the record. */
const SEED = 20_260_102;

describe('bad debt as drawn (B15, B16)', () => {
  it.each(SAMPLED_GAPS)('$id lies within its 99.9 % interval, which is narrow enough', (gap) => {
    const { lo, hi } = sampleGap(gap, gap.samples, SEED, 0.999);
    expect(gap.expected).toBeGreaterThan(lo);
    expect(gap.expected).toBeLessThan(hi);
    expect((hi - lo) / 2).toBeLessThan(gap.halfWidthMax * gap.expected);
  });

  it.each(SAMPLED_GAPS)('$id is met with twenty other seeds', (gap) => {
    const outside = Array.from({ length: 20 }, (_, i) => sampleGap(gap, gap.samples / 10, 100 + i, 0.95)).filter(
      ({ lo, hi }) => gap.expected < lo || gap.expected > hi,
    );
    // Six or more of twenty correct tests at 95 % fail with probability 0.0003 (binomial).
    expect(outside.length).toBeLessThanOrEqual(5);
  });

  it('would tell a neighbour of the formula: jumps whose compensation is forgotten', () => {
    const [put] = SAMPLED_GAPS.filter(({ id }) => id === 'B16.sampled-put');
    const { lo, hi } = sampleGap(put, put.samples, SEED, 0.999);
    // Without it the price falls by λ·(1 − E[e^J]) = 36 % a year: the put over a week is 9 % dearer.
    expect(put.expected * 1.09).toBeGreaterThan(hi);
    expect(put.expected / 1.09).toBeLessThan(lo);
  });
});
