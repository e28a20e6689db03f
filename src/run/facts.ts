/**
 * Facts on their way to those who listen. Every fact takes a number from the kernel, whatever is recorded, so that recording changes no run.
 * Facts of an atomic bundle wait until it is known whether the bundle holds: what was undone did not happen.
 */
import type { Ms } from '../base/units.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { EventKind, Recorder } from '../record/recorder.ts';

/** Somebody who is told of facts, as numbers. */
export type FactSink = Pick<Recorder, 'event'>;

export interface Facts {
  /** Takes the next number, makes it the cause of what follows in this event, and tells the sinks (after the bundle, if one is open). */
  report(kind: EventKind, actor: number, subject: number, a: number, b: number, c: number, d: number): number;
  /** From here on facts wait. */
  hold(): void;
  /** The bundle held: tell all that waited. */
  release(): void;
  /** The bundle was undone: forget them. */
  drop(): void;
}

interface Held {
  seq: number;
  at: Ms;
  cause: number;
  kind: EventKind;
  actor: number;
  subject: number;
  a: number;
  b: number;
  c: number;
  d: number;
}

export function createFacts(kernel: Kernel<unknown>, sinks: readonly FactSink[]): Facts {
  /** Reused from bundle to bundle. */
  const held: Held[] = [];
  let count = 0;
  let holding = false;

  const tell = (fact: Held) => {
    for (const sink of sinks)
      sink.event(fact.seq, fact.at, fact.cause, fact.kind, fact.actor, fact.subject, fact.a, fact.b, fact.c, fact.d);
  };

  return {
    report(kind, actor, subject, a, b, c, d) {
      const seq = kernel.fact();
      const cause = kernel.setCause(seq);
      if (holding) {
        if (count === held.length) held.push({ seq, at: kernel.now, cause, kind, actor, subject, a, b, c, d });
        else {
          const slot = held[count];
          slot.seq = seq;
          slot.at = kernel.now;
          slot.cause = cause;
          slot.kind = kind;
          slot.actor = actor;
          slot.subject = subject;
          slot.a = a;
          slot.b = b;
          slot.c = c;
          slot.d = d;
        }
        count++;
      } else {
        for (const sink of sinks) sink.event(seq, kernel.now, cause, kind, actor, subject, a, b, c, d);
      }
      return seq;
    },
    hold() {
      holding = true;
      count = 0;
    },
    release() {
      holding = false;
      for (let index = 0; index < count; index++) tell(held[index]);
      count = 0;
    },
    drop() {
      holding = false;
      count = 0;
    },
  };
}
