/** One idea, one file, one screen: how files are named, how long they are, and how they begin. */
import { describe, expect, it } from 'vitest';
import { FLOORS } from '../../scripts/floors.ts';
import { codeOnly } from './code-only.ts';
import { code, matching, type SourceFile, sourceFile, stem } from './tree.ts';

const LINE_MAX = 140;
const FILE_MAX = 400;
const NAMELESS = /^(types?|utils?|helpers?|common|misc|shared|.*-?managers?)$/;
const DOORS = ['src/index.ts', 'src/agent/index.ts'];

function isNameless(file: SourceFile): boolean {
  return NAMELESS.test(stem(file)) || file.path.split('/').some((folder) => NAMELESS.test(folder));
}

/** A file that only passes on what others export. Two re-exports beside code of its own are no barrel. */
function isBarrel(file: SourceFile): boolean {
  const statements = codeOnly(file.text)
    .split(';')
    .map((statement) => statement.trim());
  const written = statements.filter((statement) => statement !== '');
  return stem(file) === 'index' || (written.length > 0 && written.every((statement) => /^export\s+(type\s+)?[{*]/.test(statement)));
}

/** The comment at the head of a file, if it holds at least one sentence. */
function opening(file: SourceFile): string | undefined {
  const text = file.text.replace(/^#!.*\n/, '').replace(/^\/\/ @\S+.*\n/gm, '');
  const comment = /^\s*(\/\*\*?([\s\S]*?)\*\/|((?:\/\/.*\n)+))/.exec(text);
  const prose = (comment?.[2] ?? comment?.[3])?.replace(/^\s*(\*|\/\/)\s?/gm, '').trim();
  return prose !== undefined && prose.length >= 30 && /[a-z`’)\d”][.?:](\s|$)/.test(prose) ? prose : undefined;
}

describe('files', () => {
  const ours = code.filter((file) => /^(src|agents|experiments|scripts|bin)\//.test(file.path));
  const paths = (found: readonly SourceFile[]) => found.map((file) => file.path);

  it('are found at all', () => {
    expect(code.length).toBeGreaterThan(30);
    expect(ours.length).toBeGreaterThan(15);
  });

  it('are named after an idea', () => {
    expect(paths(code.filter(isNameless))).toEqual([]);
    expect(isNameless(sourceFile('src/market/types.ts', ''))).toBe(true);
    expect(isNameless(sourceFile('src/utils/round.ts', ''))).toBe(true);
    expect(isNameless(sourceFile('src/run/run-manager.ts', ''))).toBe(true);
    expect(isNameless(sourceFile('src/governance/risk-profile.ts', ''))).toBe(false);
  });

  it('pass on no other file, but for the two doors', () => {
    expect(paths(matching(/^src\/.*\.ts$/).filter((file) => isBarrel(file) && !DOORS.includes(file.path)))).toEqual([]);
    expect(isBarrel(sourceFile('src/market/all.ts', "/** All. */\nexport * from './a.ts';\nexport { b } from './b.ts';\n"))).toBe(true);
  });

  it('open with a sentence that says what they are', () => {
    expect(paths(ours.filter((file) => opening(file) === undefined))).toEqual([]);
    expect(opening(sourceFile('src/a.ts', "import { b } from './b.ts';\n/** Too late to be an opening sentence. */"))).toBeUndefined();
    expect(opening(sourceFile('src/a.ts', '/** order book */\n'))).toBeUndefined();
    expect(opening(sourceFile('src/a.ts', '/** The book of resting orders, by price and then by time. */\n'))).toBeDefined();
  });

  it(`have lines of at most ${LINE_MAX} characters`, () => {
    const long = code.flatMap((file) => file.lines.flatMap((line, i) => ([...line].length > LINE_MAX ? [`${file.path}:${i + 1}`] : [])));
    expect(long).toEqual([]);
  });

  it(`have at most ${FILE_MAX} lines: beyond, two ideas share a file`, () => {
    expect(code.filter((file) => file.lines.length - 1 > FILE_MAX).map((file) => `${file.path}: ${file.lines.length - 1}`)).toEqual([]);
  });

  it('inherit from nobody', () => {
    const heirs = ours.filter((file) => /\bclass\s+\w+(<[^{]*>)?\s+extends\b/.test(codeOnly(file.text)));
    expect(paths(heirs)).toEqual([]);
  });

  it('stand on a known floor', () => {
    const strangers = matching(/^src\//).filter((file) => {
      const [, floor, deeper] = file.path.split('/');
      return deeper === undefined ? file.path !== 'src/index.ts' : !FLOORS.some((known) => known === floor);
    });
    expect(paths(strangers)).toEqual([]);
  });
});
