/** Values of the command line that the design sets again: what was typed then does nothing, and nobody should have to find that out. */
import type { Override } from '../scenario/load.ts';
import { covers, positional, valueAt } from '../scenario/overrides.ts';
import type { Placer } from '../scenario/place.ts';
import type { Problem } from '../scenario/problem.ts';
import type { DesignPoint } from './design.ts';

/** A warning for each value and each place that sets it again. `raw` is the experiment with the values of the command line. */
export function overriddenSets(sets: readonly Override[], points: readonly DesignPoint[], raw: unknown, place: Placer): readonly Problem[] {
  const typed = sets.map(({ path }) => ({ path, positional: positional(raw, path) }));
  if (typed.length === 0) return [];
  /** How many points take each override, by where it is written. */
  const written = new Map<string, { readonly override: Override; points: number }>();
  for (const override of points.flatMap(({ overrides }) => overrides)) {
    const key = JSON.stringify(override.origin);
    const known = written.get(key) ?? { override, points: 0 };
    known.points += 1;
    written.set(key, known);
  }
  return typed.flatMap((set) => {
    const again = [...written.values()].filter(({ override: { path, value } }) => {
      const own = positional(raw, path);
      return covers(own, valueAt(raw, own.split('.')) !== value, set.positional);
    });
    if (again.length === 0) return [];
    const origin = again[0].override.origin ?? [];
    const { file, line, column } = place(origin);
    const count = Math.min(
      points.length,
      again.reduce((sum, one) => sum + one.points, 0),
    );
    const where = count === points.length ? 'every point' : `${count} of ${points.length} points`;
    return [
      {
        file: `--set ${set.path}`,
        line: 0,
        column: 0,
        path: set.path,
        found: `a value that does nothing at ${where}, where ${origin.join('.')} (${file}:${line}:${column}) sets it again`,
        expected: 'a path that neither cases nor axes set',
      },
    ];
  });
}
