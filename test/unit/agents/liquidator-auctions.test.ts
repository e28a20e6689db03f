/** How the keeper begins liquidations, bids for lots and rights, and sells what it has won. */
import { describe, expect, it } from 'vitest';
import liquidator from '../../../agents/liquidator.ts';
import type { Action, Intent, ProtocolView } from '../../../src/agent/index.ts';
import { reject } from '../../../src/base/rejection.ts';
import { installProtocol } from '../../support/scripted-protocol.ts';
import { aHandMadeWorld, ETH, type HandMadeOptions, USD } from '../../support/scripted-view.ts';

type Auction = ReturnType<ProtocolView['auctions']>[number];
type Params = Parameters<typeof liquidator.create>[0];

const DEFAULTS: Params = {
  protocol: 0,
  venue: undefined,
  keep: false,
  funding: 'inventory',
  profitMin: 0,
  most: 10,
  halvings: 6,
  startCost: 0,
  jump: 0,
  tip: 0,
  tipShare: 0,
};

const RIVAL = 99;

/** A pool of 1,000 ETH at 2,000 USD without a fee, a protocol that a test tells what is startable and for sale, and 10 million USD. */
function aStage(params: Partial<Params> = {}, options: HandMadeOptions = { fee: 0 }) {
  const world = aHandMadeWorld(options);
  const protocol = installProtocol(world, [
    { asset: USD, ltv: 0, threshold: 0, bonus: 0 },
    { asset: ETH, ltv: 0.75, threshold: 0.8, bonus: 0.05 },
  ]);
  world.give(USD, 1e7);
  const book = protocol.view as { -readonly [K in keyof ProtocolView]: ProtocolView[K] };
  const agent = liquidator.create({ ...DEFAULTS, ...params }, world.self);
  const look = (): readonly Intent[] => agent.onBlock?.(world.view)?.intents ?? [];
  const actions = (): readonly Action[] => look().flatMap((intent) => intent.actions);
  /** A lot of so many ETH with a tab, in its rising phase unless less is for sale than there is. */
  const aLot = (eth: number, tab: number, more: Partial<Auction> = {}): Auction => {
    const position = protocol.open(RIVAL);
    protocol.collateral[position].set(ETH, eth * 1e6);
    const lot = { position, debtMarket: 0, collateralMarket: 1, amountMin: 1, lotMax: eth * 1e6, tab: tab * 1e6, bidder: -1, endsAt: 1e9 };
    return { ...lot, ...more };
  };
  const offer = (...auctions: readonly Auction[]) => {
    book.auctions = () => auctions;
  };
  return { world, protocol, book, agent, look, actions, aLot, offer };
}

/** What selling so many ETH brings in the pool, USD. */
const brings = (eth: number, before = 0) =>
  2e6 * (1 - 1000 / (1000 + before + eth)) - (before > 0 ? 2e6 * (1 - 1000 / (1000 + before)) : 0);
const usd = (action: Action) => (action.do === 'bid' ? Number(action.amount) / 1e6 : Number.NaN);

describe('liquidator, where something has to be started', () => {
  const startable = (rewardUsd: number, params: Partial<Params>, gas?: number) => {
    const stage = aStage(params, gas === undefined ? { fee: 0 } : { fee: 0, gas });
    stage.book.startable = () => [3, 5];
    stage.book.quoteStart = (position) => (position === 5 ? reject('FULL') : { rewardUsd });
    return stage;
  };

  it('starts what pays the gas, and not what is refused', () => {
    expect(startable(60, {}, 50e9).actions()).toEqual([{ do: 'start-liquidation', protocol: 0, position: 3 }]);
    expect(startable(40, {}, 50e9).actions()).toEqual([]);
    expect(startable(0, {}).actions()).toHaveLength(1);
  });

  it('pays for a start what it may for the hope of buying', () => {
    expect(startable(0, { startCost: 49 }, 50e9).actions()).toEqual([]);
    expect(startable(0, { startCost: 51 }, 50e9).actions()).toHaveLength(1);
  });

  it('does not send again while a start is on its way, and rests after refusals', () => {
    const { look, world, agent } = startable(0, {});
    const [intent] = look();
    world.toBlock(1);
    expect(look()).toEqual([]);
    agent.onFill?.(world.view, { intent, gasPaid: 0, refusal: { rejected: 'NOT_LIQUIDATABLE' } });
    expect(look()).toEqual([]);
    world.toBlock(2);
    expect(look()).toHaveLength(1);
  });

  it('starts at most `most` at a look', () => {
    const stage = startable(1, { most: 2 });
    stage.book.startable = () => [1, 2, 3, 4];
    expect(stage.actions()).toHaveLength(2);
  });
});

