/**
 * SQL as the record's readers and writers see it: statements prepared once by their text, and rows written many to a statement. Knows no
 * library.
 */

/** A prepared statement. */
export interface Sql {
  run(...params: unknown[]): unknown;
  get(...params: unknown[]): unknown;
  all(...params: unknown[]): unknown[];
}

/** The statement of a text; the same text gives the same statement. */
export type Prepare = (text: string) => Sql;

/** Rows to one statement; the time of a statement is spread over them. */
const ROWS = 40;

/** Puts the values of row `i` into `values` from `offset` on. */
export type FillRow = (i: number, values: unknown[], offset: number) => void;

/** Inserts `count` rows of `width` values into `table` (all its columns, in their order). */
export function insertRows(prepare: Prepare, table: string, width: number, count: number, fill: FillRow): void {
  const values: unknown[] = new Array(Math.min(count, ROWS) * width);
  let i = 0;
  while (i < count) {
    const rows = Math.min(ROWS, count - i);
    if (rows * width !== values.length) values.length = rows * width;
    for (let r = 0; r < rows; r += 1) fill(i + r, values, r * width);
    prepare(insertion(table, width, rows)).run(values);
    i += rows;
  }
}

const texts = new Map<string, string>();

function insertion(table: string, width: number, rows: number): string {
  const key = `${table}/${width}/${rows}`;
  let text = texts.get(key);
  if (text === undefined) {
    const row = `(${new Array(width).fill('?').join(',')})`;
    text = `INSERT INTO ${table} VALUES ${new Array(rows).fill(row).join(',')}`;
    texts.set(key, text);
  }
  return text;
}
