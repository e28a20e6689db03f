/**
 * Scenario margin of a portfolio, as SPAN, Deribit and Derive have it: the most that an account would lose in any scenario of a grid of
 * prices and volatilities, underlying by underlying, but for each short option no less than a minimum.
 *
 *   risk(u) = max(0, max over scenarios of loss, shorts · minimum · index)    margin = factor · ((1 − offset) · Σ risk(u) + offset · joint)
 *
 * `joint` is the most that all underlyings lose together in one scenario, every one of them moved as far in its own range: with an offset
 * of 0 no underlying's gain pays for another's loss, with 1 they are as one. Collateral and debts count with the haircuts of `static`;
 * or, scanned, at their value and as part of the portfolio, so that ETH behind a long of ETH is the same risk twice, and behind a short
 * none.
 */
import { definePart, type ParamsOf, type PartProblem } from '../../base/params.ts';
import type { Ratio, Usd } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import type { Need, RiskEngine, RiskNeeds } from './risk-engine.ts';
import { gridParams, scanScenarios } from './scan-grid.ts';
import { createScanRanges, rangeParams } from './scan-ranges.ts';
import { createScanRows } from './scan-rows.ts';
import {
  blankStanding,
  exposureUsd,
  judge,
  lipschitzCushion,
  roundingUsd,
  type SlopedEngine,
  type Standing,
  standingOf,
} from './standing.ts';
import { boughtOptionsUsd, countedOf, loanCushion, loanWeight } from './static.ts';

export const scanParams = {
  ...rangeParams,
  ...gridParams,
  lookAhead: {
    kind: 'duration',
    range: [0, 7 * 86_400_000],
    default: 0,
    doc: 'how much later options are revalued (SPAN: one day)',
  },
  shortMinimum: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1],
    default: 0,
    doc: 'least risk of a short option, as part of the price of the underlying',
  },
  initialFactor: { kind: 'number', unit: 'ratio', range: [0, 10], default: 1.3, doc: 'on the risk, to open and withdraw (Derive: 1.3)' },
  maintenanceFactor: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 10],
    default: 1,
    doc: 'on the risk, to be left alone (Deribit: 0.8, with 1 to open)',
  },
  offset: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1],
    default: 0,
    doc: 'how far underlyings are taken to move together, so that gains on one pay for losses on another; 0: not at all',
  },
  collateral: {
    kind: 'choice',
    options: ['haircut', 'scan'],
    default: 'haircut',
    doc: 'collateral and debts: with fixed shares as in static, or at their value and in the scanned portfolio',
  },
} as const;
export type ScanTerms = ParamsOf<typeof scanParams>;

export const scenarioScan = definePart<RiskNeeds, RiskEngine>()({
  name: 'scenario-scan',
  summary: 'The worst loss of the portfolio over a grid of prices and volatilities, after SPAN.',
  sources: [
    'www.cmegroup.com/confluence/display/pubspan/Risk+Arrays (SPAN)',
    'support.deribit.com/hc/en-us/articles/25944756247837-Portfolio-Margin',
    'derivexyz/v2-core PMRM, config-mainnet.sol',
  ],
  params: scanParams,
  ignores: ['initial', 'maintenance'],
  check: ({ initialFactor, maintenanceFactor }): readonly PartProblem[] =>
    maintenanceFactor <= initialFactor
      ? []
      : [{ param: 'maintenanceFactor', found: String(maintenanceFactor), expected: `at most initialFactor, ${initialFactor}` }],
  create: (terms, needs) => createScenarioScan(terms, needs),
});

