/**
 * An exponential moving average of end-of-block prices in continuous time, each holding until the next: the price of Curve's oracles. It
 * needs no history, and the past never quite leaves it.
 *
 *   E(t) = p + (E(t₀) − p)·2^(−(t − t₀)/h)          p: the price since t₀, h: half-life
 *
 * A price set and taken back within one block has no weight. After a jump that stays, half of it is believed after h. Prices that are none
 * are passed over: the last one holds.
 */
import { exp, expm1, log } from '../base/elementary.ts';
import { definePart } from '../base/params.ts';
import type { Ms, Price } from '../base/units.ts';
import { MEAN_PARAM, type Mean } from './cumulative.ts';
import { isPrice, NO_READING } from './no-reading.ts';
import type { Oracle, OracleNeeds, Reading } from './oracle.ts';

const HALF_LIFE_MAX_MS = 30 * 86_400_000;

export const ema = definePart<OracleNeeds, Oracle>()({
  name: 'ema',
  summary: 'Exponential moving average of end-of-block prices (Curve’s price oracle).',
  sources: ['curvefi/tricrypto-ng contracts/main/CurveTricryptoOptimizedWETH.vy (price_oracle, ma_time = 866 s: a half-life of 600 s)'],
  params: {
    halfLife: {
      kind: 'duration',
      range: [1, HALF_LIFE_MAX_MS],
      default: 600_000,
      doc: 'time after which half of a jump is believed; Curve’s crypto pools use 10 min',
    },
    mean: MEAN_PARAM,
  },
  create: ({ halfLife, mean }) => new Ema(halfLife, mean),
});

class Ema implements Oracle {
  private readonly halfLife: Ms;
  private readonly geometric: boolean;
  /** Average at `since`, and the value (price or its logarithm) that holds from then on. */
  private average = Number.NaN;
  private value = Number.NaN;
  private since: Ms = Number.NaN;
  /** Time of the observation before the newest, whose price has a weight in a reading at `since`. */
  private before: Ms = Number.NaN;

  constructor(halfLife: Ms, mean: Mean) {
    this.halfLife = halfLife;
    this.geometric = mean === 'geometric';
  }

  observe(price: Price, at: Ms): void {
    if (!isPrice(price)) return;
    const value = this.geometric ? log(price) : price;
    if (Number.isNaN(this.since)) {
      // The first price held before the start.
      this.average = value;
      this.before = at;
    } else if (at > this.since) {
      this.average = this.at(at);
      this.before = this.since;
    } else if (this.before === at) this.average = value;
    this.value = value;
    this.since = at;
  }

  read(now: Ms): Reading {
    if (Number.isNaN(this.since)) return NO_READING;
    const observedAt = now > this.since ? this.since : this.before;
    const average = this.at(now);
    return { price: this.geometric ? exp(average) : average, observedAt, publishedAt: observedAt, valid: true };
  }

  nextUpdate(): Ms {
    return Number.POSITIVE_INFINITY;
  }

  private at(now: Ms): number {
    const passed = (-Math.LN2 * (now - this.since)) / this.halfLife;
    // Two weights and not a difference: prices may be powers of ten apart.
    return this.average * exp(passed) - this.value * expm1(passed);
  }
}
