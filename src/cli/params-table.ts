/** Declared parameters as a table for a person: unit, range, default and meaning; and what a formula among them may speak of. */
import type { FormulaVariable, Param, ParamSchema } from '../base/params.ts';
import { formatDuration } from '../scenario/duration.ts';
import { table, wrapped } from './print.ts';

const DOC_WIDTH = 44;

/** Undefined where there are none. */
export function paramsTable(params: ParamSchema): string | undefined {
  const rows = Object.entries(params).map(([param, declared]) => [
    `  ${param}`,
    unitOf(declared),
    rangeOf(declared),
    defaultOf(declared),
    wrapped(declared.doc, DOC_WIDTH),
  ]);
  const heads = ['  param', 'unit', 'range', 'default', 'meaning'].map((head) => ({ head }));
  return rows.length === 0 ? undefined : table(heads, rows);
}

/** The variables of all formulas among the parameters, each once. */
export function variablesTable(params: ParamSchema): string | undefined {
  const found = new Map<string, FormulaVariable>();
  for (const param of Object.values(params)) if (param.kind === 'formula') for (const one of param.variables) found.set(one.name, one);
  const rows = [...found.values()].map(({ name, unit, range: [low, high], doc }) => {
    return [`  ${name}`, unit, `${short(low)} … ${short(high)}`, wrapped(doc, DOC_WIDTH)];
  });
  const heads = ['  variable of a formula', 'unit', 'range', 'meaning'].map((head) => ({ head }));
  return rows.length === 0 ? undefined : table(heads, rows);
}

function unitOf(param: Param): string {
  if (param.kind === 'number' || param.kind === 'integer') return param.unit;
  return param.kind === 'choice' ? '' : param.kind;
}

function rangeOf(param: Param): string {
  switch (param.kind) {
    case 'number':
    case 'integer':
      return `${short(param.range[0])} … ${short(param.range[1])}`;
    case 'duration':
      return `${formatDuration(param.range[0])} … ${formatDuration(param.range[1])}`;
    case 'choice':
      return wrapped(param.options.join(' | '), 18);
    case 'table':
      return wrapped(Object.keys(param.columns).join(', '), 18);
    default:
      return '';
  }
}

function defaultOf(param: Param): string {
  const value = 'default' in param ? param.default : undefined;
  if (value === undefined) return param.optional ? '(none)' : '';
  if (Array.isArray(value)) return `${value.length} rows`;
  if (typeof value === 'object') return Object.keys(value).length === 0 ? '(none)' : JSON.stringify(value);
  return param.kind === 'duration' ? formatDuration(value as number) : typeof value === 'number' ? short(value) : String(value);
}

function short(value: number): string {
  if (!Number.isFinite(value)) return value < 0 ? '−∞' : '∞';
  return Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3) ? value.toExponential().replace('e+', 'e') : String(value);
}
