/**
 * The risk engine of the large lending protocols: each collateral counts with a fixed share of its value, whatever its volatility or depth,
 * and each contract asks for a fixed share of its notional.
 *
 *   counted = Σ collateral · threshold + quote⁺ + Σ (size · value)⁺          margin = Σ |size| · mark · maintenance
 *
 * with the loan-to-value and the initial share in their places when the need is initial. The mark is a perpetual's own, and of an option
 * that was sold that of its underlying; an option that was bought is paid for in full, asks for nothing and secures nothing. A collateral
 * of a category counts with the category's own shares while every debt of the account is of that category too: assets that move together
 * (Aave's efficiency mode).
 */
import { log } from '../../base/elementary.ts';
import { definePart } from '../../base/params.ts';
import type { Ratio, Usd } from '../../base/units.ts';
import type { AccountsView, Market, Marks } from '../accounts-view.ts';
import type { Need, RiskEngine } from './risk-engine.ts';
import {
  addContracts,
  blankStanding,
  CUSHION_SLACK,
  exposureUsd,
  judge,
  lipschitzCushion,
  roundingUsd,
  type Standing,
} from './standing.ts';

export const staticRisk = definePart<unknown, RiskEngine>()({
  name: 'static',
  summary: 'Each collateral counts with a fixed share of its value: LTV to borrow, liquidation threshold to be left alone.',
  sources: ['aave-dao/aave-v3-origin GenericLogic.sol (calculateUserAccountData), EModeLogic.sol'],
  params: {},
  create: createStatic,
});

function createStatic(): RiskEngine {
  const standing = blankStanding();
  return {
    epoch: () => 0,
    weight: loanWeight,
    assess(accounts, position, marks, need, into) {
      const counted = countedOf(accounts, position, marks, need, standing);
      return judge(standing, counted, contractMargin(accounts, position, marks, need), into);
    },
    cushion: (accounts, position, marks, level) =>
      accounts.settle < 0 ? loanCushion(accounts, position, marks, level) : wholeCushion(accounts, position, marks, level, standing),
  };
}

/** What remains of a collateral beside one debt: `weight` of engines that count collateral as this one does. */
export function loanWeight(collateral: Market, debt: Market): Ratio {
  return shareOf(collateral, debt.params.category, 'maintenance');
}

/**
 * Fills `into` with what the account has and owes, and answers what counts of it under the need, USD.
 */
export function countedOf(accounts: AccountsView, position: number, marks: Marks, need: Need, into: Standing): Usd {
  const { markets } = accounts;
  let assets = 0;
  let counted = 0;
  let debts = 0;
  let indebted = false;
  for (let market = 0; market < markets.length; market++) {
    const collateral = accounts.collateral(position, market);
    if (collateral > 0) {
      const usd = collateral * marks[market];
      assets += usd;
      const held = markets[market];
      counted += usd * (held.params.category === 0 ? plainShare(held, need) : shareOf(held, modeOf(accounts, position), need));
    }
    if (accounts.debtShares(position, market) > 0) {
      indebted = true;
      debts += accounts.debt(position, market) * marks[market];
    }
  }
  into.assetsUsd = assets;
  into.debtsUsd = debts;
  into.exposed = indebted;
  return counted + addContracts(accounts, position, marks, into) - boughtOptionsUsd(accounts, position, marks);
}

/** What the options are worth that the account has bought, USD. */
export function boughtOptionsUsd(accounts: AccountsView, position: number, marks: Marks): Usd {
  const { contracts, markets } = accounts;
  let usd = 0;
  for (let contract = 0; contract < contracts.length; contract++) {
    const size = contracts[contract].linear ? 0 : accounts.size(position, contract);
    if (size > 0) usd += size * marks[markets.length + contract];
  }
  return usd;
}

/** The category of all debts of an account; 0 where they have none in common. */
export function modeOf(accounts: AccountsView, position: number): number {
  let mode = -1;
  for (let market = 0; market < accounts.markets.length; market++) {
    if (accounts.debtShares(position, market) === 0) continue;
    const { category } = accounts.markets[market].params;
    mode = mode === -1 || mode === category ? category : 0;
  }
  return Math.max(0, mode);
}

function plainShare({ params }: Market, need: Need): Ratio {
  return need === 'initial' ? params.ltv : params.liquidationThreshold;
}

/** What counts of a collateral in an account of a category. */
export function shareOf(market: Market, mode: number, need: Need): Ratio {
  const { category, categoryLtv, categoryThreshold } = market.params;
  if (category === 0 || category !== mode) return plainShare(market, need);
  return need === 'initial' ? categoryLtv : categoryThreshold;
}

/** Σ |size| · mark · rate, USD: of perpetuals by their own mark, of options that were sold by that of the underlying. */
export function contractMargin(accounts: AccountsView, position: number, marks: Marks, need: Need): Usd {
  const { contracts, markets } = accounts;
  let margin = 0;
  for (let contract = 0; contract < contracts.length; contract++) {
    const size = accounts.size(position, contract);
    if (size === 0) continue;
    const { initial, maintenance, linear, market } = contracts[contract];
    if (!linear && size > 0) continue;
    margin += Math.abs(size) * marks[linear ? markets.length + contract : market] * (need === 'initial' ? initial : maintenance);
  }
  return margin;
}

/**
 * The cushion where there are only haircuts, which is of a ratio: health falls by the worst fall of a collateral and the worst rise of a
 * debt.
 */
export function loanCushion(accounts: AccountsView, position: number, marks: Marks, level: Ratio): Ratio {
  const mode = modeOf(accounts, position);
  let counted = 0;
  let debt = 0;
  for (let market = 0; market < accounts.markets.length; market++) {
    const collateral = accounts.collateral(position, market);
    if (collateral > 0) counted += collateral * shareOf(accounts.markets[market], mode, 'maintenance') * marks[market];
    const shares = accounts.debtShares(position, market);
    // shares + 1 covers the rounding up of debt, now and later.
    if (shares > 0) debt += (shares + 1) * accounts.debtIndex(market) * marks[market];
  }
  const distance = log(counted / debt / level) - CUSHION_SLACK;
  return Number.isNaN(distance) ? Number.NEGATIVE_INFINITY : distance;
}

/** Of a difference: cash does not move with the marks, but sizes move both values and margin. */
function wholeCushion(accounts: AccountsView, position: number, marks: Marks, level: Ratio, standing: Standing): Ratio {
  const counted = countedOf(accounts, position, marks, 'maintenance', standing);
  const margin = contractMargin(accounts, position, marks, 'maintenance');
  const rounding = roundingUsd(accounts, marks, level);
  const distance = counted - level * (standing.debtsUsd + margin) - rounding;
  return lipschitzCushion(distance, exposureUsd(standing, level) + level * margin + rounding);
}
