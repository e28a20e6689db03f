/** What each action does, and what it is refused for. */
import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/agent/action.ts';
import { ACTIONS } from '../../../src/agent/action.ts';
import { aBenchWorld, type BenchWorld, GAS, TKN, USD } from '../../support/bench-world.ts';

const M = 1e6;
/** Albert with money; Betty lends 100,000 USD. */
function aWorld(more: Parameters<typeof aBenchWorld>[0] = {}) {
  const world = aBenchWorld(more);
  const albert = world.wallet('albert', { USD: 10_000, TKN: 1_000 });
  const betty = world.wallet('betty', { USD: 100_000 });
  expect(world.bundle(betty, { do: 'supply', protocol: 0, asset: USD, amount: 'all' })).toEqual([]);
  return { ...world, albert, betty };
}

const DEPOSIT = { do: 'deposit', protocol: 0, asset: USD, amount: 5_000 * M } as const;

/** The same with a perpetual of TKN, and an oracle that sees what is fair. */
function aContractWorld() {
  const list = { perp: { use: 'perpetual', underlying: 'TKN' } };
  return aWorld({ oracle: { use: 'spot', source: 'outside' }, contracts: { settle: 'USD', list, house: 10_000 } });
}

/** The code of the refusal, or nothing. */
function code(world: BenchWorld, actor: number, ...actions: readonly Action[]): string | undefined {
  return world.bundle(actor, ...actions)[0]?.rejected;
}

const last = ({ facts }: BenchWorld) => facts[facts.length - 1];

