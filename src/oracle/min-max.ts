/**
 * Its source's reading, held between a least and a greatest answer, as aggregators of Chainlink do. When LUNA fell below its least answer
 * of $0.10 in May 2022, lenders went on believing $0.10, and whoever bought it below borrowed against it.
 *
 *   reading = min(max(source, least), greatest)
 */
import { definePart } from '../base/params.ts';
import type { Oracle, OracleNeeds } from './oracle.ts';

export const minMax = definePart<OracleNeeds, Oracle>()({
  name: 'min-max',
  summary: 'Its source held between a least and a greatest answer (the floor under LUNA, May 2022).',
  sources: [
    'smartcontractkit/libocr contract/OffchainAggregator.sol (minAnswer, maxAnswer)',
    'rekt.news/venus-blizz-rekt (Venus and Blizz, May 2022)',
  ],
  params: {
    least: { kind: 'number', unit: 'usd/token', range: [0, 1e12], default: 0, doc: 'it never says less' },
    greatest: { kind: 'number', unit: 'usd/token', range: [1e-12, 1e15], default: 1e15, doc: 'it never says more' },
  },
  check: ({ least, greatest }) =>
    least > greatest ? [{ param: 'least', found: String(least), expected: `at most the greatest answer, ${greatest}` }] : [],
  create: ({ least, greatest }, { source }) => ({
    observe() {
      // It has no memory: its source has.
    },
    read(now) {
      const reading = source(now);
      return reading.valid ? { ...reading, price: Math.min(Math.max(reading.price, least), greatest) } : reading;
    },
    nextUpdate: () => Number.POSITIVE_INFINITY,
  }),
});
