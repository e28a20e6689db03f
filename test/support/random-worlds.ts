/** Random small worlds: oracles, chains, backstops, prices, latencies, and people who send anything; with contracts, or without. */
import fc from 'fast-check';

export const LENDER = { use: 'lender', params: { protocol: 'lend', asset: 'USD' }, wallet: { USD: 200_000, GAS: 1 } };
const BORROWERS = {
  use: 'borrower',
  count: 3,
  params: { protocol: 'lend', collateral: 'TKN', debt: 'USD', health: 1.25 },
  wallet: { TKN: 300, GAS: 1 },
};
export const OUTSIDE_SPOT = { use: 'spot', source: 'outside' };

const oracles = fc.constantFrom(
  { use: 'spot' },
  OUTSIDE_SPOT,
  { use: 'twap', with: { window: '1 min' } },
  { use: 'twap-since-update', with: { period: '1 min' } },
  { use: 'push-feed', source: 'outside', with: { latency: '20 s', deviation: 0.01 } },
);
const chains = fc.constantFrom(
  {},
  { order: 'arrival' },
  { gasAsset: 'GAS', baseFee: 10 },
  { flash: { funds: { USD: 50_000, TKN: 5_000 } } },
);
const FULL = [{ use: 'insurance-fund' }, { use: 'reserve' }, { use: 'socialise' }];
const backstops = fc.constantFrom([], [{ use: 'socialise' }], FULL, FULL);

/** A second venue beside the pool: none, a pool with ranges, a book. */
const venues = fc.constantFrom(
  {},
  { ranges: { use: 'concentrated', with: { base: 'TKN', quote: 'USD', quoteReserve: 100_000, halfWidth: 1, tickSpacing: 10 } } },
  { book: { use: 'order-book', with: { base: 'TKN', quote: 'USD', tick: 0.01, lot: 1 } } },
);

const tkns = fc.constantFrom(
  { use: 'constant', with: { start: 10 } },
  { use: 'gbm', with: { start: 10, volatility: 10 } },
  { use: 'shock', with: { start: 10, at: '30 s', factor: 0.5, over: '60 s' } },
  { use: 'shock', with: { start: 10, at: '60 s', factor: 0.2, hold: '60 s', recover: '30 s' } },
);

/** A perpetual that moves with what is traded, and options that expire within the run. */
const CONTRACTS = {
  settle: 'USD',
  house: 20_000,
  surface: { use: 'parametric', with: { atm: 3 } },
  closeout: { use: 'order', with: { sliceAboveUsd: 2_000, cooldown: '15 s', penalty: 0.01, keeperShare: 0.5 } },
  list: {
    perp: { use: 'perpetual', underlying: 'TKN', with: { depth: 20_000, fundingInterval: '1 min' } },
    call: { use: 'option', underlying: 'TKN', with: { right: 'call', strike: 11, expiry: '70 s' } },
    put: { use: 'option', underlying: 'TKN', with: { right: 'put', strike: 9, expiry: '100 s' } },
  },
};
const CALLED = { level: 1.1, time: '20 s' };

/** The same world with contracts, or without. */
export function traded(use: 'sender' | 'failing', people: number, horizon: string) {
  return fc.tuple(worlds(use, people, horizon), fc.boolean()).map(([world, contracts]) => {
    return contracts ? { ...world, contracts: CONTRACTS, marginCall: CALLED } : world;
  });
}

/** A small world with so many random senders, for so many blocks. */
export function worlds(use: 'sender' | 'failing', people: number, horizon: string) {
  return fc
    .record({
      venues,
      oracle: oracles,
      chain: chains,
      backstop: backstops,
      seed: fc.nat(2 ** 31),
      tkn: tkns,
      latency: fc.constantFrom(0, '15 s'),
    })
    .map(({ latency, ...world }) => ({
      ...world,
      fund: 1_000,
      market: { rateBase: 0.05, reserveFactor: 0.1 },
      liquidation: { use: 'fixed-bonus', with: { fundShare: 0.1 } },
      horizon,
      agents: [
        LENDER,
        { use, name: 'mallory', role: 'attacker', count: 1, wallet: { USD: 50_000, TKN: 5_000, GAS: 5 }, latency },
        BORROWERS,
        { use, name: 'crowd', count: people - 1, wallet: { USD: { uniform: [0, 50_000] }, TKN: { uniform: [0, 5_000] }, GAS: 5 } },
      ],
    }));
}
