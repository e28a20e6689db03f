/**
 * From runs to what a point says: each metric's mean with its 95 % interval over the replications. A metric that a run does not have, or
 * has as NaN, is counted apart and never taken for zero; a failed run is no sample at all.
 */
import { type Estimate, studentInterval } from '../base/statistics.ts';

/** What statistics need to know of a run; an `Outcome` fits, and so does a stored run. */
export interface Measured {
  readonly status: 'done' | 'failed';
  readonly metrics: Readonly<Record<string, number>>;
}

export interface MetricSummary extends Estimate {
  /** Runs that were done but have no such number. `n` does not count them. */
  readonly undefined: number;
}

export interface PointSummary {
  readonly runs: number;
  readonly failed: number;
  /** In the order in which metrics first appeared. A metric that no run has a number for stands with n = 0 and a mean of NaN. */
  readonly metrics: Readonly<Record<string, MetricSummary>>;
}

/** Whether a metric of a run is a number that may enter a mean. */
export function isDefined(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value);
}

/** @param level  coverage of the intervals, 0 < level < 1 */
export function summarise(runs: readonly Measured[], level = 0.95): PointSummary {
  const done = runs.filter(({ status }) => status === 'done');
  const names = [...new Set(done.flatMap(({ metrics }) => Object.keys(metrics)))];
  const metrics = names.map((name): [string, MetricSummary] => {
    const values = done.map((run) => run.metrics[name]).filter(isDefined);
    return [name, { ...studentInterval(values, level), undefined: done.length - values.length }];
  });
  return { runs: runs.length, failed: runs.length - done.length, metrics: Object.fromEntries(metrics) };
}

/**
 * Summaries of all points at once, by point, from runs in any order: sorted by seed first, so that sums are the same whoever finished
 * first.
 */
export function summarisePoints(
  runs: readonly (Measured & { readonly point: number; readonly seed: number })[],
  level = 0.95,
): ReadonlyMap<number, PointSummary> {
  const sorted = [...runs].sort((a, b) => a.point - b.point || a.seed - b.seed);
  const groups = Map.groupBy(sorted, ({ point }) => point);
  return new Map([...groups].map(([point, group]) => [point, summarise(group, level)]));
}
