/** What each layer of a waterfall pays is measured where it falls, on a crash that can be reckoned by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../../../src/record/metrics.ts';
import { runBankruptcy, SHORT_USD } from '../../support/bankruptcy-run.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const FUND = { use: 'insurance-fund' };
const close = (usd: number) => expect.closeTo(usd, 4);

describe('a bankruptcy of 50', () => {
  it('is measured by who pays it', () => {
    const layers = [FUND, { use: 'treasury' }, { use: 'vault', with: { lossMax: 5 } }, { use: 'adl-queue' }];
    const { metrics } = runBankruptcy(layers, { fund: { USD: 1, TKN: 1 } });
    // A pool of 100,000 TKN against 1,000,000 USD still pays 10 less its fee for a token that is worth 8.
    const sold = 9.9699;
    expect(metrics).toMatchObject({
      bad_debt_usd: close(SHORT_USD),
      insurance_used_usd: close(1 + sold),
      treasury_sold_usd: close(8),
      treasury_slippage_usd: close(8 - sold),
      vault_loss_usd: close(5),
      adl_usd: close(SHORT_USD - 6 - sold),
      adl_count: 1,
      // Who is closed is the more leveraged of the two winners; his 40 short had won 80.
      adl_overshoot_usd: close(80 - (SHORT_USD - 6 - sold)),
      recapitalised_usd: 0,
      minted_usd: 0,
    });
    expect(metrics.daring_profit_usd).toBeCloseTo(80 - metrics.adl_usd, 4);
    expect(metrics.careful_profit_usd).toBeCloseTo(120, 4);
  });

  it('leaves no overshoot, and two who pay, where it is taken in proportion', () => {
    const { metrics } = runBankruptcy([{ use: 'adl-pro-rata' }]);
    expect(metrics).toMatchObject({ adl_usd: close(SHORT_USD), adl_count: 2, adl_overshoot_usd: close(0) });
    expect(metrics.daring_profit_usd).toBeCloseTo(80 - 20, 4);
    expect(metrics.careful_profit_usd).toBeCloseTo(120 - 30, 4);
  });

  it('is counted once where it is paid in part: what somebody paid, and what is open at the end', () => {
    const { metrics } = runBankruptcy([FUND], { fund: 20 });
    expect(metrics).toMatchObject({ bad_debt_usd: close(SHORT_USD), insurance_used_usd: close(20), open_shortfall_usd: close(30) });
    const none = runBankruptcy([]).metrics;
    expect(none).toMatchObject({ bad_debt_usd: close(SHORT_USD), insurance_used_usd: 0, open_shortfall_usd: close(SHORT_USD) });
  });

  it('that nobody has closed is open, and falls on the fund in the final account alone', () => {
    const { metrics } = runBankruptcy([FUND], { fund: 80, horizon: '150 s' });
    expect(metrics).toMatchObject({ bad_debt_usd: close(SHORT_USD), insurance_used_usd: 0, open_shortfall_usd: close(SHORT_USD) });
    expect(metrics.insurance_fund_profit_usd).toBeCloseTo(-SHORT_USD, 4);
  });

  it('is the sum that the meaning of bad_debt_usd states, whoever pays how much of it', () => {
    const [, ...parts] = METRICS.bad_debt_usd.split(/[^\w]+(?=\w+_usd\b)/);
    expect(parts).toHaveLength(6);
    const paid: Record<string, number> = {};
    const some = fc.integer({ min: 1, max: 40 });
    const layers = fc
      .tuple(some, fc.integer({ min: 1, max: 1000 }))
      .chain(([lossMax, mint]) =>
        fc.shuffledSubarray([
          FUND,
          { use: 'treasury' },
          { use: 'vault', with: { lossMax } },
          { use: 'adl-queue' },
          { use: 'socialise-profits' },
          { use: 'recapitalise', with: { token: 'GAS', mintMax: mint / 1e4 } },
        ]),
      );
    const venues = { gas: { use: 'constant-product', with: { base: 'GAS', quote: 'USD', quoteReserve: 200, fee: 0 } } };
    fc.assert(
      fc.property(layers, some, fc.integer({ min: 0, max: 2 }), (backstop, USD, TKN) => {
        const { metrics } = runBankruptcy(backstop, { fund: { USD, TKN }, venues });
        expect(parts.reduce((sum, part) => sum + metrics[part], 0)).toBeCloseTo(SHORT_USD, 4);
        expect(metrics.bad_debt_usd).toBeCloseTo(SHORT_USD, 4);
        for (const part of parts) paid[part] = (paid[part] ?? 0) + (metrics[part] > 0 ? 1 : 0);
      }),
      { numRuns: propertyRuns(60, 1000) },
    );
    // Lenders pay debts, not cash: their part is tried where a liquidation comes too late, in `metrics.test.ts`.
    expect(parts.filter((part) => paid[part] < 5)).toEqual(['socialised_loss_usd']);
  });

  it('makes tokens of a fair value above what they bring', () => {
    const venues = { gas: { use: 'constant-product', with: { base: 'GAS', quote: 'USD', quoteReserve: 200, fee: 0 } } };
    const { metrics } = runBankruptcy([{ use: 'recapitalise', with: { token: 'GAS', mintMax: 1 } }], { venues });
    expect(metrics.recapitalised_usd).toBeCloseTo(SHORT_USD, 4);
    // 50 of 200 are bought with a third of the other reserve, 200 at fair prices.
    expect(metrics.minted_usd).toBeCloseTo(200 / 3, 2);
    expect(metrics.treasury_sold_usd).toBe(0);
    expect(metrics.outside_profit_usd).toBeCloseTo(-200 / 3, 2);
  });
});
