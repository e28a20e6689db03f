/**
 * Jump diffusion with jumps of two tails: their logarithms are exponential, upwards with probability `up` and downwards otherwise. Sharper
 * peak and heavier tails than lognormal jumps, and the two sides apart: crashes may be larger than rallies. Drift and independence as in
 * `jump-diffusion`.
 *
 *   next = previous · e^((μ − λκ − σ²/2)·dt + σ·√dt·Z + ΣY)          N jumps in dt: Poisson of mean λ·dt
 *   Y = a·E with probability p, else −b·E, E exponential of mean 1          κ = p/(1 − a) + (1 − p)/(1 + b) − 1
 */
import { drawPoisson } from '../base/distributions.ts';
import { exp } from '../base/elementary.ts';
import { definePart, years } from '../base/params.ts';
import type { PriceProcess, ProcessNeeds } from './process.ts';

export const doubleExponential = definePart<ProcessNeeds, PriceProcess>()({
  name: 'double-exponential',
  summary: 'Geometric Brownian motion with exponential jumps, up and down with sizes of their own (Kou).',
  sources: ['S. G. Kou, "A jump-diffusion model for option pricing", Management Science 48 (2002) 1086-1101'],
  params: {
    start: { kind: 'number', unit: 'usd/token', range: [1e-12, 1e12], doc: 'price at time 0' },
    volatility: { kind: 'number', unit: '1/sqrt(year)', range: [0, 10], doc: 'standard deviation of a year’s log-return, jumps left out' },
    drift: { kind: 'number', unit: '1/year', range: [-1000, 1000], default: 0, doc: 'growth rate of the expected price, jumps included' },
    jumpRate: { kind: 'number', unit: '1/year', range: [0, 1e5], doc: 'jumps expected in a year' },
    up: { kind: 'number', unit: 'probability', range: [0, 1], default: 0.5, doc: 'that a jump is upwards' },
    upMean: {
      kind: 'number',
      unit: 'log',
      range: [0, 0.99],
      doc: 'mean logarithm of a jump upwards; below 1, or the price has no expectation',
    },
    downMean: { kind: 'number', unit: 'log', range: [0, 5], doc: 'mean logarithm of a jump downwards, as a positive number' },
  },
  create({ start, volatility, drift, jumpRate, up, upMean, downMean }, { random, every, normal }) {
    // A stream of their own: the path between the jumps is the same however often it jumps.
    const jumps = random.split('jumps');
    const dt = years(every);
    const expected = jumpRate * dt;
    const brought = jumpRate * (up / (1 - upMean) + (1 - up) / (1 + downMean) - 1);
    const shift = (drift - brought - (volatility * volatility) / 2) * dt;
    const spread = volatility * Math.sqrt(dt);
    let price = start;
    return {
      start,
      next() {
        let move = shift + spread * normal();
        const count = expected > 0 ? drawPoisson(jumps, expected) : 0;
        for (let jump = 0; jump < count; jump++) {
          const upwards = jumps.uniform() < up;
          const size = jumps.exponential();
          move += upwards ? upMean * size : -downMean * size;
        }
        price *= exp(move);
        return price;
      },
    };
  },
});
