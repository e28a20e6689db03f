/** Moments of a jump diffusion against Merton's closed form, by two-sided z-tests with fixed N and seeds. */
import { describe, expect, it } from 'vitest';
import { exp, log } from '../../../src/base/elementary.ts';
import { YEAR_MS } from '../../../src/base/params.ts';
import { randomFrom } from '../../../src/base/random.ts';
import { gbm } from '../../../src/price/gbm.ts';
import { jumpDiffusion } from '../../../src/price/jump-diffusion.ts';
import { needsAlone } from '../../../src/price/process.ts';

const Z_999 = 3.2905;
const DAY = 86_400_000;
const TERMS = { start: 100, volatility: 0.6, drift: 0.2, jumpRate: 60, jumpMean: -0.05, jumpSd: 0.08 };

const process = (seed: number, every = DAY, terms = TERMS) => jumpDiffusion.create(terms, needsAlone(randomFrom(seed, 'price'), every));

describe('a jump diffusion', () => {
  it('has log-returns with the cumulants of a Poisson sum of normals and a normal', () => {
    const n = 400_000;
    const dt = DAY / YEAR_MS;
    const { volatility, drift, jumpRate, jumpMean: m, jumpSd: s } = TERMS;
    const rate = jumpRate * dt;
    const mean = (drift - jumpRate * (exp(m + (s * s) / 2) - 1) - volatility ** 2 / 2) * dt + rate * m;
    const variance = volatility ** 2 * dt + rate * (m ** 2 + s ** 2);
    const third = rate * (m ** 3 + 3 * m * s ** 2);
    const price = process(1);
    let previous = price.start;
    const powers = [0, 0, 0, 0, 0, 0, 0];
    for (let i = 1; i <= n; i++) {
      const next = price.next(i * DAY);
      const off = log(next / previous) - mean;
      previous = next;
      for (let k = 1; k <= 6; k++) powers[k] += off ** k / n;
    }
    // The spread of each sample moment is that of the sample: N is large, and the sixth moment exists.
    expect(Math.abs(powers[1]) / Math.sqrt(variance / n)).toBeLessThan(Z_999);
    expect(Math.abs(powers[2] - variance) / Math.sqrt((powers[4] - powers[2] ** 2) / n)).toBeLessThan(Z_999);
    expect(Math.abs(powers[3] - third) / Math.sqrt((powers[6] - powers[3] ** 2) / n)).toBeLessThan(Z_999);
    // Twenty times as far as its own error from a price without jumps.
    expect(Math.abs(third) / Math.sqrt(powers[6] / n)).toBeGreaterThan(20);
  });

  it('grows in expectation by e^(μT), jumps included', () => {
    const n = 40_000;
    const span = YEAR_MS / 10;
    const { start, drift, volatility, jumpRate, jumpMean: m, jumpSd: s } = TERMS;
    const root = randomFrom(2);
    let sum = 0;
    for (let path = 0; path < n; path++) sum += jumpDiffusion.create(TERMS, needsAlone(root.split(String(path)), span)).next(span);
    const mean = start * exp(drift * 0.1);
    // E[P²] = E[P]²·e^((σ² + λ·E[(e^J − 1)²])·T)
    const jumpSquare = exp(2 * m + 2 * s * s) - 2 * exp(m + (s * s) / 2) + 1;
    const sd = mean * Math.sqrt(exp((volatility ** 2 + jumpRate * jumpSquare) * 0.1) - 1);
    expect(Math.abs(sum / n - mean) / (sd / Math.sqrt(n))).toBeLessThan(Z_999);
  });

  it('without jumps is the geometric Brownian motion of the same stream, to the bit', () => {
    const { start, volatility, drift } = TERMS;
    const plain = gbm.create({ start, volatility, drift }, needsAlone(randomFrom(3, 'price'), DAY));
    const none = process(3, DAY, { ...TERMS, jumpRate: 0 });
    for (let i = 1; i <= 100; i++) expect(none.next(i * DAY)).toBe(plain.next(i * DAY));
  });

  it('has the same path between its jumps, however often it jumps', () => {
    const size = { ...TERMS, jumpMean: 0, jumpSd: 0 };
    const [few, many] = [process(4, DAY, { ...size, jumpRate: 1 }), process(4, DAY, { ...size, jumpRate: 500 })];
    for (let i = 1; i <= 100; i++) expect(many.next(i * DAY)).toBe(few.next(i * DAY));
  });
});
