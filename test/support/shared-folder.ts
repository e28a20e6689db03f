/** Folders for the tests of one file that run side by side, gone when the last of them is over. Call it at the top of a file. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Answers what makes a new, empty folder each time. */
export function sharedFolder(): () => string {
  const root = mkdtempSync(join(tmpdir(), 'breakwater-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  let count = 0;
  return () => {
    count += 1;
    const folder = join(root, String(count));
    mkdirSync(folder);
    return folder;
  };
}
