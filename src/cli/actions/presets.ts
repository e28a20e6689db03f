/** `breakwater presets`: the presets that an experiment may use, with what they are, from when and from where; or one of them in full. */
import { presetsFor } from '../../fleet/preset-folders.ts';
import { blockText, type Preset, parsePreset, presetUse } from '../../scenario/preset.ts';
import { isProblems, type Problem, showChoices } from '../../scenario/problem.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { paintFor, wrapped } from '../print.ts';
import { tellProblems } from '../problems.ts';
import type { Terminal } from '../terminal.ts';

export interface PresetsArguments {
  /** One preset, with or without `preset/`; all where none is named. */
  readonly name?: string | undefined;
  readonly json: boolean;
}

export function presets({ name, json }: PresetsArguments, terminal: Terminal): ExitCode {
  const shelf = presetsFor('experiments');
  const wanted = name?.replace(/^preset\//, '');
  const names = shelf.names.filter((one) => wanted === undefined || one === wanted);
  if (wanted !== undefined && names.length === 0) {
    terminal.note(`there is no preset "${wanted}"; expected ${showChoices(wanted, shelf.names)}`);
    return EXIT.input;
  }
  const found: Preset[] = [];
  const problems: Problem[] = [];
  for (const one of names) {
    const file = shelf.read(one);
    const preset = file === undefined ? [] : parsePreset(one, file);
    if (isProblems(preset)) problems.push(...preset);
    else found.push(preset);
  }
  if (problems.length > 0) return tellProblems(terminal, problems);
  if (json) terminal.out(JSON.stringify(found.map(plain), null, 2));
  else if (wanted === undefined) for (const preset of found) terminal.out(`${head(preset, terminal)}\n`);
  else terminal.out(found.map((preset) => inFull(preset, terminal)).join('\n'));
  return EXIT.done;
}

function plain({ yaml: _, ...preset }: Preset): Omit<Preset, 'yaml'> {
  return preset;
}

/** What it is, from when, and from where. */
function head({ name, kind, date, title, source }: Preset, terminal: Terminal): string {
  const { bold, dim } = paintFor(terminal);
  const sources = source.map((one) => `  ${wrapped(one, terminal.width - 2, '  ')}`);
  return [`${bold(name)} ${dim(`(${kind}, ${date})`)}`, wrapped(title, terminal.width), ...sources].join('\n');
}

/** With what it leaves out, what it needs, how it is used, and the block. */
function inFull(preset: Preset, terminal: Terminal): string {
  const { bold } = paintFor(terminal);
  const given = Object.entries(preset.needs);
  const use = [`use: ${presetUse(preset.name)}`, ...given.map(([need]) => `${need}: …`)].join(', ');
  const width = Math.max(0, ...given.map(([need]) => need.length));
  return [
    head(preset, terminal),
    ...preset.notes.map((note) => `- ${wrapped(note, terminal.width - 2, '  ')}`),
    `\n${bold('In an experiment')}  { ${use} }`,
    ...given.map(([need, meaning]) => `  ${need.padEnd(width)}  ${meaning}`),
    `\n${blockText(preset)}`,
  ].join('\n');
}
