/** The contract suite of risk engines, run over every implementation. */
import type { Expression } from '../../src/formula/expression.ts';
import { isFormulaProblem, parseExpression } from '../../src/formula/parse.ts';
import { byFormula } from '../../src/protocol/risk/by-formula.ts';
import { depthAware } from '../../src/protocol/risk/depth-aware.ts';
import { portfolioVar } from '../../src/protocol/risk/portfolio-var.ts';
import type { RiskEngine, RiskNeeds } from '../../src/protocol/risk/risk-engine.ts';
import { staticRisk } from '../../src/protocol/risk/static.ts';
import { portfolioTerms, riskNeeds } from '../support/portfolio-var.ts';
import { BASKET_MARKETS, riskEngineContract } from './risk-engine.ts';

riskEngineContract('static', staticRisk.create({}, undefined));
for (const method of ['delta-normal', 'historical', 'filtered-historical', 'monte-carlo'] as const) {
  for (const measure of ['value-at-risk', 'expected-shortfall'] as const) {
    // A volatility at which an hour may cost half of everything, so that margins matter in baskets of all kinds.
    const terms = portfolioTerms({ method, measure, prior: 20, minimum: 0.02 });
    riskEngineContract(`portfolio-var, ${method}, ${measure}`, portfolioVar.create(terms, riskNeeds(BASKET_MARKETS)));
  }
}

/** Markets whose pools hold a million of each asset and of dollars, all marked at 1. */
const POOLS: RiskNeeds = {
  markets: BASKET_MARKETS,
  contracts: [],
  settle: -1,
  proceedsUsd: (_, units) => (1e6 * units) / (1e6 + units),
  purchasedUnits: (_, usd) => (1e6 * usd) / (1e6 + usd),
  collateralTotal: () => 2e6,
  debtTotal: () => 1e6,
  debtIndex: () => 1,
  marketNamed: () => -1,
  stateOf: () => ({ at: 0, index: Number.NaN, skew: 0, longs: 0, shorts: 0 }),
};
const ESTIMATES = { estimator: 'ewma', interval: 3_600_000, lambda: 0.94, window: 500, prior: 1, priors: {}, floor: 0 } as const;

/** The engine once it has looked at its world. */
function looked(engine: RiskEngine): RiskEngine {
  engine.observe?.(new Float64Array(3).fill(1), 0, []);
  return engine;
}

const DEPTH = { cash: [], delay: 3_600_000, deviations: 2.326, crowd: 0, change: 0.05, initialFactor: 1.1, ...ESTIMATES };
riskEngineContract('depth-aware', looked(depthAware.create(DEPTH, POOLS)));
riskEngineContract('depth-aware, the whole crowd', looked(depthAware.create({ ...DEPTH, crowd: 1 }, POOLS)));
riskEngineContract('depth-aware, with cash', looked(depthAware.create({ ...DEPTH, cash: [2] }, POOLS)));

function tree(text: string): Expression {
  const expression = parseExpression(text);
  if (isFormulaProblem(expression)) throw new Error(`${text}: ${expression.found}`);
  return expression;
}
const FORMULA = { collateralFormula: undefined, initialFactor: 1.1, delay: 3_600_000, slippage: 0.02, ...ESTIMATES };
riskEngineContract(
  'by-formula, as static',
  looked(byFormula.create({ ...FORMULA, formula: tree('notional * rate'), collateralFormula: tree('notional * rate') }, POOLS)),
);
riskEngineContract(
  'by-formula, of size, depth and volatility',
  looked(
    byFormula.create(
      {
        ...FORMULA,
        formula: tree('notional * (0.01 + 0.1 * sqrt(notional / depth) + 3 * volatility * sqrt(delay))'),
        collateralFormula: tree('notional - (1 - rate) * notional * depth / (notional + depth)'),
      },
      POOLS,
    ),
  ),
);
