/**
 * A pool with a constant product of its reserves, in the field's integers (Uniswap v2): the fee stays in the pool and every rounding is
 * against the trader. The reserves *are* the ledger balances of its account, so a failed bundle undoes them, and a plain transfer to the
 * account is a donation to its providers at once. It leaves out the price accumulator (oracles keep their own) and the thousand shares that
 * Uniswap v2 locks away: those protect later providers from a first one who donates to inflate the share, whereas here the first provider
 * is the world's; locked shares would leave in every final account a claim that is nobody's.
 */
import { column, growColumn } from '../base/columns.ts';
import { geometricMeanDown, mulDivDown, mulDivUp, swapOutDown } from '../base/exact.ts';
import { assert, fault } from '../base/fault.ts';
import { definePart, type ParamsOf } from '../base/params.ts';
import { isRejection, type Rejection, reject } from '../base/rejection.ts';
import { type AccountId, type AssetId, type Price, toUnitsDown, UNITS_MAX, type Units } from '../base/units.ts';
import { OUTSIDE } from '../ledger/ledger.ts';
import type { Fill, Order, Venue, VenueNeeds } from './venue.ts';

/** Fees are kept in millionths: 0.003 is 3000/1000000, the same integers as Uniswap v2's 997/1000. */
const FEE_DENOMINATOR = 1_000_000;
/** Tokens; what a reserve may be in a scenario. The ledger refuses what does not fit its units. */
const RESERVE_MAX = 1e15;

const params = {
  base: { kind: 'asset', doc: 'asset that is priced' },
  quote: { kind: 'asset', doc: 'asset that prices are counted in' },
  baseReserve: {
    kind: 'number',
    unit: 'token',
    range: [0, RESERVE_MAX],
    optional: true,
    doc: 'base tokens in the pool at the start; left out: as many as make its price the outside price',
  },
  quoteReserve: { kind: 'number', unit: 'token', range: [0, RESERVE_MAX], doc: 'quote tokens in the pool at the start' },
  fee: { kind: 'number', unit: 'ratio', range: [0, 0.1], default: 0.003, doc: 'part of the amount sold that stays in the pool' },
} as const;

/** The pool as a plug-in. Its reserves come from outside by way of a provider of its own, `lp:<name>`, who holds the first shares. */
export const constantProduct = definePart<VenueNeeds, Venue>()({
  name: 'constant-product',
  summary: 'Automated market maker with reserves x·y = k, Uniswap v2 integer arithmetic.',
  sources: ['Uniswap/v2-core contracts/UniswapV2Pair.sol', 'Uniswap/v2-periphery contracts/libraries/UniswapV2Library.sol'],
  params,
  create(values, needs) {
    const venue = createPool(values, needs);
    fund(venue, values, needs);
    return venue;
  },
});

/** Brings the first reserves in. Throws VENUE_RESERVES where only one of them is positive or the shares do not come to one. */
function fund(venue: Venue, { baseReserve: given, quoteReserve }: ParamsOf<typeof params>, { name, ledger, startPrice }: VenueNeeds): void {
  const baseReserve = given ?? (quoteReserve * startPrice(venue.quoteAsset)) / startPrice(venue.baseAsset);
  const base = toUnitsDown(baseReserve, ledger.assets.decimals[venue.baseAsset]);
  const quote = toUnitsDown(quoteReserve, ledger.assets.decimals[venue.quoteAsset]);
  if (base === 0 && quote === 0) return;
  const provider = ledger.open(`lp:${name}`, 'liquidity-provider');
  ledger.transfer(OUTSIDE, provider, venue.baseAsset, base);
  ledger.transfer(OUTSIDE, provider, venue.quoteAsset, quote);
  if (isRejection(venue.addLiquidity(provider, base, quote))) fault('VENUE_RESERVES', { name, baseReserve, quoteReserve });
}

/** An amount that the ledger could move. */
function isAmount(amount: Units): boolean {
  return amount > 0 && Number.isSafeInteger(amount);
}

