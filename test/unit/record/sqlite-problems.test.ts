/** What can be wrong with the file of a record, made to happen for real, and what the user is told. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../../src/record/sqlite.ts';
import { isStoreProblem, type Store, type StoreProblem } from '../../../src/record/store.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const EXPERIMENT = {
  name: 'x',
  question: 'x?',
  spec: {},
  specHash: 's',
  codeHash: 'c',
  nodeVersion: 'v24',
  createdAt: '2026-01-01T00:00:00.000Z',
};
const DOOR = pathToFileURL(join(import.meta.dirname, '../../../src/record/sqlite.ts')).href;
const SQLITE = pathToFileURL(join(import.meta.dirname, '../../../node_modules/better-sqlite3/lib/index.js')).href;

function problem(answer: unknown): StoreProblem {
  if (!isStoreProblem(answer)) throw new Error('no problem was found');
  return answer;
}

function opened(file: string, options = {}): Store {
  const store = openStore(file, options);
  if (isStoreProblem(store)) throw new Error(store.message);
  onTestFinished(() => store.close());
  return store;
}

describe('the file of a record', () => {
  it('that another process writes is locked, for as long as it writes', async () => {
    const file = join(tempFolder(), 'runs.db');
    const store = opened(file, { busyMs: 50 });
    const script = `
      const { default: Database } = await import(${JSON.stringify(SQLITE)});
      const db = new Database(${JSON.stringify(file)});
      db.exec('BEGIN IMMEDIATE');
      process.stdin.once('data', () => { db.exec('COMMIT'); process.exit(0); });
      process.stdout.write('holding');`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void other.kill());
    await once(other.stdout, 'data');
    expect(problem(store.saveExperiment(EXPERIMENT))).toEqual({
      problem: 'locked',
      file,
      message: `${file} is being written by another process; wait until that is done, or record into another file with --db`,
    });
    expect(store.listExperiments()).toEqual([]);
    other.stdin.write('go on');
    await once(other, 'exit');
    expect(store.saveExperiment(EXPERIMENT)).toBe(1);
  });

  it('that was opened for reading is not written', () => {
    const file = join(tempFolder(), 'runs.db');
    opened(file).close();
    const store = opened(file, { readonly: true });
    expect(problem(store.saveExperiment(EXPERIMENT)).problem).toBe('read-only');
    expect(store.listExperiments()).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'that the user may not write is read-only, and so is one in a folder that nobody may write',
    () => {
      const folder = tempFolder();
      const file = join(folder, 'runs.db');
      opened(file).close();
      chmodSync(file, 0o444);
      chmodSync(folder, 0o555);
      // Permissions do not bind the superuser, so the superuser asks as somebody else.
      const somebody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
      const ask = (path: string) => {
        const script = `import(${JSON.stringify(DOOR)}).then(({ openStore }) => {
        const store = openStore(${JSON.stringify(path)});
        const answer = 'problem' in store ? store : store.saveExperiment(${JSON.stringify(EXPERIMENT)});
        process.stdout.write(JSON.stringify(answer));
      });`;
        const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { ...somebody, encoding: 'utf8' });
        return JSON.parse(stdout === '' ? JSON.stringify({ stderr }) : stdout);
      };
      expect(ask(file)).toMatchObject({ problem: 'read-only', file });
      expect(ask(join(folder, 'new.db'))).toMatchObject({ problem: 'read-only' });
      chmodSync(folder, 0o755);
      expect(ask(file)).toMatchObject({ problem: 'read-only', file });
      expect(existsSync(join(folder, 'new.db'))).toBe(false);
    },
  );

  it('that is not a database is left as it is', () => {
    const file = join(tempFolder(), 'runs.db');
    const text = 'seed,bad_debt_usd\n1,0\n'.repeat(100);
    writeFileSync(file, text);
    expect(problem(openStore(file))).toMatchObject({
      problem: 'not-a-database',
      message: expect.stringContaining('is not an SQLite database'),
    });
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(problem(openStore(tempFolder())).problem).toBe('not-a-database');
  });

  it.each(['CREATE TABLE bookmarks (url TEXT)', 'PRAGMA application_id = 252006674', 'PRAGMA user_version = 1'])(
    'that belongs to another program (%s) is left as it is',
    (sql) => {
      const file = join(tempFolder(), 'runs.db');
      const theirs = new Database(file);
      theirs.exec(sql);
      theirs.close();
      const bytes = readFileSync(file);
      expect(problem(openStore(file))).toMatchObject({ problem: 'foreign', message: expect.stringContaining('another program') });
      expect(problem(openStore(file, { readonly: true })).problem).toBe('foreign');
      expect(readFileSync(file)).toEqual(bytes);
    },
  );

  it('that a later version wrote is left as it is', () => {
    const file = join(tempFolder(), 'runs.db');
    opened(file).close();
    const later = new Database(file);
    later.pragma('user_version = 999');
    later.close();
    const { problem: kind, message } = problem(openStore(file));
    expect(kind).toBe('newer');
    expect(message).toContain('version 999');
  });

  it('that cannot grow says that the disk is full, and keeps what it had', () => {
    const file = join(tempFolder(), 'runs.db');
    const store = opened(file, { bytesMax: 200_000 });
    expect(store.saveExperiment(EXPERIMENT)).toBe(1);
    const large = { ...EXPERIMENT, codeHash: 'other', spec: 'x'.repeat(300_000) };
    expect(problem(store.saveExperiment(large))).toMatchObject({ problem: 'full', message: expect.stringContaining('the disk is full') });
    expect((store.listExperiments() as unknown[]).length).toBe(1);
    expect(store.saveExperiment({ ...EXPERIMENT, codeHash: 'small' })).toBe(2);
  });

  it('that does not exist is not made for reading, nor in a folder that does not exist', () => {
    const folder = tempFolder();
    expect(problem(openStore(join(folder, 'none.db'), { readonly: true })).problem).toBe('missing');
    expect(existsSync(join(folder, 'none.db'))).toBe(false);
    expect(problem(openStore(join(folder, 'none', 'runs.db')))).toMatchObject({
      problem: 'missing',
      message: expect.stringContaining('no such folder'),
    });
    mkdirSync(join(folder, 'none'));
    expect(opened(join(folder, 'none', 'runs.db')).listExperiments()).toEqual([]);
  });

  it('that is damaged says so', () => {
    const file = join(tempFolder(), 'runs.db');
    const store = opened(file);
    for (let i = 0; i < 200; i += 1) store.saveExperiment({ ...EXPERIMENT, codeHash: `c${i}` });
    store.close();
    const bytes = readFileSync(file);
    bytes.fill(0xff, 4096 * 2);
    writeFileSync(file, bytes);
    const answer = openStore(file);
    const said = isStoreProblem(answer) ? answer : answer.listExperiments();
    expect(problem(said)).toMatchObject({ problem: 'broken', message: expect.stringContaining('SQLITE_CORRUPT') });
  });

  it('says that it has no such run', () => {
    const store = opened(join(tempFolder(), 'runs.db'));
    expect(problem(store.readRun(5)).message).toContain('has no run 5');
  });
});
