/** The whole record: what `breakwater validate` runs, in the order in which it tells it. A kind of evidence joins it here. */
import { fileURLToPath } from 'node:url';
import { backstopChecks } from './backstop-checks.ts';
import type { Check } from './check.ts';
import { closedFormChecks } from './closed-forms.ts';
import { depthChecks } from './depth-checks.ts';
import { formulaChecks } from './formula-checks.ts';
import { governanceChecks } from './governance-checks.ts';
import { incidents } from './incidents.ts';
import { marginEngineChecks } from './margin-engine-checks.ts';
import { marginFormChecks } from './margin-forms.ts';
import { mechanismChecks } from './mechanism-checks.ts';
import { microstructureChecks } from './microstructure-forms.ts';
import { poolBandChecks } from './pool-band-checks.ts';
import { portfolioVarChecks } from './portfolio-var-checks.ts';
import { simulatedChecks } from './simulated.ts';
import { simulatedContractChecks } from './simulated-contracts.ts';
import { valueAtRiskChecks } from './value-at-risk-checks.ts';

/** The experiments that come with Breakwater, among them the incidents. */
const EXPERIMENTS = fileURLToPath(new URL('../../../experiments/', import.meta.url));

/** Formulas of the field, then what the simulator makes of them: floors, then parts of the protocol, then the record. */
export const allChecks: readonly Check[] = [
  ...closedFormChecks,
  ...marginFormChecks,
  ...microstructureChecks,
  ...valueAtRiskChecks,
  ...simulatedChecks,
  ...simulatedContractChecks,
  ...mechanismChecks,
  ...poolBandChecks,
  ...backstopChecks,
  ...marginEngineChecks,
  ...portfolioVarChecks,
  ...depthChecks,
  ...formulaChecks,
  ...governanceChecks,
  ...incidents(EXPERIMENTS),
];
