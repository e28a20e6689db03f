import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { geometricMeanDown, mulDivDown, mulDivUp, swapInUp, swapOutDown } from '../../../src/base/exact.ts';

const MAX = Number.MAX_SAFE_INTEGER;
/** Integers of every magnitude below 2^53, with the ends over-represented. */
const whole = fc.oneof(
  fc.maxSafeNat(),
  fc.tuple(fc.maxSafeNat(), fc.integer({ min: 0, max: 52 })).map(([n, shift]) => Math.floor(n / 2 ** shift)),
  fc.integer({ min: 0, max: 52 }).chain((k) => fc.integer({ min: -2, max: 2 }).map((d) => Math.max(0, 2 ** k + d))),
  fc.constantFrom(0, 1, 2, MAX - 1, MAX),
);
const positive = whole.map((n) => Math.max(1, n));

const up = (above: bigint, below: bigint) => (above + below - 1n) / below;
const expected = (answer: bigint) => (answer >= 1n << 53n ? 'EXACT_OVERFLOW' : Number(answer));
function outcome(run: () => number): number | string {
  try {
    return run();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describe('mulDiv', () => {
  it('equals BigInt for operands of every size, or says that the quotient does not fit', () => {
    fc.assert(
      fc.property(whole, whole, positive, (a, b, c) => {
        const product = BigInt(a) * BigInt(b);
        expect(outcome(() => mulDivDown(a, b, c))).toBe(expected(product / BigInt(c)));
        expect(outcome(() => mulDivUp(a, b, c))).toBe(expected(up(product, BigInt(c))));
      }),
      { numRuns: 5000 },
    );
  });

  it('is right where the quotient is whole, or divisor and factor differ by one', () => {
    fc.assert(
      fc.property(positive, positive, fc.integer({ min: -1, max: 1 }), (q, c, d) => {
        const exact = BigInt(q) * BigInt(c);
        expect(mulDivDown(q, c, c)).toBe(q);
        expect(mulDivUp(c, q, c)).toBe(q);
        const divisor = c + d;
        fc.pre(divisor >= 1 && divisor <= MAX);
        expect(outcome(() => mulDivDown(q, c, divisor))).toBe(expected(exact / BigInt(divisor)));
        expect(outcome(() => mulDivUp(q, c, divisor))).toBe(expected(up(exact, BigInt(divisor))));
      }),
      { numRuns: 3000 },
    );
  });

  it('is right just around whole quotients whose products exceed 2^53', () => {
    // (m·c + d)·2^k over c·2^k: the quotient is m + d/c.
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 26 }),
        fc.integer({ min: 1, max: 2 ** 26 }),
        fc.integer({ min: -1, max: 1 }),
        fc.integer({ min: 0, max: 26 }),
        (m, c, d, k) => {
          const a = m * c + d;
          const scale = 2 ** k;
          const product = BigInt(a) * BigInt(MAX);
          expect(mulDivDown(a, scale, c * scale)).toBe(Number(BigInt(a) / BigInt(c)));
          expect(mulDivUp(a, scale, c * scale)).toBe(Number(up(BigInt(a), BigInt(c))));
          expect(outcome(() => mulDivDown(a, MAX, c))).toBe(expected(product / BigInt(c)));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('handles the extremes', () => {
    expect(mulDivDown(MAX, MAX, MAX)).toBe(MAX);
    expect(mulDivUp(MAX, MAX - 1, MAX)).toBe(MAX - 1);
    expect(mulDivDown(MAX - 1, MAX - 1, MAX)).toBe(MAX - 2);
    expect(mulDivUp(MAX - 1, MAX - 1, MAX)).toBe(MAX - 1);
    expect(mulDivDown(0, MAX, 1)).toBe(0);
    expect(() => mulDivDown(MAX, 2, 1)).toThrow('EXACT_OVERFLOW');
    expect(() => mulDivUp(MAX, MAX, MAX - 1)).toThrow('EXACT_OVERFLOW');
  });

  it('refuses a zero divisor, negative numbers and NaN as faults', () => {
    for (const [a, b, c] of [
      [1, 1, 0],
      [0, 0, 0],
      [-1, 5, 2],
      [5, -1, 2],
      [5, 1, -2],
      [-5, -1, 2],
      [NaN, 1, 1],
      [1, 1, NaN],
    ]) {
      expect(() => mulDivDown(a, b, c)).toThrow('EXACT_DOMAIN');
      expect(() => mulDivUp(a, b, c)).toThrow('EXACT_DOMAIN');
    }
  });
});

const fee = fc.constantFrom<[number, number][]>([3, 1000], [0, 1], [30, 10_000], [1, 1_000_000], [999, 1000], [25, 10_000]);

describe('the constant-product formulas', () => {
  const out = (amount: number, rin: number, rout: number, [f, d]: [number, number]) => {
    const paid = BigInt(amount) * BigInt(d - f);
    return (paid * BigInt(rout)) / (BigInt(rin) * BigInt(d) + paid);
  };

  it('swapOutDown equals the integer formula in BigInt', () => {
    fc.assert(
      fc.property(whole, positive, whole, fee, (amount, rin, rout, rate) => {
        expect(swapOutDown(amount, rin, rout, rate[0], rate[1])).toBe(Number(out(amount, rin, rout, rate)));
      }),
      { numRuns: 5000 },
    );
  });

  it('swapOutDown is right where the quotient is whole', () => {
    // Without a fee, in = (m − 1)·R_in gives R_out·(m − 1)/m; R_out a multiple of m makes it whole.
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1000 }),
        fc.integer({ min: 1, max: 2 ** 43 }),
        fc.integer({ min: 1, max: 2 ** 43 }),
        (m, rin, part) => {
          expect(swapOutDown((m - 1) * rin, rin, part * m, 0, 1000)).toBe(part * (m - 1));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('swapInUp equals the integer formula in BigInt', () => {
    fc.assert(
      fc.property(whole, positive, positive, fee, (amount, rin, rout, [f, d]) => {
        fc.pre(amount < rout);
        const exact = (BigInt(rin) * BigInt(amount) * BigInt(d)) / (BigInt(rout - amount) * BigInt(d - f)) + 1n;
        expect(outcome(() => swapInUp(amount, rin, rout, f, d))).toBe(expected(exact));
      }),
      { numRuns: 5000 },
    );
  });

  it('what swapInUp asks buys at least the amount', () => {
    const reserve = fc.integer({ min: 1000, max: 2 ** 50 });
    fc.assert(
      fc.property(reserve, reserve, fc.double({ min: 0, max: 0.9, noNaN: true }), fee, (rin, rout, share, [f, d]) => {
        const amount = Math.floor(rout * share);
        const asked = outcome(() => swapInUp(amount, rin, rout, f, d));
        if (typeof asked === 'string') return;
        expect(swapOutDown(asked, rin, rout, f, d)).toBeGreaterThanOrEqual(amount);
      }),
    );
  });

  it('gives the amounts of Uniswap v2 in a case worked by hand', () => {
    // 1000·997·10000 / (5000·1000 + 1000·997) = 9970000000 / 5997000 = 1662.49…; back: 5000·1662·1000 / (8338·997) = 999.65… + 1.
    expect(swapOutDown(1000, 5000, 10_000, 3, 1000)).toBe(1662);
    expect(swapInUp(1662, 5000, 10_000, 3, 1000)).toBe(1000);
  });

  it('faults on an amount that empties the pool, and on impossible fees', () => {
    expect(() => swapInUp(10, 5, 10, 3, 1000)).toThrow('EXACT_DOMAIN');
    expect(() => swapOutDown(10, 5, 10, 1000, 1000)).toThrow('EXACT_DOMAIN');
    expect(() => swapOutDown(-1, 5, 10, 3, 1000)).toThrow('EXACT_DOMAIN');
  });
});

describe('geometricMeanDown', () => {
  it('is the largest whole number whose square does not exceed a·b', () => {
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        const root = BigInt(geometricMeanDown(a, b));
        const product = BigInt(a) * BigInt(b);
        expect(root * root <= product && (root + 1n) * (root + 1n) > product).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('is exact on squares and next to them', () => {
    fc.assert(
      fc.property(positive, (a) => {
        expect(geometricMeanDown(a, a)).toBe(a);
        // (a − 1)(a + 1) = a² − 1
        if (a < MAX) expect(geometricMeanDown(a - 1, a + 1)).toBe(a - 1);
      }),
      { numRuns: 2000 },
    );
  });
});
