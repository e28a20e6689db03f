/**
 * The table of an `impact-curve` from quotes: what sales of many sizes were said to lose, in some order and with noise, as the rows that
 * such a venue is given. Twice neighbours are pooled until none is out of order: quotes by size, as long as a larger one loses no more,
 * which leaves many rows where sizes tell and few where noise does; then stretches of the curve, as long as a further unit brings no less.
 *
 * @source  M. Ayer et al., "An empirical distribution function for sampling with incomplete information", Annals of Mathematical Statistics
 *          26 (1955) 641-647 (pooling of adjacent violators)
 */
import type { Ratio, Tokens } from '../base/units.ts';

export interface ImpactQuote {
  /** Of base sold, > 0. */
  readonly size: Tokens;
  /** How far the average price lies below the price before: at most 1; noise may make it negative. */
  readonly impact: Ratio;
}

/** Rows for `with.table` of an `impact-curve`, sizes ascending. A sale that would bring less than a smaller one is not in it. */
export function fitImpact(quotes: readonly ImpactQuote[]): readonly ImpactQuote[] {
  const sorted = quotes.filter(({ size, impact }) => size > 0 && impact < 1).sort((a, b) => a.size - b.size);
  const levels = pooled(sorted.map(({ size, impact }): Share => ({ whole: 1, part: impact, size })));
  const stretches: Share[] = [];
  let [end, brought] = [0, 0];
  for (const { whole, part, size } of levels) {
    const [mean, impact] = [size / whole, Math.max(0, part / whole)];
    const all = mean * (1 - impact);
    // What it does not bring: the more of that, the further.
    stretches.push({ whole: mean - end, part: mean - end - (all - brought), size: 0 });
    [end, brought] = [mean, all];
  }
  return rowsOf(pooled(stretches));
}

/** Members that were pooled: their number or width, and the sums of what they lose and of their sizes. */
interface Share {
  readonly whole: number;
  readonly part: number;
  readonly size: number;
}

/** Neighbours added together until each has a larger part of its whole than the one before. */
function pooled(shares: readonly Share[]): readonly Share[] {
  const done: Share[] = [];
  for (let last of shares) {
    for (let before = done.at(-1); before !== undefined && before.part / before.whole >= last.part / last.whole; before = done.at(-1)) {
      last = { whole: before.whole + last.whole, part: before.part + last.part, size: before.size + last.size };
      done.pop();
    }
    done.push(last);
  }
  return done;
}

function rowsOf(stretches: readonly Share[]): readonly ImpactQuote[] {
  const rows: ImpactQuote[] = [];
  let [size, lost] = [0, 0];
  for (const { whole, part } of stretches) {
    if (!(part < whole)) break;
    size += whole;
    lost += part;
    rows.push({ size, impact: Math.max(0, lost / size) });
  }
  return rows;
}
