/**
 * The contract of a risk engine: what an account must have, and whether it has it. Reads positions and marks, writes nothing but the
 * answer; what follows from it is the liquidation mechanism's business. Every engine passes test/contract/risk-engine.ts.
 */
import type { Part } from '../../base/params.ts';
import type { Ratio, Usd } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';

/** Which requirement: to borrow or withdraw (`initial`), or to be left alone (`maintenance`). */
export type Need = 'initial' | 'maintenance';

/** How a position stands. */
export interface Health {
  /** Collateral less debt. */
  equity: Usd;
  /** Equity that the need asks for. */
  required: Usd;
  /** Collateral that counts ÷ debt; Infinity without debt, NaN where an asset of a position with debt has no valid mark. */
  healthFactor: Ratio;
  /** healthFactor < 1, which says the same as equity < required. False where it is NaN. */
  liquidatable: boolean;
  collateralUsd: Usd;
  debtUsd: Usd;
}

export interface RiskEngine {
  /** Assesses one position into `into`, and answers it: nothing is allocated. */
  assess(accounts: AccountsView, position: number, marks: Marks, need: Need, into: Health): Health;
  /**
   * A bound for those who must not ask about everybody: under maintenance, healthFactor ≥ Σ collateral · weight ÷ Σ debt at any marks. The
   * larger the weight, the sharper the bound; a linear engine meets it exactly.
   */
  weight(accounts: AccountsView, market: number): Ratio;
}

export type RiskPart = Part<undefined, RiskEngine>;

/** An empty answer to pass to `assess`. */
export function blankHealth(): Health {
  return { equity: 0, required: 0, healthFactor: Number.POSITIVE_INFINITY, liquidatable: false, collateralUsd: 0, debtUsd: 0 };
}
