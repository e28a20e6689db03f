import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  constantProductOutput,
  constantProductPrice,
  manipulationCapital,
  manipulationLoss,
} from '../../src/study/closed-form/constant-product-attack.ts';
import { expectDigits } from './digits.ts';

const moves = fc.double({ min: -0.99, max: 1e6, noNaN: true }).filter((move) => Math.abs(move) > 1e-6);

describe('output of a constant-product pool (B1)', () => {
  it('gives 374.4167 INV for 300 ETH', () => expectDigits(constantProductOutput(300, 46, 432, 0.003), 374.416690814256737));

  it('replays the two trades of bZx-1', () => {
    const bought = constantProductOutput(5637.623762, 2817.77159307, 77.08611101, 0.003);
    expectDigits(bought, 51.3455759977359961);
    const eth = 2817.77159307 + 5637.623762;
    const wbtc = 77.08611101 - bought;
    expectDigits(constantProductPrice(eth, wbtc), 328.485610382280368);
    expectDigits(constantProductOutput(112, wbtc, eth, 0.003), 6871.41270005582747);
  });

  it('never pays the whole reserve, and pays less the higher the fee', () => {
    const side = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(side, side, side, (input, reserveIn, reserveOut) => {
        const out = constantProductOutput(input, reserveIn, reserveOut, 0);
        expect(out).toBeLessThanOrEqual(reserveOut);
        expect(constantProductOutput(input, reserveIn, reserveOut, 0.01)).toBeLessThan(out);
      }),
    );
  });

  it('refuses an empty reserve', () => {
    expect(() => constantProductOutput(1, 0, 1, 0)).toThrow('POOL_DOMAIN');
    expect(() => constantProductPrice(Number.NaN, 1)).toThrow('POOL_DOMAIN');
  });
});

describe('manipulation of one block (B2)', () => {
  const move = 1.35 ** 14.4 - 1; // 75.30 times the price

  it('takes the capital and loses what the published attack does', () => {
    expectDigits(manipulationCapital(50_000, move), 383_883.502683367096);
    expectDigits(manipulationLoss(50_000, move), 339_645.418000586272);
    expect(Math.round(10 * manipulationLoss(50_000, move))).toBe(3_396_454);
  });

  it('costs the same to p·r as to p/r', () => {
    fc.assert(
      fc.property(moves, (up) => {
        const down = 1 / (1 + up) - 1;
        expectDigits(manipulationLoss(1000, down), manipulationLoss(1000, up));
        expectDigits(manipulationCapital(1000, down), manipulationCapital(1000, up));
      }),
    );
  });

  it('loses no more than the capital, and grows with the move and the reserve', () => {
    fc.assert(
      fc.property(moves, (move) => {
        const loss = manipulationLoss(1000, move);
        expect(loss).toBeLessThan(manipulationCapital(1000, move));
        expect(manipulationLoss(2000, move)).toBe(2 * loss);
        expect(manipulationLoss(1000, move > 0 ? move * 1.01 : Math.max(-0.999, move * 1.01))).toBeGreaterThan(loss);
      }),
    );
  });

  it('is the trade it says: paid minus received at the undisturbed price', () => {
    const [quote, base, target] = [50_000, 25, 0.5]; // price 2,000, half as much again
    const paid = manipulationCapital(quote, target);
    const received = constantProductOutput(paid, quote, base, 0);
    expectDigits(constantProductPrice(quote + paid, base - received), 3000);
    expectDigits(paid - (received * quote) / base, manipulationLoss(quote, target));
    const sold = manipulationCapital(quote, -target) / (quote / base);
    const proceeds = constantProductOutput(sold, base, quote, 0);
    expectDigits(constantProductPrice(quote - proceeds, base + sold), 1000);
    expectDigits((sold * quote) / base - proceeds, manipulationLoss(quote, -target));
  });

  it('nears Y·e²/4 for a small move, without cancellation', () => {
    expectDigits(manipulationLoss(1, 1e-9), 2.5e-19, 1e-8);
    expect(manipulationLoss(1, 0)).toBe(0);
    expect(manipulationCapital(1, 0)).toBe(0);
  });

  it('refuses a move to a price of nothing', () => {
    expect(() => manipulationLoss(1, -1)).toThrow('MANIPULATION_DOMAIN');
    expect(() => manipulationCapital(0, 1)).toThrow('MANIPULATION_DOMAIN');
  });
});
