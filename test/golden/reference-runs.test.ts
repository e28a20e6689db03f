/**
 * Reference runs: the trace hash and the metrics of known points, kept in a file. A difference is not an error in itself, but nobody
 * may make one without saying so: BREAKWATER_WRITE=1 rewrites the file, and CHANGELOG.md says why.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runScenario } from '../../src/run/run.ts';
import { experimentNames, realPoints } from '../support/real-points.ts';

const FILE = fileURLToPath(new URL('reference-runs.json', import.meta.url));
const HINT = 'CHANGELOG.md needs a line that says why; then BREAKWATER_WRITE=1 npx vitest run test/golden rewrites the reference';

/** What is kept of a run. */
interface Reference {
  readonly traceHash: string;
  readonly metrics: Readonly<Record<string, number>>;
}

const write = Boolean(process.env.BREAKWATER_WRITE);
const known = write ? {} : (JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Reference>);
const found: Record<string, Reference> = {};

for (const name of experimentNames()) {
  const { registry, points, labels } = await realPoints(name);
  // All cases of an incident, and the first point of every other experiment.
  const chosen = name.startsWith('incidents/') ? points : points.slice(0, 1);
  for (const [index, point] of chosen.entries()) {
    const { traceHash, metrics, error } = runScenario(point, registry, { seed: 1, trace: 'none', checkEvery: 0 });
    if (error !== undefined) throw new Error(`${name}: ${error.message}`);
    // Nine digits are for reading; that every bit is the same is what the hash says.
    const rounded = Object.entries(metrics).flatMap(([metric, value]) => (value === 0 ? [] : [[metric, Number(value.toPrecision(9))]]));
    found[`${name}: ${labels[index]}`] = { traceHash, metrics: Object.fromEntries(rounded) as Reference['metrics'] };
  }
}
if (write) writeFileSync(FILE, `${JSON.stringify(found, undefined, 2)}\n`);

describe('a reference run', () => {
  it.each(Object.keys(found))('%s is as it was', (name) => {
    const reference = write ? found[name] : known[name];
    expect(reference, `${name} is not in the reference: ${HINT}`).toBeDefined();
    expect(found[name].metrics, `metrics: ${HINT}`).toEqual(reference.metrics);
    expect(found[name].traceHash, `trace hash: ${HINT}`).toBe(reference.traceHash);
  });

  it('is never dropped in silence', () => {
    expect(
      Object.keys(known).filter((name) => found[name] === undefined),
      HINT,
    ).toEqual([]);
  });
});
