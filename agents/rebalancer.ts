/**
 * What it is
 * The keeper of a basket: it posts several volatile assets as collateral, may borrow against them, and watches whether they begin to fall
 * together. When the basket is riskier than it allows, it moves out of what makes it so, before anybody has to liquidate it.
 *
 * How it decides
 * Every `interval` it reads the oracle's marks and takes in their returns: an exponentially weighted covariance C, one weight for all.
 * Let x be dollars in each asset, E the worth of the basket and of posted stable money less what is owed, n the intervals of `horizon`.
 * It measures
 *
 *   diversification   √(xᵀCx) ÷ Σ xᵢ√Cᵢᵢ          1: the assets are one        var   Φ⁻¹(level)·√n·√(xᵀCx) ÷ E
 *
 * and above `limit` moves along the straight line towards all stable money, or towards the basket's weights of least variance, as far as
 * brings it back to the limit, at most `stepMax` of the basket at a time. A move is one transaction: withdraw, swap, deposit (stable
 * money first repays what it owes). It deposits no less than the mark less `slippageMax`; a swap that brings less undoes all of it.
 *
 * What to notice
 * Correlations are estimated from the fall that they were needed for: with a long memory it learns too late, with a short one it trades
 * on noise and pays for it. A withdrawal must leave the initial requirement met, so who stands near it can no longer get out.
 *
 * What to try
 * Two assets with a correlation that a common crash brings; compare `limit` at 10 with 0.9, and `lambda` at 0.8 with 0.99.
 *
 * Sources
 * Exponential weights: J. P. Morgan/Reuters, RiskMetrics Technical Document (1996). Diversification: the inverse of the ratio of Y.
 * Choueifaty, Y. Coignard, "Toward maximum diversification", Journal of Portfolio Management 35 (2008). Weights: H. Markowitz, Journal of
 * Finance 7 (1952).
 */
import type { Action, Agent, AssetId, CovarianceEstimator, Reply, Units, Usd, View } from '../src/agent/index.ts';
import {
  createCovariance,
  defineAgent,
  deviationOf,
  isRejection,
  log,
  minimumVarianceWeights,
  normalQuantile,
} from '../src/agent/index.ts';

/** Halvings of the search for how far to move; and of an amount that would slip too much, before it is left for another time. */
const SEARCH_STEPS = 30;
const HALVINGS = 6;
/** Refusals in a row after which it does without a loan. */
const REFUSALS_MAX = 20;
/** A move of less than this part of the basket is not worth a transaction. */
const MOVE_MIN = 0.002;

/** What is owed of the stable asset, as far as the actions of a bundle have got. */
interface Debt {
  owed: Units;
}

interface Swap {
  readonly venue: number;
  readonly sell: AssetId;
}

