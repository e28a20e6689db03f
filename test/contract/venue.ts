/** What every venue promises, whatever its curve. `make` builds one with these reserves (units) on a fresh ledger of two assets. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRejection } from '../../src/base/rejection.ts';
import type { AccountId, AssetId, Units } from '../../src/base/units.ts';
import { type Ledger, OUTSIDE } from '../../src/ledger/ledger.ts';
import type { Fill, Venue } from '../../src/market/venue.ts';

export interface VenueUnderTest {
  readonly ledger: Ledger;
  readonly venue: Venue;
}

/** One thing that Mallory may do: `share` is the part of what she could spend, in millionths. */
interface Move {
  readonly kind: 'sell-base' | 'sell-quote' | 'add' | 'remove';
  readonly share: number;
}

const MILLION = 1_000_000;
/** Units; what each trader begins with. A prime, so that parts of it are not round and rounding has something to do. */
const PURSE = 999_999_999_989;

const reserves = fc.record({ base: fc.integer({ min: 1_000, max: 1e12 }), quote: fc.integer({ min: 1_000, max: 1e12 }) });
const share = fc.oneof(fc.integer({ min: 1, max: MILLION }), fc.integer({ min: 1, max: 100 }));
const trade: fc.Arbitrary<Move> = fc.record({ kind: fc.constantFrom('sell-base', 'sell-quote'), share });
const move: fc.Arbitrary<Move> = fc.record({ kind: fc.constantFrom('sell-base', 'sell-quote', 'add', 'remove'), share });

export interface VenueTraits {
  /** Whether its liquidity is in shares. */
  readonly pool?: boolean;
  /** Whether its price is a curve; otherwise it goes in steps. As `pool` unless said. */
  readonly curve?: boolean;
  /** Its fee is a part of what is bought and stays in that reserve, where the next part of a sale can buy some of it. */
  readonly feeOnOutput?: boolean;
}

export function venueContract(
  name: string,
  make: (reserves: { base: Units; quote: Units }) => VenueUnderTest,
  { pool = true, curve = pool, feeOnOutput = false }: VenueTraits = {},
): void {
  describe(`${name} as a venue`, () => {
    const open = (base: Units, quote: Units): VenueUnderTest & { mallory: AccountId } => {
      const made = make({ base, quote });
      return { ...made, mallory: trader(made, 'mallory') };
    };

    describe('trading', () => tradingContract(open, feeOnOutput));
    describe('refusals', () => refusalContract(open));
    describe('depth', () => depthContract(open, curve));
    if (pool) describe('liquidity', () => liquidityContract(open));
    describe('bundles', () => bundleContract(open));
  });
}

type Open = (base: Units, quote: Units) => VenueUnderTest & { mallory: AccountId };

