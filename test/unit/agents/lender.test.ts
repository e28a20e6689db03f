/** A deposit at the start, and its way back. */
import { describe, expect, it } from 'vitest';
import lender from '../../../agents/lender.ts';
import { installProtocol } from '../../support/scripted-protocol.ts';
import { aHandMadeWorld, GAS, USD } from '../../support/scripted-view.ts';

const DEFAULTS = { protocol: 0, tip: 0, asset: USD, share: 1, withdrawAt: undefined as number | undefined, retryEvery: 300_000 };
const TERMS = [{ asset: USD, ltv: 0, threshold: 0, bonus: 0 }];

describe('lender', () => {
  it('lends its share once, and sleeps', () => {
    const world = aHandMadeWorld();
    installProtocol(world, TERMS);
    world.give(USD, 1_000);
    const agent = lender.create({ ...DEFAULTS, share: 0.25 }, world.self);
    expect(agent.onWake?.(world.view)).toEqual({
      intents: [{ actions: [{ do: 'supply', protocol: 0, asset: USD, amount: 250e6 }], tip: 0 }],
    });
  });

  it('asks for its money back from `withdrawAt` on, as often as it takes', () => {
    const world = aHandMadeWorld();
    const protocol = installProtocol(world, TERMS);
    world.give(USD, 1_000);
    const agent = lender.create({ ...DEFAULTS, withdrawAt: 60_000 }, world.self);
    expect(agent.onWake?.(world.view)?.wakeAt).toBe(60_000);
    protocol.open(world.self.account);
    protocol.supplied[0].set(USD, 1_000e6);
    world.view.at = 60_000;
    expect(agent.onWake?.(world.view)).toEqual({ intents: [], wakeAt: 360_000 });
    protocol.liquidity.set(USD, 400e6);
    const redeem = { actions: [{ do: 'redeem', protocol: 0, asset: USD, amount: 'max' }], tip: 0 };
    expect(agent.onWake?.(world.view)).toEqual({ intents: [redeem], wakeAt: 360_000 });
    protocol.supplied[0].set(USD, 0);
    expect(agent.onWake?.(world.view)).toBeUndefined();
  });

  it('keeps what its gas costs where it lends the gas asset', () => {
    const world = aHandMadeWorld({ gas: 1e9 });
    installProtocol(world, TERMS);
    world.give(GAS, 10);
    const [intent] = lender.create({ ...DEFAULTS, asset: GAS }, world.self).onWake?.(world.view)?.intents ?? [];
    expect(intent.actions[0]).toMatchObject({ do: 'supply', amount: 6e9 });
  });
});
