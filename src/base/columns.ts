/**
 * Growing columns of float64: how accounts, balances and positions are stored. A column keeps its identity while its buffer grows, so that
 * the journal may hold on to it.
 */

/** One column. Read `data` fresh after anything that may grow it; never keep the buffer. */
export interface Column {
  data: Float64Array;
}

/** A column of `length` zeros (or `fill`). */
export function column(length: number, fill = 0): Column {
  const data = new Float64Array(Math.max(length, 4));
  if (fill !== 0) data.fill(fill);
  return { data };
}

/** Makes room for `length` entries by doubling; new entries are `fill`. */
export function growColumn(target: Column, length: number, fill = 0): void {
  const old = target.data;
  if (length <= old.length) return;
  const data = new Float64Array(Math.max(length, old.length * 2));
  data.set(old);
  if (fill !== 0) data.fill(fill, old.length);
  target.data = data;
}
