/**
 * What the P&L of accounts depends on, and the tail of it: a factor for each market, and one for each contract that has to be revalued in
 * scenarios. Puts together, by method, where the distribution comes from and how its tail is measured; knows no account.
 */
import { randomFrom } from '../../base/random.ts';
import type { Ratio, Units } from '../../base/units.ts';
import type { MarketModel } from './market-model.ts';
import { createRevaluation, type Valuation } from './revaluation.ts';
import type { RiskNeeds } from './risk-engine.ts';
import { drawnSource, pastSource, type ScenarioSource } from './scenario-source.ts';
import type { Scenarios } from './scenarios.ts';
import { covarianceTail, type Measure, scenarioTail, type TailMeasure } from './tail-measure.ts';
import { normalMultiples, studentMultiples } from './value-at-risk.ts';

export interface RiskFactorTerms {
  readonly method: 'delta-normal' | 'historical' | 'filtered-historical' | 'monte-carlo';
  readonly measure: Measure;
  readonly confidence: Ratio;
  readonly scenarios: number;
  readonly degrees: number | undefined;
  readonly valuation: Valuation | undefined;
  readonly draw: number;
}

export interface RiskFactors {
  readonly count: number;
  readonly tail: TailMeasure;
  /** Takes in one more interval's log-returns, before the model does. */
  record?(returns: Float64Array): void;
  /** Makes everything anew from what the model believes now. */
  refresh(): void;
  /** Adds a size of a contract that is not linear, at the index of its market, to exposures. */
  addCurved(exposures: Float64Array, contract: number, size: Units, index: number): void;
}

export function createRiskFactors(terms: RiskFactorTerms, needs: RiskNeeds, model: MarketModel): RiskFactors {
  return terms.method === 'delta-normal' ? normalFactors(terms, needs, model) : scenarioFactors(terms, needs, model);
}

/** Options move like their delta. */
function normalFactors({ confidence, degrees, measure }: RiskFactorTerms, needs: RiskNeeds, model: MarketModel): RiskFactors {
  const multiples = degrees === undefined ? normalMultiples(confidence) : studentMultiples(confidence, degrees);
  const count = needs.markets.length;
  const tail = covarianceTail(model.covariance, multiples, measure);
  const revaluation = createRevaluation({ ...needs, returns: undefined, columns: [], valuation: 'delta' });
  return {
    count,
    tail,
    refresh: () => tail.refresh(0, count),
    addCurved(exposures, contract, size, index) {
      exposures[needs.contracts[contract].market] += size * revaluation.deltaUsd(contract, index);
    },
  };
}

function scenarioFactors(terms: RiskFactorTerms, needs: RiskNeeds, model: MarketModel): RiskFactors {
  const { method, measure, confidence, scenarios, draw, valuation = 'full' } = terms;
  const { markets, contracts } = needs;
  const width = markets.length;
  const source = sourceOf(method, {
    model,
    count: scenarios,
    evenness: measure === 'value-at-risk' ? 'quantiles' : 'means',
    random: randomFrom(draw, 'portfolio-var'),
  });
  const columns = contracts.map(({ linear }) => (linear || valuation === 'delta' ? undefined : new Float64Array(scenarios)));
  const own = columns.filter((column) => column !== undefined);
  const factorOf = columns.map((column) => (column === undefined ? -1 : width + own.indexOf(column)));
  const all: Scenarios = {
    assets: width + own.length,
    capacity: scenarios,
    count: scenarios,
    columns: [...source.scenarios.columns, ...own],
  };
  const tail = scenarioTail(all, confidence, measure);
  const revaluation = createRevaluation({ ...needs, returns: source.scenarios, columns, valuation });
  return {
    count: all.assets,
    tail,
    ...(source.record === undefined ? {} : { record: source.record }),
    refresh() {
      source.refresh();
      revaluation.outdate();
      tail.refresh(0, width);
    },
    addCurved(exposures, contract, size, index) {
      const factor = factorOf[contract];
      if (factor < 0) {
        exposures[contracts[contract].market] += size * revaluation.deltaUsd(contract, index);
        return;
      }
      if (revaluation.update(contract, index)) tail.refresh(factor, factor + 1);
      exposures[factor] = size;
    },
  };
}

function sourceOf(method: RiskFactorTerms['method'], needs: Parameters<typeof drawnSource>[0]): ScenarioSource {
  return method === 'monte-carlo' ? drawnSource(needs) : pastSource(needs, method === 'filtered-historical');
}
