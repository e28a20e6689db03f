import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../../../src/base/random.ts';
import { ewma } from '../../../../../src/protocol/risk/volatility/ewma.ts';
import { garch } from '../../../../../src/protocol/risk/volatility/garch.ts';
import { FIT_MIN, filteredVariance, fitGarch } from '../../../../../src/protocol/risk/volatility/garch-fit.ts';
import { garchReturns, take } from '../../../../../src/study/validate/simulated-returns.ts';

const squares = (returns: Float64Array) => returns.map((r) => r * r);
const simulated = (n: number, alpha: number, beta: number, seed: number) => take(n, garchReturns(randomFrom(seed, 'fit'), alpha, beta));
const make = (window: number, refit: number) => garch.create({ window, refit, lambda: 0.94, warm: false }, { prior: 0.03 });

describe('the fit of GARCH(1,1)', () => {
  it.each([
    // [returns, α, β, seed, α and α + β and the next variance of the minimum that scipy.optimize (Nelder-Mead, 4 starts, 1e-8) finds]
    [500, 0.1, 0.8, 1, 0.0922394, 0.84225108, 1.05885969],
    [1000, 0.08, 0.9, 2, 0.09043683, 0.97939598, 1.01228574],
    [1000, 0.3, 0.5, 3, 0.26206834, 0.7912171, 0.9924965],
    [2000, 0.05, 0.94, 4, 0.0715253, 0.97616897, 0.96981497],
    [1000, 0, 0, 5, 0.00676929, 0.98408382, 0.98188507],
  ])('to %d returns of α %d, β %d, seed %d finds what a free search finds', (n, alpha, beta, seed, bestAlpha, bestPersistence, next) => {
    const window = squares(simulated(n, alpha, beta, seed));
    const fit = fitGarch(window);
    if (fit === undefined) throw new Error('no fit');
    expect(Math.abs(fit.alpha - bestAlpha)).toBeLessThan(0.003);
    expect(Math.abs(fit.persistence - bestPersistence)).toBeLessThan(0.005);
    expect(Math.abs(filteredVariance(window, fit) / next - 1)).toBeLessThan(0.01);
  });

  it('to many returns finds the truth', () => {
    // Bounds of four standard deviations, which were 0.0041 and 0.0038 over 20 other seeds.
    const window = squares(simulated(20_000, 0.08, 0.9, 6));
    const fit = fitGarch(window);
    if (fit === undefined) throw new Error('no fit');
    expect(Math.abs(fit.alpha - 0.08)).toBeLessThan(0.0165);
    expect(Math.abs(fit.persistence - 0.98)).toBeLessThan(0.0154);
    expect(fit.variance).toBeCloseTo(window.reduce((sum, x) => sum + x, 0) / window.length, 10);
  });

  it('has no answer where nothing moved', () => {
    expect(fitGarch(new Float64Array(600))).toBeUndefined();
  });
});

describe('GARCH volatility', () => {
  it('is an EWMA until there are 500 returns, and then its own fit', () => {
    const estimator = make(1000, 100);
    const fallback = ewma.create({ lambda: 0.94, warm: false }, { prior: 0.03 });
    const returns = simulated(FIT_MIN, 0.1, 0.85, 8);
    for (const r of returns.subarray(0, FIT_MIN - 1)) {
      estimator.observe(r);
      fallback.observe(r);
      expect(estimator.now).toBe(fallback.now);
      expect(estimator.forecast(7)).toBe(fallback.forecast(7));
    }
    estimator.observe(returns[FIT_MIN - 1]);
    const window = squares(returns);
    const fit = fitGarch(window);
    expect(fit).toBeDefined();
    if (fit !== undefined) expect(estimator.now).toBe(Math.sqrt(filteredVariance(window, fit)));
  });

  it('fits the last window, oldest first, every so many returns, and follows the model in between', () => {
    const estimator = make(600, 70);
    const returns = simulated(930, 0.1, 0.85, 9);
    for (const r of returns.subarray(0, 920)) estimator.observe(r);
    // Fits at 500, 570, … 920.
    const window = squares(returns.subarray(320, 920));
    const fit = fitGarch(window);
    if (fit === undefined) throw new Error('no fit');
    let variance = filteredVariance(window, fit);
    expect(estimator.now).toBe(Math.sqrt(variance));
    for (const r of returns.subarray(920)) {
      estimator.observe(r);
      variance = fit.variance * (1 - fit.persistence) + fit.alpha * r * r + (fit.persistence - fit.alpha) * variance;
      expect(estimator.now).toBeCloseTo(Math.sqrt(variance), 12);
    }
  });

  it('expects a wild time to calm down and a calm one to end', () => {
    const estimator = make(1000, 100);
    const returns = simulated(1000, 0.1, 0.85, 10);
    for (const r of returns) estimator.observe(r);
    const fit = fitGarch(squares(returns));
    if (fit === undefined) throw new Error('no fit');
    const forecast = (steps: number): number => {
      let next = estimator.now ** 2;
      let sum = 0;
      for (let k = 0; k < steps; k++) {
        sum += next;
        next = fit.variance + fit.persistence * (next - fit.variance);
      }
      return Math.sqrt(sum);
    };
    for (const shock of [0, 8]) {
      estimator.observe(shock);
      for (const steps of [1, 2, 10, 500]) expect(estimator.forecast(steps) / forecast(steps)).toBeCloseTo(1, 12);
    }
    expect(estimator.forecast(500)).toBeLessThan(Math.sqrt(500) * estimator.now);
    expect(estimator.forecast(2.5) ** 2).toBeCloseTo((forecast(2) ** 2 + forecast(3) ** 2) / 2, 10);
  });

  it('keeps answering when a price stands still', () => {
    const still = make(500, 10);
    for (let t = 0; t < 520; t++) still.observe(0);
    expect(still.now).toBe(0);
    const stopped = make(500, 10);
    for (const r of simulated(600, 0.1, 0.85, 3)) stopped.observe(r);
    for (let t = 0; t < 600; t++) stopped.observe(0);
    expect(stopped.now).toBeGreaterThanOrEqual(0);
    expect(stopped.now).toBeLessThan(0.5);
  });
});
