/** The experiment files of folders: every YAML file, in folders within as well, but for presets, which are parts of experiments. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Absolute paths, each once, sorted within a folder. A folder that does not exist has none. */
export function experimentFiles(folders: readonly string[]): readonly string[] {
  return [...new Set(folders.flatMap(filesOf))];
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name) && !/(^|[\\/])presets$/.test(entry.parentPath))
      .map((entry) => resolve(join(entry.parentPath, entry.name)))
      .sort((a, b) => (a < b ? -1 : 1));
  } catch {
    return [];
  }
}
