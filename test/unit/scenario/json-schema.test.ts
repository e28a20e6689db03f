/** The JSON Schema of experiment files, for editors: made from the schema that validates, and kept in the tree. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CATALOG } from '../../../src/scenario/catalog.ts';
import { experimentJsonSchema } from '../../../src/scenario/scenario.ts';
import { builtIn } from '../../support/small-world.ts';

const FOLDER = fileURLToPath(new URL('../../../experiments/', import.meta.url));
const FILE = `${FOLDER}experiment.schema.json`;

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly pattern?: string;
}

const schema = experimentJsonSchema(builtIn) as Schema & { readonly $schema: string };
const text = `${JSON.stringify(schema, undefined, 2)}\n`;

/** The names of keys that the schema does not know, or misses, along a value. Follows `use`, records and lists; leaves values alone. */
function strangers(rule: Schema, value: unknown, path: string): string[] {
  const choices = rule.oneOf ?? rule.anyOf;
  if (choices !== undefined) {
    const use = (value as { use?: unknown } | null)?.use;
    const chosen = choices.find(({ properties }) => fits(properties?.use, use));
    if (use !== undefined) return chosen === undefined ? [`${path}.use`] : strangers(chosen, value, path);
    const byUse = choices.some(({ properties }) => properties?.use !== undefined);
    return byUse && chosen?.properties !== undefined ? strangers(chosen, value, path) : [];
  }
  if (Array.isArray(value))
    return rule.items === undefined ? [] : value.flatMap((one, i) => strangers(rule.items as Schema, one, `${path}.${i}`));
  if (typeof value !== 'object' || value === null || rule.type !== 'object') return [];
  const { properties = {}, required = [], additionalProperties } = rule;
  const missing = required.filter((key) => !(key in value)).map((key) => `${path}.${key} is missing`);
  const wrong = Object.entries(value).flatMap(([key, one]) => {
    if (properties[key] !== undefined) return strangers(properties[key], one, `${path}.${key}`);
    if (typeof additionalProperties === 'object') return strangers(additionalProperties, one, `${path}.${key}`);
    return additionalProperties === false ? [`${path}.${key}`] : [];
  });
  return [...missing, ...wrong];
}

/** Whether a rule for `use` lets this one pass; without a rule, whether there is none. */
function fits(rule: Schema | undefined, use: unknown): boolean {
  if (rule?.pattern !== undefined) return new RegExp(rule.pattern).test(String(use));
  return rule?.const === use;
}

describe('the JSON Schema of experiments', () => {
  it('is the one in experiments/experiment.schema.json (BREAKWATER_WRITE=1 rewrites it)', () => {
    if (process.env.BREAKWATER_WRITE) writeFileSync(FILE, text);
    expect(readFileSync(FILE, 'utf8')).toBe(text);
  });

  it('knows every part that a scenario can use, and every agent', () => {
    const { world, agents } = schema.properties ?? {};
    const uses = (rule: Schema | undefined) => (rule?.oneOf ?? rule?.anyOf ?? []).flatMap(({ properties }) => properties?.use?.const ?? []);
    expect(uses(agents?.items)).toEqual([...builtIn.keys()]);
    expect(uses(world?.properties?.prices?.additionalProperties as Schema)).toEqual(Object.keys(CATALOG.price));
    expect(uses(world?.properties?.venues?.additionalProperties as Schema)).toEqual(Object.keys(CATALOG.venue));
    expect(uses(world?.properties?.oracles?.additionalProperties as Schema)).toEqual(Object.keys(CATALOG.oracle));
    expect(schema.required).toEqual(['name', 'question', 'model', 'world', 'agents', 'horizon']);
    expect(schema.$schema).toContain('draft-07');
  });

  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.ya?ml$/.test(file) && !file.startsWith('presets'),
  );

  it.each(files)('lets %s pass', (file) => {
    expect(strangers(schema, parse(readFileSync(FOLDER + file, 'utf8'), { merge: true }), '')).toEqual([]);
  });

  it('lets a preset stand wherever one can be filled in, and nowhere else', () => {
    const protocol = { use: 'preset/p', weth: 'ETH', liquidation: { with: { closeFactor: 1 } } };
    const markets = { ETH: { use: 'preset/m', oracle: 'eth' }, USD: { oracle: 'usd' } };
    const parts = { risk: { use: 'preset/r' }, liquidation: { use: 'preset/l', with: {} }, backstop: [{ use: 'preset/b' }] };
    const world = {
      assets: {},
      prices: { ETH: { use: 'preset/x' } },
      chain: { use: 'preset/c' },
      venues: { pool: { use: 'preset/v' } },
      oracles: { eth: { use: 'preset/o' } },
      protocols: { whole: protocol, parts: { markets, ...parts } },
    };
    const rule = schema.properties?.world as Schema;
    expect(strangers(rule, world, '')).toEqual([]);
    expect(strangers(rule, { ...world, protocols: { parts: { markets: { ETH: { oracle: 'eth', lvt: 1 } } } } }, '')).toEqual([
      '.protocols.parts.markets.ETH.lvt',
    ]);
    expect(strangers(rule, { ...world, outside: { use: 'preset/o' } }, '')).toEqual(['.outside.use']);
    expect(strangers(schema.properties?.agents as Schema, [{ use: 'preset/a' }], '')).toEqual(['.0.use']);
  });

  it('does not let a strange key, a strange part or a missing question pass', () => {
    const good = parse(readFileSync(FOLDER + files[0], 'utf8')) as Record<string, never>;
    expect(strangers(schema, { ...good, wrold: {} }, '')).toEqual(['.wrold']);
    expect(strangers(schema, { ...good, agents: [{ use: 'nobody' }] }, '')).toEqual(['.agents.0.use']);
    expect(strangers(schema, { ...good, agents: [{ use: 'lender', wallat: {} }] }, '')).toContain('.agents.0.wallat');
    const { question: _, ...silent } = good;
    expect(strangers(schema, silent, '')).toEqual(['. question is missing'.replace(' ', '')]);
  });
});
