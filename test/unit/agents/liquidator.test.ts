/** Which takes the keeper finds worth its while, at which size, and how it competes. */
import { describe, expect, it } from 'vitest';
import liquidator from '../../../agents/liquidator.ts';
import type { Intent } from '../../../src/agent/index.ts';
import { installProtocol } from '../../support/scripted-protocol.ts';
import { aHandMadeWorld, ETH, GAS, type HandMadeOptions, USD } from '../../support/scripted-view.ts';

const DEFAULTS = {
  protocol: 0,
  venue: undefined as number | undefined,
  keep: false,
  funding: 'inventory' as 'inventory' | 'flash',
  profitMin: 0,
  most: 10,
  halvings: 6,
  startCost: 0,
  jump: 0,
  tip: 0,
  tipShare: 0,
};

/** A pool of 1,000 ETH at 2,000 USD without a fee, and positions with a debt of so many USD at a health just below 1. */
function aStage(debts: readonly number[], params: Partial<typeof DEFAULTS> = {}, options: HandMadeOptions = { fee: 0 }) {
  const world = aHandMadeWorld(options);
  const protocol = installProtocol(world, [
    { asset: USD, ltv: 0, threshold: 0, bonus: 0 },
    { asset: ETH, ltv: 0.75, threshold: 0.8, bonus: 0.05 },
  ]);
  for (const [index, debt] of debts.entries()) {
    const position = protocol.open(100 + index);
    protocol.debt[position].set(USD, Math.round(debt * 1e6));
    protocol.collateral[position].set(ETH, Math.floor((debt / 2_000 / 0.8) * 0.999 * 1e6));
  }
  const agent = liquidator.create({ ...DEFAULTS, ...params }, world.self);
  const look = (): readonly Intent[] => agent.onBlock?.(world.view)?.intents ?? [];
  return { world, protocol, agent, look };
}

const repaid = ({ actions: [first] }: Intent) => (first.do === 'liquidate' ? Number(first.amount) : Number.NaN);

