/**
 * A central limit order book: price, then time, on a grid of ticks and lots. What an order offers is held by the venue until it is filled
 * or cancelled; makers are paid the moment they are met. A `swap` is a market order that takes what there is; a part of the amount that
 * buys no whole lot is not sold.
 *
 *   a lot at tick k costs k · s quote units          s = tick · lot in quote units, a whole number
 *
 * Fees are parts of what is received, rounded up, and stay in the venue's account as its own.
 */

import { column } from '../base/columns.ts';
import { mulDivUp } from '../base/exact.ts';
import { fault } from '../base/fault.ts';
import { definePart, type ParamsOf } from '../base/params.ts';
import { isRejection, type Rejection, reject } from '../base/rejection.ts';
import { type AccountId, type AssetId, type Price, UNITS_MAX, type Units } from '../base/units.ts';
import { OUTSIDE } from '../ledger/ledger.ts';
import type { Book, LimitOrder, Placed } from './book.ts';
import { BUY, Matching, SELL, type Side, TICKS_MAX } from './matching.ts';
import type { Claim, Fill, Order, Venue, VenueNeeds } from './venue.ts';

/** Fees are whole millionths. */
const FEE_DENOMINATOR = 1_000_000;
/** How near to a whole number of units a lot must come: floating point of the decimals alone. */
const WHOLE = 1e-6;

const params = {
  base: { kind: 'asset', doc: 'what is priced' },
  quote: { kind: 'asset', doc: 'what it is priced in' },
  tick: { kind: 'number', unit: 'quote/base', range: [1e-12, 1e12], doc: 'step of prices' },
  lot: { kind: 'number', unit: 'token', range: [1e-12, 1e12], doc: 'step of amounts, base tokens' },
  fee: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 0.1],
    default: 0.0005,
    doc: 'of what a taker receives; Binance and others take about as much',
  },
  makerFee: { kind: 'number', unit: 'ratio', range: [0, 0.1], default: 0, doc: 'of what a maker receives' },
} as const;

type Terms = ParamsOf<typeof params>;

export const orderBook = definePart<VenueNeeds, Venue>()({
  name: 'order-book',
  summary: 'Limit order book with price-time priority; its depth is what its makers leave in it.',
  sources: [
    'H. Luckock, "A steady-state model of the continuous double auction", Quantitative Finance 3 (2003) (the double auction)',
    'fasenderos/nodejs-order-book README.md (kinds of orders)',
  ],
  params,
  opening({ base, quote, tick, lot }: { base: string; quote: string; tick: number; lot: number }, { decimals }) {
    const grid = gridOf({ tick, lot }, decimals(base), decimals(quote));
    if (grid === 'lot') return [{ param: 'lot', found: String(lot), expected: `a whole number of units of ${base}` }];
    if (grid !== 'tick') return { base: 0, quote: 0 };
    return [{ param: 'tick', found: String(tick), expected: `tick · lot, ${tick * lot}, a whole number of units of ${quote}` }];
  },
  create: createBook,
});

/** Base units of a lot, and quote units of a lot at the first tick. */
export interface Grid {
  readonly lotUnits: Units;
  readonly stepUnits: Units;
}

/** The grid in units, or which parameter keeps it from being one. */
export function gridOf({ tick, lot }: { tick: number; lot: number }, baseDecimals: number, quoteDecimals: number): Grid | 'lot' | 'tick' {
  const lotUnits = lot * 10 ** baseDecimals;
  const stepUnits = tick * lot * 10 ** quoteDecimals;
  if (!isNearlyWhole(lotUnits)) return 'lot';
  if (!isNearlyWhole(stepUnits)) return 'tick';
  return { lotUnits: Math.round(lotUnits), stepUnits: Math.round(stepUnits) };
}

function isNearlyWhole(units: number): boolean {
  const whole = Math.round(units);
  return whole >= 1 && Math.abs(units - whole) <= WHOLE * whole;
}

const isAmount = (amount: Units) => amount > 0 && Number.isSafeInteger(amount);
const feeUp = (units: Units, millionths: number): Units => mulDivUp(units, millionths, FEE_DENOMINATOR);

