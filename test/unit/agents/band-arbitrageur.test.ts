/** Which exchanges with price bands are found worth their while, each way, and at which size; with the real protocol and its bands. */
import { describe, expect, it } from 'vitest';
import bandArbitrageur from '../../../agents/band-arbitrageur.ts';
import type { Intent } from '../../../src/agent/index.ts';
import { OUTSIDE } from '../../../src/ledger/ledger.ts';
import { softBands } from '../../../src/protocol/liquidation/soft-bands-mechanism.ts';
import { createProtocol } from '../../../src/protocol/protocol.ts';
import { staticRisk } from '../../../src/protocol/risk/static.ts';
import { granted, PLAIN_MARKET } from '../../../src/study/validate/lending-world.ts';
import { aHandMadeWorld, ETH, type HandMadeOptions, USD } from '../../support/scripted-view.ts';

const DEFAULTS = { protocol: 0, venue: undefined as number | undefined, profitMin: 0, most: 10, halvings: 6, tip: 0 };
const BANDS = { amplification: 100, bands: 10, fee: 0.006, loanDiscount: 0.09, liquidationDiscount: 0.06 };
/** Where the bands of a loan of 1,200 on one ETH begin, within one of them. */
const EDGE = 1_400;

/** Loans of 1,200 USD, each on one ETH at 2,000, in bands below about 1,390. */
function aStage(loans: number, params: Partial<typeof DEFAULTS> = {}, options: HandMadeOptions = { fee: 0 }) {
  const world = aHandMadeWorld(options);
  const { ledger, fair, view } = world;
  const protocol = createProtocol(
    {
      name: 'lend',
      markets: [
        { asset: USD, params: { ...PLAIN_MARKET, liquidationThreshold: 1, bonus: 0 } },
        { asset: ETH, params: { ...PLAIN_MARKET, ltv: 0.85, liquidationThreshold: 0.89 } },
      ],
      risk: () => staticRisk.create({}, undefined),
      liquidation: (needs) => softBands.create(BANDS, needs),
      backstop: [],
    },
    { ledger, oracleUsd: (market) => fair[market], fairUsd: (asset) => fair[asset], report: () => 0 },
  );
  protocol.refresh(0);
  const rich = (name: string, asset: number, tokens: number) => {
    const account = ledger.open(name, name);
    ledger.transfer(OUTSIDE, account, asset, tokens * 1e6);
    return account;
  };
  granted(protocol.supply(rich('lender', USD, 1e6), USD, 'max', 0));
  const positions = Array.from({ length: loans }, (_, i) => {
    const owner = rich(`borrower/${i}`, ETH, 1);
    granted(protocol.deposit(owner, ETH, 'max', 0));
    granted(protocol.borrow(owner, USD, 1_200e6, 0));
    return protocol.positionOf(owner);
  });
  view.protocol = () => protocol;
  view.protocols = 1;
  const agent = bandArbitrageur.create({ ...DEFAULTS, ...params }, world.self);
  const to = (usd: number) => {
    fair[ETH] = usd;
    protocol.endBlock(0);
  };
  const look = (): readonly Intent[] => agent.onBlock?.(view)?.intents ?? [];
  /** Does what it wants with the bands, whatever it wants elsewhere. */
  const take = (intent: Intent) => {
    for (const action of intent.actions) {
      if (action.do !== 'liquidate') continue;
      const amount = typeof action.amount === 'number' ? action.amount : world.ledger.balance(world.self.account, action.debt);
      granted(protocol.liquidate(world.self.account, action.position as number, action.debt, action.collateral, amount, 0));
    }
    agent.onFill?.(view, { intent, gasPaid: 0 });
  };
  return { world, protocol, agent, positions, to, look, take };
}

describe('band arbitrageur', () => {
  it('finds nothing above the bands', () => {
    const { world, to, look } = aStage(3);
    world.give(USD, 1e6);
    expect(look()).toEqual([]);
    to(EDGE * 1.01);
    expect(look()).toEqual([]);
  });

  it('buys collateral out of the bands and sells it outside, in one bundle that must bring a gain', () => {
    const { world, positions, to, look, take, protocol } = aStage(1);
    world.give(USD, 1e6);
    to(EDGE * 0.97);
    const [intent] = look();
    expect(intent.actions).toEqual([
      { do: 'liquidate', protocol: 0, position: positions[0], debt: USD, collateral: ETH, amount: expect.any(Number) },
      { do: 'outside-trade', sell: ETH, buy: USD, amount: 'received' },
    ]);
    expect(intent.require).toEqual({ asset: USD, gainMin: 0 });
    take(intent);
    expect(protocol.collateralOf(positions[0], USD)).toBe(intent.actions[0].do === 'liquidate' ? intent.actions[0].amount : Number.NaN);
    // It has said so much, and there is no more to be had.
    expect(look()).toEqual([]);
  });

  it('buys outside what the bands pay more for, on the way up', () => {
    const { world, positions, to, look, take } = aStage(1);
    world.give(USD, 1e6);
    to(EDGE * 0.97);
    take(look()[0]);
    to(EDGE);
    const [intent] = look();
    expect(intent.actions).toEqual([
      { do: 'outside-trade', sell: USD, buy: ETH, amount: expect.any(Number) },
      { do: 'liquidate', protocol: 0, position: positions[0], debt: ETH, collateral: USD, amount: 'received' },
    ]);
  });

  it('trades through a venue where it is given one, as much as that can digest', () => {
    const sold = (eth: number) => {
      const { world, to, look } = aStage(1, { venue: 0 }, { fee: 0, reserves: [eth, eth * EDGE * 0.97] });
      world.give(USD, 1e6);
      to(EDGE * 0.97);
      const [intent] = look();
      return intent?.actions[0].do === 'liquidate' ? Number(intent.actions[0].amount) : 0;
    };
    const [deep, thin, none] = [1e4, 5, 0.01].map(sold);
    expect(deep).toBeGreaterThan(2 * thin * 0.99);
    expect(thin).toBeGreaterThan(0);
    expect(none).toBe(0);
  });

  it('leaves what gas or its least profit would eat', () => {
    const { world, to, look } = aStage(1, { profitMin: 1e3 });
    world.give(USD, 1e6);
    to(EDGE * 0.97);
    expect(look()).toEqual([]);
    const dear = aStage(1, {}, { fee: 0, gas: 1e12 });
    dear.world.give(USD, 1e6);
    dear.to(EDGE * 0.97);
    expect(dear.look()).toEqual([]);
  });

  it('spends no more than it has over all exchanges, and sends at most so many', () => {
    const poor = aStage(5);
    poor.world.give(USD, 500);
    poor.to(EDGE * 0.97);
    const spent = poor.look().map(({ actions: [first] }) => (first.do === 'liquidate' ? Number(first.amount) : Number.NaN));
    expect(spent.length).toBeGreaterThan(0);
    expect(spent.reduce((sum, units) => sum + units, 0)).toBeLessThanOrEqual(500e6);
    const few = aStage(5, { most: 2 });
    few.world.give(USD, 1e6);
    few.to(EDGE * 0.97);
    expect(few.look()).toHaveLength(2);
  });

  it('leaves a position that refused alone for a while', () => {
    const { world, agent, to, look } = aStage(1);
    world.give(USD, 1e6);
    to(EDGE * 0.97);
    const [intent] = look();
    agent.onFill?.(world.view, { intent, refusal: { rejected: 'REQUIRE', detail: {} }, gasPaid: 0 });
    expect(look()).toEqual([]);
    world.toBlock(1);
    expect(look()).toHaveLength(1);
  });
});