describe('a verb', () => {
  it('swap sells on the venue, and what it brings can be sold on', () => {
    const world = aWorld();
    const { albert, tokens, parts } = world;
    const before = parts.venues[0].price();
    expect(world.bundle(albert, { do: 'swap', venue: 0, sell: USD, amount: 1_000 * M })).toEqual([]);
    const bought = tokens(albert, TKN) - 1_000;
    // 1,000 USD less 0.3 % at 10 USD, less the impact of 0.1 % of the pool.
    expect(bought).toBeCloseTo((997 * 100_000) / (1_000_000 + 997), 5);
    expect(last(world)).toMatchObject({ kind: 'trade', actor: albert, subject: 0 });
    expect(last(world).numbers).toEqual([-bought * M, 1_000 * M, before, parts.venues[0].price()].map((n) => expect.closeTo(n, 6)));
    expect(
      world.bundle(albert, { do: 'swap', venue: 0, sell: USD, amount: 1_000 * M }, { do: 'swap', venue: 0, sell: TKN, amount: 'received' }),
    ).toEqual([]);
    expect(tokens(albert, TKN)).toBeCloseTo(1_000 + bought, 6);
  });

  it('outside-trade sells at the outside price less the spread', () => {
    const world = aWorld();
    const { albert, tokens } = world;
    expect(world.bundle(albert, { do: 'outside-trade', sell: USD, buy: TKN, amount: 'all' })).toEqual([]);
    expect([tokens(albert, USD), tokens(albert, TKN)]).toEqual([0, 1_999]);
    expect(last(world)).toMatchObject({ kind: 'outside', actor: albert, subject: USD, numbers: [10_000 * M, 999 * M, TKN, 0] });
  });

  it('add-range and remove-range leave liquidity between two prices and take it back, and no other venue has such', () => {
    const venues = { v3: { use: 'concentrated', with: { base: 'TKN', quote: 'USD', quoteReserve: 10_000, fee: 0.01 } } };
    const world = aWorld({ venues });
    const { albert, tokens, parts } = world;
    const before = [tokens(albert, TKN), tokens(albert, USD)];
    const add = { do: 'add-range', venue: 1, base: 'all', quote: 4_000 * M, low: 8, high: 12.5 } as const;
    expect(world.bundle(albert, add)).toEqual([]);
    expect(last(world)).toMatchObject({ kind: 'liquidity', actor: albert, subject: 1 });
    const [liquidity, base, quote, range] = last(world).numbers;
    expect([before[0] - tokens(albert, TKN), before[1] - tokens(albert, USD)].map((spent) => Math.round(spent * M))).toEqual([base, quote]);
    const again = { do: 'swap', venue: 1, sell: TKN, amount: 'received' } as const;
    expect(world.bundle(albert, { do: 'remove-range', venue: 1, range: 'all' }, again)).toEqual([]);
    const facts = world.facts.slice(-2);
    expect(facts[0]).toMatchObject({ kind: 'liquidity', numbers: [-liquidity, expect.any(Number), expect.any(Number), range] });
    // What was deposited, less a unit of rounding each; and it was sold again.
    expect(facts[0].numbers[1] + base).toBeLessThanOrEqual(1);
    expect(facts[1].numbers[0]).toBe(-facts[0].numbers[1]);
    expect(code(world, albert, { do: 'remove-range', venue: 1, range })).toBe('RANGE_NONE');
    expect(code(world, albert, { ...add, low: 12, high: 9 })).toBe('VENUE_PRICE');
    expect(code(world, albert, { ...add, venue: 0 })).toBe('VENUE_NO_RANGES');
    expect(code(world, albert, { do: 'remove-range', venue: 0, range: 'all' })).toBe('VENUE_NO_RANGES');
    expect(code(world, albert, { do: 'add-liquidity', venue: 1, base: 'all', quote: 'all' })).toBe('VENUE_NO_POOL');
    expect(parts.venues[1].ranges?.tickSpacing).toBe(60);
  });

  it('place-order and cancel-order leave orders in a book and take them back, and no pool has any', () => {
    const venues = { book: { use: 'order-book', with: { base: 'TKN', quote: 'USD', tick: 0.01, lot: 0.1, fee: 0 } } };
    const world = aWorld({ venues });
    const { albert, tokens, parts } = world;
    const carl = world.wallet('carl', { USD: 1_000, TKN: 100 });
    const order = (sell: number, amount: number | 'all' | 'received', price: number, kind: 'limit' | 'ioc' | 'post-only' = 'limit') =>
      ({ do: 'place-order', venue: 1, sell, amount, price, kind }) as const;
    expect(world.bundle(albert, order(TKN, 50 * M, 11), order(TKN, 'all', 12))).toEqual([]);
    expect([tokens(albert, TKN), last(world).kind, last(world).numbers.slice(0, 2)]).toEqual([0, 'order', [-1, 12]]);
    // 22 tokens for 242 USD; the maker is paid at once, and what the taker received can be sold on.
    expect(world.bundle(carl, order(USD, 242 * M, 11.5, 'ioc'), { do: 'swap', venue: 0, sell: TKN, amount: 'received' })).toEqual([]);
    expect(world.facts.map(({ kind }) => kind).slice(-3)).toEqual(['maker-fill', 'trade', 'trade']);
    expect([tokens(albert, USD), tokens(carl, TKN)]).toEqual([10_000 + 11 * 21, 100]);
    expect(world.bundle(albert, { do: 'cancel-order', venue: 1, order: 'all' })).toEqual([]);
    expect([tokens(albert, TKN), parts.ledger.balance(parts.venues[1].account, TKN)]).toEqual([1_000 - 21, 0]);
    expect(code(world, albert, { do: 'cancel-order', venue: 1, order: 5 })).toBe('BOOK_NONE');
    expect(code(world, albert, { ...order(TKN, 'all', 11), venue: 0 })).toBe('VENUE_NO_BOOK');
    expect(code(world, albert, { do: 'cancel-order', venue: 0, order: 'all' })).toBe('VENUE_NO_BOOK');
    expect(code(world, albert, { do: 'add-liquidity', venue: 1, base: 'all', quote: 'all' })).toBe('VENUE_NO_POOL');
  });

  it('add-liquidity and remove-liquidity exchange both assets for shares and back, the pool no poorer', () => {
    const world = aWorld();
    const { albert, tokens, parts } = world;
    const [venue] = parts.venues;
    const before = [parts.ledger.balance(venue.account, TKN), parts.ledger.balance(venue.account, USD)];
    expect(world.bundle(albert, { do: 'add-liquidity', venue: 0, base: 'all', quote: 'all' })).toEqual([]);
    expect([tokens(albert, TKN), tokens(albert, USD)]).toEqual([0, 0]);
    expect(last(world)).toMatchObject({ kind: 'liquidity', numbers: [venue.sharesOf(albert), 1_000 * M, 10_000 * M, 0] });
    const shares = venue.sharesOf(albert);
    expect(world.bundle(albert, { do: 'remove-liquidity', venue: 0, amount: Math.floor(shares / 2) })).toEqual([]);
    expect(tokens(albert, USD)).toBeCloseTo(5_000, 4);
    expect(
      world.bundle(albert, { do: 'remove-liquidity', venue: 0, amount: 'all' }, { do: 'swap', venue: 0, sell: TKN, amount: 'received' }),
    ).toEqual([]);
    expect(venue.sharesOf(albert)).toBe(0);
    // The other half of the tokens, and not the first, was sold.
    expect(tokens(albert, TKN)).toBeCloseTo(500, 3);
    expect(parts.ledger.balance(venue.account, USD)).toBeLessThan(before[1]);
  });

  it('remove-liquidity of what was received burns the shares that the action before made, and no others', () => {
    const world = aWorld();
    const { albert, parts } = world;
    const add = { do: 'add-liquidity', venue: 0, base: 100 * M, quote: 1_000 * M } as const;
    const remove = { do: 'remove-liquidity', venue: 0, amount: 'received' } as const;
    expect(world.bundle(albert, add)).toEqual([]);
    const shares = parts.venues[0].sharesOf(albert);
    expect(world.bundle(albert, add, remove)).toEqual([]);
    expect(parts.venues[0].sharesOf(albert)).toBe(shares);
    expect(code(world, albert, remove)).toBe('VENUE_AMOUNT');
  });

  it('supply and redeem lend to a protocol and take back', () => {
    const world = aWorld();
    const { albert, tokens, parts } = world;
    expect(world.bundle(albert, { do: 'supply', protocol: 0, asset: USD, amount: 4_000 * M })).toEqual([]);
    expect(parts.protocols[0].suppliedOf(parts.protocols[0].positionOf(albert), USD)).toBe(4_000 * M);
    expect(world.bundle(albert, { do: 'redeem', protocol: 0, asset: USD, amount: 'max' })).toEqual([]);
    expect(tokens(albert, USD)).toBe(10_000);
  });

  it('deposit, borrow, repay and withdraw go once around, `max` being what the protocol allows', () => {
    const world = aWorld();
    const { albert, tokens } = world;
    const on = { protocol: 0 } as const;
    expect(
      world.bundle(albert, { do: 'deposit', ...on, asset: TKN, amount: 'all' }, { do: 'borrow', ...on, asset: USD, amount: 'max' }),
    ).toEqual([]);
    // 1,000 TKN at 10 USD and an ltv of 0.5.
    expect(tokens(albert, USD)).toBe(15_000);
    expect(code(world, albert, { do: 'withdraw', ...on, asset: TKN, amount: 1 })).toBe('HEALTH_INITIAL');
    expect(
      world.bundle(albert, { do: 'repay', ...on, asset: USD, amount: 'max' }, { do: 'withdraw', ...on, asset: TKN, amount: 'max' }),
    ).toEqual([]);
    expect([tokens(albert, USD), tokens(albert, TKN)]).toEqual([10_000, 1_000]);
    expect(world.facts.slice(-4).map(({ kind }) => kind)).toEqual(['deposit', 'borrow', 'repay', 'withdraw']);
  });

  it('received is what the action before brought, and nothing after an action that brought nothing', () => {
    const world = aWorld();
    const { albert, tokens } = world;
    const deposit = { do: 'deposit', protocol: 0, asset: TKN, amount: 'all' } as const;
    const borrow = { do: 'borrow', protocol: 0, asset: USD, amount: 1_000 * M } as const;
    const supply = { do: 'supply', protocol: 0, asset: USD, amount: 'received' } as const;
    expect(world.bundle(albert, deposit, borrow, supply)).toEqual([]);
    expect(tokens(albert, USD)).toBe(10_000);
    expect(world.bundle(albert, borrow)).toEqual([]);
    // What an earlier bundle received is forgotten.
    expect(code(world, albert, supply)).toBe('AMOUNT');
    expect(code(world, albert, borrow, supply, supply)).toBe('AMOUNT');
    expect(code(world, albert, borrow, { ...supply, asset: TKN })).toBe('AMOUNT');
  });

  it('liquidate repays a position by its number or by the name of its owner, and brings the collateral', () => {
    for (const byName of [true, false]) {
      const world = aWorld({ oracle: { use: 'spot', source: 'outside' } });
      const { albert, betty, tokens, parts } = world;
      const kate = world.wallet('kate', { USD: 10_000 });
      const [protocol] = parts.protocols;
      expect(
        world.bundle(
          albert,
          { do: 'deposit', protocol: 0, asset: TKN, amount: 'all' },
          { do: 'borrow', protocol: 0, asset: USD, amount: 'max' },
        ),
      ).toEqual([]);
      const position = byName ? 'albert' : protocol.positionOf(albert);
      const take = { do: 'liquidate', protocol: 0, position, debt: USD, collateral: TKN, amount: 'max' } as const;
      expect(code(world, kate, take)).toBe('NOT_LIQUIDATABLE');
      world.fair[TKN] = 8;
      expect(world.bundle(kate, take, { do: 'swap', venue: 0, sell: TKN, amount: 'received' })).toEqual([]);
      expect(tokens(kate, TKN)).toBe(0);
      // Half of 5,000 USD, for 5 % more at 8 USD.
      expect(world.facts.find(({ kind }) => kind === 'liquidation')).toMatchObject({
        actor: kate,
        numbers: [2_500, expect.closeTo(2_625, 3), expect.any(Number), expect.any(Number)],
      });
      expect(code(world, kate, { ...take, position: 'betty' })).toBe('NOT_LIQUIDATABLE');
      expect(code(world, kate, { ...take, position: 'nobody' })).toBe('POSITION_NONE');
      expect(code(world, kate, { ...take, position: 99 })).toBe('POSITION_NONE');
      expect(code(world, kate, { ...take, position: -1 })).toBe('POSITION_NONE');
      expect(betty).not.toBe(kate);
    }
  });

  it('margin-trade borrows, adds the margin, and keeps what it bought as collateral', () => {
    const world = aWorld();
    const { albert, tokens, parts } = world;
    const trade = { do: 'margin-trade', protocol: 0, venue: 0, sell: USD, margin: 'all', borrowed: 5_000 * M } as const;
    expect(world.bundle(albert, trade)).toEqual([]);
    const [protocol] = parts.protocols;
    const position = protocol.positionOf(albert);
    expect(tokens(albert, USD)).toBe(0);
    expect(protocol.debtOf(position, USD)).toBe(5_000 * M);
    expect(protocol.collateralOf(position, TKN) / M).toBeCloseTo((15_000 * 0.997 * 100_000) / (1_000_000 + 15_000 * 0.997), 4);
    expect(world.facts.slice(-2).map(({ kind }) => kind)).toEqual(['margin-trade', 'trade']);
    expect(code(world, albert, { ...trade, margin: 0, borrowed: 50_000 * M })).toBe('HEALTH_INITIAL');
  });

  it('trade-contract buys and sells a size of a contract, and closes what is held', () => {
    const world = aContractWorld();
    const { albert, parts } = world;
    const [protocol] = parts.protocols;
    const on = { protocol: 0, contract: 0 } as const;
    expect(code(world, albert, { do: 'trade-contract', ...on, size: 100 * M })).toBe('POSITION_NONE');
    expect(world.bundle(albert, DEPOSIT, { do: 'trade-contract', ...on, size: 100 * M })).toEqual([]);
    const position = protocol.positionOf(albert);
    expect(protocol.sizeOf(position, 0)).toBe(100 * M);
    const [paid, fee] = last(world).numbers.slice(1);
    expect(last(world)).toMatchObject({ kind: 'contract-trade', actor: albert, subject: 0 });
    expect(paid / M).toBeCloseTo(1_000, 4);
    expect(protocol.quoteOf(position)).toBe(5_000 * M - paid - fee);
    expect(world.bundle(albert, { do: 'trade-contract', ...on, size: -250 * M })).toEqual([]);
    expect(protocol.sizeOf(position, 0)).toBe(-150 * M);
    expect(world.bundle(albert, { do: 'trade-contract', ...on, size: 'close' })).toEqual([]);
    expect(protocol.sizeOf(position, 0)).toBe(0);
    expect(code(world, albert, { do: 'trade-contract', ...on, size: 'close' })).toBe('AMOUNT');
  });

  it('trade-contract and the verbs of wallets act for the sub-account that is named, and for no lot', () => {
    const world = aContractWorld();
    const { albert, parts } = world;
    const [protocol] = parts.protocols;
    const trade = { do: 'trade-contract', protocol: 0, contract: 0, size: 10 * M } as const;
    expect(world.bundle(albert, DEPOSIT, { ...DEPOSIT, sub: 1 }, { ...trade, sub: 1 })).toEqual([]);
    expect([0, 1].map((sub) => protocol.sizeOf(protocol.positionOf(albert, sub), 0))).toEqual([0, 10 * M]);
    for (const sub of [-1, 0.5, Number.NaN, 1_000]) {
      expect(code(world, albert, { ...trade, sub })).toBe('SUB_NONE');
      expect(code(world, albert, { ...DEPOSIT, sub })).toBe('SUB_NONE');
    }
  });

  it('start-liquidation closes an account of contracts, named by number or by owner and sub-account', () => {
    for (const sub of [0, 1]) {
      const world = aContractWorld();
      const { albert, parts } = world;
      const kate = world.wallet('kate', {});
      const [protocol] = parts.protocols;
      const trade = { do: 'trade-contract', protocol: 0, contract: 0, size: 5_000 * M, sub } as const;
      expect(world.bundle(albert, { ...DEPOSIT, sub }, trade)).toEqual([]);
      const position = sub === 0 ? protocol.positionOf(albert) : 'albert#1';
      const start = { do: 'start-liquidation', protocol: 0, position } as const;
      expect(code(world, kate, start)).toBe('NOT_LIQUIDATABLE');
      world.fair[TKN] = 9.2;
      expect(world.bundle(kate, start)).toEqual([]);
      expect(world.facts.find(({ kind }) => kind === 'closeout')).toMatchObject({ actor: kate });
      expect(protocol.sizeOf(protocol.positionOf(albert, sub), 0)).toBe(0);
      for (const none of ['nobody', 'albert#2', 99, -1]) expect(code(world, kate, { ...start, position: none })).toBe('POSITION_NONE');
    }
    const lending = aWorld();
    const lent = { do: 'start-liquidation', protocol: 0, position: 'betty' } as const;
    expect(code(lending, lending.albert, lent)).toBe('NOT_STARTED');
  });

  it('bid offers units for a lot: here there are none', () => {
    const world = aWorld();
    const bid = { do: 'bid', protocol: 0, position: 'betty', amount: 5, lot: 7 } as const;
    expect(code(world, world.albert, bid)).toBe('LOT_NONE');
    expect(code(world, world.albert, { ...bid, position: 'nobody' })).toBe('POSITION_NONE');
    expect(code(world, world.albert, { ...bid, amount: 'all' })).toBe('AMOUNT');
    expect(code(world, world.albert, { ...bid, lot: 'max' })).toBe('AMOUNT');
  });

  it("provide and unprovide pay into the house's capital and take it back, to be spent in the same bundle", () => {
    const world = aContractWorld();
    const { albert, tokens, parts } = world;
    const on = { protocol: 0, asset: USD } as const;
    expect(world.bundle(albert, { do: 'provide', ...on, amount: 4_000 * M })).toEqual([]);
    expect(parts.protocols[0].providedOf(albert)).toBe(4_000 * M);
    expect(last(world)).toMatchObject({ kind: 'provide', actor: albert, numbers: [4_000 * M, 0, 0, 0] });
    expect(
      world.bundle(albert, { do: 'unprovide', ...on, amount: 'max' }, { do: 'supply', protocol: 0, asset: USD, amount: 'received' }),
    ).toEqual([]);
    expect(tokens(albert, USD)).toBe(6_000);
    expect(parts.protocols[0].providedOf(albert)).toBe(0);
    expect(code(world, albert, { do: 'unprovide', ...on, amount: 'max' })).toBe('AMOUNT');
    expect(code(world, albert, { do: 'provide', protocol: 0, asset: TKN, amount: 'all' })).toBe('POOL_NONE');
  });

  it('is one of those tested here', () => {
    const tested = [
      'swap',
      'outside-trade',
      'add-liquidity',
      'remove-liquidity',
      'supply',
      'redeem',
      'deposit',
      'withdraw',
      'borrow',
      'repay',
      'liquidate',
      'start-liquidation',
      'bid',
      'provide',
      'unprovide',
      'trade-contract',
      'margin-trade',
      'place-order',
      'cancel-order',
      'add-range',
      'remove-range',
    ];
    expect(Object.keys(ACTIONS)).toEqual(tested);
  });
});

