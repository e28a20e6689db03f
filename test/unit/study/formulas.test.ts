/** Formulas in experiments: read before anything runs, every mistake at its column, and no parser fetched where there is none. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Registry } from '../../../src/agent/registry.ts';
import { loadAgents } from '../../../src/fleet/load-agents.ts';
import { runScenario } from '../../../src/run/run.ts';
import { isProblems, loadExperiment } from '../../../src/scenario/load.ts';
import { formatProblem } from '../../../src/scenario/problem.ts';
import { prepareStudy, type StudyInput } from '../../../src/study/prepare.ts';
import { smallExperiment } from '../../support/small-experiment.ts';

let registry: Registry;
beforeAll(async () => {
  const loaded = await loadAgents();
  if (isProblems(loaded)) throw new Error('agents');
  registry = loaded;
});

/** The small experiment with a risk engine as it is written in YAML, and lines at its end. */
const experiment = (risk: string, more = '') =>
  smallExperiment({ more }).replace('      markets:\n', `      risk: ${risk}\n      markets:\n`);
const prepare = (text: string, input: Partial<StudyInput> = {}) =>
  prepareStudy({ text, file: 'x.yaml', registry, readText: () => undefined, ...input });

async function mistakes(text: string, input: Partial<StudyInput> = {}): Promise<readonly string[]> {
  const answer = await prepare(text, input);
  return isProblems(answer) ? answer.map(formatProblem) : [];
}

/** What is told of one formula, and what the file has where it points. */
async function told(formula: string, risk = `{ use: by-formula, with: { formula: "${formula}" } }`) {
  const text = experiment(risk);
  const answer = await prepare(text);
  if (!isProblems(answer)) throw new Error('sound');
  return answer.map(({ line, column, found, expected }) => ({ found, expected, there: text.split('\n')[line - 1].slice(column - 1) }));
}

