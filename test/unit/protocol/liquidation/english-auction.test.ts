import { describe, expect, it } from 'vitest';
import { englishAuction } from '../../../../src/protocol/liquidation/english-auction.ts';
import { termsOf } from '../../../../src/study/validate/default-terms.ts';
import { aLoan, granted, refusal } from '../../../../src/study/validate/lending-world.ts';

type Terms = Parameters<typeof englishAuction.create>[0];

const TTL = 600_000;
const TAU = 6_000_000;

/** A loan of 70 against 100 worth 100, of which a keeper has auctioned the first lot; Carol and Dave bid. */
function anAuction(terms: Partial<Terms> = {}, debt = 70) {
  const given = { ttl: TTL, tau: TAU, chop: 0.1, ...terms };
  const loan = aLoan(
    { collateral: 100, debt, threshold: 0.6, bonus: 0 },
    { liquidation: (needs) => englishAuction.create(termsOf(englishAuction, given), needs) },
  );
  const { protocol, kate, position, asset, ledger } = loan;
  const carol = loan.person('liquidator', { USD: 100 });
  const dave = loan.person('liquidator/2', { USD: 100 });
  granted(protocol.startLiquidation(kate, position, 0));
  const [auction] = protocol.auctions(0);
  const lot = auction.position;
  const bid = (bidder: number, usd: number, eth: number, at = 0) =>
    protocol.bid(bidder, lot, Math.round(usd * 1e9), Math.round(eth * 1e9), at);
  const held = (account: number, name: string) => ledger.balance(account, asset(name)) / 1e9;
  const escrow = ledger.names.indexOf('lend/escrow');
  const fact = (kind: string) => loan.facts.find((one) => one.kind === kind)?.numbers;
  return { ...loan, carol, dave, lot, auction, bid, held, escrow, fact };
}

