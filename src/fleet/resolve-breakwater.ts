/**
 * Lets an agent that lies anywhere on the disk write `import { defineAgent } from 'breakwater/agent'` without an installation: the two
 * public names lead to this very code, so that there is one `defineAgent` and not two. Hooks belong to a thread: the main one and each
 * worker call this.
 */
import { registerHooks } from 'node:module';

const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
const DOORS: Readonly<Record<string, string>> = {
  breakwater: new URL(`../index${EXTENSION}`, import.meta.url).href,
  'breakwater/agent': new URL(`../agent/index${EXTENSION}`, import.meta.url).href,
};

const FORMATS: Readonly<Record<string, string>> = { ts: 'module-typescript', js: 'module' };

let folders: ReadonlySet<string> | undefined;

/**
 * From now on this thread finds `breakwater` and `breakwater/agent`, and takes .ts and .js files beneath `folder` for ES modules whatever
 * package.json is near them. Calling it again for another folder adds that one.
 *
 * @param folder  URL of a folder, with a slash at its end
 */
export function resolveBreakwater(folder: string): void {
  const first = folders === undefined;
  folders = new Set([...(folders ?? []), folder]);
  if (!first) return;
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(DOORS[specifier] ?? specifier, context);
      const extension = /\.(ts|js)$/.exec(found.url)?.[1];
      if (extension === undefined || found.format === 'commonjs' || !isBeneath(found.url)) return found;
      return { ...found, format: FORMATS[extension] };
    },
  });
}

function isBeneath(url: string): boolean {
  return !url.includes('/node_modules/') && [...(folders ?? [])].some((folder) => url.startsWith(folder));
}