describe('a formula of an experiment', () => {
  it.each([
    ['notional * notionl', 'notionl (column 12 of the formula)', 'a variable', 'notionl'],
    [
      'notional * 0.1 + size',
      'notional * 0.1 is usd, size is token (column 16 of the formula)',
      'equal units on both sides of +',
      '+ size',
    ],
    ['notional * rate / price', 'a formula in token (column 17 of the formula)', 'one in usd', '/ price'],
    ['notional * sin(rate)', 'the function sin (column 12 of the formula)', 'one of min, max', 'sin(rate)'],
    [
      'notional * notional / equity',
      'the denominator can be 0: equity ranges over [-1e15, 1e15] (column 21 of the formula)',
      'one that cannot',
      '/ equity',
    ],
    [
      'notional * sqrt(side)',
      'a root of what can be negative: side ranges over [-1, 1] (column 12 of the formula)',
      '0 or more',
      'sqrt(side)',
    ],
    ['notional > 1 usd', 'a condition (column 10 of the formula)', 'a number', '> 1 usd'],
    ['notional = 3', 'an assignment (column 1 of the formula)', 'variables, numbers', 'notional = 3'],
    ['notional * (1 + rate', 'a syntax error', 'variables, numbers', ''],
  ])('%s is refused where it is wrong: %s', async (formula, found, expected, there) => {
    const [first, ...rest] = await told(formula);
    expect(rest).toEqual([]);
    expect(first.found.slice(0, found.length)).toBe(found);
    expect(first.expected).toContain(expected);
    expect(first.there.startsWith(there)).toBe(true);
  });

  it('names the variables there are, and the one that was meant', async () => {
    const [{ expected }] = await told('notionl');
    expect(expected).toContain('did you mean notional?');
  });

  it('tells all that is wrong in both formulas, with file, line and column of each', async () => {
    const text = experiment(`
        use: by-formula
        with:
          formula: notional * leverag
          collateralFormula: >
            notional *
            depht`);
    const lines = text.split('\n');
    const at = (part: string, column: number) => `x.yaml:${lines.findIndex((line) => line.includes(part)) + 1}:${column}`;
    const found = await mistakes(text);
    expect(found.map((line) => line.split(' ')[0])).toEqual([
      at('formula: notional', (lines.find((line) => line.includes('leverag'))?.indexOf('leverag') as number) + 1),
      // A block has lines of its own: its place is where it begins.
      at('collateralFormula: >', 30),
    ]);
    expect(found[1]).toContain('found depht (column 12 of the formula)');
  });

  it('is told once for all points, at the case that brought it', async () => {
    const text = experiment(
      '{ use: static }',
      `cases:
  plain: {}
  wrong: { world.protocols.lend.risk: { use: by-formula, with: { formula: notional * tate } } }
sweep: { axes: { horizon: [1 min, 2 min] } }
`,
    );
    const found = await mistakes(text);
    expect(found).toHaveLength(1);
    const line = text.split('\n').findIndex((one) => one.includes('tate'));
    expect(found[0]).toMatch(new RegExp(`^x\\.yaml:${line + 1}:${text.split('\n')[line].indexOf('tate') + 1} `));
    const [set] = await mistakes(experiment('{ use: by-formula, with: { formula: notional } }'), {
      sets: [{ path: 'world.protocols.lend.risk.with.formula', value: 'tate' }],
    });
    expect(set).toMatch(/^--set world\.protocols\.lend\.risk\.with\.formula: found tate \(column 1 of the formula\)/);
  });

  it('must be text', async () => {
    expect(await mistakes(experiment('{ use: by-formula, with: { formula: 3 } }'))).toEqual([
      expect.stringContaining('expected a formula, as text'),
    ]);
    expect(await mistakes(experiment('{ use: by-formula }'))).toEqual([expect.stringContaining('formula')]);
  });

  it('arrives as a tree, and the run asks it', async () => {
    const study = await prepare(experiment('{ use: by-formula, with: { formula: notional * 0.1, initialFactor: 1 } }'));
    if (isProblems(study)) throw new Error(JSON.stringify(study));
    const [{ scenario }] = study.points;
    expect(scenario.world.protocols.lend.risk.with.formula).toMatchObject({ kind: 'operation', operator: 'multiply' });
    const plain = await prepare(experiment('{ use: static }'));
    if (isProblems(plain)) throw new Error(JSON.stringify(plain));
    const [asked, fixed] = [scenario, plain.points[0].scenario].map((one) =>
      runScenario(one, registry, { seed: 1, trace: 'none', checkEvery: 1 }),
    );
    expect([asked.status, fixed.status]).toEqual(['done', 'done']);
    // A tenth of the debt as margin: a health of 1.5 is reached with that much less debt.
    const ratio = (asked.metrics.capital_efficiency_ratio as number) / (fixed.metrics.capital_efficiency_ratio as number);
    expect(ratio).toBeCloseTo(1 / 1.1, 2);
  });

  it('is refused by who loads without a reader', () => {
    const text = experiment('{ use: by-formula, with: { formula: notional } }');
    const answer = loadExperiment(text, 'x.yaml', [], { registry, readText: () => undefined });
    expect(isProblems(answer) && answer.map(({ path }) => path)).toEqual(['world.protocols.lend.risk.with.formula']);
  });
});

describe('the parser of formulas', () => {
  const src = fileURLToPath(new URL('../../../src/', import.meta.url));
  /** Whether preparing a text in a process of its own fetches mathjs. */
  const fetched = (text: string) => {
    const script = `
      import { registerHooks } from 'node:module';
      let seen = false;
      registerHooks({ load(url, context, next) { seen ||= url.includes('/mathjs/'); return next(url, context); } });
      const { loadAgents } = await import('${src}fleet/load-agents.ts');
      const { prepareStudy } = await import('${src}study/prepare.ts');
      const registry = await loadAgents();
      const study = await prepareStudy({ text: ${JSON.stringify(text)}, file: 'x.yaml', registry, readText: () => undefined });
      console.log(JSON.stringify({ seen, sound: !Array.isArray(study) }));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    return stdout === '' ? stderr : (JSON.parse(stdout) as unknown);
  };

  it('is fetched where an experiment has a formula, and nowhere else', () => {
    expect(fetched(experiment('{ use: static }'))).toEqual({ seen: false, sound: true });
    expect(fetched(experiment('{ use: by-formula, with: { formula: notional } }'))).toEqual({ seen: true, sound: true });
  });
});
