/**
 * Interest of a lending market, charged on the total alone: debt shares make it everybody's. Lazy and O(1): a market is brought up to date
 * when somebody looks at it. The rate is a function of utilisation with one kink.
 */
import { expm1 } from '../../base/elementary.ts';
import { years } from '../../base/params.ts';
import type { Ms, Ratio } from '../../base/units.ts';
import type { Accounts } from '../accounts.ts';
import type { MarketParams } from '../market-params.ts';

/**
 * Interest rate a year at a utilisation.
 *
 *   base + slope1 · U/kink                                  U ≤ kink
 *   base + slope1 + slope2 · (U − kink)/(1 − kink)          U > kink
 *
 * @param utilisation  debt ÷ supply, 0 ≤ U ≤ 1
 * @source             aave-dao/aave-v3-origin DefaultReserveInterestRateStrategyV2.sol
 */
export function borrowRate(params: MarketParams, utilisation: Ratio): number {
  const { rateBase, rateSlope1, rateKink, rateSlope2 } = params;
  if (utilisation <= rateKink) return rateBase + (rateKink === 0 ? 0 : (rateSlope1 * utilisation) / rateKink);
  return rateBase + rateSlope1 + (rateSlope2 * (utilisation - rateKink)) / (1 - rateKink);
}

/** Debt ÷ supply, at most 1; 0 without debt. */
export function utilisationOf(accounts: Accounts, market: number): Ratio {
  const debt = accounts.debtTotal.data[market];
  return debt === 0 ? 0 : Math.min(1, debt / accounts.supplyTotal.data[market]);
}

/**
 * Charges the interest of a market up to `at`: debt · (e^(rate · years) − 1), in whole units rounded down, the fraction carried to the next
 * time, so that it does not matter how often a market is looked at. The protocol keeps `reserveFactor` of it, lenders the rest; all of it
 * where there are no lenders.
 */
export function accrue(accounts: Accounts, market: number, at: Ms): void {
  const since = at - accounts.accruedAt.data[market];
  if (since <= 0) return;
  const debt = accounts.debtTotal.data[market];
  accounts.setOf(accounts.accruedAt, market, at);
  if (debt === 0) return;
  const { params } = accounts.markets[market];
  const rate = borrowRate(params, utilisationOf(accounts, market));
  if (rate === 0) return;
  const due = debt * expm1(rate * years(since)) + accounts.interestCarry.data[market];
  const interest = Math.floor(due);
  accounts.setOf(accounts.interestCarry, market, due - interest);
  if (interest === 0) return;
  const kept = accounts.supplyShares.data[market] === 0 ? interest : interest * params.reserveFactor + accounts.reserveCarry.data[market];
  const reserved = Math.min(interest, Math.floor(kept));
  accounts.setOf(accounts.reserveCarry, market, kept - reserved < 1 ? kept - reserved : 0);
  accounts.addTotal(accounts.debtTotal, market, interest);
  accounts.addTotal(accounts.reserve, market, reserved);
  accounts.addTotal(accounts.supplyTotal, market, interest - reserved);
}
