/**
 * What the trades of a venue tell of it: measures of order flow and of liquidity, learnt as they come and forgotten with a half-life. They
 * look at trades and at the price that a block leaves behind, at no reserve and no order, so that they mean the same on every venue.
 * Volumes are in quote tokens. All are NaN while there is nothing to learn from; nothing is kept for each trade.
 *
 *   imbalance        (B − S) / (B + S)                    bought and sold volumes, forgotten: −1 only sales … 1 only purchases
 *   illiquidity      mean of |r| / V over blocks with trades           r: log-return of a block, V: its volume; per quote token
 *   impact           cov(r, x) / var(x) over blocks                    x: bought less sold; Kyle’s λ of returns, per quote token
 *   effectiveSpread  mean of 2·d·(p − m)/m, by volume     d: 1 bought, −1 sold; p: price paid; m: price before the trade
 *   realisedSpread   mean of 2·d·(p − m')/m, by volume    m': price after `lag`: what is left to who stood on the other side
 *
 * @source  Y. Amihud, Journal of Financial Markets 5 (2002) 31-56; A. S. Kyle, Econometrica 53 (1985) 1315-1335; R. D. Huang, H. R. Stoll,
 *          Journal of Financial Economics 41 (1996) 313-357 (effective and realised spread)
 */
import { exp, log } from '../base/elementary.ts';
import type { ParamSchema } from '../base/params.ts';
import type { Ms, Price, Ratio, Tokens } from '../base/units.ts';

/** Thirty days. */
const LONG_MS = 30 * 86_400_000;

export const flowParams = {
  halfLife: { kind: 'duration', range: [1, LONG_MS], default: 3_600_000, doc: 'time in which what was learnt of a venue counts half' },
  lag: {
    kind: 'duration',
    range: [1, LONG_MS],
    default: 300_000,
    doc: 'from a trade to the price that its realised spread is measured against',
  },
} as const satisfies ParamSchema;

export interface FlowTerms {
  readonly halfLife: Ms;
  readonly lag: Ms;
  readonly blockTime: Ms;
}

/** What may be asked of a venue's flow. */
export interface FlowView {
  /** Bought and sold, forgotten, quote tokens. */
  readonly volume: Tokens;
  readonly imbalance: Ratio;
  /** Per quote token. */
  readonly illiquidity: number;
  /** Per quote token. */
  readonly impact: number;
  readonly effectiveSpread: Ratio;
  readonly realisedSpread: Ratio;
}

/** Sums of one block that wait for a later price: volume, Σ v·d·p/m and Σ v·d/m. */
const WAITING = 3;

export class Flow implements FlowView {
  private readonly keep: Ratio;
  /** Blocks from a trade to the price it is measured against. */
  private readonly lag: number;
  private readonly ring: Float64Array;
  private blocks = 0;
  private price = Number.NaN;
  /** Of the block being made. */
  private bought = 0;
  private sold = 0;
  private paid = 0;
  private signed = 0;
  /** Since the start, tokens. */
  private baseTotal = 0;
  private quoteTotal = 0;
  /** Forgotten sums. */
  private boughtSum = 0;
  private soldSum = 0;
  private illiquiditySum = 0;
  private traded = 0;
  private weight = 0;
  private x = 0;
  private xx = 0;
  private r = 0;
  private xr = 0;
  private effectiveSum = 0;
  private realisedSum = 0;
  private realisedVolume = 0;

  constructor({ halfLife, lag, blockTime }: FlowTerms) {
    this.keep = exp((-Math.LN2 * blockTime) / halfLife);
    this.lag = Math.max(1, Math.ceil(lag / blockTime));
    this.ring = new Float64Array(this.lag * WAITING);
  }

  /**
   * A trade that held.
   *
   * @param base    tokens that the trader got, negative where he sold
   * @param quote   tokens that he paid or got, > 0
   * @param before  price before the trade
   */
  trade(base: Tokens, quote: Tokens, before: Price): void {
    if (!(quote > 0 && before > 0) || base === 0) return;
    const side = base > 0 ? 1 : -1;
    this.baseTotal += base * side;
    this.quoteTotal += quote;
    if (base > 0) this.bought += quote;
    else this.sold += quote;
    this.paid += (quote * side * (quote / Math.abs(base))) / before;
    this.signed += (quote * side) / before;
  }

  /** The block is over, and left this price. */
  endBlock(price: Price): void {
    const volume = this.bought + this.sold;
    const net = this.bought - this.sold;
    const move = log(price / this.price);
    this.forget();
    this.boughtSum += this.bought;
    this.soldSum += this.sold;
    // Σ v·d·(p − m)/m, as the price before each trade is what each is measured against.
    this.effectiveSum += 2 * (this.paid - net);
    if (Number.isFinite(move)) {
      this.weight += 1;
      this.x += net;
      this.xx += net * net;
      this.r += move;
      this.xr += net * move;
      if (volume > 0) {
        this.traded += 1;
        this.illiquiditySum += Math.abs(move) / volume;
      }
    }
    if (price > 0) {
      this.realise(price, volume);
      this.price = price;
    }
    this.bought = 0;
    this.sold = 0;
    this.paid = 0;
    this.signed = 0;
  }

  /** What was exchanged since the start, in tokens, both sides counted as positive. */
  get total(): { readonly base: Tokens; readonly quote: Tokens } {
    return { base: this.baseTotal, quote: this.quoteTotal };
  }

  get volume(): Tokens {
    return this.boughtSum + this.soldSum;
  }

  get imbalance(): Ratio {
    return (this.boughtSum - this.soldSum) / this.volume;
  }

  get illiquidity(): number {
    return this.illiquiditySum / this.traded;
  }

  get impact(): number {
    const spread = this.xx - (this.x * this.x) / this.weight;
    // Of one block, or of flows that are all alike, no slope can be told.
    return spread > this.xx * 1e-12 ? (this.xr - (this.x * this.r) / this.weight) / spread : Number.NaN;
  }

  get effectiveSpread(): Ratio {
    return this.effectiveSum / this.volume;
  }

  get realisedSpread(): Ratio {
    return this.realisedSum / this.realisedVolume;
  }

  /** Measures the trades of `lag` blocks ago against this price, and lets those of this block wait. */
  private realise(price: Price, volume: number): void {
    const { ring } = this;
    const slot = (this.blocks % this.lag) * WAITING;
    if (this.blocks >= this.lag) {
      this.realisedVolume += ring[slot];
      this.realisedSum += 2 * (ring[slot + 1] - price * ring[slot + 2]);
    }
    ring[slot] = volume;
    ring[slot + 1] = this.paid;
    ring[slot + 2] = this.signed;
    this.blocks += 1;
  }

  private forget(): void {
    const { keep } = this;
    this.boughtSum *= keep;
    this.soldSum *= keep;
    this.effectiveSum *= keep;
    this.illiquiditySum *= keep;
    this.traded *= keep;
    this.weight *= keep;
    this.x *= keep;
    this.xx *= keep;
    this.r *= keep;
    this.xr *= keep;
    this.realisedSum *= keep;
    this.realisedVolume *= keep;
  }
}
