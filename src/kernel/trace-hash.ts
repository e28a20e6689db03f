/**
 * A running digest of 64 bits over pairs of 32-bit words: two runs with the same digest executed the same events. Two lanes that
 * multiply, rotate and cross. Each step is a bijection of the lanes for a given pair, and of the pair for given lanes; so one changed
 * pair always changes the digest. Not cryptographic: it guards against accidents.
 *
 * Idea of the trace hash: tigerbeetle docs/internals/vopr.md. Finaliser: MurmurHash3.
 */

const view = new Float64Array(1);
const words = new Int32Array(view.buffer);
view[0] = 1;
const HIGH = words[1] === 0 ? 0 : 1;

const TWO_32 = 4294967296;

export class TraceHash {
  private a = 0x6a09e667;
  private b = 0xbb67ae85 | 0;

  /** Folds one executed event. Whole numbers: time and seq below 2^53, priority below 2^8, cause below 2^45. */
  event(time: number, priority: number, sequence: number, cause: number): void {
    this.pair(time | 0, ((time / TWO_32) << 8) | priority);
    this.pair(sequence | 0, cause | 0);
    this.pair(sequence / TWO_32, cause / TWO_32);
  }

  /** Folds any float64, bit by bit: −0 and 0 differ; every NaN is one NaN. */
  mix(value: number): void {
    view[0] = value;
    // The bits of a NaN are the engine's business; these are the canonical ones.
    if (Number.isNaN(value)) this.pair(0, 0x7ff80000);
    else this.pair(words[1 - HIGH], words[HIGH]);
  }

  private pair(first: number, second: number): void {
    const x = Math.imul(this.a ^ first, 0x9e3779b1);
    const y = Math.imul(this.b ^ second, 0x85ebca77);
    const a = (((x << 15) | (x >>> 17)) + y) | 0;
    this.a = a;
    this.b = ((y << 13) | (y >>> 19)) ^ a;
  }

  /** 16 hexadecimal digits. The digest goes on from where it was. */
  hex(): string {
    const high = finalise(this.a ^ this.b);
    const low = finalise((this.b + high) | 0);
    return hex32(high) + hex32(low);
  }
}

function finalise(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hex32(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
