/**
 * The parser of formulas for whoever loads an experiment: loading cannot wait, and the parser's library takes longer to load than many an
 * experiment. So a first loading finds out whether there are any formulas, and only then the parser is fetched and the loading repeated.
 */
import type { LoadContext } from '../scenario/link.ts';

export interface FormulaReader {
  /** For the context of a loading; answers undefined while there is no parser. */
  readonly parse: NonNullable<LoadContext['parseFormula']>;
  /** Whether a formula was met that could not be read yet. */
  readonly wanted: boolean;
  /** Fetches the parser. */
  open(): Promise<void>;
}

export function createFormulaReader(): FormulaReader {
  let parser: FormulaReader['parse'] | undefined;
  let wanted = false;
  return {
    parse(text) {
      wanted = parser === undefined;
      return parser?.(text);
    },
    get wanted() {
      return wanted;
    },
    async open() {
      parser = (await import('../formula/parse.ts')).parseExpression;
      wanted = false;
    },
  };
}
