/**
 * Whether an action may be done: would its account meet the initial requirement afterwards (RISK-1)? Answers by assessing the account as it
 * would be, rounding included, without changing anything. Contracts count at what closing them would bring, impact included, and not at
 * their mark: a trader moves the mark by his own size, and profit that is only that cannot be taken out.
 */
import type { Units } from '../../base/units.ts';
import type { AccountsView, Market, Marks } from '../accounts-view.ts';
import type { Contract } from '../instrument/contract.ts';
import { toAssetsUp } from '../instrument/debt.ts';
import { blankHealth, type Health, type RiskEngine } from './risk-engine.ts';

/**
 * A change of one position: collateral of one market, debt of one (perhaps another) market, cash, size of one contract. All signed. Markets
 * and contracts that are not concerned are −1.
 */
export interface Change {
  readonly position: number;
  readonly collateralMarket: number;
  readonly collateral: Units;
  readonly debtMarket: number;
  readonly debt: Units;
  readonly debtShares: Units;
  readonly quote: Units;
  readonly contract: number;
  readonly size: Units;
  /** Of what the size has cost. */
  readonly entry: Units;
}

/** Nothing changes: what a change is spread over. */
export const NO_CHANGE = {
  collateralMarket: -1,
  collateral: 0,
  debtMarket: -1,
  debt: 0,
  debtShares: 0,
  quote: 0,
  contract: -1,
  size: 0,
  entry: 0,
};

export interface Admission {
  /** The position's initial health after `change`; the object is reused. */
  healthAfter(change: Change, marks: Marks): Health;
  /** Whether that meets the requirement; false where an asset concerned has no valid mark. */
  admits(change: Change, marks: Marks): boolean;
}

/** USD per unit of size at which a signed size could be closed at once, after a trade of `traded` units. */
export type ExitPrice = (contract: number, size: Units, traded: Units) => number;

/**
 * @param engine  answers the risk engine of now: governance may replace it
 * @param exit    left out: contracts count at their marks
 */
export function createAdmission(accounts: AccountsView, engine: () => RiskEngine, exit?: ExitPrice): Admission {
  const view = new Changed(accounts);
  const health = blankHealth();
  const { markets, contracts } = accounts;
  const atExit: Marks = new Float64Array(markets.length + contracts.length);

  /** The marks, of each contract that the account would hold the price at which it could close. */
  const exitMarks = ({ position, contract: traded, size: change }: Change, marks: Marks): Marks => {
    if (exit === undefined || contracts.length === 0) return marks;
    atExit.set(marks);
    for (let contract = 0; contract < contracts.length; contract++) {
      const size = view.size(position, contract);
      if (size !== 0) atExit[markets.length + contract] = exit(contract, size, contract === traded ? change : 0);
    }
    return atExit;
  };

  const healthAfter = (change: Change, marks: Marks) => {
    view.change = change;
    return engine().assess(view, change.position, exitMarks(change, marks), 'initial', health);
  };
  return { healthAfter, admits: (change, marks) => healthAfter(change, marks).healthFactor >= 1 };
}

/** The accounts as they would be. Only the changed position is looked at, so the indexes of others do not matter. */
class Changed implements AccountsView {
  readonly markets: readonly Market[];
  readonly contracts: readonly Contract[];
  readonly settle: number;
  change: Change = { ...NO_CHANGE, position: -1 };
  private readonly accounts: AccountsView;

  constructor(accounts: AccountsView) {
    this.markets = accounts.markets;
    this.contracts = accounts.contracts;
    this.settle = accounts.settle;
    this.accounts = accounts;
  }

  get positions(): number {
    return this.accounts.positions;
  }

  collateral(position: number, market: number): Units {
    return this.accounts.collateral(position, market) + (market === this.change.collateralMarket ? this.change.collateral : 0);
  }

  debtShares(position: number, market: number): Units {
    return this.accounts.debtShares(position, market) + (market === this.change.debtMarket ? this.change.debtShares : 0);
  }

  debt(position: number, market: number): Units {
    if (market !== this.change.debtMarket) return this.accounts.debt(position, market);
    return toAssetsUp(this.debtShares(position, market), this.totalDebt(market), this.totalDebtShares(market));
  }

  totalDebt(market: number): Units {
    return this.accounts.totalDebt(market) + (market === this.change.debtMarket ? this.change.debt : 0);
  }

  totalDebtShares(market: number): Units {
    return this.accounts.totalDebtShares(market) + (market === this.change.debtMarket ? this.change.debtShares : 0);
  }

  debtIndex(market: number): number {
    return this.accounts.debtIndex(market);
  }

  quote(position: number): Units {
    return this.accounts.quote(position) + this.change.quote;
  }

  size(position: number, contract: number): Units {
    return this.accounts.size(position, contract) + (contract === this.change.contract ? this.change.size : 0);
  }

  entry(position: number, contract: number): Units {
    return this.accounts.entry(position, contract) + (contract === this.change.contract ? this.change.entry : 0);
  }

  fundingIndexOf(contract: number): number {
    return this.accounts.fundingIndexOf(contract);
  }
}
