import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consecutiveSlotsWait,
  geometricAttackCostMax,
  geometricAverage,
  geometricPriceNeeded,
  multiBlockCost,
  singleBlockCost,
  singleBlockCrossover,
} from '../../src/study/closed-form/twap-attack.ts';
import { expectDigits } from './digits.ts';

describe('arithmetic average over L blocks (B3)', () => {
  it.each([
    [0.2, 2405],
    [1 / 3, 579],
    [0.5, 194],
    [1, 33],
    [2, 7],
  ])('at a distortion of %d is cheaper in one block from %d blocks on', (distortion, blocks) => {
    expect(singleBlockCrossover(distortion)).toBe(blocks);
  });

  it('changes sides at the crossover and nowhere else', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 20, noNaN: true }), fc.double({ min: 0, max: 3, noNaN: true }), (distortion, stretch) => {
        const crossover = singleBlockCrossover(distortion);
        const longer = Math.ceil(crossover * (1 + stretch));
        expect(singleBlockCost(1, distortion, longer)).toBeLessThan(multiBlockCost(1, distortion, longer));
        const shorter = Math.floor((crossover - 1) / (1 + stretch));
        if (shorter >= 2) expect(singleBlockCost(1, distortion, shorter)).toBeGreaterThanOrEqual(multiBlockCost(1, distortion, shorter));
      }),
    );
  });

  it('has a crossover near 16/e³ for small distortions', () => expectDigits(singleBlockCrossover(1e-3), 16e9, 0.01));

  it('is cheaper in one block from two blocks on when cost means capital', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-4, max: 1e4, noNaN: true }), (distortion) => {
        expect(singleBlockCrossover(distortion, 'capital')).toBe(2);
      }),
    );
  });

  it('costs the same either way over one block', () => expect(singleBlockCost(10, 0.3, 1)).toBe(multiBlockCost(10, 0.3, 1)));

  it('refuses part of a block and a distortion of nothing', () => {
    expect(() => multiBlockCost(1, 0.2, 1.5)).toThrow('TWAP_DOMAIN');
    expect(() => singleBlockCost(1, 0, 3)).toThrow('TWAP_DOMAIN');
    expect(() => singleBlockCrossover(1e-5)).toThrow('TWAP_DOMAIN');
  });
});

describe('wait for two consecutive slots', () => {
  it('is 110 slots with a tenth of the stake', () => expectDigits(consecutiveSlotsWait(0.1), 110));

  it('solves the two-state recursion of a run of two', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1, noNaN: true }), (share) => {
        // wait = 1 + s·waitAfterOne + (1 − s)·wait,  waitAfterOne = 1 + (1 − s)·wait
        const wait = consecutiveSlotsWait(share);
        expectDigits(1 + share * (1 + (1 - share) * wait) + (1 - share) * wait, wait);
      }),
    );
  });
});

describe('geometric average of which m of n blocks are held (B4)', () => {
  it.each([
    [1, 5.86222743047463928e18],
    [10, 75.3019575603149689],
    [20, 8.67767005366734193],
    [72, 1.8225],
  ])('35 %% up over 144 blocks from %d blocks takes %d times the price', (blocks, price) => {
    expectDigits(geometricPriceNeeded(1.35, 144, blocks), price);
  });

  it('loses at most 3,396,454 of a pool of 50,000 with ten blocks', () => {
    expectDigits(geometricAttackCostMax(50_000, 1.35, 144, 10), 3_396_454.18000586272);
  });

  it('returns to its target through the average, and needs less the more blocks are held', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.integer({ min: 20, max: 300 }),
        fc.integer({ min: 2, max: 20 }),
        (target, n, m) => {
          const held = geometricPriceNeeded(target, n, m);
          expectDigits(geometricAverage(held, n, m), target);
          expect(Math.abs(Math.log(held))).toBeLessThanOrEqual(Math.abs(Math.log(geometricPriceNeeded(target, n, m - 1))));
          expect(geometricPriceNeeded(target, n, n)).toBe(target);
        },
      ),
    );
  });

  it('refuses to hold more blocks than the window has', () => {
    expect(() => geometricPriceNeeded(1.35, 10, 11)).toThrow('TWAP_DOMAIN');
    expect(() => geometricPriceNeeded(0, 10, 1)).toThrow('TWAP_DOMAIN');
  });
});
