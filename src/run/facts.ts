/**
 * Facts on their way to who listens. Every fact takes a number from the kernel, whatever is recorded, so that recording changes no run.
 * Facts of an atomic bundle wait until it is known whether the bundle holds: what was undone did not happen.
 */
import type { Kernel } from '../kernel/kernel.ts';
import type { EventKind, Recorder } from '../record/recorder.ts';

/** Somebody who is told of facts, as numbers. */
export type FactSink = Pick<Recorder, 'event'>;

export interface Facts {
  /**
   * Takes the next number, makes it the cause of what follows in this event, and tells the sink (after the bundle, if one is open). A
   * margin call and an account assessed anew cause nothing more in it.
   */
  report(kind: EventKind, actor: number, subject: number, a: number, b: number, c: number, d: number): number;
  /** From here on facts wait. */
  hold(): void;
  /** The bundle held: tell all that waited. */
  release(): void;
  /** The bundle was undone: forget them. */
  drop(): void;
}

/** Numbers of a fact that waits: seq, at, cause, actor, subject, a, b, c, d. */
const WIDTH = 9;

/** A class and not closures: they would be others in each world of a process, and the engine could not set them into their callers. */
class WaitingFacts implements Facts {
  private readonly kernel: Kernel<unknown>;
  private readonly sink: FactSink;
  /** Facts that wait, their kinds apart; used again from bundle to bundle. */
  private rows = new Float64Array(64 * WIDTH);
  private readonly kinds: EventKind[] = [];
  private count = 0;
  private holding = false;

  constructor(kernel: Kernel<unknown>, sink: FactSink) {
    this.kernel = kernel;
    this.sink = sink;
  }

  report(kind: EventKind, actor: number, subject: number, a: number, b: number, c: number, d: number): number {
    const { kernel } = this;
    const seq = kernel.fact();
    const cause = kernel.setCause(seq);
    if (this.holding) this.keep(seq, cause, kind, actor, subject, a, b, c, d);
    else this.sink.event(seq, kernel.now, cause, kind, actor, subject, a, b, c, d);
    // Told of one account after the other, for one reason: none of them is what the next one comes from.
    if (kind === 'margin-call' || kind === 'reassessed') kernel.setCause(cause);
    return seq;
  }

  hold(): void {
    this.holding = true;
    this.count = 0;
  }

  release(): void {
    this.holding = false;
    const { rows, kinds } = this;
    for (let fact = 0, i = 0; fact < this.count; fact++, i += WIDTH) {
      const [seq, at, cause, actor, subject] = [rows[i], rows[i + 1], rows[i + 2], rows[i + 3], rows[i + 4]];
      this.sink.event(seq, at, cause, kinds[fact], actor, subject, rows[i + 5], rows[i + 6], rows[i + 7], rows[i + 8]);
    }
    this.count = 0;
  }

  drop(): void {
    this.holding = false;
    this.count = 0;
  }

  private keep(
    seq: number,
    cause: number,
    kind: EventKind,
    actor: number,
    subject: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void {
    const at = this.count * WIDTH;
    if (at === this.rows.length) {
      const larger = new Float64Array(this.rows.length * 2);
      larger.set(this.rows);
      this.rows = larger;
    }
    const { rows } = this;
    this.kinds[this.count++] = kind;
    rows[at] = seq;
    rows[at + 1] = this.kernel.now;
    rows[at + 2] = cause;
    rows[at + 3] = actor;
    rows[at + 4] = subject;
    rows[at + 5] = a;
    rows[at + 6] = b;
    rows[at + 7] = c;
    rows[at + 8] = d;
  }
}

export function createFacts(kernel: Kernel<unknown>, sink: FactSink): Facts {
  return new WaitingFacts(kernel, sink);
}
