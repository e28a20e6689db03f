/**
 * Axes that could not have mattered: a swept parameter that moves no metric by a single bit on any seed is most likely wired to nothing,
 * and a flat curve over it is not a finding. Bits are compared, not means: a real effect that is small is still an effect. Failed runs
 * have no metrics and say nothing.
 */
import type { Measured } from './replicate.ts';

export interface AxisVerdict {
  readonly axis: string;
  /** Pairs of runs that differ in this axis alone, share a seed, and are both done. */
  readonly pairs: number;
  /** `moved`: some metric differs. `inert`: none does. `untested`: no such pair, as in a zip, or a run failed on one side only. */
  readonly verdict: 'moved' | 'inert' | 'untested';
}

interface PlacedRun extends Measured {
  readonly point: number;
  readonly seed: number;
}

/** One verdict for each parameter that takes more than one value over the points. */
export function judgeAxes(
  points: readonly { readonly index: number; readonly params: Readonly<Record<string, unknown>> }[],
  runs: readonly PlacedRun[],
): readonly AxisVerdict[] {
  const results = Map.groupBy(runs, ({ point }) => point);
  const axes = [...new Set(points.flatMap(({ params }) => Object.keys(params)))];
  const varied = axes.filter((axis) => new Set(points.map(({ params }) => JSON.stringify(params[axis]))).size > 1);
  return varied.map((axis) => {
    const families = Map.groupBy(points, ({ params }) => JSON.stringify(Object.entries(params).filter(([name]) => name !== axis)));
    let pairs = 0;
    let moved = false;
    let failed = false;
    for (const [first, ...others] of families.values()) {
      // Equality of bits is transitive: if all equal the first, all pairs are equal.
      for (const other of others) {
        const compared = compareBits(results.get(first.index) ?? [], results.get(other.index) ?? []);
        pairs += compared.pairs;
        moved ||= compared.moved;
        failed ||= compared.failed;
      }
    }
    return { axis, pairs, verdict: moved ? 'moved' : pairs > 0 && !failed ? 'inert' : 'untested' };
  });
}

function compareBits(left: readonly PlacedRun[], right: readonly PlacedRun[]) {
  const rights = new Map(right.map((run) => [run.seed, run]));
  let pairs = 0;
  let moved = false;
  /** Whether a run failed and its partner did not. */
  let failed = false;
  for (const run of left) {
    const other = rights.get(run.seed);
    if (other === undefined) continue;
    failed ||= run.status !== other.status;
    if (run.status === 'failed' || other.status === 'failed') continue;
    pairs += 1;
    moved ||= !sameBits(run.metrics, other.metrics);
  }
  return { pairs, moved, failed };
}

function sameBits(a: Measured['metrics'], b: Measured['metrics']): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => name in a && name in b && Object.is(a[name], b[name]));
}