export function createScenarioScan(terms: ScanTerms, needs: RiskNeeds): SlopedEngine {
  const { markets, contracts, settle } = needs;
  const { offset, shortMinimum } = terms;
  const factorOf = (need: Need) => (need === 'initial' ? terms.initialFactor : terms.maintenanceFactor);
  const scanned = terms.collateral === 'scan';
  const ranges = createScanRanges(terms, markets, settle);
  const scenarios = scanScenarios(terms);
  // What is held never asks for more than it is worth.
  const lowest = -1 / Math.max(1, terms.initialFactor, terms.maintenanceFactor);
  const rows = createScanRows(terms, scenarios, ranges, needs, lowest);
  const { length } = rows;
  const standing = blankStanding();
  /** Of the account in hand: USD by market in proportion to its price; what its options on it lose; USD of the least for short ones. */
  const linear = new Float64Array(markets.length);
  const curved = new Float64Array(markets.length * length);
  const minimum = new Float64Array(markets.length);
  const hasCurve = new Uint8Array(markets.length);
  const joint = new Float64Array(length);

  const addOption = (contract: number, size: number, marks: Marks) => {
    const { market } = contracts[contract];
    const at = market * length;
    if (hasCurve[market] === 0) curved.fill(0, at, at + length);
    hasCurve[market] = 1;
    const perUnit = rows.rowOf(contract, marks);
    for (let scenario = 0, of = contract * length; scenario < length; scenario++, of++) curved[at + scenario] += size * perUnit[of];
    if (size < 0) minimum[market] -= size * shortMinimum * marks[market];
  };

  const gather = (accounts: AccountsView, position: number, marks: Marks) => {
    rows.refresh();
    linear.fill(0);
    minimum.fill(0);
    hasCurve.fill(0);
    for (let contract = 0; contract < contracts.length; contract++) {
      const size = accounts.size(position, contract);
      if (size === 0) continue;
      if (contracts[contract].linear) linear[contracts[contract].market] += size * marks[markets.length + contract];
      else addOption(contract, size, marks);
    }
    if (!scanned) return;
    for (let market = 0; market < markets.length; market++) {
      const collateral = accounts.collateral(position, market);
      if (collateral > 0) linear[market] += collateral * marks[market];
      if (accounts.debtShares(position, market) > 0) linear[market] -= accounts.debt(position, market) * marks[market];
    }
    if (settle >= 0) {
      const quote = accounts.quote(position);
      if (quote !== 0) linear[settle] += quote * marks[settle];
    }
  };

  /** Worst loss of one underlying; adds its losses to the joint ones if underlyings are netted. */
  const worstOf = (market: number): Usd => {
    const held = linear[market];
    if (hasCurve[market] === 0 && offset === 0) return held > 0 ? held * rows.fall[market] : -held * rows.rise[market];
    let worst = 0;
    for (let scenario = 0, at = market * length; scenario < length; scenario++, at++) {
      const loss = held * rows.perUsd[at] + (hasCurve[market] === 1 ? curved[at] : 0);
      joint[scenario] += loss;
      // A loss that is no number is no small one.
      if (!(loss <= worst)) worst = loss;
    }
    return Math.max(worst, minimum[market]);
  };

  /** What the account risks, before factors. */
  const riskOf = (accounts: AccountsView, position: number, marks: Marks): Usd => {
    gather(accounts, position, marks);
    if (offset > 0) joint.fill(0);
    let apart = 0;
    let least = 0;
    for (let market = 0; market < markets.length; market++) {
      if (linear[market] === 0 && hasCurve[market] === 0) continue;
      apart += worstOf(market);
      least += minimum[market];
    }
    if (offset === 0) return apart;
    let together = 0;
    for (let scenario = 0; scenario < length; scenario++) if (!(joint[scenario] <= together)) together = joint[scenario];
    return Math.max(least, (1 - offset) * apart + offset * together);
  };

  /** Fills the standing, and answers what counts of it. */
  const count = (accounts: AccountsView, position: number, marks: Marks, need: Need, into: Standing): Usd => {
    if (scanned) return standingOf(accounts, position, marks, into).assetsUsd;
    // Options that were bought are in the scan, and count.
    return countedOf(accounts, position, marks, need, into) + boughtOptionsUsd(accounts, position, marks);
  };

  /** The most that a USD of a market may lose, held or owed; funding is paid in the settlement asset. */
  const steepest = (market: number): Ratio =>
    Math.max(rows.fall[market], rows.rise[market], settle < 0 ? 0 : rows.fall[settle], settle < 0 ? 0 : rows.rise[settle]);

  const steepestOfAll = (): Ratio => Math.max(...rows.fall, ...rows.rise);

  /** Σ of what is scanned, each USD with the most that it may lose; NaN where something is an option. */
  const movableUsd = (accounts: AccountsView, position: number, marks: Marks): Usd => {
    rows.refresh();
    let usd = 0;
    for (let contract = 0; contract < contracts.length; contract++) {
      const size = accounts.size(position, contract);
      if (size === 0) continue;
      if (!contracts[contract].linear) return Number.NaN;
      usd += Math.abs(size) * marks[markets.length + contract] * steepest(contracts[contract].market);
    }
    if (!scanned) return usd;
    for (let market = 0; market < markets.length; market++) {
      const units =
        accounts.collateral(position, market) + (accounts.debtShares(position, market) > 0 ? accounts.debt(position, market) : 0);
      if (units > 0) usd += units * marks[market] * steepest(market);
    }
    return usd;
  };

  return {
    epoch: () => ranges.epoch,
    ...(scanned ? {} : { weight: loanWeight }),
    observe: (marks, at) => ranges.observe(marks, at),
    assess(accounts, position, marks, need, into) {
      const risk = factorOf(need) * riskOf(accounts, position, marks);
      return judge(standing, count(accounts, position, marks, need, standing), risk, into);
    },
    cushion(accounts, position, marks, level) {
      if (!scanned && accounts.settle < 0) return loanCushion(accounts, position, marks, level);
      const factor = factorOf('maintenance');
      const movable = movableUsd(accounts, position, marks);
      if (Number.isNaN(movable)) return Number.NEGATIVE_INFINITY;
      const counted = count(accounts, position, marks, 'maintenance', standing);
      // A unit of a debt that is scanned may lose as much again.
      const rounding = roundingUsd(accounts, marks, level) * (1 + factor * steepestOfAll());
      const asked = standing.debtsUsd + factor * riskOf(accounts, position, marks);
      return lipschitzCushion(counted - level * asked - rounding, exposureUsd(standing, level) + level * factor * movable + rounding);
    },
    slope() {
      rows.refresh();
      return Math.max(1, factorOf('maintenance') * steepestOfAll());
    },
  };
}
