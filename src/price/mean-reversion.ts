/**
 * A price that is pulled back to a level: the logarithm is an Ornstein-Uhlenbeck process, exact at every step. For pegs: a stablecoin, a
 * staked token, a wrapped one.
 *
 *   next = L · (previous/L)^q · e^(s·Z)          q = 2^(−dt/h), h: half-life;  s² = σ²·(1 − q²)/(2·ln 2/h)
 *
 * In the long run ln(price/L) is normal with variance σ²·h/(2·ln 2), and its autocorrelation after t is 2^(−t/h).
 */
import { exp, log } from '../base/elementary.ts';
import { definePart, YEAR_MS, years } from '../base/params.ts';
import type { PriceProcess, ProcessNeeds } from './process.ts';

export const meanReversion = definePart<ProcessNeeds, PriceProcess>()({
  name: 'mean-reversion',
  summary: 'A logarithm that is pulled back to a level (Ornstein-Uhlenbeck): a peg.',
  sources: [
    'G. E. Uhlenbeck, L. S. Ornstein, "On the theory of the Brownian motion", Physical Review 36 (1930) 823-841',
    'E. S. Schwartz, "The stochastic behavior of commodity prices", Journal of Finance 52 (1997) 923-973 (model 1)',
  ],
  params: {
    start: { kind: 'number', unit: 'usd/token', range: [1e-12, 1e12], doc: 'price at time 0' },
    level: { kind: 'number', unit: 'usd/token', range: [1e-12, 1e12], optional: true, doc: 'to which it returns; `start` if left out' },
    volatility: { kind: 'number', unit: '1/sqrt(year)', range: [0, 10], doc: 'of a short time: standard deviation per root of a year' },
    halfLife: { kind: 'duration', range: [1, 10 * YEAR_MS], doc: 'time after which half of a deviation is gone' },
  },
  create({ start, level = start, volatility, halfLife }, { every, normal }) {
    const rate = Math.LN2 / years(halfLife);
    const kept = exp(-rate * years(every));
    const spread = volatility * Math.sqrt((1 - kept * kept) / (2 * rate));
    let deviation = log(start / level);
    return {
      start,
      next() {
        deviation = deviation * kept + spread * normal();
        return level * exp(deviation);
      },
    };
  },
});
