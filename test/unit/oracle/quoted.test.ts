import { describe, expect, it } from 'vitest';
import { quotedIn } from '../../../src/oracle/quoted.ts';
import { sourceAlone } from '../../../src/oracle/source-alone.ts';
import { spot } from '../../../src/oracle/spot.ts';

describe('a spot oracle', () => {
  it('reads its source in the middle of a block', () => {
    let price = 100;
    const oracle = spot.create(
      {},
      sourceAlone(() => price),
    );
    oracle.observe(100, 0);
    price = 5_600;
    expect(oracle.read(1)).toEqual({ price: 5_600, observedAt: 1, publishedAt: 1, valid: true });
  });
});

describe('an oracle quoted in USD', () => {
  const inner = spot.create(
    {},
    sourceAlone(() => 0.1065),
  );

  it('multiplies the reading and keeps its times', () => {
    expect(quotedIn(inner, () => 3_500).read(7)).toEqual({ price: 0.1065 * 3_500, observedAt: 7, publishedAt: 7, valid: true });
  });

  it('is not valid without the price of the quote asset', () => {
    for (const none of [Number.NaN, 0, Number.POSITIVE_INFINITY]) expect(quotedIn(inner, () => none).read(7).valid).toBe(false);
  });
});
