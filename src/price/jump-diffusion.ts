/**
 * Jump diffusion: a geometric Brownian motion that also jumps, at times of a Poisson process, by lognormal factors. The drift is that of
 * the expected price, jumps included: what they bring on average is taken from the path between them. Exact in distribution at every step.
 * Jumps of different assets are independent, and so are jumps and the path between them.
 *
 *   next = previous · e^((μ − λκ − σ²/2)·dt + σ·√dt·Z + ΣJ)        N jumps in dt: Poisson of mean λ·dt; J normal of mean m and deviation s
 *   κ = e^(m + s²/2) − 1
 */
import { drawPoisson } from '../base/distributions.ts';
import { exp, expm1 } from '../base/elementary.ts';
import { definePart, years } from '../base/params.ts';
import type { PriceProcess, ProcessNeeds } from './process.ts';

export const jumpDiffusion = definePart<ProcessNeeds, PriceProcess>()({
  name: 'jump-diffusion',
  summary: 'Geometric Brownian motion with lognormal jumps at random times.',
  sources: [
    'R. C. Merton, "Option pricing when underlying stock returns are discontinuous", Journal of Financial Economics 3 (1976) 125-144',
  ],
  params: {
    start: { kind: 'number', unit: 'usd/token', range: [1e-12, 1e12], doc: 'price at time 0' },
    volatility: { kind: 'number', unit: '1/sqrt(year)', range: [0, 10], doc: 'standard deviation of a year’s log-return, jumps left out' },
    drift: { kind: 'number', unit: '1/year', range: [-1000, 1000], default: 0, doc: 'growth rate of the expected price, jumps included' },
    jumpRate: { kind: 'number', unit: '1/year', range: [0, 1e5], doc: 'jumps expected in a year' },
    jumpMean: { kind: 'number', unit: 'log', range: [-5, 5], doc: 'mean of the logarithm of a jump: -0.1 is a fall by about a tenth' },
    jumpSd: { kind: 'number', unit: 'log', range: [0, 5], default: 0, doc: 'standard deviation of the logarithm of a jump' },
  },
  create({ start, volatility, drift, jumpRate, jumpMean, jumpSd }, { random, every, normal }) {
    // A stream of their own: the path between the jumps is the same however often it jumps.
    const jumps = random.split('jumps');
    const dt = years(every);
    const expected = jumpRate * dt;
    const brought = jumpRate * expm1(jumpMean + (jumpSd * jumpSd) / 2);
    const shift = (drift - brought - (volatility * volatility) / 2) * dt;
    const spread = volatility * Math.sqrt(dt);
    let price = start;
    return {
      start,
      next() {
        const path = shift + spread * normal();
        const count = expected > 0 ? drawPoisson(jumps, expected) : 0;
        price *= exp(count === 0 ? path : path + count * jumpMean + jumpSd * Math.sqrt(count) * jumps.normal());
        return price;
      },
    };
  },
});
