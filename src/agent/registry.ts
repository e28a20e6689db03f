/**
 * All kinds of agents that a run may use, by name. Finding the files is the fleet's and the command line's business; here they are checked.
 */
import { assert } from '../base/fault.ts';
import type { AgentPart } from './agent.ts';

export type Registry = ReadonlyMap<string, AgentPart>;

/** Builds the registry. Faults: AGENT_SHAPE (not what `defineAgent` makes), AGENT_NAME (name is not the file's), AGENT_DUPLICATE. */
export function createRegistry(found: readonly { readonly file: string; readonly part: unknown }[]): Registry {
  const registry = new Map<string, AgentPart>();
  const origin = new Map<string, string>();
  for (const { file, part } of found) {
    assert(isAgentPart(part), 'AGENT_SHAPE', { file, expected: 'a default export made by defineAgent' });
    const base = file.replace(/^.*[/\\]/, '').replace(/\.[cm]?[jt]s$/, '');
    assert(part.name === base, 'AGENT_NAME', { file, found: part.name, expected: base });
    assert(!registry.has(part.name), 'AGENT_DUPLICATE', { file, other: origin.get(part.name) });
    registry.set(part.name, part);
    origin.set(part.name, file);
  }
  return registry;
}

function isAgentPart(part: unknown): part is AgentPart {
  if (typeof part !== 'object' || part === null) return false;
  const { name, role, params, create } = part as Partial<AgentPart>;
  return typeof name === 'string' && typeof role === 'string' && typeof params === 'object' && typeof create === 'function';
}
