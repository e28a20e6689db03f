/**
 * A table of what sales of each size lose, as a curve: between two rows every further unit brings the same, and what it brings falls
 * from row to row. The same table counts for buying, turned over: a unit that lies where selling brings the part m of the price costs
 * 1/m of it.
 *
 *   brought by the first q = q·(1 − impact(q))          slope of row k: mₖ = Δ(q·(1 − impact))/Δq
 */

/** Sold and not yet forgotten so much, base; the average price of such a sale is 1 − impact of the price. */
export interface ImpactRow {
  readonly size: number;
  readonly impact: number;
}

/** Where a stretch ends, in base, and what a unit within it brings, as a part of the price. */
export interface Stretch {
  readonly end: number;
  readonly slope: number;
}

/** What is wrong with a row, counted from 0. */
export interface RowProblem {
  readonly row: number;
  readonly found: string;
  readonly expected: string;
}

export function stretchesOf(rows: readonly ImpactRow[]): readonly Stretch[] | RowProblem {
  const stretches: Stretch[] = [];
  let [size, brought, slope] = [0, 0, 1];
  for (const [row, { size: end, impact }] of rows.entries()) {
    if (!(end > size)) return { row, found: `size ${end}`, expected: `more than ${size}` };
    const all = end * (1 - impact);
    const next = (all - brought) / (end - size);
    if (!(next > 0)) return { row, found: `impact ${impact}`, expected: `less than ${1 - brought / end}: a larger sale brings more` };
    if (!(next <= slope)) {
      return {
        row,
        found: `impact ${impact}`,
        expected: `at least ${1 - (brought + slope * (end - size)) / end}: a further unit brings no more`,
      };
    }
    stretches.push({ end, slope: next });
    [size, brought, slope] = [end, all, next];
  }
  return stretches;
}

/** How far a trade went, in base, and what that was worth, as base at the full price. */
export interface Passed {
  readonly moved: number;
  readonly value: number;
}

/**
 * The way of a trade along the curve: from `from` (base sold less bought, not yet forgotten) upwards for a sale, downwards for a purchase,
 * until it has moved `movedMax`, is worth `valueMax`, or comes to a slope beyond `worst`, or to the end of the table.
 */
export function passAlong(
  stretches: readonly Stretch[],
  from: number,
  sells: boolean,
  { movedMax = Infinity, valueMax = Infinity, worst = sells ? 0 : Infinity }: { movedMax?: number; valueMax?: number; worst?: number },
): Passed {
  let [position, moved, value] = [from, 0, 0];
  while (moved < movedMax && value < valueMax) {
    const next = stretchFrom(stretches, position, sells);
    if (next === undefined || (sells ? next.slope < worst : next.slope > worst)) break;
    const step = Math.min(Math.abs(next.end - position), movedMax - moved, (valueMax - value) / next.slope);
    const arrives = step === Math.abs(next.end - position);
    moved += step;
    value += step * next.slope;
    if (!arrives) break;
    position = next.end;
  }
  return { moved, value };
}

/** What a unit brings or costs at a position, as a part of the price: 1 where nothing is remembered. */
export function slopeAt(stretches: readonly Stretch[], position: number): number {
  if (position === 0) return 1;
  return stretchFrom(stretches, position, position < 0)?.slope ?? Number.NaN;
}

/** The stretch that lies before one who goes up (sells) or down from a position; undefined beyond the table. */
function stretchFrom(stretches: readonly Stretch[], position: number, up: boolean): Stretch | undefined {
  const outwards = position === 0 || position > 0 === up;
  const distance = Math.abs(position);
  // Outwards the first that ends beyond; inwards the first that does not end before.
  const k = stretches.findIndex(({ end }) => (outwards ? end > distance : end >= distance));
  if (k < 0) return undefined;
  const { end, slope } = stretches[k];
  const start = k === 0 ? 0 : stretches[k - 1].end;
  const sold = position > 0 || (position === 0 && up);
  const bound = outwards ? end : start;
  return { end: sold ? bound : -bound, slope: sold ? slope : 1 / slope };
}
