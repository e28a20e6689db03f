import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { kyleRound } from '../../src/study/closed-form/kyle.ts';
import { microstructureChecks } from '../../src/study/validate/microstructure-forms.ts';
import { score, Z_999 } from '../support/score.ts';

describe('closed forms of markets', () => {
  it.each(microstructureChecks.map((check) => [check.id, check] as const))('%s holds', async (_id, check) => {
    expect(await check.run()).toMatchObject({ pass: true });
  });

  it('covers every closed form of its range', () => {
    const numbers = new Set(microstructureChecks.map(({ id }) => id.split('.')[0]));
    expect([...numbers]).toEqual(['B7', 'B8', 'B20', 'B21', 'B22', 'B23', 'B24', 'B25', 'B26', 'AS']);
    expect(new Set(microstructureChecks.map(({ id }) => id)).size).toBe(microstructureChecks.length);
  });
});

describe('a round of Kyle', () => {
  it('is what happens when it is played: the profit and the variance left over 200,000 rounds', () => {
    const [valueSd, noiseSd] = [2, 5];
    const { impact, aggressiveness, expectedProfit, residualVariance } = kyleRound(valueSd, noiseSd);
    const random = randomFrom(17);
    const rounds = Array.from({ length: 200_000 }, () => {
      const value = valueSd * random.normal();
      const traded = aggressiveness * value;
      const price = impact * (traded + noiseSd * random.normal());
      return { profit: traded * (value - price), left: (value - price) ** 2 };
    });
    expect(
      score(
        rounds.map(({ profit }) => profit),
        expectedProfit,
      ),
    ).toBeLessThan(Z_999);
    expect(
      score(
        rounds.map(({ left }) => left),
        residualVariance,
      ),
    ).toBeLessThan(Z_999);
  });
});
