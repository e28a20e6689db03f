#!/usr/bin/env node
/**
 * The `breakwater` command: `src/cli/main.ts` in this process where Node is new enough, else once more on one that is.
 * The version is looked at before anything is imported, because better-sqlite3's binary brings an older Node down without a word.
 */
import { fileURLToPath } from 'node:url';
import { endWithShell, isNewEnough, runOnNode } from '../scripts/node-runtime.mjs';

endWithShell();
if (isNewEnough()) {
  const { main } = await import('../src/cli/main.ts');
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.exitCode = await runOnNode([fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
}
