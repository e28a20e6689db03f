/** `breakwater bench`: the speed of this machine, by the benchmarks of the source tree. They are not part of an installation. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';

const BENCH = fileURLToPath(new URL('../../../test/bench/main.ts', import.meta.url));

/** Runs the benchmarks whose names are given, or all, with our own output. */
export function bench(
  { names, json }: { readonly names: readonly string[]; readonly json: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  if (!existsSync(BENCH)) {
    terminal.note('the benchmarks are in the source tree only (test/bench)');
    return Promise.resolve(EXIT.input);
  }
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [BENCH, ...names, ...(json ? ['--json'] : [])], { stdio: 'inherit' });
    child.on('error', () => resolve(EXIT.failed));
    child.on('close', (code) => resolve(code === 0 ? EXIT.done : code === EXIT.interrupted ? EXIT.interrupted : EXIT.failed));
  });
}
