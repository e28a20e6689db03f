/** What a liquidity provider deposits, where, and when it moves and leaves. */
import { describe, expect, it } from 'vitest';
import { countOf, profitOf, runSmall } from '../../support/small-world.ts';

const RANGES = { v3: { use: 'concentrated', with: { base: 'TKN', quote: 'USD', quoteReserve: 1_000, fee: 0.003, tickSpacing: 1 } } };
const FALL = { use: 'constant', with: { start: 10 }, shocks: [{ at: '10 min', factor: 0.5, over: '10 min', hold: '10 h' }] };
const provider = (params: object = {}) => ({
  use: 'liquidity-provider',
  params: { venue: 'v3', halfWidth: 0.25, ...params },
  wallet: { TKN: 10_000, USD: 100_000 },
});
const arbitrageur = (venue = 'v3') => ({ use: 'arbitrageur', params: { venue, hedge: true }, wallet: { TKN: 100_000, USD: 1_000_000 } });

describe('a liquidity provider', () => {
  it('deposits between p/(1 + w) and p·(1 + w), all of its wallet that fits', () => {
    const { events } = runSmall({ venues: RANGES, horizon: '5 min', agents: [provider()] });
    const [deposit, ...others] = events.filter(({ kind }) => kind === 'liquidity');
    expect(others).toEqual([]);
    // Ranges in equal parts of value, to the nearest tick: 10,000 tokens against 100,000 USD.
    expect(deposit.b / 1e6 / 10_000).toBeCloseTo(1, 3);
    expect(deposit.c / 1e6 / 100_000).toBeCloseTo(1, 3);
  });

  it('moves when the price has left its range, once for each time, and stays in a range that holds it', () => {
    const moves = (params: object) => {
      const outcome = runSmall({ venues: RANGES, tkn: FALL, agents: [provider(params), arbitrageur()] });
      return countOf(outcome, 'liquidity');
    };
    // The price falls by ln 2 in ten minutes: at the fourth and at the eighth look it is ln 1.25 further. Each move takes out and puts in.
    expect(moves({ halfWidth: 1.5 })).toBe(1);
    expect(moves({ halfWidth: 0.25 })).toBe(1 + 2 * 2);
    expect(moves({ halfWidth: 0.25, recentre: 100 })).toBe(1);
  });

  it('leaves when it is wild and comes back when it has been calm, and leaves for good after a loss', () => {
    const facts = (params: object) => {
      const { events } = runSmall({
        venues: RANGES,
        tkn: FALL,
        horizon: '3 h',
        agents: [provider({ halfWidth: 1.5, ...params }), arbitrageur()],
      });
      return events.filter(({ kind }) => kind === 'liquidity').map(({ at, a }) => [Math.sign(a), at >= 600_000]);
    };
    const wild = facts({ leaveAt: 5, halfLife: '5 min', returnAfter: '20 min' });
    expect(wild).toEqual([
      [1, false],
      [-1, true],
      [1, true],
    ]);
    expect(facts({ lossMax: 0.01 })).toEqual([
      [1, false],
      [-1, true],
    ]);
    expect(facts({ lossMax: 0.9 })).toEqual([[1, false]]);
  });

  it('serves a pool of shares as well, and loses there to who knows the price: 1 − 2√r/(1 + r) at half the price, less fees', () => {
    const pool = (agents: readonly object[]) => runSmall({ tkn: FALL, agents });
    const alone = { use: 'liquidity-provider', params: { venue: 'pool' }, wallet: { TKN: 10_000, USD: 100_000 } };
    const outcome = pool([alone, arbitrageur('pool')]);
    expect(countOf(outcome, 'liquidity')).toBe(1);
    // Of the whole pool, of which it has an eleventh. Kept, that would be worth 11 · 150,000 USD; the fee is 0.3 % of what was sold.
    const lost = -profitOf(outcome, 'liquidity-provider') / (11 * 150_000);
    const without = 1 - (2 * Math.sqrt(0.5)) / 1.5;
    expect(lost).toBeLessThan(without);
    expect(lost).toBeGreaterThan(without - (0.003 * 29_289) / 150_000);
  });
});
