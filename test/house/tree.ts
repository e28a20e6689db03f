/**
 * The files of the project, read once, for the tests that hold them to the rules of the house. Only what is ours: nothing
 * installed, fetched or produced.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const NOT_OURS = new Set(['node_modules', '.git', '.node-runtime', 'results', 'coverage', 'package-lock.json']);
const TEXT = /\.(ts|tsx|mts|mjs|js|json|ya?ml|md|css|html|csv|sh)$|(^|\/)(run|\.gitignore|\.npmrc)$/;

/** A file as the rules see it; `path` is relative to the root, with slashes on every system. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

/** A file from its path and text: also how the tests of the rules make a specimen. */
export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, lines: text.split('\n') };
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]));
}

/** Every text file of the project. */
export const files: readonly SourceFile[] = walk(root)
  .map((path) => ({ full: path, path: relative(root, path).split(sep).join('/') }))
  .filter(({ path }) => TEXT.test(path))
  .map(({ full, path }) => sourceFile(path, readFileSync(full, 'utf8')));

/** Files whose path matches. */
export function matching(pattern: RegExp): readonly SourceFile[] {
  return files.filter((file) => pattern.test(file.path));
}

/** Our code, tests included. */
export const code = matching(/\.(ts|tsx|mjs)$/);

/** File name without folder and extension. */
export function stem(file: SourceFile): string {
  return basename(file.path).replace(/\.[^.]+$/, '');
}

/** Whether the command line exists. Before, the tree is still being built and may lack agents, experiments and a README; after, never. */
export const complete = existsSync(join(root, 'src/cli/main.ts'));
