/**
 * Volume-weighted average price of a venue over a sliding window: what its trades paid, quote for base, fees included. Not valid while
 * nothing was traded in the window, and in a quiet market one who trades with himself writes it.
 *
 *   reading = Σ quote / Σ base over trades in blocks that ended in (now − W, now]
 */
import { definePart } from '../base/params.ts';
import type { Ms, Price } from '../base/units.ts';
import { History } from './history.ts';
import { NO_READING } from './no-reading.ts';
import type { Oracle, OracleNeeds, Reading, Traded } from './oracle.ts';

const WINDOW_MAX_MS = 30 * 86_400_000;

export const vwap = definePart<OracleNeeds, Oracle>()({
  name: 'vwap',
  summary: 'Volume-weighted average of a venue’s trades over a sliding window; not valid without trades.',
  sources: ['blog.chain.link, “TWAP vs. VWAP price algorithms” (the two averages and what each is for)'],
  requires: ['venue'],
  params: { window: { kind: 'duration', range: [1, WINDOW_MAX_MS], default: 1_800_000, doc: 'length of the window' } },
  create: ({ window }, { traded }) => new VolumeMean(window, traded),
});

class VolumeMean implements Oracle {
  private readonly window: Ms;
  private readonly traded: () => Traded;
  /** Sums of base and quote at ends of blocks. */
  private readonly sums = new History();
  /** End of the last block in which something was traded. */
  private tradedAt: Ms = Number.NaN;

  constructor(window: Ms, traded: () => Traded) {
    this.window = window;
    this.traded = traded;
  }

  observe(_price: Price, at: Ms): void {
    const { base, quote } = this.traded();
    const { newest, oldest } = this.sums;
    if (newest < oldest || base !== this.sums.firstOf(newest)) this.tradedAt = at;
    this.sums.add(at, base, quote);
    this.sums.forget(at - this.window);
  }

  read(now: Ms): Reading {
    const { newest, oldest } = this.sums;
    if (newest < oldest) return NO_READING;
    const from = Math.max(oldest, this.sums.find(now - this.window));
    const base = this.sums.firstOf(newest) - this.sums.firstOf(from);
    const quote = this.sums.secondOf(newest) - this.sums.secondOf(from);
    if (!(base > 0)) return NO_READING;
    return { price: quote / base, observedAt: this.tradedAt, publishedAt: this.tradedAt, valid: true };
  }

  nextUpdate(): Ms {
    return Number.POSITIVE_INFINITY;
  }
}
