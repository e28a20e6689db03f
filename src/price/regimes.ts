/**
 * Switching regimes: a geometric Brownian motion whose volatility and drift are those of the regime in force. A regime ends after an
 * exponential time of its mean, looked at on the grid, and any of the others follows with equal probability. It begins in the first.
 *
 *   leaves in a step with probability 1 − e^(−dt/duration)          share of time in the long run ∝ 1/(1 − e^(−dt/duration))
 */
import { exp, expm1 } from '../base/elementary.ts';
import { definePart, YEAR_MS, years } from '../base/params.ts';
import type { PriceProcess, ProcessNeeds } from './process.ts';

export const regimes = definePart<ProcessNeeds, PriceProcess>()({
  name: 'regimes',
  summary: 'Calm and wild times that follow each other, each with a volatility and a drift.',
  sources: [
    'J. D. Hamilton, "A new approach to the economic analysis of nonstationary time series and the business cycle", Econometrica 57 (1989)',
  ],
  params: {
    start: { kind: 'number', unit: 'usd/token', range: [1e-12, 1e12], doc: 'price at time 0' },
    regimes: {
      kind: 'table',
      doc: 'the regimes, the first in force at time 0',
      columns: {
        volatility: { kind: 'number', unit: '1/sqrt(year)', range: [0, 10], doc: 'standard deviation of a year’s log-return' },
        drift: { kind: 'number', unit: '1/year', range: [-1000, 1000], default: 0, doc: 'growth rate of the expected price' },
        duration: { kind: 'duration', range: [1, 100 * YEAR_MS], doc: 'how long it lasts on average' },
      },
    },
  },
  check: ({ regimes }) =>
    regimes.length >= 2
      ? []
      : [{ param: 'regimes', found: `${regimes.length} regimes`, expected: 'at least two: with one there is nothing to switch' }],
  create({ start, regimes }, { random, every, normal }) {
    const switches = random.split('regimes');
    const dt = years(every);
    const shift = regimes.map(({ drift, volatility }) => (drift - (volatility * volatility) / 2) * dt);
    const spread = regimes.map(({ volatility }) => volatility * Math.sqrt(dt));
    const leaves = regimes.map(({ duration }) => -expm1(-every / duration));
    let regime = 0;
    let price = start;
    return {
      start,
      next() {
        price *= exp(shift[regime] + spread[regime] * normal());
        if (switches.uniform() < leaves[regime]) {
          const other = switches.integer(regimes.length - 1);
          regime = other < regime ? other : other + 1;
        }
        return price;
      },
    };
  },
});
