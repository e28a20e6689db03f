import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auctionPrice, type StairstepAuction, secondsToPrice, secondsToReset } from '../../src/study/closed-form/dutch-auction.ts';
import { expectDigits } from './digits.ts';

const CLIP: StairstepAuction = { buffer: 1.3, reference: 1, cut: 0.99, stepSeconds: 90 };
const auctions = fc.record({
  buffer: fc.double({ min: 1, max: 3, noNaN: true }),
  reference: fc.double({ min: 0.01, max: 1e5, noNaN: true }),
  cut: fc.double({ min: 0.5, max: 0.999, noNaN: true }),
  stepSeconds: fc.integer({ min: 1, max: 600 }),
});

describe('stairstep auction (B17)', () => {
  it('stands still within a step and falls by the cut between steps', () => {
    expect(auctionPrice(CLIP, 0)).toBe(1.3);
    expect(auctionPrice(CLIP, 89)).toBe(1.3);
    expectDigits(auctionPrice(CLIP, 90), 1.3 * 0.99);
    expectDigits(auctionPrice({ ...CLIP, reference: 2000 }, 2430), 2000 * 0.9910455286512348767);
  });

  it.each([
    [1, 2430],
    [0.95, 2880],
    [0.9, 3330],
    [1.3, 0],
    [5, 0],
  ])('meets %d of the market after %d s', (price, seconds) => expect(secondsToPrice(CLIP, price)).toBe(seconds));

  it('meets a price at the first second at which it is that low', () => {
    fc.assert(
      fc.property(auctions, fc.double({ min: 0.01, max: 2, noNaN: true }), (auction, fraction) => {
        const price = fraction * auction.reference;
        const seconds = secondsToPrice(auction, price);
        expect(auctionPrice(auction, seconds)).toBeLessThanOrEqual(price);
        if (seconds > 0) expect(auctionPrice(auction, seconds - 1)).toBeGreaterThan(price);
      }),
    );
  });

  it('meets prices of its own stairs without a step too many', () => {
    for (let step = 0; step < 200; step += 1) {
      expect(secondsToPrice(CLIP, auctionPrice(CLIP, step * 90))).toBe(step * 90);
    }
  });
});

describe('reset of an auction (B17)', () => {
  it('comes by the cusp of 0.40 after 8,280 s, just before the tail of 8,400 s', () => {
    expect(secondsToReset(CLIP, 8400, 0.4)).toEqual({ seconds: 8280, by: 'cusp' });
    expectDigits(auctionPrice(CLIP, 8400) / 1.3, 0.3927110283578051843615749);
  });

  it('comes by the tail one second after it, since the tail itself is in time', () => {
    expect(secondsToReset(CLIP, 8400, 0.35)).toEqual({ seconds: 8401, by: 'tail' });
    expect(secondsToReset(CLIP, 0, 0.4)).toEqual({ seconds: 1, by: 'tail' });
  });

  it('comes by the cusp where the price is below it, not at it', () => {
    expect(secondsToReset({ ...CLIP, cut: 0.5 }, 1e6, 0.25)).toEqual({ seconds: 3 * 90, by: 'cusp' });
  });

  it('refuses what is no auction', () => {
    for (const bad of [{ buffer: 0.9 }, { reference: 0 }, { cut: 1 }, { cut: 0 }, { stepSeconds: 0 }]) {
      expect(() => auctionPrice({ ...CLIP, ...bad }, 0)).toThrow('AUCTION_DOMAIN');
      expect(() => secondsToPrice({ ...CLIP, ...bad }, 1)).toThrow('AUCTION_DOMAIN');
      expect(() => secondsToReset({ ...CLIP, ...bad }, 1, 0.5)).toThrow('AUCTION_DOMAIN');
    }
    expect(() => auctionPrice(CLIP, -1)).toThrow('AUCTION_DOMAIN');
    expect(() => secondsToPrice(CLIP, 0)).toThrow('AUCTION_DOMAIN');
    expect(() => secondsToReset(CLIP, 100, 0)).toThrow('AUCTION_DOMAIN');
  });
});
