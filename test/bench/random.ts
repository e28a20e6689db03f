/**
 * Draws and elementary functions: what determinism costs beside the engine's own Math, and the ziggurat beside the polar method.
 */
import { exp, log } from '../../src/base/elementary.ts';
import { mulDivDown, swapOutDown } from '../../src/base/exact.ts';
import { randomFrom } from '../../src/base/random.ts';
import { createKernel } from '../../src/kernel/kernel.ts';
import { granted } from '../../src/study/validate/lending-world.ts';
import { aPoolWorld } from '../../src/study/validate/pool-world.ts';
import { aimingAt, atLeast, type BenchRow, type Contender, fasterRow, figureRow, interleave, speedRow, timeRow } from './harness.ts';

const DRAWS = 2_000_000;
/** Keeps results alive, so that no loop is optimised away. */
let sink = 0;

function repeat(draw: (i: number) => number): Contender {
  return () => {
    let sum = 0;
    for (let i = 0; i < DRAWS; i += 1) sum += draw(i);
    sink += sum;
    return DRAWS;
  };
}

/** G. Marsaglia's polar method without a cache on Math.random: what d3-random's normal does for each draw. */
function polar(): number {
  for (;;) {
    const x = Math.random() * 2 - 1;
    const y = Math.random() * 2 - 1;
    const r = x * x + y * y;
    if (r > 0 && r <= 1) return y * Math.sqrt((-2 * Math.log(r)) / r);
  }
}

export function randomBench(): BenchRow[] {
  const random = randomFrom(3, 'bench');
  const { pool, mallory } = aPoolWorld({ base: 500_000, quote: 250_000, fee: 0.003 });
  const hashing = createKernel<number>(() => undefined);
  const times = interleave({
    random: repeat(() => Math.random()),
    uniform: repeat(() => random.uniform()),
    polar: repeat(polar),
    normal: repeat(() => random.normal()),
    exponential: repeat(() => random.exponential()),
    mathExp: repeat((i) => Math.exp((i & 1023) * 0.01 - 5)),
    exp: repeat((i) => exp((i & 1023) * 0.01 - 5)),
    mathLog: repeat((i) => Math.log((i & 1023) * 0.01 + 0.1)),
    log: repeat((i) => log((i & 1023) * 0.01 + 0.1)),
    mulDiv: repeat((i) => mulDivDown(123_456_789_012 + i, 987_654_321_098, 1_000_000_007_000)),
    swap: repeat((i) => swapOutDown(1_000_000 + i, 500_000_000_000, 250_000_000_000_000, 3, 1000)),
    pool: repeat((i) => granted(pool.execute({ sell: i & 1, amount: 1_000 + (i & 63) }, mallory)).bought),
    hash: repeat((i) => {
      hashing.mix(i * 0.1);
      return 0;
    }),
  });
  return [
    speedRow('Math.random', times.random),
    speedRow('uniform', times.uniform),
    aimingAt(fasterRow('uniform ÷ Math.random', 'ratio', times.uniform, times.random), '≥ 0.7'),
    speedRow('normal, polar on Math.random', times.polar),
    speedRow('normal', times.normal),
    aimingAt(fasterRow('normal ÷ polar', 'times faster', times.normal, times.polar), '≥ 2'),
    speedRow('exponential', times.exponential),
    speedRow('Math.exp', times.mathExp),
    speedRow('exp', times.exp),
    speedRow('Math.log', times.mathLog),
    speedRow('log', times.log),
    speedRow('mulDivDown', times.mulDiv),
    atLeast(speedRow('constant-product swap (swapOutDown)', times.swap), 30),
    speedRow('the same, money moved in the ledger (the venue)', times.pool),
    aimingAt(timeRow('trace hash, one number', 'ns', 1, times.hash), '≤ 30'),
    ...(Number.isNaN(sink) ? [figureRow('a draw was not a number', '', sink)] : []),
  ];
}
