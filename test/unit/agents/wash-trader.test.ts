/** Somebody who trades with himself: what he leaves alone, what he makes louder, and what it costs him. */
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../src/formula/parse.ts';
import { profitOf, runSmall } from '../../support/small-world.ts';

const noise = { use: 'noise-trader', params: { venue: 'pool', size: 500, rate: 60 }, wallet: { USD: 500_000, TKN: 50_000 } };
const washer = (usd: number, size = 1_000) => ({
  use: 'wash-trader',
  params: { venue: 'pool', size, every: '1 min' },
  wallet: { USD: usd },
});
const last = (outcome: ReturnType<typeof runSmall>, probe: string) =>
  outcome.samples.findLast((sample) => sample.probe === `${probe}/pool`)?.value ?? Number.NaN;

describe('wash trader', () => {
  const run = (...more: object[]) => runSmall({ agents: [noise, ...more], horizon: '2 h', probes: ['flow'], trace: 'facts' });
  const quiet = run();
  const washed = run(washer(100_000));

  it('buys and sells in one bundle, once an interval', () => {
    const own = washed.events.filter(({ kind, actor }) => kind === 'trade' && washed.names.accounts[actor] === 'wash-trader/0');
    // From time 0 to the horizon, each of two trades in one block; the last wakes after the last block.
    expect(own).toHaveLength(2 * 120);
    own.forEach(({ at, a }, i) => {
      if (i % 2 === 1) expect([at, a]).toEqual([own[i - 1].at, -own[i - 1].a]);
    });
  });

  it('makes a market look less illiquid and leaves its impact alone', () => {
    expect(last(washed, 'illiquidity_per_musd')).toBeLessThan(0.5 * last(quiet, 'illiquidity_per_musd'));
    expect(last(washed, 'impact_per_musd') / last(quiet, 'impact_per_musd')).toBeCloseTo(1, 1);
  });

  it('is heard by a lender who goes by illiquidity', () => {
    const params = { protocol: 'lend', collateral: 'TKN', debt: 'USD', health: 1.2, openAt: '2 h' };
    const people = [
      { use: 'lender', params: { protocol: 'lend', asset: 'USD' }, wallet: { USD: 100_000 } },
      { use: 'borrower', params, wallet: { TKN: 1_000 } },
    ];
    // A haircut of a tenth for each millionth of illiquidity per USD; of this pool, a million USD a side, it is some two millionths.
    const collateralFormula = 'notional * min(1, rate + illiquidity * 100000 usd)';
    const risk = { use: 'by-formula', with: { formula: 'notional * 0', collateralFormula, interval: '1 min' } };
    const lent = (...more: object[]) =>
      runSmall({ agents: [noise, ...people, ...more], risk, parseFormula: parseExpression, horizon: '3 h' }).metrics.debt_mean_usd;
    const [soberly, deceived] = [lent(), lent(washer(500_000, 10_000))];
    expect(soberly).toBeGreaterThan(0);
    expect(deceived).toBeGreaterThan(1.05 * soberly);
  });

  it('pays the fee of the pool twice a round, and stops when he has not enough for one', () => {
    expect(profitOf(washed, 'wash-trader') / (120 * 1_000)).toBeCloseTo(-0.006, 4);
    const poor = run(washer(1_010));
    expect(poor.events.filter(({ kind, actor }) => kind === 'trade' && poor.names.accounts[actor] === 'wash-trader/0')).toHaveLength(4);
  });
});
