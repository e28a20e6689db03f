/**
 * What an experiment asserts about its metrics: read once, before anything runs, and judged when all runs are in. A label in brackets names
 * a point; a bare metric must hold at every point. Values are means over replications, `lo` and `hi` the ends of their intervals.
 */
import { checkFormula, type FormulaProblem } from '../formula/formula.ts';
import { type LoweredFormula, lower } from '../formula/lower.ts';
import type { Placer } from '../scenario/place.ts';
import { type Problem, showChoices } from '../scenario/problem.ts';
import { expectedMetric, type Measurable } from './measurable.ts';
import type { PointSummary } from './replicate.ts';

export interface Assertion {
  readonly text: string;
  readonly lowered: LoweredFormula;
  /** Whether some metric stands without a label. */
  readonly everywhere: boolean;
}

/** One assertion at one point, or over named points. */
export interface AssertionResult {
  readonly text: string;
  readonly pass: boolean;
  /** Where a bare metric failed first, if it did. */
  readonly at?: string;
  /** The numbers it was judged by, by what was written. */
  readonly values: Readonly<Record<string, number>>;
}

/** What assertions may speak of, and where they stand. */
export interface AssertionSite {
  readonly labels: readonly string[];
  readonly metrics: Measurable;
  readonly place: Placer;
}

/** Reads assertions; answers all that is wrong with any of them, with file, line and column. */
export async function readAssertions(texts: readonly string[], site: AssertionSite): Promise<readonly Assertion[] | readonly Problem[]> {
  if (texts.length === 0) return [];
  // Loading mathjs takes longer than many an experiment.
  const { isFormulaProblem, parseFormula } = await import('../formula/parse.ts');
  const assertions: Assertion[] = [];
  const problems: Problem[] = [];
  for (const [index, text] of texts.entries()) {
    const formula = parseFormula(text);
    const wrong = isFormulaProblem(formula) ? [formula] : checkFormula(formula, { metrics: site.metrics.names, labels: site.labels });
    problems.push(...wrong.map((problem) => problemOf(problem, index, site)));
    if (isFormulaProblem(formula) || wrong.length > 0) continue;
    const lowered = lower(formula);
    assertions.push({ text, lowered, everywhere: lowered.references.some(({ label }) => label === undefined) });
  }
  return problems.length > 0 ? problems : assertions;
}

function problemOf({ column, found, expected, choices }: FormulaProblem, index: number, { place, metrics }: AssertionSite): Problem {
  const names = choices === undefined ? '' : `: ${showChoices(found.replace(/^"(.*)"$/, '$1'), choices)}`;
  const wanted = choices === metrics.names ? expectedMetric(found, metrics) : `${expected}${names}`;
  return { ...place(['assert', index], false, column), path: `assert.${index}`, found, expected: wanted };
}

/** Judges assertions by the summaries of the points, which stand under their labels. */
export function judgeAssertions(assertions: readonly Assertion[], points: ReadonlyMap<string, PointSummary>): readonly AssertionResult[] {
  return assertions.map((assertion) => {
    const labels = assertion.everywhere ? [...points.keys()] : [undefined];
    let last: AssertionResult | undefined;
    for (const label of labels) {
      last = judgeAt(assertion, label, points);
      if (!last.pass) return last;
    }
    return last ?? { text: assertion.text, pass: false, values: {} };
  });
}

function judgeAt({ text, lowered }: Assertion, at: string | undefined, points: ReadonlyMap<string, PointSummary>): AssertionResult {
  const numbers = lowered.references.map(({ name, label, part }) => points.get(label ?? at ?? '')?.metrics[name]?.[part] ?? Number.NaN);
  // NaN is unequal to everything: a metric that no run has would make `!=` hold.
  const pass = !numbers.some(Number.isNaN) && lowered.compute(numbers) !== 0;
  const values = lowered.references.map(({ name, label, part }, i): [string, number] => {
    const said = label === undefined ? name : `${name}["${label}"]`;
    return [part === 'mean' ? said : `${part}(${said})`, numbers[i]];
  });
  return { text, pass, values: Object.fromEntries(values), ...(pass || at === undefined ? {} : { at }) };
}
