/**
 * The kernel: executes events in their total order (time, priority, sequence number) and remembers what caused what. Generic over the
 * event: it knows no market, no agent, no chain. It reads no clock and draws nothing.
 *
 * One counter numbers the events (when scheduled) and the *facts* (things worth recording that happen during an event); hence every
 * number names one thing, and each thing's cause is a smaller number. The payload of an event is a reference that the caller may
 * preallocate and reuse.
 */
import { fault } from '../base/fault.ts';
import type { Ms } from '../base/units.ts';
import { type EventId, EventQueue } from './event-queue.ts';
import { PRIORITY, type Priority } from './priority.ts';
import { TraceHash } from './trace-hash.ts';

export type { EventId } from './event-queue.ts';

/** Why `run` came back: nothing left to do, the horizon reached, or `stop` called. */
export type Stop = 'drained' | 'horizon' | 'stopped';

/** Follows the execution without being able to change it. `cause` is what scheduled the event. */
export type Observer = (sequence: number, at: Ms, cause: number) => void;

export interface Kernel<E> {
  /** Simulated time. */
  readonly now: Ms;
  /** Number of the event or fact in progress; 0 outside. It becomes the cause of what is scheduled. */
  readonly cause: number;
  /** Cause that was stored with the event in progress: who scheduled it; 0 if it was scheduled from outside. */
  readonly origin: number;
  /** Sequence number of the event in progress, whatever `cause` was set to meanwhile; 0 outside. */
  readonly current: number;
  /** Events executed so far. */
  readonly executed: number;
  /** Events that wait. */
  readonly pending: number;
  /**
   * Puts an event on the agenda.
   *
   * @param at        whole ms, ≥ now
   * @param priority  0 … 255, smaller first at equal times; AGENT if left out
   * @throws          KERNEL_PAST · KERNEL_TIME (not a whole, finite number below 2^53) · QUEUE_KEY (priority)
   */
  schedule(event: E, at: Ms, priority?: Priority): EventId;
  /** Takes an event back. True only if it was still waiting. */
  cancel(id: EventId): boolean;
  /** Executes the earliest event; false if there is none. */
  step(): boolean;
  /** Executes all events with time ≤ until, then sets now = until (unless stopped, or until is Infinity). */
  run(until: Ms): Stop;
  /** Ends `run` after the event in progress. */
  stop(): void;
  /** Time of the earliest waiting event; Infinity if there is none. */
  nextTime(): Ms;
  /** Takes the next number for something that happened now. */
  fact(): number;
  /** Makes a number (of a fact, usually) the cause of what is scheduled next, until set back or the event ends. Returns the one before. */
  setCause(number: number): number;
  /** Runs `body` with that cause and sets it back, whatever happens. */
  during<T>(number: number, body: () => T): T;
  /** Folds a number into the trace hash. */
  mix(value: number): void;
  /** Digest of all executed events and mixed numbers so far: 16 hexadecimal digits. */
  traceHash(): string;
  /** Sets the observer, or none. */
  observe(observer: Observer | undefined): void;
}

class Machine<E> implements Kernel<E> {
  now: Ms = 0;
  cause = 0;
  origin = 0;
  current = 0;
  executed = 0;
  private readonly handle: (event: E, at: Ms) => void;
  private readonly queue = new EventQueue();
  private readonly hash = new TraceHash();
  /**
   * By slot of the queue. An executed event stays until its slot is used again: clearing costs a write per event and frees nothing that
   * matters.
   */
  private readonly events: (E | undefined)[] = [];
  private causes = new Float64Array(64);
  private numbered = 0;
  private running = false;
  private stopping = false;
  private observer: Observer | undefined;

  constructor(handle: (event: E, at: Ms) => void, observer: Observer | undefined) {
    this.handle = handle;
    this.observer = observer;
  }

  get pending(): number {
    return this.queue.pending;
  }

  schedule(event: E, at: Ms, priority: Priority = PRIORITY.AGENT): EventId {
    if (!(at >= this.now && at <= Number.MAX_SAFE_INTEGER && Math.floor(at) === at)) this.refuse(at);
    const slot = this.queue.push(at, priority, ++this.numbered);
    if (slot >= this.causes.length) this.grow();
    this.events[slot] = event;
    this.causes[slot] = this.cause;
    return this.queue.idOf(slot);
  }

  cancel(id: EventId): boolean {
    const slot = this.queue.slotOf(id);
    if (slot < 0) return false;
    this.events[slot] = undefined;
    return this.queue.cancel(id);
  }

  step(): boolean {
    if (this.running) fault('KERNEL_REENTRANT', { now: this.now, current: this.current });
    this.running = true;
    try {
      return this.execute(Infinity);
    } finally {
      this.running = false;
    }
  }

  run(until: Ms): Stop {
    if (this.running) fault('KERNEL_REENTRANT', { now: this.now, current: this.current });
    if (!(until >= this.now)) fault('KERNEL_PAST', { until, now: this.now });
    this.running = true;
    this.stopping = false;
    try {
      while (this.execute(until)) if (this.stopping) return 'stopped';
    } finally {
      this.running = false;
    }
    if (until !== Infinity) this.now = until;
    return this.queue.pending === 0 ? 'drained' : 'horizon';
  }

  /**
   * One event with time ≤ until, if there is one. When the handler throws, `now`, `current`, `cause` and `origin` stay as they were, for
   * the report.
   */
  private execute(until: Ms): boolean {
    const queue = this.queue;
    const slot = queue.pop(until);
    if (slot < 0) return false;
    const event = this.events[slot] as E;
    const origin = this.causes[slot];
    const sequence = queue.sequence;
    const at = queue.time;
    this.now = at;
    this.current = sequence;
    this.cause = sequence;
    this.origin = origin;
    this.executed += 1;
    this.hash.event(at, queue.priority, sequence, origin);
    if (this.observer !== undefined) this.observer(sequence, at, origin);
    this.handle(event, at);
    this.current = 0;
    this.cause = 0;
    this.origin = 0;
    return true;
  }

  stop(): void {
    this.stopping = true;
  }

  nextTime(): Ms {
    return this.queue.nextTime();
  }

  fact(): number {
    this.numbered += 1;
    return this.numbered;
  }

  setCause(number: number): number {
    if (!(number >= 0 && number <= this.numbered)) fault('KERNEL_CAUSE', { number, numbered: this.numbered });
    const before = this.cause;
    this.cause = number;
    return before;
  }

  during<T>(number: number, body: () => T): T {
    const before = this.setCause(number);
    try {
      return body();
    } finally {
      this.cause = before;
    }
  }

  mix(value: number): void {
    this.hash.mix(value);
  }

  traceHash(): string {
    return this.hash.hex();
  }

  observe(observer: Observer | undefined): void {
    this.observer = observer;
  }

  private refuse(at: Ms): never {
    return fault(at < this.now ? 'KERNEL_PAST' : 'KERNEL_TIME', { at, now: this.now });
  }

  private grow(): void {
    const causes = new Float64Array(this.causes.length * 2);
    causes.set(this.causes);
    this.causes = causes;
  }
}

/**
 * A kernel at time 0.
 *
 * @param handle  executes one event; may schedule, cancel, stop, number facts; may not call `run` or `step`
 */
export function createKernel<E>(handle: (event: E, at: Ms) => void, observer?: Observer): Kernel<E> {
  return new Machine(handle, observer);
}
