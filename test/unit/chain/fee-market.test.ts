import { describe, expect, it } from 'vitest';
import { backgroundGasDown, gasFeeUp, nextBaseFee, tipDown } from '../../../src/chain/fee-market.ts';

const TARGET = 15_000_000;

describe('fee market', () => {
  it.each([
    ['a full block raises it by 12.5 %', 100, 30_000_000, 112.5],
    ['an empty block lowers it by 12.5 %', 100, 0, 87.5],
    ['a block at the target leaves it', 100, 15_000_000, 100],
    ['a block at three quarters of the limit raises it by 6.25 %', 64, 22_500_000, 68],
    ['a block at half the target lowers it by 6.25 %', 64, 7_500_000, 60],
  ])('base fee: %s', (_, base, used, next) => {
    expect(nextBaseFee(base, used, TARGET, 0)).toBe(next);
  });

  it('agrees with the integers of EIP-1559, by hand: 1 gwei, target 10 M gas, 9 M and 11 M used', () => {
    // 10^9 wei · 10^6 // 10^7 // 8 = 12,500,000 wei.
    expect(nextBaseFee(1e9, 9e6, 1e7, 7)).toBe(987_500_000);
    expect(nextBaseFee(1e9, 11e6, 1e7, 7)).toBe(1_012_500_000);
  });

  it('never falls below the minimum', () => {
    expect(nextBaseFee(1, 0, TARGET, 0.9)).toBe(0.9);
    expect(nextBaseFee(0.9, 0, TARGET, 0.9)).toBe(0.9);
    expect(nextBaseFee(0.8, 30_000_000, TARGET, 0.5)).toBe(0.9);
  });

  it('returns after a full and an empty block to 63/64 of where it was', () => {
    expect(nextBaseFee(nextBaseFee(64, 2 * TARGET, TARGET, 0), 0, TARGET, 0)).toBe(63);
  });

  it('charges whole units, rounded up once for all the gas', () => {
    expect(gasFeeUp(21_000, 1)).toBe(21_000);
    expect(gasFeeUp(21_000, 1.00001)).toBe(21_001);
    expect(gasFeeUp(21_000, 7e-9)).toBe(1);
    expect(gasFeeUp(21_000, 0)).toBe(0);
  });

  it('does not charge a unit for what binary makes of 0.1 + 0.2', () => {
    expect(21_000 * (0.1 + 0.2)).toBeGreaterThan(6300);
    expect(gasFeeUp(21_000, 0.1 + 0.2)).toBe(6300);
  });

  it('gives the proposer whole units, rounded down', () => {
    expect(tipDown(21_000, 0.00001)).toBe(0);
    expect(tipDown(100, 0.29)).toBe(29);
    expect(tipDown(21_001, 0.5)).toBe(10_500);
  });

  it('takes the gas of others as a part of the target', () => {
    expect(backgroundGasDown(1, TARGET)).toBe(TARGET);
    expect(backgroundGasDown(0.5, 15)).toBe(7);
  });
});
