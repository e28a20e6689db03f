/**
 * `node scripts/with-node.mjs WHAT …` runs a file of ours, or a tool by its name, on a Node that is new enough (see `node-runtime.mjs`).
 * Tools are found by their package and not in `node_modules/.bin`, whose entries are shell scripts on Windows.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root, runOnNode } from './node-runtime.mjs';

/** Tools whose package has another name. */
const PACKAGES = { tsc: '@typescript/native', biome: '@biomejs/biome', depcruise: 'dependency-cruiser' };

/** Path of the script that a tool's package declares as its bin. */
function toolScript(tool) {
  const home = path.join(root, 'node_modules', PACKAGES[tool] ?? tool);
  const manifest = path.join(home, 'package.json');
  if (!existsSync(manifest)) throw new Error(`${tool} is neither a file nor an installed tool; have you run \`npm ci\`?`);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  return path.join(home, typeof bin === 'string' ? bin : bin[tool]);
}

const [what, ...rest] = process.argv.slice(2);
if (what === undefined) {
  process.stderr.write('usage: node scripts/with-node.mjs FILE|TOOL [ARGUMENT]…\n');
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await runOnNode([/\.[cm]?[jt]s$/.test(what) ? what : toolScript(what), ...rest]);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
