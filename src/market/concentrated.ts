/**
 * A pool whose providers choose between which two prices their liquidity lies (Uniswap v3): where much of it lies prices move little, and
 * beyond the last range they move for nothing. Whole numbers throughout, as in the contracts; swaps pass from bound to bound, and only
 * there (the contracts also stop at the ends of their bitmap's words, which over a long way makes some units of rounding). Fees are kept
 * apart from the curve and belong to the ranges that were active.
 */
import { assert, fault } from '../base/fault.ts';
import { definePart, type Opening, type OpeningSite, type ParamsOf, type PartProblem } from '../base/params.ts';
import { isRejection, type Rejection, reject } from '../base/rejection.ts';
import { type AccountId, type AssetId, type Price, toUnitsDown, UNITS_MAX, type Units } from '../base/units.ts';
import { OUTSIDE } from '../ledger/ledger.ts';
import { openingOfPool, reserveParams } from './pool-opening.ts';
import { isAmount } from './pool-shares.ts';
import { RangeState } from './range-state.ts';
import { baseBetween, FEE_DENOMINATOR, liquidityFor, quoteBetween, swapStep } from './range-swap.ts';
import type { RangeAmounts, RangeId, RangeMade, Ranges } from './ranges.ts';
import { Q96, ROOT_MAX, ROOT_MIN, rootAt, rootDown, TICK_MAX, tickBelow } from './tick-price.ts';
import type { Claim, Fill, Order, Venue, VenueNeeds } from './venue.ts';

const params = {
  ...reserveParams,
  fee: { kind: 'number', unit: 'ratio', range: [0, 0.1], default: 0.003, doc: 'part of the amount sold that providers get' },
  tickSpacing: {
    kind: 'integer',
    unit: 'tick',
    range: [1, 16_384],
    default: 60,
    doc: 'ticks, of a factor of 1.0001 each, between the prices where a range may end; 60 goes with a fee of 0.003',
  },
  halfWidth: {
    kind: 'number',
    unit: 'ratio',
    range: [0.0001, 1_000_000],
    optional: true,
    doc: 'the first reserves lie between p/(1 + w) and p·(1 + w); left out: between all prices, as in a constant-product pool',
  },
} as const;

type Terms = ParamsOf<typeof params>;

export const concentrated = definePart<VenueNeeds, Venue>()({
  name: 'concentrated',
  summary: 'Automated market maker with liquidity between chosen prices, Uniswap v3 arithmetic.',
  sources: [
    'H. Adams et al., "Uniswap v3 Core" (2021)',
    'Uniswap/v3-core contracts/UniswapV3Pool.sol, libraries/TickMath.sol, SqrtPriceMath.sol, SwapMath.sol',
  ],
  params,
  opening: (values: Parameters<typeof openingOfPool>[0], site: OpeningSite): Opening | readonly PartProblem[] =>
    openingOfPool(values, site),
  create: createConcentrated,
});

/** What happened on the way of a swap: fees on what was active, and the bound that was crossed, −1 for none. */
interface Passage {
  readonly fee: bigint;
  readonly liquidity: bigint;
  readonly crossed: number;
}

interface Walk {
  readonly sold: bigint;
  readonly bought: bigint;
  readonly root: bigint;
  readonly liquidity: bigint;
  readonly under: boolean;
  readonly passages: readonly Passage[];
}

