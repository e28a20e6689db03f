/** Presets in real folders. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { presetsFor, presetsIn } from '../../../src/fleet/preset-folders.ts';
import { tempFolder } from '../../support/temp-folder.ts';

describe('the presets of folders', () => {
  it('are their YAML files, and the one in the earlier folder is meant', () => {
    const [first, second] = ['a', 'b'].map((name) => join(tempFolder(), name));
    mkdirSync(first);
    mkdirSync(second);
    writeFileSync(join(first, 'x.yaml'), 'one');
    writeFileSync(join(second, 'x.yaml'), 'two');
    writeFileSync(join(second, 'w.yml'), 'three');
    writeFileSync(join(second, 'notes.md'), 'none');
    const shelf = presetsIn([first, second, join(first, 'none')]);
    expect(shelf.names).toEqual(['w', 'x']);
    expect([shelf.read('x')?.text, shelf.read('w')?.text, shelf.read('notes')]).toEqual(['one', 'three', undefined]);
    expect(shelf.read('x')?.file).toBe(join(first, 'x.yaml'));
  });

  it('hold those that come with Breakwater wherever the experiment lies', () => {
    expect(presetsFor(tempFolder()).names).toContain('aave-v3-weth');
  });
});
