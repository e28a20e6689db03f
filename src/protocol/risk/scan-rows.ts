/**
 * What everything would lose in every scenario of a scan, worked out once for each set of marks, so that an account costs a few sums: of
 * a USD of a market, or of a contract in proportion to its mark, a row for each market; of a unit of an option a row of its own, revalued
 * at the moved price and volatility. Losses are positive and those of a long holding.
 */
import { years } from '../../base/params.ts';
import type { Ms, Ratio } from '../../base/units.ts';
import type { Marks } from '../accounts-view.ts';
import type { RiskNeeds } from './risk-engine.ts';
import { type GridTerms, type ScanScenario, volatilityFactor } from './scan-grid.ts';
import type { ScanRanges } from './scan-ranges.ts';

export interface ScanRows {
  /** Scenarios, and the length of a row. */
  readonly length: number;
  /** Loss of a USD of each market: entry market · length + scenario. */
  readonly perUsd: Float64Array;
  /** By market: the most that a USD held long, and one owed, loses in any scenario. */
  readonly fall: Float64Array;
  readonly rise: Float64Array;
  /** Makes the rows anew if ranges have changed. */
  refresh(): void;
  /** Loss of a unit of size of a contract: entries from contract · length on of the answer. */
  rowOf(contract: number, marks: Marks): Float64Array;
}

/** Rows at one set of marks, and what they were made from. */
interface Table {
  readonly perUnit: Float64Array;
  /** By contract: time, index and mark. */
  readonly at: Float64Array;
  readonly index: Float64Array;
  readonly mark: Float64Array;
  epoch: number;
}

/**
 * @param lowest     no move is below it; above −1
 * @param lookAhead  how much later options are revalued
 */
export function createScanRows(
  terms: GridTerms & { readonly lookAhead: Ms },
  scenarios: readonly ScanScenario[],
  ranges: ScanRanges,
  { markets, contracts, stateOf }: RiskNeeds,
  lowest: Ratio,
): ScanRows {
  const length = scenarios.length;
  const perUsd = new Float64Array(markets.length * length);
  const fall = new Float64Array(markets.length);
  const rise = new Float64Array(markets.length);
  /** One table for each array of marks there is: the protocol's own, fair ones, those of an index. */
  const tables = new WeakMap<Marks, Table>();
  let epoch = -1;

  const moveOf = (market: number, { ranges: steps, move }: ScanScenario) => Math.max(lowest, steps * ranges.of[market] + move);

  const refresh = () => {
    if (epoch === ranges.epoch) return;
    epoch = ranges.epoch;
    fall.fill(0);
    rise.fill(0);
    for (let market = 0; market < markets.length; market++) {
      for (let scenario = 0; scenario < length; scenario++) {
        const loss = -moveOf(market, scenarios[scenario]) * scenarios[scenario].cover;
        perUsd[market * length + scenario] = loss;
        if (loss > fall[market]) fall[market] = loss;
        if (-loss > rise[market]) rise[market] = -loss;
      }
    }
  };

  const tableOf = (marks: Marks): Table => {
    const known = tables.get(marks);
    if (known !== undefined) return known;
    const blank = () => new Float64Array(contracts.length).fill(Number.NaN);
    const table = { perUnit: new Float64Array(contracts.length * length), at: blank(), index: blank(), mark: blank(), epoch };
    tables.set(marks, table);
    return table;
  };

  const revalue = (table: Table, contract: number, at: Ms, index: number, mark: number) => {
    const option = contracts[contract];
    const state = { ...stateOf(contract), at: at + terms.lookAhead, index };
    const left = years(Math.max(0, (option.expiry ?? Number.POSITIVE_INFINITY) - state.at));
    for (let scenario = 0; scenario < length; scenario++) {
      const { volatility, cover } = scenarios[scenario];
      const factor = volatilityFactor(terms, volatility, left);
      const then = option.valueAt(state, 1 + moveOf(option.market, scenarios[scenario]), factor);
      table.perUnit[contract * length + scenario] = (mark - then) * cover;
    }
    table.at[contract] = at;
    table.index[contract] = index;
    table.mark[contract] = mark;
  };

  return {
    length,
    perUsd,
    fall,
    rise,
    refresh,
    rowOf(contract, marks) {
      const table = tableOf(marks);
      if (table.epoch !== epoch) {
        table.epoch = epoch;
        table.at.fill(Number.NaN);
      }
      const { at } = stateOf(contract);
      const index = marks[contracts[contract].market];
      const mark = marks[markets.length + contract];
      const known = table.at[contract] === at && table.index[contract] === index && table.mark[contract] === mark;
      if (!known) revalue(table, contract, at, index, mark);
      return table.perUnit;
    },
  };
}
