/**
 * Price processes that move together: at each grid step one independent normal is drawn for each of them, from its own stream, and mixed by
 * the lower triangle L of the correlation, so that a process is given
 *
 *   ΣL[i, j]·Z[j] over j ≤ i        which has variance 1 and the wanted correlation with every other
 *
 * Who asks first, and who does not ask at all, changes nothing. What a process draws beside its normal, such as jumps, is not correlated.
 *
 * @source  P. Glasserman, Monte Carlo Methods in Financial Engineering, Springer 2004, section 2.3.3
 */
import type { Random } from '../base/random.ts';
import type { Ms } from '../base/units.ts';
import type { PriceProcess, ProcessNeeds } from './process.ts';

/**
 * The processes of a group, in its order. A member that is added at the end changes none of those before it, and the first is what it would
 * be alone.
 *
 * @param streams  one for each member, its own
 * @param factor   lower triangle L with L·Lᵀ the correlation, row by row
 * @param create   makes the process of a member
 */
export function correlatedProcesses(
  streams: readonly Random[],
  every: Ms,
  factor: Float64Array,
  create: (member: number, needs: ProcessNeeds) => PriceProcess,
): readonly PriceProcess[] {
  const n = streams.length;
  const independent = new Float64Array(n);
  const mixed = new Float64Array(n).fill(Number.NaN);
  let drawnAt = 0;

  const drawFor = (at: Ms) => {
    if (at === drawnAt) return;
    drawnAt = at;
    for (let i = 0; i < n; i++) independent[i] = streams[i].normal();
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += factor[i * n + j] * independent[j];
      mixed[i] = sum;
    }
  };

  return streams.map((random, member) => {
    const made = create(member, { random, every, normal: () => mixed[member] });
    return {
      start: made.start,
      next(at) {
        drawFor(at);
        return made.next(at);
      },
    };
  });
}
