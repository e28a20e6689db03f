/**
 * A market too large to be modelled, by what it is known to do: it follows the outside price, a sale of a given size loses what a table
 * says, and what was sold is forgotten with a half-life, as others come to take the other side. For markets whose depth was measured and
 * whose participants are nobody's business here.
 *
 *   sold and remembered s ← s·2^(−Δt/resilience)          a sale of q brings F·∫ slope from s to s + q (`impact-slopes.ts`)
 *
 * What it pays with are its reserves, which come from outside; what it gains and loses is the line `venue` of the party table.
 */
import { column } from '../base/columns.ts';
import { exp } from '../base/elementary.ts';
import { assert, fault } from '../base/fault.ts';
import { definePart, type OpeningSite, type ParamsOf } from '../base/params.ts';
import { isRejection, type Rejection, reject } from '../base/rejection.ts';
import { type AccountId, type AssetId, type Price, toUnitsDown, UNITS_MAX, type Units } from '../base/units.ts';
import { OUTSIDE } from '../ledger/ledger.ts';
import { passAlong, type Stretch, slopeAt, stretchesOf } from './impact-slopes.ts';
import { openingOfPool, reserveParams } from './pool-opening.ts';
import { isAmount } from './pool-shares.ts';
import type { Fill, Order, Venue, VenueNeeds } from './venue.ts';

const YEAR_MS = 365 * 86_400_000;

const params = {
  ...reserveParams,
  fee: { kind: 'number', unit: 'ratio', range: [0, 0.1], default: 0, doc: 'part of the amount sold, beyond what the table has in it' },
  table: {
    kind: 'table',
    columns: {
      size: { kind: 'number', unit: 'token', range: [0, 1e15], doc: 'a sale of so many base tokens' },
      impact: { kind: 'number', unit: 'ratio', range: [0, 1], doc: 'how far its average price lies below the price before it' },
    },
    doc: 'sizes ascending; beyond the last nothing can be sold until some is forgotten',
  },
  resilience: { kind: 'duration', range: [1, YEAR_MS], default: 600_000, doc: 'half-life of what was sold' },
} as const;

type Terms = ParamsOf<typeof params>;

export const impactCurve = definePart<VenueNeeds, Venue>()({
  name: 'impact-curve',
  summary: 'A market that follows the outside price and loses by size what a table says, recovering with a half-life.',
  sources: [
    'R. Almgren et al., "Direct estimation of equity market impact" (2005)',
    'A. Obizhaeva, J. Wang, Journal of Financial Markets 16 (2013) 1-32',
  ],
  params,
  check({ table }) {
    if (table.length === 0) return [{ param: 'table', found: 'no rows', expected: 'at least one size with its impact' }];
    const curve = stretchesOf(table);
    if (!('row' in curve)) return [];
    return [{ param: `table.${curve.row}`, found: curve.found, expected: curve.expected }];
  },
  opening: (values: Parameters<typeof openingOfPool>[0], site: OpeningSite) => openingOfPool(values, site),
  create: createCurve,
});

interface Plan extends Fill {
  readonly position: number;
}

