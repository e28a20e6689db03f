import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { constant } from '../../../src/price/constant.ts';
import { needsAlone } from '../../../src/price/process.ts';
import { shock } from '../../../src/price/shock.ts';

const needs = needsAlone(randomFrom(1), 1_000);
const at = { start: 100, at: 60_000, factor: 0.64, over: 0, hold: 0 };

describe('a constant price', () => {
  it('never moves', () => {
    const price = constant.create({ start: 1.01 }, needs);
    expect([price.start, price.next(1_000), price.next(1e9)]).toEqual([1.01, 1.01, 1.01]);
  });
});

describe('a shock', () => {
  it('stands still, and falls at once from its time on', () => {
    const { start, next } = shock.create({ ...at, recover: undefined }, needs);
    expect([start, next(59_000), next(60_000), next(1e9)]).toEqual([100, 100, 64, 64]);
  });

  it('slides in a straight line of the logarithm: half-way is the square root of the factor', () => {
    const { next } = shock.create({ ...at, over: 20_000, recover: undefined }, needs);
    expect(next(60_000)).toBe(100);
    expect(next(70_000)).toBeCloseTo(80, 12);
    expect([next(80_000), next(90_000)]).toEqual([64, 64]);
  });

  it('stays down, slides back and stands at its start again', () => {
    const { next } = shock.create({ ...at, over: 20_000, hold: 5_000, recover: 40_000 }, needs);
    expect([next(80_000), next(85_000)]).toEqual([64, 64]);
    expect(next(105_000)).toBeCloseTo(80, 12);
    expect([next(125_000), next(1e9)]).toEqual([100, 100]);
  });

  it('may rise, and may have happened by time 0', () => {
    const { start } = shock.create({ ...at, at: 0, factor: 3, recover: undefined }, needs);
    expect(start).toBe(300);
  });
});
