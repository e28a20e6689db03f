/** The project speaks of itself alone: nothing is left unfinished in it, and nothing refers to where or how it was written. */
import { describe, expect, it } from 'vitest';
import { files, type SourceFile, sourceFile } from './tree.ts';

const SELF = 'test/house/words.test.ts';
/** The one file that may name the folder of market data beside the repository. */
const KNOWS_DATA = '.ci/run';

const UNFINISHED = /\b(TODO|FIXME|XXX|HACK)\b/;
const WORKPLACE: readonly RegExp[] = [
  /\b(this|previous|last|next|earlier|my|our|work(ing)?|developer|coding) sessions?\b/i,
  /\b(issue|ticket|task|pull request|PR) ?#?\d+\b/i,
  /(^|[\s([{,;])#\d{1,4}\b(?![\da-f])/,
  /\.\.\/shared\b|\/work\//,
  /(?<![\w/-])(design|validation|games|performance|scale|ecosystem|peers|house|brief)\.md\b/,
  /\b(AI|LLM|GPT|Claude|Copilot|Anthropic|OpenAI)\b/,
  /\b(as an assistant|sub-?agents?|the reviewer asked|the brief)\b/i,
];

/** Places of a file that match any of the patterns. */
function places(file: SourceFile, patterns: readonly RegExp[]): string[] {
  return file.lines.flatMap((line, i) =>
    patterns.filter((p) => p.test(line)).map((p) => `${file.path}:${i + 1} ${p.exec(line)?.[0].trim()}`),
  );
}

describe('words', () => {
  const read = files.filter((file) => file.path !== SELF);

  it('promise nothing for later', () => {
    expect(read.length).toBeGreaterThan(40);
    expect(read.flatMap((file) => places(file, [UNFINISHED]))).toEqual([]);
  });

  it('say nothing of the workplace', () => {
    expect(read.filter((file) => file.path !== KNOWS_DATA).flatMap((file) => places(file, WORKPLACE))).toEqual([]);
  });

  it.each(['see issue 2', 'fixes #12', 'read from ../shared/data', 'as design.md says', 'in the previous session', 'written by an AI'])(
    'the rule catches “%s”',
    (text) => {
      expect(places(sourceFile('src/a.ts', text), WORKPLACE)).toHaveLength(1);
    },
  );

  it.each(['josdejong/mathjs#3341', "colour: '#123456'", 'docs/model.md', 'the Asian trading session', 'B6', 'color: #0072b2'])(
    'the rule lets pass “%s”',
    (text) => {
      expect(places(sourceFile('src/a.ts', text), WORKPLACE)).toEqual([]);
    },
  );
});
