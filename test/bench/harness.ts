/**
 * How things are timed here: contenders take turns within one process, several rounds, process CPU time, medians with min-max bands. A
 * ratio is taken within each round, so that a slow moment of the machine touches both sides. The median decides whether a goal is met,
 * and the band is printed beside it: on a shared machine one bad round of five says nothing, a moved median does. A bench that misses a
 * goal is measured once more, and what is missed twice has failed.
 */

/** One line of the table. */
export interface BenchRow {
  readonly name: string;
  /** Median over the rounds. NaN for what was skipped. */
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

export const ROUNDS = 5;

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

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A row with the band of `values`. */
export function row(name: string, unit: string, values: readonly number[], note?: string): BenchRow {
  const base = { name, unit, value: median(values), low: Math.min(...values), high: Math.max(...values) };
  return note === undefined ? base : { ...base, note };
}

/** Millions of operations per second. */
export function speedRow(name: string, timing: Timing, note?: string): BenchRow {
  return row(
    name,
    'M/s',
    timing.ns.map((ns) => 1000 / ns),
    note,
  );
}

/** How many times faster `own` is than `peer`, round by round. */
export function timesFaster(own: Timing, peer: Timing): number[] {
  return own.ns.map((ns, round) => peer.ns[round] / ns);
}

/** The row with a lower limit on its median. */
export function atLeast(line: BenchRow, limit: number): BenchRow {
  return { ...line, goal: `≥ ${limit}`, pass: line.value >= limit };
}

/** The row with an upper limit on its median. */
export function atMost(line: BenchRow, limit: number): BenchRow {
  return { ...line, goal: `≤ ${limit}`, pass: line.value <= limit };
}

/** The row with what we would like to see, in words, and no judgement: for what the machine decides as much as the code. */
export function aimingAt(line: BenchRow, aim: string): BenchRow {
  return { ...line, goal: `aim ${aim}` };
}

/** Measures; if a goal is missed, measures once more, and takes the second figure of the rows that missed, with the first in the note. */
export async function withSecondChance(measure: () => BenchRow[] | Promise<BenchRow[]>): Promise<BenchRow[]> {
  const first = await measure();
  if (first.every((line) => line.pass !== false)) return first;
  const second = await measure();
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
