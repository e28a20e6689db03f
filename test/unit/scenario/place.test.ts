/** YAML as data that remembers where it stood. */
import { describe, expect, it } from 'vitest';
import { isProblems } from '../../../src/scenario/load.ts';
import { type ParsedYaml, parseYaml } from '../../../src/scenario/place.ts';
import { formatProblem } from '../../../src/scenario/problem.ts';

function sound(text: string): ParsedYaml {
  const yaml = parseYaml(text, 'a.yaml');
  if (isProblems(yaml)) throw new Error(yaml.map(formatProblem).join('\n'));
  return yaml;
}

function refused(text: string): string[] {
  const yaml = parseYaml(text, 'a.yaml');
  return isProblems(yaml) ? yaml.map(formatProblem) : [];
}

describe('YAML', () => {
  it.each([
    ['a tag of a language', 'a: 1\nb: !!js/function "() => 1"\n', /^a\.yaml:2:4: found .*[Tt]ag/],
    ['a tag of its own', 'a: !point [1, 2]\n', /^a\.yaml:1:4: found .*[Tt]ag/],
    ['a key twice', 'a: 1\nb: 2\na: 3\n', /^a\.yaml:3:1: found .*unique/],
    ['a block that is indented wrongly', 'a:\n  b: 1\n c: 2\n', /^a\.yaml:3:/],
    ['an alias of nothing', 'a: 1\nb: *nobody\n', /^a\.yaml:2:4: found .*nobody/],
    ['two documents', 'a: 1\n---\nb: 2\n', /^a\.yaml:\d:\d: found .*documents/],
  ])('with %s is refused where it stands', (_, text, message) => {
    const [first] = refused(text);
    expect(first).toMatch(message);
    expect(first).toMatch(/, expected /);
  });

  it('tells all its mistakes at once', () => {
    expect(refused('a: !x 1\nb: !y 2\n')).toHaveLength(2);
  });

  it('refuses an alias bomb instead of unfolding it', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array.from({ length: 10 }, () => `*l${i}`).join(', ')}]`);
    const start = performance.now();
    const [first] = refused(`l0: &l0 boom\n${levels.join('\n')}\n`);
    expect(first).toMatch(/alias/i);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('allows a few anchors', () => {
    expect(sound('a: &rates { x: 1 }\nb: { <<: *rates, y: 2 }\nc: *rates\n').value).toEqual({
      a: { x: 1 },
      b: { x: 1, y: 2 },
      c: { x: 1 },
    });
  });

  it('refuses a file of more than 10 MB unread, and says how large it is', () => {
    expect(refused(`a: ${'x'.repeat(11 * 2 ** 20)}`)).toEqual(['a.yaml: found 11.0 MB, expected a file of at most 10 MB']);
  });

  it('keeps a key that would reach the prototype as a mere key', () => {
    const { value } = sound('__proto__: { polluted: 1 }\n');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.keys(value as object)).toEqual(['__proto__']);
  });
});

describe('a place', () => {
  const yaml = sound(
    'world:\n  fee: 0.1\n  flow: { a: 1, b: [x, y] }\nagents:\n  - use: lender\n    count: 2\n  - { use: x, name: second }\n',
  );

  it.each([
    [['world', 'fee'], 2, 8],
    [['world', 'flow', 'b', 1], 3, 24],
    [['agents', 0, 'count'], 6, 12],
    [['agents', 1, 'name'], 7, 21],
    [['agents', 'second', 'name'], 7, 21],
    [['agents', 'lender', 'count'], 6, 12],
  ])('of %j is that of the value', (path, line, column) => {
    expect(yaml.place(path)).toEqual({ line, column });
  });

  it('of a key is that of the key', () => {
    expect(yaml.place(['world', 'fee'], true)).toEqual({ line: 2, column: 3 });
  });

  it('of something missing is that of the nearest thing above', () => {
    expect(yaml.place(['world', 'flow', 'c', 'd'])).toEqual(yaml.place(['world', 'flow']));
    expect(yaml.place(['nothing'])).toEqual({ line: 1, column: 1 });
    expect(yaml.place([])).toEqual({ line: 1, column: 1 });
  });
});