function tradingContract(open: Open, feeOnOutput: boolean): void {
  it('VENUE-1 a quote equals the execution that follows it, and a quote changes nothing', () => {
    fc.assert(
      fc.property(reserves, fc.array(trade, { minLength: 1, maxLength: 12, size: 'max' }), ({ base, quote }, trades) => {
        const { ledger, venue, mallory } = open(base, quote);
        for (const { kind, share } of trades) {
          const [sell, buy] = kind === 'sell-base' ? [venue.baseAsset, venue.quoteAsset] : [venue.quoteAsset, venue.baseAsset];
          const order = { sell, amount: part(ledger.balance(mallory, sell), share) };
          const before = snapshot(ledger, venue);
          const quoted = venue.quote(order);
          expect(snapshot(ledger, venue)).toEqual(before);
          const [soldFrom, boughtFrom] = [ledger.balance(mallory, sell), ledger.balance(mallory, buy)];
          expect(venue.execute(order, mallory)).toEqual(quoted);
          if (isRejection(quoted)) expect(snapshot(ledger, venue)).toEqual(before);
          else {
            expect(soldFrom - ledger.balance(mallory, sell)).toBe(quoted.sold);
            expect(ledger.balance(mallory, buy) - boughtFrom).toBe(quoted.bought);
          }
          expect([ledger.total(sell), ledger.total(buy)]).toEqual([0, 0]);
        }
      }),
    );
  });

  it('VENUE-2 a round trip never gains', () => {
    fc.assert(
      fc.property(reserves, trade, ({ base, quote }, { kind, share }) => {
        const { ledger, venue, mallory } = open(base, quote);
        const [sell, buy] = kind === 'sell-base' ? [venue.baseAsset, venue.quoteAsset] : [venue.quoteAsset, venue.baseAsset];
        const there = venue.execute({ sell, amount: part(PURSE, share) }, mallory);
        if (isRejection(there)) return;
        const back = venue.execute({ sell: buy, amount: there.bought }, mallory);
        expect(isRejection(back) ? 0 : back.bought).toBeLessThanOrEqual(there.sold);
        expect(ledger.balance(mallory, sell)).toBeLessThanOrEqual(PURSE);
      }),
    );
  });

  it('no sequence of trades of one trader ends with no less of both assets and more of one', () => {
    fc.assert(
      fc.property(reserves, fc.array(trade, { minLength: 2, maxLength: 20, size: 'max' }), ({ base, quote }, trades) => {
        const { ledger, venue, mallory } = open(base, quote);
        for (const step of trades) {
          perform(step, ledger, venue, mallory);
          const gained = gain(ledger, venue, mallory);
          expect(gained.base > 0 && gained.quote >= 0).toBe(false);
          expect(gained.base >= 0 && gained.quote > 0).toBe(false);
        }
      }),
    );
  });

  it('at one instant, a sale in two parts never buys more than the sale in one', () => {
    fc.assert(
      fc.property(reserves, trade, fc.integer({ min: 1, max: MILLION - 1 }), ({ base, quote }, { kind, share }, cut) => {
        const whole = open(base, quote);
        const parts = open(base, quote);
        const sell = kind === 'sell-base' ? whole.venue.baseAsset : whole.venue.quoteAsset;
        const amount = part(PURSE, share);
        const first = part(amount, cut);
        const once = bought(whole.venue.execute({ sell, amount }, whole.mallory));
        const twice =
          bought(parts.venue.execute({ sell, amount: first }, parts.mallory)) +
          bought(parts.venue.execute({ sell, amount: amount - first }, parts.mallory));
        expect(twice).toBeLessThanOrEqual(feeOnOutput ? once + Math.ceil(once * whole.venue.fee) : once);
      }),
    );
  });

  it('the average price of a sale is never better than the marginal price before it, less the fee', () => {
    fc.assert(
      fc.property(reserves, trade, ({ base, quote }, { kind, share }) => {
        const { ledger, venue } = open(base, quote);
        const { scale } = ledger.assets;
        const sell = kind === 'sell-base' ? venue.baseAsset : venue.quoteAsset;
        const fill = venue.quote({ sell, amount: part(PURSE, share) });
        if (isRejection(fill)) return;
        const price = venue.price() * (scale[venue.quoteAsset] / scale[venue.baseAsset]);
        const paid = kind === 'sell-base' ? fill.bought / fill.sold : fill.sold / fill.bought;
        // Prices are ratios of float64: compared up to 2^-50.
        expect((kind === 'sell-base' ? paid / price : price / paid) <= (1 - venue.fee) * (1 + 2 ** -50)).toBe(true);
      }),
    );
  });
}

