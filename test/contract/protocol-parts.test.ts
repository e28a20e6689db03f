/** The contract suites of the protocol floor, run over every implementation. */

import type { Expression } from '../../src/formula/expression.ts';
import { isFormulaProblem, parseExpression } from '../../src/formula/parse.ts';
import { adlProRata } from '../../src/protocol/backstop/adl-pro-rata.ts';
import { adlQueue } from '../../src/protocol/backstop/adl-queue.ts';
import { recapitalise } from '../../src/protocol/backstop/recapitalise.ts';
import { socialiseProfits } from '../../src/protocol/backstop/socialise-profits.ts';
import { treasury } from '../../src/protocol/backstop/treasury.ts';
import { vault } from '../../src/protocol/backstop/vault.ts';
import { fixedBonus } from '../../src/protocol/liquidation/fixed-bonus.ts';
import type { MechanismNeeds } from '../../src/protocol/liquidation/mechanism.ts';
import { softBands } from '../../src/protocol/liquidation/soft-bands-mechanism.ts';
import { byFormula } from '../../src/protocol/risk/by-formula.ts';
import { depthAware } from '../../src/protocol/risk/depth-aware.ts';
import { portfolioVar } from '../../src/protocol/risk/portfolio-var.ts';
import type { RiskEngine, RiskNeeds } from '../../src/protocol/risk/risk-engine.ts';
import { staticRisk } from '../../src/protocol/risk/static.ts';
import { BACKSTOPS, PLAIN_TERMS } from '../../src/study/validate/lending-world.ts';
import { portfolioTerms, riskNeeds } from '../support/portfolio-var.ts';
import { backstopContract } from './backstop.ts';
import { mechanismContract } from './mechanism.ts';
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

mechanismContract('fixed-bonus', () => fixedBonus.create(PLAIN_TERMS, undefined));
mechanismContract('fixed-bonus, all at once, a share to the fund', () =>
  fixedBonus.create({ ...PLAIN_TERMS, closeFactor: 1, fundShare: 0.3 }, undefined),
);

const BANDS = { amplification: 100, bands: 10, fee: 0.006, loanDiscount: 0.09, liquidationDiscount: 0.06 };
mechanismContract('soft-bands, of a loan that it has not put into bands', () => softBands.create(BANDS, aMechanismsNeeds()));

const SCALE = { scale: () => 1 };
backstopContract('insurance-fund', () => BACKSTOPS['insurance-fund'].create({}, undefined));
backstopContract('reserve', () => BACKSTOPS.reserve.create({}, undefined));
backstopContract('socialise', () => BACKSTOPS.socialise.create({}, undefined), ['debt']);
backstopContract('treasury', () => treasury.create({ assets: undefined, impactMax: 1 }, SCALE));
backstopContract('treasury', () => treasury.create({ assets: [7, 6, 7], impactMax: 1 }, SCALE));
backstopContract('vault', () => vault.create({ share: 1, lossMax: undefined }, SCALE), ['quote']);
backstopContract('vault', () => vault.create({ share: 0.25, lossMax: 5 }, SCALE), ['quote']);
for (const side of ['opposite', 'all'] as const) {
  for (const flag of [true, false]) {
    backstopContract('adl-queue', () => adlQueue.create({ side, forfeit: flag }, SCALE), ['quote']);
    backstopContract('adl-pro-rata', () => adlProRata.create({ side, reduce: flag }, SCALE), ['quote']);
  }
}
backstopContract('socialise-profits', () => socialiseProfits.create({ from: 'profit' }, SCALE), ['quote']);
backstopContract('socialise-profits', () => socialiseProfits.create({ from: 'cash' }, SCALE), ['quote']);
backstopContract('recapitalise', () => recapitalise.create({ token: 6, mintMax: 1e9 }, SCALE));
/** A protocol without venues, wallets or lots. */
function aMechanismsNeeds(): MechanismNeeds {
  return {
    markets: BASKET_MARKETS,
    custody: 3,
    fund: 4,
    escrow: 5,
    set: (column, index, value) => {
      column.data[index] = value;
    },
    openLot: (position) => position,
    quoteSale: () => undefined,
    balance: () => 0,
  };
}