describe('an English auction', () => {
  it('offers the lot for any bid, and asks for the debt and the penalty', () => {
    const { auction, protocol } = anAuction();
    expect(auction).toMatchObject({ amountMin: 1, lotMax: 100e9, tab: 77e9, bidder: -1, endsAt: TAU });
    expect(protocol.liquidatable(0)).toEqual([]);
    expect(protocol.startable(0)).toEqual([]);
  });

  it('takes bids that rise by beg, holds the best in escrow and pays the beaten one back at once', () => {
    const { bid, carol, dave, held, escrow, protocol } = anAuction();
    granted(bid(carol, 40, 100));
    expect([held(carol, 'USD'), held(escrow, 'USD')]).toEqual([60, 40]);
    expect(refusal(bid(dave, 41.9, 100))).toBe('BID_LOW');
    expect(refusal(bid(dave, 42, 99))).toBe('BID_LOW');
    granted(bid(dave, 42, 100));
    expect([held(carol, 'USD'), held(dave, 'USD'), held(escrow, 'USD')]).toEqual([100, 58, 42]);
    // Whoever beats himself pays the difference.
    granted(bid(dave, 60, 100));
    expect([held(dave, 'USD'), held(escrow, 'USD')]).toEqual([40, 60]);
    expect(protocol.auctions(0)[0]).toMatchObject({ amountMin: 63e9, bidder: dave });
    expect(refusal(bid(carol, 77.1, 100))).toBe('BID_OVER');
  });

  it('lets bidders ask for less once the tab is raised, and gives what they spare to the owner', () => {
    const { bid, carol, dave, protocol, position, lot, asset, held, escrow } = anAuction();
    granted(bid(carol, 77, 100));
    expect(protocol.auctions(0)[0]).toMatchObject({ amountMin: 77e9, lotMax: Math.floor(100e9 / 1.05), tab: 77e9 });
    expect(refusal(bid(dave, 77, 96))).toBe('BID_LOW');
    expect(refusal(bid(dave, 76, 90))).toBe('BID_LOW');
    granted(bid(dave, 77, 90));
    expect([held(carol, 'USD'), held(dave, 'USD'), held(escrow, 'USD')]).toEqual([100, 23, 77]);
    expect(protocol.collateralOf(position, asset('ETH'))).toBe(10e9);
    expect(protocol.collateralOf(lot, asset('ETH'))).toBe(90e9);
  });

  it('is settled when ttl has passed without a better bid: debt, penalty to the fund, collateral to the winner', () => {
    const { bid, carol, dave, protocol, lot, asset, held, escrow, fact } = anAuction();
    granted(bid(carol, 77, 100, 1000));
    granted(bid(dave, 77, 90, 2000));
    protocol.endBlock(2000 + TTL - 1);
    expect(protocol.auctions(2000 + TTL - 1)).toHaveLength(1);
    expect(refusal(bid(carol, 77, 80, 2000 + TTL))).toBe('ENDED');
    protocol.endBlock(2000 + TTL);
    expect(protocol.auctions(2000 + TTL)).toEqual([]);
    expect([held(dave, 'ETH'), held(protocol.fund, 'USD'), held(escrow, 'USD')]).toEqual([90, 7, 0]);
    expect(protocol.debtOf(lot, asset('USD'))).toBe(0);
    // The penalty of 7 is no repayment of debt.
    expect(fact('liquidation')?.slice(0, 2)).toEqual([70, 90]);
    expect(fact('shortfall')).toBeUndefined();
  });

  it('is won by a bid of one unit where nobody else comes, and the debt falls to the lenders', () => {
    const { bid, carol, protocol, held, fact, lot, asset } = anAuction();
    granted(bid(carol, 1e-9, 100));
    protocol.endBlock(TTL);
    expect(held(carol, 'ETH')).toBe(100);
    expect(fact('shortfall')?.[0]).toBeCloseTo(70, 8);
    expect(fact('socialise')?.[0]).toBeCloseTo(70, 8);
    expect(protocol.debtOf(lot, asset('USD'))).toBe(0);
  });

  it('ends at tau whatever the bids, and with no bid waits to be started anew', () => {
    const bidding = anAuction();
    granted(bidding.bid(bidding.carol, 50, 100, TAU - 1));
    bidding.protocol.endBlock(TAU);
    expect(bidding.held(bidding.carol, 'ETH')).toBe(100);
    const { protocol, lot, kate, bid, carol } = anAuction();
    expect(refusal(protocol.startLiquidation(kate, lot, TAU - 1))).toBe('LOT_RUNNING');
    protocol.endBlock(TAU);
    expect(refusal(bid(carol, 50, 100, TAU))).toBe('ENDED');
    expect(protocol.startable(TAU)).toEqual([lot]);
    granted(protocol.startLiquidation(kate, lot, TAU));
    expect(protocol.auctions(TAU)[0]).toMatchObject({ position: lot, endsAt: 2 * TAU });
    granted(bid(carol, 50, 100, TAU));
  });

  it('sells a large position in many lots, each with its part of the debt', () => {
    const { protocol, kate, position, auction } = anAuction({ lotMax: 30 });
    expect(auction).toMatchObject({ lotMax: 30e9, tab: 0.3 * 77e9 });
    while (protocol.startable(0).length > 0) granted(protocol.startLiquidation(kate, position, 0));
    const lots = protocol.auctions(0);
    expect(lots.map(({ lotMax }) => lotMax / 1e9)).toEqual([30, 30, 30, 10]);
    expect(lots.reduce((sum, { tab }) => sum + tab, 0) / 1e9).toBeCloseTo(77, 7);
  });

  it('says whose the escrow is', () => {
    const { bid, carol, dave, protocol, escrow, asset } = anAuction();
    granted(bid(carol, 40, 100));
    granted(bid(dave, 50, 100));
    const claims: unknown[] = [];
    protocol.claims((holder, issuer, id, units) => {
      if (issuer === escrow) claims.push([holder, id, units]);
    });
    expect(claims).toEqual([[dave, asset('USD'), 50e9]]);
  });

  it('takes a bid back with its bundle, and refuses who cannot pay, what is no lot, and what is over', () => {
    const { bid, carol, dave, protocol, journal, held, kate, position, asset } = anAuction();
    granted(bid(dave, 30, 100));
    journal.begin();
    granted(bid(carol, 77, 100));
    granted(bid(carol, 77, 50));
    journal.undo();
    expect(protocol.auctions(0)[0]).toMatchObject({ bidder: dave, amountMin: 31.5e9, lotMax: 100e9 });
    expect([held(carol, 'USD'), held(dave, 'USD')]).toEqual([100, 70]);
    expect(refusal(protocol.bid(carol, position, 40e9, 100e9, 0))).toBe('LOT_NONE');
    const poor = anAuction({ chop: 1 });
    expect(refusal(poor.bid(poor.carol, 101, 100))).toBe('WALLET_SHORT');
    expect(refusal(protocol.liquidate(kate, protocol.auctions(0)[0].position, asset('USD'), asset('ETH'), 'max', 0))).toBe('LOT_NONE');
  });

  it('asks for the interest that runs up while bids rise, and not for what runs up after the tab was raised', () => {
    const loan = aLoan(
      { collateral: 100, debt: 70, threshold: 0.6, bonus: 0 },
      { liquidation: (needs) => englishAuction.create(termsOf(englishAuction, { ttl: 4e7, tau: 4e9 / 10, chop: 0.1 }), needs) },
    );
    const { protocol, kate, position } = loan;
    granted(protocol.startLiquidation(kate, position, 0));
    const market = protocol.markets[loan.asset('USD')];
    market.params = { ...market.params, rateBase: 1 };
    protocol.refresh(3e7);
    const { tab, position: lot } = protocol.auctions(3e7)[0];
    expect(tab).toBeGreaterThan(77e9);
    granted(protocol.bid(kate, lot, tab, 100e9, 3e7));
    protocol.refresh(5e7);
    expect(protocol.auctions(5e7)[0].tab).toBe(tab);
    protocol.endBlock(7e7);
    expect(protocol.debtOf(lot, loan.asset('USD'))).toBe(0);
  });
});
