/**
 * Reading YAML as data, and remembering where everything stands. The door for `yaml`. No tag runs code (unknown tags are refused), aliases
 * may not multiply (an alias bomb is refused), and a file over 10 MB is not read at all.
 */
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar, visit } from 'yaml';
import { memberIndex } from './overrides.ts';
import type { Problem } from './problem.ts';

/** Largest experiment file, characters (of a text in Latin letters: 10 MB). */
const LENGTH_MAX = 10 * 2 ** 20;
/** Most nodes that aliases may add: what an honest file with a few anchors needs, and no bomb. */
const ALIASES_MAX = 100;

export interface ParsedYaml {
  readonly file: string;
  readonly value: unknown;
  /**
   * Line and column (from 1) of the value at a path, or of the nearest thing above it that exists. `key` gives the key instead of
   * the value, `within` (from 1) a column within the value's text, where that is written on one line.
   */
  place(path: readonly (string | number)[], key?: boolean, within?: number): { readonly line: number; readonly column: number };
}

/** Finds where the value (or key) at a path was written: in the file, or in the override that put it there. */
export type Placer = (path: readonly (string | number)[], key?: boolean, within?: number) => Pick<Problem, 'file' | 'line' | 'column'>;

/** The file as plain data, or all that is wrong with it as YAML. */
export function parseYaml(text: string, file: string): ParsedYaml | readonly Problem[] {
  const refuse = (line: number, column: number, found: string, expected: string): Problem => ({
    file,
    line,
    column,
    path: '',
    found,
    expected,
  });
  if (text.length > LENGTH_MAX) return [refuse(0, 0, `${(text.length / 2 ** 20).toFixed(1)} MB`, 'a file of at most 10 MB')];
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true, merge: true });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return faults.map((fault) => {
      const { line, col } = lines.linePos(fault.pos[0]);
      return refuse(line, col, fault.message.split('\n')[0].replace(/ at line \d+.*$/, ''), 'YAML without it');
    });
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    const alias = unresolvedAlias(document);
    if (alias !== undefined) {
      const { line, col } = lines.linePos(alias.at);
      return [refuse(line, col, `alias *${alias.name}`, 'the name of an anchor above it')];
    }
    return [refuse(1, 1, error instanceof Error ? error.message : String(error), `at most ${ALIASES_MAX} alias expansions`)];
  }
  const place = (path: readonly (string | number)[], key = false, within?: number) => {
    const node = nodeAt(document.contents, path, key);
    const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
    return { line: Math.max(line, 1), column: Math.max(col, 1) + (within !== undefined && isScalar(node) ? offsetIn(node, within) : 0) };
  };
  return { file, value, place };
}

/** How far a column within a text is from where its value begins; 0 for blocks, whose lines are their own. */
function offsetIn({ type, value }: Scalar, within: number): number {
  if (typeof value !== 'string' || type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL') return 0;
  return within - 1 + (type === 'PLAIN' ? 0 : 1);
}

/** The first alias that names no anchor before it, and where it stands. */
function unresolvedAlias(document: Document): { readonly name: string; readonly at: number } | undefined {
  let found: { name: string; at: number } | undefined;
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return undefined;
      found = { name: alias.source, at: alias.range?.[0] ?? 0 };
      return visit.BREAK;
    },
  });
  return found;
}

/** The node at a path, or its nearest ancestor. */
function nodeAt(root: Node | null, path: readonly (string | number)[], key: boolean): Node | null {
  let node: Node | null = root;
  for (const [depth, step] of path.entries()) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => String((item.key as { value?: unknown } | null)?.value ?? item.key) === String(step));
      next = key && depth === path.length - 1 ? pair?.key : (pair?.value ?? pair?.key);
    } else if (isSeq(node)) {
      const index = typeof step === 'number' ? step : memberIndex(node.toJSON() as unknown[], step);
      next = index === undefined ? undefined : node.items[index];
    }
    if (!isNode(next)) return node;
    node = next;
  }
  return node;
}
