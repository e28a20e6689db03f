/**
 * The code of a file without its comments and the contents of its strings, so that a rule about calls does not fire on prose. Line numbers
 * and columns stay. Expressions inside template literals are blanked too: no rule needs them, and the scanner stays a page long.
 */

/** What may stand before a regular expression; after anything else a slash divides. */
const BEFORE_REGEX = /(^|[([{,;=:!&|?+\-*%<>~^]|\b(return|typeof|case|of|in))\s*$/;

/** `text` with comments and literals replaced by blanks of the same length. */
export function codeOnly(text: string): string {
  let out = '';
  let i = 0;
  const blankTo = (end: number) => {
    out += text.slice(i, end).replace(/[^\n]/g, ' ');
    i = end;
  };
  while (i < text.length) {
    const two = text.slice(i, i + 2);
    const one = text[i] ?? '';
    if (two === '//') blankTo(endOf(text, '\n', i));
    else if (two === '/*') blankTo(endOf(text, '*/', i + 2) + 2);
    else if (one === "'" || one === '"' || one === '`') blankTo(closing(text, one, i + 1));
    else if (one === '/' && BEFORE_REGEX.test(out.slice(-40))) blankTo(closing(text, '/', i + 1));
    else {
      out += one;
      i += 1;
    }
  }
  return out;
}

function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at;
}

/** Index after the next unescaped `mark`; inside a regular expression a slash between brackets does not end it. */
function closing(text: string, mark: string, from: number): number {
  let inClass = false;
  for (let i = from; i < text.length; i++) {
    const here = text[i];
    if (here === '\\') i += 1;
    else if (mark === '/' && here === '[') inClass = true;
    else if (mark === '/' && here === ']') inClass = false;
    else if (here === mark && !inClass) return i + 1;
    else if (here === '\n' && mark !== '`') return i;
  }
  return text.length;
}
