/** Same scenario, seed and code, same bits: what would break that may not be called on the floors where runs are simulated. */
import { describe, expect, it } from 'vitest';
import { SIMULATED } from '../../scripts/floors.ts';
import { codeOnly } from './code-only.ts';
import { matching, type SourceFile, sourceFile } from './tree.ts';

const ELEMENTARY = 'sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|exp|expm1|log|log2|log10|log1p|pow|cbrt|hypot';

/** What is banned, and what to write instead. */
const BANNED: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\bMath\.random\b/, 'draw from the stream that you were handed (base/random.ts)'],
  [/\bcrypto\b/, 'draw from the stream that you were handed (base/random.ts)'],
  [/\bDate\b(?!:)|\bTemporal\b/, 'time is kernel.now, or the `at` that you were given'],
  [/\bperformance\b(?!:)/, 'measure above, in fleet/: time below is kernel.now'],
  [/\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b/, 'schedule an event with the kernel'],
  [/\b(await|async)\b|\bPromise\b/, 'a step never waits: do input and output above, in fleet/'],
  [new RegExp(`\\bMath\\.(${ELEMENTARY})\\b`), 'engines differ in the last digit: use base/elementary.ts'],
  [/\*\*\s*-?\d*\.\d/, 'a root is not exact as a power: use Math.sqrt, or pow of base/elementary.ts'],
  [/\.(sort|toSorted)\(\s*\)/, 'give a comparator that never answers 0 for two different things'],
  [/\b(localeCompare|toLocaleString|Intl)\b/, 'the answer depends on the machine: compare with < and format above'],
  [/\b(process|globalThis|console)\b\s*\./, 'take what you need as an argument: a browser has no such thing'],
];

/** Each banned call of a file, with its line and its replacement. */
function bannedCalls(file: SourceFile): string[] {
  return codeOnly(file.text)
    .split('\n')
    .flatMap((line, i) =>
      BANNED.filter(([pattern]) => pattern.test(line)).map(
        ([pattern, instead]) => `${file.path}:${i + 1} ${line.match(pattern)?.[0].trim()}: ${instead}`,
      ),
    );
}

describe('where runs are simulated', () => {
  const simulated = matching(new RegExp(`^(src/(${SIMULATED.join('|')})|agents)/.*\\.ts$`));

  it('nothing reads a clock, waits, or computes what another engine would compute otherwise', () => {
    expect(simulated.length).toBeGreaterThan(10);
    expect(simulated.flatMap(bannedCalls)).toEqual([]);
  });

  it.each([
    'const x = Math.random();',
    'const now = Date.now();',
    'const now = new Date();',
    'const t = performance.now();',
    'setTimeout(step, 10);',
    'export async function step() {}',
    'await step();',
    'const growth = Math.exp(rate * years);',
    'const root = x ** 0.5;',
    'names.sort();',
    'a.localeCompare(b)',
    'console.log(price)',
  ])('the rule catches %s', (line) => {
    expect(bannedCalls(sourceFile('src/kernel/specimen.ts', `/** A specimen. */\n${line}\n`))).toHaveLength(1);
  });

  it.each([
    '// Math.random would make two runs differ',
    "const why = 'not a Date';",
    'const one = /Math.exp(1)/.test(name);',
    'ids.sort((a, b) => a - b);',
    'const unit = 10 ** decimals;',
    'const half = Math.sqrt(x) / Math.max(1, y);',
  ])('the rule lets pass %s', (line) => {
    expect(bannedCalls(sourceFile('src/kernel/specimen.ts', line))).toEqual([]);
  });
});
