/**
 * `npm run check`: style, types, the direction of imports, the rules of the house (`test/house`, which take seconds) and whether the JSON
 * Schema of experiments is the one in the tree. All four run whatever the others say, so that one look shows every fault.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './node-runtime.mjs';

const cruised = ['src', 'agents', 'experiments'].filter((folder) => existsSync(path.join(root, folder)));
const HOUSE = ['test/house', 'test/unit/scenario/json-schema.test.ts'];
const CHECKS = [
  { name: 'biome: style and lint', args: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'tsc: types', args: ['tsc', '--noEmit', '-p', '.'] },
  { name: 'dependency-cruiser: who imports whom', args: ['depcruise', '--config', '.dependency-cruiser.mjs', ...cruised] },
  { name: 'vitest: rules of the house, JSON Schema', args: ['vitest', 'run', '--no-color', '--reporter=dot', ...HOUSE] },
];

/** Runs one tool to its end and keeps what it says, so that they do not talk at once. */
function inspect({ name, args }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join('scripts', 'with-node.mjs'), ...args], { cwd: root });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    child.on('close', (code) => resolve({ name, said, passed: code === 0 }));
  });
}

let failed = 0;
for (const { name, said, passed } of await Promise.all(CHECKS.map(inspect))) {
  if (!passed) process.stdout.write(`${said.trimEnd()}\n`);
  process.stdout.write(`${passed ? 'ok    ' : 'FAILED'} ${name}\n`);
  if (!passed) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