function createPool({ base: baseAsset, quote: quoteAsset, fee }: ParamsOf<typeof params>, { name, ledger }: VenueNeeds): Venue {
  assert(baseAsset !== quoteAsset, 'VENUE_ASSETS', { name, asset: ledger.assets.names[baseAsset] });
  const account = ledger.open(name, 'venue');
  const { journal } = ledger;
  const feeNumerator = Math.round(fee * FEE_DENOMINATOR);
  const kept = (FEE_DENOMINATOR - feeNumerator) / FEE_DENOMINATOR;
  /** Turns quote units per base unit into quote tokens per base token. */
  const tokenRatio = ledger.assets.scale[baseAsset] / ledger.assets.scale[quoteAsset];
  /** Shares by provider, and their sum in `supply.data[0]`. */
  const held = column(0);
  const supply = column(1);

  const bases = ledger.holdings(baseAsset);
  const quotes = ledger.holdings(quoteAsset);
  const baseReserve = (): Units => bases.data[account];
  const quoteReserve = (): Units => quotes.data[account];
  const priceAt = (base: Units, quote: Units): Price => (base > 0 && quote > 0 ? (quote / base) * tokenRatio : Number.NaN);
  const sharesOf = (provider: AccountId): Units => (provider < held.data.length ? held.data[provider] : 0);

  function setShares(provider: AccountId, change: Units): void {
    growColumn(held, provider + 1);
    journal.set(held, provider, held.data[provider] + change);
    journal.set(supply, 0, supply.data[0] + change);
  }

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
    ledger.transfer(trader, account, order.sell, fill.sold);
    ledger.transfer(account, trader, order.sell === baseAsset ? quoteAsset : baseAsset, fill.bought);
    return fill;
  }

  /** Moves the deposit in and writes the shares. */
  function deposit(provider: AccountId, base: Units, quote: Units, made: Units): Units | Rejection {
    if (provider !== OUTSIDE && (ledger.balance(provider, baseAsset) < base || ledger.balance(provider, quoteAsset) < quote)) {
      return reject('WALLET_SHORT', {
        base,
        quote,
        baseBalance: ledger.balance(provider, baseAsset),
        quoteBalance: ledger.balance(provider, quoteAsset),
      });
    }
    ledger.transfer(provider, account, baseAsset, base);
    ledger.transfer(provider, account, quoteAsset, quote);
    setShares(provider, made);
    return made;
  }

  /**
   * Shares made: ⌊√(base·quote)⌋ while there are none (what was donated before then belongs to whoever is first), else the smaller of
   * base·S/B and quote·S/Q, rounded down, for a deposit in the reserves' ratio, rounded up within the two limits.
   * Rejections: VENUE_AMOUNT (not whole, or too little for one share), WALLET_SHORT.
   * @source  Uniswap/v2-core UniswapV2Pair.sol mint; Uniswap/v2-periphery UniswapV2Router02.sol _addLiquidity
   */
  function addLiquidity(provider: AccountId, baseLimit: Units, quoteLimit: Units): Units | Rejection {
    if (!isAmount(baseLimit) || !isAmount(quoteLimit)) return reject('VENUE_AMOUNT', { base: baseLimit, quote: quoteLimit });
    const total = supply.data[0];
    if (total === 0) return deposit(provider, baseLimit, quoteLimit, geometricMeanDown(baseLimit, quoteLimit));
    const inBase = baseReserve();
    const inQuote = quoteReserve();
    // The estimate keeps a lopsided pair of limits from asking for an amount that no number can hold.
    const quoteFor = (baseLimit * inQuote) / inBase <= quoteLimit + 1 ? mulDivUp(baseLimit, inQuote, inBase) : Number.POSITIVE_INFINITY;
    const quote = Math.min(quoteFor, quoteLimit);
    const base = quoteFor <= quoteLimit ? baseLimit : Math.min(baseLimit, mulDivUp(quoteLimit, inBase, inQuote));
    if (inBase + base > UNITS_MAX || inQuote + quote > UNITS_MAX) return reject('VENUE_AMOUNT', { base, quote });
    const made = Math.min(mulDivDown(base, total, inBase), mulDivDown(quote, total, inQuote));
    return made === 0 ? reject('VENUE_AMOUNT', { base, quote, made }) : deposit(provider, base, quote, made);
  }

  function removeLiquidity(provider: AccountId, shares: Units): Rejection | undefined {
    if (!isAmount(shares)) return reject('VENUE_AMOUNT', { shares });
    if (sharesOf(provider) < shares) return reject('SHARES_SHORT', { held: sharesOf(provider), shares });
    const base = mulDivDown(baseReserve(), shares, supply.data[0]);
    const quote = mulDivDown(quoteReserve(), shares, supply.data[0]);
    if (base === 0 || quote === 0) return reject('VENUE_AMOUNT', { shares, base, quote });
    setShares(provider, -shares);
    ledger.transfer(account, provider, baseAsset, base);
    ledger.transfer(account, provider, quoteAsset, quote);
    return undefined;
  }

  function claims(visit: (provider: AccountId, asset: AssetId, units: Units) => void): void {
    for (let provider = 0; provider < held.data.length; provider++) {
      const shares = held.data[provider];
      if (shares === 0) continue;
      visit(provider, baseAsset, mulDivDown(baseReserve(), shares, supply.data[0]));
      visit(provider, quoteAsset, mulDivDown(quoteReserve(), shares, supply.data[0]));
    }
  }

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
    shares: () => supply.data[0],
    sharesOf,
    addLiquidity,
    removeLiquidity,
    claims,
  };
}
