/**
 * Backtests of the value at risk that margin engines use: how many of 10,000 simulated days lose more than the 99 % value at risk of the
 * day before said, for each kind of data, method and estimator, with the engines' own parts. Counts alone; what is expected of them is in
 * `value-at-risk-derived.ts`.
 */
import { fault } from '../../base/fault.ts';
import { type Random, randomFrom } from '../../base/random.ts';
import type { Ratio } from '../../base/units.ts';
import { createScenarios, drawScenarios, rescaleScenarios, scenarioPnl } from '../../protocol/risk/scenarios.ts';
import {
  blankTail,
  deltaTail,
  historicalTail,
  normalMultiples,
  studentMultiples,
  type TailMultiples,
  tailRank,
} from '../../protocol/risk/value-at-risk.ts';
import { ewma } from '../../protocol/risk/volatility/ewma.ts';
import { garch } from '../../protocol/risk/volatility/garch.ts';
import { realised } from '../../protocol/risk/volatility/realised.ts';
import type { VolatilityEstimator } from '../../protocol/risk/volatility/volatility.ts';
import { garchReturns, gaussianReturns, type Returns, studentReturns, take } from './simulated-returns.ts';

export const BACKTEST_SEED = 20_260_101;
export const BACKTEST_DAYS = 10_000;
export const BACKTEST_LEVEL: Ratio = 0.99;
/** Days before the first that counts: all windows are full by then. */
export const LEAD_DAYS = 2000;
/** Past days as scenarios; (499 + 1)·1 % is whole, so that the fifth worst is exceeded with probability 1 % to the digit. */
const HISTORY_DAYS = 499;
/** Monte-Carlo scenarios, drawn once: their quantile is off by 0.36 % (one standard error), which moves a count by some 2 of 100. */
export const BACKTEST_SCENARIOS = 200_000;
const DEGREES = 4;

/** Of variance 1: normal; Student’s t with 4 degrees; GARCH(1,1) with α = 0.08, β = 0.90 and normal innovations. */
export type DataKind = 'gaussian' | 't4' | 'garch-data';
export type EstimatorKind = 'realised' | 'ewma-94' | 'ewma-99' | 'garch';
/** delta-t is delta-normal with the multiple of a t with 4 degrees. `historical` needs no estimator. */
export type MethodKind = 'delta-normal' | 'delta-t' | 'historical' | 'filtered' | 'monte-carlo';

const DATA: Readonly<Record<DataKind, (random: Random) => Returns>> = {
  gaussian: gaussianReturns,
  t4: (random) => studentReturns(random, DEGREES),
  'garch-data': (random) => garchReturns(random, 0.08, 0.9),
};
const NEEDS = { prior: 1 };
const ESTIMATORS: Readonly<Record<EstimatorKind, () => VolatilityEstimator>> = {
  realised: () => realised.create({ window: 250, warm: false }, NEEDS),
  'ewma-94': () => ewma.create({ lambda: 0.94, warm: false }, NEEDS),
  'ewma-99': () => ewma.create({ lambda: 0.99, warm: false }, NEEDS),
  garch: () => garch.create({ window: 1000, refit: 200, lambda: 0.94, warm: false }, NEEDS),
};

/** A value at risk of a position of 1, day by day: asked before the day's return is told. */
interface Engine {
  valueAtRisk(): number;
  observe(dailyReturn: number): void;
}

/** Days of the last BACKTEST_DAYS that lose more than the engine said. */
export function exceedances(data: DataKind, method: MethodKind, estimator: EstimatorKind | undefined, seed: number): number {
  const returns = take(LEAD_DAYS + BACKTEST_DAYS, DATA[data](randomFrom(seed, data)));
  const engine = engineOf(method, estimator);
  let count = 0;
  for (let day = 0; day < returns.length; day++) {
    if (day >= LEAD_DAYS && -returns[day] > engine.valueAtRisk()) count += 1;
    engine.observe(returns[day]);
  }
  return count;
}

function engineOf(method: MethodKind, kind?: EstimatorKind): Engine {
  if (method === 'historical') return historicalEngine();
  if (kind === undefined) fault('BACKTEST_ESTIMATOR', { method });
  const estimator = ESTIMATORS[kind]();
  if (method === 'filtered') return historicalEngine(estimator);
  if (method === 'monte-carlo') return multipleEngine(estimator, drawnMultiples());
  return multipleEngine(estimator, method === 'delta-t' ? studentMultiples(BACKTEST_LEVEL, DEGREES) : normalMultiples(BACKTEST_LEVEL));
}

/** Delta-normal, and what scales like it. */
function multipleEngine(estimator: VolatilityEstimator, multiples: TailMultiples): Engine {
  const exposures = Float64Array.of(1);
  const tail = blankTail();
  return {
    valueAtRisk: () => deltaTail(exposures, Float64Array.of(estimator.now * estimator.now), multiples, tail).valueAtRisk,
    observe: (dailyReturn) => estimator.observe(dailyReturn),
  };
}

/** Of scenarios with deviation 1: a position's value at risk is proportional to the deviation, so that they need be evaluated only once. */
function drawnMultiples(): TailMultiples {
  const scenarios = createScenarios(1, BACKTEST_SCENARIOS);
  drawScenarios(Float64Array.of(1), randomFrom(BACKTEST_SEED, 'scenarios'), scenarios);
  const pnl = new Float64Array(BACKTEST_SCENARIOS);
  scenarioPnl(scenarios, Float64Array.of(1), pnl);
  return historicalTail(
    pnl,
    BACKTEST_SCENARIOS,
    BACKTEST_LEVEL,
    new Float64Array(tailRank(BACKTEST_SCENARIOS, BACKTEST_LEVEL)),
    blankTail(),
  );
}

/** Historical, or filtered where there is an estimator: the last days as scenarios, the oldest overwritten. */
function historicalEngine(estimator?: VolatilityEstimator): Engine {
  const history = createScenarios(1, HISTORY_DAYS);
  const deviations = new Float64Array(HISTORY_DAYS);
  const filtered = createScenarios(1, HISTORY_DAYS);
  const exposures = Float64Array.of(1);
  const pnl = new Float64Array(HISTORY_DAYS);
  const scratch = new Float64Array(tailRank(HISTORY_DAYS, BACKTEST_LEVEL));
  const tail = blankTail();
  let day = 0;
  return {
    valueAtRisk() {
      if (estimator !== undefined) rescaleScenarios(history, [deviations], Float64Array.of(estimator.now), filtered);
      scenarioPnl(estimator === undefined ? history : filtered, exposures, pnl);
      return historicalTail(pnl, history.count, BACKTEST_LEVEL, scratch, tail).valueAtRisk;
    },
    observe(dailyReturn) {
      const slot = day % HISTORY_DAYS;
      history.columns[0][slot] = dailyReturn;
      history.count = Math.min(day + 1, HISTORY_DAYS);
      if (estimator !== undefined) {
        deviations[slot] = estimator.now;
        estimator.observe(dailyReturn);
      }
      day += 1;
    },
  };
}
