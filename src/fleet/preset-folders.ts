/** The presets that an experiment may use: every YAML file of the given folders, by its name. Reads them when they are asked for. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PresetShelf } from '../scenario/preset.ts';

/** The presets that come with Breakwater. */
export const OWN_PRESETS = fileURLToPath(new URL('../../experiments/presets/', import.meta.url));

/** The presets beside the experiments of a folder, and ours. */
export function presetsFor(folder: string): PresetShelf {
  return presetsIn([join(folder, 'presets'), OWN_PRESETS]);
}

/** Of two presets of one name the one in the earlier folder is meant. A folder that does not exist has none. */
export function presetsIn(folders: readonly string[]): PresetShelf {
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const preset = /^(.+)\.ya?ml$/.exec(name)?.[1];
      if (preset !== undefined && !files.has(preset)) files.set(preset, join(folder, name));
    }
  }
  return {
    names: [...files.keys()].sort((a, b) => (a < b ? -1 : 1)),
    read(name) {
      const path = files.get(name);
      return path === undefined ? undefined : { file: shown(path), text: readFileSync(path, 'utf8') };
    },
  };
}

/** Relative to where one is, if it lies there. */
function shown(path: string): string {
  const near = relative('', path);
  return near.startsWith('..') ? path : near;
}
