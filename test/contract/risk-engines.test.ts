/** The suites of risk engines, run over every one, and over those variants of it whose formulas differ. */

import { type CrossTerms, createCross, crossParams } from '../../src/protocol/risk/cross.ts';
import { isolate } from '../../src/protocol/risk/isolated.ts';
import type { RiskNeeds } from '../../src/protocol/risk/risk-engine.ts';
import { createScenarioScan, type ScanTerms, scanParams } from '../../src/protocol/risk/scenario-scan.ts';
import { staticRisk } from '../../src/protocol/risk/static.ts';
import { defaultsOf } from '../support/part-defaults.ts';
import { portfolioEngineContract } from './portfolio-engine.ts';
import { riskEngineContract } from './risk-engine.ts';

const TIERS = [
  { upTo: 1000, initial: 0.12, maintenance: 0.06 },
  { upTo: 50_000, initial: 0.2, maintenance: 0.15 },
  { upTo: 1e15, initial: 0.6, maintenance: 0.4 },
];
const cross = (more: Partial<CrossTerms>) => (needs: RiskNeeds) => createCross({ ...defaultsOf(crossParams), ...more }, needs);
const scan = (more: Partial<ScanTerms>) => (needs: RiskNeeds) => createScenarioScan({ ...defaultsOf(scanParams), ...more }, needs);
const ENGINES = {
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
  'scenario-scan, ranges by volatility': scan({ estimator: 'ewma', interval: 1000, horizon: 60_000, rangeStep: 0.05 }),
};

riskEngineContract('static', () => staticRisk.create({}, undefined));
riskEngineContract('isolated', (needs) => isolate(createCross({ ...defaultsOf(crossParams), tiers: TIERS }, needs), needs));
riskEngineContract('isolated, no cash shared', (needs) => isolate(cross({})(needs), needs, false));
riskEngineContract('isolated scan', (needs) => isolate(scan({ collateral: 'scan' })(needs), needs));
riskEngineContract('scenario-scan, cash scanned too', scan({ collateral: 'scan', ranges: [{ asset: 2, range: 0.02 }] }));
for (const [name, create] of Object.entries(ENGINES)) {
  riskEngineContract(name, create);
  portfolioEngineContract(name, create);
}
