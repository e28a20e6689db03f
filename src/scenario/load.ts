/**
 * From the text of an experiment file to checked scenarios. A file is one base world; `--set`, cases and axes override it by path; each
 * point has its presets filled in and is validated whole before anything runs, and all mistakes are reported at once, with the place where
 * each value came from.
 */
import type { Ms } from '../base/units.ts';
import { type LoadContext, link } from './link.ts';
import { covers, override, positional, strayAt, valueAt } from './overrides.ts';
import { type ParsedYaml, type Placer, parseYaml } from './place.ts';
import { createPresetExpander, ownListOf } from './preset-expansion.ts';
import { isProblems, type Problem, showChoices } from './problem.ts';
import { salvage } from './salvage.ts';
import { type AgentGroup, type ExperimentHead, experimentSchema, type ParsedExperiment, type Scenario } from './scenario.ts';
import { type Issue, problemsOf } from './schema-problems.ts';

export { isProblems } from './problem.ts';

/** A value for a path. `origin` is where it was written, for messages: a path in the file, or undefined for the command line. */
export interface Override {
  readonly path: string;
  readonly value: unknown;
  readonly origin?: readonly (string | number)[];
}

/** An experiment whose head and base world are sound. */
export interface Experiment {
  readonly file: string;
  readonly head: ExperimentHead;
  readonly horizon: Ms;
  /** The file with the command line's overrides, as data, presets not filled in: what the record keeps as the experiment's spec. */
  readonly raw: unknown;
  /** The scenario of a point: the base world with these overrides, applied in order. */
  resolve(overrides: readonly Override[]): Scenario | readonly Problem[];
}

const SAMPLES_BY_DEFAULT = 200;

/** Reads an experiment. `sets` are the command line's overrides. Answers all problems of YAML, schema and references at once. */
export function loadExperiment(
  text: string,
  file: string,
  sets: readonly Override[],
  context: LoadContext,
): Experiment | readonly Problem[] {
  const yaml = parseYaml(text, file);
  if (isProblems(yaml)) return yaml;
  const schema = experimentSchema(context.registry);
  const presets = createPresetExpander(context.presets);

  const parse = (overrides: readonly Override[]): { raw: unknown; parsed: ParsedExperiment } | readonly Problem[] => {
    let raw = yaml.value;
    const astray: Problem[] = [];
    const applied: Applied[] = [];
    for (const { path, value, origin } of overrides) {
      const before = placer(yaml, [...applied]);
      const own = ownListOf(raw, path, (whole) => presets.expand(whole, before));
      if (own !== undefined) {
        applied.push({ path: own.list, positional: own.list, changes: false, place: own.place });
        raw = own.raw;
      }
      const next = override(raw, path, value);
      if (next === undefined) {
        astray.push({ ...placeOfPath(yaml, origin), path, found: 'a path that leads nowhere', expected: expectedPath(raw, path) });
        continue;
      }
      const where = positional(raw, path);
      applied.push({ path, positional: where, changes: valueAt(raw, where.split('.')) !== value, origin });
      raw = next;
    }
    if (astray.length > 0) return astray;
    const { value, place, problems, spoils } = presets.expand(raw, placer(yaml, applied));
    const unspoilt = (others: readonly Problem[], areKeys = false) => others.filter(({ path }) => !spoils(path, areKeys));
    const answer = schema.safeParse(value);
    if (!answer.success) {
      const refused = answer.error.issues.flatMap((issue) =>
        unspoilt(problemsOf(issue as Issue, value, place), issue.code === 'unrecognized_keys'),
      );
      const rest = salvage(schema, value);
      const linked = rest === undefined ? [] : link(rest.parsed, value, context, place, rest.agentsAt);
      return [...problems, ...refused, ...unspoilt(linked)];
    }
    const parsed = answer.data as unknown as ParsedExperiment;
    const all = [...problems, ...unspoilt(link(parsed, value, context, place))];
    return all.length > 0 ? all : { raw, parsed };
  };

  const base = parse(sets);
  if (isProblems(base)) return base;
  const { record } = base.parsed;
  return {
    file,
    head: { ...base.parsed, record: { trace: record.trace, sample: record.sample } },
    horizon: base.parsed.horizon,
    raw: base.raw,
    resolve(overrides) {
      const point = parse([...sets, ...overrides]);
      return isProblems(point) ? point : toScenario(point.parsed);
    },
  };
}

/** An override that was applied: as it was written, and with members of lists by their positions. */
interface Applied {
  readonly path: string;
  readonly positional: string;
  /** Whether another value was there before. */
  readonly changes: boolean;
  readonly origin?: Override['origin'] | undefined;
  /** Of a list that a preset gave: where its values stand. */
  readonly place?: Placer;
}

function placer(yaml: ParsedYaml, applied: readonly Applied[]): Placer {
  return (path, key, within) => {
    const dotted = path.join('.');
    const cover = applied.findLast((one) => covers(one.positional, one.changes, dotted)) ?? makerOf(yaml.value, applied, path);
    if (cover === undefined) return { file: yaml.file, ...yaml.place(path, key, within) };
    if (cover.place !== undefined) return cover.place(path, key, within);
    // What was set may be a block: then the place is in it.
    const inside = dotted.startsWith(`${cover.positional}.`) ? path.slice(cover.positional.split('.').length) : [];
    return at(yaml, cover.origin && [...cover.origin, ...inside], cover.path, within);
  };
}

/** The override without which there would be nothing at a path that the file does not have. */
function makerOf(root: unknown, applied: readonly Applied[], path: readonly (string | number)[]): Applied | undefined {
  const depth = path.findIndex((_, index) => valueAt(root, path.slice(0, index + 1)) === undefined);
  if (depth < 0) return undefined;
  const begun = `${path.slice(0, depth + 1).join('.')}.`;
  return applied.findLast(({ positional: where }) => where.startsWith(begun));
}

function at(yaml: ParsedYaml, origin: Override['origin'], path = '', within?: number): Pick<Problem, 'file' | 'line' | 'column'> {
  if (origin !== undefined) return { file: yaml.file, ...yaml.place(origin, false, within) };
  return { file: path === '' ? 'command line' : `--set ${path}`, line: 0, column: 0 };
}

/** Of the path itself: an axis has it once, before all its values. */
function placeOfPath(yaml: ParsedYaml, origin: Override['origin']): Pick<Problem, 'file' | 'line' | 'column'> {
  if (origin === undefined) return at(yaml, origin);
  const path = typeof origin.at(-1) === 'number' ? origin.slice(0, -1) : origin;
  return { file: yaml.file, ...yaml.place(path, true) };
}

function expectedPath(raw: unknown, path: string): string {
  const { after, key, choices } = strayAt(raw, path);
  if (choices.length === 0) return `a path of this experiment: nothing comes after ${after}`;
  return `a path of this experiment: ${after === '' ? 'it begins with' : `after ${after} comes`} ${showChoices(key, choices)}`;
}

function toScenario(parsed: ParsedExperiment): Scenario {
  const { name, horizon, record, world } = parsed;
  const agents: readonly AgentGroup[] = parsed.agents.map((group) => ({ ...group, name: group.name ?? group.use }));
  const sample = record.sample ?? Math.max(1, Math.ceil(horizon / SAMPLES_BY_DEFAULT));
  return { name, world, agents, horizon, sample, probes: record.probes };
}
