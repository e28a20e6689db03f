/** Draws of a scenario: whose they are, and between which bounds. */
import { describe, expect, it } from 'vitest';
import type { Self } from '../../../src/agent/index.ts';
import { Flow } from '../../../src/market/flow.ts';
import { buildParts } from '../../../src/scenario/build.ts';
import { smallScenario, withAgents } from '../../support/small-world.ts';

/** Wallets of USD, tokens, and the first number of each agent's own stream. */
function built(wallet: unknown, { seed = 1, count = 200 } = {}) {
  const registry = withAgents({ tested: () => ({}) });
  const scenario = smallScenario({ agents: [{ use: 'tested', count, wallet: { USD: wallet } }], registry });
  const { ledger, agents } = buildParts(scenario, registry, seed, {
    now: () => 0,
    fair: () => 1,
    flow: () => new Flow({ halfLife: 1, lag: 1, blockTime: 1 }),
    report: () => 0,
  });
  return {
    wallets: agents.map(({ self }) => ledger.balance(self.account, 0) / 1e6),
    first: agents.map(({ self }: { self: Self }) => self.random.uniform()),
    latencies: agents.map(({ latencyRandom }) => latencyRandom.uniform()),
  };
}

describe('a draw of a wallet', () => {
  it('uniform lies between its ends and fills them', () => {
    const { wallets } = built({ uniform: [10, 20] });
    expect(Math.min(...wallets)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...wallets)).toBeLessThanOrEqual(20);
    expect(Math.min(...wallets)).toBeLessThan(11);
    expect(Math.max(...wallets)).toBeGreaterThan(19);
  });

  it('normal has its mean, none below 0, and is the mean without a spread', () => {
    const { wallets } = built({ normal: [100, 10] });
    // The mean of 200 has a standard error of 0.7.
    expect(Math.abs(wallets.reduce((sum, one) => sum + one, 0) / 200 - 100)).toBeLessThan(4);
    expect(Math.min(...built({ normal: [1, 10] }).wallets)).toBeGreaterThanOrEqual(0);
    expect(new Set(built({ normal: [5, 0] }).wallets)).toEqual(new Set([5]));
  });

  it('lognormal has its median, and oneOf is one of them', () => {
    const sorted = built({ lognormal: [100, 1] }).wallets.sort((a, b) => a - b);
    // 200 draws: the hundredth is the median up to four standard errors of ln, 4 · 1.25 / √200.
    expect(Math.abs(Math.log(sorted[100] / 100))).toBeLessThan(0.36);
    expect(new Set(built({ oneOf: [1, 2, 3] }).wallets)).toEqual(new Set([1, 2, 3]));
  });
});

describe('the streams of agents', () => {
  it('are their own, by seed and by name: a larger group begins as a smaller one', () => {
    const [few, many, other] = [
      built({ uniform: [0, 1] }, { count: 3 }),
      built({ uniform: [0, 1] }),
      built({ uniform: [0, 1] }, { seed: 2 }),
    ];
    expect(new Set([...many.first, ...many.latencies, ...other.first]).size).toBe(600);
    expect(many.wallets.slice(0, 3)).toEqual(few.wallets);
    expect(many.first.slice(0, 3)).toEqual(few.first);
    expect(many.latencies.slice(0, 3)).toEqual(few.latencies);
  });
});
