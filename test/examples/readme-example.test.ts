/** The TypeScript of the README is not prose: it is taken out and run as it stands, against the door that it names. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const blocks = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code);

describe('the README', () => {
  it('shows TypeScript, in at most twenty lines', () => {
    expect(blocks.length).toBeGreaterThan(0);
    for (const code of blocks) expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
  });

  it.each(blocks.map((code, i) => [i + 1, code] as const))('block %i runs and prints something', (_, code) => {
    // Beneath the root, where the package finds itself under its own name; in a folder that git and the rules of the house leave alone.
    const folder = join(ROOT, 'results', `readme-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'example.ts');
    writeFileSync(file, code);
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], { cwd: ROOT, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout.trim()).not.toBe('');
  });
});
