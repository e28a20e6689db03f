/**
 * A fingerprint of the code that makes outcomes: the sources of Breakwater and of the agents in use. Two results with the same spec, seed
 * and code hash must be equal; with another code hash they may not be compared without a word. The Node version is kept beside it, not in
 * it.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OWN_AGENTS } from './load-agents.ts';

const SOURCES = fileURLToPath(new URL('..', import.meta.url));
const CODE = /\.(ts|js|mjs|json)$/;

const known = new Map<string, string>();

/**
 * SHA-256, 64 hexadecimal digits, over names and contents of all code beneath src/ and the agents' folders (folders within included).
 * Computed once for the same folders: code that changes while it runs is not the code that runs.
 */
export function codeHash(agentFolders: readonly string[] = [OWN_AGENTS]): string {
  const key = agentFolders.join('\n');
  const hash = known.get(key) ?? hashFolders([SOURCES, ...agentFolders]);
  known.set(key, hash);
  return hash;
}

/** The same over any folders. Where a folder lies does not matter; what is in it, how it is named there and the order of the folders do. */
export function hashFolders(folders: readonly string[]): string {
  const hash = createHash('sha256');
  folders.forEach((folder, position) => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && CODE.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ path, name: relative(folder, path).split(sep).join('/') }))
      .filter(({ name }) => !name.split('/').includes('node_modules'))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { path, name } of files) {
      // Line ends differ between systems and change no outcome.
      const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
      hash.update(`${position}\0${name}\0${text.length}\0${text}`);
    }
  });
  return hash.digest('hex');
}
