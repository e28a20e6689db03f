import { describe, expect, it } from 'vitest';
import { studentInterval } from '../../src/base/statistics.ts';
import { arbitrageRate, tradeProbability } from '../../src/study/closed-form/loss-versus-rebalancing.ts';
import { type Arbitraged, arbitragedDays, WITH_FEES } from '../../src/study/validate/simulated-rebalancing.ts';

const outside = (expected: number, samples: readonly number[]) => {
  const { lo, hi } = studentInterval(samples);
  return expected < lo || expected > hi;
};

describe('a pool that is arbitraged in every block (B7)', () => {
  it.each(WITH_FEES)('%s is traded and loses as it should with twenty other seeds', (_name, terms) => {
    const { fee, blocks, volatility }: Arbitraged = terms;
    const runs = Array.from({ length: 20 }, (_, i) => arbitragedDays({ ...terms, days: 20 }, 100 + i));
    const width = -Math.log1p(-fee);
    // Six or more of twenty correct tests at 95 % fail with probability 0.0003 (binomial).
    expect(runs.filter(({ traded }) => outside(tradeProbability(width, blocks, volatility), traded)).length).toBeLessThanOrEqual(5);
    expect(runs.filter(({ lost }) => outside(arbitrageRate(width, blocks, volatility), lost)).length).toBeLessThanOrEqual(5);
  });
});
