/**
 * The import table catches what it says it catches. Not a matter of course: without a compiler that it can talk to, the cruiser sees no
 * TypeScript at all and finds nothing wrong.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './tree.ts';

/** A house in which every import is a fault, with the law that it breaks. */
const FAULTS: readonly (readonly [law: string, path: string, text: string])[] = [
  ['base-looks-down', 'src/base/a.ts', "import type { B } from '../kernel/b.ts';\nexport type A = B;"],
  ['no-circles', 'src/ledger/c.ts', "import type { D } from './d.ts';\nexport type C = D;"],
  ['no-circles', 'src/ledger/d.ts', "import type { C } from './c.ts';\nexport type D = C | 1;"],
  ['deciders-never-touch-money', 'src/protocol/risk/r.ts', "import type { S } from '../settlement/s.ts';\nexport type R = S;"],
  ['settlement-never-judges', 'src/protocol/settlement/s.ts', "import type { M } from '../liquidation/m.ts';\nexport type S = M;"],
  ['hall-over-rooms', 'src/protocol/backstop/f.ts', "import type { P } from '../protocol.ts';\nexport type F = P;"],
  ['one-door-for-rxjs', 'src/run/run.ts', "import type { Observable } from 'rxjs';\nexport type O = Observable<number>;"],
  ['no-node-where-runs-are-simulated', 'src/chain/n.ts', "import { cpus } from 'node:os';\nexport const n = cpus;"],
  ['sqlite-is-opened-above-run', 'src/market/q.ts', "import { q } from '../record/sqlite.ts';\nexport const p = q;"],
  ['commands-take-only-types-of-yargs', 'src/cli/commands/y.ts', "import yargs from 'yargs';\nexport const y = yargs;"],
  ['no-unknown-floor', 'src/oddity/o.ts', "import type { B } from '../kernel/b.ts';\nexport type O = B;"],
  ['no-library-without-a-door', 'src/study/l.ts', "import { parse } from 'acorn';\nexport const l = parse;"],
  ['agents-use-one-door', 'agents/x.ts', "import type { B } from '../src/kernel/b.ts';\nexport type X = B;"],
  ['experiments-use-one-door', 'experiments/e.ts', "import type { B } from '../src/kernel/b.ts';\nexport type E = B;"],
];
const SOUND: readonly (readonly [path: string, text: string])[] = [
  ['src/kernel/b.ts', 'export type B = 1;'],
  ['src/protocol/protocol.ts', 'export type P = 1;'],
  ['src/protocol/liquidation/m.ts', 'export type M = 1;'],
  ['src/record/sqlite.ts', "import sqlite from 'better-sqlite3';\nexport const q = sqlite;"],
  ['src/cli/commands/t.ts', "import type { Argv } from 'yargs';\nexport type T = Argv;"],
];

describe('the import table', () => {
  const house = mkdtempSync(join(tmpdir(), 'house-'));
  afterAll(() => rmSync(house, { recursive: true, force: true }));
  let verdict = '';

  beforeAll(() => {
    for (const [path, text] of [...FAULTS.map(([, path, text]) => [path, text] as const), ...SOUND]) {
      mkdirSync(dirname(join(house, path)), { recursive: true });
      writeFileSync(join(house, path), text);
    }
    copyFileSync(join(root, 'tsconfig.json'), join(house, 'tsconfig.json'));
    symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'), 'junction');
    const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const table = join(root, '.dependency-cruiser.mjs');
    const args = [cruiser, '--config', table, '--output-type', 'err-long', 'src', 'agents', 'experiments'];
    verdict = spawnSync(process.execPath, args, { cwd: house, encoding: 'utf8' }).stdout;
  });

  it.each(FAULTS)('%s: refuses %s', (law, path) => {
    expect(verdict).toMatch(
      new RegExp(`error ${law}: ${path.replaceAll('.', '\\.')}|error ${law}: [^:]*?→[^:]*?${path.replaceAll('.', '\\.')}`),
    );
  });

  it.each(SOUND)('lets %s be', (path) => {
    expect(verdict).not.toContain(`: ${path} →`);
  });
});
