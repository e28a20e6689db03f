/**
 * Reports by several people, of which the median counts once nobody has disputed it for a while. An honest reporter says the source's
 * price with an error of his own; a lazy one repeats what he said first; a bribed one says a multiple of it. A round that an honest
 * reporter sees and would not have said is disputed, and dropped.
 *
 *   corrupt when bribed > N/2, and with lazy ones when those who lie low or high with them are
 *
 * Rounds are made every `period`, readable `dispute` later; `vigilance` is the probability that somebody honest looks at one.
 */
import { exp } from '../base/elementary.ts';
import { definePart } from '../base/params.ts';
import type { Random } from '../base/random.ts';
import type { Ms, Price, Ratio } from '../base/units.ts';
import { isPrice, NO_READING } from './no-reading.ts';
import type { Oracle, OracleNeeds, Reading } from './oracle.ts';

const TIME_MAX_MS = 1e12;

export const reporters = definePart<OracleNeeds, Oracle>()({
  name: 'reporters',
  summary: 'Median of reporters, final after a time for disputes; some may be lazy or bribed.',
  sources: [
    'tellor-io/tellor3 contracts (reporters with a stake, disputes)',
    'docs.uma.xyz, “How does UMA’s oracle work” (optimistic proposals, a liveness period, bonds)',
  ],
  params: {
    reporters: { kind: 'integer', unit: 'reporters', range: [1, 1000], default: 5, doc: 'how many report' },
    lazy: { kind: 'integer', unit: 'reporters', range: [0, 1000], default: 0, doc: 'how many of them repeat their first report' },
    bribed: { kind: 'integer', unit: 'reporters', range: [0, 1000], default: 0, doc: 'how many of them lie' },
    lie: { kind: 'number', unit: 'ratio', range: [1e-6, 1e6], default: 1, doc: 'what the bribed multiply the price with' },
    from: { kind: 'duration', range: [0, TIME_MAX_MS], default: 0, doc: 'when they begin to lie' },
    to: { kind: 'duration', range: [0, TIME_MAX_MS], optional: true, doc: 'when they stop; never if left out' },
    noise: { kind: 'number', unit: 'log', range: [0, 1], default: 0.0005, doc: 'standard deviation of an honest error' },
    period: { kind: 'duration', range: [1, TIME_MAX_MS], default: 60_000, doc: 'time from one round to the next' },
    dispute: { kind: 'duration', range: [0, TIME_MAX_MS], default: 0, doc: 'time in which a round may be disputed before it counts' },
    tolerance: { kind: 'number', unit: 'ratio', range: [0, 10], default: 0.05, doc: 'a round further from an honest report is disputed' },
    vigilance: {
      kind: 'number',
      unit: 'probability',
      range: [0, 1],
      default: 0,
      doc: 'probability that an honest reporter looks at a round',
    },
  },
  check({ reporters, lazy, bribed, dispute, vigilance }) {
    if (lazy + bribed > reporters)
      return [{ param: 'bribed', found: `${bribed} and ${lazy} lazy`, expected: `at most the ${reporters} reporters in all` }];
    return vigilance > 0 && dispute === 0 ? [{ param: 'dispute', found: '0', expected: 'a duration: nobody can dispute in no time' }] : [];
  },
  create: (terms, { random }) => new Reports({ ...terms, to: terms.to ?? Number.POSITIVE_INFINITY }, random),
});

interface ReportTerms {
  readonly reporters: number;
  readonly lazy: number;
  readonly bribed: number;
  readonly lie: number;
  readonly from: Ms;
  readonly to: Ms;
  readonly noise: number;
  readonly period: Ms;
  readonly dispute: Ms;
  readonly tolerance: Ratio;
  readonly vigilance: number;
}

interface Round {
  readonly price: Price;
  readonly at: Ms;
}

class Reports implements Oracle {
  private readonly terms: ReportTerms;
  private readonly random: Random;
  /** Rounds from the one that counts on. */
  private rounds: Round[] = [];
  private readonly first: Float64Array;
  private readonly said: Float64Array;
  /** Normals of the last round, kept while it is made anew at the same time. */
  private readonly errors: Float64Array;
  private luck = 0;
  private roundAt: Ms = Number.NaN;
  private begunAt: Ms | undefined;

  constructor(terms: ReportTerms, random: Random) {
    this.terms = terms;
    this.random = random;
    this.first = new Float64Array(terms.lazy).fill(Number.NaN);
    this.said = new Float64Array(terms.reporters);
    this.errors = new Float64Array(terms.reporters);
  }

  observe(price: Price, at: Ms): void {
    if (!isPrice(price)) return;
    const { period, dispute } = this.terms;
    const again = at === this.roundAt;
    if (!again && Math.floor(at / period) === Math.floor(this.roundAt / period)) return;
    if (again) this.rounds = this.rounds.filter((round) => round.at !== at);
    else {
      this.draw();
      while (this.rounds.length > 1 && this.rounds[1].at + dispute <= at) this.rounds.shift();
    }
    this.roundAt = at;
    if (this.begunAt === undefined) this.begunAt = at;
    // The first round is older than the run: nobody disputes it.
    const begins = at === this.begunAt;
    if (begins) this.first.fill(price);
    const value = this.report(price, at);
    if (begins || !this.disputed(value, price)) this.rounds.push({ price: value, at });
  }

  read(now: Ms): Reading {
    if (this.rounds.length === 0) return NO_READING;
    let index = 0;
    while (index + 1 < this.rounds.length && this.rounds[index + 1].at + this.terms.dispute <= now) index += 1;
    const { price, at } = this.rounds[index];
    return { price, observedAt: at, publishedAt: Math.min(now, at + this.terms.dispute), valid: true };
  }

  /** When the next round is past dispute. */
  nextUpdate(now: Ms): Ms {
    const next = this.rounds.find(({ at }, index) => index > 0 && at + this.terms.dispute > now);
    return next === undefined ? Number.POSITIVE_INFINITY : next.at + this.terms.dispute;
  }

  /** As many numbers whatever is said, so that two worlds are compared on the same errors. */
  private draw(): void {
    for (let i = 0; i < this.errors.length; i++) this.errors[i] = this.random.normal();
    this.luck = this.random.uniform();
  }

  /** The median of what all say. The bribed come first, then the lazy. */
  private report(price: Price, at: Ms): Price {
    const { bribed, lazy, lie, from, to, noise } = this.terms;
    const lying = at >= from && at < to;
    for (let i = 0; i < this.said.length; i++) {
      if (i < bribed && lying) this.said[i] = price * lie;
      else if (i >= bribed && i < bribed + lazy) this.said[i] = this.first[i - bribed];
      else this.said[i] = price * exp(noise * this.errors[i]);
    }
    const sorted = this.said.slice().sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private disputed(value: Price, price: Price): boolean {
    return this.luck < this.terms.vigilance && Math.abs(value / price - 1) > this.terms.tolerance;
  }
}
