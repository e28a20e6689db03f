/**
 * A pool for two assets that ought to be worth the same: nearly no slippage around balance, and a price that falls off when one of them is
 * most of what is left. The reserves are the ledger balances of its account, as in a constant-product pool; amounts are made comparable by
 * their decimals alone, so the asset prices that it holds to are 1.
 *
 *   out = y − y(x + in) − 1, less the fee on it          each rounded against the trader; the fee stays in the pool
 */
import { fault } from '../base/fault.ts';
import { definePart, type ParamsOf } from '../base/params.ts';
import { isRejection, type Rejection, reject } from '../base/rejection.ts';
import { type AccountId, type AssetId, type Price, UNITS_MAX, type Units, type Usd, type UsdPrice } from '../base/units.ts';
import { OUTSIDE } from '../ledger/ledger.ts';
import { fundPool, openingOfPool, reserveParams } from './pool-opening.ts';
import { createPoolShares, isAmount, SHARE_PARAM } from './pool-shares.ts';
import { stableAtPrice, stableD, stablePrice, stableY } from './stable-invariant.ts';
import type { Fill, Order, Venue, VenueNeeds } from './venue.ts';

const FEE_DENOMINATOR = 1_000_000n;
/** What a unit is worth inside: so that the iteration’s last unit is none of the ledger’s. */
const PRECISION = 10n ** 12n;
/** Halvings of the amounts that there are: 2^53 of them. */
const HALVINGS = 53;

const params = {
  ...reserveParams,
  amplification: {
    kind: 'integer',
    unit: '1',
    range: [1, 1_000_000],
    default: 100,
    doc: 'A as the contracts count it; of the order of 100 for pegged pairs, 2,000 for the 3pool',
  },
  fee: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 0.1],
    default: 0.0004,
    doc: 'part of what is bought that stays in the pool; Curve’s usual',
  },
  share: SHARE_PARAM,
} as const;

export const stableSwap = definePart<VenueNeeds, Venue>()({
  name: 'stable-swap',
  summary: 'Pool for two assets of one value, Curve’s invariant with an amplification.',
  sources: ['curvefi/curve-contract contracts/pool-templates/base/SwapTemplateBase.vy', 'M. Egorov, StableSwap (2019)'],
  params,
  opening: (values, site) => openingOfPool(values, site),
  create(values, needs) {
    const venue = createStablePool(values, needs);
    fundPool(venue, values, needs);
    return venue;
  },
});

