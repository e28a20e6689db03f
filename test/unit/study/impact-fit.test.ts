import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { isRejection } from '../../../src/base/rejection.ts';
import { quantile } from '../../../src/base/statistics.ts';
import { createAssets } from '../../../src/ledger/assets.ts';
import { Journal } from '../../../src/ledger/journal.ts';
import { Ledger } from '../../../src/ledger/ledger.ts';
import { impactCurve } from '../../../src/market/impact-curve.ts';
import { fitImpact, type ImpactQuote } from '../../../src/study/impact-fit.ts';

/** What the real venue with this table makes a sale lose; NaN for what it does not take. */
function venueOf(table: readonly ImpactQuote[]): (size: number) => number {
  const ledger = new Ledger(
    createAssets([
      { name: 'TKN', decimals: 6 },
      { name: 'USD', decimals: 6 },
    ]),
    new Journal(),
  );
  const terms = { base: 0, quote: 1, quoteReserve: 1e8, fee: 0, table, resilience: 600_000 } as const;
  const { quote } = impactCurve.create(terms as never, { name: 'market', ledger, startPrice: () => 1 });
  return (size) => {
    const fill = quote({ sell: 0, amount: Math.round(size * 1e6) });
    return isRejection(fill) ? Number.NaN : 1 - fill.bought / fill.sold;
  };
}

describe('a table fitted to quotes', () => {
  it('is the table that the quotes were of, where they have no noise', () => {
    const quotes = [
      { size: 10, impact: 0.01 },
      { size: 30, impact: 0.03 },
      { size: 100, impact: 0.1 },
    ];
    const rows = fitImpact(quotes.toReversed());
    rows.forEach(({ size, impact }, i) => {
      expect(size).toBeCloseTo(quotes[i].size, 9);
      expect(impact).toBeCloseTo(quotes[i].impact, 9);
    });
    expect(rows).toHaveLength(3);
  });

  it('is one that a venue takes, whatever the quotes, and ends where a larger sale would bring less', () => {
    const random = randomFrom(1);
    for (let trial = 0; trial < 200; trial++) {
      const quotes = Array.from({ length: 60 }, () => {
        const size = Math.exp(10 * random.uniform());
        return { size, impact: size / 30_000 + 0.05 * (random.uniform() - 0.5) };
      });
      const rows = fitImpact(quotes);
      const impactAt = venueOf(rows);
      const last = rows[rows.length - 1];
      expect(Math.abs(impactAt(last.size) - last.impact)).toBeLessThan(1e-5);
      const brought = rows.map(({ size, impact }) => size * (1 - impact));
      expect(brought.every((tokens, i) => i === 0 || tokens > brought[i - 1])).toBe(true);
    }
    expect(fitImpact([{ size: 1, impact: 1 }])).toEqual([]);
  });

  it('finds a square-root law under noise', () => {
    const random = randomFrom(2);
    const law = (size: number) => 0.001 * Math.sqrt(size);
    const quotes = Array.from({ length: 400 }, () => {
      const size = Math.exp(9 * random.uniform());
      return { size, impact: law(size) * (1 + 0.2 * random.normal()) };
    });
    const impactAt = venueOf(fitImpact(quotes));
    for (const size of [100, 400, 1_600, 4_000]) expect(Math.abs(impactAt(size) / law(size) - 1)).toBeLessThan(0.1);
  });
});

const folder = process.env.BREAKWATER_DATA;
/** Below, a quote tells of the minute and not of its size. */
const TOLD = 0.001;

describe.skipIf(folder === undefined)('quotes of markets (set BREAKWATER_DATA to the folder that holds them)', () => {
  const text = folder === undefined ? '' : readFileSync(join(folder, 'dex-price-impact-quotes-nov2023.csv'), 'utf8');
  const quotes = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .map(([time, sell, , size, , impact]) => ({ hour: Number(time.slice(11, 13)), sell, size: Number(size), impact: Number(impact) }));

  /** Median of |said ÷ quoted − 1| over the quotes of the other hours of which the fit says at least `least`. */
  function heldBack(asset: string, parity: number, least: number): number {
    const own = quotes.filter(({ sell }) => sell === asset);
    const impactAt = venueOf(fitImpact(own.filter(({ hour }) => hour % 2 === parity)));
    const errors = own
      .filter(({ hour, impact, size }) => hour % 2 !== parity && impact > 0 && impactAt(size) >= least)
      .map(({ size, impact }) => Math.abs(impactAt(size) / impact - 1));
    expect(errors.length).toBeGreaterThan(30);
    return quantile(errors, 0.5);
  }

  it.each(['WBTC', 'WETH', 'wstETH'])('%s: half of them tell the other half within a fifth, from a tenth of a per cent on', (asset) => {
    for (const parity of [0, 1]) expect(heldBack(asset, parity, TOLD)).toBeLessThan(0.2);
  });

  it('lose less than that where next to nothing is sold, but of sfrxETH', () => {
    const tellers = ['WBTC', 'WETH', 'wstETH', 'sfrxETH'].filter((asset) => {
      const smallest = quotes.filter(({ sell }) => sell === asset).sort((a, b) => a.size - b.size);
      const losses = smallest.slice(0, 34).map(({ impact }) => impact);
      return quantile(losses, 0.5) < TOLD;
    });
    expect(tellers).toEqual(['WBTC', 'WETH', 'wstETH']);
  });

  it('of sfrxETH, and small ones of any, do not: they differ by more from each other', () => {
    for (const parity of [0, 1]) expect(heldBack('sfrxETH', parity, TOLD)).toBeGreaterThan(0.2);
    for (const asset of ['WBTC', 'WETH', 'wstETH']) for (const parity of [0, 1]) expect(heldBack(asset, parity, 0)).toBeGreaterThan(0.2);
  });
});
