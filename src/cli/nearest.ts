/**
 * The word that somebody may have meant: one that begins so, or one within a few slips of the fingers (a letter more, less, wrong, or two
 * swapped).
 */

/** Undefined if none is near: a wrong guess is worse than none. */
export function nearest(found: string, choices: readonly string[]): string | undefined {
  const begins = choices.filter((choice) => found.length >= 2 && choice.startsWith(found));
  if (begins.length === 1) return begins[0];
  let best: string | undefined;
  let least = found.length > 4 ? 3 : 2;
  for (const choice of choices) {
    const count = slips(found, choice);
    if (count < least) {
      best = choice;
      least = count;
    }
  }
  return best;
}

/** Damerau's distance (optimal string alignment). */
function slips(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
