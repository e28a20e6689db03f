/** The door for cli-table3, and what tables, bars and sentences look like on a terminal. Colour only ever repeats what words say. */
import Table from 'cli-table3';
import type { Terminal } from './terminal.ts';

export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
}

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
  mid: '─',
  'mid-mid': '──',
};

/** A table without frames, a rule under its head. Rows may hold line breaks. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const made = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  made.push(...rows.map((row) => [...row]));
  return made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Lines no longer than `width`, broken between words; continued lines are indented. */
export function wrapped(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

/**
 * A metric's name on as many lines as its column is wide, broken after underscores: the name itself must stay readable, it is what one
 * types.
 */
export function brokenName(name: string, width: number): string {
  const lines: string[] = [''];
  for (const part of name.split(/(?<=_)/)) {
    if (lines[lines.length - 1].length + part.length > width && lines[lines.length - 1] !== '') lines.push('');
    lines[lines.length - 1] += part;
  }
  return lines.join('\n');
}

/** Bars around a common zero: losses to the left, gains to the right, the longest `half` characters. */
export function bars(values: readonly number[], half: number): readonly string[] {
  const most = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  return values.map((value) => {
    const length = Math.round((Math.abs(value) / most) * half);
    const bar = '█'.repeat(length === 0 && value !== 0 ? 0 : length);
    return value < 0 ? `${bar.padStart(half)}│` : `${' '.repeat(half)}│${bar}`;
  });
}

export type Paint = Readonly<Record<'bold' | 'dim' | 'red' | 'green' | 'yellow', (text: string) => string>>;

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

/** Colours for a terminal that wants them; the plain text for one that does not. */
export function paintFor({ color }: Pick<Terminal, 'color'>): Paint {
  const paint =
    ([on, off]: readonly [number, number]) =>
    (text: string) =>
      color ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return Object.fromEntries(Object.entries(CODES).map(([name, code]) => [name, paint(code)])) as unknown as Paint;
}

/** `1 run`, `3 runs`. */
export function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
