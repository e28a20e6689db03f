/**
 * Jumps that several assets share: at times of one Poisson process, each asset by its own weight of the same logarithm. They lie on top of
 * the processes and are made up for in them, so that expected prices are what they were. Each kind of jump has a stream of its own: the
 * paths beneath are the same with and without it.
 *
 *   p(t) = path(t) · e^(w·ΣJ − t·λ·κ)        J normal of mean m and deviation s, N of them by t: Poisson of mean λ·t
 *   κ = e^(w·m + w²·s²/2) − 1
 *
 * @source  R. C. Merton, Journal of Financial Economics 3 (1976) 125-144, with one jump for several assets
 */
import { drawPoisson } from '../base/distributions.ts';
import { exp, expm1 } from '../base/elementary.ts';
import { type ParamSchema, years } from '../base/params.ts';
import type { Random } from '../base/random.ts';
import type { Ms } from '../base/units.ts';
import type { PriceProcess } from './process.ts';

export const commonJumpParams = {
  rate: { kind: 'number', unit: '1/year', range: [0, 1e5], doc: 'jumps expected in a year' },
  mean: { kind: 'number', unit: 'log', range: [-5, 5], doc: 'mean of the logarithm of a jump: -0.1 is a fall by about a tenth' },
  sd: { kind: 'number', unit: 'log', range: [0, 5], default: 0, doc: 'standard deviation of the logarithm of a jump' },
  weights: {
    kind: 'by-asset',
    unit: 'ratio',
    range: [-10, 10],
    doc: 'how much of the logarithm each asset takes, as in { ETH: 1, WBTC: 0.7 }',
  },
} as const satisfies ParamSchema;

export interface CommonJumps {
  readonly rate: number;
  readonly mean: number;
  readonly sd: number;
  /** By asset, as far as it takes part. */
  readonly weights: ReadonlyMap<number, number>;
}

/** The processes with the jumps on them, by asset; one that no jump has a weight for is itself. @param every  grid step */
export function jumpingTogether(
  processes: readonly PriceProcess[],
  jumps: readonly CommonJumps[],
  streams: readonly Random[],
  every: Ms,
): readonly PriceProcess[] {
  const dt = years(every);
  /** ΣJ so far, of each kind of jump. */
  const sums = new Float64Array(jumps.length);
  let drawnAt = 0;

  /** Once for each grid time, whoever asks first. */
  const drawFor = (at: Ms) => {
    if (at === drawnAt) return;
    drawnAt = at;
    for (const [kind, { rate, mean, sd }] of jumps.entries()) {
      const count = rate > 0 ? drawPoisson(streams[kind], rate * dt) : 0;
      if (count > 0) sums[kind] += count * mean + sd * Math.sqrt(count) * streams[kind].normal();
    }
  };

  return processes.map((path, asset) => {
    const felt = jumps.flatMap(({ rate, mean, sd, weights }, kind) => {
      const weight = weights.get(asset) ?? 0;
      return weight === 0 ? [] : [{ kind, weight, brought: rate * expm1(weight * mean + (weight * weight * sd * sd) / 2) }];
    });
    if (felt.length === 0) return path;
    return {
      start: path.start,
      next(at) {
        drawFor(at);
        let shift = 0;
        for (const { kind, weight, brought } of felt) shift += weight * sums[kind] - brought * years(at);
        return path.next(at) * exp(shift);
      },
    };
  });
}
