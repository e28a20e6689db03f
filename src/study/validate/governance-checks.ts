/**
 * What margins set by rule rest on, as checks: expected shortfall of a late liquidation against values from quadrature, against the put
 * of B15 and against the real protocol; the margin that meets a budget; and the weights of least variance. Values were derived apart from
 * this code, by integrating over the normal density with 40 digits.
 */
import { drawNormal } from '../../base/distributions.ts';
import { exp } from '../../base/elementary.ts';
import { minimumVarianceWeights } from '../../base/minimum-variance.ts';
import { normalQuantile } from '../../base/normal.ts';
import { years } from '../../base/params.ts';
import { randomFrom } from '../../base/random.ts';
import { createAccumulator } from '../../base/statistics.ts';
import type { Ratio } from '../../base/units.ts';
import { lateShortfall, leastWithin, squeezeShortfall } from '../../protocol/governance/late-shortfall.ts';
import { expectedBadDebt } from '../closed-form/delayed-liquidation.ts';
import { type Check, numberCheck, SAMPLE_LEVEL, type Sampled, sampleCheck } from './check.ts';
import { aLoan } from './lending-world.ts';
import { lateLoan } from './sampled-gaps.ts';
import { relativeWithin } from './tolerance.ts';

const DIGITS = relativeWithin(1e-9);
const HOUR_MS = 3_600_000;
const SEED = 20_260_101;
const QUADRATURE = 'integral over the normal density; derived with 40 digits';

function closedForm(id: string, claim: string, source: string, expected: number, got: () => number): Check {
  return numberCheck({ id, tier: 'closed-form', claim, source, expected, tolerance: DIGITS, got });
}

const day = Math.sqrt(years(24 * HOUR_MS));
/** [id, claim, expected, cover, spread, level] */
const LONG = [
  [
    '24h-15',
    'a loan of 80 on 100 sold 24 h late at volatility 1 and 15 % slippage loses 6.101 % in the worst 2.5 %',
    0.06101242363591854179381,
    85 / 80,
    day,
    0.975,
  ],
  [
    'beyond-tail',
    'at a threshold of 0.85 and a bonus of 5 %, 24 h late at volatility 0.8, 0.1783 %, though most of the tail loses nothing',
    0.001783287403888705888345,
    1 / (1.05 * 0.85),
    0.8 * day,
    0.975,
  ],
  ['far', 'and 7.862e-9 where the loss begins five deviations away', 7.861849490499479012511e-9, 1.3, 0.05, 0.9],
] as const;
/** [id, claim, expected, cover, spread, level] */
const SHORT = [
  [
    '24h-5',
    'a short with a margin of 5 %, closed 24 h late at volatility 1, loses 7.880 % in the worst 2.5 %',
    0.07880284644832784671845,
    1.05,
    day,
    0.975,
  ],
  ['mean', 'and 0.5076 % on average', 0.005075605934157893154145, 1.05, day, 0],
  ['far', 'and 1.771e-5 in the worst tenth with a margin of 20 % at a spread of 5 %', 0.00001771255864718088380981, 1.2, 0.05, 0.9],
] as const;

/** Threshold, bonus, spread and level of the loans that the real protocol closes too late: volatility 1 over four days. */
const LATE = { threshold: 0.85, bonus: 0.05, spread: Math.sqrt(years(96 * HOUR_MS)), level: 0.9, loans: 12_000 };

/**
 * Expected shortfall as the mean of v + (L − v)⁺/p, exact at v the loss at the level: R. T. Rockafellar, S. Uryasev, "Optimization of
 * conditional value-at-risk", Journal of Risk 2 (2000) 21-41.
 */
function lossesOfProtocol(): Sampled {
  const { threshold, bonus, spread, level, loans } = LATE;
  const random = randomFrom(SEED, 'late-shortfall');
  const tail = 1 - level;
  const cover = 1 / ((1 + bonus) * threshold);
  const atLevel = Math.max(0, 1 - cover * exp(spread * normalQuantile(tail) - (spread * spread) / 2));
  const terms = createAccumulator();
  for (let i = 0; i < loans; i++) {
    const price = exp(drawNormal(random, (-spread * spread) / 2, spread));
    terms.add(atLevel + Math.max(0, lostBy(threshold, bonus, price) - atLevel) / tail);
  }
  return terms.interval(SAMPLE_LEVEL);
}

/** Part of a debt at its threshold that the real protocol writes off when all of it is liquidated at a price, 1 being the one of before. */
function lostBy(threshold: Ratio, bonus: Ratio, price: number): Ratio {
  const loan = aLoan({ collateral: 100, debt: 100 * threshold, threshold, bonus }, { terms: { closeFactor: 1 } });
  loan.setPrice('ETH', price);
  loan.take('max');
  const short = loan.facts.find(({ kind }) => kind === 'shortfall');
  return (short?.numbers[2] ?? 0) / loan.units('USD', 100 * threshold);
}

/** Two assets: volatilities 1 and 2, correlation one half. */
const PAIR = Float64Array.of(1, 1, 1, 4);

/** Each as the record names it. */
export const governanceChecks: readonly Check[] = [
  ...LONG.map(([id, claim, expected, cover, spread, level]) =>
    closedForm(`B15.shortfall-${id}`, claim, QUADRATURE, expected, () => lateShortfall(cover, spread, level)),
  ),
  ...SHORT.map(([id, claim, expected, cover, spread, level]) =>
    closedForm(`B15.squeeze-${id}`, claim, QUADRATURE, expected, () => squeezeShortfall(cover, spread, level)),
  ),
  closedForm(
    'B15.shortfall-put',
    'at level 0 it is the put of B15, per debt',
    'put of Black and Scholes',
    expectedBadDebt(lateLoan(24, 0.15)),
    () => {
      return 80 * lateShortfall(85 / 80, day, 0);
    },
  ),
  closedForm(
    'B15.shortfall-threshold',
    'a budget of 1 % in the worst 2.5 % allows a threshold of 0.94294 where liquidation takes 1 h at volatility 0.8 and pays 5 %',
    QUADRATURE,
    0.94293831029040111727,
    () => 1 - leastWithin(0.01, (off) => lateShortfall(1 / (1.05 * (1 - off)), 0.8 * Math.sqrt(years(HOUR_MS)), 0.975), 0, 0.5),
  ),
  sampleCheck({
    id: 'B15.shortfall-protocol',
    claim: `the real protocol loses it: worst tenth of ${LATE.loans} loans liquidated four days late at volatility 1, seed ${SEED}`,
    source: 'closed form of late-shortfall',
    expected: lateShortfall(1 / ((1 + LATE.bonus) * LATE.threshold), LATE.spread, LATE.level),
    halfWidthMax: 0.08,
    sample: lossesOfProtocol,
  }),
  closedForm(
    'B27.minimum-variance',
    'of two assets with volatilities 1 and 2 and correlation 0.25 the first weighs 7/8 where the variance is least',
    'H. Markowitz (1952): w = (σ₂² − ρσ₁σ₂)/(σ₁² + σ₂² − 2ρσ₁σ₂)',
    7 / 8,
    () => minimumVarianceWeights(Float64Array.of(1, 0.5, 0.5, 4), 2)[0],
  ),
  closedForm('B27.minimum-variance-corner', 'and all where it is 0.5: the second would only add', 'same', 1, () => {
    return minimumVarianceWeights(PAIR, 2)[0];
  }),
];