export default defineAgent({
  name: 'rebalancer',
  role: 'rebalancer',
  summary: 'Holds a basket of collaterals and moves out of it, or to its least variance, when it is no longer diversified.',
  sources: [
    'J. P. Morgan/Reuters, RiskMetrics Technical Document, 4th edition (1996)',
    'Y. Choueifaty, Y. Coignard, Journal of Portfolio Management 35 (2008)',
    'H. Markowitz, Journal of Finance 7 (1952)',
  ],
  params: {
    protocol: { kind: 'protocol', doc: 'where it posts collateral' },
    basket: { kind: 'assets', doc: 'what it holds and posts, all of its wallet' },
    stable: { kind: 'asset', doc: 'what it flees to, and borrows' },
    loan: { kind: 'number', unit: 'ratio', range: [0, 0.95], default: 0, doc: 'part of the basket’s value that it borrows at the start' },
    interval: { kind: 'duration', range: [1000, 86_400_000], default: 3_600_000, doc: 'from one return to the next' },
    lambda: { kind: 'number', unit: 'ratio', range: [0, 0.9999], default: 0.94, doc: 'weight of the past (RiskMetrics, for days: 0.94)' },
    warmup: {
      kind: 'integer',
      unit: 'returns',
      range: [2, 10_000],
      default: 20,
      doc: 'returns that it must have seen before it acts; they count alike',
    },
    measure: { kind: 'choice', options: ['diversification', 'var'], default: 'diversification', doc: 'what is held below the limit' },
    limit: { kind: 'number', unit: 'ratio', range: [0, 100], default: 0.9, doc: 'above which it moves' },
    horizon: { kind: 'duration', range: [1000, 86_400_000 * 30], default: 86_400_000, doc: 'of the value at risk' },
    level: { kind: 'number', unit: 'ratio', range: [0.5, 0.9999], default: 0.99, doc: 'of the value at risk' },
    towards: { kind: 'choice', options: ['stable', 'minimum-variance'], default: 'stable', doc: 'where it moves' },
    stepMax: { kind: 'number', unit: 'ratio', range: [0.001, 1], default: 0.25, doc: 'largest part of the basket moved at a time' },
    stepMin: {
      kind: 'number',
      unit: 'usd',
      range: [0, 1e12],
      default: 1000,
      doc: 'so much it moves at least, if there is so much to move',
    },
    slippageMax: { kind: 'number', unit: 'ratio', range: [0, 0.5], default: 0.01, doc: 'most that a swap may lose against the marks' },
  },
  create(params, self): Agent {
    const { protocol, basket, stable, loan, interval, lambda, warmup, measure, limit, level, towards, stepMax, stepMin, slippageMax } =
      params;
    const n = basket.length;
    /** Mean of the first returns' products, all alike: an exponential mean that began with one would be that one for long. */
    const first = new Float64Array(n * n);
    let covariance: CovarianceEstimator | undefined;
    let seen = 0;
    const last = new Float64Array(n).fill(Number.NaN);
    const quantile = normalQuantile(level) * Math.sqrt(params.horizon / interval);
    let phase: 'idle' | 'indebting' | 'open' = 'idle';
    let waiting = false;
    let refusals = 0;

    return {
      onWake(view) {
        const marks = marksOf(view);
        if (marks !== undefined) observe(marks);
        return { ...(waiting ? {} : send(nextOf(view, marks))), wakeAt: view.at + interval };
      },

      onFill(view, { refusal }) {
        waiting = false;
        // What was refused is asked for again at the next interval, a loan not for ever.
        if (refusal !== undefined) {
          refusals += 1;
          if (phase === 'indebting' && refusals >= REFUSALS_MAX) phase = 'open';
          return undefined;
        }
        if (phase === 'idle') {
          phase = 'indebting';
          return send(loans(view));
        }
        phase = 'open';
        return undefined;
      },
    };

    function nextOf(view: View, marks: Float64Array | undefined): Action[] {
      if (phase === 'idle') return deposits(view);
      if (phase === 'indebting') return loans(view);
      return marks === undefined ? [] : moves(view, marks);
    }

    function send(actions: readonly Action[]): Reply {
      if (actions.length === 0) return {};
      waiting = true;
      return { intents: [{ actions }] };
    }

    /** USD per unit by the oracles, the stable asset last; undefined where one has no valid reading. */
    function marksOf(view: View): Float64Array | undefined {
      const { oracleUsd, marketOf } = view.protocol(protocol);
      const marks = Float64Array.from([...basket, stable], (asset) => oracleUsd(marketOf(asset), view.at) / self.toUnits(asset, 1));
      return marks.every((mark) => mark > 0) ? marks : undefined;
    }

    function observe(marks: Float64Array): void {
      const returns = Float64Array.from(last, (before, i) => log(marks[i] / before));
      last.set(marks.subarray(0, n));
      if (Number.isNaN(returns[0])) return;
      seen += 1;
      if (covariance !== undefined) covariance.observe(returns);
      else for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) first[i * n + j] += (returns[i] * returns[j]) / warmup;
      if (seen === warmup) covariance = createCovariance(n, lambda, first);
    }

    function deposits(view: View): Action[] {
      return [...basket].flatMap((asset): Action[] => {
        const amount = spendable(view, asset);
        return amount > 0 ? [{ do: 'deposit', protocol, asset, amount }] : [];
      });
    }

    /** What it has of an asset, less gas for some transactions where gas is paid in it. */
    function spendable(view: View, asset: AssetId): Units {
      if (asset !== view.gasAsset) return view.wallet(asset);
      return Math.max(0, view.wallet(asset) - 20 * view.gasUnits({ actions: [{ do: 'deposit', protocol, asset, amount: 1 }] }));
    }

    function loans(view: View): Action[] {
      const marks = marksOf(view);
      if (loan === 0) phase = 'open';
      if (loan === 0 || marks === undefined) return [];
      const { positionOf, borrowable, collateralOf } = view.protocol(protocol);
      const position = positionOf(self.account);
      const worth = [...basket].reduce((usd, asset, i) => usd + collateralOf(position, asset) * marks[i], 0);
      const amount = Math.min(Math.floor((worth * loan) / marks[n]), borrowable(position, stable, view.at));
      return amount > 0 ? [{ do: 'borrow', protocol, asset: stable, amount }] : [];
    }

    /** The measure of dollars in each asset, and of what is left when all is paid. */
    function riskOf({ matrix, deviation: of }: CovarianceEstimator, dollars: Float64Array, equity: Usd): number {
      const deviation = deviationOf(matrix, n, dollars);
      if (measure === 'var') return equity > 0 ? (quantile * deviation) / equity : Number.POSITIVE_INFINITY;
      let apart = 0;
      for (let i = 0; i < n; i++) apart += dollars[i] * of(i);
      return apart > 0 ? deviation / apart : 0;
    }

    function moves(view: View, marks: Float64Array): Action[] {
      const known = covariance;
      if (known === undefined) return [];
      const { positionOf, collateralOf, debtOf } = view.protocol(protocol);
      const position = positionOf(self.account);
      const dollars = Float64Array.from(basket, (asset, i) => collateralOf(position, asset) * marks[i]);
      const total = dollars.reduce((sum, usd) => sum + usd, 0);
      const equity = total + (collateralOf(position, stable) - debtOf(position, stable)) * marks[n];
      if (!(total > 0) || riskOf(known, dollars, equity) <= limit) return [];
      const goal = towards === 'stable' ? new Float64Array(n) : minimumVarianceWeights(known.matrix, n).map((weight) => weight * total);
      const after = (part: number) => dollars.map((usd, i) => usd + part * (goal[i] - usd));
      const turnover = dollars.reduce((sum, usd, i) => sum + Math.max(0, usd - goal[i]), 0);
      let part = Math.min(1, Math.max(stepMax * total, stepMin) / turnover);
      if (!(turnover * part > MOVE_MIN * total)) return [];
      const enough = (middle: number) => riskOf(known, after(middle), equity) <= limit;
      if (enough(part)) part = leastOf(enough, part);
      return bundle(view, position, marks, dollars, after(part));
    }

    /** Sales of what is to fall, for what is to rise, stable money taking the rest; in one transaction. */
    function bundle(view: View, position: number, marks: Float64Array, before: Float64Array, after: Float64Array): Action[] {
      const actions: Action[] = [];
      const debt = { owed: view.protocol(protocol).debtOf(position, stable) };
      const wanting = after.map((usd, i) => Math.max(0, usd - before[i]));
      for (let i = 0; i < n; i++) {
        let left = before[i] - after[i];
        for (let j = 0; j <= n && left > 0; j++) {
          const usd = j === n ? left : Math.min(left, wanting[j]);
          // Dust that rounding leaves is not worth two swaps.
          if (!(usd > (before[i] + after[i]) * 1e-6)) continue;
          if (j < n) wanting[j] -= usd;
          left -= usd;
          actions.push(...exchange(view, position, marks, debt, i, j, usd));
        }
      }
      return actions;
    }

    /** Withdraw, swap once or (by way of the stable asset) twice, and deposit at least what the marks say less the slippage. */
    function exchange(view: View, position: number, marks: Float64Array, debt: Debt, i: number, j: number, usd: Usd): Action[] {
      const [sold, bought] = [basket[i], j === n ? stable : basket[j]];
      const route = routeOf(view, sold, bought);
      if (route === undefined) return [];
      let amount = Math.min(Math.floor(usd / marks[i]), view.protocol(protocol).withdrawable(position, sold, view.at));
      for (let halving = 0; halving < HALVINGS && amount > 0; halving++) {
        const least = Math.floor(((amount * marks[i]) / marks[j]) * (1 - slippageMax));
        if (least > 0 && broughtBy(view, route, amount) >= least) {
          const [first, ...more] = route;
          return [
            { do: 'withdraw', protocol, asset: sold, amount },
            { do: 'swap', ...first, amount },
            ...more.map((leg): Action => ({ do: 'swap', ...leg, amount: 'received' })),
            ...kept(debt, bought, least),
          ];
        }
        amount = Math.floor(amount / 2);
      }
      return [];
    }

    /** Puts away what was bought: debts first, the rest as collateral. What is beyond the least stays in the wallet. */
    function kept(debt: Debt, asset: AssetId, amount: Units): Action[] {
      const repaid = asset === stable ? Math.min(debt.owed, amount) : 0;
      debt.owed -= repaid;
      return [
        ...(repaid > 0 ? [{ do: 'repay', protocol, asset, amount: repaid } as const] : []),
        ...(amount > repaid ? [{ do: 'deposit', protocol, asset, amount: amount - repaid } as const] : []),
      ];
    }

    function routeOf(view: View, sold: AssetId, bought: AssetId): readonly Swap[] | undefined {
      const direct = venueOf(view, sold, bought);
      if (direct !== undefined) return [{ venue: direct, sell: sold }];
      const [out, back] = [venueOf(view, sold, stable), venueOf(view, stable, bought)];
      if (out === undefined || back === undefined) return undefined;
      return [
        { venue: out, sell: sold },
        { venue: back, sell: stable },
      ];
    }
  },
});

/** The least part in (0, most] that is enough, if more is always enough when less is. */
function leastOf(enough: (part: number) => boolean, most: number): number {
  let short = 0;
  let found = most;
  for (let step = 0; step < SEARCH_STEPS; step++) {
    const middle = short + (found - short) / 2;
    if (enough(middle)) found = middle;
    else short = middle;
  }
  return found;
}

/** What a sale along a route brings now, −1 where it is refused. */
function broughtBy(view: View, route: readonly Swap[], amount: Units): Units {
  let brought = amount;
  for (const { venue, sell } of route) {
    const fill = view.venue(venue).quote({ sell, amount: brought });
    if (isRejection(fill)) return -1;
    brought = fill.bought;
  }
  return brought;
}

function venueOf(view: View, a: AssetId, b: AssetId): number | undefined {
  for (let id = 0; id < view.venues; id++) {
    const { baseAsset, quoteAsset } = view.venue(id);
    if ((baseAsset === a && quoteAsset === b) || (baseAsset === b && quoteAsset === a)) return id;
  }
  return undefined;
}
