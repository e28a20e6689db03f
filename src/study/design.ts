/**
 * The points of an experiment: its cases and the axes of its sweep, spread out into a list whose order is part of the experiment. Says
 * which values go where; whether they make sense there is found out by resolving each point.
 */
import { assert } from '../base/fault.ts';
import type { Override } from '../scenario/load.ts';
import type { ExperimentHead, LabelledValue } from '../scenario/scenario.ts';

/** One point. */
export interface DesignPoint {
  /** Position in the design, from 0: how jobs and records speak of it. */
  readonly index: number;
  /** For people: `case, window=1 h, depth=deep`; empty where there is but one point. */
  readonly label: string;
  /** By axis, the value or its label; the case under `case`. */
  readonly params: Readonly<Record<string, unknown>>;
  /** What makes this point out of the base world, in order. */
  readonly overrides: readonly Override[];
}

/** The name under which a case stands among the parameters of a point. */
export const CASE_PARAM = 'case';

/** A choice along one axis: what it is called, and what it sets. */
interface Choice {
  readonly axis: string;
  readonly shown: unknown;
  readonly overrides: readonly Override[];
}

/**
 * Cases × sweep, cases outermost. In a grid the last axis moves fastest; in a zip all axes move together.
 *
 * @throws  DESIGN_ZIP  the axes of a zip have different lengths
 */
export function expandDesign({ cases, sweep }: Pick<ExperimentHead, 'cases' | 'sweep'>): readonly DesignPoint[] {
  const variants = Object.entries(cases).map(([name, values]): readonly Choice[] => [
    { axis: CASE_PARAM, shown: name, overrides: overridesOf(values, ['cases', name]) },
  ]);
  const axes = Object.entries(sweep.axes).map(([axis, values]) => values.map((value, i) => choiceOf(axis, value, i)));
  const swept = sweep.design === 'zip' ? zip(axes) : product(axes);
  const outer = variants.length === 0 ? [[]] : variants;
  return outer.flatMap((first) => swept.map((rest) => [...first, ...rest])).map(pointOf);
}

function choiceOf(axis: string, value: unknown, i: number): Choice {
  const origin = ['sweep', 'axes', axis, i] as const;
  if (isLabelled(value)) return { axis, shown: value.label, overrides: overridesOf(value.set, [...origin, 'set']) };
  return { axis, shown: value, overrides: [{ path: axis, value, origin }] };
}

function overridesOf(values: Readonly<Record<string, unknown>>, origin: readonly (string | number)[]): readonly Override[] {
  return Object.entries(values).map(([path, value]) => ({ path, value, origin: [...origin, path] }));
}

function isLabelled(value: unknown): value is LabelledValue {
  return typeof value === 'object' && value !== null && 'label' in value && 'set' in value && typeof value.set === 'object';
}

function product(axes: readonly (readonly Choice[])[]): readonly (readonly Choice[])[] {
  return axes.reduce<readonly (readonly Choice[])[]>((rows, axis) => rows.flatMap((row) => axis.map((choice) => [...row, choice])), [[]]);
}

function zip(axes: readonly (readonly Choice[])[]): readonly (readonly Choice[])[] {
  if (axes.length === 0) return [[]];
  const [first, ...others] = axes;
  for (const axis of others) {
    assert(axis.length === first.length, 'DESIGN_ZIP', { [first[0].axis]: first.length, [axis[0].axis]: axis.length });
  }
  return first.map((_, i) => axes.map((axis) => axis[i]));
}

function pointOf(choices: readonly Choice[], index: number): DesignPoint {
  return {
    index,
    label: choices.map(({ axis, shown }) => (axis === CASE_PARAM ? String(shown) : `${shortName(axis)}=${show(shown)}`)).join(', '),
    params: Object.fromEntries(choices.map(({ axis, shown }) => [axis, shown])),
    overrides: choices.flatMap(({ overrides }) => overrides),
  };
}

/** The last word of a path: `world.oracles.inv.with.window` → `window`. */
function shortName(axis: string): string {
  return axis.slice(axis.lastIndexOf('.') + 1);
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
