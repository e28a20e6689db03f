/**
 * Who pays when a loss is left after liquidation and insurance: the winners of the same market, by auto-deleveraging. In proportion to what
 * they have won, or by a queue that closes the first in it wholly; and how the two differ, in overshoot and in concentration.
 *
 * T. Chitra, "Autodeleveraging: impossibilities and optimization", arXiv 2512.01112. Its first version claimed haircuts 28 times too large;
 * the third puts the overshoot of 10 October 2025 at 45.0 to 51.7 million USD.
 */
import { fault } from '../../base/fault.ts';
import type { Ratio, Usd } from '../../base/units.ts';

/** Part of a deficit that is rounding: no reason to close another position. */
const ROUNDING = 1e-12;

/** A winner as the queue sees it. */
export interface Winner {
  /** Unrealised profit, USD, ≥ 0: all that can be taken. */
  readonly profit: Usd;
  /** Profit over entry notional, ≥ 0. */
  readonly profitRatio: Ratio;
  /** Notional over equity, ≥ 0. */
  readonly leverage: Ratio;
}

/**
 * Haircuts in proportion to profit: min(1, D/Σ)·profit. Neither splitting an account nor merging two changes what anybody pays.
 *
 * @param deficit  D ≥ 0; what exceeds all profits stays uncovered
 * @param profits  USD, each ≥ 0
 * @returns        USD, in the order of `profits`
 * @throws         DELEVERAGE_DOMAIN
 * @example        D = 50, profits 100, 60, 40  →  25, 15, 10
 * @source         arXiv 2512.01112
 */
export function proRataHaircuts(deficit: Usd, profits: readonly Usd[]): Usd[] {
  checkDeficit(deficit, profits);
  const total = sum(profits);
  return total <= deficit ? [...profits] : profits.map((profit) => (deficit * profit) / total);
}

/** Rank in the queue: profit ratio times leverage, the highest first. @source  threadreaderapp.com/thread/1998451762232177041.html */
export function deleverageScore({ profitRatio, leverage }: Winner): number {
  return profitRatio * leverage;
}

/**
 * Haircuts of the queue: by falling score, positions are closed wholly until the deficit is covered, and a closed position loses all its
 * profit. Between equal scores the earlier winner goes first.
 *
 * @param deficit  D ≥ 0
 * @returns        USD, in the order of `winners`; together at least min(D, Σ profit)
 * @throws         DELEVERAGE_DOMAIN
 * @source         threadreaderapp.com/thread/1998451762232177041.html; arXiv 2512.01112
 */
export function queueHaircuts(deficit: Usd, winners: readonly Winner[]): Usd[] {
  const profits = winners.map(({ profit }) => profit);
  checkDeficit(deficit, profits);
  const scores = winners.map(deleverageScore);
  if (!scores.every((score) => score >= 0)) fault('DELEVERAGE_DOMAIN', { scores });
  const queue = scores.map((_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
  const haircuts = profits.map(() => 0);
  let left = deficit;
  for (const winner of queue) {
    if (left <= ROUNDING * deficit) break;
    haircuts[winner] = profits[winner];
    left -= profits[winner];
  }
  return haircuts;
}

/** What haircuts took beyond the deficit: max(0, Σ − D), USD. */
export function haircutOvershoot(haircuts: readonly Usd[], deficit: Usd): Usd {
  return Math.max(0, sum(haircuts) - deficit);
}

/** The part of all haircuts that falls on who pays most; NaN where nobody pays. */
export function haircutConcentration(haircuts: readonly Usd[]): Ratio {
  return Math.max(0, ...haircuts) / sum(haircuts);
}

function sum(amounts: readonly Usd[]): Usd {
  return amounts.reduce((total, amount) => total + amount, 0);
}

function checkDeficit(deficit: Usd, profits: readonly Usd[]): void {
  if (!(deficit >= 0 && profits.every((profit) => profit >= 0))) fault('DELEVERAGE_DOMAIN', { deficit, profits });
}
