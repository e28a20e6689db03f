/**
 * A time-weighted average with a fault that cost a lender about 15 million dollars in April 2022 (Inverse Finance): it stores an
 * observation at most once per `period`, and a reading is the mean *since the last stored one*. Just after a store that is the mean of a
 * single block, that is, the spot price; whoever moves the pool in the block of the store is believed in the next. When the next store is
 * due, anybody can read, the attacker too. In place of a keeper, the first end of a block at or after the due time stores.
 *
 *   reading(now) = (S(now) − S(stored)) / (now − stored)        at the instant of a store: since the one before
 *
 * The original reads the pool's sum as of the pool's last trade and waits for more than the period; here the sum always reaches to now, as
 * if the pool had been touched, which anybody can do. The first price is taken to have held before the start.
 */
import { definePart } from '../base/params.ts';
import type { Ms } from '../base/units.ts';
import { Cumulative, MEAN_PARAM, type Mean } from './cumulative.ts';
import { NO_READING } from './no-reading.ts';
import type { Oracle, OracleNeeds, Reading } from './oracle.ts';

/** Thirty days. */
const PERIOD_MAX_MS = 30 * 86_400_000;

export const twapSinceUpdate = definePart<OracleNeeds, Oracle>()({
  name: 'twap-since-update',
  summary: 'Average since the last stored observation: about spot just after a store (Keep3r, Inverse Finance, April 2022).',
  sources: [
    'keep3r-network/keep3r.network contracts/Keep3rV2OracleFactory.sol (Keep3rV2Oracle.current, periodSize 1800 s)',
    'www.certik.com/resources/blog/inverse-finance-02-april-2022',
  ],
  params: {
    period: { kind: 'duration', range: [1, PERIOD_MAX_MS], default: 1_800_000, doc: 'least time between two stored observations' },
    mean: MEAN_PARAM,
  },
  create: ({ period, mean }) => new MeanSinceUpdate(period, mean),
});

/** A stored observation: S(at) = high + low. */
interface Stored {
  at: Ms;
  high: number;
  low: number;
}

class MeanSinceUpdate implements Oracle {
  private readonly period: Ms;
  private readonly sum: Cumulative;
  private last: Stored = { at: Number.NaN, high: 0, low: 0 };
  private before: Stored = { at: Number.NaN, high: 0, low: 0 };

  constructor(period: Ms, mean: Mean) {
    this.period = period;
    this.sum = new Cumulative(mean);
  }

  observe(price: number, at: Ms): void {
    const first = !this.sum.started;
    if (!this.sum.observe(price, at) || (!first && at - this.last.at < this.period)) return;
    const stored = this.before;
    this.before = this.last;
    this.last = stored;
    stored.at = at;
    stored.high = this.sum.high;
    stored.low = this.sum.low;
  }

  read(now: Ms): Reading {
    if (!this.sum.started) return NO_READING;
    const observedAt = this.sum.observedAt(now);
    return { price: this.mean(now), observedAt, publishedAt: observedAt, valid: true };
  }

  /** When the next store is due. It happens at the first end of a block from then on; Infinity while that is overdue. */
  nextUpdate(now: Ms): Ms {
    const due = this.last.at + this.period;
    return due > now ? due : Number.POSITIVE_INFINITY;
  }

  private mean(now: Ms): number {
    const since = now > this.last.at ? this.last : this.before;
    if (since.at < now) return this.sum.meanSince(since.at, since.high, since.low, 0, now);
    // The very first instant: one millisecond of the first price, which held before.
    return this.sum.meanSince(now - 1, this.sum.high, this.sum.low, -this.sum.value, now);
  }
}
