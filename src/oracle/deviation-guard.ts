/**
 * Its source while that does not jump: a price too far from the last one accepted makes the reading not valid, until the source comes back
 * or has stayed away for `patience`. It stops one bad report, and in a crash it is what stops liquidations.
 *
 *   accepted when |p/A − 1| ≤ deviation  or  at − accepted ≥ patience          A: the price accepted last
 */
import { definePart } from '../base/params.ts';
import type { Ms, Price, Ratio } from '../base/units.ts';
import { isPrice, NO_READING } from './no-reading.ts';
import type { Oracle, OracleNeeds, Reading } from './oracle.ts';

const PATIENCE_MAX_MS = 30 * 86_400_000;

export const deviationGuard = definePart<OracleNeeds, Oracle>()({
  name: 'deviation-guard',
  summary: 'Its source, not valid after a jump until the new level has stood for a while.',
  sources: ['liquity/dev packages/contracts/contracts/PriceFeed.sol (MAX_PRICE_DEVIATION_FROM_PREVIOUS_ROUND, 50 %)'],
  params: {
    deviation: {
      kind: 'number',
      unit: 'ratio',
      range: [0, 10],
      default: 0.5,
      doc: 'largest relative move from the price accepted last; Liquity’s',
    },
    patience: {
      kind: 'duration',
      range: [0, PATIENCE_MAX_MS],
      default: 3_600_000,
      doc: 'how long the price accepted last must be gone for another to be accepted all the same',
    },
  },
  create: ({ deviation, patience }) => new Guard(deviation, patience),
});

class Guard implements Oracle {
  private readonly deviation: Ratio;
  private readonly patience: Ms;
  private accepted: Price = Number.NaN;
  private acceptedAt: Ms = Number.NaN;
  /** Before the observation in progress, so that a second one at the same time is judged as the first was. */
  private before: Price = Number.NaN;
  private beforeAt: Ms = Number.NaN;
  private at: Ms = Number.NaN;
  private trusted = false;

  constructor(deviation: Ratio, patience: Ms) {
    this.deviation = deviation;
    this.patience = patience;
  }

  observe(price: Price, at: Ms): void {
    if (!isPrice(price)) return;
    if (at !== this.at) {
      this.before = this.accepted;
      this.beforeAt = this.acceptedAt;
      this.at = at;
    }
    const near = !(Math.abs(price / this.before - 1) > this.deviation);
    this.trusted = near || at - this.beforeAt >= this.patience;
    this.accepted = this.trusted ? price : this.before;
    this.acceptedAt = this.trusted ? at : this.beforeAt;
  }

  read(): Reading {
    if (!this.trusted) return NO_READING;
    return { price: this.accepted, observedAt: this.acceptedAt, publishedAt: this.acceptedAt, valid: true };
  }

  nextUpdate(): Ms {
    return Number.POSITIVE_INFINITY;
  }
}
