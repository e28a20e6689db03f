/**
 * A price whose volatility clusters: log-returns of GARCH(1,1), one for each grid step, with normal or Student’s t innovations of variance
 * 1. The variance begins at its long-run value. `alpha` and `beta` belong to the step: another `world.step` makes another process of them.
 *
 *   next = previous · e^(μ·dt − h/2 + ε)        ε = √h·z
 *   h(next) = (1 − α − β)·σ²·dt + α·ε² + β·h     z: Z, or Z·√((ν − 2)/χ²) with χ² of ν degrees
 *
 * With normal innovations the expected price grows by μ. With t innovations it has no expectation, as no price with such tails has; −h/2 is
 * then a convention. Normals of correlated assets are mixed before they become t, so their returns correlate a little less.
 */
import { drawGamma } from '../base/distributions.ts';
import { exp } from '../base/elementary.ts';
import { definePart, years } from '../base/params.ts';
import type { PriceProcess, ProcessNeeds } from './process.ts';

export const garch = definePart<ProcessNeeds, PriceProcess>()({
  name: 'garch',
  summary: 'Log-returns of GARCH(1,1): wild times follow wild times; tails of a normal or of Student’s t.',
  sources: [
    'T. Bollerslev, "Generalized autoregressive conditional heteroskedasticity", Journal of Econometrics 31 (1986) 307-327',
    'T. Bollerslev, Review of Economics and Statistics 69 (1987) 542-547 (Student’s t innovations)',
  ],
  params: {
    start: { kind: 'number', unit: 'usd/token', range: [1e-12, 1e12], doc: 'price at time 0' },
    volatility: { kind: 'number', unit: '1/sqrt(year)', range: [0, 10], doc: 'standard deviation of a year’s log-return in the long run' },
    drift: { kind: 'number', unit: '1/year', range: [-1000, 1000], default: 0, doc: 'growth rate of the expected price' },
    alpha: { kind: 'number', unit: 'ratio', range: [0, 1], doc: 'weight of the last squared return in the next variance, per grid step' },
    beta: { kind: 'number', unit: 'ratio', range: [0, 1], doc: 'weight of the last variance in the next, per grid step' },
    df: { kind: 'number', unit: 'degrees of freedom', range: [2.01, 1000], optional: true, doc: 'of Student’s t; left out: normal' },
  },
  check: ({ alpha, beta }) => {
    if (alpha + beta < 1) return [];
    const most = Number((1 - alpha).toPrecision(12));
    return [{ param: 'beta', found: String(beta), expected: `less than 1 − alpha = ${most}: variance must return to its mean` }];
  },
  create({ start, volatility, drift, alpha, beta, df }, { random, every, normal }) {
    // A stream of their own: with and without tails the normals are the same.
    const tails = random.split('tails');
    const dt = years(every);
    const longRun = volatility * volatility * dt;
    const floor = (1 - alpha - beta) * longRun;
    let h = longRun;
    let price = start;
    return {
      start,
      next() {
        const z = normal();
        // χ² of ν degrees is twice a gamma of shape ν/2.
        const fat = df === undefined ? z : z * Math.sqrt((df - 2) / (2 * drawGamma(tails, df / 2)));
        const move = Math.sqrt(h) * fat;
        price *= exp(drift * dt - h / 2 + move);
        h = floor + alpha * move * move + beta * h;
        return price;
      },
    };
  },
});
