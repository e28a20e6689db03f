import { describe, expect, it } from 'vitest';
import { issuersFirst, standsOn } from '../../../src/run/receipts.ts';
import { PLAIN_MARKET } from '../../../src/study/validate/lending-world.ts';

/** A protocol with markets in some assets that issues a receipt. */
const protocol = (name: string, takes: readonly number[], issues: readonly number[]) => ({
  name,
  markets: takes.map((asset, index) => ({ index, asset, name: `${asset}`, decimals: 0, scale: 1, params: PLAIN_MARKET })),
  receipts: issues.map((asset, market) => ({ asset, market })),
});
const a = protocol('a', [0], [10]);
const b = protocol('b', [10, 1], [11]);
const c = protocol('c', [11, 2], []);
const namesOf = (all: readonly { name: string }[]) => all.map(({ name }) => name);

describe('receipts between protocols', () => {
  it('are stood on by who takes them', () => {
    expect([standsOn(b, a), standsOn(c, b), standsOn(a, b), standsOn(c, a)]).toEqual([true, true, false, false]);
  });

  it('put every issuer before those who stand on it, in whatever order they were declared', () => {
    for (const declared of [
      [a, b, c],
      [c, b, a],
      [b, c, a],
      [c, a, b],
    ])
      expect(namesOf(issuersFirst(declared))).toEqual(['a', 'b', 'c']);
  });

  it('leave the order of the others, and come to an end in a circle', () => {
    expect(namesOf(issuersFirst([protocol('x', [0], [12]), protocol('y', [1], [])]))).toEqual(['x', 'y']);
    expect(namesOf(issuersFirst([protocol('x', [13], [12]), protocol('y', [12], [13])]))).toEqual(['x', 'y']);
  });

  it('put a circle before who stands on it, and behind what it stands on', () => {
    const x = protocol('x', [13, 15], [12]);
    const y = protocol('y', [12], [13]);
    const base = protocol('base', [0], [15]);
    const top = protocol('top', [13], []);
    expect(namesOf(issuersFirst([top, x, y, base]))).toEqual(['base', 'x', 'y', 'top']);
  });
});
