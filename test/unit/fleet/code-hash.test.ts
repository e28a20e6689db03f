/** The fingerprint of code: it moves with anything that could move an outcome, and with nothing else. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeHash, hashFolders } from '../../../src/fleet/code-hash.ts';
import { tempFolder } from '../../support/temp-folder.ts';

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = tempFolder();
  mkdirSync(join(folder, 'within'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const CODE = { 'a.ts': 'export const a = 1;\n', 'within/b.ts': 'export const b = 2;\n', 'data.json': '{}' };

describe('code hash', () => {
  const usual = () => hashFolders([folderOf(CODE)]);

  it('is the same wherever the code lies, whatever its line ends, and whatever lies beside it', () => {
    expect(usual()).toMatch(/^[0-9a-f]{64}$/);
    expect(hashFolders([folderOf({ ...CODE, 'a.ts': 'export const a = 1;\r\n', 'notes.md': 'x', 'runs.db': 'x' })])).toBe(usual());
  });

  it.each([
    ['a line', { ...CODE, 'a.ts': 'export const a = 2;\n' }],
    ['a file within', { ...CODE, 'within/b.ts': '' }],
    ['a file more', { ...CODE, 'c.ts': '' }],
    ['where one file ends and the next begins', { ...CODE, 'a.ts': 'export const a = 1;\nexport', 'within/b.ts': ' const b = 2;\n' }],
  ])('changes with %s', (_, files) => {
    expect(hashFolders([folderOf(files)])).not.toBe(usual());
  });

  it('changes when a file is renamed', () => {
    const folder = folderOf(CODE);
    renameSync(join(folder, 'a.ts'), join(folder, 'z.ts'));
    expect(hashFolders([folder])).not.toBe(usual());
  });

  it('is that of the code that was there when it was first asked for', () => {
    const folder = folderOf(CODE);
    const first = codeHash([folder]);
    writeFileSync(join(folder, 'a.ts'), 'export const a = 3;\n');
    expect(codeHash([folder])).toBe(first);
    expect(codeHash([])).not.toBe(first);
  });
});
