/** The block of a protocol for a person: each of its fields with its default and its meaning, as the JSON Schema has them. */
import { protocolJsonSchema } from '../scenario/scenario.ts';
import { table, wrapped } from './print.ts';

export interface Field {
  /** Dotted, from the protocol; `*` stands for the number of a member. */
  readonly field: string;
  readonly needed: boolean;
  readonly default?: unknown;
  readonly doc: string;
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly default?: unknown;
  readonly description?: string;
}

export function protocolFields(): readonly Field[] {
  return fieldsOf(protocolJsonSchema() as Schema, '');
}

/** What a `use` chooses from, and blocks by name, have pages of their own: only blocks of fixed fields are gone into. */
function fieldsOf({ properties = {}, required = [] }: Schema, before: string): readonly Field[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const field = `${before}${name}`;
    const { description: doc = '' } = schema;
    const own: Field = {
      field,
      // What has a default is filled in before it is asked for.
      needed: required.includes(name) && schema.default === undefined,
      ...(schema.default === undefined ? {} : { default: schema.default }),
      doc,
    };
    return [own, ...fieldsOf(schema, `${field}.`), ...fieldsOf(schema.items ?? {}, `${field}.*.`)];
  });
}

export function fieldsTable(fields: readonly Field[], width: number): string {
  const rows = fields.map(({ field, needed, default: value, doc }) => [`  ${field}`, needed ? '' : shown(value), doc]);
  const taken = [0, 1].reduce((sum, column) => sum + Math.max(...rows.map((row) => row[column].length), 'default'.length) + 2, 0);
  const heads = ['  field', 'default', 'meaning'].map((head) => ({ head }));
  return table(
    heads,
    rows.map(([field, value, doc]) => [field, value, wrapped(doc, Math.max(30, width - taken))]),
  );
}

/** Parts by their names. */
function shown(value: unknown): string {
  if (value === undefined) return '(none)';
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return 'use' in value ? String(value.use) : Object.keys(value).length === 0 ? '(none)' : JSON.stringify(value);
}
