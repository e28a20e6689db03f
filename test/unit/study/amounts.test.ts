import { describe, expect, it } from 'vitest';
import { clock } from '../../../src/study/amounts.ts';

const DAY = 86_400_000;

describe('clock', () => {
  it.each([
    [0, '0:00:00'],
    [999, '0:00:00'],
    [3_612_000, '1:00:12'],
    [2 * DAY - 1, '47:59:59'],
    [2 * DAY + 3 * 3_600_000, '2d 3:00:00'],
    [-45_000, '−0:00:45'],
    [-3_612_000, '−1:00:12'],
    [-999, '0:00:00'],
    [-2 * DAY, '−2d 0:00:00'],
  ])('shows %i ms as %s', (ms, shown) => {
    expect(clock(ms)).toBe(shown);
  });
});
