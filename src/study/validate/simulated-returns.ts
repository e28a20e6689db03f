/**
 * Daily returns that are known to be what they are: independent normal, independent Student’s t, GARCH(1,1) with normal innovations; each
 * of mean 0 and long-run variance 1. What a value at risk is tried on.
 */
import { drawStudentT } from '../../base/distributions.ts';
import type { Random } from '../../base/random.ts';

/** Draws the next return. */
export type Returns = () => number;

/** Independent standard normal. */
export function gaussianReturns(random: Random): Returns {
  return () => random.normal();
}

/** Independent Student’s t of `degrees` > 2, scaled to variance 1. */
export function studentReturns(random: Random, degrees: number): Returns {
  const scale = Math.sqrt((degrees - 2) / degrees);
  return () => scale * drawStudentT(random, degrees);
}

/**
 * GARCH(1,1): r = √h·Z, h(next) = (1 − α − β) + α·r² + β·h, h = 1 at first.
 *
 * @source  T. Bollerslev, "Generalized autoregressive conditional heteroskedasticity", Journal of Econometrics 31 (1986) 307-327
 */
export function garchReturns(random: Random, alpha: number, beta: number): Returns {
  let h = 1;
  return () => {
    const drawn = Math.sqrt(h) * random.normal();
    h = 1 - alpha - beta + alpha * drawn * drawn + beta * h;
    return drawn;
  };
}

/** The next `count` returns. */
export function take(count: number, returns: Returns): Float64Array {
  const taken = new Float64Array(count);
  for (let t = 0; t < count; t++) taken[t] = returns();
  return taken;
}
