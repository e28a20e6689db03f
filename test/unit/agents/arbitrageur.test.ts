/** What the arbitrageur wants of a pool that has left the outside price, checked against the pool's own arithmetic. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import arbitrageur from '../../../agents/arbitrageur.ts';
import type { Intent } from '../../../src/agent/index.ts';
import { isRejection } from '../../../src/base/rejection.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { aHandMadeWorld, ETH, GAS, type HandMade, USD } from '../../support/scripted-view.ts';

const DEFAULTS = { venue: 0, hedge: true, outsideCost: 0, profitMin: 0, sizeMax: 1e15, every: undefined, tip: 0, tipShare: 0 };

function wanted(world: HandMade, params: Partial<typeof DEFAULTS> = {}): Intent | undefined {
  const agent = arbitrageur.create({ ...DEFAULTS, ...params }, world.self);
  return agent.onBlock?.(world.view)?.intents?.[0];
}

/** Units that the swap of a bundle sells, where they are a number. */
function sold(intent: Intent | undefined): { sell: number; amount: number } {
  const swap = intent?.actions.find((action) => action.do === 'swap');
  if (swap?.do !== 'swap' || typeof swap.amount !== 'number') throw new Error('no swap of a number of units');
  return { sell: swap.sell, amount: swap.amount };
}

