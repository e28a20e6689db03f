/**
 * A history drawn anew: blocks of a file's returns, of random beginning and length, one after the other. What lies within a block stays
 * together, so that clusters of volatility and crashes survive, and each run sees them in another order. The file is taken as a circle.
 *
 *   at each bar: with probability interval/block a new block begins anywhere, else the next bar of the file follows
 *
 * Returns are those of closes; within a bar the logarithm moves in a straight line.
 */
import { exp, log } from '../base/elementary.ts';
import { fault } from '../base/fault.ts';
import { definePart, YEAR_MS } from '../base/params.ts';
import { parseCandles } from './candles.ts';
import type { PriceProcess, ProcessNeeds } from './process.ts';

export const bootstrap = definePart<ProcessNeeds, PriceProcess>()({
  name: 'bootstrap',
  summary: 'Blocks of a file’s returns in random order: another history of the same kind.',
  sources: ['D. N. Politis, J. P. Romano, "The stationary bootstrap", Journal of the American Statistical Association 89 (1994) 1303-1313'],
  params: {
    file: { kind: 'file', doc: 'CSV file of bars, equal intervals, no gaps' },
    block: { kind: 'duration', range: [1, 10 * YEAR_MS], default: 86_400_000, doc: 'mean length of a block' },
    start: {
      kind: 'number',
      unit: 'usd/token',
      range: [1e-12, 1e12],
      optional: true,
      doc: 'price at time 0; the first open of the file if left out',
    },
    centred: { kind: 'flag', default: false, doc: 'takes the mean return of the file from every return' },
  },
  check({ file }) {
    const read = parseCandles(file.text, file.file);
    return (read.problems ?? []).map((problem) => ({ param: 'file', ...problem }));
  },
  create({ file, block, start, centred }, { random }) {
    const read = parseCandles(file.text, file.file);
    if (read.problems !== undefined) {
      const [{ line, found, expected }] = read.problems;
      return fault('BOOTSTRAP_FILE', { file: file.file, problems: read.problems.length, line, found, expected });
    }
    const { candles, interval } = read;
    const returns = Float64Array.from(candles, ({ open, close }, bar) => log(close / (bar === 0 ? open : candles[bar - 1].close)));
    const mean = centred ? returns.reduce((sum, move) => sum + move, 0) / returns.length : 0;
    const ends = Math.min(1, interval / block);
    const first = start ?? candles[0].open;
    /** Logarithm of the price over the first, at the beginning and the end of bar `bar` of the run. */
    let before = 0;
    let after = 0;
    let bar = -1;
    let place = 0;

    const draw = () => {
      const begins = random.uniform() < ends || bar < 0;
      place = begins ? random.integer(returns.length) : (place + 1) % returns.length;
      bar += 1;
      before = after;
      after += returns[place] - mean;
    };
    return {
      start: first,
      next(at) {
        // A price at the end of a bar belongs to it.
        const wanted = Math.ceil(at / interval) - 1;
        while (bar < wanted) draw();
        return first * exp(before + (after - before) * (at / interval - wanted));
      },
    };
  },
});
