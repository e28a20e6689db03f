/**
 * The command line as its users start it: a process of its own, in a folder of its own; or, for what needs no process, called in this one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { main } from '../../src/cli/main.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

const BIN = fileURLToPath(new URL('../../bin/breakwater.mjs', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `breakwater` with these arguments; `ended` comes when it has. */
export function start(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const { npm_command: _, FORCE_COLOR: __, ...rest } = process.env;
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env: { ...rest, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  return { child, ended };
}

/** Runs it to its end. */
export function breakwater(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return start(args, cwd, env).ended;
}

/** The same in this process: a third of a second less, and no folder of its own, so paths must be whole. */
export async function called(args: readonly string[]): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const terminal: Terminal = {
    out: (text) => {
      said.stdout += `${text}\n`;
    },
    note: (text) => {
      said.stderr += `${text}\n`;
    },
    progress: () => undefined,
    interactive: false,
    width: 100,
    color: false,
  };
  const code = await main(args, terminal);
  return { code, ...said };
}
