/** NEAR-1 by hand-made books for the engines that ask for a margin by rates, tiers and scans. */
import { createCross, crossParams } from '../../src/protocol/risk/cross.ts';
import { isolate } from '../../src/protocol/risk/isolated.ts';
import type { RiskEngine, RiskNeeds } from '../../src/protocol/risk/risk-engine.ts';
import { createScenarioScan, scanParams } from '../../src/protocol/risk/scenario-scan.ts';
import { HAND_OPTIONS, HAND_PERPETUALS } from '../support/hand-made-books.ts';
import { defaultsOf } from '../support/part-defaults.ts';
import { nearContract } from './near.ts';

const TIERS = [
  { upTo: 1000, initial: 0.12, maintenance: 0.06 },
  { upTo: 1e15, initial: 0.4, maintenance: 0.3 },
];
const cross = (needs: RiskNeeds) => createCross({ ...defaultsOf(crossParams), tiers: TIERS }, needs);
const scan = (needs: RiskNeeds) => createScenarioScan({ ...defaultsOf(scanParams), collateral: 'scan' }, needs);

const ENGINES: Readonly<Record<string, (needs: RiskNeeds) => RiskEngine>> = {
  cross,
  isolated: (needs) => isolate(cross(needs), needs),
  'scenario-scan': scan,
};

for (const [name, create] of Object.entries(ENGINES)) {
  nearContract(`${name}, loans`, [], create);
  nearContract(`${name}, perpetuals`, HAND_PERPETUALS, create);
  nearContract(`${name}, options`, [...HAND_PERPETUALS, ...HAND_OPTIONS], create);
}
