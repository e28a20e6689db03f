/** Who takes a coin for what it promises: between which prices he waits, to which he trades, and when he gives up. */
import { describe, expect, it } from 'vitest';
import stablecoinArbitrageur from '../../../agents/stablecoin-arbitrageur.ts';
import { aHandMadeWorld, ETH, type HandMade, USD } from '../../support/scripted-view.ts';

const PARAMS = { venue: 0, par: 2_000, margin: 0.002, faith: 0.9, size: 1e9, every: 30_000 };
const FEE = 0.003;
/** Of par: where he begins to buy, and to which price he does. */
const KEPT = (1 - FEE) * (1 - PARAMS.margin);

/** A pool at this price, and an agent who has both. */
function at(price: number, params: Partial<typeof PARAMS> = {}, usd = 1e6) {
  const world = aHandMadeWorld({ reserves: [1_000, 1_000 * price], fee: FEE });
  world.give(USD, usd);
  world.give(ETH, 500);
  return { world, agent: stablecoinArbitrageur.create({ ...PARAMS, ...params }, world.self) };
}

/** What he sells when he wakes, in whole tokens; nothing: undefined. */
function wakes({ world, agent }: ReturnType<typeof at>): { readonly sell: number; readonly units: number } | undefined {
  const reply = agent.onWake?.(world.view);
  expect(reply?.wakeAt).toBe(world.view.at + PARAMS.every);
  const [action] = reply?.intents?.[0]?.actions ?? [];
  return action?.do === 'swap' && typeof action.amount === 'number' ? { sell: action.sell, units: action.amount } : undefined;
}

/** The pool's price once it is done. */
function after(world: HandMade, { sell, units }: { readonly sell: number; readonly units: number }): number {
  world.venue.execute({ sell, amount: units }, world.self.account);
  return world.venue.price();
}

describe('stablecoin arbitrageur', () => {
  it('waits while a trade would not gain its margin after the fee', () => {
    for (const price of [2_000, 2_000 * KEPT * 1.0001, 2_000 / (KEPT * 1.0001)]) expect(wakes(at(price))).toBeUndefined();
  });

  it('buys below, up to the price at which it would wait, and sells above, down to it', () => {
    for (const [price, sell, edge] of [
      [1_900, USD, 2_000 * KEPT],
      [2_100, ETH, 2_000 / KEPT],
    ] as const) {
      const stage = at(price);
      const trade = wakes(stage);
      expect(trade?.sell).toBe(sell);
      expect(after(stage.world, trade as never) / edge).toBeCloseTo(1, 6);
    }
  });

  it('trades no more than `size` at once, and no more than it has', () => {
    expect(wakes(at(1_900, { size: 100 }))).toEqual({ sell: USD, units: 100e6 });
    expect(wakes(at(1_900, {}, 70))).toEqual({ sell: USD, units: 70e6 });
  });

  it('gives up when the outside pays less than its faith, for good, and sells all at any price', () => {
    const stage = at(1_500);
    stage.world.fair[ETH] = 1_800;
    expect(wakes(stage)?.sell).toBe(USD);
    stage.world.fair[ETH] = 1_799;
    expect(wakes(stage)).toEqual({ sell: ETH, units: 500e6 });
    stage.world.fair[ETH] = 2_000;
    expect(wakes(stage)).toEqual({ sell: ETH, units: 500e6 });
  });
});
