/** `breakwater init DIR`: an agent and an experiment of one's own that run at once, to be changed from there. Never overwrites. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { program, quoted } from '../program.ts';
import { starterFiles } from '../starter.ts';
import type { Terminal } from '../terminal.ts';

export function init({ dir }: { readonly dir: string }, terminal: Terminal): ExitCode {
  const command = `${program()} run ${quoted(join(dir, 'experiment.yaml'))}`;
  const files = Object.entries(starterFiles(command)).map(([name, text]) => ({ path: join(dir, name), text }));
  const standing = files.filter(({ path }) => existsSync(path));
  if (standing.length > 0) {
    const names = standing.map(({ path }) => path).join(' and ');
    terminal.note(`${names} ${standing.length === 1 ? 'is' : 'are'} there already; nothing was written. Choose another folder.`);
    return EXIT.input;
  }
  try {
    for (const { path, text } of files) {
      mkdirSync(dirname(path), { recursive: true });
      // Whoever came between the look and the writing wins.
      writeFileSync(path, text, { flag: 'wx' });
      terminal.out(path);
    }
  } catch (error) {
    terminal.note(`${dir} cannot be filled: ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.input;
  }
  terminal.note(`\nNext: ${command}`);
  return EXIT.done;
}
