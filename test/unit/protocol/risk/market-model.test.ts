import { describe, expect, it } from 'vitest';
import { years } from '../../../../src/base/params.ts';
import { randomFrom } from '../../../../src/base/random.ts';
import { createMarketModel, type MarketModelTerms } from '../../../../src/protocol/risk/market-model.ts';
import { garchReturns } from '../../../../src/study/validate/simulated-returns.ts';
import { portfolioTerms } from '../../../support/portfolio-var.ts';

const HOUR = 3_600_000;
const TWO = Float64Array.of(0.8, 0.4);
const hourly = (volatility: number) => volatility * Math.sqrt(years(HOUR));

function model(terms: Partial<MarketModelTerms>, priors = TWO, given?: readonly (readonly number[])[]) {
  const made = createMarketModel(portfolioTerms(terms), priors, given);
  const observe = (...returns: readonly number[]) =>
    made.observe({ returns: Float64Array.from(returns), known: new Uint8Array(returns.length).fill(1), observe: () => true });
  return { ...made, observe };
}

describe('what is believed of markets', () => {
  it('is the prior of each before there is data, and their correlation if one is given', () => {
    const { deviations, covariance } = model({}, TWO, [
      [1, 0.5],
      [0.5, 1],
    ]);
    expect(deviations[0]).toBeCloseTo(hourly(0.8), 12);
    expect(deviations[1]).toBeCloseTo(hourly(0.4), 12);
    expect(covariance[1] / (deviations[0] * deviations[1])).toBeCloseTo(0.5, 12);
    expect(covariance[1]).toBe(covariance[2]);
  });

  it('grows with the root of the horizon', () => {
    expect(model({ horizon: 9 * HOUR }).deviations[0]).toBeCloseTo(3 * hourly(0.8), 12);
  });

  it('falls in a calm as far as the floor, and without one to nothing', () => {
    for (const [floor, least] of [
      [0, 1e-3],
      [0.5, 0.5],
    ] as const) {
      const { observe, deviations } = model({ floor });
      for (let hour = 0; hour < 500; hour++) observe(0, 0);
      expect(deviations[0] / hourly(0.8)).toBeLessThanOrEqual(least + 1e-12);
      if (floor > 0) expect(deviations[0] / hourly(0.8)).toBeCloseTo(least, 12);
    }
  });

  it('has a part of stress in it, so that a storm raises it by less', () => {
    const rise = (stressedWeight: number) => {
      const { observe, deviations } = model({ stressedWeight, stress: 2 });
      const calm = deviations[0];
      for (let hour = 0; hour < 100; hour++) observe(3 * hourly(0.8), 0);
      return { calm: calm / hourly(0.8), ratio: deviations[0] / calm };
    };
    expect(rise(0).calm).toBeCloseTo(1, 9);
    expect(rise(0.25).calm).toBeCloseTo(Math.sqrt(0.75 + 0.25 * 4), 9);
    expect(rise(0.25).ratio).toBeLessThan(rise(0).ratio);
  });

  it('learns correlations with weights that fade', () => {
    const { observe, covariance, deviations } = model({ correlationLambda: 0.9 });
    const correlation = () => covariance[1] / (deviations[0] * deviations[1]);
    expect(correlation()).toBe(0);
    for (let hour = 0; hour < 100; hour++) observe(hour % 2 === 0 ? 0.01 : -0.01, hour % 2 === 0 ? 0.01 : -0.01);
    expect(correlation()).toBeGreaterThan(0.99);
    for (let hour = 0; hour < 100; hour++) observe(hour % 2 === 0 ? 0.01 : -0.01, hour % 2 === 0 ? -0.01 : 0.01);
    expect(correlation()).toBeLessThan(-0.99);
  });

  it('does not take a market without a mark for one that stood still', () => {
    const { observe, deviations, believed } = model({});
    const made = createMarketModel(portfolioTerms({}), TWO, undefined);
    for (let hour = 0; hour < 50; hour++) {
      made.observe({ returns: Float64Array.of(0.01, 0), known: Uint8Array.of(1, 0), observe: () => true });
      observe(0.01, 0);
    }
    expect(made.deviations[1]).toBeCloseTo(hourly(0.4), 12);
    expect(deviations[1]).toBeLessThan(hourly(0.2));
    expect(made.believed[0]).toBe(believed[0]);
  });

  it('expects a storm to pass, where it predicts', () => {
    const terms = { estimator: 'garch', window: 1000, horizon: 200 * HOUR } as const;
    const [now, ahead] = (['dynamic', 'predictive'] as const).map((mode) => {
      const made = model({ ...terms, mode }, Float64Array.of(0.8));
      const draw = garchReturns(randomFrom(2), 0.08, 0.9);
      for (let hour = 0; hour < 1000; hour++) made.observe(hourly(0.8) * draw());
      const calm = made.deviations[0];
      for (let hour = 0; hour < 10; hour++) made.observe(4 * hourly(0.8));
      return { calm, storm: made.deviations[0] };
    });
    expect(now.storm / now.calm).toBeGreaterThan(1.8);
    expect(ahead.storm).toBeLessThan(0.8 * now.storm);
    expect(ahead.storm).toBeGreaterThan(ahead.calm);
  });
});
