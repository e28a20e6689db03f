/**
 * Agents of users, in real files in a real folder, loaded by a real Node: with this project's own loader, and without its package being
 * installed.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../support/temp-folder.ts';

const url = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../..', path)).href);

interface Said {
  readonly agents?: readonly string[];
  readonly same?: boolean;
  readonly problems?: readonly { readonly file: string; readonly line: number; readonly found: string; readonly expected: string }[];
  readonly stderr: string;
}

/** What `loadAgents` answers in a process, or in a worker thread, of its own. */
function load(folders: readonly string[], thread: 'main' | 'worker' = 'main'): Said {
  const script = `
    import { isMainThread, Worker, parentPort } from 'node:worker_threads';
    const { loadAgents } = await import(${url('src/fleet/load-agents.ts')});
    const { defineAgent } = await import(${url('src/agent/index.ts')});
    const loaded = await loadAgents(${JSON.stringify(folders)});
    const answer = Array.isArray(loaded) ? { problems: loaded }
      : { agents: [...loaded.keys()], same: [...loaded.values()].every((part) => part.tool === undefined || part.tool === defineAgent) };
    process.stdout.write(JSON.stringify(answer));`;
  const outer =
    thread === 'main'
      ? script
      : `import { Worker } from 'node:worker_threads';
         const source = ${JSON.stringify(script)};
         new Worker(new URL('data:text/javascript,' + encodeURIComponent(source)));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', outer], { encoding: 'utf8', cwd: tempFolder() });
  return { ...(stdout === '' ? {} : JSON.parse(stdout)), stderr };
}

function agent(name: string, before = '', more = ''): string {
  return `${before}import { defineAgent } from 'breakwater/agent';
export default defineAgent({ name: '${name}', role: 'trader', summary: 'Waits.', sources: [], params: {}, create: () => ({}) ${more}});
`;
}

describe('agents of a user', () => {
  it.each(['main', 'worker'] as const)('import breakwater/agent from a folder outside the project, in a %s thread', (thread) => {
    const folder = tempFolder();
    const imports = `import type { Agent } from 'breakwater/agent';\nimport { patience } from './within/patience.ts';\n`;
    const typed = `${imports}const idle: Agent = {};\n`;
    writeFileSync(
      join(folder, 'waiter.ts'),
      `${typed}${agent('waiter', '', ', tool: defineAgent, idle, patience').replace('() => ({})', '() => idle')}`,
    );
    writeFileSync(join(folder, 'sleeper.js'), agent('sleeper'));
    writeFileSync(join(folder, 'idler.mjs'), agent('idler'));
    writeFileSync(join(folder, 'notes.md'), '# not an agent');
    writeFileSync(join(folder, 'waiter.test.ts'), 'throw new Error("not an agent either")');
    mkdirSync(join(folder, 'within'));
    writeFileSync(join(folder, 'within', 'patience.ts'), 'export const patience: number = 3;');
    const said = load([folder], thread);
    expect(said).toEqual({ agents: ['idler', 'sleeper', 'waiter'], same: true, stderr: '' });
  });

  it('are told apart from files that cannot be used, all of which are named with the reason', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'broken.ts'), 'export default {');
    writeFileSync(join(folder, 'good.ts'), agent('good'));
    writeFileSync(join(folder, 'misnamed.ts'), agent('other'));
    writeFileSync(join(folder, 'shapeless.ts'), 'export default 3;');
    writeFileSync(join(folder, 'throws.ts'), '\n\nthrow new TypeError("no market");');
    writeFileSync(join(folder, 'unknown.ts'), "import 'left-pad-of-nobody';\nexport default 1;");
    const { problems = [] } = load([folder, join(folder, 'none')]);
    expect(problems.map(({ file, found, expected, line }) => [file.slice(folder.length + 1), found, expected, line])).toEqual([
      ['broken.ts', expect.stringContaining('SyntaxError'), 'a file that can be imported', expect.any(Number)],
      ['misnamed.ts', "name 'other'", "'misnamed', the name of the file", 0],
      ['shapeless.ts', 'something else', 'a default export made by defineAgent', 0],
      ['throws.ts', 'TypeError: no market', 'a file that can be imported', 3],
      ['unknown.ts', expect.stringContaining("Cannot find package 'left-pad-of-nobody'"), 'a file that can be imported', 0],
      ['none', 'nothing', 'a folder of agents', 0],
    ]);
  });

  it('may not bear the same name twice', () => {
    const [one, two] = [tempFolder(), tempFolder()];
    for (const folder of [one, two]) writeFileSync(join(folder, 'waiter.ts'), agent('waiter'));
    const { problems = [] } = load([one, two]);
    expect(problems).toMatchObject([{ file: join(two, 'waiter.ts'), found: expect.stringContaining(join(one, 'waiter.ts')) }]);
  });
});

describe('agents that come with Breakwater', () => {
  it('load', () => {
    const folder = join(import.meta.dirname, '../../../agents');
    const { agents, stderr } = load([folder]);
    expect(stderr).toBe('');
    expect(agents).toContain('liquidator');
  });
});