describe('liquidator', () => {
  it('repays, seizes and sells in one bundle that must bring a gain', () => {
    const { world, look } = aStage([10_000]);
    world.give(USD, 1e6);
    const [intent] = look();
    expect(intent.actions).toEqual([
      { do: 'liquidate', protocol: 0, position: 0, debt: USD, collateral: ETH, amount: 10_000e6 },
      { do: 'swap', venue: 0, sell: ETH, amount: 'received' },
    ]);
    expect(intent.require).toEqual({ asset: USD, gainMin: 0 });
  });

  it('leaves healthy positions alone', () => {
    const { world, protocol, look } = aStage([10_000]);
    world.give(USD, 1e6);
    protocol.marks.set(ETH, 2_100);
    expect(look()).toEqual([]);
  });

  it('takes no more than the pool clears, Y·i/(1 + i), and less of what is too large for it', () => {
    // Y = 2,000,000 USD, i = 0.05: 95,238.
    const clears = (2e6 * 0.05) / 1.05;
    const { world, look } = aStage([clears * 0.99, clears * 1.01], { halvings: 0 });
    world.give(USD, 1e9);
    expect(look().map(repaid)).toEqual([Math.round(clears * 0.99 * 1e6)]);
    const halving = aStage([clears * 1.01]);
    halving.world.give(USD, 1e9);
    const [taken] = halving.look();
    expect(repaid(taken)).toBe(Math.floor(Math.round(clears * 1.01 * 1e6) / 2));
  });

  it('sees that gas takes the profit of small positions', () => {
    const gas = { fee: 0, gas: 50e9 };
    const small = aStage([900], {}, gas);
    small.world.give(USD, 1e6);
    expect(small.look()).toEqual([]);
    const large = aStage([1_200], {}, gas);
    large.world.give(USD, 1e6);
    expect(large.look()).toHaveLength(1);
  });

  it('sends the best first, at most `most`, and within its means', () => {
    const { world, look } = aStage([5_000, 20_000, 10_000], { most: 2 });
    world.give(USD, 1e6);
    expect(look().map(repaid)).toEqual([20_000e6, 10_000e6]);
    const poor = aStage([5_000, 20_000, 10_000]);
    poor.world.give(USD, 26_000);
    expect(poor.look().map(repaid)).toEqual([20_000e6, 6_000e6]);
  });

  it('reckons with the slippage of its own takes', () => {
    // Each alone clears (up to 95,238); after the first, the pool pays nobody for as much again.
    const { world, look } = aStage([60_000, 60_000], { halvings: 0 });
    world.give(USD, 1e6);
    expect(look().map(repaid)).toEqual([60_000e6]);
    // With bonus 0.05, 30,000 earn 1,011 and then 30,000 more 65, but 15,000 earn 148.
    const halving = aStage([30_000, 30_000]);
    halving.world.give(USD, 1e6);
    expect(halving.look().map(repaid)).toEqual([30_000e6, 15_000e6]);
  });

  it('acts on an oracle that speaks between blocks, and waits for the end of the block otherwise', () => {
    const { world, agent } = aStage([10_000]);
    world.give(USD, 1e6);
    expect(agent.onOracle?.(world.view, 0)).toBeUndefined();
    world.view.at += 5_000;
    expect(agent.onOracle?.(world.view, 0)?.intents).toHaveLength(1);
  });

  it('borrows the money for the length of the bundle', () => {
    const { world, look } = aStage([10_000], { funding: 'flash' });
    expect(look()).toEqual([]);
    world.view.flashAvailable = () => 1e12;
    expect(look()[0].flash).toEqual([{ asset: USD, amount: 10_000e6 }]);
  });

  it('counts the fee of the flash loan', () => {
    const { world, look } = aStage([10_000], { funding: 'flash', halvings: 0 });
    world.view.flashAvailable = () => 1e12;
    world.view.flashFee = 0.06;
    expect(look()).toEqual([]);
  });

  it('may keep the collateral: then no pool limits it', () => {
    const { world, look } = aStage([1e6], { keep: true });
    world.give(USD, 1e7);
    const [intent] = look();
    expect(intent.actions).toHaveLength(1);
    expect(repaid(intent)).toBe(1e12);
    expect(intent.require).toEqual({ asset: ETH, gainMin: 500e6 });
  });

  it('does not send again while a take is on its way, and rests after refusals: 1, 2, 4 … blocks', () => {
    const { world, agent, look } = aStage([10_000]);
    world.give(USD, 1e6);
    const [intent] = look();
    world.toBlock(1);
    expect(look()).toEqual([]);
    const sentAt: number[] = [];
    agent.onFill?.(world.view, { intent, gasPaid: 0, refusal: { rejected: 'REQUIRE_UNMET' } });
    for (let block = 1; block <= 16; block++) {
      world.toBlock(block);
      const [again] = look();
      if (again === undefined) continue;
      sentAt.push(block);
      agent.onFill?.(world.view, { intent: again, gasPaid: 0, refusal: { rejected: 'REQUIRE_UNMET' } });
    }
    expect(sentAt).toEqual([2, 4, 8, 16]);
  });

  it('offers a share of its profit to go first', () => {
    const { world, look } = aStage([10_000], { tipShare: 0.5 }, { fee: 0, gas: 1e9 });
    world.give(USD, 1e6);
    world.give(GAS, 1e5);
    const [intent] = look();
    const plain = world.view.gasUsd({ actions: intent.actions });
    const tip = world.view.gasUsd(intent) - plain;
    const fill = world.venue.quote({ sell: ETH, amount: 5.25e6 });
    const profit = ('bought' in fill ? fill.bought / 1e6 : Number.NaN) - 10_000 - plain;
    expect(tip / profit).toBeCloseTo(0.5, 6);
  });

  it('finds no market for collateral that no venue trades against the debt', () => {
    const { world, look } = aStage([10_000]);
    world.give(USD, 1e6);
    world.view.venues = 0;
    expect(look()).toEqual([]);
  });
});
