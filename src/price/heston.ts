/**
 * Stochastic volatility: the variance v is pulled back to a level, moves by its own root, and goes up when the price falls if `correlation`
 * is negative.
 *
 *   dS/S = μ·dt + √v·dW          dv = κ·(θ − v)·dt + ξ·√v·dB          corr(dW, dB) = ρ
 *
 * Stepped by the quadratic-exponential scheme: the variance after a step has the mean and the variance of the exact one and is never
 * negative; the drift is corrected so that the expected price grows by μ exactly, where that correction exists (it does unless ρ > 0 and
 * the step is long). `world.correlation` mixes the part of the price's move that is independent of its variance.
 *
 * @source  L. Andersen, "Simple and efficient simulation of the Heston stochastic volatility model", Journal of Computational Finance 11
 *          (2008) 1-42
 */
import { exp, log } from '../base/elementary.ts';
import { definePart, YEAR_MS, years } from '../base/params.ts';
import type { Random } from '../base/random.ts';
import type { PriceProcess, ProcessNeeds } from './process.ts';

/** Variance over squared mean up to which v is drawn as a square; above, as an exponential with a mass at 0. The paper's choice. */
const PSI_SWITCH = 1.5;

export const heston = definePart<ProcessNeeds, PriceProcess>()({
  name: 'heston',
  summary: 'Stochastic volatility with mean reversion, and with leverage where it is correlated with the price.',
  sources: [
    'S. L. Heston, "A closed-form solution for options with stochastic volatility", Review of Financial Studies 6 (1993) 327-343',
    'L. Andersen, Journal of Computational Finance 11 (2008) 1-42 (the scheme)',
  ],
  params: {
    start: { kind: 'number', unit: 'usd/token', range: [1e-12, 1e12], doc: 'price at time 0' },
    volatility: { kind: 'number', unit: '1/sqrt(year)', range: [1e-6, 10], doc: 'root of the variance in the long run' },
    now: {
      kind: 'number',
      unit: '1/sqrt(year)',
      range: [1e-6, 10],
      optional: true,
      doc: 'root of the variance at time 0; `volatility` if left out',
    },
    drift: { kind: 'number', unit: '1/year', range: [-1000, 1000], default: 0, doc: 'growth rate of the expected price' },
    halfLife: { kind: 'duration', range: [1, 100 * YEAR_MS], doc: 'time after which half of a deviation of the variance is gone' },
    volOfVol: {
      kind: 'number',
      unit: '1/year',
      range: [1e-6, 100],
      doc: 'ξ: how much the variance moves, per root of itself and of a year',
    },
    correlation: { kind: 'number', unit: 'correlation', range: [-0.999, 0.999], default: 0, doc: 'of the moves of price and variance' },
  },
  create({ start, volatility, now = volatility, drift, halfLife, volOfVol: xi, correlation: rho }, { random, every, normal }) {
    const variances = random.split('variance');
    const dt = years(every);
    const kappa = Math.LN2 / years(halfLife);
    const theta = volatility * volatility;
    const kept = exp(-kappa * dt);
    const perVariance = (xi * xi * kept * (1 - kept)) / kappa;
    const constant = (theta * xi * xi * (1 - kept) * (1 - kept)) / (2 * kappa);
    const pull = (dt / 2) * ((kappa * rho) / xi - 0.5);
    const k1 = pull - rho / xi;
    const k2 = pull + rho / xi;
    const k3 = (dt / 2) * (1 - rho * rho);
    const a = k2 + k3 / 2;
    const plain = (-rho * kappa * theta * dt) / xi;
    const step: VarianceStep = { v: now * now, correction: 0 };
    let price = start;
    return {
      start,
      next() {
        const z = normal();
        const before = step.v;
        const mean = theta + (before - theta) * kept;
        stepVariance(step, mean, before * perVariance + constant, a, variances);
        const k0 = Number.isNaN(step.correction) ? plain : step.correction - (k1 + k3 / 2) * before;
        price *= exp(drift * dt + k0 + k1 * before + k2 * step.v + Math.sqrt(k3 * (before + step.v)) * z);
        return price;
      },
    };
  },
});

/** The variance, and −ln E[e^(a·v)] of the step that led to it; NaN where that has no expectation. */
export interface VarianceStep {
  v: number;
  correction: number;
}

/**
 * Draws the next variance, which has this mean and variance and is never negative. Always draws two numbers.
 *
 * @param a  for the correction: −ln E[e^(a·v)]
 */
export function stepVariance(step: VarianceStep, mean: number, variance: number, a: number, random: Random): void {
  const z = random.normal();
  const uniform = random.uniform();
  const psi = variance / (mean * mean);
  if (psi <= PSI_SWITCH) {
    const ratio = 2 / psi;
    const square = ratio - 1 + Math.sqrt(ratio * (ratio - 1));
    const scale = mean / (1 + square);
    const root = Math.sqrt(square) + z;
    step.v = scale * root * root;
    const left = 1 - 2 * a * scale;
    step.correction = left > 0 ? (-a * square * scale) / left + log(left) / 2 : Number.NaN;
    return;
  }
  const atZero = (psi - 1) / (psi + 1);
  const rate = (1 - atZero) / mean;
  step.v = uniform <= atZero ? 0 : log((1 - atZero) / (1 - uniform)) / rate;
  step.correction = a < rate ? -log(atZero + (rate * (1 - atZero)) / (rate - a)) : Number.NaN;
}
