/**
 * What each action does: one entry a verb, calling the venue or protocol that the action names. Amounts in words (`all`, `received`, `max`)
 * become units here, at the moment of execution. A verb answers with a refusal, or nothing.
 */
import type { Action, Amount, Verb } from '../agent/action.ts';
import { isRejection, type Rejection, reject } from '../base/rejection.ts';
import { type AccountId, type AssetId, type Ms, UNITS_MAX, type Units, type UsdPrice } from '../base/units.ts';
import { type Ledger, OUTSIDE } from '../ledger/ledger.ts';
import type { Venue } from '../market/venue.ts';
import { SUBS_MAX } from '../protocol/accounts.ts';
import type { Protocol } from '../protocol/protocol.ts';
import type { Facts } from './facts.ts';

export interface DispatchSite {
  readonly ledger: Ledger;
  readonly venues: readonly Venue[];
  readonly protocols: readonly Protocol[];
  readonly fair: ArrayLike<UsdPrice>;
  /** Part of the price lost on a trade at the outside. */
  readonly outsideSpread: number;
  readonly facts: Facts;
  now(): Ms;
}

export interface Dispatch {
  /** Forgets what earlier bundles received. */
  begin(): void;
  /** Performs one action for `actor`. */
  execute(action: Action, actor: AccountId): Rejection | undefined;
}

/** Verbs between a wallet and a protocol: same arguments, same answer. */
type WalletVerb = 'supply' | 'redeem' | 'deposit' | 'withdraw' | 'borrow' | 'repay';
/** Lots, which have higher numbers, are nobody's to act for. */
const isSub = (sub: number) => Number.isInteger(sub) && sub >= 0 && sub < SUBS_MAX;
type Of<V extends Verb> = Extract<Action, { do: V }>;

/** What the last action of a bundle brought. A class and not closures, as in `facts.ts`; likewise what swaps. */
class Received {
  /** Up to two assets. */
  firstAsset: AssetId = -1;
  firstUnits: Units = 0;
  secondAsset: AssetId = -1;
  secondUnits: Units = 0;
  /** Or shares of a pool. */
  sharesVenue = -1;
  sharesMade: Units = 0;
  private readonly ledger: Ledger;

  constructor(ledger: Ledger) {
    this.ledger = ledger;
  }

  take(asset: AssetId, units: Units, other: AssetId = -1, otherUnits: Units = 0): void {
    this.firstAsset = asset;
    this.firstUnits = units;
    this.secondAsset = other;
    this.secondUnits = otherUnits;
    this.sharesVenue = -1;
  }

  /** Units of an amount of `asset` in the actor's wallet. 'max' is the wallet too, where no protocol says otherwise. */
  units(amount: Amount, asset: AssetId, actor: AccountId): Units {
    if (typeof amount === 'number') return amount;
    if (amount !== 'received') return this.ledger.balance(actor, asset);
    if (asset === this.firstAsset) return this.firstUnits;
    return asset === this.secondAsset ? this.secondUnits : 0;
  }
}

function swapOn({ venues, facts }: DispatchSite, received: Received, action: Of<'swap'>, actor: AccountId): Rejection | undefined {
  const { venue: id, sell } = action;
  const venue = venues[id];
  const before = venue.price();
  const fill = venue.execute({ sell, amount: received.units(action.amount, sell, actor) }, actor);
  if (isRejection(fill)) return fill;
  const sellsBase = sell === venue.baseAsset;
  received.take(sellsBase ? venue.quoteAsset : venue.baseAsset, fill.bought);
  const [base, quote] = sellsBase ? [fill.sold, -fill.bought] : [-fill.bought, fill.sold];
  facts.report('trade', actor, id, base, quote, before, venue.price());
  return undefined;
}

class Dispatcher implements Dispatch {
  private readonly site: DispatchSite;
  private readonly received: Received;
  private readonly verbs: (action: Action, actor: AccountId) => Rejection | undefined;

  constructor(site: DispatchSite) {
    this.site = site;
    this.received = new Received(site.ledger);
    this.verbs = createVerbs(site, this.received);
  }

  begin(): void {
    this.received.take(-1, 0);
  }

  execute(action: Action, actor: AccountId): Rejection | undefined {
    const { site } = this;
    // The commonest action first, with the two ids it has.
    if (action.do === 'swap' && site.venues[action.venue] !== undefined && site.ledger.assets.scale[action.sell] !== undefined) {
      return swapOn(site, this.received, action, actor);
    }
    return this.verbs(action, actor);
  }
}

