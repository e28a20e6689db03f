/**
 * How things are timed here: contenders take turns within one process, several rounds, process CPU time. What is told and judged is the
 * fastest round of each: what the code needs. Whatever a round took beyond it, the machine's other guests took, whose noise only ever adds;
 * a median moves with them, by 1.7 between two minutes of one machine, and the fastest of nine rounds does not. The band of all rounds is
 * printed beside it. A bench that misses a goal is measured once more, in a process of its own after all the others, and what is missed
 * twice has failed.
 *
 * @source  J. Chen, J. Revels, "Robust benchmarking in noisy environments", arXiv:1608.04295 (2016): the minimum as the estimator
 */

/** One line of the table. */
export interface BenchRow {
  readonly name: string;
  /** Of the fastest round. NaN for what was skipped. */
  readonly value: number;
  readonly unit: string;
  readonly low?: number;
  readonly high?: number;
  /** What is asked, in words: `≥ 2.5`; or what is only aimed at: `aim ≤ 2.5`. */
  readonly goal?: string;
  /** Decides the exit code. Rows without it inform. */
  readonly pass?: boolean;
  readonly note?: string;
}

/** Does a fixed amount of work and says how many operations that were; a child process also says what it cost. */
export type Contender = () => number | { readonly operations: number; readonly cpuMs: number };

/** Speeds of one contender in each round. */
export interface Timing {
  /** Nanoseconds of CPU time per operation. */
  readonly ns: readonly number[];
}

export const ROUNDS = 9;

/** Runs the contenders in turn, `rounds` times, after two rounds that do not count: the compiler is still at work in them. */
export function interleave<Name extends string>(contenders: Readonly<Record<Name, Contender>>, rounds = ROUNDS): Record<Name, Timing> {
  const names = Object.keys(contenders) as Name[];
  const ns = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -2; round < rounds; round += 1) {
    for (const name of names) {
      const spent = once(contenders[name]);
      if (round >= 0) ns[name].push(spent);
    }
  }
  return Object.fromEntries(names.map((name): [string, Timing] => [name, { ns: ns[name] }])) as Record<Name, Timing>;
}

function once(contender: Contender): number {
  const before = process.cpuUsage();
  const done = contender();
  const spent = process.cpuUsage(before);
  return typeof done === 'number' ? ((spent.user + spent.system) * 1000) / done : (done.cpuMs * 1e6) / done.operations;
}

/** A row of which `value` is told and judged, with the band of `values`. */
function row(name: string, unit: string, value: number, values: readonly number[], note: string | undefined): BenchRow {
  const base = { name, unit, value, low: Math.min(...values), high: Math.max(...values) };
  return note === undefined ? base : { ...base, note };
}

/** One figure that was counted, or found in another way than by rounds. */
export function figureRow(name: string, unit: string, value: number, note?: string): BenchRow {
  return note === undefined ? { name, unit, value } : { name, unit, value, note };
}

/** The least of what several rounds came to. */
export function leastRow(name: string, unit: string, values: readonly number[]): BenchRow {
  return row(name, unit, Math.min(...values), values, undefined);
}

const fastest = ({ ns }: Timing) => Math.min(...ns);

/** What one operation takes, in units of `ns` nanoseconds. */
export function timeRow(name: string, unit: string, ns: number, timing: Timing, note?: string): BenchRow {
  return row(
    name,
    unit,
    fastest(timing) / ns,
    timing.ns.map((spent) => spent / ns),
    note,
  );
}

/** Operations in a second, in units of `operations`. */
export function rateRow(name: string, unit: string, operations: number, timing: Timing, note?: string): BenchRow {
  return row(
    name,
    unit,
    1e9 / fastest(timing) / operations,
    timing.ns.map((ns) => 1e9 / ns / operations),
    note,
  );
}

/** Millions of operations a second. */
export function speedRow(name: string, timing: Timing, note?: string): BenchRow {
  return rateRow(name, 'M/s', 1e6, timing, note);
}

/** How many times faster `own` is than `peer`; the band is of ratios within one round. */
export function fasterRow(name: string, unit: string, own: Timing, peer: Timing, note?: string): BenchRow {
  return row(
    name,
    unit,
    fastest(peer) / fastest(own),
    own.ns.map((ns, round) => peer.ns[round] / ns),
    note,
  );
}

/** The row with a lower limit. */
export function atLeast(line: BenchRow, limit: number): BenchRow {
  return { ...line, goal: `≥ ${limit}`, pass: line.value >= limit };
}

/** The row with an upper limit. */
export function atMost(line: BenchRow, limit: number): BenchRow {
  return { ...line, goal: `≤ ${limit}`, pass: line.value <= limit };
}

/** The row with what we would like to see, in words, and no judgement: for what the machine decides as much as the code. */
export function aimingAt(line: BenchRow, aim: string): BenchRow {
  return { ...line, goal: `aim ${aim}` };
}

/** Of two measurements of one bench: the rows of the first, but those of the second where the first missed, with its figure in the note. */
export function secondChance(first: readonly BenchRow[], second: readonly BenchRow[]): BenchRow[] {
  return first.map((line) => {
    const again = line.pass === false ? second.find((other) => other.name === line.name) : undefined;
    // A row that could not be judged the second time stays missed.
    if (again?.pass === undefined) return line;
    const before = `second try, after ${line.value.toPrecision(3)}`;
    return { ...again, note: again.note === undefined ? before : `${before}; ${again.note}` };
  });
}

/** A row for what could not be run here, and why. */
export function skipped(name: string, why: string): BenchRow {
  return { name, value: NaN, unit: '', note: `skipped: ${why}` };
}
