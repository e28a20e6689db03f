/**
 * What a margin formula may speak of, and the row of values it is computed from. A holding is all that an account has of one kind: its size
 * of a contract, its debt in a market, or its collateral in one. Every value is held within the range declared here when the row is filled,
 * so that what was judged of a formula when it was read stays true while it runs.
 */
import type { FormulaVariable } from '../../base/params.ts';

const USD_MAX = 1e15;
/** Of what a formula may divide by: no more than a cent or a dollar away from nothing. */
const usd = (name: string, low: number, doc: string): FormulaVariable => ({ name, unit: 'usd', range: [low, USD_MAX], doc });
const ratio = (name: string, low: number, high: number, doc: string): FormulaVariable => ({ name, unit: 'ratio', range: [low, high], doc });

/** In the order of their slots. */
export const MARGIN_VARIABLES = [
  usd('notional', 0, 'value of the holding at the mark; of an option that of its underlying'),
  { name: 'size', unit: 'token', range: [0, 1e18], doc: 'tokens of the holding' },
  ratio('side', -1, 1, '1 for collateral and a perpetual that was bought, −1 for debt and what was sold'),
  { name: 'price', unit: 'usd/token', range: [1e-12, 1e12], doc: 'mark of the asset, of the contract' },
  { name: 'volatility', unit: '1/sqrt(year)', range: [0, 100], doc: 'of the asset’s mark, as estimated' },
  { name: 'delay', unit: 'year', range: [0, 1], doc: 'the parameter of that name' },
  usd('depth', 1, 'what can be sold on the best venue, of a contract to the house, for at most `slippage` less than a little'),
  usd('openInterest', 0, 'all collateral or debt of that market; of a contract the larger of longs and shorts'),
  usd('openInterestCap', 1, 'what it may be at most; 10^15 where there is no cap'),
  { name: 'skew', unit: 'usd', range: [-USD_MAX, USD_MAX], doc: 'longs less shorts of the contract; 0 for loans' },
  ratio('maintenanceRate', 0, 1, 'the contract’s own; of a collateral 1 − liquidation threshold, of a debt 0'),
  ratio('initialRate', 0, 1, 'the contract’s own; of a collateral 1 − loan-to-value, of a debt 0'),
  ratio('rate', 0, 1, 'of the two the one that is asked for'),
  ratio('bonus', 0, 1, 'of a collateral, the bonus of its liquidation; otherwise 0'),
  ratio('leverage', 0, 1e6, 'notional of all contracts and debts of the account over its equity'),
  usd('collateralUsd', 0, 'assets of the account'),
  { name: 'equity', unit: 'usd', range: [-USD_MAX, USD_MAX], doc: 'assets less debts of the account' },
  ratio('imbalance', -1, 1, 'of the asset’s venue: bought less sold over both; this and the next three are 0 while nobody traded'),
  { name: 'illiquidity', unit: '1/usd', range: [0, 1], doc: 'of the asset’s venue: mean of |return| over volume, by blocks (Amihud)' },
  { name: 'impact', unit: '1/usd', range: [-1, 1], doc: 'of the asset’s venue: slope of returns in what was bought less sold (Kyle’s λ)' },
  ratio('realisedSpread', -1, 1, 'of the asset’s venue: what is left to who stood on the other side of its trades, after `flow.lag`'),
] as const satisfies readonly FormulaVariable[];

export type MarginVariable = (typeof MARGIN_VARIABLES)[number]['name'];

/** The slot of each variable. */
export const SLOT = Object.fromEntries(MARGIN_VARIABLES.map(({ name }, slot) => [name, slot])) as Readonly<Record<MarginVariable, number>>;

const LOW = Float64Array.from(MARGIN_VARIABLES, ({ range }) => range[0]);
const HIGH = Float64Array.from(MARGIN_VARIABLES, ({ range }) => range[1]);

/** An empty row. */
export function marginRow(): Float64Array {
  return new Float64Array(MARGIN_VARIABLES.length);
}

/** Writes a value, held within its range; what is not known (NaN) stays so. */
export function setVariable(row: Float64Array, slot: number, value: number): void {
  row[slot] = Math.min(HIGH[slot], Math.max(LOW[slot], value));
}
