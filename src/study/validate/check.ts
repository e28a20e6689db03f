/**
 * One line of the validation record: a claim of the field, where it comes from, what is expected of Breakwater, and how near it must come.
 * A check knows how to run itself; it does not print and does not know what other checks there are.
 */
import type { Ratio } from '../../base/units.ts';
import type { Tolerance } from './tolerance.ts';

/**
 * closed-form: a formula of the field in `study/closed-form`, against its published or separately derived value.
 * exact: the simulator, where arithmetic alone decides. banded: the simulator against an incident whose figures are uncertain.
 * monte-carlo: the simulator's mean against a closed form, with an interval.
 * law: a named invariant or a control that must change the outcome.
 */
export type CheckTier = 'closed-form' | 'exact' | 'banded' | 'monte-carlo' | 'law';

export interface CheckResult {
  readonly expected: number | string;
  readonly got: number | string;
  readonly pass: boolean;
}

export interface Check {
  /** `B3.crossover-0.2`: the claim's number, a dot, a kebab-case word; unique in the record. */
  readonly id: string;
  readonly tier: CheckTier;
  /** One sentence that is true if the check passes, with units. */
  readonly claim: string;
  /** Paper, repository file or address; `derived` where it was computed apart from this code, and how. */
  readonly source: string;
  /** As text; what `run` applies. */
  readonly tolerance: string;
  /** Deterministic. Throws only on a broken assumption; a value out of tolerance is a result. */
  run(): CheckResult | Promise<CheckResult>;
}

/** A check of one number. */
export interface NumberCheck {
  readonly id: string;
  readonly tier: CheckTier;
  readonly claim: string;
  readonly source: string;
  readonly expected: number;
  readonly tolerance: Tolerance;
  readonly got: () => number | Promise<number>;
}

/** Makes a `Check` of a number, its expectation and a tolerance, so that the text and the comparison cannot part. */
export function numberCheck(spec: NumberCheck): Check {
  const { id, tier, claim, source, expected, tolerance } = spec;
  const judge = (got: number): CheckResult => ({ expected, got, pass: tolerance.holds(expected, got) });
  const run = (): CheckResult | Promise<CheckResult> => {
    const got = spec.got();
    return typeof got === 'number' ? judge(got) : got.then(judge);
  };
  return { id, tier, claim, source, tolerance: tolerance.text, run };
}

/** Coverage of the interval of a simulated mean: of a thousand sound checks with other seeds, one would fail. */
export const SAMPLE_LEVEL = 0.999;

/** A simulated mean and the two-sided interval that its own sample gives it at SAMPLE_LEVEL. */
export interface Sampled {
  readonly mean: number;
  readonly lo: number;
  readonly hi: number;
}

/** A check of a simulated mean. Its claim says how many samples there are. */
export interface SampleCheck {
  readonly id: string;
  readonly claim: string;
  readonly source: string;
  readonly expected: number;
  /** Half-width that the interval may have at most, relative to `expected`: with a wide enough one anything would pass. */
  readonly halfWidthMax: Ratio;
  /** Deterministic: number of samples and seed are fixed. */
  readonly sample: () => Sampled;
}

/** Makes a `Check` that passes if the expectation lies within the sample's interval, and the interval is narrow enough to tell. */
export function sampleCheck({ id, claim, source, expected, halfWidthMax, sample }: SampleCheck): Check {
  const run = (): CheckResult => {
    const { mean, lo, hi } = sample();
    const narrow = (hi - lo) / 2 <= halfWidthMax * Math.abs(expected);
    return { expected, got: mean, pass: narrow && lo <= expected && expected <= hi };
  };
  return {
    id,
    tier: 'monte-carlo',
    claim,
    source,
    tolerance: `within its 99.9 % interval, of at most ±${Number((100 * halfWidthMax).toPrecision(3))} %`,
    run,
  };
}
