/**
 * The weighted median of other oracles, of those that are valid and young enough. Less than half of the weight can say what it likes, and
 * the reading stays between two that the rest said.
 *
 *   the least price at which the weight of it and of all below is more than half; where it is exactly half, the mean of it and the next
 */
import { definePart } from '../base/params.ts';
import type { Ms } from '../base/units.ts';
import { NO_READING } from './no-reading.ts';
import type { Oracle, OracleNeeds, Reading } from './oracle.ts';

const AGE_MAX_MS = 30 * 86_400_000;

export const median = definePart<OracleNeeds, Oracle>()({
  name: 'median',
  summary: 'Weighted median of several oracles; stale and silent ones do not count.',
  sources: ['makerdao/median src/median.sol (median of signed prices, a quorum of them)'],
  params: {
    oracles: { kind: 'oracles', doc: 'of which it is the median' },
    weights: {
      kind: 'numbers',
      unit: 'ratio',
      range: [0, 1e6],
      optional: true,
      doc: 'weight of each, in the same order; all alike if left out',
    },
    maxAge: { kind: 'duration', range: [0, AGE_MAX_MS], optional: true, doc: 'older readings do not count' },
    quorum: { kind: 'integer', unit: 'oracles', range: [1, 1000], default: 1, doc: 'with fewer that count it is not valid' },
  },
  check({ oracles, weights, quorum }) {
    if (oracles.length === 0) return [{ param: 'oracles', found: 'none', expected: 'at least one oracle' }];
    if (quorum > oracles.length)
      return [{ param: 'quorum', found: String(quorum), expected: `at most the ${oracles.length} oracles named` }];
    if (weights === undefined) return [];
    if (weights.length !== oracles.length)
      return [{ param: 'weights', found: `${weights.length} weights`, expected: `one for each of the ${oracles.length} oracles` }];
    return weights.some((weight) => weight > 0) ? [] : [{ param: 'weights', found: 'no weight above 0', expected: 'at least one' }];
  },
  create({ oracles, weights, maxAge, quorum }, { oracle }) {
    const sources = oracles.map(oracle);
    const weightOf = (index: number) => weights?.[index] ?? 1;
    return {
      observe() {
        // It asks others, and they remember.
      },
      read(now) {
        const counted = sources
          .map((source, index) => ({ reading: source.read(now), weight: weightOf(index) }))
          .filter(({ reading, weight }) => reading.valid && weight > 0 && (maxAge === undefined || now - reading.observedAt <= maxAge))
          .sort((a, b) => a.reading.price - b.reading.price);
        return counted.length < quorum || counted.length === 0 ? NO_READING : middle(counted);
      },
      nextUpdate: (now) => sources.reduce((next, source) => Math.min(next, source.nextUpdate(now)), Number.POSITIVE_INFINITY),
    };
  },
});

interface Weighed {
  readonly reading: Reading;
  readonly weight: number;
}

/** Of readings in order of price, at least one. */
function middle(sorted: readonly Weighed[]): Reading {
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let below = 0;
  let index = 0;
  while (below + sorted[index].weight < half) below += sorted[index++].weight;
  const { reading, weight } = sorted[index];
  if (below + weight > half || index + 1 === sorted.length) return reading;
  const { reading: next } = sorted[index + 1];
  return {
    price: (reading.price + next.price) / 2,
    observedAt: oldest(reading.observedAt, next.observedAt),
    publishedAt: Math.max(reading.publishedAt, next.publishedAt),
    valid: true,
  };
}

/** A mean is as old as the older of the two. */
function oldest(one: Ms, other: Ms): Ms {
  return Math.min(one, other);
}
