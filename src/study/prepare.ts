/**
 * From the text of an experiment to a study: every point of its design resolved and validated, every assertion read, and the work counted,
 * before anything runs. All mistakes of all points are answered at once, each where it was written.
 */
import type { NamedText } from '../base/params.ts';
import type { LoadContext } from '../scenario/link.ts';
import { type Experiment, isProblems, loadExperiment, type Override } from '../scenario/load.ts';
import { type ParsedYaml, type Placer, parseYaml } from '../scenario/place.ts';
import type { PresetShelf } from '../scenario/preset.ts';
import { type Problem, showFound } from '../scenario/problem.ts';
import type { ExperimentHead, Scenario } from '../scenario/scenario.ts';
import { type Assertion, readAssertions } from './assertions.ts';
import { type DesignPoint, expandDesign } from './design.ts';
import { createFormulaReader, type FormulaReader } from './formula-reader.ts';
import { expectedMetric, type Measurable, measurableOf } from './measurable.ts';
import { overriddenSets } from './overridden.ts';
import { seedOf } from './seeds.ts';
import { specHash } from './spec-hash.ts';

/** More points are a mistake in an axis rather than a plan. */
const POINTS_MAX = 100_000;
/** Further places of the same mistake. */
const LINES_SHOWN = 5;

export interface StudyPoint extends DesignPoint {
  readonly scenario: Scenario;
}

/** An experiment that is ready to run. */
export interface Study {
  readonly file: string;
  readonly head: ExperimentHead;
  /** The file as data, with the command line's overrides. */
  readonly raw: unknown;
  readonly points: readonly StudyPoint[];
  /** Of the replications, the same at every point. */
  readonly seeds: readonly number[];
  /** Runs in all. */
  readonly runs: number;
  readonly assertions: readonly Assertion[];
  /** Over the resolved points: two files that ask the same have the same. Neither seeds nor words are in it. */
  readonly specHash: string;
  /** What is allowed and yet unwise, such as a threshold beyond the toxic frontier. */
  readonly warnings: readonly Problem[];
  /** Texts of the files that parameters name, as they were read. */
  readonly files: Readonly<Record<string, string>>;
  /** The same of the presets that were asked for, by name. */
  readonly presets: Readonly<Record<string, NamedText>>;
}

export interface StudyInput extends LoadContext {
  readonly text: string;
  readonly file: string;
  /** The command line's overrides. */
  readonly sets?: readonly Override[];
  /** Instead of the file's. */
  readonly seed?: number;
  readonly replications?: number;
}

/** Prepares a study, or answers everything that is wrong. */
export async function prepareStudy(input: StudyInput): Promise<Study | readonly Problem[]> {
  const formulas = createFormulaReader();
  const first = read(input, formulas);
  if (!formulas.wanted) return finish(input, first);
  await formulas.open();
  return finish(input, read(input, formulas));
}

