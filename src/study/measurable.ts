/** What an experiment may measure and assert: the metrics of every run, and the profits of the roles that occur at some point of it. */
import type { Registry } from '../agent/registry.ts';
import { METRIC_NAMES, roleProfit } from '../record/metrics.ts';
import { showChoices } from '../scenario/problem.ts';
import type { Scenario } from '../scenario/scenario.ts';

export interface Measurable {
  /** Every name. */
  readonly names: readonly string[];
  /** Those of roles that are not among `METRICS`. */
  readonly profits: readonly string[];
}

/** Roles of accounts that every world opens for itself, and of those that come with venues and protocols. */
const WORLD_ROLES = ['outside', 'proposer', 'flash-lender'];
const VENUE_ROLES = ['liquidity-provider', 'venue'];
const PROTOCOL_ROLES = ['protocol', 'insurance-fund'];
const CONTRACT_ROLES = ['house'];

/** @param complete  whether these are all points; a role may be at one that could not be read, so then none is missed that any kind has */
export function measurableOf(scenarios: Iterable<Scenario>, registry: Registry, complete: boolean): Measurable {
  const roles = new Set(WORLD_ROLES);
  const add = (role: string | undefined) => role !== undefined && roles.add(role);
  for (const { world, agents } of scenarios) {
    if (Object.keys(world.venues).length > 0) VENUE_ROLES.forEach(add);
    if (Object.keys(world.protocols).length > 0) PROTOCOL_ROLES.forEach(add);
    if (Object.values(world.protocols).some(({ contracts }) => contracts !== undefined)) CONTRACT_ROLES.forEach(add);
    for (const { use, role } of agents) add(role ?? registry.get(use)?.role);
  }
  if (!complete) for (const { role } of registry.values()) add(role);
  const profits = [...roles].map(roleProfit).filter((name) => !(METRIC_NAMES as readonly string[]).includes(name));
  return { names: [...METRIC_NAMES, ...profits], profits: profits.sort() };
}

/** What is expected instead of a name that is none of them. */
export function expectedMetric(found: string, { names, profits }: Measurable): string {
  const own = profits.length === 0 ? '' : `; or the profit of a role here: ${profits.join(', ')}`;
  const said = showChoices(found, names);
  return `a metric: ${said}${own}${said.includes('did you mean') ? '' : begun(found, names)}`;
}

/** The one name that begins so: a role's hyphen, which is an underscore in its metric, would be a minus in a formula and end the word. */
function begun(found: string, names: readonly string[]): string {
  const begins = names.filter((name) => found.length > 2 && name.startsWith(found));
  return begins.length === 1 ? ` (did you mean ${begins[0]}?)` : '';
}
