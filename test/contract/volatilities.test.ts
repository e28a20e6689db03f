/** The estimators of volatility keep their contract, alone and wrapped. */
import { ewma } from '../../src/protocol/risk/volatility/ewma.ts';
import { floored } from '../../src/protocol/risk/volatility/floored.ts';
import { garch } from '../../src/protocol/risk/volatility/garch.ts';
import { realised } from '../../src/protocol/risk/volatility/realised.ts';
import { stressWeighted } from '../../src/protocol/risk/volatility/stress-weighted.ts';
import { volatilityContract } from './volatility.ts';

/** A deviation from n normal returns has a relative standard error of 1/√(2n); an EWMA counts as (1 + λ)/(1 − λ) of them. */
const fourErrors = (n: number): number => 4 / Math.sqrt(2 * n);
const EWMA_COUNTS = 1.94 / 0.06;

const LAMBDA = 0.94;
volatilityContract('realised', (prior) => realised.create({ window: 250, warm: false }, { prior }), {
  learnt: 260,
  error: fourErrors(250),
});
volatilityContract('realised, warm', (prior) => realised.create({ window: 250, warm: true }, { prior }), {
  learnt: 260,
  error: fourErrors(250),
});
volatilityContract('ewma', (prior) => ewma.create({ lambda: LAMBDA, warm: false }, { prior }), {
  learnt: 400,
  error: fourErrors(EWMA_COUNTS),
});
volatilityContract('ewma, warm', (prior) => ewma.create({ lambda: LAMBDA, warm: true }, { prior }), {
  learnt: 400,
  error: fourErrors(EWMA_COUNTS),
});
volatilityContract('garch', (prior) => garch.create({ window: 1000, refit: 50, lambda: LAMBDA, warm: false }, { prior }), {
  learnt: 1500,
  // It cannot know less than its shortest memory worth fitting: four errors of a hundred returns.
  error: fourErrors(100),
});

const inner = (prior: number) => ewma.create({ lambda: LAMBDA, warm: false }, { prior });
volatilityContract('floored at nothing', (prior) => floored(inner(prior), 0), { learnt: 400, error: fourErrors(EWMA_COUNTS) });
volatilityContract('weighted with no stress', (prior) => stressWeighted(inner(prior), prior, 0), {
  learnt: 400,
  error: fourErrors(EWMA_COUNTS),
});
