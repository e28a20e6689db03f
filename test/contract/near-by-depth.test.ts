/**
 * NEAR-1 by hand-made books for engines that look at venues: pools of ten thousand of each asset, at prices that do not follow the marks.
 */
import type { Expression } from '../../src/formula/expression.ts';
import { parseExpression } from '../../src/formula/parse.ts';
import { byFormula } from '../../src/protocol/risk/by-formula.ts';
import { depthAware } from '../../src/protocol/risk/depth-aware.ts';
import type { RiskEngine, RiskNeeds } from '../../src/protocol/risk/risk-engine.ts';
import { HAND_OPTIONS, HAND_PERPETUALS, handState } from '../support/hand-made-books.ts';
import { nearContract } from './near.ts';

const PRICES = [100, 100, 1];
const RESERVE = 10_000;
const ESTIMATES = { estimator: 'ewma', interval: 600_000, lambda: 0.94, window: 500, prior: 1, priors: {}, floor: 0.1 } as const;
const DEPTH = { cash: [2], delay: 3_600_000, deviations: 2.326, crowd: 0, change: 0.05, initialFactor: 1.1, ...ESTIMATES };
const FORMULA = {
  formula: parseExpression('notional * (0.02 + 2 * volatility * sqrt(delay) + 0.02 * sqrt(notional / depth))') as Expression,
  collateralFormula: parseExpression('notional * rate + 0.1 * notional * notional / (notional + depth)') as Expression,
  initialFactor: 1.1,
  delay: 3_600_000,
  slippage: 0.02,
  ...ESTIMATES,
};

/** An engine beside the pools, which has looked at them once at the first prices. */
const beside = (create: (needs: RiskNeeds) => RiskEngine) => (needs: RiskNeeds) => {
  const { contracts } = needs;
  const engine = create({
    ...needs,
    proceedsUsd: (market, units) => (PRICES[market] * RESERVE * units) / (RESERVE + units),
    purchasedUnits: (market, usd) => (RESERVE * usd) / (PRICES[market] * RESERVE + usd),
    collateralTotal: () => 4000,
    debtTotal: () => 2000,
    debtIndex: () => 1,
  });
  const values = contracts.map((contract) => contract.value(handState(PRICES[contract.market])));
  engine.observe?.(
    Float64Array.from([...PRICES, ...values]),
    0,
    contracts.map(({ market }) => handState(PRICES[market])),
  );
  return engine;
};

for (const [what, contracts] of [
  ['loans', []],
  ['perpetuals', HAND_PERPETUALS],
  ['options', [...HAND_PERPETUALS, ...HAND_OPTIONS]],
] as const) {
  nearContract(
    `depth-aware, ${what}`,
    contracts,
    beside((needs) => depthAware.create(DEPTH, needs)),
  );
  nearContract(
    `depth-aware, a crowd, nothing is cash, ${what}`,
    contracts,
    beside((needs) => depthAware.create({ ...DEPTH, cash: [], crowd: 0.5 }, needs)),
  );
  nearContract(
    `by-formula, ${what}`,
    contracts,
    beside((needs) => byFormula.create(FORMULA, needs)),
  );
}