describe('liquidator, in an auction of a lot', () => {
  it('bids the least that is valid as long as selling the lot pays it back', () => {
    const { offer, aLot, actions } = aStage();
    const lot = aLot(10, 50_000, { amountMin: 12_000e6, bidder: RIVAL });
    offer(lot);
    expect(actions()).toEqual([{ do: 'bid', protocol: 0, position: lot.position, amount: 12_000e6, lot: 10e6 }]);
  });

  it('stops where the lot is not worth it: proceeds less gas and the profit that it wants', () => {
    for (const [least, bids] of [
      [brings(10) - 120, 1],
      [brings(10) - 90, 0],
    ] as const) {
      const { offer, aLot, actions } = aStage({ profitMin: 100 });
      offer(aLot(10, 50_000, { amountMin: Math.floor(least * 1e6), bidder: RIVAL }));
      expect(actions(), String(least)).toHaveLength(bids);
    }
  });

  it('goes part of the way to its valuation at once, at most to the tab', () => {
    const { offer, aLot, actions } = aStage({ jump: 0.5 });
    offer(aLot(10, 50_000, { amountMin: 10_000e6, bidder: RIVAL }));
    expect(usd(actions()[0])).toBeCloseTo((10_000 + brings(10)) / 2, 2);
    const small = aStage({ jump: 1 });
    small.offer(small.aLot(10, 9_000));
    expect(usd(small.actions()[0])).toBe(9_000);
  });

  it('asks for less of the lot where bids compete in that, down to what is worth the tab', () => {
    const falling = (jump: number) => {
      const { offer, aLot, actions } = aStage({ jump });
      offer(aLot(10, 9_000, { amountMin: 9_000e6, lotMax: 9.5e6, bidder: RIVAL }));
      const [action] = actions();
      return action?.do === 'bid' ? [Number(action.amount) / 1e6, Number(action.lot) / 1e6] : [];
    };
    expect(falling(0)).toEqual([9_000, 9.5]);
    const [amount, lot] = falling(1);
    expect(amount).toBe(9_000);
    // The pool pays less for each further ETH, so what it asks for is worth the tab and a little more.
    expect(brings(lot)).toBeGreaterThanOrEqual(9_000);
    expect(brings(lot)).toBeLessThan(9_100);
    const { offer, aLot, actions } = aStage();
    offer(aLot(10, 20_000, { amountMin: 20_000e6, lotMax: 9.5e6, bidder: RIVAL }));
    expect(actions()).toEqual([]);
  });

  it('does not beat itself, and reckons with having to sell what it leads', () => {
    const { offer, aLot, actions, world } = aStage();
    const led = aLot(300, 1e6, { bidder: world.self.account });
    const least = Math.floor(brings(100, 300) * 1e6);
    offer(led, aLot(100, 1e6, { amountMin: least - 1e6 }));
    expect(actions().map(usd)).toEqual([least / 1e6 - 1]);
    const dearer = aStage();
    dearer.offer(dearer.aLot(300, 1e6, { bidder: dearer.world.self.account }), dearer.aLot(100, 1e6, { amountMin: least + 1e6 }));
    expect(dearer.actions()).toEqual([]);
  });

  it('bids with its own money alone, once for each lot', () => {
    const { offer, aLot, actions, world } = aStage({ funding: 'flash' }, { fee: 0 });
    world.view.flashAvailable = () => 1e15;
    world.view.wallet = (asset) => (asset === USD ? 15_000e6 : 0);
    offer(aLot(10, 50_000, { amountMin: 10_000e6 }), aLot(10, 50_000, { amountMin: 10_000e6 }));
    expect(actions()).toHaveLength(1);
  });

  it('sells what it has won, and keeps what it had', () => {
    const { offer, aLot, actions, look, world, agent } = aStage();
    world.give(ETH, 3);
    offer(aLot(10, 50_000, { amountMin: 12_000e6 }));
    expect(actions()).toHaveLength(1);
    offer();
    world.toBlock(1);
    expect(actions()).toEqual([]);
    world.give(ETH, 10);
    const [intent] = look();
    expect(intent.actions).toEqual([{ do: 'swap', venue: 0, sell: ETH, amount: 10e6 }]);
    expect(look()).toEqual([]);
    agent.onFill?.(world.view, { intent, gasPaid: 0 });
    expect(look()).toHaveLength(1);
  });
});

