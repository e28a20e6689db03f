/**
 * P&L of contracts whose value does not move in proportion to their mark, for one unit of size: made once for each state of the contract
 * and then the same for everybody, so that an account with options stays a sum of products. Values are those of an instant move: no time
 * passes in a scenario, and implied volatility stays.
 *
 *   full         V(index · (1 + r)) − V(index)
 *   delta-gamma  Δ·x + ½Γ·x²,  x = index · r          Γ from values at index · (1 ± 1 %)
 *   delta        Δ·x, which is an exposure to the market and needs no column
 */
import type { Contract, ContractState } from '../instrument/contract.ts';
import type { Scenarios } from './scenarios.ts';

export type Valuation = 'full' | 'delta-gamma' | 'delta';

/** Move by which a second derivative is taken: small beside what a curve bends over, large beside rounding. */
const BUMP = 0.01;

/** Where a contract stands; the index may be that of other marks than the oracles'. */
interface Standpoint {
  at: number;
  index: number;
  skew: number;
  longs: number;
  shorts: number;
}

export interface RevaluationNeeds {
  readonly contracts: readonly Contract[];
  /** Simple returns by market; live. Undefined where there are none, and everything moves like its delta. */
  readonly returns: Scenarios | undefined;
  /** Where to write: the column of each contract that is revalued, by contract. */
  readonly columns: readonly (Float64Array | undefined)[];
  readonly valuation: Valuation;
  /** Where a contract stands now. */
  stateOf(contract: number): ContractState;
}

export interface Revaluation {
  /** Brings the contract's column up to where it stands at this index. Answers whether anything changed. */
  update(contract: number, index: number): boolean;
  /** USD by which a unit of size changes when the market's mark does by as much again, to first order: Δ · index. */
  deltaUsd(contract: number, index: number): number;
  /** Scenarios have changed: every column is old. */
  outdate(): void;
}

export function createRevaluation({ contracts, returns, columns, valuation, stateOf }: RevaluationNeeds): Revaluation {
  /** What the column, or the delta, of each contract was made for; NaN: nothing. */
  const madeAt = contracts.map(() => Number.NaN);
  const madeFor = contracts.map(() => Number.NaN);
  const deltas = contracts.map(() => Number.NaN);
  const state: Standpoint = { at: 0, index: 0, skew: 0, longs: 0, shorts: 0 };

  /** Sets `state`. Answers whether the contract stood there already. */
  const stand = (contract: number, index: number): boolean => {
    const { at, skew, longs, shorts } = stateOf(contract);
    const before = madeFor[contract] === index && madeAt[contract] === at;
    madeFor[contract] = index;
    madeAt[contract] = at;
    state.at = at;
    state.index = index;
    state.skew = skew;
    state.longs = longs;
    state.shorts = shorts;
    return before;
  };

  const revalue = (terms: Contract, moves: Float64Array, column: Float64Array) => {
    const value = terms.value(state);
    for (let s = 0; s < column.length; s++) column[s] = terms.valueAt(state, 1 + moves[s], 1) - value;
  };

  const expand = (terms: Contract, moves: Float64Array, column: Float64Array) => {
    const slope = terms.delta(state) * state.index;
    const around = terms.valueAt(state, 1 + BUMP, 1) + terms.valueAt(state, 1 - BUMP, 1) - 2 * terms.value(state);
    const bend = around / (2 * BUMP * BUMP);
    for (let s = 0; s < column.length; s++) column[s] = (slope + bend * moves[s]) * moves[s];
  };

  return {
    update(contract, index) {
      const column = columns[contract];
      if (column === undefined || returns === undefined || stand(contract, index)) return false;
      const terms = contracts[contract];
      (valuation === 'full' ? revalue : expand)(terms, returns.columns[terms.market], column);
      return true;
    },
    deltaUsd(contract, index) {
      if (!stand(contract, index)) deltas[contract] = contracts[contract].delta(state) * index;
      return deltas[contract];
    },
    outdate() {
      madeFor.fill(Number.NaN);
    },
  };
}
