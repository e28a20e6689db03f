/**
 * Oracles that read oracles: which each reads, and an order in which each comes after those. In that order they are built, shown their
 * sources and told of.
 */
import type { ParamSchema } from '../base/params.ts';
import { partOf } from './catalog.ts';
import type { OracleUse, WorldSpec } from './scenario.ts';

/** Names of the oracles that one reads: its source, what turns its price into USD, and those that its parameters name. */
export function oraclesRead(use: OracleUse, world: Pick<WorldSpec, 'venues' | 'oracles'>): readonly string[] {
  const names = [];
  // A venue of the same name comes first.
  if (world.venues[use.source] === undefined) names.push(use.source);
  if (use.quote !== undefined) names.push(use.quote);
  return [...names, ...oraclesNamed(use)].filter((name) => world.oracles[name] !== undefined);
}

/** Names of the oracles that its parameters name. */
export function oraclesNamed(use: OracleUse): readonly string[] {
  return Object.entries(partOf('oracle', use.use).params as ParamSchema).flatMap(([param, { kind }]) => {
    const value = use.with[param];
    if (value === undefined) return [];
    if (kind === 'oracle') return [value as string];
    return kind === 'oracles' ? (value as string[]) : [];
  });
}

export interface OracleOrder {
  /** All oracles, those that read nobody in the order of the file. */
  readonly order: readonly string[];
  /** Oracles that read each other in a circle, the first one again at the end; undefined if there is none. */
  readonly circle?: readonly string[];
}

/** O(oracles and what they read). */
export function oracleOrder(world: Pick<WorldSpec, 'venues' | 'oracles'>): OracleOrder {
  const order: string[] = [];
  const placed = new Set<string>();
  let circle: readonly string[] | undefined;

  const place = (name: string, path: readonly string[]) => {
    if (placed.has(name) || circle !== undefined) return;
    const begun = path.indexOf(name);
    if (begun >= 0) {
      circle = [...path.slice(begun), name];
      return;
    }
    for (const other of oraclesRead(world.oracles[name], world)) place(other, [...path, name]);
    placed.add(name);
    order.push(name);
  };
  for (const name of Object.keys(world.oracles)) place(name, []);
  return circle === undefined ? { order } : { order, circle };
}

/** Names of the oracles that markets ask, fallbacks included, each once. */
export function oraclesAsked({ protocols }: Pick<WorldSpec, 'protocols'>): readonly string[] {
  const markets = Object.values(protocols).flatMap((spec) => Object.values(spec.markets));
  const names = markets.flatMap(({ oracle, reading }) => (typeof reading?.fallback === 'string' ? [oracle, reading.fallback] : [oracle]));
  return [...new Set(names)];
}
