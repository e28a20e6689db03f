/** The attack of 2 April 2022 against the figures of the record, and against the oracle that it did not have. */
import { describe, expect, it } from 'vitest';
import { runIncident } from './incident-run.ts';

const broken = await runIncident('inverse-2022', 'broken');
const trueTwap = await runIncident('inverse-2022', 'true-twap');

describe('Inverse with the average since the last update', () => {
  const [pump] = broken.attackers('trade');

  it('sees 300 ETH buy 374.4 INV', () => {
    expect(pump.b / 1e9).toBe(300);
    expect(Math.abs(-pump.a / 1e9 - 374.4)).toBeLessThan(0.1);
  });

  it('sees the pool rise by a factor of 56', () => {
    expect(Math.round(pump.d / pump.c)).toBe(56);
  });

  it('lends out all the cash of every market in the next block', () => {
    const { names, events } = broken.outcome;
    const supplied = new Map(events.filter(({ kind }) => kind === 'supply').map(({ subject, a }) => [subject, a]));
    const borrowed = new Map(broken.attackers('borrow').map(({ subject, a }) => [subject, a]));
    expect(borrowed).toEqual(supplied);
    const markets = [...borrowed.keys()].map((market) => names.markets[market]);
    expect(markets.sort()).toEqual(['anchor/DOLA', 'anchor/ETH', 'anchor/WBTC', 'anchor/YFI']);
    for (const { at } of broken.attackers('borrow')) expect(at - pump.at).toBe(12_000);
  });

  it('gives him 14 to 16 million dollars', () => {
    const { attack_gain_usd: gain } = broken.outcome.metrics;
    expect(gain).toBeGreaterThan(14e6);
    expect(gain).toBeLessThan(16e6);
  });

  it('is paid by the lenders', () => {
    const { lender_loss_usd: loss, bad_debt_usd: bad } = broken.outcome.metrics;
    expect(loss).toBeGreaterThan(13e6);
    expect(loss).toBeCloseTo(bad, 2);
  });
});

describe('Inverse with a true average over 30 minutes', () => {
  it('gives the same pump at most one per cent of it', () => {
    const [pump] = trueTwap.attackers('trade');
    expect(-pump.a / 1e9).toBeCloseTo(374.4, 1);
    expect(trueTwap.outcome.metrics.attack_gain_usd).toBeLessThanOrEqual(0.01 * broken.outcome.metrics.attack_gain_usd);
    expect(trueTwap.outcome.metrics.attack_profit_usd).toBeLessThan(0);
    expect(trueTwap.outcome.metrics.bad_debt_usd).toBe(0);
  });
});