/** An experiment with its points, before its assertions are read. */
interface Reading {
  readonly experiment: Experiment;
  readonly yaml: ParsedYaml;
  readonly design: readonly DesignPoint[];
  readonly points: readonly StudyPoint[];
  /** Of points that could not be resolved. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly files: Readonly<Record<string, string>>;
  readonly presets: Readonly<Record<string, NamedText>>;
}

function read(input: StudyInput, formulas: FormulaReader): Reading | readonly Problem[] {
  const files: Record<string, string> = {};
  const readText = (path: string) => {
    const text = files[path] ?? input.readText(path);
    if (text !== undefined) files[path] = text;
    return text;
  };
  const warnings: Problem[] = [];
  const warn = (warning: Problem) => warnings.push(warning);
  const { shelf, read: presets } = rememberingShelf(input.presets);
  const context: LoadContext = { registry: input.registry, readText, presets: shelf, warn, parseFormula: formulas.parse };
  const experiment = loadExperiment(input.text, input.file, input.sets ?? [], context);
  if (isProblems(experiment)) return experiment;
  // The same text that was just read without a problem, once more for its places.
  const yaml = parseYaml(input.text, input.file) as ParsedYaml;
  const oversized = checkAxes(experiment.head, yaml);
  if (oversized.length > 0) return oversized;
  const design = expandDesign(experiment.head);
  return { experiment, yaml, design, ...resolvePoints(experiment, design), warnings, files, presets };
}

async function finish(input: StudyInput, reading: Reading | readonly Problem[]): Promise<Study | readonly Problem[]> {
  if (isProblems(reading)) return reading;
  const { experiment, yaml, design, points, problems: ofPoints, warnings, files, presets } = reading;
  const { head, raw } = experiment;
  const place: Placer = (path, key, within) => ({ file: yaml.file, ...yaml.place(path, key, within) });
  const metrics = measurableOf(
    points.map(({ scenario }) => scenario),
    input.registry,
    ofPoints.length === 0,
  );
  const labels = design.map(({ label }) => label);
  const assertions = await readAssertions(head.assert, { labels, metrics, place });
  const problems = [...ofPoints, ...checkMeasure(head.measure, metrics, place), ...(isProblemList(assertions) ? assertions : [])];
  if (problems.length > 0) return distinct(problems);
  const count = input.replications ?? head.replications;
  const seeds = Array.from({ length: count }, (_, replication) => seedOf(input.seed ?? head.seed, replication));
  return {
    file: input.file,
    head,
    raw,
    points,
    seeds,
    runs: design.length * count,
    assertions: assertions as readonly Assertion[],
    specHash: specHash(points.map(({ params, scenario }) => ({ params, scenario }))),
    warnings: distinct([...overriddenSets(input.sets ?? [], design, raw, place), ...warnings]),
    files,
    presets,
  };
}

/** A shelf that keeps what was taken from it. */
function rememberingShelf(shelf: PresetShelf | undefined) {
  const read: Record<string, NamedText> = {};
  const remembering: PresetShelf = {
    names: shelf?.names ?? [],
    read(name) {
      const preset = shelf?.read(name);
      if (preset !== undefined) read[name] = preset;
      return preset;
    },
  };
  return { shelf: remembering, read: read as Readonly<Record<string, NamedText>> };
}

function isProblemList(answer: readonly Assertion[] | readonly Problem[]): answer is readonly Problem[] {
  return answer.length > 0 && 'found' in answer[0];
}

/** Every point that could be resolved, and the problems of those that could not. */
function resolvePoints(experiment: Experiment, design: readonly DesignPoint[]) {
  const problems: Problem[] = [];
  const points: StudyPoint[] = [];
  for (const point of design) {
    const scenario = experiment.resolve(point.overrides);
    if (isProblems(scenario)) problems.push(...scenario);
    else points.push({ ...point, scenario });
  }
  return { points: points as readonly StudyPoint[], problems: problems as readonly Problem[] };
}

/** Profits of roles that nobody has. */
function checkMeasure(measure: readonly string[], metrics: Measurable, place: Placer): readonly Problem[] {
  return measure.flatMap((name, index) =>
    metrics.names.includes(name)
      ? []
      : [{ ...place(['measure', index]), path: `measure.${index}`, found: showFound(name), expected: expectedMetric(name, metrics) }],
  );
}

/** What is wrong with the axes taken together: a zip that does not close, a grid that does not end, a label that stands twice. */
function checkAxes({ cases, sweep }: ExperimentHead, yaml: ParsedYaml): readonly Problem[] {
  const problems: Problem[] = [];
  const refuse = (path: readonly (string | number)[], found: string, expected: string) =>
    problems.push({ file: yaml.file, ...yaml.place(path), path: path.join('.'), found, expected });
  const axes = Object.entries(sweep.axes);
  for (const [axis, values] of axes) {
    const seen = new Set<string>();
    for (const [index, value] of values.entries()) {
      const label = (value as { label?: unknown } | null)?.label;
      const shown = JSON.stringify(label ?? value) ?? '';
      if (seen.has(shown)) refuse(['sweep', 'axes', axis, index], showFound(label ?? value), 'each value or label of an axis once');
      seen.add(shown);
    }
    const first = axes[0][1].length;
    if (sweep.design === 'zip' && values.length !== first) {
      refuse(['sweep', 'axes', axis], `${values.length} values`, `${first}, as many as ${axes[0][0]} has: a zip takes them side by side`);
    }
  }
  const swept = sweep.design === 'zip' ? (axes[0]?.[1].length ?? 1) : axes.reduce((product, [, values]) => product * values.length, 1);
  const points = swept * Math.max(1, Object.keys(cases).length);
  if (points > POINTS_MAX) refuse(['sweep', 'axes'], `${points} points`, `at most ${POINTS_MAX}`);
  return problems;
}

/**
 * Each problem once, in the order of the file: a mistake of the base world shows at every point, and one of an axis at each of its
 * values. Of the same mistake in several lines the first is told, with the others.
 */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  const sorted = [...problems].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column);
  const same = Map.groupBy(sorted, ({ file, path, found, expected }) => JSON.stringify([file, path, found, expected]));
  return [...same.values()].map(([first, ...others]) => {
    const lines = [...new Set(others.map(({ line }) => line))].filter((line) => line !== first.line);
    if (lines.length === 0) return first;
    const more = `${lines.slice(0, LINES_SHOWN).join(', ')}${lines.length > LINES_SHOWN ? ', …' : ''}`;
    return { ...first, found: `${first.found} (and in ${lines.length === 1 ? 'line' : 'lines'} ${more})` };
  });
}
