/** Scripted moves on top of a process that moves on its own. */
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { gbm } from '../../../src/price/gbm.ts';
import { needsAlone } from '../../../src/price/process.ts';
import { type Shock, shockedProcess, shockFactor } from '../../../src/price/shocks.ts';

const MINUTE = 60_000;
const fall: Shock = { at: 10 * MINUTE, factor: 0.5, over: 2 * MINUTE, hold: 0, recover: undefined };
const rise: Shock = { at: 11 * MINUTE, factor: 3, over: 0, hold: MINUTE, recover: MINUTE };
const path = () => gbm.create({ start: 100, volatility: 0.8, drift: 0 }, needsAlone(randomFrom(1, 'price'), MINUTE));

describe('shocks on a process', () => {
  it('multiply its path, and one another', () => {
    const plain = path();
    const shocked = shockedProcess(path(), [fall, rise]);
    expect(shocked.start).toBe(plain.start);
    const ratios = Array.from({ length: 15 }, (_, minute) => {
      const at = (minute + 1) * MINUTE;
      return shocked.next(at) / plain.next(at);
    });
    const expected = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3 * Math.SQRT1_2, 1.5, 0.5, 0.5, 0.5];
    for (const [index, ratio] of ratios.entries()) expect(ratio).toBeCloseTo(expected[index], 12);
  });

  it('may have begun before the run', () => {
    expect(shockedProcess(path(), [{ ...fall, at: 0, over: 0 }]).start).toBe(50);
    expect(shockFactor({ ...fall, at: 0, over: 0 }, 0)).toBe(0.5);
  });

  it('that are none leave the process itself', () => {
    const plain = path();
    expect(shockedProcess(plain, [])).toBe(plain);
  });
});
