/** What the schemas of a file share: a chosen part with its parameters, blocks by name, amounts. */
import { z } from 'zod';
import type { ParamSchema } from '../base/params.ts';
import { CATALOG, type CatalogFloor } from './catalog.ts';
import { nameSchema, numberSchema, paramsSchema, strict } from './param-schema.ts';
import { showChoices } from './problem.ts';

/** A block of values by name. */
export const named = <T extends z.ZodType>(value: T, what: string) => z.record(nameSchema, value, { error: what });

/** Tokens at the start of a run. */
export const tokens = numberSchema(0, Number.POSITIVE_INFINITY, 'tokens');

/** `{ use, with }` over one floor of the catalog, plus fields of its own. */
function useSchema(parts: Readonly<Record<string, { readonly summary: string; readonly params: ParamSchema }>>, more: z.ZodRawShape = {}) {
  const options = Object.entries(parts).map(([name, part]) => {
    const params = paramsSchema(part.params);
    const needed = !params.safeParse({}).success;
    return strict({ use: z.literal(name).describe(part.summary), with: needed ? params : params.prefault({}), ...more });
  });
  return z.discriminatedUnion('use', options as never, { error: (issue) => showChoices(fieldOf(issue.input, 'use'), Object.keys(parts)) });
}

/** A field of a value that may be anything, as text. */
export function fieldOf(input: unknown, field: string): string {
  const value = typeof input === 'object' && input !== null ? (input as Record<string, unknown>)[field] : undefined;
  return value === undefined ? '' : String(value);
}

/** A part of a floor of the catalog, with fields beside it. */
export const useOf = (floor: CatalogFloor, more: z.ZodRawShape = {}) => useSchema(CATALOG[floor], more);
