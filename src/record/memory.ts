/**
 * A recorder that keeps facts in blocks of numbers, ten to a fact, and makes objects of them only when asked. Blocks double up to a limit
 * and are never copied, so that a small run stays small and a long one pays no growth. It judges nothing and loses nothing: what fits is
 * memory's business.
 */
import type { Ms } from '../base/units.ts';
import { EVENT_KINDS, type EventKind, type RecordedEvent, type Recorder } from './recorder.ts';

/** Every kind in the order of the vocabulary; the position is the number a kind is stored as. */
export const KIND_NAMES = Object.keys(EVENT_KINDS) as readonly EventKind[];

/** The number of each kind. */
export const KIND_IDS = Object.fromEntries(KIND_NAMES.map((kind, id) => [kind, id])) as Readonly<Record<EventKind, number>>;

/** Numbers to a fact: seq, at, cause, kind, actor, subject, a, b, c, d. */
export const EVENT_WIDTH = 10;

const FIRST_BLOCK = 64;
/** 8 192 facts are 640 kB: large enough that allocation does not show, small enough to waste little. */
const LAST_BLOCK = 8192;

/** One reading of a probe. */
export interface RecordedSample {
  readonly probe: string;
  readonly at: Ms;
  readonly value: number;
}

export interface MemoryRecorder extends Recorder {
  /** Facts so far. */
  readonly count: number;
  /** The facts as objects, in the order they came. */
  events(): RecordedEvent[];
  /** The facts as rows of `EVENT_WIDTH` numbers, for handing over without an object each. */
  rows(): Float64Array;
  samples(): RecordedSample[];
}

/** The fact in the row that begins at `offset`. */
export function eventAt(rows: Float64Array, offset: number): RecordedEvent {
  return {
    seq: rows[offset],
    at: rows[offset + 1],
    cause: rows[offset + 2],
    kind: KIND_NAMES[rows[offset + 3]],
    actor: rows[offset + 4],
    subject: rows[offset + 5],
    a: rows[offset + 6],
    b: rows[offset + 7],
    c: rows[offset + 8],
    d: rows[offset + 9],
  };
}

class Blocks implements MemoryRecorder {
  private readonly full: Float64Array[] = [];
  private block = new Float64Array(FIRST_BLOCK * EVENT_WIDTH);
  private used = 0;
  private before = 0;
  private readonly sampled: RecordedSample[] = [];

  get count(): number {
    return this.before + this.used / EVENT_WIDTH;
  }

  event(
    seq: number,
    at: Ms,
    cause: number,
    kind: EventKind,
    actor: number,
    subject: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void {
    if (this.used === this.block.length) this.next();
    const block = this.block;
    const o = this.used;
    block[o] = seq;
    block[o + 1] = at;
    block[o + 2] = cause;
    block[o + 3] = KIND_IDS[kind];
    block[o + 4] = actor;
    block[o + 5] = subject;
    block[o + 6] = a;
    block[o + 7] = b;
    block[o + 8] = c;
    block[o + 9] = d;
    this.used = o + EVENT_WIDTH;
  }

  sample(probe: string, at: Ms, value: number): void {
    this.sampled.push({ probe, at, value });
  }

  events(): RecordedEvent[] {
    const found: RecordedEvent[] = [];
    for (const block of this.full) for (let o = 0; o < block.length; o += EVENT_WIDTH) found.push(eventAt(block, o));
    for (let o = 0; o < this.used; o += EVENT_WIDTH) found.push(eventAt(this.block, o));
    return found;
  }

  rows(): Float64Array {
    const rows = new Float64Array(this.count * EVENT_WIDTH);
    let offset = 0;
    for (const block of this.full) {
      rows.set(block, offset);
      offset += block.length;
    }
    rows.set(this.block.subarray(0, this.used), offset);
    return rows;
  }

  samples(): RecordedSample[] {
    return [...this.sampled];
  }

  private next(): void {
    this.full.push(this.block);
    this.before += this.used / EVENT_WIDTH;
    this.block = new Float64Array(Math.min(this.block.length * 2, LAST_BLOCK * EVENT_WIDTH));
    this.used = 0;
  }
}

/** An empty recorder in memory. */
export function createMemoryRecorder(): MemoryRecorder {
  return new Blocks();
}
