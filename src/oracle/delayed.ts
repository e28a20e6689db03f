/**
 * Maker's oracle security module: at the first observation of every `hop` the price that was queued becomes the reading, and the price of
 * now is queued. So everybody knows for a hop what will be believed, keepers can prepare, governance can stop a wrong price; and a crash is
 * believed one to two hops late.
 *
 *   at ⌊at/hop⌋ > ⌊last/hop⌋:  current ← next,  next ← price
 */
import { definePart } from '../base/params.ts';
import type { Ms, Price } from '../base/units.ts';
import { isPrice, NO_READING } from './no-reading.ts';
import type { Oracle, OracleNeeds, Reading } from './oracle.ts';

const HOP_MAX_MS = 30 * 86_400_000;

export const delayed = definePart<OracleNeeds, Oracle>()({
  name: 'delayed',
  summary: 'The price of the hop before: believed an hour late, and known an hour ahead (Maker’s OSM).',
  sources: ['makerdao/osm src/osm.sol (poke: cur = nxt, nxt = peek; hop of one hour)'],
  params: { hop: { kind: 'duration', range: [1, HOP_MAX_MS], default: 3_600_000, doc: 'time from one price to the next' } },
  create: ({ hop }) => new Delayed(hop),
});

class Delayed implements Oracle {
  private readonly hop: Ms;
  private price: Price = Number.NaN;
  private observedAt: Ms = Number.NaN;
  private publishedAt: Ms = Number.NaN;
  private next: Price = Number.NaN;
  private nextAt: Ms = Number.NaN;

  constructor(hop: Ms) {
    this.hop = hop;
  }

  observe(price: Price, at: Ms): void {
    if (!isPrice(price)) return;
    if (Number.isNaN(this.nextAt)) {
      // The module is older than the run: what is queued was believed before.
      this.price = price;
      this.observedAt = at;
      this.publishedAt = at;
    } else if (at === this.nextAt) {
      if (this.observedAt === at) this.price = price;
    } else if (Math.floor(at / this.hop) > Math.floor(this.nextAt / this.hop)) {
      this.price = this.next;
      this.observedAt = this.nextAt;
      this.publishedAt = at;
    } else return;
    this.next = price;
    this.nextAt = at;
  }

  read(): Reading {
    if (Number.isNaN(this.nextAt)) return NO_READING;
    return { price: this.price, observedAt: this.observedAt, publishedAt: this.publishedAt, valid: true };
  }

  /** When the hop ends; the first observation from then on makes the change. Infinity while that is overdue. */
  nextUpdate(now: Ms): Ms {
    const due = (Math.floor(this.nextAt / this.hop) + 1) * this.hop;
    return due > now ? due : Number.POSITIVE_INFINITY;
  }
}
