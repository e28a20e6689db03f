/**
 * Geometric Brownian motion: the price of Black and Scholes, whose log-returns are independent and normal. Each step draws one normal and
 * is exact in distribution, whatever the step; nothing is approximated in between. No jumps, no changing volatility.
 *
 *   next = previous · e^((μ − σ²/2)·dt + σ·√dt·Z)        dt in years of 365 days
 */
import { exp } from '../base/elementary.ts';
import { definePart, years } from '../base/params.ts';
import type { PriceProcess, ProcessNeeds } from './process.ts';

export const gbm = definePart<ProcessNeeds, PriceProcess>()({
  name: 'gbm',
  summary: 'Geometric Brownian motion with constant drift and volatility.',
  sources: ['F. Black, M. Scholes, "The pricing of options and corporate liabilities", Journal of Political Economy 81 (1973)'],
  params: {
    start: { kind: 'number', unit: 'usd/token', range: [1e-12, 1e12], doc: 'price at time 0' },
    volatility: { kind: 'number', unit: '1/sqrt(year)', range: [0, 10], doc: 'standard deviation of a year’s log-return' },
    drift: { kind: 'number', unit: '1/year', range: [-1000, 1000], default: 0, doc: 'growth rate of the expected price' },
  },
  create({ start, volatility, drift }, { normal, every }) {
    const dt = years(every);
    const shift = (drift - (volatility * volatility) / 2) * dt;
    const spread = volatility * Math.sqrt(dt);
    let price = start;
    return {
      start,
      next() {
        price *= exp(shift + spread * normal());
        return price;
      },
    };
  },
});
