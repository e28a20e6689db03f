/** Preset files: what they must say, and how mistakes in them are told. */
import { describe, expect, it } from 'vitest';
import { blockText, PRESET_KINDS, PRESET_PLACES, parsePreset, presetKindAt, presetNameOf } from '../../../src/scenario/preset.ts';
import { formatProblem, isProblems } from '../../../src/scenario/problem.ts';

const GOOD = `name: good
title: A preset of a test
kind: market
source: [a/b]
date: 2026-11-25
needs: { oracle: what prices it }
block:
  oracle: $oracle
  ltv: 0.5
`;

const read = (text: string, name = 'good') => parsePreset(name, { file: 'p.yaml', text });
const told = (text: string, name?: string) => {
  const answer = read(text, name);
  return isProblems(answer) ? answer.map(formatProblem) : [];
};

describe('a preset file', () => {
  it('is read with its block as it stands, and shows it as YAML', () => {
    const preset = read(GOOD);
    if (isProblems(preset)) throw new Error(preset.map(formatProblem).join('\n'));
    expect(preset).toMatchObject({ kind: 'market', notes: [], needs: { oracle: 'what prices it' }, block: { ltv: 0.5 } });
    expect(blockText(preset)).toBe('oracle: $oracle\nltv: 0.5');
  });

  it.each([
    [
      'another name than its file',
      GOOD.replace('name: good', 'name: best'),
      'p.yaml:1:7 name: found "best", expected good, the name of the file',
    ],
    ['no source', GOOD.replace('[a/b]', '[]'), 'p.yaml:4:9 source: found [], expected where the figures come from'],
    ['no day', GOOD.replace('2026-11-25', 'yesterday'), 'p.yaml:5:7 date: found "yesterday", expected a day such as 2026-11-25'],
    [
      'an unknown kind',
      GOOD.replace('market', 'markt'),
      /^p\.yaml:3:7 kind: found "markt", expected one of chain, .*did you mean market\?/,
    ],
    ['an unknown key', `${GOOD}nots: []\n`, /^p\.yaml:10:1 nots: found unknown key nots, expected .*did you mean notes\?/],
    [
      'a name that it does not ask for',
      GOOD.replace('$oracle', '$orcale'),
      /^p\.yaml:8:11 block\.oracle: found \$orcale, expected a need: one of oracle/,
    ],
    [
      'a need named use',
      GOOD.replace('{ oracle: what prices it }', '{ oracle: x, use: y }'),
      /needs\.use: found "use", expected a name other than use/,
    ],
    ['no block', GOOD.slice(0, GOOD.indexOf('block')), 'p.yaml:1:1 block: found nothing, expected the block that is filled in'],
    ['broken YAML', 'name: [', /^p\.yaml:\d+:\d+: found/],
  ])('with %s is refused at its line', (_, text, expected) => {
    const found = told(text);
    expect(found).toHaveLength(1);
    if (typeof expected === 'string') expect(found[0]).toBe(expected);
    else expect(found[0]).toMatch(expected);
  });
});

describe('the place of a preset', () => {
  it('tells its kind, and every kind has one', () => {
    const kinds = PRESET_KINDS.map((kind) => presetKindAt(PRESET_PLACES[kind].map((step) => (step === '*' ? 'any' : step))));
    expect(kinds).toEqual(PRESET_KINDS);
    expect(presetKindAt(['world', 'protocols', 'lend', 'backstop', 0])).toBe('backstop');
    expect(presetKindAt(['world', 'outside'])).toBeUndefined();
    expect(presetKindAt(['world', 'protocols', 'lend', 'markets'])).toBeUndefined();
  });

  it('is asked for by preset/NAME and by nothing else', () => {
    expect([presetNameOf('preset/a-b'), presetNameOf('gbm'), presetNameOf(5), presetNameOf(undefined)]).toEqual([
      'a-b',
      undefined,
      undefined,
      undefined,
    ]);
  });
});
