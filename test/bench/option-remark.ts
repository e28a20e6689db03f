/** Marking options anew as a block does: each contract by itself, through the surface of its protocol. */
import { randomFrom } from '../../src/base/random.ts';
import { option } from '../../src/protocol/instrument/option.ts';
import { parametricVolatility } from '../../src/protocol/instrument/parametric-volatility.ts';
import type { VolatilitySurface } from '../../src/protocol/instrument/volatility-surface.ts';
import { tabulatedVolatility } from '../../src/protocol/instrument/volatility-table.ts';
import { PLAIN_OPTION } from '../../src/study/validate/contract-world.ts';
import { SMALL_VOLATILITY_TABLE } from '../support/small-volatility-table.ts';
import { atLeast, type BenchRow, type Contender, interleave, speedRow } from './harness.ts';

const OPTIONS = 10_000;
const SWEEPS = 50;
const YEAR_MS = 365 * 86_400_000;
/** Options per second, in millions, that a book of options should not fall below. */
const GOAL = 2;

const FLAT: VolatilitySurface = { volatility: () => 0.8 };
const PARAMETRIC = parametricVolatility.create({ atm: 0.8, skew: -0.1, smile: 0.2, term: 0.3, floor: 0.05, wing: 2 }, undefined);
const TABLE = tabulatedVolatility(SMALL_VOLATILITY_TABLE);

/** Values of a book of calls and puts, half to one and a half times an index of 3,000, within a year. */
function marked(surface: VolatilitySurface): Contender {
  const random = randomFrom(3, 'bench/options');
  const book = Array.from({ length: OPTIONS }, (_, i) => {
    const right = random.uniform() < 0.5 ? 'call' : 'put';
    const terms = {
      ...PLAIN_OPTION,
      right,
      strike: 3000 * (0.5 + random.uniform()),
      expiry: 1 + Math.floor(random.uniform() * YEAR_MS),
    } as const;
    return option.create(terms, { name: `option ${i}`, market: 0, decimals: 6, surface });
  });
  const marks = new Float64Array(OPTIONS);
  const state = { at: 0, index: 0, skew: 0, longs: 0, shorts: 0 };
  return () => {
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      state.index = 3000e-6 * (1 + sweep * 1e-4);
      for (let i = 0; i < OPTIONS; i++) marks[i] = book[i].value(state);
    }
    return SWEEPS * OPTIONS;
  };
}

export function optionRemarkBench(): BenchRow[] {
  const times = interleave({ flat: marked(FLAT), parametric: marked(PARAMETRIC), table: marked(TABLE) });
  return [
    speedRow('options marked at one volatility', times.flat),
    atLeast(speedRow('through a parametric surface', times.parametric), GOAL),
    atLeast(speedRow('through a table', times.table), GOAL),
  ];
}