describe('arbitrageur', () => {
  it('leaves a pool alone whose price is within the fee of the outside price', () => {
    for (const outside of [1_995, 2_000, 2_005]) {
      const world = aHandMadeWorld();
      world.give(USD, 1e6);
      world.fair[ETH] = outside;
      expect(wanted(world)).toBeUndefined();
    }
  });

  it('buys what is cheap up to the edge of the band, and no further', () => {
    const world = aHandMadeWorld();
    world.give(USD, 1e6);
    world.fair[ETH] = 2_100;
    const { sell, amount } = sold(wanted(world, { hedge: false }));
    expect(sell).toBe(USD);
    world.venue.execute({ sell, amount }, world.self.account);
    expect(world.venue.price()).toBeCloseTo(2_100 * 0.997, 2);
    expect(wanted(world, { hedge: false })).toBeUndefined();
  });

  it('sells what is dear down to the edge of the band', () => {
    const world = aHandMadeWorld();
    world.give(ETH, 1_000);
    world.fair[ETH] = 1_800;
    const { sell, amount } = sold(wanted(world, { hedge: false }));
    expect(sell).toBe(ETH);
    world.venue.execute({ sell, amount }, world.self.account);
    expect(world.venue.price()).toBeCloseTo(1_800 / 0.997, 2);
  });

  it('widens the band by what the outside leg costs', () => {
    const world = aHandMadeWorld();
    world.give(USD, 1e6);
    world.fair[ETH] = 2_000 / 0.997 / 0.99 - 1;
    expect(wanted(world, { outsideCost: 0.01 })).toBeUndefined();
    expect(wanted(world, { outsideCost: 0.005 })).toBeDefined();
  });

  it('earns nearly what the best size would: the optimum of a constant product is (√(γxy/F) − x)/γ', () => {
    const world = aHandMadeWorld();
    world.give(USD, 1e9);
    world.fair[ETH] = 2_200;
    const profitOf = (amount: number) => {
      const fill = world.venue.quote({ sell: USD, amount });
      return isRejection(fill) ? 0 : world.view.usd(ETH, fill.bought) - world.view.usd(USD, amount);
    };
    const kept = 0.997;
    const best = Math.floor(((Math.sqrt(kept * 2_000_000 * 1_000 * 2_200) - 2_000_000) / kept) * 1e6);
    const got = profitOf(sold(wanted(world, { hedge: false })).amount);
    expect(profitOf(best)).toBeGreaterThan(4_000);
    expect(got).toBeLessThanOrEqual(profitOf(best));
    expect(1 - got / profitOf(best)).toBeLessThan(1e-5);
  });

  it('needs only quote when it hedges: base that it sells is bought outside first', () => {
    const world = aHandMadeWorld();
    world.give(USD, 1e6);
    world.fair[ETH] = 1_800;
    const intent = wanted(world);
    expect(intent?.actions.map((action) => action.do)).toEqual(['outside-trade', 'swap']);
    expect(intent?.actions[0]).toMatchObject({ sell: USD, buy: ETH });
    expect(intent?.actions[1]).toMatchObject({ sell: ETH, amount: 'received' });
    expect(intent?.require?.asset).toBe(USD);
  });

  it('buys outside what the pool is to get, the cost of the outside included, and no unit more', () => {
    const [free, costly] = [0, 0.02].map((outsideCost) => {
      const world = aHandMadeWorld();
      world.give(USD, 1e6);
      world.fair[ETH] = 1_800;
      const [buy] = wanted(world, { outsideCost })?.actions ?? [];
      const brought = buy?.do === 'outside-trade' ? (Number(buy.amount) * (1 - outsideCost)) / 1_800 : Number.NaN;
      return brought - world.venue.depth(ETH, 1_800 / 0.997 / (1 - outsideCost));
    });
    for (const over of [free, costly]) expect(over > 0 && over < 1).toBe(true);
  });

  it('stays at home when gas eats the profit', () => {
    const profitable = { fair: 2_020, give: 1e6 };
    const look = (gas: number) => {
      const world = aHandMadeWorld({ gas });
      world.give(USD, profitable.give);
      world.give(GAS, 1_000);
      world.fair[ETH] = profitable.fair;
      return wanted(world);
    };
    expect(look(1e9)).toBeDefined();
    expect(look(100e9)).toBeUndefined();
  });

  it('offers a share of its profit as a tip, and asks the bundle to earn it back', () => {
    const world = aHandMadeWorld({ gas: 1e9 });
    world.give(USD, 1e6);
    world.give(GAS, 1e5);
    world.fair[ETH] = 2_200;
    const plain = wanted(world);
    const bold = wanted(world, { tipShare: 0.5 });
    const paid = world.view.gasUsd(bold as Intent) - world.view.gasUsd(plain as Intent);
    const { amount } = sold(plain);
    const fill = world.venue.quote({ sell: USD, amount });
    const profit = isRejection(fill) ? 0 : world.view.usd(ETH, fill.bought) - world.view.usd(USD, amount) - 1;
    expect(paid / profit).toBeCloseTo(0.5, 6);
    expect(bold?.require?.gainMin).toBeCloseTo((paid + 1) * 1e6, -1);
  });

  it('waits for word of a trade before it sends another', () => {
    const world = aHandMadeWorld();
    world.give(USD, 1e6);
    world.fair[ETH] = 2_100;
    const agent = arbitrageur.create(DEFAULTS, world.self);
    const [first] = agent.onBlock?.(world.view)?.intents ?? [];
    expect(first).toBeDefined();
    world.toBlock(1);
    expect(agent.onBlock?.(world.view)?.intents).toEqual([]);
    agent.onFill?.(world.view, { intent: first, gasPaid: 0, refusal: { rejected: 'REQUIRE_UNMET' } });
    expect(agent.onBlock?.(world.view)?.intents).toHaveLength(1);
  });

  it('takes a trade for lost that it never hears of', () => {
    const world = aHandMadeWorld();
    world.give(USD, 1e6);
    world.fair[ETH] = 2_100;
    const agent = arbitrageur.create(DEFAULTS, world.self);
    agent.onBlock?.(world.view);
    world.toBlock(5);
    expect(agent.onBlock?.(world.view)?.intents).toHaveLength(1);
  });

  it('never asks for more than it has, nor for a fraction of a unit', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 100, max: 40_000, noNaN: true }),
        fc.double({ min: 0, max: 1e5, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.boolean(),
        (outside, usd, eth, hedge) => {
          const world = aHandMadeWorld();
          world.give(USD, usd);
          world.give(ETH, eth);
          world.fair[ETH] = outside;
          for (const action of wanted(world, { hedge, outsideCost: 0.001 })?.actions ?? []) {
            if (!('amount' in action) || typeof action.amount !== 'number' || !('sell' in action)) continue;
            expect(Number.isSafeInteger(action.amount) && action.amount > 0).toBe(true);
            expect(action.amount).toBeLessThanOrEqual(world.view.wallet(action.sell));
          }
        },
      ),
      { numRuns: propertyRuns(200, 5_000) },
    );
  });

  it('does nothing on a venue without a price', () => {
    const world = aHandMadeWorld({ reserves: [0, 0] });
    world.give(USD, 1e6);
    expect(wanted(world)).toBeUndefined();
  });
});
