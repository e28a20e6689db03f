/**
 * Whether what an agent sends is an action at all: a known verb with all its fields. Agents of one's own need not be checked by a compiler.
 * Whether the action can be done is the business of the venue or protocol that it names.
 */
import { ACTIONS, type Action, type Verb } from '../agent/action.ts';
import { fault } from '../base/fault.ts';
import { showChoices } from '../scenario/problem.ts';

const FIELDS: Readonly<Record<string, readonly string[] | undefined>> = Object.assign(
  Object.create(null),
  Object.fromEntries(Object.entries(ACTIONS).map(([verb, { fields }]) => [verb, Object.keys(fields)])),
);
const VERBS = Object.keys(ACTIONS) as readonly Verb[];

/** Faults: AGENT_ACTION (no such verb, or a field is missing). */
export function checkAction(action: Action): void {
  const verb: unknown = action?.do;
  const fields = FIELDS[verb as string];
  if (fields === undefined) {
    fault('AGENT_ACTION', { do: shown(verb), expected: showChoices(String(verb), VERBS) });
  }
  for (let i = 0; i < fields.length; i++) {
    if ((action as unknown as Readonly<Record<string, unknown>>)[fields[i]] === undefined) {
      fault('AGENT_ACTION', { do: shown(verb), missing: fields[i], expected: fields.join(', ') });
    }
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
