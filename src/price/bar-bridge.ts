/**
 * A random path through the four prices of each bar: from its open to its close, touching its high and its low in random order at random
 * times of the grid, and never beyond them. Between those points the logarithm is a Brownian bridge folded back at the extremes, with the
 * variance that the range of the bar says.
 *
 *   σ² of a bar = (ln high/low)²/(4·ln 2)
 *
 * A bar with fewer than two grid times inside it has no room for its extremes: it shows its open, and one of them where there is one time.
 *
 * @source  M. Parkinson, "The extreme value method for estimating the variance of the rate of return", Journal of Business 53 (1980) 61-65
 */
import { exp, log } from '../base/elementary.ts';
import type { Random } from '../base/random.ts';
import type { Ms, UsdPrice } from '../base/units.ts';
import type { Candle } from './candles.ts';

/** Price at a time since the first open; to be asked in order of time, a grid step apart. After the last bar its close. */
export function createBarBridge(candles: readonly Candle[], interval: Ms, every: Ms, random: Random): (time: Ms) => UsdPrice {
  /** The bar in progress: its number, bounds, variance per ms. */
  let bar = -1;
  let low = 0;
  let high = 0;
  let variance = 0;
  /** Points that it still goes through: time and logarithm, the last one the close. */
  let targets: { readonly at: Ms; readonly value: number }[] = [];
  /** Where it is. */
  let at: Ms = 0;
  let value = 0;

  /** @param time  first grid time in the bar */
  const enter = (number: number, time: Ms) => {
    const candle = candles[number];
    bar = number;
    low = log(candle.low);
    high = log(candle.high);
    variance = ((high - low) * (high - low)) / (4 * Math.LN2) / interval;
    at = number * interval;
    value = log(candle.open);
    const end = (number + 1) * interval;
    // Grid times strictly inside: the one of the open is taken.
    const first = time > at ? time : time + every;
    const room = first < end ? Math.ceil((end - first) / every) : 0;
    const lowFirst = random.uniform() < 0.5;
    const [one, other] = twoOf(room, random);
    const extremes = lowFirst ? [low, high] : [high, low];
    targets = [];
    if (one >= 0) targets.push({ at: first + one * every, value: extremes[0] });
    if (other >= 0) targets.push({ at: first + other * every, value: extremes[1] });
    targets.push({ at: end, value: log(candle.close) });
  };

  return (time) => {
    const number = Math.floor(time / interval);
    if (number >= candles.length) return candles[candles.length - 1].close;
    if (number !== bar) enter(number, time);
    if (time > at) {
      const [target] = targets;
      const left = target.at - at;
      const passed = time - at;
      const mean = value + ((target.value - value) * passed) / left;
      // Drawn at the target too, where it counts for nothing: as many numbers whatever the path.
      const noise = Math.sqrt((variance * passed * (left - passed)) / left) * random.normal();
      at = time;
      value = time === target.at ? target.value : folded(mean + noise, low, high);
      if (time === target.at) targets.shift();
    }
    // The logarithm of an extreme is not exactly its price again.
    return Math.min(Math.max(exp(value), candles[number].low), candles[number].high);
  };
}

/** Two different numbers below `room`, the smaller first; −1 for what there is no room for. Draws two numbers. */
function twoOf(room: number, random: Random): readonly [number, number] {
  const [u, v] = [random.uniform(), random.uniform()];
  if (room < 2) return [room - 1, -1];
  const one = Math.floor(u * room);
  const other = Math.floor(v * (room - 1));
  const second = other < one ? other : other + 1;
  return [Math.min(one, second), Math.max(one, second)];
}

/** x mirrored at both ends of [low, high] until it lies within. */
function folded(x: number, low: number, high: number): number {
  const width = high - low;
  if (width === 0) return low;
  const turn = (x - low) / (2 * width);
  const within = (turn - Math.floor(turn)) * 2 * width;
  return low + (within > width ? 2 * width - within : within);
}
