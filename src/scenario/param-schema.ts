/**
 * From a plug-in's declaration of its parameters to zod: one declaration gives validation with the found and the expected value, defaults,
 * and JSON Schema. References stay names here; `link.ts` checks that they exist and `build.ts` turns them into ids.
 */
import { z } from 'zod';
import { ACTIONS, type FieldKind } from '../agent/action.ts';
import type { Param, ParamSchema } from '../base/params.ts';
import { UNITS_MAX } from '../base/units.ts';
import { SUBS_MAX } from '../protocol/accounts.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { showChoices } from './problem.ts';

/** What a number parameter may be in a scenario: the number, or how to draw it for each agent. */
export type Draw =
  | { readonly uniform: readonly [number, number] }
  | { readonly normal: readonly [number, number] }
  | { readonly lognormal: readonly [number, number] }
  | { readonly oneOf: readonly number[] };

/** How each is written. */
export const DRAWS = '{ uniform: [from, to] }, { normal: [mean, sd] }, { lognormal: [median, sigma] } or { oneOf: [...] }';

const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** A name of an asset, venue, oracle or protocol. */
export const nameSchema = z
  .string({ error: 'a name' })
  .regex(NAME, { error: 'a name (letters, digits, _ and -)' })
  // Tables by name are plain objects: these would be found in every one of them.
  .refine((name) => !(name in Object.prototype), { error: 'a name that is no word of the language, such as constructor' });

/** `12 s` or plain ms, arriving as whole ms. */
export function durationSchema(low = 0, high = Number.MAX_SAFE_INTEGER) {
  const range = high === Number.MAX_SAFE_INTEGER ? `≥ ${formatDuration(low)}` : `from ${formatDuration(low)} to ${formatDuration(high)}`;
  const expected = `a duration ${range}, such as 12 s, 30 min, 1 h`;
  return z.union([z.number(), z.string()], { error: expected }).transform((value, context) => {
    const ms = parseDuration(value);
    if (ms !== undefined && ms >= low && ms <= high) return ms;
    context.issues.push({ code: 'custom', input: value, message: expected });
    return z.NEVER;
  });
}

/** An object of exactly these fields; unknown keys (a line each), and anything that is no block, are answered with the known ones. */
export function strict<S extends z.ZodRawShape>(shape: S) {
  const fields = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => showChoices(String(key), fields)).join('\n')
        : `a block with ${fields.join(', ')}`,
  });
}

/** A finite number within [low, high]. */
export function numberSchema(low: number, high: number, unit: string, integer = false) {
  const expected = `${integer ? 'a whole number' : 'a number'} ${rangeText(low, high)} (${unit})`;
  let schema = z.number({ error: expected });
  if (integer) schema = schema.int({ error: expected });
  if (Number.isFinite(low)) schema = schema.min(low, { error: expected });
  if (Number.isFinite(high)) schema = schema.max(high, { error: expected });
  return schema;
}

function rangeText(low: number, high: number): string {
  if (Number.isFinite(low) && Number.isFinite(high)) return `in [${low}, ${high}]`;
  if (Number.isFinite(low)) return `≥ ${low}`;
  return Number.isFinite(high) ? `≤ ${high}` : 'of any size';
}

/** A number or a draw within [low, high]; the bounds of a draw are checked where they are finite. */
export function drawnNumberSchema(low: number, high: number, unit: string) {
  const number = numberSchema(low, high, unit);
  const pair = z.tuple([z.number(), z.number()]);
  const expected = `a number ${rangeText(low, high)} (${unit}), or a draw: ${DRAWS}`;
  return z.union(
    [
      number,
      z.strictObject({ uniform: z.tuple([number, number]).refine(([from, to]) => from <= to, { error: '[from, to] with from ≤ to' }) }),
      z.strictObject({
        normal: pair.refine(([mean, sd]) => mean >= low && mean <= high && sd >= 0, {
          error: `[mean, sd] with a mean ${rangeText(low, high)} and sd ≥ 0`,
        }),
      }),
      z.strictObject({
        lognormal: pair.refine(([median, sigma]) => median > 0 && median >= low && median <= high && sigma >= 0, {
          error: `[median, sigma] with a median above 0 and ${rangeText(low, high)}, and sigma ≥ 0`,
        }),
      }),
      z.strictObject({ oneOf: z.array(number).min(1, { error: 'a list of at least one number' }) }),
    ],
    { error: expected },
  );
}

/** A strict object of the declared parameters, with defaults filled in. `drawn` lets numbers be draws (agents). */
export function paramsSchema(params: ParamSchema, drawn = false) {
  const shape: Record<string, z.ZodType> = {};
  for (const [name, param] of Object.entries(params)) {
    let schema = paramSchema(param, drawn).describe(param.doc);
    if ('default' in param && param.default !== undefined) schema = schema.default(param.default as never);
    else if (param.optional === true) schema = schema.optional();
    shape[name] = schema;
  }
  return strict(shape);
}