export function createDispatch(site: DispatchSite): Dispatch {
  return new Dispatcher(site);
}

/** Every verb but the commonest, as closures over the site. */
function createVerbs(site: DispatchSite, received: Received): (action: Action, actor: AccountId) => Rejection | undefined {
  const { ledger, venues, protocols, fair, facts } = site;
  const scale = ledger.assets.scale;
  /** Made and unmade by protocols and pools alone: the outside makes no market in them. */
  const receipts = new Set<AssetId | undefined>(protocols.flatMap((protocol) => protocol.receipts.map(({ asset }) => asset)));
  for (const { shareAsset } of venues) receipts.add(shareAsset);
  const placeOrder = ({ venue: id, sell, amount, price, kind }: Of<'place-order'>, actor: AccountId): Rejection | undefined => {
    const venue = venues[id];
    if (venue.book === undefined) return reject('VENUE_NO_BOOK', { venue: venue.name });
    const before = venue.price();
    const placed = venue.book.place({ sell, amount: received.units(amount, sell, actor), price, kind }, actor);
    if (isRejection(placed)) return placed;
    const { filled, order } = placed;
    const sells = sell === venue.baseAsset;
    received.take(sells ? venue.quoteAsset : venue.baseAsset, filled.bought);
    if (filled.sold > 0) {
      const [base, quote] = sells ? [filled.sold, -filled.bought] : [-filled.bought, filled.sold];
      facts.report('trade', actor, id, base, quote, before, venue.price());
    }
    if (order !== 0) facts.report('order', actor, id, sells ? -1 : 1, price, order, 0);
    return undefined;
  };

  const cancelOrder = ({ venue: id, order }: Of<'cancel-order'>, actor: AccountId): Rejection | undefined => {
    const { book, name } = venues[id];
    if (book === undefined) return reject('VENUE_NO_BOOK', { venue: name });
    received.take(-1, 0);
    if (order !== 'all') return book.cancel(order, actor);
    book.ordersOf(actor, (own) => book.cancel(own, actor));
    return undefined;
  };

  const outsideTrade = ({ sell, buy, amount }: Of<'outside-trade'>, actor: AccountId): Rejection | undefined => {
    if (sell === buy) return reject('ASSET', { sell, buy });
    if (receipts.has(sell) || receipts.has(buy)) return reject('NOT_OUTSIDE', { sell, buy });
    const sold = received.units(amount, sell, actor);
    const held = ledger.balance(actor, sell);
    if (!(Number.isInteger(sold) && sold > 0)) return reject('AMOUNT', { askedUnits: sold });
    if (sold > held) return reject('WALLET_SHORT', { askedUnits: sold, heldUnits: held });
    const worth = (sold / scale[sell]) * fair[sell] * (1 - site.outsideSpread);
    const bought = Math.floor((worth / fair[buy]) * scale[buy]);
    if (bought === 0) return reject('AMOUNT', { askedUnits: sold, boughtUnits: bought });
    // The outside owes what everybody holds of an asset, and the ledger counts up to 2^53.
    const room = UNITS_MAX + ledger.balance(OUTSIDE, buy);
    if (bought > room) return reject('OUTSIDE_LIMIT', { boughtUnits: bought, roomUnits: room });
    ledger.transfer(actor, OUTSIDE, sell, sold);
    ledger.transfer(OUTSIDE, actor, buy, bought);
    received.take(buy, bought);
    facts.report('outside', actor, sell, sold, bought, buy, 0);
    return undefined;
  };

  const addLiquidity = ({ venue: id, base, quote }: Of<'add-liquidity'>, actor: AccountId): Rejection | undefined => {
    const venue = venues[id];
    const before = ledger.balance(venue.account, venue.baseAsset);
    const beforeQuote = ledger.balance(venue.account, venue.quoteAsset);
    const shares = venue.addLiquidity(actor, received.units(base, venue.baseAsset, actor), received.units(quote, venue.quoteAsset, actor));
    if (isRejection(shares)) return shares;
    const baseIn = ledger.balance(venue.account, venue.baseAsset) - before;
    facts.report('liquidity', actor, id, shares, baseIn, ledger.balance(venue.account, venue.quoteAsset) - beforeQuote, 0);
    received.take(-1, 0);
    received.sharesVenue = id;
    received.sharesMade = shares;
    return undefined;
  };

  const addRange = ({ venue: id, base, quote, low, high }: Of<'add-range'>, actor: AccountId): Rejection | undefined => {
    const { ranges, name, baseAsset, quoteAsset } = venues[id];
    if (ranges === undefined) return reject('VENUE_NO_RANGES', { venue: name });
    const made = ranges.add(actor, low, high, received.units(base, baseAsset, actor), received.units(quote, quoteAsset, actor));
    if (isRejection(made)) return made;
    received.take(-1, 0);
    facts.report('liquidity', actor, id, made.liquidity, made.base, made.quote, made.range);
    return undefined;
  };

  const removeRange = ({ venue: id, range }: Of<'remove-range'>, actor: AccountId): Rejection | undefined => {
    const { ranges, name, baseAsset, quoteAsset } = venues[id];
    if (ranges === undefined) return reject('VENUE_NO_RANGES', { venue: name });
    const removed: number[] = [];
    if (range === 'all') ranges.rangesOf(actor, (own) => removed.push(own));
    else removed.push(range);
    const total = { base: 0, quote: 0 };
    for (const own of removed) {
      const amounts = ranges.remove(own, actor);
      if (isRejection(amounts)) return amounts;
      total.base += amounts.base;
      total.quote += amounts.quote;
      facts.report('liquidity', actor, id, -amounts.liquidity, -amounts.base, -amounts.quote, own);
    }
    received.take(baseAsset, total.base, quoteAsset, total.quote);
    return undefined;
  };

  const sharesOf = (amount: Amount, id: number, actor: AccountId): Units => {
    if (typeof amount === 'number') return amount;
    if (amount !== 'received') return venues[id].sharesOf(actor);
    return id === received.sharesVenue ? received.sharesMade : 0;
  };

  const removeLiquidity = ({ venue: id, amount }: Of<'remove-liquidity'>, actor: AccountId): Rejection | undefined => {
    const venue = venues[id];
    const shares = sharesOf(amount, id, actor);
    const base = ledger.balance(actor, venue.baseAsset);
    const quote = ledger.balance(actor, venue.quoteAsset);
    const refusal = venue.removeLiquidity(actor, shares);
    if (refusal !== undefined) return refusal;
    received.take(
      venue.baseAsset,
      ledger.balance(actor, venue.baseAsset) - base,
      venue.quoteAsset,
      ledger.balance(actor, venue.quoteAsset) - quote,
    );
    facts.report('liquidity', actor, id, -shares, -received.firstUnits, -received.secondUnits, 0);
    return undefined;
  };

  const wallet = (verb: WalletVerb, { protocol, asset, amount, sub }: Of<WalletVerb>, actor: AccountId): Rejection | undefined => {
    if (sub !== undefined && !isSub(sub)) return reject('SUB_NONE', { sub });
    const asked = amount === 'max' ? amount : received.units(amount, asset, actor);
    const done = protocols[protocol][verb](actor, asset, asked, site.now(), sub);
    if (isRejection(done)) return done;
    const brings = verb === 'redeem' || verb === 'withdraw' || verb === 'borrow';
    received.take(brings ? asset : -1, brings ? done : 0);
    return undefined;
  };

  /** A position by its number, or by its owner's name, `borrower/3` or `borrower/3#1` for a sub-account; −1 where there is none. */
  const positionIn = (protocol: Protocol, position: number | string): number => {
    if (typeof position === 'number') return position >= 0 && position < protocol.positions ? position : -1;
    const [owner, sub = '0'] = position.split('#');
    return protocol.positionOf(ledger.names.indexOf(owner), Number(sub));
  };

  const start = ({ protocol: id, position }: Of<'start-liquidation'>, actor: AccountId): Rejection | undefined => {
    const target = positionIn(protocols[id], position);
    if (target < 0) return reject('POSITION_NONE', { position });
    const started = protocols[id].startLiquidation(actor, target, site.now());
    if (isRejection(started)) return started;
    received.take(-1, 0);
    return undefined;
  };

  const bid = ({ protocol: id, position, amount, lot }: Of<'bid'>, actor: AccountId): Rejection | undefined => {
    const target = positionIn(protocols[id], position);
    if (target < 0) return reject('POSITION_NONE', { position });
    if (typeof amount !== 'number' || typeof lot !== 'number') return reject('AMOUNT', { amount, lot });
    const made = protocols[id].bid(actor, target, amount, lot, site.now());
    if (isRejection(made)) return made;
    received.take(-1, 0);
    return undefined;
  };

  const provide = ({ do: verb, protocol, asset, amount }: Of<'provide' | 'unprovide'>, actor: AccountId): Rejection | undefined => {
    const asked = verb === 'unprovide' && amount === 'max' ? amount : received.units(amount, asset, actor);
    const done =
      verb === 'provide'
        ? protocols[protocol].provide(actor, asset, asked as Units, site.now())
        : protocols[protocol].unprovide(actor, asset, asked, site.now());
    if (isRejection(done)) return done;
    received.take(verb === 'unprovide' ? asset : -1, verb === 'unprovide' ? done : 0);
    return undefined;
  };

  const tradeContract = ({ protocol: id, contract, size, sub = 0 }: Of<'trade-contract'>, actor: AccountId): Rejection | undefined => {
    if (!isSub(sub)) return reject('SUB_NONE', { sub });
    const protocol = protocols[id];
    const asked = size === 'close' ? -protocol.sizeOf(protocol.positionOf(actor, sub), contract) : size;
    const fill = protocol.tradeContract(actor, contract, asked, site.now(), sub);
    if (isRejection(fill)) return fill;
    received.take(-1, 0);
    return undefined;
  };

  const liquidate = ({ protocol: id, position, debt, collateral, amount }: Of<'liquidate'>, actor: AccountId): Rejection | undefined => {
    const protocol = protocols[id];
    const target = positionIn(protocol, position);
    if (target < 0) return reject('POSITION_NONE', { position });
    const asked = amount === 'max' ? amount : received.units(amount, debt, actor);
    const taken = protocol.liquidate(actor, target, debt, collateral, asked, site.now());
    if (isRejection(taken)) return taken;
    received.take(collateral, taken.seized);
    return undefined;
  };

  const marginTrade = ({ protocol, venue: id, sell, margin, borrowed }: Of<'margin-trade'>, actor: AccountId): Rejection | undefined => {
    const venue = venues[id];
    const before = venue.price();
    // How much margin trade a protocol allows depends on the venue too: there is no `max` of it.
    if (borrowed === 'max') return reject('AMOUNT', { borrowed });
    const loan = received.units(borrowed, sell, actor);
    const fill = protocols[protocol].marginTrade(actor, venue, sell, received.units(margin, sell, actor), loan, site.now());
    if (isRejection(fill)) return fill;
    const selling = sell === venue.baseAsset;
    facts.report('trade', actor, id, selling ? fill.sold : -fill.bought, selling ? -fill.bought : fill.sold, before, venue.price());
    received.take(-1, 0);
    return undefined;
  };

  const unknown = (asset: AssetId) => scale[asset] === undefined;

  /** What an action names that is not there: a number that no agent could have from its view. */
  const missing = (action: Action): Rejection | undefined => {
    if ('venue' in action && venues[action.venue] === undefined) return reject('VENUE_NONE', { venue: action.venue });
    if ('protocol' in action && protocols[action.protocol] === undefined) return reject('PROTOCOL_NONE', { protocol: action.protocol });
    if ('sell' in action && unknown(action.sell)) return reject('ASSET_NONE', { asset: action.sell });
    if ('buy' in action && unknown(action.buy)) return reject('ASSET_NONE', { asset: action.buy });
    if ('asset' in action && unknown(action.asset)) return reject('ASSET_NONE', { asset: action.asset });
    if (!('debt' in action)) return undefined;
    if (unknown(action.debt)) return reject('ASSET_NONE', { asset: action.debt });
    return unknown(action.collateral) ? reject('ASSET_NONE', { asset: action.collateral }) : undefined;
  };

  return (action, actor) => {
    const refusal = missing(action);
    if (refusal !== undefined) return refusal;
    switch (action.do) {
      case 'swap':
        return swapOn(site, received, action, actor);
      case 'place-order':
        return placeOrder(action, actor);
      case 'cancel-order':
        return cancelOrder(action, actor);
      case 'add-range':
        return addRange(action, actor);
      case 'remove-range':
        return removeRange(action, actor);
      case 'outside-trade':
        return outsideTrade(action, actor);
      case 'add-liquidity':
        return addLiquidity(action, actor);
      case 'remove-liquidity':
        return removeLiquidity(action, actor);
      case 'liquidate':
        return liquidate(action, actor);
      case 'margin-trade':
        return marginTrade(action, actor);
      case 'start-liquidation':
        return start(action, actor);
      case 'bid':
        return bid(action, actor);
      case 'provide':
      case 'unprovide':
        return provide(action, actor);
      case 'trade-contract':
        return tradeContract(action, actor);
      default:
        return wallet(action.do, action, actor);
    }
  };
}
