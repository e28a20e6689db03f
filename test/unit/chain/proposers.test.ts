import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { Proposers } from '../../../src/chain/proposers.ts';

const BLOCKS = 40_000;

describe('proposers', () => {
  const shares = [
    { accounts: new Set([5, 6]), share: 0.2 },
    { accounts: new Set([9]), share: 0.05 },
  ];

  it('make as many blocks as their shares say, and two in a row by the product', () => {
    const proposers = new Proposers(shares, randomFrom(1));
    const made = Array.from({ length: BLOCKS }, (_, i) => proposers.of(i + 1));
    const share = (hits: number) => hits / BLOCKS;
    // Four standard errors of a share of 0.2 in 40,000 are 0.008.
    expect(Math.abs(share(made.filter((group) => group === 0).length) - 0.2)).toBeLessThan(0.008);
    expect(Math.abs(share(made.filter((group) => group === 1).length) - 0.05)).toBeLessThan(0.005);
    expect(Math.abs(share(made.filter((group, i) => group === 0 && made[i + 1] === 0).length) - 0.04)).toBeLessThan(0.005);
  });

  it('are the same in whatever order one asks', () => {
    const [forth, back] = [new Proposers(shares, randomFrom(2)), new Proposers(shares, randomFrom(2))];
    const blocks = Array.from({ length: 50 }, (_, i) => i + 1);
    const late = [...blocks].reverse().map((block) => back.of(block));
    expect(blocks.map((block) => forth.of(block))).toEqual(late.reverse());
  });

  it('are groups of accounts, and nobody makes the block before the first', () => {
    const proposers = new Proposers([{ accounts: new Set([5, 6]), share: 1 }], randomFrom(1));
    expect([proposers.makes(5, 1), proposers.makes(6, 7), proposers.makes(7, 1), proposers.makes(5, 0)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
