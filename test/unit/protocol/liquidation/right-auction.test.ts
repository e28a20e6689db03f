import { describe, expect, it } from 'vitest';
import { isRejection } from '../../../../src/base/rejection.ts';
import { rightAuction } from '../../../../src/protocol/liquidation/right-auction.ts';
import { termsOf } from '../../../../src/study/validate/default-terms.ts';
import { aLoan, granted, refusal } from '../../../../src/study/validate/lending-world.ts';

type Terms = Parameters<typeof rightAuction.create>[0];

const DURATION = 60_000;
const EXCLUSIVE = 30_000;

/** A loan of 82 against 100 that was seen liquidatable at time 0; Carol and Dave bid for it. */
function anAuction(terms: Partial<Terms> = {}) {
  const given = { duration: DURATION, exclusive: EXCLUSIVE, ...terms };
  const loan = aLoan(
    { collateral: 100, debt: 82, threshold: 0.8, bonus: 0.05 },
    { liquidation: (needs) => rightAuction.create(termsOf(rightAuction, given), needs), backstop: ['reserve', 'socialise'] },
  );
  const { protocol, position, asset, ledger } = loan;
  const carol = loan.person('liquidator', { USD: 1000 });
  const dave = loan.person('liquidator/2', { USD: 1000 });
  const bid = (bidder: number, usd: number, at: number) => protocol.bid(bidder, position, usd * 1e9, 0, at);
  const take = (taker: number, at: number) => protocol.liquidate(taker, position, asset('USD'), asset('ETH'), 'max', at);
  const quote = (at: number, taker?: number) => protocol.quoteLiquidation(position, asset('USD'), asset('ETH'), at, taker);
  const held = (account: number, name: string) => ledger.balance(account, asset(name)) / 1e9;
  const escrow = ledger.names.indexOf('lend/escrow');
  return { ...loan, carol, dave, bid, take, quote, held, escrow };
}

describe('an auction of the right to liquidate', () => {
  it('is open for `duration`, says what the right would allow, and lets nobody take meanwhile', () => {
    const { protocol, position, take, carol, kate } = anAuction();
    expect(protocol.auctions(0)).toEqual([
      expect.objectContaining({ position, amountMin: 1, lotMax: 0, bidder: -1, endsAt: DURATION, right: { repay: 41e9, seize: 43.05e9 } }),
    ]);
    expect(refusal(take(kate, DURATION - 1))).toBe('GRACE');
    protocol.endBlock(DURATION);
    expect(protocol.auctions(DURATION)).toEqual([]);
    expect(refusal(protocol.bid(carol, position, 1, 0, DURATION))).toBe('ENDED');
  });

  it('gives the right to the best bidder alone, then to anybody', () => {
    const { bid, take, quote, carol, dave, kate, protocol } = anAuction();
    granted(bid(carol, 1, 1000));
    expect(refusal(bid(dave, 1.04, 2000))).toBe('BID_LOW');
    granted(bid(dave, 1.5, 2000));
    protocol.endBlock(DURATION);
    expect(refusal(take(carol, DURATION + 1))).toBe('GRACE');
    expect([quote(DURATION + 1), quote(DURATION + 1, carol)].map(isRejection)).toEqual([true, true]);
    expect(granted(quote(DURATION + 1, dave)).repay).toBe(41e9);
    expect(refusal(take(kate, DURATION + EXCLUSIVE - 1))).toBe('GRACE');
    granted(take(kate, DURATION + EXCLUSIVE));
    const quick = anAuction();
    granted(quick.bid(quick.dave, 1.5, 2000));
    granted(quick.take(quick.dave, DURATION));
  });

  it('is anybody’s at once where nobody has bid', () => {
    const { take, kate } = anAuction();
    granted(take(kate, DURATION));
  });

  it('splits the bid between reserve, borrower and fund, whether or not the winner acts', () => {
    const { bid, carol, dave, held, escrow, protocol, position, asset } = anAuction({ reserveShare: 0.5, borrowerShare: 0.3 });
    granted(bid(carol, 5, 0));
    granted(bid(dave, 10, 0));
    expect([held(carol, 'USD'), held(dave, 'USD'), held(escrow, 'USD')]).toEqual([1000, 990, 10]);
    protocol.endBlock(DURATION - 1);
    expect(held(escrow, 'USD')).toBe(10);
    protocol.endBlock(DURATION);
    expect([held(escrow, 'USD'), held(protocol.fund, 'USD')]).toEqual([0, 2]);
    expect(protocol.inspection.accounts.reserve.data[asset('USD')]).toBe(5e9);
    expect(protocol.debtOf(position, asset('USD'))).toBe(79e9);
  });

  it('pays the bid back if the position recovers before the auction has ended, and begins anew when it falls again', () => {
    const { bid, carol, held, protocol, setPrice, position, escrow } = anAuction();
    granted(bid(carol, 10, 0));
    setPrice('ETH', 1.1);
    protocol.endBlock(12_000);
    expect(protocol.auctions(12_000)).toEqual([]);
    protocol.endBlock(24_000);
    expect([held(carol, 'USD'), held(escrow, 'USD')]).toEqual([1000, 0]);
    setPrice('ETH', 1);
    protocol.endBlock(36_000);
    expect(protocol.auctions(36_000)[0]).toMatchObject({ position, amountMin: 1, bidder: -1, endsAt: 36_000 + DURATION });
  });

  it('lets nobody take who was not yet seen: prices within a block give no right', () => {
    const { protocol, take, kate, setPrice } = anAuction();
    setPrice('ETH', 1.1);
    protocol.endBlock(12_000);
    setPrice('ETH', 1);
    expect(refusal(take(kate, 13_000))).toBe('GRACE');
  });

  it('lets who leads raise his own bid for the difference, and takes bids back with their bundle', () => {
    const { bid, carol, dave, held, escrow, journal, protocol } = anAuction();
    granted(bid(carol, 10, 0));
    granted(bid(carol, 20, 0));
    expect([held(carol, 'USD'), held(escrow, 'USD')]).toEqual([980, 20]);
    journal.begin();
    granted(bid(dave, 30, 0));
    journal.undo();
    expect(protocol.auctions(0)[0].bidder).toBe(carol);
    expect(refusal(bid(dave, 1001, 0))).toBe('WALLET_SHORT');
    const claims: number[] = [];
    protocol.claims((holder, issuer, _asset, units) => {
      if (issuer === escrow) claims.push(holder, units);
    });
    expect(claims).toEqual([carol, 20e9]);
  });

  it('finds shares that are more than the bid', () => {
    const problems = rightAuction.check?.(termsOf(rightAuction, { reserveShare: 0.6, borrowerShare: 0.5 })) ?? [];
    expect(problems).toEqual([{ param: 'borrowerShare', found: '0.5', expected: 'at most 1 − reserveShare, 0.4' }]);
    expect(rightAuction.check?.(termsOf(rightAuction, { reserveShare: 0.5, borrowerShare: 0.5 }))).toEqual([]);
  });
});
