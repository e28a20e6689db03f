/**
 * What a portfolio may lose, by a measure of the tail at a confidence: from a covariance (delta-normal) or from scenarios. Beside the loss
 * of the whole it knows what each factor costs alone, and how much a little more of it can change the loss at most, both by USD of
 * exposure.
 */
import type { Ratio, Usd } from '../../base/units.ts';
import { type Scenarios, scenarioPnl } from './scenarios.ts';
import { blankTail, historicalTail, portfolioDeviation, type TailMultiples, type TailRisk, tailRank } from './value-at-risk.ts';

export type Measure = 'value-at-risk' | 'expected-shortfall';

/** Exposures are USD of each market, short ones negative, then units of each contract that is revalued. */
export interface TailMeasure {
  /** Loss of the portfolio, USD; negative for a sure gain, NaN where an exposure is. */
  lossOf(exposures: Float64Array): Usd;
  /** By factor: loss of one unit of exposure held alone, long and short; ≥ 0. */
  readonly long: Float64Array;
  readonly short: Float64Array;
  /** By factor: bound of what a unit more or less of exposure adds to the loss of any portfolio, or takes from it. */
  readonly sway: Float64Array;
  /** Takes in what the factors from `from` up to `to` have become. */
  refresh(from: number, to: number): void;
}

function pick(measure: Measure, { valueAtRisk, expectedShortfall }: TailRisk): number {
  return measure === 'value-at-risk' ? valueAtRisk : expectedShortfall;
}

/**
 * multiple · √(eᵀ·C·e), the P&L being linear in normal (or t) returns. A normal price can lose more than all it is worth; here no deviation
 * counts with more than 1 ÷ multiple, so that no asset does.
 *
 * @param covariance  row-major and live: read again at `refresh`
 */
export function covarianceTail(covariance: Float64Array, multiples: TailMultiples, measure: Measure): TailMeasure {
  const width = Math.round(Math.sqrt(covariance.length));
  const multiple = pick(measure, multiples);
  const used = new Float64Array(covariance.length);
  const alone = new Float64Array(width);
  const kept = new Float64Array(width);
  return {
    long: alone,
    short: alone,
    sway: alone,
    lossOf: (exposures) => multiple * portfolioDeviation(exposures, used),
    refresh() {
      for (let i = 0; i < width; i++) {
        const rate = multiple * Math.sqrt(covariance[i * width + i]);
        kept[i] = rate > 1 ? 1 / rate : 1;
        alone[i] = rate * kept[i];
      }
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) used[i * width + j] = covariance[i * width + j] * kept[i] * kept[j];
      }
    },
  };
}

/** By P&L in scenarios. @param scenarios  P&L of one unit of each factor; live: read again at `refresh` */
export function scenarioTail(scenarios: Scenarios, confidence: Ratio, measure: Measure): TailMeasure {
  const { assets, capacity, columns } = scenarios;
  const scratch = new Float64Array(tailRank(capacity, confidence));
  const pnl = new Float64Array(capacity);
  const tail = blankTail();
  const long = new Float64Array(assets);
  const short = new Float64Array(assets);
  const sway = new Float64Array(assets);
  const lossIn = (column: Float64Array): Usd => pick(measure, historicalTail(column, scenarios.count, confidence, scratch, tail));

  const refreshFactor = (factor: number) => {
    const column = columns[factor];
    let most = 0;
    for (let s = 0; s < scenarios.count; s++) {
      pnl[s] = -column[s];
      most = Math.max(most, Math.abs(column[s]));
    }
    long[factor] = Math.max(0, lossIn(column));
    short[factor] = Math.max(0, lossIn(pnl));
    // A quantile of a sum may move by the worst scenario of what is added; a mean of tails by no more than the tail mean of that.
    sway[factor] = measure === 'value-at-risk' ? most : Math.max(long[factor], short[factor]);
  };

  return {
    long,
    short,
    sway,
    lossOf(exposures) {
      scenarioPnl(scenarios, exposures, pnl);
      return lossIn(pnl);
    },
    refresh(from, to) {
      for (let factor = from; factor < to; factor++) refreshFactor(factor);
    },
  };
}
