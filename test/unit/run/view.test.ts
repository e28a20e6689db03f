/** What an agent sees. */
import { describe, expect, it } from 'vitest';
import type { Agent, View } from '../../../src/agent/index.ts';
import { runSmall, type SmallWorld, withAgents } from '../../support/small-world.ts';

/** What a look at some time gives. */
function look<T>(at: number, see: (view: View) => T, world: Partial<SmallWorld> = {}): T {
  const seen: T[] = [];
  const watcher: Agent = {
    onWake(view) {
      if (view.at < at) return { wakeAt: at };
      seen.push(see(view));
      return undefined;
    },
  };
  const agents = [{ use: 'watcher', wallet: { USD: 1_000, TKN: 5 } }, ...(world.agents ?? [])];
  runSmall({ horizon: '5 min', ...world, agents, registry: withAgents({ watcher: () => watcher }) });
  return seen[0];
}

describe('a view', () => {
  it('knows the time, the block before and the block after', () => {
    const clock = ({ at, block, nextBlockAt, blockTime, horizon }: View) => [at, block, nextBlockAt, blockTime, horizon];
    expect(look(0, clock)).toEqual([0, 0, 12_000, 12_000, 300_000]);
    expect(look(11_999, clock)).toEqual([11_999, 0, 12_000, 12_000, 300_000]);
    expect(look(12_000, clock)).toEqual([12_000, 1, 24_000, 12_000, 300_000]);
    expect(look(100_000, clock)).toEqual([100_000, 8, 108_000, 12_000, 300_000]);
  });

  it('shows its own wallet and no other', () => {
    expect(look(0, (view) => [0, 1, 2].map((asset) => view.wallet(asset)))).toEqual([1_000e6, 5e6, 0]);
  });

  it('counts units in dollars at the outside price, and dollars in units, rounded down', () => {
    const seen = look(60_000, (view) => [view.fair(1), view.usd(1, 2_500_000), view.unitsFor(1, 25), view.unitsFor(1, 1e-6)], {
      tkn: { use: 'shock', with: { start: 10, at: '60 s', factor: 3 } },
    });
    expect(seen).toEqual([30, 75, 833_333, 0]);
  });

  it('shows venues, oracles and protocols, and how many there are', () => {
    const seen = look(12_000, (view) => ({
      counts: [view.venues, view.oracles, view.protocols],
      pool: [view.venue(0).name, view.venue(0).price(), view.venue(0).fee],
      oracle: [view.oracle(0).name, view.oracle(0).venue, view.oracle(0).read().price, view.oracle(1).venue, view.oracle(0).nextUpdate()],
      market: view.protocol(0).markets.map(({ name }) => name),
    }));
    expect(seen).toEqual({
      counts: [1, 3, 1],
      pool: ['pool', 10, 0.003],
      oracle: ['tkn', 0, 10, -1, Number.POSITIVE_INFINITY],
      market: ['TKN', 'USD', 'GAS'],
    });
  });

  it('reckons gas at the base fee of the next block and the tip, rounded up', () => {
    const intent = { actions: [{ do: 'swap', venue: 0, sell: 0, amount: 1 }], tip: 2 } as const;
    const gas = (view: View) => [view.gasAsset, view.gasUnits(intent), view.gasUsd(intent)];
    // 21,000 + 120,000 gas at 10.5 + 2 units of 1e-9 GAS, GAS at 2,000 USD.
    expect(look(0, gas, { chain: { gasAsset: 'GAS', baseFee: 10.5 } })).toEqual([2, 1_762_500, expect.closeTo(3.525, 9)]);
    expect(look(0, gas)).toEqual([-1, 0, 0]);
  });

  it('knows what flash loans there are and what they cost', () => {
    const loans = (view: View) => [view.flashAvailable(0), view.flashAvailable(1), view.flashFee];
    expect(look(0, loans, { chain: { flash: { fee: 0.001, funds: { USD: 500 } } } })).toEqual([500e6, 0, 0.001]);
  });

  it('asks for no watch where there is no position yet', () => {
    expect(look(0, (view) => view.watchHealth(0, 2))).toBeUndefined();
  });
});
