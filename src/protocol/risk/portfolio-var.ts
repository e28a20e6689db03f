/**
 * The risk engine of portfolio margin: asks for what the whole account may lose until it can be liquidated, by value at risk or expected
 * shortfall of everything it has and owes, hedges and wrong-way risk included. A collateral that falls when the debt rises costs more than
 * either alone, one that moves with the debt costs little.
 *
 *   e = by market: (collateral − debt + linear contracts) · mark, and cash            margin = max(minimum · notional, min(L(e), Σ L(e_m)))
 *
 * L is the loss at the confidence over the horizon, ≥ 0; options are revalued in each scenario. A value at risk of a sum may exceed the sum
 * of the parts; the second L caps it at what each market would ask for alone, so that no portfolio asks for more than its parts do.
 *
 * A collateral counts whole, less the margin, if its market has a liquidation threshold at all (a loan-to-value, for the initial need), and
 * otherwise not: thresholds, and contracts' own margins, are for engines of fixed shares. `minimum` is the leverage that remains when
 * everything is hedged. Initial is the same times a factor.
 *
 * While what counts covers debts and margin the margin is taken off what counts, and otherwise added to the debts: the first is the health
 * of a loan whose threshold is 1 − margin ÷ assets, and either way it never rises when something held falls or something owed rises
 * (RISK-2).
 */
import { correlationOf } from '../../base/correlation.ts';
import { definePart, type ParamsOf, type PartProblem } from '../../base/params.ts';
import type { Usd } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import { createMarketModel, marketModelParams } from './market-model.ts';
import type { Need, RiskEngine, RiskNeeds } from './risk-engine.ts';
import { createRiskFactors } from './risk-factors.ts';
import { addContracts, blankStanding, exposureUsd, judge, lipschitzCushion, roundingUsd } from './standing.ts';
import { createJointReturns } from './volatility/joint-returns.ts';

const params = {
  method: {
    kind: 'choice',
    options: ['delta-normal', 'historical', 'filtered-historical', 'monte-carlo'],
    default: 'filtered-historical',
    doc: 'how the distribution of losses is made',
  },
  measure: {
    kind: 'choice',
    options: ['value-at-risk', 'expected-shortfall'],
    default: 'value-at-risk',
    doc: 'the loss that is exceeded with probability 1 − confidence, or the mean of those losses',
  },
  confidence: {
    kind: 'number',
    unit: 'ratio',
    range: [0.5, 0.9999],
    default: 0.99,
    doc: 'of the measure (Regulation (EU) 153/2013, article 24: at least 0.99)',
  },
  ...marketModelParams,
  scenarios: {
    kind: 'integer',
    unit: 'scenarios',
    range: [20, 100_000],
    default: 499,
    doc: 'past returns, or draws; (n + 1)·(1 − confidence) whole makes the value at risk unbiased',
  },
  degrees: {
    kind: 'number',
    unit: 'degrees of freedom',
    range: [2.1, 1000],
    optional: true,
    doc: 'of a Student t in the place of the normal, for delta-normal',
  },
  valuation: {
    kind: 'choice',
    options: ['full', 'delta-gamma', 'delta'],
    optional: true,
    doc: 'of options in a scenario; full if left out, and for delta-normal always delta',
  },
  minimum: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1],
    default: 0,
    doc: 'least margin, per value of debts and notional of contracts; for the initial need times the factor too',
  },
  initialFactor: {
    kind: 'number',
    unit: 'ratio',
    range: [1, 10],
    default: 1.1,
    doc: 'initial by maintenance (CME asks speculators for 110 %)',
  },
  draw: { kind: 'integer', unit: 'seed', range: [0, 2 ** 31], default: 1, doc: 'of scenarios drawn: the same in every run' },
} as const;
export type PortfolioVarTerms = ParamsOf<typeof params>;

export const portfolioVar = definePart<RiskNeeds, RiskEngine>()({
  name: 'portfolio-var',
  summary: 'Margin of the whole account by value at risk or expected shortfall of what it has and owes, correlations included.',
  sources: [
    'P. Jorion, Value at Risk, 3rd edition (McGraw-Hill 2007), chapters 7, 10, 12',
    'J. Hull, A. White, Journal of Risk 1 (1998) 5-19 (filtered historical)',
    'Commission Delegated Regulation (EU) 153/2013, articles 24-28 (confidence, liquidation period, procyclicality)',
  ],
  params,
  ignores: ['initial', 'maintenance'],
  check: problemsOf,
  create: createPortfolioVar,
});

function problemsOf({ method, degrees, valuation, scenarios, confidence }: PortfolioVarTerms): readonly PartProblem[] {
  const problems: PartProblem[] = [];
  const refuse = (param: string, found: unknown, expected: string) => problems.push({ param, found: String(found), expected });
  if (degrees !== undefined && method !== 'delta-normal') refuse('degrees', degrees, `none: ${method} has scenarios of its own`);
  if (valuation !== undefined && valuation !== 'delta' && method === 'delta-normal')
    refuse('valuation', valuation, 'delta: delta-normal has no scenarios to value anything in');
  const least = Math.ceil(1 / (1 - confidence) - 1e-9);
  if (method !== 'delta-normal' && scenarios < least)
    refuse('scenarios', scenarios, `at least ${least}: even the worst of fewer is more likely than 1 − confidence`);
  return problems;
}

