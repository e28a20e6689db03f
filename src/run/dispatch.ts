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

export function createDispatch(site: DispatchSite): Dispatch {
  const { ledger, venues, protocols, fair, facts } = site;
  const scale = ledger.assets.scale;
  /** Made and unmade by protocols alone: the outside makes no market in them. */
  const receipts = new Set(protocols.flatMap((protocol) => protocol.receipts.map(({ asset }) => asset)));
  /** What the last action of the bundle brought: up to two assets. */
  let firstAsset: AssetId = -1;
  let firstUnits: Units = 0;
  let secondAsset: AssetId = -1;
  let secondUnits: Units = 0;
  /** Or shares of a pool. */
  let sharesVenue = -1;
  let sharesMade: Units = 0;

  const receive = (asset: AssetId, units: Units, other: AssetId = -1, otherUnits: Units = 0) => {
    firstAsset = asset;
    firstUnits = units;
    secondAsset = other;
    secondUnits = otherUnits;
    sharesVenue = -1;
  };

  /** Units of an amount of `asset` in the actor's wallet. 'max' is the wallet too, where no protocol says otherwise. */
  const units = (amount: Amount, asset: AssetId, actor: AccountId): Units => {
    if (typeof amount === 'number') return amount;
    if (amount !== 'received') return ledger.balance(actor, asset);
    if (asset === firstAsset) return firstUnits;
    return asset === secondAsset ? secondUnits : 0;
  };

  const swap = ({ venue: id, sell, amount }: Of<'swap'>, actor: AccountId): Rejection | undefined => {
    const venue = venues[id];
    const before = venue.price();
    const fill = venue.execute({ sell, amount: units(amount, sell, actor) }, actor);
    if (isRejection(fill)) return fill;
    receive(sell === venue.baseAsset ? venue.quoteAsset : venue.baseAsset, fill.bought);
    facts.report(
      'trade',
      actor,
      id,
      sell === venue.baseAsset ? fill.sold : -fill.bought,
      sell === venue.baseAsset ? -fill.bought : fill.sold,
      before,
      venue.price(),
    );
    return undefined;
  };

  const outsideTrade = ({ sell, buy, amount }: Of<'outside-trade'>, actor: AccountId): Rejection | undefined => {
    if (sell === buy) return reject('ASSET', { sell, buy });
    if (receipts.has(sell) || receipts.has(buy)) return reject('NOT_OUTSIDE', { sell, buy });
    const sold = units(amount, sell, actor);
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
    receive(buy, bought);
    facts.report('outside', actor, sell, sold, bought, buy, 0);
    return undefined;
  };

  const addLiquidity = ({ venue: id, base, quote }: Of<'add-liquidity'>, actor: AccountId): Rejection | undefined => {
    const venue = venues[id];
    const before = ledger.balance(venue.account, venue.baseAsset);
    const beforeQuote = ledger.balance(venue.account, venue.quoteAsset);
    const shares = venue.addLiquidity(actor, units(base, venue.baseAsset, actor), units(quote, venue.quoteAsset, actor));
    if (isRejection(shares)) return shares;
    const baseIn = ledger.balance(venue.account, venue.baseAsset) - before;
    facts.report('liquidity', actor, id, shares, baseIn, ledger.balance(venue.account, venue.quoteAsset) - beforeQuote, 0);
    receive(-1, 0);
    sharesVenue = id;
    sharesMade = shares;
    return undefined;
  };

  const sharesOf = (amount: Amount, id: number, actor: AccountId): Units => {
    if (typeof amount === 'number') return amount;
    if (amount !== 'received') return venues[id].sharesOf(actor);
    return id === sharesVenue ? sharesMade : 0;
  };

  const removeLiquidity = ({ venue: id, amount }: Of<'remove-liquidity'>, actor: AccountId): Rejection | undefined => {
    const venue = venues[id];
    const shares = sharesOf(amount, id, actor);
    const base = ledger.balance(actor, venue.baseAsset);
    const quote = ledger.balance(actor, venue.quoteAsset);
    const refusal = venue.removeLiquidity(actor, shares);
    if (refusal !== undefined) return refusal;
    receive(
      venue.baseAsset,
      ledger.balance(actor, venue.baseAsset) - base,
      venue.quoteAsset,
      ledger.balance(actor, venue.quoteAsset) - quote,
    );
    facts.report('liquidity', actor, id, -shares, -firstUnits, -secondUnits, 0);
    return undefined;
  };

  const wallet = (verb: WalletVerb, { protocol, asset, amount, sub }: Of<WalletVerb>, actor: AccountId): Rejection | undefined => {
    if (sub !== undefined && !isSub(sub)) return reject('SUB_NONE', { sub });
    const asked = amount === 'max' ? amount : units(amount, asset, actor);
    const done = protocols[protocol][verb](actor, asset, asked, site.now(), sub);
    if (isRejection(done)) return done;
    const brings = verb === 'redeem' || verb === 'withdraw' || verb === 'borrow';
    receive(brings ? asset : -1, brings ? done : 0);
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
    receive(-1, 0);
    return undefined;
  };

  const bid = ({ protocol: id, position, amount, lot }: Of<'bid'>, actor: AccountId): Rejection | undefined => {
    const target = positionIn(protocols[id], position);
    if (target < 0) return reject('POSITION_NONE', { position });
    if (typeof amount !== 'number' || typeof lot !== 'number') return reject('AMOUNT', { amount, lot });
    const made = protocols[id].bid(actor, target, amount, lot, site.now());
    if (isRejection(made)) return made;
    receive(-1, 0);
    return undefined;
  };

  const provide = ({ do: verb, protocol, asset, amount }: Of<'provide' | 'unprovide'>, actor: AccountId): Rejection | undefined => {
    const asked = verb === 'unprovide' && amount === 'max' ? amount : units(amount, asset, actor);
    const done =
      verb === 'provide'
        ? protocols[protocol].provide(actor, asset, asked as Units, site.now())
        : protocols[protocol].unprovide(actor, asset, asked, site.now());
    if (isRejection(done)) return done;
    receive(verb === 'unprovide' ? asset : -1, verb === 'unprovide' ? done : 0);
    return undefined;
  };

  const tradeContract = ({ protocol: id, contract, size, sub = 0 }: Of<'trade-contract'>, actor: AccountId): Rejection | undefined => {
    if (!isSub(sub)) return reject('SUB_NONE', { sub });
    const protocol = protocols[id];
    const asked = size === 'close' ? -protocol.sizeOf(protocol.positionOf(actor, sub), contract) : size;
    const fill = protocol.tradeContract(actor, contract, asked, site.now(), sub);
    if (isRejection(fill)) return fill;
    receive(-1, 0);
    return undefined;
  };

  const liquidate = ({ protocol: id, position, debt, collateral, amount }: Of<'liquidate'>, actor: AccountId): Rejection | undefined => {
    const protocol = protocols[id];
    const target = positionIn(protocol, position);
    if (target < 0) return reject('POSITION_NONE', { position });
    const asked = amount === 'max' ? amount : units(amount, debt, actor);
    const taken = protocol.liquidate(actor, target, debt, collateral, asked, site.now());
    if (isRejection(taken)) return taken;
    receive(collateral, taken.seized);
    return undefined;
  };

  const marginTrade = ({ protocol, venue: id, sell, margin, borrowed }: Of<'margin-trade'>, actor: AccountId): Rejection | undefined => {
    const venue = venues[id];
    const before = venue.price();
    // How much margin trade a protocol allows depends on the venue too: there is no `max` of it.
    if (borrowed === 'max') return reject('AMOUNT', { borrowed });
    const loan = units(borrowed, sell, actor);
    const fill = protocols[protocol].marginTrade(actor, venue, sell, units(margin, sell, actor), loan, site.now());
    if (isRejection(fill)) return fill;
    const selling = sell === venue.baseAsset;
    facts.report('trade', actor, id, selling ? fill.sold : -fill.bought, selling ? -fill.bought : fill.sold, before, venue.price());
    receive(-1, 0);
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

  return {
    begin: () => receive(-1, 0),
    execute(action, actor) {
      // The commonest action first, with the two ids it has.
      if (action.do === 'swap' && venues[action.venue] !== undefined && !unknown(action.sell)) return swap(action, actor);
      const refusal = missing(action);
      if (refusal !== undefined) return refusal;
      switch (action.do) {
        case 'swap':
          return swap(action, actor);
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
    },
  };
}
