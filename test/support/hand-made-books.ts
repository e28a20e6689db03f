/**
 * Books that a test writes: rows of collateral, debt, sizes and cash, one unit of anything worth its mark, an index of debt by market and
 * of funding by contract. Markets 0 to 2; market 2 settles what contracts there are.
 */
import { type AccountsView, type Market, NO_CONTRACTS } from '../../src/protocol/accounts-view.ts';
import type { Contract, ContractState } from '../../src/protocol/instrument/contract.ts';
import { option } from '../../src/protocol/instrument/option.ts';
import { perpetual } from '../../src/protocol/instrument/perpetual.ts';
import type { RiskNeeds } from '../../src/protocol/risk/risk-engine.ts';
import { PLAIN_PERPETUAL } from '../../src/study/validate/contract-world.ts';
import { PLAIN_MARKET } from '../../src/study/validate/lending-world.ts';
import { plainNeeds } from '../../src/study/validate/plain-needs.ts';

const LTV = [0.8, 0.6, 0];
const THRESHOLD = [0.85, 0.65, 0];
export const HAND_MARKETS: readonly Market[] = LTV.map((ltv, index) => ({
  index,
  asset: index,
  name: `asset ${index}`,
  decimals: 0,
  scale: 1,
  params: { ...PLAIN_MARKET, ltv, liquidationThreshold: THRESHOLD[index] },
}));
export const SETTLE = 2;

const PERPETUAL = { ...PLAIN_PERPETUAL, initial: 0.1, maintenance: 0.05 };
const needs = (name: string, market: number) => ({ name, market, decimals: 0, surface: { volatility: () => 0.8 } });
/** A year away; the tests are over long before. */
const OPTION = { initial: 0.1, maintenance: 0.05, sizeCap: undefined, fee: 0, spread: 0, expiry: 365 * 86_400_000 };

/** A perpetual on each of markets 0 and 1; then a call and a put on market 0. */
export const HAND_PERPETUALS: readonly Contract[] = [0, 1].map((market) =>
  perpetual.create({ ...PERPETUAL, maintenance: 0.05 + 0.05 * market, initial: 0.1 + 0.05 * market }, needs(`perp ${market}`, market)),
);
export const HAND_OPTIONS: readonly Contract[] = (['call', 'put'] as const).map((right) =>
  option.create({ ...OPTION, right, strike: 100 }, needs(right, 0)),
);

/** One account. What it holds of contracts it paid, in settlement units, for what `entries` says. */
export interface Row {
  readonly collateral: readonly number[];
  readonly debt: readonly number[];
  readonly sizes?: readonly number[];
  readonly quote?: number;
  readonly entries?: readonly number[];
}

export interface Books {
  readonly view: AccountsView;
  /** Debt units per share, by market. */
  readonly index: number[];
  /** Settlement units that a unit of size has paid, by contract. */
  readonly funding: number[];
  /** Puts a row in the place of an account, or behind the last; debt in units is shares · index. */
  set(position: number, row: Row): void;
  row(position: number): Row;
}

/** @param contracts  of `HAND_PERPETUALS` and `HAND_OPTIONS`; none: loans alone */
export function aHandMadeBook(contracts: readonly Contract[] = []): Books {
  const rows: Row[] = [];
  const paidUp: number[][] = [];
  const index = [1, 1, 1];
  const funding = contracts.map(() => 0);
  const sizeOf = (position: number, contract: number) => rows[position].sizes?.[contract] ?? 0;
  const trading: Partial<AccountsView> =
    contracts.length === 0
      ? NO_CONTRACTS
      : {
          contracts,
          settle: SETTLE,
          size: sizeOf,
          quote: (position) =>
            Math.floor(
              (rows[position].quote ?? 0) -
                contracts.reduce((due, _, i) => due + sizeOf(position, i) * (funding[i] - paidUp[position][i]), 0),
            ),
          entry: (position, contract) => rows[position].entries?.[contract] ?? 0,
          fundingIndexOf: (contract) => funding[contract],
        };
  const view = {
    ...NO_CONTRACTS,
    ...trading,
    markets: HAND_MARKETS,
    get positions() {
      return rows.length;
    },
    collateral: (position: number, market: number) => rows[position].collateral[market],
    debt: (position: number, market: number) => Math.ceil(rows[position].debt[market] * index[market]),
    debtShares: (position: number, market: number) => rows[position].debt[market],
    totalDebt: (market: number) => rows.reduce((sum, { debt }) => sum + debt[market] * index[market], 0),
    totalDebtShares: (market: number) => rows.reduce((sum, { debt }) => sum + debt[market], 0),
    debtIndex: (market: number) => index[market],
  };
  return {
    view,
    index,
    funding,
    set(position, row) {
      rows[position] = row;
      paidUp[position] = [...funding];
    },
    row: (position) => rows[position],
  };
}

/** Marks of the markets, then of the contracts at those as their index prices. */
export function handMarks(prices: readonly number[], contracts: readonly Contract[] = [], at = 0): Float64Array {
  const values = contracts.map((contract) => contract.value(handState(prices[contract.market], at)));
  return Float64Array.from([...prices, ...values]);
}

export function handState(index: number, at = 0): ContractState {
  return { at, index, skew: 0, longs: 0, shorts: 0 };
}

/** What an engine is made from beside such books. `at` is the time that contracts stand at. */
export function handNeeds(contracts: readonly Contract[] = [], at: () => number = () => 0): RiskNeeds {
  return plainNeeds(HAND_MARKETS, {
    contracts,
    settle: contracts.length === 0 ? -1 : SETTLE,
    stateOf: () => handState(Number.NaN, at()),
  });
}
