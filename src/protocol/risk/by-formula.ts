/**
 * The risk engine whose rule its user writes: a formula gives what one holding asks for, in USD, and an account asks for the sum over its
 * holdings. `formula` is asked about the size of each contract and about each debt (margin), `collateralFormula` about each collateral
 * (what is taken off it); without the latter collaterals count as under `static`.
 *
 *   counted = Σ (collateral · mark − haircut) + cash + perpetuals of worth          haircut = formula held between 0 and the value
 *   margin  = Σ formula⁺                                                            by contract and by debt
 *
 * An option that was bought counts nothing and is not asked about, as under `static`.
 *
 * Initial: the larger of what the formula gives with either `rate`, times a factor, so that nobody may borrow who would be liquidated.
 * What a formula asks is its own: one that asks for less when things get worse is not mended here.
 *
 * Variables and their ranges are in `margin-variables.ts`. Volatility, depth and flow are looked at once an interval, open interest and
 * skew at the end of every block; in between they stand. A formula has no bound on how fast it may change, so every account is looked at
 * whenever anything moved (cushion −∞).
 */
import { largestAllowed } from '../../base/largest-allowed.ts';
import { definePart, type ParamsOf, years } from '../../base/params.ts';
import { type Ms, toUnitsDown, UNITS_MAX, type Units, type Usd } from '../../base/units.ts';
import { type Expression, usedBy } from '../../formula/expression.ts';
import type { Lowered } from '../../formula/lower.ts';
import { lowerExpression } from '../../formula/lower-expression.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import type { Contract, ContractState } from '../instrument/contract.ts';
import { MARGIN_VARIABLES, type MarginVariable, marginRow, SLOT, setVariable } from './margin-variables.ts';
import type { Need, RiskEngine, RiskNeeds } from './risk-engine.ts';
import { createSaleTable } from './sale-table.ts';
import { addContracts, blankStanding, judge, type Standing, standingOf } from './standing.ts';
import { boughtOptionsUsd, countedOf, modeOf, shareOf } from './static.ts';
import { createMarkVolatilities, volatilityParams } from './volatility/mark-volatilities.ts';

const params = {
  formula: {
    kind: 'formula',
    variables: MARGIN_VARIABLES,
    unit: 'usd',
    doc: 'margin for one contract or debt; static: notional * rate with initialFactor 1',
  },
  collateralFormula: {
    kind: 'formula',
    variables: MARGIN_VARIABLES,
    unit: 'usd',
    optional: true,
    doc: 'what is taken off one collateral; as static if left out, which is notional * rate',
  },
  initialFactor: {
    kind: 'number',
    unit: 'ratio',
    range: [1, 10],
    default: 1.1,
    doc: 'by how much more is asked to borrow or open (CME: 110 % of maintenance where risk is heightened)',
  },
  delay: { kind: 'duration', range: [0, 365 * 86_400_000], default: 3_600_000, doc: 'a time that the formula may use' },
  slippage: { kind: 'number', unit: 'ratio', range: [0.0001, 0.9], default: 0.02, doc: 'at which depth is measured' },
  ...volatilityParams,
} as const;

export const byFormula = definePart<RiskNeeds, RiskEngine>()({
  name: 'by-formula',
  summary: 'What an account must have is the sum of a formula of your own over its contracts, debts and collaterals.',
  sources: [
    'dydxprotocol/v4-chain x/perpetuals/types/liquidity_tier.go (such a formula)',
    'backstop-protocol/smart-ltv src/core/SmartLTV.sol (another)',
    'cmegroup.com/clearing/risk-management/performance-bonds-margins.html (initial 110 % of maintenance)',
  ],
  params,
  ignores: ['initial', 'maintenance'],
  create: createByFormula,
});

/** Slots as constants: looked up by name, they would cost more than the formula. */
const NOTIONAL = SLOT.notional;
const SIZE = SLOT.size;
const SIDE = SLOT.side;
const PRICE = SLOT.price;
const VOLATILITY = SLOT.volatility;
const DELAY = SLOT.delay;
const DEPTH = SLOT.depth;
const OPEN_INTEREST = SLOT.openInterest;
const OPEN_INTEREST_CAP = SLOT.openInterestCap;
const SKEW = SLOT.skew;
const MAINTENANCE_RATE = SLOT.maintenanceRate;
const INITIAL_RATE = SLOT.initialRate;
const RATE = SLOT.rate;
const BONUS = SLOT.bonus;
const LEVERAGE = SLOT.leverage;
const COLLATERAL_USD = SLOT.collateralUsd;
const EQUITY = SLOT.equity;
const IMBALANCE = SLOT.imbalance;
const ILLIQUIDITY = SLOT.illiquidity;
const IMPACT = SLOT.impact;
const REALISED_SPREAD = SLOT.realisedSpread;

/** Imbalance, illiquidity, impact, realised spread. */
const FLOWS = 4;

