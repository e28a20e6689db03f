/** The whole record: what `breakwater validate` runs, in the order in which it tells it. A kind of evidence joins it here. */
import { fileURLToPath } from 'node:url';
import type { Check } from './check.ts';
import { closedFormChecks } from './closed-forms.ts';
import { incidents } from './incidents.ts';
import { simulatedChecks } from './simulated.ts';

/** The experiments that come with Breakwater, among them the incidents. */
const EXPERIMENTS = fileURLToPath(new URL('../../../experiments/', import.meta.url));

export const allChecks: readonly Check[] = [...closedFormChecks, ...simulatedChecks, ...incidents(EXPERIMENTS)];
