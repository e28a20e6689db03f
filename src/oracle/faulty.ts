/**
 * Its source, with a fault for a while: every way in which a feed has failed. `stuck` repeats the reading of when it began, with its age;
 * `outage` says nothing; `scale` multiplies, as a wrong number of decimals or a forgotten factor does; `late` reads what the source said a
 * delay ago, as in a congested chain where updates find no room.
 */
import { definePart } from '../base/params.ts';
import type { Ms, Price } from '../base/units.ts';
import { History } from './history.ts';
import { isPrice, NO_READING } from './no-reading.ts';
import type { Oracle, OracleNeeds, Reading } from './oracle.ts';

const TIME_MAX_MS = 1e12;
const FAULTS = ['stuck', 'outage', 'scale', 'late'] as const;

export const faulty = definePart<OracleNeeds, Oracle>()({
  name: 'faulty',
  summary: 'Its source with a fault for a while: stuck, silent, wrongly scaled or late.',
  sources: [
    'makerdao blog, “The market collapse of March 12-13, 2020” (feeds late in congestion)',
    'rekt.news/moonwell-rekt (a factor left out of a composed price, 2026)',
  ],
  params: {
    fault: { kind: 'choice', options: FAULTS, doc: 'what goes wrong' },
    from: { kind: 'duration', range: [0, TIME_MAX_MS], default: 0, doc: 'when it begins' },
    to: { kind: 'duration', range: [0, TIME_MAX_MS], optional: true, doc: 'when it is mended; never if left out' },
    factor: { kind: 'number', unit: 'ratio', range: [1e-12, 1e12], default: 1, doc: 'of `scale`: what readings are multiplied with' },
    delay: { kind: 'duration', range: [0, TIME_MAX_MS], default: 0, doc: 'of `late`: age of what is read' },
  },
  check({ fault, from, to, factor, delay }) {
    if (to !== undefined && to <= from) return [{ param: 'to', found: `${to} ms`, expected: `a time after \`from\`, ${from} ms` }];
    if (fault === 'scale' && factor === 1) return [{ param: 'factor', found: '1', expected: 'another number: 1 is no fault' }];
    return fault === 'late' && delay === 0 ? [{ param: 'delay', found: '0', expected: 'a duration above 0: 0 is no fault' }] : [];
  },
  create: (terms, { source }) => new Faulty({ ...terms, to: terms.to ?? Number.POSITIVE_INFINITY }, source),
});

interface FaultTerms {
  readonly fault: (typeof FAULTS)[number];
  readonly from: Ms;
  readonly to: Ms;
  readonly factor: number;
  readonly delay: Ms;
}

class Faulty implements Oracle {
  private readonly terms: FaultTerms;
  private readonly source: (now: Ms) => Reading;
  /** Prices shown, for who reads late; and times at which they were observed. */
  private readonly shown = new History();
  /** The last reading before the fault. */
  private sound: Reading = NO_READING;
  private soundAt: Ms = Number.NaN;

  constructor(terms: FaultTerms, source: (now: Ms) => Reading) {
    this.terms = terms;
    this.source = source;
  }

  observe(price: Price, at: Ms): void {
    const { fault, from, delay } = this.terms;
    if (!isPrice(price)) return;
    if (fault === 'stuck' && (at <= from || !this.sound.valid || at === this.soundAt)) {
      this.sound = this.source(at);
      this.soundAt = at;
    }
    if (fault !== 'late') return;
    this.shown.add(at, price, this.source(at).observedAt);
    this.shown.forget(at - delay);
  }

  read(now: Ms): Reading {
    const { fault, from, to, factor, delay } = this.terms;
    if (now < from || now >= to) return this.source(now);
    if (fault === 'outage') return NO_READING;
    if (fault === 'stuck') return this.sound;
    if (fault === 'late') return this.asOf(now, delay);
    const reading = this.source(now);
    return reading.valid ? { ...reading, price: reading.price * factor } : reading;
  }

  nextUpdate(now: Ms): Ms {
    const { from, to } = this.terms;
    if (from > now) return from;
    return to > now ? to : Number.POSITIVE_INFINITY;
  }

  private asOf(now: Ms, delay: Ms): Reading {
    const { oldest, newest } = this.shown;
    if (newest < oldest) return NO_READING;
    const entry = Math.max(oldest, this.shown.find(now - delay));
    return { price: this.shown.firstOf(entry), observedAt: this.shown.secondOf(entry), publishedAt: now, valid: true };
  }
}
