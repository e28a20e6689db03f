/**
 * Columns of what mathjs has parsed. mathjs forgets where things were written; but they are met in the order of the text, so each is looked
 * for behind the one before.
 */

export interface Cursor {
  /** Column of the next `token`, which is passed. */
  find(token: string): number;
  /** Column of what comes next. */
  here(): number;
  /** Passes the number that comes next, whose sign of the exponent might be taken for an operator. */
  passNumber(): void;
}

export function createCursor(text: string): Cursor {
  let from = 0;
  const skipped = () => /^[\s(),]*/.exec(text.slice(from))?.[0].length ?? 0;
  return {
    find(token) {
      const word = /^\w+$/.test(token) ? new RegExp(`\\b${token}\\b`, 'g') : undefined;
      let at: number;
      if (word === undefined) at = text.indexOf(token, from);
      else {
        word.lastIndex = from;
        at = word.exec(text)?.index ?? -1;
      }
      if (at < 0) return from + 1;
      from = at + token.length;
      return at + 1;
    },
    here: () => from + 1 + skipped(),
    passNumber() {
      const start = from + skipped();
      from = start + (/^(0[xbo][\da-f.]+|[\d.]+(e[+-]?\d+)?)/i.exec(text.slice(start))?.[0].length ?? 0);
    },
  };
}
