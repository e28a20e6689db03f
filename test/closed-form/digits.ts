/** The rule of exact arithmetic: a relative error of at most 1e-9. */
import { expect } from 'vitest';

export function expectDigits(got: number, expected: number, relative = 1e-9): void {
  const error = Math.abs(got - expected) / Math.abs(expected);
  expect(error, `got ${got}, expected ${expected}`).toBeLessThanOrEqual(relative);
}