function createBook(terms: Terms, { name, ledger, filled: tellMaker }: VenueNeeds): Venue {
  const { base: baseAsset, quote: quoteAsset, tick: tickSize, lot } = terms;
  const { decimals } = ledger.assets;
  const grid = gridOf(terms, decimals[baseAsset], decimals[quoteAsset]);
  if (typeof grid === 'string') return fault('BOOK_GRID', { name, tick: tickSize, lot, wrong: grid });
  const { lotUnits, stepUnits } = grid;
  const account = ledger.open(name, 'venue');
  const { journal } = ledger;
  const matching = new Matching(journal);
  const takerFee = Math.round(terms.fee * FEE_DENOMINATOR);
  const makerFee = Math.round(terms.makerFee * FEE_DENOMINATOR);
  /** Tick of the last trade, 0 before one. */
  const last = column(1);
  /** Everybody who ever placed an order; a bundle that fails may leave somebody who has none. */
  const makers = new Set<AccountId>();

  const priceOf = (tick: number): Price => tick * tickSize;
  const costOf = (tick: number, lots: number): Units => tick * stepUnits * lots;

  // --- taking: what would be got is known before anything moves -------------------------------------------------------------------------

  /** Of the walk in progress: lots, quote units, the worst tick, and lots that rest there. */
  let lots = 0;
  let quoteUnits = 0;
  let worst = -1;

  /** Walks up the asks with `budget` quote units, or down the bids with `most` lots, to `limit`. */
  function walk(side: Side, limit: number, most: number, budget: Units): void {
    lots = 0;
    quoteUnits = 0;
    worst = -1;
    let tick = side === BUY ? matching.bestAsk : matching.bestBid;
    const against: Side = side === BUY ? SELL : BUY;
    while (tick >= 0 && (side === BUY ? tick <= limit : tick >= limit) && lots < most) {
      const resting = matching.lotsAt(tick);
      const affordable = side === BUY ? Math.floor((budget - quoteUnits) / (tick * stepUnits)) : resting;
      const got = Math.min(resting, affordable, most - lots);
      if (got <= 0) return;
      lots += got;
      quoteUnits += costOf(tick, got);
      worst = tick;
      if (got < resting) return;
      tick = matching.beyond(against, tick);
    }
  }

  /** Whether an order of the taker rests at a price that the walk has reached, met or not: stricter than need be, and simple to foresee. */
  function meetsItself(taker: AccountId, side: Side): boolean {
    if (lots === 0) return false;
    for (let id = matching.nextOf(taker, 0); id !== 0; id = matching.nextOf(taker, id)) {
      const tick = matching.tickOf(id);
      if (matching.sideOf(id) !== side && (side === BUY ? tick <= worst : tick >= worst)) return true;
    }
    return false;
  }

  /** The walk as a fill. */
  function fillOf(side: Side): Fill {
    const gross = side === BUY ? lots * lotUnits : quoteUnits;
    return { sold: side === BUY ? quoteUnits : lots * lotUnits, bought: gross - feeUp(gross, takerFee) };
  }

  function quote({ sell, amount, outMin = 0 }: Order): Fill | Rejection {
    if (sell !== baseAsset && sell !== quoteAsset) return reject('VENUE_ASSET', { asset: sell });
    if (!isAmount(amount)) return reject('VENUE_AMOUNT', { amount });
    const side: Side = sell === quoteAsset ? BUY : SELL;
    if ((side === BUY ? matching.bestAsk : matching.bestBid) < 0) return reject('VENUE_EMPTY', { side });
    if (side === BUY) walk(BUY, TICKS_MAX, Number.POSITIVE_INFINITY, amount);
    else walk(SELL, 0, Math.floor(amount / lotUnits), 0);
    const fill = fillOf(side);
    if (!(fill.bought > 0)) return reject('VENUE_AMOUNT', { amount, bought: fill.bought });
    return fill.bought >= outMin ? fill : reject('VENUE_OUT_MIN', { bought: fill.bought, outMin });
  }

  function execute(order: Order, trader: AccountId): Fill | Rejection {
    const fill = quote(order);
    if (isRejection(fill)) return fill;
    const balance = ledger.balance(trader, order.sell);
    if (balance < order.amount && trader !== OUTSIDE) return reject('WALLET_SHORT', { asset: order.sell, balance, amount: order.amount });
    const side: Side = order.sell === quoteAsset ? BUY : SELL;
    if (meetsItself(trader, side)) return reject('BOOK_SELF', { asset: order.sell });
    settle(trader, side, fill);
    return fill;
  }

  /** Moves the money of the walk, order by order. */
  function settle(trader: AccountId, side: Side, { bought }: Fill): void {
    const [sells, buys] = side === BUY ? [quoteAsset, baseAsset] : [baseAsset, quoteAsset];
    matching.take(trader, side, worst, lots, (maker, tick, got) => {
      const base = got * lotUnits;
      const cost = costOf(tick, got);
      const paid = side === BUY ? cost : base;
      const fee = feeUp(paid, makerFee);
      ledger.transfer(trader, maker, sells, paid - fee);
      if (fee > 0) ledger.transfer(trader, account, sells, fee);
      // A maker buys what a taker sells.
      tellMaker?.(maker, side === BUY ? -base : base, side === BUY ? cost : -cost, priceOf(tick));
    });
    ledger.transfer(account, trader, buys, bought);
    journal.set(last, 0, worst);
  }

  // --- resting
  // ------------------------------------------------------------------------------------------------------------------------------

  function place({ sell, amount, price, kind }: LimitOrder, owner: AccountId): Placed | Rejection {
    if (sell !== baseAsset && sell !== quoteAsset) return reject('VENUE_ASSET', { asset: sell });
    if (!isAmount(amount)) return reject('VENUE_AMOUNT', { amount });
    const side: Side = sell === quoteAsset ? BUY : SELL;
    // A price of the grid is not exactly a multiple of the tick in binary.
    const exact = price / tickSize;
    const tick = Math.abs(exact - Math.round(exact)) < WHOLE ? Math.round(exact) : side === BUY ? Math.floor(exact) : Math.ceil(exact);
    if (!(tick >= 1 && tick < TICKS_MAX)) return reject('VENUE_PRICE', { price, priceMin: priceOf(1), priceMax: priceOf(TICKS_MAX - 1) });
    const most = Math.floor(amount / (side === BUY ? tick * stepUnits : lotUnits));
    if (most < 1) return reject('VENUE_AMOUNT', { amount, lots: most });
    const balance = ledger.balance(owner, sell);
    if (balance < amount) return reject('WALLET_SHORT', { asset: sell, balance, amount });
    if (kind === 'post-only' && matching.crosses(side, tick)) return reject('BOOK_CROSSES', { price: priceOf(tick) });
    walk(side, tick, most, Number.POSITIVE_INFINITY);
    if (meetsItself(owner, side)) return reject('BOOK_SELF', { asset: sell });
    const filled = fillOf(side);
    const got = lots;
    if (got > 0) settle(owner, side, filled);
    const rest = most - got;
    if (rest === 0 || kind === 'ioc') return { filled, order: 0 };
    ledger.transfer(owner, account, sell, side === BUY ? costOf(tick, rest) : rest * lotUnits);
    makers.add(owner);
    return { filled, order: matching.place(owner, side, tick, rest) };
  }

  function cancel(order: number, owner: AccountId): Rejection | undefined {
    if (matching.ownerOf(order) !== owner) return reject('BOOK_NONE', { order });
    const side = matching.sideOf(order);
    const tick = matching.tickOf(order);
    const left = matching.cancel(order);
    ledger.transfer(account, owner, side === BUY ? quoteAsset : baseAsset, side === BUY ? costOf(tick, left) : left * lotUnits);
    return undefined;
  }

  const book: Book = {
    tick: tickSize,
    lot,
    bestBid: () => (matching.bestBid < 0 ? Number.NaN : priceOf(matching.bestBid)),
    bestAsk: () => (matching.bestAsk < 0 ? Number.NaN : priceOf(matching.bestAsk)),
    restingAt: (price) => matching.lotsAt(Math.round(price / tickSize)) * lotUnits,
    ordersOf(owner, visit) {
      for (let id = matching.nextOf(owner, 0); id !== 0; ) {
        const next = matching.nextOf(owner, id);
        visit(id, matching.sideOf(id), priceOf(matching.tickOf(id)), matching.lotsOf(id) * lotUnits);
        id = next;
      }
    },
    place,
    cancel,
  };

  /** What an owner's resting orders hold. */
  function claimOf(owner: AccountId): Claim {
    let [base, quoted] = [0, 0];
    for (let id = matching.nextOf(owner, 0); id !== 0; id = matching.nextOf(owner, id)) {
      const left = matching.lotsOf(id);
      if (matching.sideOf(id) === BUY) quoted += costOf(matching.tickOf(id), left);
      else base += left * lotUnits;
    }
    return { base, quote: quoted };
  }

  /** Between bid and ask; with one side only that of the last trade, NaN before one. */
  function price(): Price {
    const { bestBid, bestAsk } = matching;
    if (bestBid >= 0 && bestAsk >= 0) return ((bestBid + bestAsk) / 2) * tickSize;
    return last.data[0] > 0 ? priceOf(last.data[0]) : Number.NaN;
  }

  /** What the orders up to the price would take: of base, bids at `limit` or above; of quote, asks at it or below. */
  function depth(sell: AssetId, limit: Price): Units {
    if (sell !== baseAsset && sell !== quoteAsset) return 0;
    const side: Side = sell === quoteAsset ? BUY : SELL;
    const exact = limit / tickSize;
    if (Number.isNaN(exact)) return 0;
    const tick = side === BUY ? Math.floor(Math.min(exact, TICKS_MAX) + WHOLE) : Math.ceil(Math.max(exact, 0) - WHOLE);
    walk(side, tick, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    return Math.min(UNITS_MAX, side === BUY ? quoteUnits : lots * lotUnits);
  }

  return {
    name,
    baseAsset,
    quoteAsset,
    account,
    fee: takerFee / FEE_DENOMINATOR,
    price,
    depth,
    quote,
    execute,
    shares: () => 0,
    sharesOf: () => 0,
    addLiquidity: () => reject('VENUE_NO_POOL', { venue: name }),
    removeLiquidity: () => reject('VENUE_NO_POOL', { venue: name }),
    claimOf,
    claims(visit) {
      for (const maker of makers) {
        const { base, quote: quoted } = claimOf(maker);
        if (base > 0) visit(maker, baseAsset, base);
        if (quoted > 0) visit(maker, quoteAsset, quoted);
      }
    },
    book,
  };
}
