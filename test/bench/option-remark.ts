/** Marking a column of options anew: what a scenario margin over many options costs, at one volatility each and through a surface. */
import { randomFrom } from '../../src/base/random.ts';
import { type OptionColumns, remark } from '../../src/protocol/instrument/black-scholes.ts';
import { parametricVolatility } from '../../src/protocol/instrument/parametric-volatility.ts';
import { tabulatedVolatility } from '../../src/protocol/instrument/volatility-table.ts';
import { atLeast, type BenchRow, type Contender, interleave, speedRow } from './harness.ts';

const OPTIONS = 100_000;
const SWEEPS = 10;
/** Options per second, in millions, that a grid of scenarios over a book should not fall below. */
const GOAL = 2;

function book(): OptionColumns {
  const random = randomFrom(3, 'bench/options');
  const column = (draw: () => number): Float64Array => Float64Array.from({ length: OPTIONS }, draw);
  return {
    spot: column(() => 3000),
    strike: column(() => 3000 * (0.5 + random.uniform())),
    years: column(() => random.uniform()),
    volatility: column(() => 0.4 + random.uniform()),
    kind: column(() => (random.uniform() < 0.5 ? 1 : -1)),
  };
}

export function optionRemarkBench(): BenchRow[] {
  const options = book();
  const marks = { value: new Float64Array(OPTIONS), delta: new Float64Array(OPTIONS) };
  const params = { atm: 0.8, skew: -0.1, smile: 0.2, term: 0.3, floor: 0.05, wing: 2 };
  const parametric = parametricVolatility.create(params, undefined);
  const table = tabulatedVolatility({
    moneyness: [0.8, 1, 1.25],
    days: [7, 30, 180],
    volatility: [
      [1.2, 1, 0.8],
      [0.9, 0.8, 0.7],
      [1, 0.85, 0.7],
    ],
  });
  const sweep = (prepare: () => void): Contender => {
    return () => {
      for (let i = 0; i < SWEEPS; i += 1) {
        prepare();
        remark(options, marks, OPTIONS);
      }
      return SWEEPS * OPTIONS;
    };
  };
  const through = (surface: typeof parametric) => (): void => {
    const { spot, strike, years, volatility } = options;
    for (let i = 0; i < OPTIONS; i += 1) volatility[i] = surface.volatility(spot[i], strike[i], years[i]);
  };
  const times = interleave({
    remark: sweep(() => undefined),
    parametric: sweep(through(parametric)),
    table: sweep(through(table)),
  });
  return [
    atLeast(speedRow('options marked', times.remark), GOAL),
    speedRow('through a parametric surface', times.parametric),
    speedRow('through a table', times.table),
  ];
}
