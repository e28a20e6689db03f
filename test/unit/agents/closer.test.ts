import { describe, expect, it } from 'vitest';
import { contractsOf, FAIR } from '../../support/contract-scenario.ts';
import { countOf, profitOf, runSmall, type SmallWorld } from '../../support/small-world.ts';

const trader = { use: 'perp-trader', params: { protocol: 'lend', contract: 'perp', side: 'long', leverage: 10 }, wallet: { USD: 10_000 } };
const tkn = { use: 'shock', with: { start: 10, at: '2 min', factor: 0.92, hold: '10 d' } };
const closer = (params: object, more: object = {}) => ({ use: 'closer', params: { protocol: 'lend', ...params }, ...more });
const run = (world: Partial<SmallWorld>) =>
  runSmall({ agents: [], contracts: contractsOf(), oracle: FAIR, tkn, horizon: '6 min', ...world });

describe('the keeper who closes', () => {
  it('closes whoever has too little equity, for nothing if it is altruistic', () => {
    expect(countOf(run({ agents: [trader] }), 'closeout')).toBe(0);
    const outcome = run({ agents: [trader, closer({})] });
    expect(countOf(outcome, 'closeout')).toBe(1);
    expect(profitOf(outcome, 'liquidator')).toBe(0);
  });

  it('goes on slice after slice, and wastes no gas on the pauses between them', () => {
    const contracts = contractsOf({ closeout: { sliceAboveUsd: 10_000, slice: 0.2, cooldown: '30 s', takeoverBelow: 0 } });
    const outcome = run({ agents: [trader, closer({})], contracts, horizon: '20 min' });
    expect(countOf(outcome, 'closeout')).toBeGreaterThan(1);
    expect(countOf(outcome, 'refusal')).toBe(0);
  });

  it('comes only for what pays, where it is not altruistic', () => {
    const chain = { gasAsset: 'GAS', baseFee: 100 };
    const paid = (keeperShare: number) => contractsOf({ closeout: { penalty: 0.01, keeperShare } });
    const agents = [{ ...trader, wallet: { USD: 10_000, GAS: 1 } }, closer({ altruistic: false, profitMin: 1 }, { wallet: { GAS: 1 } })];
    // Gas is 350,000 · 100 gwei of 2,000 USD: 70 USD. A penalty of 920, all of it or a twentieth.
    const rich = run({ agents, chain, contracts: paid(1) });
    expect(countOf(rich, 'closeout')).toBe(1);
    expect(profitOf(rich, 'liquidator')).toBeGreaterThan(300);
    expect(countOf(run({ agents, chain, contracts: paid(0.05) }), 'closeout')).toBe(0);
  });

  it('leaves an account that refused it alone for a while', () => {
    // Two keepers race for each slice: the second finds a pause.
    const contracts = contractsOf({ closeout: { sliceAboveUsd: 1_000, slice: 0.05, cooldown: '24 s', takeoverBelow: 0 } });
    const outcome = run({ agents: [trader, { ...closer({}), count: 2 }], contracts, horizon: '20 min' });
    const closed = countOf(outcome, 'closeout');
    expect(closed).toBeGreaterThan(3);
    expect(countOf(outcome, 'refusal')).toBeLessThanOrEqual(closed);
  });
});
