/**
 * A pool with a constant product of its reserves, in the field's integers (Uniswap v2): the fee stays in the pool and every rounding is
 * against the trader. The reserves *are* the ledger balances of its account, so a failed bundle undoes them, and a plain transfer to the
 * account is a donation to its providers at once. It leaves out the price accumulator (oracles keep their own) and the thousand shares that
 * Uniswap v2 locks away: those protect later providers from a first one who donates to inflate the share, whereas here the first provider
 * is the world's; locked shares would leave in every final account a claim that is nobody's.
 */
import { swapOutDown } from '../base/exact.ts';
import { assert } from '../base/fault.ts';
import { definePart, type ParamsOf } from '../base/params.ts';
import { isRejection, type Rejection, reject } from '../base/rejection.ts';
import { type AccountId, type AssetId, type Price, UNITS_MAX, type Units } from '../base/units.ts';
import { OUTSIDE } from '../ledger/ledger.ts';
import { fundPool, openingOfPool, reserveParams } from './pool-opening.ts';
import { createPoolShares, isAmount, SHARE_PARAM } from './pool-shares.ts';
import type { Fill, Order, Venue, VenueNeeds } from './venue.ts';

/** Fees are kept in millionths: 0.003 is 3000/1000000, the same integers as Uniswap v2's 997/1000. */
const FEE_DENOMINATOR = 1_000_000;

const params = {
  ...reserveParams,
  fee: { kind: 'number', unit: 'ratio', range: [0, 0.1], default: 0.003, doc: 'part of the amount sold that stays in the pool' },
  share: SHARE_PARAM,
} as const;

/** The pool as a plug-in. Its reserves come from outside by way of a provider of its own, `lp:<name>`, who holds the first shares. */
export const constantProduct = definePart<VenueNeeds, Venue>()({
  name: 'constant-product',
  summary: 'Automated market maker with reserves x·y = k, Uniswap v2 integer arithmetic.',
  sources: ['Uniswap/v2-core contracts/UniswapV2Pair.sol', 'Uniswap/v2-periphery contracts/libraries/UniswapV2Library.sol'],
  params,
  opening: (values, site) => openingOfPool(values, site),
  create(values, needs) {
    const venue = createPool(values, needs);
    fundPool(venue, values, needs);
    return venue;
  },
});

function createPool({ base: baseAsset, quote: quoteAsset, fee, share }: ParamsOf<typeof params>, { name, ledger }: VenueNeeds): Venue {
  assert(baseAsset !== quoteAsset, 'VENUE_ASSETS', { name, asset: ledger.assets.names[baseAsset] });
  const account = ledger.open(name, 'venue');
  const feeNumerator = Math.round(fee * FEE_DENOMINATOR);
  const kept = (FEE_DENOMINATOR - feeNumerator) / FEE_DENOMINATOR;
  /** Turns quote units per base unit into quote tokens per base token. */
  const { scale } = ledger.assets;
  const tokenRatio = scale[baseAsset] / scale[quoteAsset];

  const bases = ledger.holdings(baseAsset);
  const quotes = ledger.holdings(quoteAsset);
  const baseReserve = (): Units => bases.data[account];
  const quoteReserve = (): Units => quotes.data[account];
  const priceAt = (base: Units, quote: Units): Price => (base > 0 && quote > 0 ? (quote / base) * tokenRatio : Number.NaN);

  /** The price that selling `amount` would leave behind. */
  function priceAfter(sellsBase: boolean, amount: Units): Price {
    const base = baseReserve();
    const quote = quoteReserve();
    return sellsBase
      ? priceAt(base + amount, quote - swapOutDown(amount, base, quote, feeNumerator, FEE_DENOMINATOR))
      : priceAt(base - swapOutDown(amount, quote, base, feeNumerator, FEE_DENOMINATOR), quote + amount);
  }

  /**
   * Without rounding, selling a into the reserve R leaves the price at `worst` when (R + γa)(R + a) = X, with γ = 1 − fee and
   * X = B·Q/worst for base, B·Q·worst for quote (in units). Hence
   *
   *   a = (√((1−γ)²R² + 4γX) − (1+γ)R) / 2γ
   *
   * The root is a float64: the answer is checked by the integers that a sale would use, and lowered until selling it does not pass `worst`.
   * @source  positive root of the quadratic above; derived here
   */
  function depth(sell: AssetId, worst: Price): Units {
    const sellsBase = sell === baseAsset;
    const now = priceAt(baseReserve(), quoteReserve());
    if (!(sellsBase ? now > worst : sell === quoteAsset && now < worst)) return 0;
    const reserve = sellsBase ? baseReserve() : quoteReserve();
    const product = baseReserve() * quoteReserve();
    const level = sellsBase ? (product * tokenRatio) / worst : (product * worst) / tokenRatio;
    const root = Math.sqrt((1 - kept) * (1 - kept) * reserve * reserve + 4 * kept * (level > 0 ? level : Number.POSITIVE_INFINITY));
    let amount = Math.max(0, Math.min(UNITS_MAX - reserve, Math.floor((root - (1 + kept) * reserve) / (2 * kept))));
    for (let step = 1; amount > 0 && passes(sellsBase, amount, worst); step *= 2) amount = Math.max(0, amount - step);
    return amount;
  }

  function passes(sellsBase: boolean, amount: Units, worst: Price): boolean {
    const after = priceAfter(sellsBase, amount);
    return sellsBase ? after < worst : after > worst;
  }

  function quote({ sell, amount, outMin = 0 }: Order): Fill | Rejection {
    if (sell !== baseAsset && sell !== quoteAsset) return reject('VENUE_ASSET', { asset: sell });
    if (!isAmount(amount)) return reject('VENUE_AMOUNT', { amount });
    const reserveIn = sell === baseAsset ? baseReserve() : quoteReserve();
    const reserveOut = sell === baseAsset ? quoteReserve() : baseReserve();
    if (reserveIn === 0 || reserveOut === 0) return reject('VENUE_EMPTY', { reserveIn, reserveOut });
    const bought = swapOutDown(amount, reserveIn, reserveOut, feeNumerator, FEE_DENOMINATOR);
    if (bought === 0) return reject('VENUE_AMOUNT', { amount, bought });
    if (!(bought >= outMin)) return reject('VENUE_OUT_MIN', { bought, outMin });
    return { sold: amount, bought };
  }

  function execute(order: Order, trader: AccountId): Fill | Rejection {
    const fill = quote(order);
    if (isRejection(fill)) return fill;
    const balance = ledger.balance(trader, order.sell);
    if (balance < fill.sold && trader !== OUTSIDE) return reject('WALLET_SHORT', { asset: order.sell, balance, amount: fill.sold });
    ledger.exchange(trader, account, order.sell, fill.sold, order.sell === baseAsset ? quoteAsset : baseAsset, fill.bought);
    return fill;
  }

  const pool = createPoolShares({ ledger, account, baseAsset, quoteAsset, share });
  return {
    name,
    baseAsset,
    quoteAsset,
    account,
    fee: feeNumerator / FEE_DENOMINATOR,
    price: () => priceAt(baseReserve(), quoteReserve()),
    depth,
    quote,
    execute,
    // √(x·y) of the reserves stays; at the prices p and q the values on both sides are √(x·y·p·q).
    settledUsd: (baseUsd, quoteUsd) =>
      2 * Math.sqrt((baseReserve() / scale[baseAsset]) * baseUsd * (quoteReserve() / scale[quoteAsset]) * quoteUsd),
    ...pool,
  };
}