function createConcentrated(terms: Terms, needs: VenueNeeds): Venue {
  const { base: baseAsset, quote: quoteAsset, tickSpacing } = terms;
  const { name, ledger } = needs;
  assert(baseAsset !== quoteAsset, 'VENUE_ASSETS', { name, asset: ledger.assets.names[baseAsset] });
  const account = ledger.open(name, 'venue');
  const feeNumerator = BigInt(Math.round(terms.fee * Number(FEE_DENOMINATOR)));
  /** Turns quote units per base unit into quote tokens per base token. */
  const tokenRatio = ledger.assets.scale[baseAsset] / ledger.assets.scale[quoteAsset];
  const state = new RangeState(ledger.journal);
  const reserve = (asset: AssetId): Units => ledger.balance(account, asset);

  const priceOf = (root: bigint): Price => (Number(root) / Number(Q96)) ** 2 * tokenRatio;
  const price = (): Price => (reserve(baseAsset) > 0 || reserve(quoteAsset) > 0 ? priceOf(state.root) : Number.NaN);

  /** Undefined for a price that the scale does not have. */
  function rootOf(at: Price): bigint | undefined {
    const root = Math.floor(Math.sqrt(at / tokenRatio) * Number(Q96));
    if (!(root >= Number(ROOT_MIN) && root < Number(ROOT_MAX))) return undefined;
    return BigInt(root);
  }

  /** The bound nearest to a price. */
  function boundNear(at: Price): number | undefined {
    const root = rootOf(at);
    if (root === undefined) return undefined;
    const last = Math.floor(TICK_MAX / tickSpacing);
    return Math.max(-last, Math.min(last, Math.round(tickBelow(root) / tickSpacing))) * tickSpacing;
  }

  /** A sale of at most `amount` that goes no further than `limit`. Changes nothing. */
  function walk(sellsBase: boolean, amount: bigint, limit = sellsBase ? ROOT_MIN + 1n : ROOT_MAX - 1n): Walk {
    const way = sellsBase ? -1 : 1;
    let { root, liquidity } = state;
    let place = state.placeAbove() - (sellsBase ? 1 : 0);
    let under = state.isUnder;
    let left = amount;
    let bought = 0n;
    const passages: Passage[] = [];
    while (left > 0n && root !== limit) {
      const at = state.boundFrom(place, way);
      const bound = at < 0 ? limit : state.rootOf(at);
      const target = bound < limit === sellsBase ? limit : bound;
      const step = swapStep(sellsBase, root, target, liquidity, left, feeNumerator);
      left -= step.sold + step.fee;
      bought += step.bought;
      if (step.root !== root) under = false;
      root = step.root;
      const crosses = at >= 0 && root === bound;
      passages.push({ fee: step.fee, liquidity, crossed: crosses ? at : -1 });
      if (!crosses) continue;
      liquidity += sellsBase ? -state.netOf(at) : state.netOf(at);
      under = sellsBase;
      place = at + way;
    }
    return { sold: amount - left, bought, root, liquidity, under, passages };
  }

  function planned({ sell, amount, outMin = 0 }: Order): Walk | Rejection {
    if (sell !== baseAsset && sell !== quoteAsset) return reject('VENUE_ASSET', { asset: sell });
    if (!isAmount(amount)) return reject('VENUE_AMOUNT', { amount });
    const sellsBase = sell === baseAsset;
    if (reserve(sellsBase ? quoteAsset : baseAsset) === 0) return reject('VENUE_EMPTY', { baseReserve: reserve(baseAsset) });
    const walked = walk(sellsBase, BigInt(amount));
    if (walked.sold === 0n) return reject('VENUE_EMPTY', { price: price() });
    if (walked.bought === 0n) return reject('VENUE_AMOUNT', { amount, bought: 0 });
    const bought = Number(walked.bought);
    return bought >= outMin ? walked : reject('VENUE_OUT_MIN', { bought, outMin });
  }

  const fillOf = ({ sold, bought }: Walk): Fill => ({ sold: Number(sold), bought: Number(bought) });

  function execute(order: Order, trader: AccountId): Fill | Rejection {
    const walked = planned(order);
    if (isRejection(walked)) return walked;
    const { sell, amount } = order;
    const balance = ledger.balance(trader, sell);
    if (balance < amount && trader !== OUTSIDE) return reject('WALLET_SHORT', { asset: sell, balance, amount });
    const sellsBase = sell === baseAsset;
    for (const { fee, liquidity, crossed } of walked.passages) {
      state.earn(sellsBase, fee, liquidity);
      if (crossed >= 0) state.cross(crossed);
    }
    state.arrive(walked.root, walked.liquidity, walked.under);
    const fill = fillOf(walked);
    ledger.exchange(trader, account, sell, fill.sold, sellsBase ? quoteAsset : baseAsset, fill.bought);
    return fill;
  }

  /** What a swap up to the price takes, checked by the whole numbers and lowered until it does not pass. */
  function depth(sell: AssetId, worst: Price): Units {
    const sellsBase = sell === baseAsset;
    const now = price();
    if (!(sellsBase ? now > worst : sell === quoteAsset && now < worst)) return 0;
    const most = BigInt(UNITS_MAX - reserve(sell));
    const limit = rootOf(worst);
    let amount = Number(walk(sellsBase, most, limit).sold);
    const passes = (): boolean => {
      const after = priceOf(walk(sellsBase, BigInt(amount)).root);
      return sellsBase ? after < worst : after > worst;
    };
    for (let step = 1; amount > 0 && passes(); step *= 2) amount = Math.max(0, amount - step);
    return amount;
  }

  /** Takes what a deposit between two ticks needs, at most the amounts given. */
  function deposit(provider: AccountId, lower: number, upper: number, baseLimit: Units, quoteLimit: Units): RangeMade | Rejection {
    const [a, b] = [rootAt(lower), rootAt(upper)];
    const { root } = state;
    const liquidity = liquidityFor(root, a, b, BigInt(baseLimit), BigInt(quoteLimit));
    const at = root < a ? a : root > b ? b : root;
    const base = Number(baseBetween(at, b, liquidity, true));
    const quote = Number(quoteBetween(a, at, liquidity, true));
    const fits = reserve(baseAsset) + base <= UNITS_MAX && reserve(quoteAsset) + quote <= UNITS_MAX;
    if (liquidity === 0n || !fits || liquidity > state.roomAt(lower, upper)) return reject('VENUE_AMOUNT', { base, quote });
    const [heldBase, heldQuote] = [ledger.balance(provider, baseAsset), ledger.balance(provider, quoteAsset)];
    if (provider !== OUTSIDE && (heldBase < base || heldQuote < quote)) {
      return reject('WALLET_SHORT', { base, quote, baseBalance: heldBase, quoteBalance: heldQuote });
    }
    ledger.transfer(provider, account, baseAsset, base);
    ledger.transfer(provider, account, quoteAsset, quote);
    return { range: state.add(provider, lower, upper, liquidity), liquidity: Number(liquidity), base, quote };
  }

  function amountsOf(range: RangeId): RangeAmounts {
    const [base, quote] = state.worthOf(range);
    return { base: Number(base), quote: Number(quote), liquidity: Number(state.liquidityOf(range)) };
  }

  function claimOf(provider: AccountId): Claim {
    let [base, quote] = [0n, 0n];
    state.eachOf(provider, (range) => {
      const [more, moreQuote] = state.worthOf(range);
      base += more;
      quote += moreQuote;
    });
    return { base: Number(base), quote: Number(quote) };
  }

  const ranges: Ranges = {
    tickSpacing,
    add(provider, low, high, base, quote) {
      const isLimit = (amount: Units) => Number.isSafeInteger(amount) && amount >= 0;
      if (!isLimit(base) || !isLimit(quote)) return reject('VENUE_AMOUNT', { base, quote });
      const [lower, upper] = [boundNear(low), boundNear(high)];
      if (lower === undefined || upper === undefined || lower >= upper) return reject('VENUE_PRICE', { low, high });
      return deposit(provider, lower, upper, base, quote);
    },
    remove(range, provider) {
      if (!state.has(range, provider)) return reject('RANGE_NONE', { range });
      const amounts = amountsOf(range);
      state.remove(range);
      ledger.transfer(account, provider, baseAsset, amounts.base);
      ledger.transfer(account, provider, quoteAsset, amounts.quote);
      return amounts;
    },
    rangesOf(provider, visit) {
      state.eachOf(provider, (range) => {
        const [low, high] = state.boundsOf(range);
        const { base, quote } = amountsOf(range);
        visit(range, priceOf(low), priceOf(high), base, quote);
      });
    },
  };

  /** Sets the first price, and brings the first reserves in from outside by way of `lp:<name>`; what the ratio does not need goes back. */
  function open(): void {
    const start = needs.startPrice(baseAsset) / needs.startPrice(quoteAsset);
    const quoted = terms.quoteReserve;
    const based = terms.baseReserve ?? quoted / start;
    const base = toUnitsDown(based, ledger.assets.decimals[baseAsset]);
    const quote = toUnitsDown(quoted, ledger.assets.decimals[quoteAsset]);
    const opening = base > 0 && quote > 0 ? rootDown((BigInt(quote) << 192n) / BigInt(base)) : rootOf(start);
    if (opening === undefined || opening < ROOT_MIN || opening >= ROOT_MAX) {
      fault('VENUE_RESERVES', { name, baseReserve: based, quoteReserve: quoted });
    }
    state.start(opening);
    if (base === 0 && quote === 0) return;
    const provider = ledger.open(`lp:${name}`, 'liquidity-provider');
    ledger.transfer(OUTSIDE, provider, baseAsset, base);
    ledger.transfer(OUTSIDE, provider, quoteAsset, quote);
    const last = Math.floor(TICK_MAX / tickSpacing) * tickSpacing;
    const wide = 1 + (terms.halfWidth ?? 0);
    const at = priceOf(opening);
    const made =
      terms.halfWidth === undefined ? deposit(provider, -last, last, base, quote) : ranges.add(provider, at / wide, at * wide, base, quote);
    assert(!isRejection(made), 'VENUE_RESERVES', { name, baseReserve: based, quoteReserve: quoted });
    for (const asset of [baseAsset, quoteAsset]) ledger.transfer(provider, OUTSIDE, asset, ledger.balance(provider, asset));
  }
  open();

  return {
    name,
    baseAsset,
    quoteAsset,
    account,
    fee: Number(feeNumerator) / Number(FEE_DENOMINATOR),
    price,
    depth,
    quote(order) {
      const walked = planned(order);
      return isRejection(walked) ? walked : fillOf(walked);
    },
    execute,
    shares: () => 0,
    sharesOf: () => 0,
    addLiquidity: () => reject('VENUE_NO_POOL', { venue: name }),
    removeLiquidity: () => reject('VENUE_NO_POOL', { venue: name }),
    ranges,
    claimOf,
    claims(visit) {
      for (let provider = 0; provider < state.ownersEnd; provider++) {
        const { base, quote } = claimOf(provider);
        if (base > 0) visit(provider, baseAsset, base);
        if (quote > 0) visit(provider, quoteAsset, quote);
      }
    },
  };
}
