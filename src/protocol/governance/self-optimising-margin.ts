/**
 * Sets margins so that liquidations lose no more than a budget, with the least collateral: each epoch the largest liquidation threshold,
 * and the smallest maintenance margin, at which the expected shortfall of what a liquidation leaves unpaid is within it
 * (`late-shortfall.ts`).
 *
 *   cover of a debt at its threshold T:    k = r/T           r = min(1/(1 + bonus), 1 − slippage)
 *   largest T with ES(k, σ√τ) ≤ budget,    LTV = T − buffer
 *
 * Observed are volatility σ, by an estimator over the marks; slippage, as what the deepest venue would take off everything that a fall at
 * the same level within `horizon` would put on sale; the delay τ, as the mean time from liquidatable to liquidated where it is longer
 * than `delay`; and losses: while they exceed the budget, the next margins are held to as much less. Contracts likewise: a long is a debt
 * of 1 − M against a value of 1, a short owes a value of 1 against 1 + M; slippage is what closing adds to the mark, and the worse side
 * counts.
 *
 * Debts are taken to be worth what they are: only the collateral moves. It does not know that tightening a margin liquidates those whom it
 * leaves below; time lock and steps of governance are what can soften that.
 */
import { exp } from '../../base/elementary.ts';
import { normalQuantile } from '../../base/normal.ts';
import { definePart, type ParamsOf, type PartProblem } from '../../base/params.ts';
import type { AssetId, Ms, Ratio, Units } from '../../base/units.ts';
import { createEstimator, deviationOver, estimatorParams, priorParams } from '../risk/volatility/chosen-estimator.ts';
import { floored } from '../risk/volatility/floored.ts';
import { createFollowedVolatility } from './followed-volatility.ts';
import type { Change, Controller, ControllerNeeds, ControllerView } from './governance.ts';
import { lateShortfall, leastWithin, squeezeShortfall } from './late-shortfall.ts';
import { closedAfterMove, soldAfterFall } from './liquidation-stress.ts';

const share = (doc: string, value: number, low = 0, high = 1) => {
  return { kind: 'number', unit: 'ratio', range: [low, high], default: value, doc } as const;
};
const span = (doc: string, value: Ms, low: Ms = 1000) => {
  return { kind: 'duration', range: [low, 86_400_000 * 365], default: value, doc } as const;
};

const params = {
  epoch: span('between two looks', 86_400_000),
  assets: { kind: 'assets', optional: true, doc: 'collaterals it sets; all that have a threshold if left out' },
  contracts: { kind: 'flag', default: true, doc: 'whether it sets the margins of perpetuals too' },
  level: share('of expected shortfall (Basel’s market risk: 0.975)', 0.975, 0.5, 0.9999),
  budget: share('expected shortfall of what a liquidated debt, or notional, leaves unpaid', 0.01, 1e-6, 0.5),
  delay: span('from liquidatable to liquidated, at least', 600_000, 0),
  horizon: span('within which all that is liquidated meets the same pool', 3_600_000),
  interval: span('from one return to the next', 3_600_000),
  ...estimatorParams,
  ...priorParams,
  prior: {
    ...priorParams.prior,
    default: 0.8,
    doc: 'volatility that was believed before the start, of assets not named in priors (order of ETH’s)',
  },
  thresholdMin: share('least liquidation threshold', 0.3, 0.01),
  thresholdMax: share('largest liquidation threshold', 0.9, 0.01),
  buffer: share('what the loan-to-value stays below the threshold', 0.05),
  maintenanceMin: share('least maintenance margin', 0.005),
  maintenanceMax: share('largest maintenance margin', 0.5, 0, 0.99),
  initialPerMaintenance: {
    kind: 'number',
    unit: 'factor',
    range: [1, 10],
    default: 5 / 3,
    doc: 'initial margin by maintenance (dYdX v4: maintenance is 0.6 of the initial)',
  },
  deadband: share('changes smaller than this are not proposed', 0.01),
} as const;
type Terms = ParamsOf<typeof params>;

export const selfOptimisingMargin = definePart<ControllerNeeds, Controller>()({
  name: 'risk-manager',
  summary: 'Sets thresholds and margins to the least collateral that keeps the expected shortfall of liquidations within a budget.',
  sources: [
    'governance.aave.com/t/12025 (Gauntlet: parameters that balance insolvencies, liquidations and borrow usage)',
    'arXiv 2009.13235 (D. Perez, S. Werner, J. Xu, B. Livshits: how efficiently liquidators act)',
    'arXiv 2106.06389 (K. Qin et al.: liquidations, their bonuses and bad debt)',
  ],
  params,
  check({ thresholdMin, thresholdMax, maintenanceMin, maintenanceMax }): readonly PartProblem[] {
    const problems: PartProblem[] = [];
    const order = (param: string, low: Ratio, high: Ratio) => {
      if (low > high) problems.push({ param, found: String(low), expected: `at most its upper bound, ${high}` });
    };
    order('thresholdMin', thresholdMin, thresholdMax);
    order('maintenanceMin', maintenanceMin, maintenanceMax);
    return problems;
  },
  create: createSelfOptimisingMargin,
});

/** Weight of what was observed before the last look. */
const MEMORY = 0.5;
/** Parameters are said in basis points, rounded against whoever borrows; what is so near to one is one. */
const BASIS = 10_000;
const NEAR = 1e-9;
const basisDown = (ratio: Ratio) => Math.floor((ratio + NEAR) * BASIS) / BASIS;
const basisUp = (ratio: Ratio) => Math.ceil((ratio - NEAR) * BASIS) / BASIS;

