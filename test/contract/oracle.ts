/**
 * What every oracle promises, whatever it believes. `make` builds one over a source whose price of this instant `live` tells; the suite
 * moves that price and shows it at ends of blocks, as a world does.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ms, Price } from '../../src/base/units.ts';
import type { Oracle } from '../../src/oracle/oracle.ts';

export interface OracleTraits {
  /** How old an observation may be, ms, and still be part of a reading, beyond the one in force at that age. */
  readonly reach: Ms;
  /** It says what it likes, whatever its source. */
  readonly deaf?: boolean;
  /** It adds up what happens: several observations at one time all count. */
  readonly sums?: boolean;
  /** Relative error of its arithmetic on these prices, of nine powers of ten. */
  readonly error?: number;
}

const BLOCK: Ms = 12_000;

/** An end of a block: so many blocks after the one before, with that price. */
interface End {
  readonly blocks: number;
  readonly price: Price;
}
const price = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
const ends = fc.array(fc.record({ blocks: fc.integer({ min: 1, max: 40 }), price }), { minLength: 1, maxLength: 30, size: 'max' });
/** Ms after the last end of a block at which somebody reads. */
const later = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10 * BLOCK }));

interface Seen {
  readonly at: Ms;
  readonly price: Price;
}

export function oracleContract(
  name: string,
  make: (live: () => Price) => Oracle,
  { reach, deaf = false, sums = false, error = 1e-9 }: OracleTraits,
): void {
  /** A fresh oracle, its source, and what it was shown. */
  const open = () => {
    let now = Number.NaN;
    const seen: Seen[] = [];
    const oracle = make(() => now);
    const show = (shown: Price, at: Ms) => {
      now = shown;
      oracle.observe(shown, at);
      seen.push({ at, price: shown });
    };
    /** Shows prices at ends of blocks from time 0 on; calls back after each. */
    const play = (all: readonly End[], after: (at: Ms) => void = () => undefined): Ms => {
      let at = -BLOCK;
      for (const end of all) {
        at = at < 0 ? 0 : at + end.blocks * BLOCK;
        show(end.price, at);
        after(at);
      }
      return at;
    };
    return { oracle, seen, show, play };
  };

  type Law = (name: string, body: () => void) => void;
  const hears: Law = deaf ? () => undefined : it;
  const forgets: Law = sums ? () => undefined : it;

  describe(`${name} as an oracle`, () => {
    it('ORA-1 a reading is never younger than its observation, nor older than one before it', () => {
      fc.assert(
        fc.property(ends, later, (all, wait) => {
          const { oracle, seen, play } = open();
          let observed = Number.NEGATIVE_INFINITY;
          play(all, (at) => {
            for (const now of [at, at + wait]) {
              const reading = oracle.read(now);
              if (!reading.valid) continue;
              expect(reading.observedAt).toBeLessThanOrEqual(reading.publishedAt);
              expect(reading.publishedAt).toBeLessThanOrEqual(now);
              expect(reading.observedAt).toBeGreaterThanOrEqual(seen[0].at);
            }
            const { observedAt, valid } = oracle.read(at);
            // What is not valid is infinitely old.
            if (!valid) return;
            expect(observedAt).toBeGreaterThanOrEqual(observed);
            observed = observedAt;
          });
        }),
      );
    });

    hears('says nothing before the first observation, and nothing false about its age', () => {
      const { oracle } = open();
      expect(oracle.read(0)).toMatchObject({ price: Number.NaN, valid: false });
      expect(oracle.read(0).observedAt).toBeLessThan(0);
      expect(oracle.nextUpdate(0)).toBeGreaterThan(0);
    });

    hears('reads a constant source back as that constant', () => {
      fc.assert(
        fc.property(price, ends, later, (constant, all, wait) => {
          const { oracle, play } = open();
          play(
            all.map(({ blocks }) => ({ blocks, price: constant })),
            (at) => {
              const reading = oracle.read(at + wait);
              if (reading.valid) expect(reading.price / constant).toBeCloseTo(1, 12);
            },
          );
        }),
      );
    });

    hears('stays between the least and the greatest price in its reach', () => {
      fc.assert(
        fc.property(ends, later, (all, wait) => {
          const { oracle, seen, play } = open();
          const now = play(all) + wait;
          const reading = oracle.read(now);
          if (!reading.valid) return;
          const from = seen.findLastIndex(({ at }) => at <= now - reach);
          const prices = seen.slice(Math.max(from, 0)).map((shown) => shown.price);
          expect(reading.price).toBeGreaterThanOrEqual(Math.min(...prices) * (1 - error));
          expect(reading.price).toBeLessThanOrEqual(Math.max(...prices) * (1 + error));
        }),
      );
    });

    hears('scales with its source: prices times k, reading times k', () => {
      fc.assert(
        fc.property(ends, later, fc.integer({ min: -10, max: 10 }), (all, wait, power) => {
          // Powers of two, so that scaling itself does not round a price over a threshold.
          const k = 2 ** power;
          const [plain, scaled] = [open(), open()];
          const now = plain.play(all) + wait;
          scaled.play(all.map((end) => ({ ...end, price: end.price * k })));
          const [a, b] = [plain.oracle.read(now), scaled.oracle.read(now)];
          expect([b.valid, b.observedAt, b.publishedAt]).toEqual([a.valid, a.observedAt, a.publishedAt]);
          if (a.valid) expect(b.price / (a.price * k)).toBeCloseTo(1, 9);
        }),
      );
    });

    forgets('of several observations at one time, lets the last count', () => {
      fc.assert(
        fc.property(ends, fc.array(price, { minLength: 30, maxLength: 30 }), later, (all, others, wait) => {
          const [once, twice] = [open(), open()];
          const now = once.play(all) + wait;
          let i = 0;
          let at = -BLOCK;
          for (const end of all) {
            at = at < 0 ? 0 : at + end.blocks * BLOCK;
            twice.show(others[i++], at);
            twice.show(end.price, at);
          }
          expect(twice.oracle.read(now)).toEqual(once.oracle.read(now));
          expect(twice.oracle.nextUpdate(now)).toBe(once.oracle.nextUpdate(now));
        }),
      );
    });

    hears('takes no price for a price: a source that has none leaves the reading as it was, or not valid', () => {
      fc.assert(
        fc.property(ends, fc.constantFrom(Number.NaN, 0, -1, Number.POSITIVE_INFINITY), (all, none) => {
          const { oracle, show, play } = open();
          const at = play(all);
          const prices = all.map((end) => end.price);
          show(none, at + BLOCK);
          const reading = oracle.read(at + 2 * BLOCK);
          if (!reading.valid) return;
          expect(reading.price).toBeGreaterThanOrEqual(Math.min(...prices) * (1 - error));
          expect(reading.price).toBeLessThanOrEqual(Math.max(...prices) * (1 + error));
        }),
      );
    });

    it('is not changed by being read, and its next update lies ahead', () => {
      fc.assert(
        fc.property(ends, later, (all, wait) => {
          const [read, unread] = [open(), open()];
          const now = read.play(all, (at) => {
            read.oracle.read(at + wait);
            expect(read.oracle.nextUpdate(at + wait)).toBeGreaterThan(at + wait);
          });
          unread.play(all);
          expect(read.oracle.read(now + wait)).toEqual(unread.oracle.read(now + wait));
        }),
      );
    });
  });
}
