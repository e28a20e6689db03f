/**
 * Facts as a record keeps them: many to a row of the database, as JSON, because a row each costs several times the time
 * (`npm run bench -- recording`), and because any SQLite reads JSON: the view `event` gives them back one by one. They stand in the order
 * in which they were told, where a cause may come after what it caused; who reads them puts them in the order of their numbers.
 */
import type { EventKind, RecordedEvent } from './recorder.ts';

/** Facts to a chunk: some 70 kB of text. */
export const CHUNK = 1_000;

/** An infinite number, which JSON lacks: both SQLite and JavaScript read this as one. */
const INFINITE = '9e999';

/**
 * The chunk that begins with fact `from`: `[[seq, at_ms, cause, kind, actor, subject, a, b, c, d], …]`. A number that is none becomes null.
 *
 * @param kindId  the number by which the database knows a kind
 */
export function packEvents(events: readonly RecordedEvent[], from: number, kindId: (kind: EventKind) => number): string {
  const rows: unknown[] = [];
  for (let i = from; i < Math.min(events.length, from + CHUNK); i += 1) {
    const { seq, at, cause, kind, actor, subject, a, b, c, d } = events[i];
    rows.push([seq, at, cause, kindId(kind), actor, subject, spelt(a), spelt(b), spelt(c), spelt(d)]);
  }
  return JSON.stringify(rows).replaceAll('"Infinity"', INFINITE).replaceAll('"-Infinity"', `-${INFINITE}`);
}

const spelt = (value: number): number | string => (value === Infinity || value === -Infinity ? String(value) : value);

type Packed = readonly [seq: number, at: number, cause: number, kind: number, actor: number, subject: number, ...(number | null)[]];

/** The facts of all chunks of a run, ascending by number; null comes back as the number that is none. */
export function unpackEvents(chunks: readonly string[], kindOf: (id: number) => EventKind): RecordedEvent[] {
  const rows = chunks.flatMap((chunk) => JSON.parse(chunk) as Packed[]);
  return rows
    .sort(([one], [other]) => one - other)
    .map(([seq, at, cause, kind, actor, subject, a, b, c, d]) => ({
      ...{ seq, at, cause, kind: kindOf(kind), actor, subject },
      ...{ a: a ?? Number.NaN, b: b ?? Number.NaN, c: c ?? Number.NaN, d: d ?? Number.NaN },
    }));
}