function createSelfOptimisingMargin(terms: Terms, needs: ControllerNeeds): Controller {
  const { level, budget, horizon, interval, deadband } = terms;
  const managed = needs.markets.filter(({ asset, params: { liquidationThreshold } }) => {
    return terms.assets === undefined ? liquidationThreshold > 0 : (terms.assets as readonly AssetId[]).includes(asset);
  });
  const perpetuals = terms.contracts ? needs.contracts.filter(({ linear }) => linear) : [];
  const followed = [...new Set([...managed.map(({ index }) => index), ...perpetuals.map(({ market }) => market)])];
  const volatility = createFollowedVolatility(needs.markets.length, followed, interval, (market) => {
    const prior = deviationOver(terms.priors[needs.markets[market].name] ?? terms.prior, interval);
    return floored(createEstimator(terms, prior), terms.floor * prior);
  });
  /** Quantile of the normal at which a price is when it goes badly, negative. */
  const bad = normalQuantile(1 - level);
  let delay: Ms = terms.delay;
  let lossRatio: Ratio = 0;

  const learn = ({ delay: seen, liquidatedUsd, shortfallUsd }: ControllerView) => {
    if (!Number.isNaN(seen)) delay = MEMORY * delay + (1 - MEMORY) * seen;
    const closed = liquidatedUsd + shortfallUsd;
    if (closed > 0) lossRatio = MEMORY * lossRatio + (1 - MEMORY) * (shortfallUsd / closed);
  };

  /** What the next margins are held to: losses of twice the budget leave half of it. */
  const allowed = (): Ratio => (lossRatio > budget ? (budget * budget) / lossRatio : budget);
  const lateSpread = (market: number): Ratio => volatility.spread(market, Math.max(delay, terms.delay));
  /** What is left of a price that has gone badly for the horizon. */
  const leftAfter = (market: number): Ratio => {
    const spread = volatility.spread(market, horizon);
    return exp(bad * spread - spread * spread * 0.5);
  };

  const thresholdOf = (view: ControllerView, market: number): Ratio => {
    const { thresholdMin, thresholdMax } = terms;
    const sold = soldAfterFall(view.accounts, view.marks, market, leftAfter(market));
    const brought = sold > 0 ? view.proceedsUsd(market, Math.ceil(sold)) / (sold * view.marks[market]) : 1;
    // Without a venue only the bonus is known.
    const recovery = Math.min(1 / (1 + view.markets[market].params.bonus), Number.isNaN(brought) ? 1 : brought);
    const spread = lateSpread(market);
    const loss = (fromTop: Ratio) => lateShortfall(recovery / (thresholdMax - fromTop), spread, level);
    return thresholdMax - leastWithin(allowed(), loss, 0, thresholdMax - thresholdMin);
  };

  const maintenanceOf = (view: ControllerView, contract: number): Ratio => {
    const { maintenanceMin, maintenanceMax } = terms;
    const { market, fill, value } = view.contracts[contract];
    const spread = lateSpread(market);
    const { longs, shorts } = closedAfterMove(view.accounts, view.marks, contract, 1 - leftAfter(market));
    const state = view.states[contract];
    const mark = value(state);
    const slippage = (size: Units): Ratio => (size === 0 ? 0 : Math.abs(fill(state, size) / mark - 1));
    const long = (margin: Ratio) => (1 - margin) * lateShortfall(Math.max(0, 1 - slippage(-longs)) / (1 - margin), spread, level);
    const toBuy = 1 + slippage(shorts);
    const short = (margin: Ratio) => toBuy * squeezeShortfall((1 + margin) / toBuy, spread, level);
    return leastWithin(allowed(), (margin) => Math.max(long(margin), short(margin)), maintenanceMin, maintenanceMax);
  };

  const ofMarkets = (view: ControllerView): Change[] =>
    managed.flatMap(({ index }) => {
      if (!(view.marks[index] > 0)) return [];
      const place = { kind: 'market', market: index } as const;
      const threshold = basisDown(thresholdOf(view, index));
      if (Math.abs(threshold - view.planned({ ...place, param: 'liquidationThreshold' })) < deadband) return [];
      return [
        { ...place, param: 'liquidationThreshold', value: threshold },
        { ...place, param: 'ltv', value: Math.max(0, threshold - terms.buffer) },
      ];
    });

  const ofContracts = (view: ControllerView): Change[] =>
    perpetuals.flatMap((perpetual) => {
      const contract = needs.contracts.indexOf(perpetual);
      const place = { kind: 'contract', contract } as const;
      if (!(view.marks[perpetual.market] > 0 && view.states[contract].index > 0)) return [];
      const maintenance = basisUp(maintenanceOf(view, contract));
      if (Math.abs(maintenance - view.planned({ ...place, param: 'maintenance' })) < deadband) return [];
      return [
        { ...place, param: 'maintenance', value: maintenance },
        { ...place, param: 'initial', value: maintenance * terms.initialPerMaintenance },
      ];
    });

  return {
    epoch: terms.epoch,
    observe: volatility.observe,
    decide(view) {
      learn(view);
      return [...ofMarkets(view), ...ofContracts(view)];
    },
  };
}