/** VENUE-3: a refusal leaves everything as it was, without an undo log. A lone trade is therefore made without one. */
function refusalContract(open: Open): void {
  it('VENUE-3 whatever is refused has changed nothing, by no journal', () => {
    fc.assert(
      fc.property(reserves, trade, fc.integer({ min: 0, max: 2 }), ({ base, quote }, { kind, share }, fault) => {
        const { ledger, venue, mallory } = open(base, quote);
        const sell = kind === 'sell-base' ? venue.baseAsset : venue.quoteAsset;
        const amount = part(PURSE, share);
        const orders = [
          { sell, amount: PURSE + amount },
          { sell, amount, outMin: Number.MAX_SAFE_INTEGER },
          { sell, amount: amount + 0.5 },
        ];
        const before = snapshot(ledger, venue);
        expect(isRejection(venue.execute(orders[fault], mallory))).toBe(true);
        expect(snapshot(ledger, venue)).toEqual(before);
      }),
    );
  });

  it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses to sell %d units', (amount) => {
    const { ledger, venue, mallory } = open(1e9, 1e9);
    const before = snapshot(ledger, venue);
    expect(venue.quote({ sell: venue.baseAsset, amount })).toMatchObject({ rejected: 'VENUE_AMOUNT' });
    expect(venue.execute({ sell: venue.quoteAsset, amount }, mallory)).toMatchObject({ rejected: 'VENUE_AMOUNT' });
    expect(snapshot(ledger, venue)).toEqual(before);
  });

  it('refuses an asset that it does not trade', () => {
    const { venue, mallory } = open(1e9, 1e9);
    expect(venue.execute({ sell: 2, amount: 1_000 }, mallory)).toMatchObject({ rejected: 'VENUE_ASSET' });
  });

  it('refuses to pay less than the trader asked for, and pays exactly that when it can', () => {
    const { ledger, venue, mallory } = open(1e9, 1e9);
    const order = { sell: venue.baseAsset, amount: 1_000_000 };
    const { bought } = venue.quote(order) as Fill;
    const before = snapshot(ledger, venue);
    expect(venue.execute({ ...order, outMin: bought + 1 }, mallory)).toMatchObject({ rejected: 'VENUE_OUT_MIN' });
    expect(snapshot(ledger, venue)).toEqual(before);
    expect(venue.execute({ ...order, outMin: bought }, mallory)).toMatchObject({ bought });
  });

  it('refuses a trader who has less than the order sells', () => {
    const { ledger, venue, mallory } = open(1e9, 1e9);
    const before = snapshot(ledger, venue);
    expect(venue.execute({ sell: venue.baseAsset, amount: PURSE + 1 }, mallory)).toMatchObject({ rejected: 'WALLET_SHORT' });
    expect(snapshot(ledger, venue)).toEqual(before);
  });

  it('has no price and no trade while it is empty', () => {
    const { venue, mallory } = open(0, 0);
    expect(venue.price()).toBeNaN();
    expect(venue.depth(venue.baseAsset, 0)).toBe(0);
    expect(venue.depth(venue.quoteAsset, Number.POSITIVE_INFINITY)).toBe(0);
    expect(venue.execute({ sell: venue.baseAsset, amount: 1_000 }, mallory)).toMatchObject({ rejected: 'VENUE_EMPTY' });
  });
}

