/**
 * An outcome as a worker hands it over: events and samples as columns of numbers, which are copied in one piece, where copying them as
 * objects would cost more than the run. What is unpacked equals what was packed.
 */
import { EVENT_WIDTH, eventAt, KIND_IDS } from '../record/memory.ts';
import type { Outcome, Sample } from '../run/outcome.ts';

export interface PackedOutcome {
  readonly head: Omit<Outcome, 'events' | 'samples'>;
  /** `EVENT_WIDTH` numbers to an event. */
  readonly events: Float64Array<ArrayBuffer>;
  readonly probes: readonly string[];
  /** Probe's position, time, value. */
  readonly samples: Float64Array<ArrayBuffer>;
}

export function packOutcome({ events, samples, ...head }: Outcome): PackedOutcome {
  const rows = new Float64Array(events.length * EVENT_WIDTH);
  events.forEach((event, i) => {
    const o = i * EVENT_WIDTH;
    rows[o] = event.seq;
    rows[o + 1] = event.at;
    rows[o + 2] = event.cause;
    rows[o + 3] = KIND_IDS[event.kind];
    rows[o + 4] = event.actor;
    rows[o + 5] = event.subject;
    rows[o + 6] = event.a;
    rows[o + 7] = event.b;
    rows[o + 8] = event.c;
    rows[o + 9] = event.d;
  });
  return { head, events: rows, ...packSamples(samples) };
}

function packSamples(samples: readonly Sample[]): Pick<PackedOutcome, 'probes' | 'samples'> {
  const ids = new Map<string, number>();
  const rows = new Float64Array(samples.length * 3);
  samples.forEach(({ probe, at, value }, i) => {
    const id = ids.get(probe) ?? ids.size;
    ids.set(probe, id);
    rows[3 * i] = id;
    rows[3 * i + 1] = at;
    rows[3 * i + 2] = value;
  });
  return { probes: [...ids.keys()], samples: rows };
}

export function unpackOutcome({ head, events, probes, samples }: PackedOutcome): Outcome {
  const unpacked: Sample[] = [];
  for (let o = 0; o < samples.length; o += 3) unpacked.push({ probe: probes[samples[o]], at: samples[o + 1], value: samples[o + 2] });
  return {
    ...head,
    events: Array.from({ length: events.length / EVENT_WIDTH }, (_, i) => eventAt(events, i * EVENT_WIDTH)),
    samples: unpacked,
  };
}
