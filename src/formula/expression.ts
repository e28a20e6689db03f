/**
 * Margin formulas: expressions over declared variables, such as the USD that one holding requires. Says what they use and shows parts of
 * them as text again, for messages; units are judged in `check-units.ts`, ranges in `check-ranges.ts`.
 */
import { type Formula, leavesOf, OPERATORS, type VariableNode } from './formula.ts';

/** A margin formula as a tree. */
export type Expression = Formula<VariableNode>;

/** Names that an expression uses, each once, in the order in which they are written. */
export function usedBy(expression: Expression): readonly string[] {
  return [...new Set(leavesOf(expression).map(({ name }) => name))];
}

/** Longer parts are cut short in messages. */
const SHOWN_MAX = 60;

/** A part of an expression for a message. */
export function briefly(expression: Expression): string {
  const text = showExpression(expression);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX - 1)}…` : text;
}

/** An expression as text that reads as the same expression. */
export function showExpression(expression: Expression): string {
  return show(expression, 0);
}

/** How tightly an operator binds; what stands inside another and binds less is put into parentheses. */
const BINDING: Readonly<Record<string, number>> = { or: 2, and: 3, '+': 5, '-': 5, '*': 6, '/': 6, '^': 8 };
const COMPARISON = 4;
const UNARY = 7;

/** `outer`: how tightly what stands around it binds. */
function show(expression: Expression, outer: number): string {
  switch (expression.kind) {
    case 'number':
      return expression.unit === undefined ? `${expression.value}` : enclose(`${expression.value} ${expression.unit}`, outer > 0);
    case 'variable':
      return expression.name;
    case 'call':
      return `${expression.name}(${expression.args.map((arg) => show(arg, 0)).join(', ')})`;
    case 'choice': {
      const [condition, yes, no] = expression.args.map((arg) => show(arg, 1));
      return enclose(`${condition} ? ${yes} : ${no}`, outer > 0);
    }
    case 'operation': {
      const { symbol } = OPERATORS[expression.operator];
      const [a, b] = expression.args;
      if (b === undefined) return enclose(`${symbol}${symbol === 'not' ? ' ' : ''}${show(a, UNARY)}`, outer > UNARY);
      const binding = BINDING[symbol] ?? COMPARISON;
      return enclose(`${show(a, symbol === '^' ? binding + 1 : binding)} ${symbol} ${show(b, binding + 1)}`, outer > binding);
    }
  }
}

function enclose(text: string, needed: boolean): string {
  return needed ? `(${text})` : text;
}
