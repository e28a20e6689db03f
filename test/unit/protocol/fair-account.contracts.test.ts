import { describe, expect, it } from 'vitest';
import { insuranceFund } from '../../../src/protocol/backstop/insurance-fund.ts';
import { vault } from '../../../src/protocol/backstop/vault.ts';
import { aContractWorld, type ContractWorld, PERP } from '../../../src/study/validate/contract-world.ts';
import { granted } from '../../../src/study/validate/lending-world.ts';

const USD = 1e6;

/** What everybody has in wallets and claims, USD at fair prices, by account. */
function holdings({ protocol, ledger, fair }: ContractWorld) {
  const held = Array.from({ length: ledger.accounts }, (_, account) =>
    fair.reduce((usd, price, asset) => usd + (ledger.balance(account, asset) / USD) * price, 0),
  );
  protocol.claims((holder, issuer, asset, units) => {
    held[holder] += (units / USD) * fair[asset];
    held[issuer] -= (units / USD) * fair[asset];
  });
  return held;
}

/** Penny's house, Albert long, Betty short; both with 10,000 of cash. */
function aMarket(provided: number, long: number, short: number, more = {}) {
  const world = aContractWorld({ house: 0, perpetual: { initial: 0.02, maintenance: 0.01 }, ...more });
  const penny = world.person('penny', { USD: provided });
  granted(world.protocol.provide(penny, 1, provided * USD, 0));
  const albert = world.trader('albert', { USD: 10_000 });
  const betty = world.trader('betty', { USD: 10_000 });
  if (long > 0) world.trade(albert, PERP, long);
  if (short > 0) world.trade(betty, PERP, -short);
  const at = (usd: number) => {
    world.setPrice('ETH', usd);
    world.protocol.refresh(0);
    return holdings(world);
  };
  return { ...world, penny, albert, betty, at };
}

