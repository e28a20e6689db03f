/**
 * At which price a perpetual position is liquidated and at which it is bankrupt, and two rules of dYdX v4: the initial margin that grows
 * with open interest, and the price below which closing a part of an account costs others. Funding, fees and slippage are left out.
 */
import { fault } from '../../base/fault.ts';
import type { Ratio, Usd, UsdPrice } from '../../base/units.ts';

/** A position whose margin is its own and was paid in when it was opened. */
export interface IsolatedPosition {
  readonly side: 'long' | 'short';
  /** P₀ > 0. */
  readonly entry: UsdPrice;
  /** L ≥ 1: notional over margin at the entry. */
  readonly leverage: Ratio;
}

/**
 * The price at which the margin is used up: P₀·(1 − 1/L) for a long, P₀·(1 + 1/L) for a short.
 *
 * @throws   PERPETUAL_DOMAIN
 * @example  long at 1, L = 20  →  0.95
 * @source   derived: equity = margin ± size·(P − P₀) = 0
 */
export function bankruptcyPrice({ side, entry, leverage }: IsolatedPosition): UsdPrice {
  if (!(entry > 0 && leverage >= 1)) fault('PERPETUAL_DOMAIN', { entry, leverage });
  return side === 'long' ? entry * (1 - 1 / leverage) : entry * (1 + 1 / leverage);
}

/**
 * The price at which equity falls to the maintenance margin m·size·P: P₀·(1 − 1/L)/(1 − m) for a long, P₀·(1 + 1/L)/(1 + m) for a short.
 * Beyond the entry where m exceeds 1/L: such a position is liquidatable when it is opened.
 *
 * @param maintenance  m, 0 ≤ m < 1, part of the notional at the mark
 * @throws             PERPETUAL_DOMAIN
 * @example            long at 1, L = 20, m = 0.0125  →  0.962025
 * @source             derived: equity = m·size·P
 */
export function liquidationPrice(position: IsolatedPosition, maintenance: Ratio): UsdPrice {
  if (!(maintenance >= 0 && maintenance < 1)) fault('PERPETUAL_DOMAIN', { maintenance });
  return bankruptcyPrice(position) / (position.side === 'long' ? 1 - maintenance : 1 + maintenance);
}

/** Initial margin of a market of dYdX v4, and the open interest between which it grows to the whole notional. */
export interface LiquidityTier {
  /** b, 0 < b ≤ 1. */
  readonly base: Ratio;
  /** USD, ≥ 0. */
  readonly lowerCap: Usd;
  /** USD, ≥ the lower cap. 0: it does not grow. */
  readonly upperCap: Usd;
}

/**
 * Initial margin fraction that open interest leaves in force: min(1, b + max(0, (OI − lower)/(upper − lower))·(1 − b)).
 *
 * @param openInterest  USD at the oracle price, ≥ 0
 * @throws              PERPETUAL_DOMAIN
 * @example             b = 0.1, caps of 20M and 50M, OI 35M  →  0.55
 * @source              dydxprotocol/v4-chain x/perpetuals/types/liquidity_tier.go, GetInitialMarginQuoteQuantums
 */
export function effectiveInitialMargin({ base, lowerCap, upperCap }: LiquidityTier, openInterest: Usd): Ratio {
  if (!(base > 0 && base <= 1 && lowerCap >= 0 && (upperCap === 0 || upperCap >= lowerCap) && openInterest >= 0)) {
    fault('PERPETUAL_DOMAIN', { base, lowerCap, upperCap, openInterest });
  }
  if (upperCap === 0) return base;
  if (openInterest >= upperCap) return 1;
  if (openInterest <= lowerCap) return base;
  return base + ((openInterest - lowerCap) / (upperCap - lowerCap)) * (1 - base);
}

/** An account of dYdX v4 under cross margin, of which a part is to be closed. All USD at oracle prices. */
export interface PartialClose {
  /** DNNV: notional of the position after closing less before; below 0 when a long is sold. */
  readonly notionalChange: Usd;
  /** DMMR: maintenance requirement after closing less before, ≤ 0. */
  readonly maintenanceChange: Usd;
  /** TNC: equity of the account before. */
  readonly netCollateral: Usd;
  /** TMMR > 0: maintenance requirement of the account before. */
  readonly maintenance: Usd;
}

/**
 * What closing must bring so that the account gives up no more of its equity than the part of its requirement that goes with it:
 *
 *   −DNNV − TNC·|DMMR|/TMMR
 *
 * Above 0 is a least price to sell for, below 0 less a highest price to buy for. The chain rounds it up to whole quote quantums; here it is
 * exact.
 *
 * @returns  USD for the whole part
 * @throws   PERPETUAL_DOMAIN
 * @example  sell a long of 300 of an account with equity 10 and requirement 50, of which 30 go  →  294
 * @source   dydxprotocol/v4-chain x/clob/keeper/liquidations.go, GetBankruptcyPriceInQuoteQuantums
 */
export function closingBankruptcyPrice(close: PartialClose): Usd {
  const { notionalChange, maintenanceChange, netCollateral, maintenance } = close;
  if (!(maintenance > 0 && maintenanceChange <= 0 && -maintenanceChange <= maintenance)) fault('PERPETUAL_DOMAIN', { ...close });
  return -notionalChange - (netCollateral * -maintenanceChange) / maintenance;
}
