/** The suites of risk engines, run over every one, and over those variants of it whose formulas differ. */
import type { Expression } from '../../src/formula/expression.ts';
import { isFormulaProblem, parseExpression } from '../../src/formula/parse.ts';
import { byFormula } from '../../src/protocol/risk/by-formula.ts';
import { type CrossTerms, createCross, crossParams } from '../../src/protocol/risk/cross.ts';
import { depthAware } from '../../src/protocol/risk/depth-aware.ts';
import { isolate } from '../../src/protocol/risk/isolated.ts';
import { portfolioVar } from '../../src/protocol/risk/portfolio-var.ts';
import type { RiskEngine, RiskNeeds } from '../../src/protocol/risk/risk-engine.ts';
import { createScenarioScan, type ScanTerms, scanParams } from '../../src/protocol/risk/scenario-scan.ts';
import { staticRisk } from '../../src/protocol/risk/static.ts';
import { handState } from '../support/hand-made-books.ts';
import { defaultsOf } from '../support/part-defaults.ts';
import { portfolioTerms } from '../support/portfolio-var.ts';
import { portfolioEngineContract } from './portfolio-engine.ts';
import { riskEngineContract } from './risk-engine.ts';

const TIERS = [
  { upTo: 1000, initial: 0.12, maintenance: 0.06 },
  { upTo: 50_000, initial: 0.2, maintenance: 0.15 },
  { upTo: 1e15, initial: 0.6, maintenance: 0.4 },
];
const cross = (more: Partial<CrossTerms>) => (needs: RiskNeeds) => createCross({ ...defaultsOf(crossParams), ...more }, needs);
const scan = (more: Partial<ScanTerms>) => (needs: RiskNeeds) => createScenarioScan({ ...defaultsOf(scanParams), ...more }, needs);

/** Pools that hold a million of each asset and of dollars, all marked at 1. */
const POOLS = {
  proceedsUsd: (_: number, units: number) => (1e6 * units) / (1e6 + units),
  purchasedUnits: (_: number, usd: number) => (1e6 * usd) / (1e6 + usd),
  collateralTotal: () => 2e6,
  debtTotal: () => 1e6,
};
const ESTIMATES = { estimator: 'ewma', interval: 3_600_000, lambda: 0.94, window: 500, prior: 1, priors: {}, floor: 0 } as const;
/** The engine beside them, once it has looked. */
const looked = (create: (needs: RiskNeeds) => RiskEngine) => (needs: RiskNeeds) => {
  const engine = create({ ...needs, ...POOLS });
  engine.observe?.(
    new Float64Array(needs.markets.length + needs.contracts.length).fill(1),
    0,
    needs.contracts.map(() => handState(1)),
  );
  return engine;
};
const DEPTH = { cash: [], delay: 3_600_000, deviations: 2.326, crowd: 0, change: 0.05, initialFactor: 1.1, ...ESTIMATES };
const depth = (more: object) => looked((needs) => depthAware.create({ ...DEPTH, ...more }, needs));

function tree(text: string): Expression {
  const expression = parseExpression(text);
  if (isFormulaProblem(expression)) throw new Error(`${text}: ${expression.found}`);
  return expression;
}
const formula = (margin: string, haircut: string) =>
  looked((needs) =>
    byFormula.create(
      { initialFactor: 1.1, delay: 3_600_000, slippage: 0.02, ...ESTIMATES, formula: tree(margin), collateralFormula: tree(haircut) },
      needs,
    ),
  );

/** Those that judge a portfolio as a whole. */
const PORTFOLIO: Record<string, (needs: RiskNeeds) => RiskEngine> = {
  cross: cross({}),
  'cross, tiers, size and half of a profit': cross({
    tiers: TIERS,
    markets: [{ asset: 0, lowerCap: 0, upperCap: 0, sizeScale: 10_000 }],
    profitWeight: 0.5,
    profitCap: 100,
  }),
  'scenario-scan': scan({}),
  'scenario-scan, everything scanned and half offset': scan({
    collateral: 'scan',
    offset: 0.5,
    shortMinimum: 0.01,
    extremes: [
      { ranges: 3, move: 0, volatility: 0, cover: 0.33 },
      { ranges: -3, move: 0, volatility: 1, cover: 0.33 },
    ],
  }),
  'scenario-scan, ranges by volatility': scan({ estimated: true, interval: 1000, horizon: 60_000, rangeStep: 0.05 }),
};
for (const [name, create] of Object.entries(PORTFOLIO)) {
  riskEngineContract(name, create);
  portfolioEngineContract(name, create);
}
for (const method of ['delta-normal', 'historical', 'filtered-historical', 'monte-carlo'] as const) {
  for (const measure of ['value-at-risk', 'expected-shortfall'] as const) {
    // A volatility at which an hour may cost half of everything, so that margins matter in baskets of all kinds.
    const terms = portfolioTerms({ method, measure, prior: 20, minimum: 0.02 });
    riskEngineContract(`portfolio-var, ${method}, ${measure}`, (needs) => portfolioVar.create(terms, needs));
    // Of a normal distribution value at risk is coherent too.
    if (measure === 'value-at-risk' && method !== 'delta-normal') continue;
    const calm = { ...terms, priors: { 'asset 2': 1e-6 } };
    portfolioEngineContract(`portfolio-var, ${method}, ${measure}`, (needs) => portfolioVar.create(calm, needs));
  }
}

riskEngineContract('static', () => staticRisk.create({}, undefined));
riskEngineContract('isolated', (needs) => isolate(createCross({ ...defaultsOf(crossParams), tiers: TIERS }, needs), needs));
riskEngineContract('isolated, no cash shared', (needs) => isolate(createCross(defaultsOf(crossParams), needs), needs, false));
riskEngineContract('isolated scan', (needs) =>
  isolate(createScenarioScan({ ...defaultsOf(scanParams), collateral: 'scan' }, needs), needs),
);
riskEngineContract('scenario-scan, cash scanned too', scan({ collateral: 'scan', ranges: { 'asset 2': 0.02 } }));
riskEngineContract('depth-aware', depth({}));
riskEngineContract('depth-aware, the whole crowd', depth({ crowd: 1 }));
riskEngineContract('depth-aware, with cash', depth({ cash: [2] }));
riskEngineContract('by-formula, as static', formula('notional * rate', 'notional * rate'), { cushions: false });
riskEngineContract(
  'by-formula, of size, depth and volatility',
  formula(
    'notional * (0.01 + 0.1 * sqrt(notional / depth) + 3 * volatility * sqrt(delay))',
    'notional - (1 - rate) * notional * depth / (notional + depth)',
  ),
  { cushions: false },
);