function createPortfolioVar(terms: PortfolioVarTerms, needs: RiskNeeds): RiskEngine {
  const { method, interval, minimum, initialFactor } = terms;
  const { markets, contracts, settle } = needs;
  const width = markets.length;
  const names = markets.map(({ name }) => name);
  const priors = Float64Array.from(names, (name) => terms.priors[name] ?? terms.prior);
  const given = terms.correlation === undefined ? undefined : correlationOf(names, terms.correlation);
  // Of a history the estimator of now is its own mean square: what floor and stress are measured against.
  const estimates = method === 'historical' ? ({ ...terms, estimator: 'realised', window: terms.scenarios } as const) : terms;
  const model = createMarketModel(estimates, priors, given);
  const returns = createJointReturns(markets.length, interval);
  const factors = createRiskFactors(terms, needs, model);
  const { tail } = factors;
  factors.refresh();

  const standing = blankStanding();
  const exposures = new Float64Array(factors.count);
  /** By market: all that is held and owed but cash, USD, nothing netted. */
  const gross = new Float64Array(width);
  let notional: Usd = 0;
  let isCurved = false;
  let epoch = 0;

  const add = (market: number, usd: Usd) => {
    exposures[market] += usd;
    gross[market] += Math.abs(usd);
  };

  const exposeContracts = (accounts: AccountsView, position: number, marks: Marks) => {
    // Cash has the risk of its asset, but is the same before and after in prices of that asset, in which cushions reckon.
    if (standing.cashUsd !== 0) exposures[settle] += standing.cashUsd;
    for (let contract = 0; contract < contracts.length; contract++) {
      const size = accounts.size(position, contract);
      if (size === 0) continue;
      const { linear, market } = contracts[contract];
      // Of what has a mark of its own the index counts for nothing: nobody near waits for it.
      notional += Math.abs(size) * marks[linear ? width + contract : market];
      if (linear) add(market, size * marks[width + contract]);
      else {
        isCurved = true;
        factors.addCurved(exposures, contract, size, marks[market]);
      }
    }
  };

  /** Fills standing, exposures, gross and notional; answers what counts, USD. */
  const expose = (accounts: AccountsView, position: number, marks: Marks, need: Need): Usd => {
    standing.assetsUsd = 0;
    standing.debtsUsd = 0;
    standing.exposed = false;
    exposures.fill(0);
    gross.fill(0);
    isCurved = false;
    let counted = 0;
    for (let market = 0; market < width; market++) {
      const held = accounts.collateral(position, market);
      if (held > 0) {
        const usd = held * marks[market];
        const { ltv, liquidationThreshold } = markets[market].params;
        // Nothing of what has no mark is still not known.
        const counts = (need === 'initial' ? ltv : liquidationThreshold) > 0 ? usd : 0 * usd;
        standing.assetsUsd += usd;
        counted += counts;
        add(market, counts);
      }
      if (accounts.debtShares(position, market) > 0) {
        const usd = accounts.debt(position, market) * marks[market];
        standing.exposed = true;
        standing.debtsUsd += usd;
        add(market, -usd);
      }
    }
    notional = standing.debtsUsd;
    counted += addContracts(accounts, position, marks, standing);
    exposeContracts(accounts, position, marks);
    return counted;
  };

  /** What the exposures ask for, USD. */
  const marginUsd = (): Usd => {
    let alone = 0;
    let moving = 0;
    for (let factor = 0; factor < exposures.length; factor++) {
      const exposure = exposures[factor];
      // What is not held may have no valid value.
      if (exposure === 0) continue;
      if (exposure * tail.sway[factor] === 0) {
        // Without risk: no need to go through its scenarios.
        exposures[factor] = 0;
        continue;
      }
      moving += 1;
      alone += exposure > 0 ? exposure * tail.long[factor] : -exposure * tail.short[factor];
    }
    const loss = moving > 1 ? Math.min(alone, Math.max(0, tail.lossOf(exposures))) : alone;
    return Math.max(minimum * notional, loss);
  };

  return {
    epoch: () => epoch,

    observe(marks, at) {
      if (!returns.observe(marks, at)) return;
      factors.record?.(returns.returns);
      model.observe(returns);
      factors.refresh();
      epoch += 1;
    },

    assess(accounts, position, marks, need, into) {
      const counted = expose(accounts, position, marks, need);
      const margin = marginUsd() * (need === 'initial' ? initialFactor : 1);
      if (counted - margin >= standing.debtsUsd) return judge(standing, counted - margin, 0, into);
      return judge(standing, counted, margin, into);
    },

    /**
     * Below a level of at most 1 is who has less than level · (debts + margin), and below a higher one who has less than level · debts +
     * margin. What one mark moves changes the margin by its sway at most.
     */
    cushion(accounts, position, marks, level) {
      const counted = expose(accounts, position, marks, 'maintenance');
      if (isCurved) return Number.NEGATIVE_INFINITY;
      const share = Math.min(1, level);
      let moves = exposureUsd(standing, level) - (standing.assetsUsd - counted) + share * minimum * notional;
      let most = 0;
      for (let market = 0; market < width; market++) {
        moves += share * tail.sway[market] * gross[market];
        most = Math.max(most, tail.sway[market]);
      }
      const rounding = (1 + share * (most + minimum)) * roundingUsd(accounts, marks, level);
      const distance = counted - level * standing.debtsUsd - share * marginUsd() - rounding;
      return lipschitzCushion(distance, moves + rounding);
    },
  };
}
