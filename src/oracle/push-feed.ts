/**
 * A feed that is pushed to the chain (Chainlink): a round is sent when the source has moved by the deviation threshold from the last round
 * sent, or when the last round is a heartbeat old, and can be read a latency later. Several rounds may be on their way; they arrive in
 * order. Between rounds the reading stands still, so it is always somewhat wrong, and what is on its way is known before it counts.
 *
 *   send when |p − O| ≥ deviation · O  or  at − sent ≥ heartbeat        O: price of the last round sent
 *
 * The threshold is relative to O, as the field's is, not to the logarithm as in formula B6 (|ln P − ln O| ≥ d). The exits ln(1+d) and
 * ln(1−d) then lie at unequal distances, but their product, which alone sets the mean time between rounds of a driftless price, is d² up to
 * a relative 5d²/12: 10⁻⁵ for d = 0.5 %. Both rules look only when the source is observed, at ends of blocks or at price steps. Prices that
 * are none send nothing. The first round is readable at once: the feed is older than the run.
 */
import { definePart } from '../base/params.ts';
import type { Ms, Price, Ratio } from '../base/units.ts';
import { isPrice, NO_READING } from './no-reading.ts';
import type { Oracle, OracleNeeds, Reading } from './oracle.ts';

/** Thirty days; heartbeats in use are minutes to a day. */
const HEARTBEAT_MAX_MS = 30 * 86_400_000;
const LATENCY_MAX_MS = 86_400_000;
/** Rounds that the ring holds at first; it doubles. A power of two. */
const CAPACITY_MIN = 8;

export const pushFeed = definePart<OracleNeeds, Oracle>()({
  name: 'push-feed',
  summary: 'Rounds pushed on deviation or heartbeat, readable after a latency.',
  sources: ['smartcontractkit/documentation src/content/data-feeds/index.mdx (deviation threshold and heartbeat)'],
  params: {
    heartbeat: { kind: 'duration', range: [1, HEARTBEAT_MAX_MS], default: 3_600_000, doc: 'longest time between two rounds' },
    deviation: {
      kind: 'number',
      unit: 'ratio',
      range: [0, 1],
      default: 0.005,
      doc: 'relative move from the last round that sends another',
    },
    latency: { kind: 'duration', range: [0, LATENCY_MAX_MS], default: 0, doc: 'time from the observation until the round can be read' },
  },
  create: ({ heartbeat, deviation, latency }) => new Feed(heartbeat, deviation, latency),
});

/** Ring of the rounds that can still matter: the newest readable one and those on their way. */
class Feed implements Oracle {
  private readonly heartbeat: Ms;
  private readonly deviation: Ratio;
  private readonly latency: Ms;
  private prices = new Float64Array(CAPACITY_MIN);
  private sent = new Float64Array(CAPACITY_MIN);
  /** Rounds head … tail − 1, each at its number modulo the capacity. Round 0 is the first. */
  private head = 0;
  private tail = 0;

  constructor(heartbeat: Ms, deviation: Ratio, latency: Ms) {
    this.heartbeat = heartbeat;
    this.deviation = deviation;
    this.latency = latency;
  }

  observe(price: Price, at: Ms): void {
    if (!isPrice(price)) return;
    // Of several observations at one time the last counts: a round that an earlier one sent is taken back.
    if (this.tail > 0 && this.sent[this.slot(this.tail - 1)] === at) this.tail -= 1;
    if (this.tail > 0) {
      while (this.head + 1 < this.tail && this.publishedAt(this.head + 1) <= at) this.head += 1;
      const last = this.slot(this.tail - 1);
      const moved = Math.abs(price - this.prices[last]) >= this.deviation * this.prices[last];
      if (!moved && at - this.sent[last] < this.heartbeat) return;
    }
    if (this.tail - this.head === this.prices.length) this.grow();
    this.prices[this.slot(this.tail)] = price;
    this.sent[this.slot(this.tail)] = at;
    this.tail += 1;
  }

  read(now: Ms): Reading {
    if (this.tail === 0) return NO_READING;
    let round = this.head;
    while (round + 1 < this.tail && this.publishedAt(round + 1) <= now) round += 1;
    const slot = this.slot(round);
    return { price: this.prices[slot], observedAt: this.sent[slot], publishedAt: this.publishedAt(round), valid: true };
  }

  /** When the next round on its way arrives. */
  nextUpdate(now: Ms): Ms {
    for (let round = this.head; round < this.tail; round++) {
      if (this.publishedAt(round) > now) return this.publishedAt(round);
    }
    return Number.POSITIVE_INFINITY;
  }

  private publishedAt(round: number): Ms {
    return round === 0 ? this.sent[0] : this.sent[this.slot(round)] + this.latency;
  }

  private slot(round: number): number {
    return round & (this.prices.length - 1);
  }

  private grow(): void {
    const { prices, sent } = this;
    this.prices = new Float64Array(prices.length * 2);
    this.sent = new Float64Array(prices.length * 2);
    for (let round = this.head; round < this.tail; round++) {
      this.prices[this.slot(round)] = prices[round & (prices.length - 1)];
      this.sent[this.slot(round)] = sent[round & (prices.length - 1)];
    }
  }
}
