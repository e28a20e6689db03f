import { describe, expect, it } from 'vitest';
import { createJointReturns } from '../../../../../src/protocol/risk/volatility/joint-returns.ts';

const MINUTE = 60_000;

describe('returns of all markets', () => {
  it('are taken once an interval, over the same time', () => {
    const joint = createJointReturns(2, MINUTE);
    expect(joint.observe(Float64Array.of(1, 10), 0)).toBe(false);
    expect(joint.observe(Float64Array.of(5, 50), MINUTE / 2)).toBe(false);
    expect(joint.observe(Float64Array.of(2, 5), MINUTE)).toBe(true);
    expect([...joint.returns]).toEqual([Math.log(2), -Math.log(2)]);
    expect([...joint.known]).toEqual([1, 1]);
  });

  it('are scaled by the root of time where a block is longer than the interval', () => {
    const joint = createJointReturns(1, MINUTE);
    joint.observe(Float64Array.of(1), 0);
    joint.observe(Float64Array.of(2), 4 * MINUTE);
    expect(joint.returns[0]).toBeCloseTo(Math.log(2) / 2, 12);
  });

  it('are none for who has no valid mark, and one for all the time once it is back', () => {
    const joint = createJointReturns(2, MINUTE);
    joint.observe(Float64Array.of(1, 1), 0);
    for (const [at, mark] of [Number.NaN, 0, Number.POSITIVE_INFINITY].entries()) {
      expect(joint.observe(Float64Array.of(2, mark), (at + 1) * MINUTE)).toBe(true);
      expect([joint.known[1], joint.returns[1]]).toEqual([0, 0]);
    }
    joint.observe(Float64Array.of(2, 4), 4 * MINUTE);
    expect([joint.known[1], joint.returns[1]]).toEqual([1, Math.log(4) / 2]);
  });

  it('are no news where nobody has one', () => {
    const joint = createJointReturns(1, MINUTE);
    for (let at = 0; at < 5; at++) expect(joint.observe(Float64Array.of(Number.NaN), at * MINUTE)).toBe(false);
  });
});