function depthContract(open: Open, curve: boolean): void {
  /** Of curves alone. */
  const law: (name: string, body: () => void) => void = curve ? it : () => undefined;
  /** How far from the price the limit lies. */
  const distance = fc.double({ min: 1.0001, max: 50, noNaN: true });

  law('selling the depth does not pass the worst price, and selling a little more does', () => {
    const large = fc.record({ base: fc.integer({ min: 1e9, max: 1e12 }), quote: fc.integer({ min: 1e9, max: 1e12 }) });
    fc.assert(
      fc.property(large, distance, fc.boolean(), ({ base, quote }, times, sellsBase) => {
        const price = open(base, quote).venue.price();
        const worst = sellsBase ? price / times : price * times;
        const beyond = (more: Units): boolean => {
          const { ledger, venue, mallory } = open(base, quote);
          const sell = sellsBase ? venue.baseAsset : venue.quoteAsset;
          const amount = venue.depth(sell, worst) + more;
          ledger.transfer(OUTSIDE, mallory, sell, amount);
          venue.execute({ sell, amount }, mallory);
          return sellsBase ? venue.price() < worst : venue.price() > worst;
        };
        expect(beyond(0)).toBe(false);
        // A few units in a thousand million: the rounding of what is bought.
        expect(beyond(Math.ceil((sellsBase ? base : quote) * 1e-6))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is nothing when the price is already there or beyond, or for an asset that is not traded', () => {
    const { venue } = open(3e9, 1e9);
    const price = venue.price();
    expect([venue.depth(venue.baseAsset, price), venue.depth(venue.baseAsset, price * 1.1)]).toEqual([0, 0]);
    expect([venue.depth(venue.quoteAsset, price), venue.depth(venue.quoteAsset, price * 0.9)]).toEqual([0, 0]);
    expect([venue.depth(2, price * 0.5), venue.depth(2, price * 2), venue.depth(venue.baseAsset, Number.NaN)]).toEqual([0, 0, 0]);
  });

  it('never shrinks when the limit moves away', () => {
    fc.assert(
      fc.property(reserves, distance, distance, ({ base, quote }, a, b) => {
        const { venue } = open(base, quote);
        const price = venue.price();
        const [near, far] = a < b ? [a, b] : [b, a];
        expect(venue.depth(venue.baseAsset, price / far)).toBeGreaterThanOrEqual(venue.depth(venue.baseAsset, price / near));
        expect(venue.depth(venue.quoteAsset, price * far)).toBeGreaterThanOrEqual(venue.depth(venue.quoteAsset, price * near));
      }),
    );
  });
}

function liquidityContract(open: Open): void {
  it('adding liquidity and taking it out again never gains of either asset', () => {
    fc.assert(
      fc.property(reserves, share, share, ({ base, quote }, baseShare, quoteShare) => {
        const { ledger, venue, mallory } = open(base, quote);
        const made = venue.addLiquidity(mallory, part(PURSE, baseShare), part(PURSE, quoteShare));
        if (isRejection(made)) return;
        expect(venue.sharesOf(mallory)).toBe(made);
        const gained = gain(ledger, venue, mallory);
        expect(Math.max(gained.base, gained.quote)).toBeLessThanOrEqual(0);
        venue.removeLiquidity(mallory, made);
        expect(ledger.balance(mallory, venue.baseAsset)).toBeLessThanOrEqual(PURSE);
        expect(ledger.balance(mallory, venue.quoteAsset)).toBeLessThanOrEqual(PURSE);
      }),
    );
  });

  it('no mixture of one party’s trades and deposits ends with no less of both assets and more of one', () => {
    fc.assert(
      fc.property(reserves, fc.array(move, { minLength: 2, maxLength: 20, size: 'max' }), ({ base, quote }, moves) => {
        const { ledger, venue, mallory } = open(base, quote);
        for (const step of moves) {
          perform(step, ledger, venue, mallory);
          const gained = gain(ledger, venue, mallory);
          expect(gained.base > 0 && gained.quote >= 0).toBe(false);
          expect(gained.base >= 0 && gained.quote > 0).toBe(false);
        }
      }),
    );
  });

  it('the claims of all providers never exceed the reserves, and shares add up', () => {
    fc.assert(
      fc.property(reserves, fc.array(move, { maxLength: 20, size: 'max' }), ({ base, quote }, moves) => {
        const { ledger, venue, mallory } = open(base, quote);
        const betty = trader({ ledger, venue }, 'betty');
        for (const [index, step] of moves.entries()) perform(step, ledger, venue, index % 2 === 0 ? mallory : betty);
        const claimed = new Map<AssetId, Units>();
        let shares = 0;
        venue.claims((_provider, asset, units) => void claimed.set(asset, (claimed.get(asset) ?? 0) + units));
        for (let account = 0; account < ledger.accounts; account++) shares += venue.sharesOf(account);
        expect(shares).toBe(venue.shares());
        for (const [asset, units] of claimed) expect(units).toBeLessThanOrEqual(ledger.balance(venue.account, asset));
      }),
    );
  });

  it('refuses to burn shares that the provider does not have, and amounts that are none', () => {
    const { ledger, venue, mallory } = open(1e9, 1e9);
    const before = snapshot(ledger, venue);
    expect(venue.removeLiquidity(mallory, 1)).toMatchObject({ rejected: 'SHARES_SHORT' });
    expect(venue.removeLiquidity(mallory, 0)).toMatchObject({ rejected: 'VENUE_AMOUNT' });
    expect(venue.addLiquidity(mallory, 0, 1_000)).toMatchObject({ rejected: 'VENUE_AMOUNT' });
    expect(venue.addLiquidity(mallory, 1_000, 0.5)).toMatchObject({ rejected: 'VENUE_AMOUNT' });
    expect(venue.addLiquidity(mallory, PURSE * 2, PURSE * 2)).toMatchObject({ rejected: 'WALLET_SHORT' });
    expect(snapshot(ledger, venue)).toEqual(before);
  });
}

function bundleContract(open: Open): void {
  it('what a provider claims is the sum of its claims', () => {
    fc.assert(
      fc.property(reserves, fc.array(move, { maxLength: 10, size: 'max' }), ({ base, quote }, moves) => {
        const { ledger, venue, mallory } = open(base, quote);
        for (const step of moves) perform(step, ledger, venue, mallory);
        for (let account = 0; account < ledger.accounts; account++) {
          const sum = { base: 0, quote: 0 };
          venue.claims((provider, asset, units) => {
            if (provider === account) sum[asset === venue.baseAsset ? 'base' : 'quote'] += units;
          });
          // Shares that are an asset are claims by themselves; the reserves stand behind all of them, where they are made.
          const whole = { base: ledger.balance(venue.account, venue.baseAsset), quote: ledger.balance(venue.account, venue.quoteAsset) };
          const none = { base: 0, quote: 0 };
          const behind = account === OUTSIDE && venue.shares() > 0 ? whole : none;
          expect(sum).toEqual(venue.shareAsset === undefined ? venue.claimOf(account) : behind);
        }
      }),
    );
  });

  it('BUNDLE-1 undoing a bundle restores balances, shares and price, whatever was done in it', () => {
    fc.assert(
      fc.property(
        reserves,
        fc.array(move, { maxLength: 6, size: 'max' }),
        fc.array(move, { minLength: 1, maxLength: 12 }),
        (pool, kept, undone) => {
          const { ledger, venue, mallory } = open(pool.base, pool.quote);
          for (const step of kept) perform(step, ledger, venue, mallory);
          const before = snapshot(ledger, venue);
          ledger.journal.begin();
          for (const step of undone) perform(step, ledger, venue, mallory);
          ledger.journal.undo();
          expect(snapshot(ledger, venue)).toEqual(before);
        },
      ),
    );
  });
}

function trader({ ledger, venue }: VenueUnderTest, name: string): AccountId {
  const account = ledger.open(name, 'trader');
  ledger.transfer(OUTSIDE, account, venue.baseAsset, PURSE);
  ledger.transfer(OUTSIDE, account, venue.quoteAsset, PURSE);
  return account;
}

/** At least one unit where there is one. */
function part(amount: Units, millionths: number): Units {
  return Math.max(Math.min(1, amount), Math.floor((amount / MILLION) * millionths));
}

function perform({ kind, share }: Move, ledger: Ledger, venue: Venue, actor: AccountId): void {
  const base = part(ledger.balance(actor, venue.baseAsset), share);
  const quote = part(ledger.balance(actor, venue.quoteAsset), share);
  if (kind === 'sell-base') venue.execute({ sell: venue.baseAsset, amount: base }, actor);
  else if (kind === 'sell-quote') venue.execute({ sell: venue.quoteAsset, amount: quote }, actor);
  else if (kind === 'add') venue.addLiquidity(actor, base, quote);
  else venue.removeLiquidity(actor, part(venue.sharesOf(actor), share));
}

function bought(answer: ReturnType<Venue['execute']>): Units {
  return isRejection(answer) ? 0 : answer.bought;
}

/** What a trader has gained of each asset since the start, claims on the venue included. */
function gain(ledger: Ledger, venue: Venue, account: AccountId): { base: Units; quote: Units } {
  const gained = { base: ledger.balance(account, venue.baseAsset) - PURSE, quote: ledger.balance(account, venue.quoteAsset) - PURSE };
  venue.claims((provider, asset, units) => {
    if (provider === account) gained[asset === venue.baseAsset ? 'base' : 'quote'] += units;
  });
  return gained;
}

/** Everything about ledger and venue that anybody could see. */
function snapshot(ledger: Ledger, venue: Venue): unknown {
  const accounts = Array.from({ length: ledger.accounts }, (_, account) => account);
  const claims: unknown[] = [];
  venue.claims((...claim) => claims.push(claim));
  return {
    balances: accounts.map((account) => [ledger.balance(account, venue.baseAsset), ledger.balance(account, venue.quoteAsset)]),
    shares: [venue.shares(), ...accounts.map((account) => venue.sharesOf(account))],
    price: venue.price(),
    claims,
  };
}