/** Correlations by pairs of assets; whether the names exist and all pairs are possible together is for `link.ts`. */
export function correlationSchema() {
  return z.record(z.string(), numberSchema(-1, 1, 'correlation'), {
    error: 'correlations by pairs of assets, such as "ETH,WBTC": 0.8',
  });
}

function paramSchema(param: Param, drawn: boolean): z.ZodType {
  switch (param.kind) {
    case 'number':
      return drawn ? drawnNumberSchema(...param.range, param.unit) : numberSchema(...param.range, param.unit);
    case 'integer':
      return numberSchema(...param.range, param.unit, true);
    case 'duration':
      return durationSchema(...param.range);
    case 'flag':
      return z.boolean({ error: 'true or false' });
    case 'choice':
      return z.enum(param.options as [string, ...string[]], { error: (issue) => showChoices(String(issue.input), param.options) });
    case 'assets':
    case 'oracles':
    case 'contracts':
      return z.array(nameSchema, { error: `a list of ${param.kind}` });
    case 'numbers':
      return z.array(numberSchema(...param.range, param.unit), { error: 'a list of numbers' });
    case 'by-asset':
      return z.record(nameSchema, numberSchema(...param.range, param.unit), { error: 'numbers by asset, such as ETH: 1' });
    case 'correlation':
      return correlationSchema();
    case 'name':
      return z.string({ error: 'a word' }).min(1, { error: 'a word' });
    case 'file':
      return z.string({ error: 'the path of a file' }).min(1, { error: 'the path of a file' });
    case 'formula':
      return z.string({ error: 'a formula, as text' }).min(1, { error: 'a formula' });
    case 'script':
      return scriptSchema();
    case 'table':
      return z.array(paramsSchema(param.columns), { error: `a list of rows { ${Object.keys(param.columns).join(', ')} }` });
    default:
      return z.string({ error: `the name of ${param.kind === 'asset' || param.kind === 'oracle' ? 'an' : 'a'} ${param.kind}` });
  }
}

const LOAN = 'tokens ≥ 0, or max';
const AMOUNT = 'tokens ≥ 0, or all, received or max';
const amountSchema = z.union([z.number().min(0, { error: AMOUNT }).max(UNITS_MAX, { error: AMOUNT }), z.enum(['all', 'received', 'max'])], {
  error: AMOUNT,
});

const SIZE = 'tokens of the underlying, negative to sell, or close';
const sizeSchema = z.union([z.number({ error: SIZE }), z.literal('close')], { error: SIZE });

/** An agent by the name of its account: its group and its number there. */
const OWNER = /^[A-Za-z][A-Za-z0-9_-]*\/\d+(#\d+)?$/;
const ownerSchema = z
  .string({ error: 'the account that owns the position, such as borrower/0' })
  .regex(OWNER, { error: 'the account that owns the position, such as borrower/0' });

function fieldSchema(kind: FieldKind): z.ZodType {
  if (kind === 'amount') return amountSchema;
  if (kind === 'size') return sizeSchema;
  if (kind === 'price') return numberSchema(0, Number.POSITIVE_INFINITY, 'quote/base');
  if (kind === 'order-kind') return z.enum(['limit', 'ioc', 'post-only'], { error: 'limit, ioc or post-only' });
  if (kind === 'order' || kind === 'range') return z.literal('all', { error: `all: numbers of ${kind}s are known only in a run` });
  if (kind === 'sub') return numberSchema(0, SUBS_MAX - 1, 'number of a sub-account', true).optional();
  return kind === 'position' ? ownerSchema : nameSchema;
}

/** Transactions written out: when, which actions, with which flash loans. Amounts are in tokens. */
function scriptSchema(): z.ZodType {
  const actions = Object.entries(ACTIONS).map(([verb, action]) =>
    strict({
      do: z.literal(verb),
      ...Object.fromEntries(Object.entries(action.fields).map(([field, kind]) => [field, fieldSchema(kind as FieldKind)])),
    }),
  );
  const verbs = Object.keys(ACTIONS);
  const action = z.discriminatedUnion('do', actions as never, { error: (issue) => showChoices(verbOf(issue.input), verbs) });
  const flash = strict({
    asset: nameSchema,
    amount: z.union([z.number().min(0, { error: LOAN }), z.literal('max')], { error: LOAN }),
  });
  return z.array(
    strict({
      at: durationSchema().describe('when it is sent'),
      note: z.string().optional().describe('what this transaction was, for readers'),
      flash: z.array(flash).optional(),
      tip: numberSchema(0, 1e9, 'units of the gas asset per gas').optional(),
      until: durationSchema().optional().describe('in no block after this time'),
      label: z.string().min(1).optional().describe('takes the place of what still waits under this label, for a tenth more'),
      place: z.enum(['first', 'last']).optional().describe('only in a block that its own group makes, before or after all others'),
      private: z.boolean().optional().describe('to builders alone; costs nothing if it fails'),
      actions: z.array(action, { error: 'a list of actions' }).min(1, { error: 'at least one action' }),
    }),
    { error: 'a list of transactions { at, actions }' },
  );
}

function verbOf(input: unknown): string {
  return typeof input === 'object' && input !== null && 'do' in input ? String(input.do) : '';
}
