/**
 * What every engine adds up of an account before it judges, and the judgement once haircut and margin are known. One object, used again and
 * again: nothing is allocated.
 */
import { log } from '../../base/elementary.ts';
import type { Ratio, Usd } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import type { Health, RiskEngine } from './risk-engine.ts';

/** What a cushion allows for rounding, log units. */
export const CUSHION_SLACK = 1e-9;

/** Relative rounding of a sum of some tens of terms. */
const SUM_ROUNDING = 2 ** -48;

export interface Standing {
  assetsUsd: Usd;
  debtsUsd: Usd;
  /** Of these the cash in the settlement asset; negative for who owes it. */
  cashUsd: Usd;
  /** Whether it owes anything, or holds size by which it could come to owe: only then can it be liquidated. */
  exposed: boolean;
}

export function blankStanding(): Standing {
  return { assetsUsd: 0, debtsUsd: 0, cashUsd: 0, exposed: false };
}

/** Adds the cash of a position and the value of its contracts to what is there already. Answers by how much assets grew. */
export function addContracts(accounts: AccountsView, position: number, marks: Marks, into: Standing): Usd {
  const { settle, contracts, markets } = accounts;
  into.cashUsd = 0;
  if (settle < 0) return 0;
  // Summed apart: of large assets a small difference would be lost.
  let added = 0;
  const quote = accounts.quote(position);
  if (quote !== 0) {
    into.cashUsd = quote * marks[settle];
    if (quote > 0) added += into.cashUsd;
    else {
      into.debtsUsd -= into.cashUsd;
      into.exposed = true;
    }
  }
  for (let contract = 0; contract < contracts.length; contract++) {
    const size = accounts.size(position, contract);
    if (size === 0) continue;
    const usd = size * marks[markets.length + contract];
    // An option that was bought is worth nothing at worst.
    if (contracts[contract].linear || size < 0) into.exposed = true;
    if (usd < 0) into.debtsUsd -= usd;
    else added += usd;
  }
  into.assetsUsd += added;
  return added;
}

/** Cash and contracts of a position together, at the marks; negative for who owes. */
export function cashAndContractsUsd(accounts: AccountsView, position: number, marks: Marks): Usd {
  const { settle, contracts, markets } = accounts;
  if (settle < 0) return 0;
  let usd = accounts.quote(position) * marks[settle];
  for (let contract = 0; contract < contracts.length; contract++) {
    const size = accounts.size(position, contract);
    if (size !== 0) usd += size * marks[markets.length + contract];
  }
  return usd;
}

/** Σ |size| · mark of the underlying. */
export function notionalOf(accounts: AccountsView, position: number, marks: Marks): Usd {
  const { contracts } = accounts;
  let usd = 0;
  for (let contract = 0; contract < contracts.length; contract++) {
    const size = accounts.size(position, contract);
    if (size !== 0) usd += Math.abs(size) * marks[contracts[contract].market];
  }
  return usd;
}

/** All of it: collateral, debts, cash and contracts, at the marks. */
export function standingOf(accounts: AccountsView, position: number, marks: Marks, into: Standing): Standing {
  const { markets } = accounts;
  into.assetsUsd = 0;
  into.debtsUsd = 0;
  into.exposed = false;
  for (let market = 0; market < markets.length; market++) {
    const collateral = accounts.collateral(position, market);
    if (collateral > 0) into.assetsUsd += collateral * marks[market];
    if (accounts.debtShares(position, market) > 0) {
      into.debtsUsd += accounts.debt(position, market) * marks[market];
      into.exposed = true;
    }
  }
  addContracts(accounts, position, marks, into);
  return into;
}

/** The judgement. @param counted  what counts of the assets, USD @param margin  what is asked for the risk of the whole, USD, ≥ 0 */
export function judge({ assetsUsd, debtsUsd, exposed }: Standing, counted: Usd, margin: Usd, into: Health): Health {
  into.equity = assetsUsd - debtsUsd;
  into.required = assetsUsd - counted + margin;
  // What is taken off all that is there may leave less than nothing, by rounding: nobody is below a health of 0.
  into.healthFactor = exposed ? Math.max(0, counted) / (debtsUsd + margin) : Number.POSITIVE_INFINITY;
  into.liquidatable = into.healthFactor < 1;
  into.collateralUsd = assetsUsd;
  into.debtUsd = debtsUsd;
  return into;
}

/**
 * The cushion of an account of which counted − level · asked is `distance` now. Prices are in the settlement asset where there is one, so
 * that cash is no exposure; `gross` is what the distance falls by, at most, for each part of its value that everything else moves. As
 * exposures grow with their marks, moves of up to m in logarithms, each against the account, cost at most gross · (e^m − 1).
 *
 *   m = ln(1 + distance ÷ gross)
 */
export function lipschitzCushion(distance: Usd, gross: Usd): Ratio {
  if (!(distance > 0)) return Number.NEGATIVE_INFINITY;
  return gross > 0 ? log(1 + distance / gross) - CUSHION_SLACK : Number.POSITIVE_INFINITY;
}

/**
 * What of an account moves with marks, USD, weighted with the most that a USD of it may be in the distance to a level: 1 among assets, the
 * level among debts, and funding, which is paid in proportion, may become either. Cash does not move.
 */
export function exposureUsd({ assetsUsd, debtsUsd, cashUsd }: Standing, level: Ratio): Usd {
  const all = assetsUsd + debtsUsd;
  // Beside much cash the rest may be below the last digit of the sum.
  return Math.max(1, level) * (all - Math.abs(cashUsd) + all * SUM_ROUNDING);
}

/**
 * What the rounding of cash, debts and funding to whole units may take from the distance to a level later, USD: a unit of each market, as
 * asset or as debt.
 */
export function roundingUsd(accounts: AccountsView, marks: Marks, level: Ratio): Usd {
  let usd = 0;
  for (let market = 0; market < accounts.markets.length; market++)
    usd += marks[market] > 0 ? marks[market] * accounts.debtIndex(market) : 0;
  return Math.max(1, level) * usd;
}

/** An engine that knows how steeply its requirement may rise. */
export interface SlopedEngine extends RiskEngine {
  /** The most that the maintenance requirement of an account rises or falls by per USD of anything that it holds. */
  slope(accounts: AccountsView, position: number): Ratio;
}