describe('liquidator, where a lot falls in price', () => {
  it('takes it also where its debt is paid and a penalty is left to raise', () => {
    const { book, protocol, actions } = aStage();
    const lot = protocol.open(RIVAL);
    protocol.collateral[lot].set(ETH, 10e6);
    book.liquidatable = () => [lot];
    book.quoteLiquidation = (_, debt, collateral) =>
      debt === USD && collateral === ETH ? { repay: 5_000e6, seize: 3e6 } : reject('DEBT_NONE');
    expect(actions()[0]).toEqual({ do: 'liquidate', protocol: 0, position: lot, debt: USD, collateral: ETH, amount: 5_000e6 });
  });
});

describe('liquidator, in an auction of the right to liquidate', () => {
  const right = { repay: 10_000e6, seize: 5.25e6 };
  const profit = brings(5.25) - 10_000;
  const forSale = (params: Partial<Params>, amountMin: number) => {
    const stage = aStage(params);
    stage.offer(stage.aLot(100, 1, { lotMax: 0, tab: Number.POSITIVE_INFINITY, right, amountMin: Math.floor(amountMin * 1e6) }));
    return stage;
  };

  it('bids up to what the take would earn', () => {
    expect(forSale({}, profit - 1).actions()).toEqual([
      { do: 'bid', protocol: 0, position: 0, amount: Math.floor((profit - 1) * 1e6), lot: 0 },
    ]);
    expect(forSale({}, profit + 1).actions()).toEqual([]);
    expect(forSale({ profitMin: 50 }, profit - 49).actions()).toEqual([]);
    expect(usd(forSale({ jump: 0.5 }, 100).actions()[0])).toBeCloseTo((100 + profit) / 2, 2);
  });

  it('keeps the money that the take will need', () => {
    const poor = forSale({}, 100);
    poor.world.view.wallet = () => 10_050e6;
    expect(poor.actions()).toEqual([]);
    const borrowing = forSale({ funding: 'flash' }, 40);
    borrowing.world.view.wallet = () => 50e6;
    borrowing.world.view.flashAvailable = () => 1e15;
    expect(borrowing.actions()).toHaveLength(1);
  });

  it('asks what it may take in its own name', () => {
    const { book, protocol, look, world } = aStage();
    const askedFor: unknown[] = [];
    const position = protocol.open(RIVAL);
    protocol.debt[position].set(USD, 1e9);
    protocol.collateral[position].set(ETH, 1e6);
    book.liquidatable = () => [position];
    book.quoteLiquidation = (...asked) => {
      askedFor.push(asked[4]);
      return reject('GRACE');
    };
    look();
    expect(askedFor).toEqual([world.self.account]);
  });
});
