import { describe, expect, it } from 'vitest';
import { contractsOf, FAIR } from '../../support/contract-scenario.ts';
import { profitOf, runSmall, type SmallWorld } from '../../support/small-world.ts';

const M = 1e6;
const provider = (params: object = {}, more: object = {}) => ({
  use: 'provider',
  params: { protocol: 'lend', asset: 'USD', ...params },
  wallet: { USD: 50_000 },
  ...more,
});
/** A long of 100,000 USD, who wins what the house loses. */
const long = { use: 'perp-trader', params: { protocol: 'lend', contract: 'perp', side: 'long', leverage: 10 }, wallet: { USD: 10_000 } };
const rise = { use: 'shock', with: { start: 10, at: '5 min', factor: 1.2, over: '10 min', hold: '10 d' } };
const run = (world: Partial<SmallWorld>) =>
  runSmall({ agents: [], contracts: contractsOf({ house: 0 }), oracle: FAIR, horizon: '30 min', ...world });
const moves = ({ events }: ReturnType<typeof run>) =>
  events.filter(({ kind }) => kind === 'provide').map(({ at, a }) => [at / 60_000, Math.round(a / M)]);

describe('a provider', () => {
  it('pays in at its time, and takes back at its time', () => {
    const outcome = run({ agents: [provider({ share: 0.4, provideAt: '2 min', withdrawAt: '10 min' })] });
    expect(moves(outcome)).toEqual([
      [2.2, 20_000],
      [10.2, -20_000],
    ]);
    expect(profitOf(outcome, 'liquidity-provider')).toBeCloseTo(0, 5);
    expect(moves(run({ agents: [provider()] }))).toEqual([[0.2, 50_000]]);
  });

  it('bears what traders win, in proportion to its part', () => {
    const outcome = run({ tkn: rise, agents: [provider({}, { count: 2 }), long] });
    expect(profitOf(outcome, 'trader')).toBeCloseTo(20_000, 0);
    expect(profitOf(outcome, 'liquidity-provider')).toBeCloseTo(-20_000, 0);
  });

  it('goes once it has lost enough: who goes first has lost least', () => {
    const first = provider({ lossMax: 0.05, every: '1 min' }, { name: 'first', role: 'first' });
    const last = provider({}, { name: 'last', role: 'last' });
    const outcome = run({ tkn: rise, agents: [first, last, long] });
    const [, , left] = moves(outcome);
    expect(left[0]).toBeLessThan(12);
    expect(left[1]).toBeLessThan(-45_000);
    expect(profitOf(outcome, 'first')).toBeGreaterThan(-5_000);
    expect(profitOf(outcome, 'last')).toBeLessThan(-14_000);
  });

  it('asks again for what could not be paid', () => {
    // What the house has paid a seller is not in its cash until he buys back.
    const short = { ...long, params: { ...long.params, side: 'short', closeAt: '12 min' } };
    const outcome = run({ agents: [provider({ withdrawAt: '6 min', every: '1 min' }), short] });
    expect(moves(outcome)).toEqual([
      [0.2, 50_000],
      [12.2, -50_000],
    ]);
    expect(outcome.events.filter(({ kind }) => kind === 'refusal').length).toBeGreaterThan(4);
  });
});