function createCurve(
  { base: baseAsset, quote: quoteAsset, baseReserve, quoteReserve, fee, table, resilience }: Terms,
  needs: VenueNeeds,
): Venue {
  const { name, ledger, startPrice } = needs;
  assert(baseAsset !== quoteAsset, 'VENUE_ASSETS', { name, asset: ledger.assets.names[baseAsset] });
  const account = ledger.open(name, 'venue');
  const baseScale = ledger.assets.scale[baseAsset];
  const rows = table.map(({ size, impact }) => ({ size: size * baseScale, impact }));
  const curve = stretchesOf(rows);
  if ('row' in curve) return fault('VENUE_TABLE', { name, row: curve.row, found: curve.found, expected: curve.expected });
  const stretches: readonly Stretch[] = curve;
  /** Turns quote units per base unit into quote tokens per base token. */
  const tokenRatio = baseScale / ledger.assets.scale[quoteAsset];
  const kept = 1 - fee;
  const now = needs.now ?? (() => 0);
  const outside = needs.fair ?? startPrice;
  /** Base units sold and not forgotten (bought: negative), and when that was so. */
  const state = column(2);

  const fair = (): Price => outside(baseAsset) / outside(quoteAsset);
  const reserve = (asset: AssetId): Units => ledger.balance(account, asset);

  function position(): number {
    const [sold, at] = state.data;
    const passed = now() - at;
    return sold === 0 || passed === 0 ? sold : sold * exp((-Math.LN2 * passed) / resilience);
  }

  const price = (): Price => (reserve(baseAsset) > 0 || reserve(quoteAsset) > 0 ? fair() * slopeAt(stretches, position()) : Number.NaN);

  function planned({ sell, amount, outMin = 0 }: Order): Plan | Rejection {
    if (sell !== baseAsset && sell !== quoteAsset) return reject('VENUE_ASSET', { asset: sell });
    if (!isAmount(amount)) return reject('VENUE_AMOUNT', { amount });
    const sells = sell === baseAsset;
    const from = position();
    const each = fair() / tokenRatio;
    const limit = sells ? { movedMax: amount * kept } : { valueMax: (amount * kept) / each };
    const { moved, value } = passAlong(stretches, from, sells, limit);
    const bought = Math.floor(sells ? value * each : moved);
    const spent = Math.ceil((sells ? moved : value * each) / kept);
    const available = reserve(sells ? quoteAsset : baseAsset);
    if (available === 0 || moved === 0) return reject('VENUE_EMPTY', { available, moved });
    if (bought > available) return reject('VENUE_EMPTY', { available, bought });
    if (bought === 0) return reject('VENUE_AMOUNT', { amount, bought });
    if (!(bought >= outMin)) return reject('VENUE_OUT_MIN', { bought, outMin });
    return { sold: Math.min(amount, spent), bought, position: from + (sells ? moved : -moved) };
  }

  function execute(order: Order, trader: AccountId): Fill | Rejection {
    const plan = planned(order);
    if (isRejection(plan)) return plan;
    const { sell, amount } = order;
    const balance = ledger.balance(trader, sell);
    if (balance < amount && trader !== OUTSIDE) return reject('WALLET_SHORT', { asset: sell, balance, amount });
    ledger.journal.set(state, 0, plan.position);
    ledger.journal.set(state, 1, now());
    ledger.exchange(trader, account, sell, plan.sold, sell === baseAsset ? quoteAsset : baseAsset, plan.bought);
    return { sold: plan.sold, bought: plan.bought };
  }

  function depth(sell: AssetId, worst: Price): Units {
    const sells = sell === baseAsset;
    const at = price();
    if (!(sells ? at > worst : sell === quoteAsset && at < worst)) return 0;
    const { moved, value } = passAlong(stretches, position(), sells, { worst: worst / fair() });
    const most = sells ? moved : (value * fair()) / tokenRatio;
    return Math.min(UNITS_MAX - reserve(sell), Math.floor(most / kept));
  }

  const bring = (asset: AssetId, tokens: number) =>
    ledger.transfer(OUTSIDE, account, asset, toUnitsDown(tokens, ledger.assets.decimals[asset]));
  bring(baseAsset, baseReserve ?? quoteReserve / (startPrice(baseAsset) / startPrice(quoteAsset)));
  bring(quoteAsset, quoteReserve);

  return {
    name,
    baseAsset,
    quoteAsset,
    account,
    fee,
    price,
    depth,
    quote(order) {
      const plan = planned(order);
      return isRejection(plan) ? plan : { sold: plan.sold, bought: plan.bought };
    },
    execute,
    shares: () => 0,
    sharesOf: () => 0,
    addLiquidity: () => reject('VENUE_NO_POOL', { venue: name }),
    removeLiquidity: () => reject('VENUE_NO_POOL', { venue: name }),
    claimOf: () => ({ base: 0, quote: 0 }),
    claims: () => undefined,
  };
}
