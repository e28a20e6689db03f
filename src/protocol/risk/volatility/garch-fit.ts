/**
 * GARCH(1,1) fitted to a window of returns by quasi maximum likelihood with variance targeting: the long-run variance is the sample's, and
 * only how fast volatility reacts and forgets is searched for. Deterministic: a fixed grid, then a pattern search from its best point.
 *
 *   h(next) = V·(1 − α − β) + α·r² + β·h        minimises  Σ ln h + r²/h   over 0 ≤ α ≤ α + β ≤ 0.999,  h = V at first
 */
import { log } from '../../../base/elementary.ts';

/**
 * Returns below which a fit is not worth making.
 *
 * @source  S. Hwang, P. L. Valls Pereira, "Small sample properties of GARCH estimates and persistence", European Journal of Finance 12
 *          (2006) 473-494: at least 500 for GARCH(1,1)
 */
export const FIT_MIN = 500;

export interface GarchFit {
  /** V: mean square of the window, > 0. */
  readonly variance: number;
  /** Weight of the newest square. */
  readonly alpha: number;
  /** α + β: what one interval leaves of a deviation from V. */
  readonly persistence: number;
}

/** Half of what a shock adds is still there after ln 2/0.001 = 693 intervals. Beyond, variance targeting means nothing. */
const PERSISTENCE_MAX = 0.999;
const ALPHAS = [0.02, 0.05, 0.1, 0.2, 0.4];
/** 1 − α − β. */
const GAPS = [0.003, 0.01, 0.03, 0.1, 0.3, 0.7];
/** First steps of the search: of α, and the factor on the gap. A round without a gain halves the one and takes the root of the other. */
const ALPHA_STEP = 0.05;
const GAP_STEP = 2;
/** Leaves below 0.01 of the sum to a free search (measured on eleven simulated series); a parameter one standard error off costs 1. */
const ALPHA_STEP_MIN = 0.002;
/** Variances multiplied before a logarithm is taken of them; each lies within 10^-3 … 10^5 of V, so sixteen stay far from overflow. */
const BATCH = 16;

/**
 * The fit to a window of squared returns, oldest first.
 *
 * @returns  undefined where all of them are 0
 * @source   T. Bollerslev, Journal of Econometrics 31 (1986) 307-327; variance targeting: C. Francq, L. Horváth, J.-M. Zakoïan, Journal of
 *           Financial Econometrics 9 (2011) 619-656
 */
export function fitGarch(squares: Float64Array): GarchFit | undefined {
  const n = squares.length;
  let variance = 0;
  for (let t = 0; t < n; t++) variance += squares[t] / n;
  if (!(variance > 0)) return undefined;
  const relative = squares.map((square) => square / variance);
  let alpha = 0;
  let gap = 1;
  let least = Infinity;
  const attempt = (a: number, g: number): boolean => {
    const persistence = 1 - g;
    if (!(a >= 0 && a <= persistence && persistence <= PERSISTENCE_MAX)) return false;
    const value = misfit(relative, a, persistence);
    if (!(value < least)) return false;
    least = value;
    alpha = a;
    gap = g;
    return true;
  };
  for (const a of ALPHAS) for (const g of GAPS) attempt(a, g);
  let factor = GAP_STEP;
  for (let step = ALPHA_STEP; step >= ALPHA_STEP_MIN; ) {
    const [a, g] = [alpha, gap];
    // All four ways are tried from the same place, and the best is where the next round starts.
    const up = attempt(a + step, g);
    const down = attempt(Math.max(0, a - step), g);
    const faster = attempt(a, Math.min(1 - a, g * factor));
    const slower = attempt(a, Math.max(1 - PERSISTENCE_MAX, g / factor));
    if (up || down || faster || slower) continue;
    step /= 2;
    factor = Math.sqrt(factor);
  }
  return { variance, alpha, persistence: 1 - gap };
}

/** Σ ln h + x/h, up to what does not depend on the parameters, for squares relative to V. */
function misfit(relative: Float64Array, alpha: number, persistence: number): number {
  const base = 1 - persistence;
  const beta = persistence - alpha;
  let h = 1;
  let product = 1;
  let logs = 0;
  let ratios = 0;
  for (let t = 0; t < relative.length; t++) {
    const x = relative[t];
    product *= h;
    ratios += x / h;
    if (t % BATCH === BATCH - 1) {
      logs += log(product);
      product = 1;
    }
    h = base + alpha * x + beta * h;
  }
  return logs + log(product) + ratios;
}

/** The variance of the interval after a window of squares, by a fit. */
export function filteredVariance(squares: Float64Array, { variance, alpha, persistence }: GarchFit): number {
  const base = variance * (1 - persistence);
  const beta = persistence - alpha;
  let h = variance;
  for (let t = 0; t < squares.length; t++) h = base + alpha * squares[t] + beta * h;
  return h;
}
