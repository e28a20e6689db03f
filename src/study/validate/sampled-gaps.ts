/**
 * Bad debt by sampling, against its closed forms: the real geometric Brownian motion over a delay (B15), and jumps as Merton describes
 * them, alone and on top of diffusion (B16). Samples are independent; how many there are is fixed before, by the width that is asked for.
 */
import { drawNormal, drawPoisson } from '../../base/distributions.ts';
import { exp } from '../../base/elementary.ts';
import { years } from '../../base/params.ts';
import { randomFrom } from '../../base/random.ts';
import { createAccumulator, type Estimate } from '../../base/statistics.ts';
import type { Ms, Ratio } from '../../base/units.ts';
import { gbm } from '../../price/gbm.ts';
import { needsAlone } from '../../price/process.ts';
import { type DelayedLiquidation, expectedBadDebt } from '../closed-form/delayed-liquidation.ts';
import { expectedGapLoss, type JumpDiffusion, jumpDiffusionPut } from '../closed-form/jump-gap.ts';
import { type Check, SAMPLE_LEVEL, type Sampled, sampleCheck } from './check.ts';

const HOUR_MS: Ms = 3_600_000;
const SEED = 20_260_101;

/** A quantity that can be drawn again and again, and its mean. */
export interface SampledGap {
  /** Follows `B15.` or `B16.` in the id. */
  readonly id: string;
  readonly claim: string;
  readonly source: string;
  readonly expected: number;
  readonly samples: number;
  /** Half-width of its 99.9 % interval, relative, at most. */
  readonly halfWidthMax: Ratio;
  /** The source of one draw after the other. */
  readonly draws: (seed: number) => () => number;
}

/** B16's jumps, and the market that they happen in: five a year, of 8 % down on average, volatility 80 % between them. */
export const JUMPS: JumpDiffusion = { mean: -0.08, deviation: 0.1, rate: 5, volatility: 0.8 };
/** A loan of 80 on 100. */
const LOAN_TO_VALUE = 0.8;
const WEEK_YEARS = years(7 * 24 * HOUR_MS);

/** A loan of 80 on 100 at volatility 1 that is sold so many hours late. */
export function lateLoan(hours: number, slippage: Ratio): DelayedLiquidation {
  return { collateral: 100, debt: 80, slippage, volatility: 1, delayYears: years(hours * HOUR_MS) };
}

/** One long path of the real process: its growth over each delay is a draw independent of the others. */
function lateLosses(hours: number, slippage: Ratio, seed: number): () => number {
  const { collateral, debt, volatility } = lateLoan(hours, slippage);
  const every = hours * HOUR_MS;
  const path = gbm.create({ start: 1, volatility, drift: 0 }, needsAlone(randomFrom(seed, `late/${hours}/${slippage}`), every));
  let before = path.start;
  let at: Ms = 0;
  return () => {
    at += every;
    const after = path.next(at);
    const proceeds = collateral * (1 - slippage) * (after / before);
    before = after;
    return Math.max(0, debt - proceeds);
  };
}

function gapLosses(seed: number): () => number {
  const random = randomFrom(seed, 'gap');
  return () => Math.max(0, LOAN_TO_VALUE - exp(drawNormal(random, JUMPS.mean, JUMPS.deviation)));
}

/** What a loan of 80 on 100 lacks after a week of diffusion and jumps. */
function jumpLosses(seed: number): () => number {
  const random = randomFrom(seed, 'jump-diffusion');
  const { mean, deviation, rate, volatility } = JUMPS;
  const growth = exp(mean + (deviation * deviation) / 2);
  const drift = -(rate * (growth - 1) + (volatility * volatility) / 2) * WEEK_YEARS;
  const spread = volatility * Math.sqrt(WEEK_YEARS);
  return () => {
    const jumps = drawPoisson(random, rate * WEEK_YEARS);
    const moved = drift + spread * random.normal() + jumps * mean + Math.sqrt(jumps) * deviation * random.normal();
    return Math.max(0, 80 - 100 * exp(moved));
  };
}

/** B15 and B16, with as many samples as the width of their intervals takes. */
export const SAMPLED_GAPS: readonly SampledGap[] = [
  ...[
    { hours: 24, samples: 200_000, halfWidthMax: 0.04 },
    { hours: 6, samples: 800_000, halfWidthMax: 0.08 },
  ].map(({ hours, samples, halfWidthMax }) => ({
    id: `B15.sampled-${hours}h`,
    claim: `mean bad debt of ${samples} loans of 80 on 100 sold ${hours} h late at volatility 1 and 15 % slippage`,
    source: 'put of Black and Scholes',
    expected: expectedBadDebt(lateLoan(hours, 0.15)),
    samples,
    halfWidthMax,
    draws: (seed: number) => lateLosses(hours, 0.15, seed),
  })),
  {
    id: 'B16.sampled-gap',
    claim: 'mean bad debt, as a part of the collateral, of 300000 jumps at a loan-to-value of 0.8',
    source: 'expectation over one lognormal jump',
    expected: expectedGapLoss(LOAN_TO_VALUE, JUMPS),
    samples: 300_000,
    halfWidthMax: 0.04,
    draws: gapLosses,
  },
  {
    id: 'B16.sampled-put',
    claim: 'mean payoff of 400000 puts at 80 on 100 after a week of diffusion and jumps',
    source: 'R. C. Merton (1976)',
    expected: jumpDiffusionPut(100, 80, WEEK_YEARS, JUMPS),
    samples: 400_000,
    halfWidthMax: 0.06,
    draws: jumpLosses,
  },
];

/** Mean of `samples` draws with its interval. */
export function sampleGap({ draws }: SampledGap, samples: number, seed: number, level: number): Estimate {
  const draw = draws(seed);
  const losses = createAccumulator();
  for (let i = 0; i < samples; i += 1) losses.add(draw());
  return losses.interval(level);
}

const sampled = (gap: SampledGap): Sampled => sampleGap(gap, gap.samples, SEED, SAMPLE_LEVEL);

/** Bad debt of late sales and of jumps, as drawn. */
export const sampledGapChecks: readonly Check[] = SAMPLED_GAPS.map((gap) =>
  sampleCheck({
    id: gap.id,
    claim: `${gap.claim}, seed ${SEED}`,
    source: gap.source,
    expected: gap.expected,
    halfWidthMax: gap.halfWidthMax,
    sample: () => sampled(gap),
  }),
);
