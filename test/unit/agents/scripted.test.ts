/** Known transactions, sent when they are due. */
import { describe, expect, it } from 'vitest';
import scripted from '../../../agents/scripted.ts';
import type { Intent } from '../../../src/agent/index.ts';
import { aHandMadeWorld } from '../../support/scripted-view.ts';

const swap = (amount: number): Intent => ({ actions: [{ do: 'swap', venue: 0, sell: 0, amount }] });

describe('scripted', () => {
  it('sends each transaction at its time, and those of one time in their order', () => {
    const world = aHandMadeWorld();
    const steps = [
      { at: 5_000, intent: swap(3) },
      { at: 0, intent: swap(1) },
      { at: 5_000, intent: swap(4) },
      { at: 0, intent: swap(2) },
      { at: 9_000, intent: swap(5) },
    ];
    const agent = scripted.create({ script: steps }, world.self);
    expect(agent.onWake?.(world.view)).toEqual({ intents: [swap(1), swap(2)], wakeAt: 5_000 });
    world.view.at = 5_000;
    expect(agent.onWake?.(world.view)).toEqual({ intents: [swap(3), swap(4)], wakeAt: 9_000 });
    world.view.at = 9_000;
    expect(agent.onWake?.(world.view)).toEqual({ intents: [swap(5)] });
    expect(agent.onWake?.(world.view)).toEqual({ intents: [] });
  });

  it('refuses what is no script', () => {
    const world = aHandMadeWorld();
    for (const script of [undefined, {}, [{ at: 1 }], [{ at: 'now', intent: swap(1) }], [{ at: 0, intent: {} }]]) {
      expect(() => scripted.create({ script }, world.self)).toThrow(TypeError);
    }
  });
});
