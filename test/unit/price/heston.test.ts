/** Moments of Heston's prices against closed forms, over independent paths, by two-sided z-tests with fixed N and seeds. */
import { describe, expect, it } from 'vitest';
import { YEAR_MS } from '../../../src/base/params.ts';
import { randomFrom } from '../../../src/base/random.ts';
import { heston, stepVariance } from '../../../src/price/heston.ts';
import { needsAlone } from '../../../src/price/process.ts';
import { score, Z_999 } from '../../support/score.ts';

const DAY = 86_400_000;
const CALM = {
  start: 100,
  volatility: 0.8,
  now: 1.1 as number | undefined,
  drift: 0.2,
  halfLife: 20 * DAY,
  volOfVol: 1.5,
  correlation: -0.6,
};
/** The variance is at 0 for much of the time: 2κθ is a quarter of ξ². */
const WILD = { ...CALM, volOfVol: 8, halfLife: 20 * DAY, correlation: -0.3 };
const DAYS = 30;
const T = (DAYS * DAY) / YEAR_MS;

function returnsOf(path: number, terms: typeof CALM): number[] {
  const price = heston.create(terms, needsAlone(randomFrom(9).split(String(path)), DAY));
  let before = terms.start;
  return Array.from({ length: DAYS }, (_, day) => {
    const next = price.next((day + 1) * DAY);
    const move = Math.log(next / before);
    before = next;
    return move;
  });
}

/**
 * E[(S_T/S_0)^u] = e^(A + B·v₀) by the Riccati equations of the model, B' = ½ξ²B² + (ρξu − κ)B + ½(u² − u), A' = μu + κθB, in small
 * steps of Runge and Kutta.
 */
function moment(u: number, { volatility, now = volatility, drift, halfLife, volOfVol, correlation }: typeof CALM): number {
  const kappa = Math.LN2 / (halfLife / YEAR_MS);
  const slope = (b: number) => (volOfVol ** 2 * b * b) / 2 + (correlation * volOfVol * u - kappa) * b + (u * u - u) / 2;
  const steps = 20_000;
  const h = T / steps;
  let b = 0;
  let integral = 0;
  for (let i = 0; i < steps; i++) {
    const k1 = slope(b);
    const k2 = slope(b + (h * k1) / 2);
    const k3 = slope(b + (h * k2) / 2);
    const k4 = slope(b + h * k3);
    const next = b + (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
    integral += (h * (b + next)) / 2;
    b = next;
  }
  return Math.exp(drift * u * T + kappa * volatility ** 2 * integral + b * now ** 2);
}

describe.each([
  ['calm', CALM],
  ['wild', WILD],
])('a price of stochastic volatility, %s', (_, terms) => {
  const paths = Array.from({ length: 40_000 }, (__, path) => returnsOf(path, terms));
  const totals = paths.map((returns) => returns.reduce((sum, x) => sum + x, 0));

  it('grows by its drift on average', () => {
    expect(
      score(
        totals.map((x) => Math.exp(x)),
        Math.exp(terms.drift * T),
      ),
    ).toBeLessThan(Z_999);
  });

  it.each([-1, 0.5])('has the moment of order %d that its Riccati equations give', (u) => {
    expect(
      score(
        totals.map((x) => Math.exp(u * x)),
        moment(u, terms),
      ),
    ).toBeLessThan(Z_999);
  });

  it('moves by its variance: the mean log-return is μT less half of the variance expected over the time', () => {
    const kappa = Math.LN2 / (terms.halfLife / YEAR_MS);
    const theta = terms.volatility ** 2;
    const variance = theta * T + (((terms.now ?? 0) ** 2 - theta) * (1 - Math.exp(-kappa * T))) / kappa;
    expect(score(totals, terms.drift * T - variance / 2)).toBeLessThan(Z_999);
  });

  it('is wilder after a fall', () => {
    const leverage = paths.map((returns) => returns[9] * (returns[10] ** 2 + returns[11] ** 2));
    const mean = leverage.reduce((sum, x) => sum + x, 0) / leverage.length;
    expect(mean).toBeLessThan(0);
    expect(score(leverage, 0)).toBeGreaterThan(Z_999);
  });
});

describe('a price of stochastic volatility', () => {
  it('is not wilder after a fall than after a rise without correlation', () => {
    const paths = Array.from({ length: 20_000 }, (_, path) => returnsOf(path, { ...CALM, correlation: 0, drift: 0 }));
    // The mean of a log-return is −v/2 and falls as v rises: taken out.
    const leverage = paths.map((returns) => (returns[9] + returns[10] ** 2 / 2) * (returns[10] ** 2 + returns[11] ** 2));
    expect(score(leverage, 0)).toBeLessThan(6);
  });
});

describe('a step of the variance', () => {
  it.each([
    ['as a square', 0.5, 0.05],
    ['as a square, at the switch', 0.5, 0.37],
    ['as an exponential with a mass at 0', 0.5, 0.6],
    ['mostly 0', 0.2, 0.4],
  ])('%s: has its mean and variance, and the expectation that the drift is corrected by', (_, mean, variance) => {
    const random = randomFrom(31);
    const a = 0.4;
    const step = { v: 0, correction: 0 };
    const drawn = Array.from({ length: 200_000 }, () => {
      stepVariance(step, mean, variance, a, random);
      return step.v;
    });
    expect(Math.min(...drawn.slice(0, 10_000))).toBeGreaterThanOrEqual(0);
    expect(score(drawn, mean)).toBeLessThan(Z_999);
    expect(
      score(
        drawn.map((v) => (v - mean) ** 2),
        variance,
      ),
    ).toBeLessThan(Z_999);
    expect(
      score(
        drawn.map((v) => Math.exp(a * v)),
        Math.exp(-step.correction),
      ),
    ).toBeLessThan(Z_999);
  });
});
