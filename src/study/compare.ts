/**
 * Two sets of runs on the same seeds, compared run by run: the noise that both share cancels, so that a difference shows with far fewer
 * replications than two intervals side by side would need.
 */
import { type Estimate, mean, pairedInterval } from '../base/statistics.ts';
import { isDefined, type Measured } from './replicate.ts';

export interface SeededRun extends Measured {
  readonly seed: number;
}

export interface MetricDifference {
  /** Means over the pairs alone, so that `difference.mean` is left − right. */
  readonly left: number;
  readonly right: number;
  /** Of left − right; n is the number of pairs. */
  readonly difference: Estimate;
  /** Seeds that one side or both have no number for. */
  readonly unpaired: number;
  /** Whether the interval excludes zero, and the difference is more than rounding leaves. */
  readonly distinct: boolean;
}

export interface Comparison {
  /** Seeds that both sides have done. */
  readonly seeds: number;
  readonly onlyLeft: number;
  readonly onlyRight: number;
  readonly metrics: Readonly<Record<string, MetricDifference>>;
}

/** Compares by seed. Failed runs pair with nothing; a seed that stands twice on one side counts once, the last. */
export function compareRuns(left: readonly SeededRun[], right: readonly SeededRun[], level = 0.95): Comparison {
  const [lefts, rights] = [bySeed(left), bySeed(right)];
  const seeds = [...lefts.keys()].filter((seed) => rights.has(seed)).sort((a, b) => a - b);
  const pairs = seeds.map((seed) => [lefts.get(seed) ?? {}, rights.get(seed) ?? {}] as const);
  const names = [...new Set(pairs.flatMap((pair) => pair.flatMap((metrics) => Object.keys(metrics))))];
  return {
    seeds: seeds.length,
    onlyLeft: lefts.size - seeds.length,
    onlyRight: rights.size - seeds.length,
    metrics: Object.fromEntries(names.map((name) => [name, differenceOf(name, pairs, level)])),
  };
}

type Metrics = Readonly<Record<string, number>>;

function bySeed(runs: readonly SeededRun[]): ReadonlyMap<number, Metrics> {
  return new Map(runs.filter(({ status }) => status === 'done').map(({ seed, metrics }) => [seed, metrics]));
}

function differenceOf(name: string, pairs: readonly (readonly [Metrics, Metrics])[], level: number): MetricDifference {
  const paired = pairs.filter(([a, b]) => isDefined(a[name]) && isDefined(b[name]));
  const left = paired.map(([a]) => a[name]);
  const right = paired.map(([, b]) => b[name]);
  const difference = pairedInterval(left, right, level);
  const means = { left: mean(left), right: mean(right) };
  return {
    ...means,
    difference,
    unpaired: pairs.length - paired.length,
    distinct: (difference.lo > 0 || difference.hi < 0) && !isRounding(name, difference.mean, means),
  };
}

const CENT = 0.01;
/** Sums of float64 differ by this part of themselves and no more. */
const ROUNDING = 1e-9;

/** A difference that no rounding of money shows, or that sums in another order would make. */
export function isRounding(name: string, difference: number, { left, right }: Pick<MetricDifference, 'left' | 'right'>): boolean {
  const least = Math.max(Math.abs(left), Math.abs(right)) * ROUNDING;
  return Math.abs(difference) <= (name.endsWith('_usd') ? Math.max(CENT, least) : least);
}