describe('the final account of contracts', () => {
  it('gives everybody cash and the value of sizes, the house to who provided it, and leaves nothing in custody', () => {
    const { protocol, penny, albert, betty, at } = aMarket(50_000, 30, 10);
    const held = at(2100);
    expect(held[albert]).toBeCloseTo(13_000, 3);
    expect(held[betty]).toBeCloseTo(9_000, 3);
    expect(held[penny]).toBeCloseTo(48_000, 3);
    expect(held[protocol.custody]).toBeCloseTo(0, 3);
    expect(protocol.solvency()).toMatchObject({ shortfallUsd: 0, underwater: 0, notionalUsd: expect.closeTo(40 * 2100, 3) });
  });

  it('lets the fund bear what an uncovered account owes, then the house with what its providers have in it', () => {
    const { protocol, penny, albert, betty, at } = aMarket(50_000, 200, 0, { fund: { USD: 3_000 } });
    // Albert has lost 20,000 of 10,000.
    const held = at(1900);
    expect(held[albert]).toBeCloseTo(0, 3);
    expect(held[betty]).toBeCloseTo(10_000, 3);
    // The house won 20,000, of which 13,000 will never come from him or the fund.
    expect(held[penny]).toBeCloseTo(50_000 + 20_000 - 7_000, 3);
    expect(held[protocol.fund]).toBeCloseTo(0, 3);
    expect(held[protocol.custody]).toBeCloseTo(0, 3);
    expect(protocol.lenderShortfallUsd()).toBe(0);
    const { shortfallUsd, assetsUsd, claimsUsd, underwater } = protocol.solvency();
    expect([shortfallUsd, underwater]).toEqual([expect.closeTo(10_000, 3), 1]);
    expect(claimsUsd - (assetsUsd - 3_000)).toBeCloseTo(10_000, 3);
  });

  it('shares among winners what neither fund nor house can bear', () => {
    const { protocol, penny, albert, betty, at } = aMarket(1_000, 200, 200);
    // Betty wins what Albert loses, 20,000, and he has 10,000; the house has 1,000.
    const held = at(1900);
    expect(held[albert]).toBeCloseTo(0, 3);
    expect(held[penny]).toBeCloseTo(0, 3);
    expect(held[betty]).toBeCloseTo(10_000 + 20_000 - 9_000, 3);
    expect(held[protocol.custody]).toBeCloseTo(0, 3);
  });

  it('shares the loss of a house that is worth less than nothing among all others', () => {
    const { protocol, penny, albert, betty, at } = aMarket(1_000, 100, 0);
    // The house is short 100 ETH: it has lost 5,000 of 1,000.
    const held = at(2050);
    expect(held[penny]).toBeCloseTo(0, 3);
    // 4,000 short, on claims of 15,000 and 10,000.
    expect(held[albert]).toBeCloseTo(15_000 * (21 / 25), 3);
    expect(held[betty]).toBeCloseTo(10_000 * (21 / 25), 3);
    expect(held[protocol.custody]).toBeCloseTo(0, 3);
  });

  it('lets lenders inherit cash of who owes them, less what the pool cannot pay', () => {
    const world = aMarket(1_000, 200, 0, { markets: { ETH: { usd: 2000, borrowable: true } } });
    const { protocol, ledger } = world;
    const lender = world.person('lender', { ETH: 10 });
    granted(protocol.supply(lender, 0, 'max', 0));
    const carol = world.trader('carol', { USD: 8_000 });
    granted(protocol.borrow(carol, 0, 4 * USD, 0));
    ledger.transfer(carol, 0, 0, 4 * USD);
    // ETH halves: nobody is uncovered but Albert, 200·1,000 short of 10,000.
    let held = world.at(1000);
    const missing = 200_000 - 10_000;
    // All that there is: 10,000 of Betty's, 8,000 of Carol's, and the house, which has won it all on paper.
    expect(held[protocol.custody]).toBeCloseTo(0, 3);
    expect(held[world.penny]).toBeCloseTo(1_000 + 200_000 - missing, 3);
    // ETH trebles: the house owes Albert 800,000, and Carol's cash no longer covers her loan of 24,000.
    held = world.at(6000);
    const claims = 800_000 + 10_000 + 10_000 + 8_000;
    const paid = 29_000 / claims;
    expect(held[world.albert]).toBeCloseTo(810_000 * paid, 3);
    expect(held[world.betty]).toBeCloseTo(10_000 * paid, 3);
    expect(held[carol]).toBeCloseTo(0, 3);
    expect(held[lender]).toBeCloseTo(6 * 6000 + 8_000 * paid, 3);
    expect(held[protocol.custody]).toBeCloseTo(0, 2);
  });

  it('spends the fund once, whoever misses something first', () => {
    const world = aMarket(100, 200, 200, { fund: { USD: 5_000 }, markets: { USD: { usd: 1, borrowable: true } } });
    const { protocol } = world;
    const lender = world.person('lender', { USD: 50_000 });
    granted(protocol.supply(lender, 1, 'max', 0));
    const carol = world.trader('carol', { ETH: 10 });
    granted(protocol.borrow(carol, 1, 15_000 * USD, 0));
    // Carol's collateral is worth 10,000 of 15,000, and Albert owes too.
    const held = world.at(1000);
    expect(held[protocol.fund]).toBeCloseTo(0, 3);
    expect(held[protocol.custody]).toBeCloseTo(0, 2);
  });

  it('is drawn up at fair prices while the oracle is silent, a vault among the layers or not', () => {
    const backstop = [
      () => vault.create({ share: 1, lossMax: undefined }, { scale: () => USD }),
      () => insuranceFund.create({}, undefined),
    ];
    for (const layers of [backstop, backstop.toReversed(), backstop.slice(1)]) {
      const world = aMarket(50_000, 200, 0, { fund: { USD: 3_000 }, backstop: layers });
      world.fair[0] = 1900;
      world.oracle.fill(Number.NaN);
      world.protocol.endBlock(60_000);
      const held = holdings(world);
      expect(held[world.albert]).toBeCloseTo(0, 3);
      expect(held[world.betty]).toBeCloseTo(10_000, 3);
      expect(held[world.penny]).toBeCloseTo(50_000 + 20_000 - 7_000, 3);
      expect(held[world.protocol.fund]).toBeCloseTo(0, 3);
    }
  });
});