function createStablePool(
  { base: baseAsset, quote: quoteAsset, amplification, fee, share }: ParamsOf<typeof params>,
  { name, ledger }: VenueNeeds,
): Venue {
  if (baseAsset === quoteAsset) return fault('VENUE_ASSETS', { name, asset: ledger.assets.names[baseAsset] });
  const account = ledger.open(name, 'venue');
  const feeNumerator = BigInt(Math.round(fee * Number(FEE_DENOMINATOR)));
  const ann = BigInt(2 * amplification);
  const { decimals } = ledger.assets;
  const finest = Math.max(decimals[baseAsset], decimals[quoteAsset]);
  /** What makes units of each comparable. */
  const rates = [
    PRECISION * 10n ** BigInt(finest - decimals[baseAsset]),
    PRECISION * 10n ** BigInt(finest - decimals[quoteAsset]),
  ] as const;

  const reserve = (asset: AssetId): bigint => BigInt(ledger.balance(account, asset));
  const rateOf = (asset: AssetId): bigint => rates[asset === baseAsset ? 0 : 1];
  const other = (asset: AssetId): AssetId => (asset === baseAsset ? quoteAsset : baseAsset);

  /** Units bought for `amount` of `sell`, fee taken; the reserves are not empty. */
  function boughtFor(sell: AssetId, amount: Units): Units {
    const buy = other(sell);
    const x = reserve(sell) * rateOf(sell);
    const y = reserve(buy) * rateOf(buy);
    const left = stableY(x + BigInt(amount) * rateOf(sell), stableD(x, y, ann), ann);
    const gross = y - left;
    if (gross <= 0n) return 0;
    // A whole unit less, as in the contract.
    return Math.max(0, Number((gross * (FEE_DENOMINATOR - feeNumerator)) / (FEE_DENOMINATOR * rateOf(buy))) - 1);
  }

  function priceAt(base: number, quote: number): Price {
    if (!(base > 0 && quote > 0)) return Number.NaN;
    const [x, y] = [base * Number(rates[0]), quote * Number(rates[1])];
    const d = Number(stableD(BigInt(base) * rates[0], BigInt(quote) * rates[1], ann));
    // In units of equal value; both scales are 10^finest then.
    return stablePrice(x, y, d, Number(ann));
  }

  function quote({ sell, amount, outMin = 0 }: Order): Fill | Rejection {
    if (sell !== baseAsset && sell !== quoteAsset) return reject('VENUE_ASSET', { asset: sell });
    if (!isAmount(amount)) return reject('VENUE_AMOUNT', { amount });
    const [reserveIn, reserveOut] = [ledger.balance(account, sell), ledger.balance(account, other(sell))];
    if (reserveIn === 0 || reserveOut === 0) return reject('VENUE_EMPTY', { reserveIn, reserveOut });
    const bought = boughtFor(sell, amount);
    if (bought === 0) return reject('VENUE_AMOUNT', { amount, bought });
    return bought >= outMin ? { sold: amount, bought } : reject('VENUE_OUT_MIN', { bought, outMin });
  }

  function execute(order: Order, trader: AccountId): Fill | Rejection {
    const fill = quote(order);
    if (isRejection(fill)) return fill;
    const balance = ledger.balance(trader, order.sell);
    if (balance < fill.sold && trader !== OUTSIDE) return reject('WALLET_SHORT', { asset: order.sell, balance, amount: fill.sold });
    ledger.exchange(trader, account, order.sell, fill.sold, other(order.sell), fill.bought);
    return fill;
  }

  /** By bisection over the amounts that fit the ledger: the price after a sale falls as it grows. */
  function depth(sell: AssetId, worst: Price): Units {
    const sellsBase = sell === baseAsset;
    const [base, quoted] = [ledger.balance(account, baseAsset), ledger.balance(account, quoteAsset)];
    const now = priceAt(base, quoted);
    if (!(sellsBase ? now > worst : sell === quoteAsset && now < worst)) return 0;
    const passes = (amount: Units): boolean => {
      const bought = boughtFor(sell, amount);
      const after = sellsBase ? priceAt(base + amount, quoted - bought) : priceAt(base - bought, quoted + amount);
      return !(sellsBase ? after >= worst : after <= worst);
    };
    let low = 0;
    let high = UNITS_MAX - (sellsBase ? base : quoted);
    for (let i = 0; i < HALVINGS && high - low > 1; i++) {
      const middle = Math.floor((low + high) / 2);
      if (passes(middle)) high = middle;
      else low = middle;
    }
    return low;
  }

  function settledUsd(baseUsd: UsdPrice, quoteUsd: UsdPrice): Usd {
    const [base, quoted] = [reserve(baseAsset), reserve(quoteAsset)];
    if (base === 0n || quoted === 0n) return 0;
    const d = Number(stableD(base * rates[0], quoted * rates[1], ann));
    const [x, y] = stableAtPrice(baseUsd / quoteUsd, d, Number(ann));
    const { scale } = ledger.assets;
    return (x / Number(rates[0]) / scale[baseAsset]) * baseUsd + (y / Number(rates[1]) / scale[quoteAsset]) * quoteUsd;
  }

  return {
    name,
    baseAsset,
    quoteAsset,
    account,
    fee: Number(feeNumerator) / Number(FEE_DENOMINATOR),
    price: () => priceAt(ledger.balance(account, baseAsset), ledger.balance(account, quoteAsset)),
    depth,
    quote,
    execute,
    settledUsd,
    ...createPoolShares({ ledger, account, baseAsset, quoteAsset, share }),
  };
}
