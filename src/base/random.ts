/**
 * Labelled streams of random numbers, and the one door for pure-rand. A stream's child is made from the parent's *identity* (root seed and
 * path of labels), never from how far the parent has been drawn: one agent more moves nobody else's draws (law SIM-2).
 *
 * Generator: xoroshiro128+ (D. Blackman, S. Vigna), of whose 64-bit output pure-rand gives the low 32. The lowest bits of that family are
 * linear, so each use here takes the top bits of a word for what matters most. Not for cryptography.
 */

import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator';
import { exp, log } from './elementary.ts';
import { fault } from './fault.ts';

/** Four 32-bit words. */
export type RandomState = readonly number[];

/** A stream of independent draws. */
export interface Random {
  /** Root seed and labels, for people: `7/agent/liquidator/3`. */
  readonly path: string;
  /** Uniform on [0, 1), a multiple of 2^-53. */
  uniform(): number;
  /** Uniform on 0 … bound − 1, without bias. @param bound  integer, 1 ≤ bound ≤ 2^53 − 1 */
  integer(bound: number): number;
  /** Standard normal. */
  normal(): number;
  /** Exponential with mean 1. */
  exponential(): number;
  /** The child of that label: the same whenever it is asked for, and however much was drawn. Ask once; two calls give two equal streams. */
  split(label: string): Random;
  /** What `restore` needs to draw the same again. */
  state(): RandomState;
  restore(state: RandomState): void;
}