function createByFormula(terms: ParamsOf<typeof params>, needs: RiskNeeds): RiskEngine {
  const { initialFactor, slippage, interval } = terms;
  const { markets, contracts } = needs;
  const marginTree = terms.formula as Expression;
  const haircutTree = terms.collateralFormula as Expression | undefined;
  const marginOf = lowerExpression(marginTree, MARGIN_VARIABLES);
  const haircutOf = haircutTree === undefined ? undefined : lowerExpression(haircutTree, MARGIN_VARIABLES);
  const used = new Set(haircutTree === undefined ? usedBy(marginTree) : [...usedBy(marginTree), ...usedBy(haircutTree)]);
  const uses = (name: MarginVariable) => used.has(name);
  const volatilities = createMarkVolatilities(markets, terms, 0);
  const sales = markets.map(({ index }) => createSaleTable(needs, index));
  /** By market, then by contract: units that can be sold; of both sides the larger, and longs less shorts. */
  const width = markets.length + contracts.length;
  const depths = new Float64Array(width).fill(Number.NaN);
  const held = new Float64Array(width);
  const owed = new Float64Array(markets.length);
  const skews = new Float64Array(contracts.length);
  /** FLOWS numbers a market. */
  const flows = new Float64Array(markets.length * FLOWS);
  const row = marginRow();
  const set = (slot: number, value: number) => setVariable(row, slot, value);
  const standing = blankStanding();
  const scratch = blankStanding();
  let epoch = 0;
  let nextLook: Ms = 0;

  set(DELAY, years(terms.delay));

  /** Writes a number of the last look; answers whether it is another. */
  const note = (column: Float64Array, at: number, value: number): boolean => {
    if (Object.is(column[at], value)) return false;
    column[at] = value;
    return true;
  };

  const lookAtDepths = (marks: Marks, states: readonly ContractState[]): boolean => {
    let changed = false;
    for (let market = 0; market < markets.length; market++) {
      sales[market].refresh(marks[market]);
      changed = note(depths, market, sales[market].depth(slippage)) || changed;
    }
    for (let contract = 0; contract < contracts.length; contract++) {
      if (!(states[contract].index > 0)) continue;
      changed = note(depths, markets.length + contract, contractDepth(contracts[contract], states[contract], slippage)) || changed;
    }
    return changed;
  };

  const lookAtFlows = (): boolean => {
    let changed = false;
    for (let market = 0; market < markets.length; market++) {
      const flow = needs.flow(market);
      const numbers = flow === undefined ? [] : [flow.imbalance, flow.illiquidity, flow.impact, flow.realisedSpread];
      for (let i = 0; i < FLOWS; i++) changed = note(flows, market * FLOWS + i, numbers[i] || 0) || changed;
    }
    return changed;
  };

  const lookAtTotals = (states: readonly ContractState[]): boolean => {
    let changed = false;
    for (let market = 0; market < markets.length; market++) {
      changed = note(held, market, needs.collateralTotal(market)) || changed;
      changed = note(owed, market, needs.debtTotal(market)) || changed;
    }
    for (let contract = 0; contract < contracts.length; contract++) {
      const { longs, shorts, skew } = states[contract];
      changed = note(held, markets.length + contract, Math.max(longs, shorts)) || changed;
      changed = note(skews, contract, skew) || changed;
    }
    return changed;
  };

  const usesAccount = uses('leverage') || uses('collateralUsd') || uses('equity');
  const usesFlow = uses('imbalance') || uses('illiquidity') || uses('impact') || uses('realisedSpread');
  const usesCrowd = uses('depth') || uses('openInterest') || uses('openInterestCap') || uses('skew');

  const setAccount = (accounts: AccountsView, position: number, marks: Marks, { assetsUsd, debtsUsd }: Standing) => {
    if (!usesAccount) return;
    const equity = assetsUsd - debtsUsd;
    let exposure = 0;
    for (let market = 0; market < markets.length; market++) {
      if (accounts.debtShares(position, market) > 0) exposure += accounts.debt(position, market) * marks[market];
    }
    for (let contract = 0; contract < contracts.length; contract++) {
      const size = accounts.size(position, contract);
      const { linear, market } = contracts[contract];
      if (size < 0 || (linear && size > 0)) exposure += Math.abs(size) * marks[linear ? markets.length + contract : market];
    }
    set(COLLATERAL_USD, assetsUsd);
    set(EQUITY, equity);
    // Without equity any leverage is more than there can be.
    set(LEVERAGE, equity > 0 ? exposure / equity : Number.POSITIVE_INFINITY);
  };

  /** @param unit  USD of notional per unit */
  const setHolding = (units: number, side: number, mark: number, unit: number, market: number) => {
    const { scale } = markets[market];
    set(NOTIONAL, units * unit);
    set(SIZE, units / scale);
    set(SIDE, side);
    set(PRICE, mark * scale);
    set(VOLATILITY, volatilities.annual[market]);
    if (!usesFlow) return;
    set(IMBALANCE, flows[market * FLOWS]);
    set(ILLIQUIDITY, flows[market * FLOWS + 1]);
    set(IMPACT, flows[market * FLOWS + 2]);
    set(REALISED_SPREAD, flows[market * FLOWS + 3]);
  };

  const setCrowd = (depth: number, all: number, cap: number, skew: number, unit: number) => {
    if (!usesCrowd) return;
    set(DEPTH, depth * unit);
    set(OPEN_INTEREST, all * unit);
    set(OPEN_INTEREST_CAP, cap * unit);
    set(SKEW, skew * unit);
  };

  const setRates = (maintenance: number, initial: number, bonus: number) => {
    set(MAINTENANCE_RATE, maintenance);
    set(INITIAL_RATE, initial);
    set(BONUS, bonus);
  };

  /** What a formula asks of the holding in the row: 0 or more. */
  const ask = (formula: Lowered, need: Need): Usd => {
    row[RATE] = row[MAINTENANCE_RATE];
    const maintenance = formula(row);
    if (need === 'maintenance') return Math.max(0, maintenance);
    row[RATE] = row[INITIAL_RATE];
    return initialFactor * Math.max(0, maintenance, formula(row));
  };

  /** A cap in tokens as units; without one, more than there can be. */
  const capOf = (market: number, tokens: number | undefined): Units =>
    tokens === undefined ? Number.POSITIVE_INFINITY : Math.min(UNITS_MAX, toUnitsDown(tokens, markets[market].decimals));

  /** What counts of the assets after haircuts, USD. */
  const countedBy = (formula: Lowered, accounts: AccountsView, position: number, marks: Marks, need: Need): Usd => {
    const mode = modeOf(accounts, position);
    let counted = 0;
    for (let market = 0; market < markets.length; market++) {
      const units = accounts.collateral(position, market);
      if (units === 0) continue;
      const mark = marks[market];
      const own = accounts.markets[market];
      setHolding(units, 1, mark, mark, market);
      setCrowd(depths[market], held[market], capOf(market, own.params.collateralCap), 0, mark);
      setRates(1 - shareOf(own, mode, 'maintenance'), 1 - shareOf(own, mode, 'initial'), own.params.bonus);
      const usd = units * mark;
      counted += usd - Math.min(usd, ask(formula, need));
    }
    scratch.assetsUsd = 0;
    return counted + addContracts(accounts, position, marks, scratch) - boughtOptionsUsd(accounts, position, marks);
  };

  const margins = (accounts: AccountsView, position: number, marks: Marks, need: Need): Usd => {
    let margin = 0;
    for (let market = 0; market < markets.length; market++) {
      if (accounts.debtShares(position, market) === 0) continue;
      const mark = marks[market];
      setHolding(accounts.debt(position, market), -1, mark, mark, market);
      setCrowd(depths[market], owed[market], capOf(market, accounts.markets[market].params.borrowCap), 0, mark);
      setRates(0, 0, 0);
      margin += ask(marginOf, need);
    }
    for (let contract = 0; contract < contracts.length; contract++) {
      const size = accounts.size(position, contract);
      if (size === 0) continue;
      const { market, initial, maintenance, sizeCap, linear } = contracts[contract];
      if (!linear && size > 0) continue;
      const mark = marks[markets.length + contract];
      const unit = linear ? mark : marks[market];
      setHolding(Math.abs(size), Math.sign(size), mark, unit, market);
      setCrowd(depths[markets.length + contract], held[markets.length + contract], sizeCap, skews[contract], unit);
      setRates(maintenance, initial, 0);
      margin += ask(marginOf, need);
    }
    return margin;
  };

  return {
    epoch: () => epoch,
    cushion: () => Number.NEGATIVE_INFINITY,

    observe(marks, at, states) {
      let changed = volatilities.observe(marks, at) && uses('volatility');
      if (uses('depth') && (at >= nextLook || depths.some(Number.isNaN))) changed = lookAtDepths(marks, states) || changed;
      if (usesFlow && at >= nextLook) changed = lookAtFlows() || changed;
      if (at >= nextLook) nextLook = at + interval;
      if (uses('openInterest') || uses('skew')) changed = lookAtTotals(states) || changed;
      if (changed) epoch += 1;
    },

    assess(accounts, position, marks, need, into) {
      let counted: Usd;
      if (haircutOf === undefined) {
        counted = countedOf(accounts, position, marks, need, standing);
        setAccount(accounts, position, marks, standing);
      } else {
        setAccount(accounts, position, marks, standingOf(accounts, position, marks, standing));
        counted = countedBy(haircutOf, accounts, position, marks, need);
      }
      return judge(standing, counted, margins(accounts, position, marks, need), into);
    },
  };
}

/** Size that can be sold to the house for at most `slippage` less than the mark, units. */
function contractDepth(contract: Contract, state: ContractState, slippage: number): Units {
  const value = contract.value(state);
  const most = largestAllowed(UNITS_MAX, (size) => !(value - contract.fill(state, -size) > slippage * value));
  return most === UNITS_MAX ? Number.POSITIVE_INFINITY : most;
}
