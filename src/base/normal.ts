/**
 * The standard normal distribution: density, distribution function and quantile, deterministic like `elementary.ts`. Says nothing about
 * drawing from it (`random.ts`).
 */
import { exp, log } from './elementary.ts';

/** √(2π). */
const ROOT_TWO_PI = 2.5066282746310002;

/** Horner with the highest coefficient first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let value = coefficients[0];
  for (let i = 1; i < coefficients.length; i += 1) value = value * x + coefficients[i];
  return value;
}

/** φ(x) = e^(−x²/2)/√(2π). */
export function normalDensity(x: number): number {
  return gauss(Math.abs(x)) / ROOT_TWO_PI;
}

/** e^(−x²/2): x is cut to sixteenths, whose square is exact, so that the exponent's rounding does not grow with x². */
function gauss(x: number): number {
  const cut = Math.floor(x * 16) / 16;
  return exp(-cut * cut * 0.5) * exp(-(x - cut) * (x + cut) * 0.5);
}

/** |x| ≤ 0.67448975: (Φ(x) − ½)/x as a function of x². */
const CENTRE_ABOVE = [0.065682337918207449113, 2.2352520354606839287, 161.02823106855587881, 1067.6894854603709582, 18154.981253343561249];
const CENTRE_BELOW = [1, 47.20258190468824187, 976.09855173777669322, 10260.932208618978205, 45507.789335026729956];
/** Up to √32: (1 − Φ(x))·e^(x²/2). */
const FLANK_ABOVE = [
  1.0765576773720192317e-8, 0.39894151208813466764, 8.8831497943883759412, 93.506656132177855979, 597.27027639480026226,
  2494.5375852903726711, 6848.1904505362823326, 11602.651437647350124, 9842.7148383839780218,
];
const FLANK_BELOW = [
  1, 22.266688044328115691, 235.38790178262499861, 1519.377599407554805, 6485.558298266760755, 18615.571640885098091, 34900.952721145977266,
  38912.003286093271411, 19685.429676859990727,
];
/** Beyond: the same as a function of 1/x². */
const TAIL_ABOVE = [
  0.02307344176494017303, 0.21589853405795699, 0.1274011611602473639, 0.022235277870649807, 0.001421619193227893466, 2.9112874951168792e-5,
];
const TAIL_BELOW = [1, 1.28426009614491121, 0.468238212480865118, 0.0659881378689285515, 0.00378239633202758244, 7.29751555083966205e-5];

/**
 * Φ(x) = P(Z ≤ x). Relative error below 4·10^-16·(1 + |x|) down to the smallest normal number (x ≈ −37.5), in both tails: for a small upper
 * tail call `normalCdf(-x)`, not `1 - normalCdf(x)`.
 *
 * @source  W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of Computation 23 (1969) 631-637;
 *          coefficients for Φ: W. J. Cody, "SPECFUN", ACM TOMS 19 (1993), algorithm 715, ANORM
 */
export function normalCdf(x: number): number {
  if (x !== x) return x;
  const size = Math.abs(x);
  if (size <= 0.67448975) {
    const z = x * x;
    return 0.5 + (x * polynomial(CENTRE_ABOVE, z)) / polynomial(CENTRE_BELOW, z);
  }
  const tail = upperTail(size);
  return x > 0 ? 1 - tail : tail;
}

/** 1 − Φ(x) for x > 0.67. */
function upperTail(x: number): number {
  if (x > 38.6) return 0;
  if (x <= 5.656854249492381) return (gauss(x) * polynomial(FLANK_ABOVE, x)) / polynomial(FLANK_BELOW, x);
  const z = 1 / (x * x);
  const correction = (z * polynomial(TAIL_ABOVE, z)) / polynomial(TAIL_BELOW, z);
  return (gauss(x) * (1 / ROOT_TWO_PI - correction)) / x;
}

const CORE_ABOVE = [
  2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
  133.14166789178437745, 3.387132872796366608,
];
const CORE_BELOW = [
  5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077, 687.1870074920579083,
  42.313330701600911252, 1,
];
const NEAR_ABOVE = [
  7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258, 3.64784832476320460504,
  5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
];
const NEAR_BELOW = [
  1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459, 0.68976733498510000455,
  1.6763848301838038494, 2.05319162663775882187, 1,
];
const FAR_ABOVE = [
  2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093, 0.29656057182850489123,
  1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
];
const FAR_BELOW = [
  2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4, 0.0148753612908506148525,
  0.13692988092273580531, 0.59983220655588793769, 1,
];

/**
 * The x with Φ(x) = p. Relative error about 10^-15 (the source says 10^-16 before rounding). ±Infinity at 1 and 0, NaN outside.
 *
 * @source  M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37 (1988) 477-484,
 * PPND16
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CORE_ABOVE, r)) / polynomial(CORE_BELOW, r);
  }
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
  const size =
    r <= 5
      ? polynomial(NEAR_ABOVE, r - 1.6) / polynomial(NEAR_BELOW, r - 1.6)
      : polynomial(FAR_ABOVE, r - 5) / polynomial(FAR_BELOW, r - 5);
  return q < 0 ? -size : size;
}
