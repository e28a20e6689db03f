/** Volatilities of marks: one return an interval, gaps scaled by the root of time, what was believed before fading. */
import { describe, expect, it } from 'vitest';
import { createMarkVolatilities, type VolatilityParams } from '../../../../src/protocol/risk/volatility/mark-volatilities.ts';
import { HAND_MARKETS } from '../../../support/hand-made-books.ts';

const HOUR_MS = 3_600_000;
const HOURS = 8760;
const PARAMS: VolatilityParams = { estimator: 'ewma', interval: HOUR_MS, lambda: 0, window: 500, prior: 1, priors: {}, floor: 0 };

const seen = (params: Partial<VolatilityParams>, looks: readonly (readonly [at: number, mark: number])[], span = HOUR_MS) => {
  const volatilities = createMarkVolatilities(HAND_MARKETS.slice(0, 1), { ...PARAMS, ...params }, span);
  const changes = looks.map(([at, mark]) => volatilities.observe(Float64Array.of(mark), at * HOUR_MS));
  return { annual: volatilities.annual[0], deviation: volatilities.deviations[0], changes };
};

describe('the volatility of a mark', () => {
  it('is what was believed before, until an interval has passed', () => {
    const { annual, deviation, changes } = seen(
      {},
      [
        [0, 100],
        [0.5, 200],
      ],
      4 * HOUR_MS,
    );
    expect(annual).toBeCloseTo(1, 12);
    expect(deviation).toBeCloseTo(Math.sqrt(4 / HOURS), 12);
    expect(changes).toEqual([false, false]);
  });

  it('is the annual size of what moved in an interval', () => {
    const { annual, changes } = seen({}, [
      [0, 100],
      [1, 101],
    ]);
    expect(annual).toBeCloseTo(Math.log(1.01) * Math.sqrt(HOURS), 9);
    expect(changes).toEqual([false, true]);
  });

  it('takes what moved while there was no mark, or no block, for moves of the whole time', () => {
    const fourHours = (Math.log(1.02) / 2) * Math.sqrt(HOURS);
    expect(
      seen({}, [
        [0, 100],
        [1, Number.NaN],
        [2, 0],
        [4, 102],
      ]).annual,
    ).toBeCloseTo(fourHours, 9);
    expect(
      seen({}, [
        [0, 100],
        [4, 102],
      ]).annual,
    ).toBeCloseTo(fourHours, 9);
  });

  it('fades what was believed before, as much as a window or a weight says', () => {
    const still = [
      [0, 100],
      [1, 100],
      [2, 100],
    ] as const;
    expect(seen({ lambda: 0.9 }, still).annual).toBeCloseTo(0.9, 9);
    expect(seen({ estimator: 'realised', window: 8 }, still).annual).toBeCloseTo(Math.sqrt(6 / 8), 9);
    expect(seen({ estimator: 'garch', lambda: 0.9 }, still).annual).toBeCloseTo(0.9, 9);
  });

  it('is believed of an asset by its name where that is given', () => {
    expect(seen({ priors: { 'asset 0': 0.25 } }, []).annual).toBeCloseTo(0.25, 12);
    expect(seen({ priors: { 'asset 1': 0.25 } }, []).annual).toBeCloseTo(1, 12);
  });

  it('does not fall below a part of what was believed', () => {
    const looks = [
      [0, 100],
      [1, 100],
    ] as const;
    const { annual, deviation } = seen({ floor: 0.5, prior: 0.8 }, looks, 4 * HOUR_MS);
    expect(annual).toBeCloseTo(0.4, 12);
    expect(deviation).toBeCloseTo(0.4 * Math.sqrt(4 / HOURS), 12);
  });
});
