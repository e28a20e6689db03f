/**
 * A price that is brought by whoever uses it (Pyth): always as young as the publishers' latency, and with an interval in which they say it
 * lies. Between the price of the market and the one that can be brought lies the latency, which is what a fast trader takes.
 *
 *   reading(now) = source at now − latency          confidence = least + k·σ̂·√latency, as a part of the price
 *
 * σ̂ is the volatility of the source per √ms, an exponential mean of squared returns over the time they took.
 */
import { exp, log } from '../base/elementary.ts';
import { definePart } from '../base/params.ts';
import type { Ms, Price, Ratio } from '../base/units.ts';
import { History } from './history.ts';
import { isPrice, NO_READING } from './no-reading.ts';
import type { Oracle, OracleNeeds, Reading } from './oracle.ts';

const LATENCY_MAX_MS = 86_400_000;
const HALF_LIFE_MAX_MS = 30 * 86_400_000;

export const pull = definePart<OracleNeeds, Oracle>()({
  name: 'pull',
  summary: 'Brought with the transaction that uses it: young, late by a latency, with a confidence interval (Pyth).',
  sources: ['docs.pyth.network, “Best practices” (confidence intervals, price availability, latency)'],
  params: {
    latency: { kind: 'duration', range: [0, LATENCY_MAX_MS], default: 400, doc: 'age of the youngest price that can be brought' },
    confidenceMin: {
      kind: 'number',
      unit: 'ratio',
      range: [0, 1],
      default: 0.0005,
      doc: 'half of the interval in a market that stands still',
    },
    confidenceTimes: {
      kind: 'number',
      unit: 'sd',
      range: [0, 100],
      default: 1,
      doc: 'standard deviations of what the price moves within `spread` that are added to it',
    },
    spread: {
      kind: 'duration',
      range: [0, HALF_LIFE_MAX_MS],
      default: 12_000,
      doc: 'time over which publishers differ as the price moves',
    },
    halfLife: { kind: 'duration', range: [1, HALF_LIFE_MAX_MS], default: 600_000, doc: 'after which half of a past move is forgotten' },
  },
  create: (terms) => new Pull(terms),
});

interface PullTerms {
  readonly latency: Ms;
  readonly confidenceMin: Ratio;
  readonly confidenceTimes: number;
  readonly spread: Ms;
  readonly halfLife: Ms;
}

class Pull implements Oracle {
  private readonly terms: PullTerms;
  /** Prices, and the confidence of each at the time. */
  private readonly seen = new History();
  /** Forgotten sums of squared returns and of the ms they took, up to before the newest observation and with it. */
  private squares = 0;
  private span = 0;
  private squaresBefore = 0;
  private spanBefore = 0;
  private last: Price = Number.NaN;
  private at: Ms = Number.NaN;
  private lastBefore: Price = Number.NaN;
  private atBefore: Ms = Number.NaN;

  constructor(terms: PullTerms) {
    this.terms = terms;
  }

  observe(price: Price, at: Ms): void {
    if (!isPrice(price)) return;
    if (at !== this.at) {
      this.squaresBefore = this.squares;
      this.spanBefore = this.span;
      this.lastBefore = this.last;
      this.atBefore = this.at;
    }
    if (this.atBefore < at) {
      const keep = exp((-Math.LN2 * (at - this.atBefore)) / this.terms.halfLife);
      const move = log(price / this.lastBefore);
      this.squares = this.squaresBefore * keep + move * move;
      this.span = this.spanBefore * keep + (at - this.atBefore);
    }
    this.last = price;
    this.at = at;
    this.seen.add(at, price, this.confidence());
    this.seen.forget(at - this.terms.latency);
  }

  read(now: Ms): Reading {
    const { oldest, newest } = this.seen;
    if (newest < oldest) return NO_READING;
    // The feed is older than the run: what it saw first it had seen before.
    const entry = Math.max(oldest, this.seen.find(now - this.terms.latency));
    const observedAt = this.seen.timeOf(entry);
    const publishedAt = Math.min(now, observedAt + this.terms.latency);
    return { price: this.seen.firstOf(entry), observedAt, publishedAt, valid: true, confidence: this.seen.secondOf(entry) };
  }

  /** When the next price seen comes of age. */
  nextUpdate(now: Ms): Ms {
    const { newest, oldest } = this.seen;
    const entry = Math.max(oldest, this.seen.find(now - this.terms.latency)) + 1;
    return entry <= newest ? this.seen.timeOf(entry) + this.terms.latency : Number.POSITIVE_INFINITY;
  }

  private confidence(): Ratio {
    const { confidenceMin, confidenceTimes, spread } = this.terms;
    const variance = this.span > 0 ? (this.squares / this.span) * spread : 0;
    return confidenceMin + confidenceTimes * Math.sqrt(variance);
  }
}
