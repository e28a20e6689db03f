import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../src/record/recorder.ts';
import { contractsOf, FAIR } from '../../support/contract-scenario.ts';
import { countOf, profitOf, runSmall, type SmallWorld } from '../../support/small-world.ts';

const M = 1e6;
/** TKN falls by a part at 5 min, and stays there. */
const falling = (part: number) => ({ use: 'shock', with: { start: 10, at: '5 min', factor: 1 - part, hold: '10 d' } });

function trader(params: object, usd = 1_000) {
  const on = { protocol: 'lend', contract: 'perp', side: 'long' };
  return { use: 'perp-trader', params: { ...on, ...params }, wallet: { USD: usd } };
}
const CLOSER = { use: 'closer', params: { protocol: 'lend' } };
const run = (world: Partial<SmallWorld>) => runSmall({ agents: [], contracts: contractsOf(), oracle: FAIR, horizon: '20 min', ...world });
const trades = ({ events }: ReturnType<typeof run>) => events.filter(({ kind }) => kind === 'contract-trade');
const sizes = (found: readonly RecordedEvent[]) => found.map(({ a }) => Math.round(a / 1e3) / 1e3);

describe('a trader of perpetuals', () => {
  it('opens at its leverage, on its side, at its moment', () => {
    for (const [side, sign] of [
      ['long', 1],
      ['short', -1],
    ] as const) {
      const outcome = run({ agents: [trader({ side, leverage: 8, share: 0.5, openAt: '3 min' })] });
      const [opened, ...more] = trades(outcome);
      expect(more).toEqual([]);
      // 500 USD at 8 times, 10 USD each.
      expect(opened.a / M).toBeCloseTo(sign * 400, 3);
      expect(opened.at).toBe(3 * 60_000 + 12_000);
      expect(countOf(outcome, 'deposit')).toBe(1);
    }
  });

  it('draws its moment, and its side where it may be either, from its own stream', () => {
    const agents = [{ ...trader({ side: 'either', openWithin: '10 min' }), count: 40 }];
    const opened = trades(run({ agents, contracts: contractsOf({ house: 1_000_000 }) }));
    expect(opened).toHaveLength(40);
    const longs = sizes(opened).filter((size) => size > 0).length;
    expect(longs).toBeGreaterThan(8);
    expect(longs).toBeLessThan(32);
    const times = opened.map(({ at }) => at);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(5 * 60_000);
    expect(Math.max(...times)).toBeLessThanOrEqual(10 * 60_000 + 12_000);
  });

  it('opens as large as it may where its leverage is more than is allowed', () => {
    const opened = sizes(trades(run({ agents: [trader({ leverage: 50 })] })));
    // 5 % allow 20 times: 50 · 0.9⁹ = 19.4.
    expect(opened).toEqual([expect.closeTo((50 * 0.9 ** 9 * 1_000) / 10, 2)]);
  });

  it('is closed by a fall that it does not defend against, and not by one that it does', () => {
    const tkn = falling(0.085);
    const agents = (params: object) => [trader({ leverage: 10, share: 0.5, ...params }), CLOSER];
    expect(countOf(run({ tkn, agents: agents({}) }), 'closeout')).toBe(1);
    const slow = { use: 'shock', with: { start: 10, at: '5 min', factor: 0.85, over: '10 min', hold: '10 d' } };
    for (const defence of ['margin', 'reduce']) {
      const outcome = run({ tkn: slow, agents: agents({ defence, defendBelow: 1.05 }) });
      expect(countOf(outcome, 'closeout')).toBe(0);
      expect(countOf(run({ tkn: slow, agents: agents({}) }), 'closeout')).toBe(1);
      if (defence === 'margin') expect(countOf(outcome, 'deposit')).toBeGreaterThan(1);
      else
        expect(
          sizes(trades(outcome))
            .slice(1)
            .every((size) => size < 0),
        ).toBe(true);
    }
  });

  it('answers a call for margin in time', () => {
    const tkn = falling(0.06);
    const world = { tkn, marginCall: { level: 1.04, time: '2 min' } };
    const agents = (params: object) => [trader({ leverage: 10, share: 0.5, ...params }), CLOSER];
    const called = run({ ...world, agents: agents({}) });
    expect([countOf(called, 'margin-call'), countOf(called, 'closeout')]).toEqual([1, 1]);
    const answered = run({ ...world, agents: agents({ defence: 'margin' }) });
    expect([countOf(answered, 'margin-call'), countOf(answered, 'closeout')]).toEqual([1, 0]);
    expect(countOf(answered, 'deposit')).toBe(2);
  });

  it('takes its profit, stops its loss, or closes at its time, and takes back what is left', () => {
    const rising = { use: 'shock', with: { start: 10, at: '5 min', factor: 1.05, hold: '10 d' } };
    const cases = [
      [rising, { takeProfit: 0.2 }, 250],
      [falling(0.05), { stopLoss: 0.2 }, -250],
      [rising, { closeAt: '7 min' }, 250],
    ] as const;
    for (const [tkn, params, profit] of cases) {
      const outcome = run({ tkn, agents: [trader({ leverage: 5, ...params })] });
      expect(sizes(trades(outcome))).toEqual([500, -500]);
      expect(countOf(outcome, 'withdraw')).toBe(1);
      expect(profitOf(outcome, 'trader')).toBeCloseTo(profit, 3);
    }
    const patient = run({ tkn: rising, agents: [trader({ leverage: 5, takeProfit: 0.3 })] });
    expect(sizes(trades(patient))).toEqual([500]);
  });

  it('gives up where there is nothing to trade with', () => {
    expect(countOf(run({ agents: [trader({}, 0)] }), 'refusal')).toBe(0);
    const dead = run({ agents: [trader({ openAt: '2 min' })], oracle: { use: 'twap', with: { window: '1 h' } } });
    expect(dead.error).toBeUndefined();
  });
});