/** Finaliser of MurmurHash3 (A. Appleby): every input bit reaches every output bit. */
function finalise(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** 64 bits of (parent, label) as two words: two coupled lanes over the label's code units, with MurmurHash3's rounds. */
function childIdentity(high: number, low: number, label: string): [number, number] {
  let a = high | 0;
  let b = low | 0;
  for (let i = 0; i < label.length; i += 1) {
    const unit = label.charCodeAt(i) + 1;
    a ^= Math.imul(unit, 0xcc9e2d51);
    a = (Math.imul((a << 13) | (a >>> 19), 5) + b) | 0;
    b ^= Math.imul(unit, 0x1b873593);
    b = (Math.imul((b << 17) | (b >>> 15), 9) + a) | 0;
  }
  a ^= label.length;
  b = (b + a) | 0;
  a = finalise(a + 0x561ccd1b);
  b = finalise((b ^ a) + 0x0bcaa747);
  return [(a + b) | 0, b];
}

/**
 * A density on [0, ∞) cut into `count` strips of equal area: width[i] = right edge of strip i (width[0] is virtual: base strip with its
 * tail).
 */
interface Layers {
  readonly width: Float64Array;
  /** width[i+1] / width[i]: a point left of it lies under the curve. */
  readonly inside: Float64Array;
}

/** G. Marsaglia, W. W. Tsang, "The Ziggurat method for generating random variables", Journal of Statistical Software 5(8), 2000. */
function layersOf(count: number, start: number, area: number, density: (x: number) => number, inverse: (y: number) => number): Layers {
  const width = new Float64Array(count + 1);
  width[0] = area / density(start);
  width[1] = start;
  for (let i = 2; i < count; i += 1) width[i] = inverse(area / width[i - 1] + density(width[i - 1]));
  // The last strip must end at the mode, where both densities are 1: a wrong constant shows here.
  const top = area / width[count - 1] + density(width[count - 1]);
  if (!(Math.abs(top - 1) < 1e-9)) fault('RANDOM_STRIPS', { top });
  const inside = new Float64Array(count);
  for (let i = 0; i < count; i += 1) inside[i] = width[i + 1] / width[i];
  return { width, inside };
}

const bell = (x: number) => exp(-0.5 * x * x);
/** Where the tails begin, and the strips' area: from the paper. */
const NORMAL_START = 3.442619855899;
const EXPONENTIAL_START = 7.69711747013104972;
const { width: NORMAL_WIDTH, inside: NORMAL_INSIDE } = layersOf(128, NORMAL_START, 9.91256303526217e-3, bell, (y) =>
  Math.sqrt(-2 * log(y)),
);
const { width: EXPONENTIAL_WIDTH, inside: EXPONENTIAL_INSIDE } = layersOf(
  256,
  EXPONENTIAL_START,
  3.949659822581572e-3,
  (x) => exp(-x),
  (y) => -log(y),
);

class Stream implements Random {
  readonly path: string;
  private readonly high: number;
  private readonly low: number;
  private words: JumpableRandomGenerator;

  constructor(path: string, high: number, low: number) {
    this.path = path;
    this.high = high;
    this.low = low;
    this.words = xoroshiro128plusFromState([0, 0, 0, 0]);
    const [a, b] = childIdentity(high, low, '\u0000state');
    const [c, d] = childIdentity(b, a, '\u0000more');
    this.restore((a | b | c | d) === 0 ? [1, 2, 3, 4] : [a, b, c, d]);
  }

  uniform(): number {
    const words = this.words;
    return ((words.next() >>> 5) * 67108864 + (words.next() >>> 6)) * 1.1102230246251565e-16;
  }

  integer(bound: number): number {
    if (!(bound >= 1 && bound <= Number.MAX_SAFE_INTEGER && Math.floor(bound) === bound)) fault('RANDOM_BOUND', { bound });
    // `bound` stretches of equal width; what is left over beyond the last is drawn again.
    const width = Math.floor(9007199254740992 / bound);
    for (;;) {
      const drawn = Math.floor((this.uniform() * 9007199254740992) / width);
      if (drawn < bound) return drawn;
    }
  }

  /**
   * Strip from 7 bits of one word, position from 54 others, so that tails are not tied to strips (J. A. Doornik, "An improved ziggurat
   * method", 2005).
   */
  normal(): number {
    for (;;) {
      const word = this.words.next();
      const strip = word >>> 25;
      const u = this.words.next() * 4.656612873077393e-10 + (word & 0x3fffff) * 1.1102230246251565e-16;
      const x = u * NORMAL_WIDTH[strip];
      if (Math.abs(u) < NORMAL_INSIDE[strip]) return x;
      if (strip === 0) return this.normalTail(u < 0);
      const low = bell(NORMAL_WIDTH[strip]);
      if (low + this.uniform() * (bell(NORMAL_WIDTH[strip + 1]) - low) < bell(x)) return x;
    }
  }

  /** Beyond NORMAL_START: exponential proposals (G. Marsaglia, Technometrics 6, 1964). */
  private normalTail(negative: boolean): number {
    for (;;) {
      const x = this.exponential() / NORMAL_START;
      if (2 * this.exponential() > x * x) return negative ? -NORMAL_START - x : NORMAL_START + x;
    }
  }

  /** Strip from 8 bits, position from 53 others. The tail of an exponential is an exponential. */
  exponential(): number {
    for (let beyond = 0; ; ) {
      const word = this.words.next();
      const strip = word >>> 24;
      const u = (this.words.next() >>> 0) * 2.3283064365386963e-10 + (word & 0x1fffff) * 1.1102230246251565e-16;
      const x = u * EXPONENTIAL_WIDTH[strip];
      if (u < EXPONENTIAL_INSIDE[strip]) return beyond + x;
      if (strip === 0) beyond += EXPONENTIAL_START;
      else {
        const low = exp(-EXPONENTIAL_WIDTH[strip]);
        if (low + this.uniform() * (exp(-EXPONENTIAL_WIDTH[strip + 1]) - low) < exp(-x)) return beyond + x;
      }
    }
  }

  split(label: string): Random {
    const [high, low] = childIdentity(this.high, this.low, label);
    return new Stream(`${this.path}/${label}`, high, low);
  }

  state(): RandomState {
    return this.words.getState();
  }

  restore(state: RandomState): void {
    if (state.length !== 4) fault('RANDOM_STATE', { words: state.length });
    this.words = xoroshiro128plusFromState(state);
  }
}

/**
 * The root stream of a run.
 *
 * @param seed   any finite number; two seeds that differ in one bit give unrelated streams
 * @param label  optional first label: `randomFrom(7, 'prices')` equals `randomFrom(7).split('prices')`
 */
export function randomFrom(seed: number, label?: string): Random {
  if (!Number.isFinite(seed)) fault('RANDOM_SEED', { seed });
  const bits = new DataView(new ArrayBuffer(8));
  // −0 and 0 are one seed.
  bits.setFloat64(0, seed + 0);
  const [high, low] = childIdentity(finalise(bits.getInt32(0) ^ 0x2545f491), bits.getInt32(4), 'breakwater');
  const root = new Stream(String(seed), high, low);
  return label === undefined ? root : root.split(label);
}
