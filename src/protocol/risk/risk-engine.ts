/**
 * The contract of a risk engine: what an account must have, and whether it has it. Reads positions and marks, writes nothing but the
 * answer; what follows from it is the liquidation mechanism's business. Every engine passes test/contract/risk-engine.ts.
 *
 * Of an account, whatever it holds:
 *
 *   assets = Σ collateral + quote⁺ + Σ (size · value)⁺      debts = Σ debt + quote⁻ + Σ (size · value)⁻      equity = assets − debts
 *   liquidatable: equity < required          health factor = (assets − haircut) ÷ (debts + margin),  required = haircut + margin
 *
 * where `haircut` is what an engine takes off the assets (it counts the rest) and `margin` what it asks for the risk of the whole. Both
 * ways of saying it agree at 1; an engine that only takes haircuts gives the health factor of lending, one that only asks for margin a
 * margin ratio.
 */
import type { Ms, Ratio, Units, Usd } from '../../base/units.ts';
import type { AccountsView, Market, Marks } from '../accounts-view.ts';
import type { Contract, ContractState } from '../instrument/contract.ts';

/** Which requirement: to borrow, withdraw or open (`initial`), or to be left alone (`maintenance`). */
export type Need = 'initial' | 'maintenance';

/** How a position stands. */
export interface Health {
  /** Assets less debts. */
  equity: Usd;
  /** Equity that the need asks for. */
  required: Usd;
  /**
   * See above; Infinity for who owes nothing and has no size by which he could come to (but options that he bought), NaN where an asset of
   * another position has no valid mark.
   */
  healthFactor: Ratio;
  /** healthFactor < 1, which says the same as equity < required. False where it is NaN. */
  liquidatable: boolean;
  /** Assets and debts. */
  collateralUsd: Usd;
  debtUsd: Usd;
}

export interface RiskEngine {
  /** Assesses one position into `into`, and answers it: nothing is allocated. */
  assess(accounts: AccountsView, position: number, marks: Marks, need: Need, into: Health): Health;
  /**
   * A bound for those who must not ask about everybody: how far marks may move against the position, in logarithms, before its maintenance
   * health can be below `level`. ≤ 0: it must be looked at every time. Holds as long as `epoch` stays what it is.
   *
   * Of loans, which have no cash and no size, the largest fall of a mark and the largest rise of a mark with its interest count together;
   * otherwise every move counts by itself, relative to the mark of the settlement asset, and what funding has cost, as part of a contract's
   * mark, on top of it. At levels up to 1 only falls of what it has and rises of what it owes are moves against it.
   */
  cushion(accounts: AccountsView, position: number, marks: Marks, level: Ratio): number;
  /** Changes whenever what `assess` knows beyond accounts and marks has: bounds from before mean nothing then. */
  epoch(): number;
  /**
   * For engines that only take a fixed share off each collateral: what remains of it. Then a position with one collateral, one debt and no
   * size has the health collateral · weight ÷ debt, and its place in a row never changes by prices.
   */
  weight?(collateral: Market, debt: Market): Ratio;
  /** Hears of the marks once a block, and of where contracts stand: engines that estimate learn from it. */
  observe?(marks: Marks, at: Ms, states: readonly ContractState[]): void;
}

/** As `FlowView` of `market/flow.ts`, of the venue on which most is traded; per USD of volume where that is per quote token. */
export interface MarketFlow {
  readonly imbalance: Ratio;
  readonly illiquidity: number;
  readonly impact: number;
  readonly realisedSpread: Ratio;
}

/** What every engine is made from. */
export interface RiskNeeds {
  readonly markets: readonly Market[];
  readonly contracts: readonly Contract[];
  /** The market that contracts are settled in; −1 where there are none. */
  readonly settle: number;
  /**
   * USD at the marks that selling so much of a market’s asset on its best venue would bring now, for whatever it is traded for; NaN where
   * no venue trades it.
   */
  proceedsUsd(market: number, units: Units): Usd;
  /** Units of a market's asset that so many USD at the marks buy on its best venue now; NaN likewise. */
  purchasedUnits(market: number, usd: Usd): Units;
  /** What the trades of a market’s asset tell of it now; undefined where none were, or no venue prices it in an asset with a market. */
  flow(market: number): MarketFlow | undefined;
  /** All collateral and all debt of a market now. */
  collateralTotal(market: number): Units;
  debtTotal(market: number): Units;
  /** Units owed per debt share of a market now. */
  debtIndex(market: number): Ratio;
  /** Where a contract stands now, by the oracles: its index may not be that of the marks that an account is assessed at. */
  stateOf(contract: number): ContractState;
}

/** An empty answer to pass to `assess`. */
export function blankHealth(): Health {
  return { equity: 0, required: 0, healthFactor: Number.POSITIVE_INFINITY, liquidatable: false, collateralUsd: 0, debtUsd: 0 };
}