describe('an action that makes no sense', () => {
  const swap = { do: 'swap', venue: 0, sell: USD, amount: 1 } as const;
  const outside = { do: 'outside-trade', sell: USD, buy: TKN, amount: 1_000 } as const;
  const supply = { do: 'supply', protocol: 0, asset: USD, amount: 1 } as const;
  const take = { do: 'liquidate', protocol: 0, position: 0, debt: USD, collateral: TKN, amount: 'max' } as const;
  const margin = { do: 'margin-trade', protocol: 0, venue: 0, sell: USD, margin: 1, borrowed: 1 } as const;

  it.each<[string, Action]>([
    ['VENUE_NONE', { ...swap, venue: 9 }],
    ['VENUE_NONE', { ...margin, venue: -1 }],
    ['VENUE_NONE', { do: 'add-liquidity', venue: 9, base: 1, quote: 1 }],
    ['PROTOCOL_NONE', { ...supply, protocol: 9 }],
    ['PROTOCOL_NONE', { ...take, protocol: 9 }],
    ['ASSET_NONE', { ...swap, sell: 9, amount: 'all' }],
    ['ASSET_NONE', { ...outside, buy: 9 }],
    ['ASSET_NONE', { ...supply, asset: -1, amount: 'all' }],
    ['ASSET_NONE', { ...take, collateral: 9 }],
    ['ASSET_NONE', { ...take, debt: 9 }],
    ['VENUE_ASSET', { ...swap, sell: GAS }],
    ['VENUE_AMOUNT', { ...swap, amount: 0 }],
    ['VENUE_AMOUNT', { ...swap, amount: 1.5 }],
    ['VENUE_AMOUNT', { ...swap, amount: Number.NaN }],
    ['WALLET_SHORT', { ...swap, amount: 20_000 * M }],
    ['ASSET', { ...outside, buy: USD }],
    ['AMOUNT', { ...outside, amount: 0 }],
    ['AMOUNT', { ...outside, amount: -5 }],
    ['AMOUNT', { ...outside, amount: 1 }],
    ['WALLET_SHORT', { ...outside, amount: 20_000 * M }],
    ['VENUE_AMOUNT', { do: 'add-liquidity', venue: 0, base: 0, quote: 0 }],
    ['SHARES_SHORT', { do: 'remove-liquidity', venue: 0, amount: 1_000 }],
    ['AMOUNT', { ...supply, amount: -1 }],
    ['WALLET_SHORT', { ...supply, amount: 20_000 * M }],
    ['POSITION_NONE', { ...supply, do: 'redeem' }],
    ['AMOUNT', { ...margin, borrowed: 'max' }],
    ['AMOUNT', { ...margin, margin: -1 }],
    ['LIQUIDITY_SHORT', { ...margin, borrowed: 200_000 * M }],
    ['PROTOCOL_NONE', { do: 'trade-contract', protocol: 9, contract: 0, size: 1 }],
    ['POSITION_NONE', { do: 'trade-contract', protocol: 0, contract: 0, size: 1 }],
    ['PROTOCOL_NONE', { do: 'start-liquidation', protocol: 9, position: 0 }],
    ['PROTOCOL_NONE', { do: 'bid', protocol: 9, position: 0, amount: 1, lot: 1 }],
    ['ASSET_NONE', { do: 'provide', protocol: 0, asset: 9, amount: 1 }],
    ['POOL_NONE', { do: 'provide', protocol: 0, asset: USD, amount: 1 }],
    ['POOL_NONE', { do: 'unprovide', protocol: 0, asset: USD, amount: 'max' }],
  ])('is refused with %s: %j', (expected, action) => {
    const world = aWorld();
    const facts = world.facts.length;
    expect(code(world, world.albert, action)).toBe(expected);
    expect(world.facts.length).toBe(facts);
    expect([world.tokens(world.albert, USD), world.tokens(world.albert, TKN)]).toEqual([10_000, 1_000]);
  });

  it('is refused when the outside would owe more than the ledger can count', () => {
    const world = aWorld({ prices: { GAS: { use: 'constant', with: { start: 1e-6 } } } });
    expect(code(world, world.albert, { do: 'outside-trade', sell: USD, buy: GAS, amount: 'all' })).toBe('OUTSIDE_LIMIT');
  });
});
