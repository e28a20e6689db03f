/**
 * Whether what an agent sends is an action at all: a known verb with all its fields. Agents of one's own need not be checked by a compiler.
 * Whether the action can be done is the business of the venue or protocol that it names.
 */
import { ACTIONS, type Action, type Verb } from '../agent/action.ts';
import { fault } from '../base/fault.ts';
import { showChoices } from '../scenario/problem.ts';

const FIELDS: Readonly<Record<string, readonly string[] | undefined>> = Object.assign(
  Object.create(null),
  Object.fromEntries(
    Object.entries(ACTIONS).map(([verb, { fields }]) => [
      verb,
      Object.entries(fields).flatMap(([field, kind]) => (kind === 'sub' ? [] : [field])),
    ]),
  ),
);
const VERBS = Object.keys(ACTIONS) as readonly Verb[];

/** Faults: AGENT_ACTION (no such verb, or a field is missing). */
export function checkAction(action: Action): void {
  // The commonest action first, where the compiler can see it: the long list below it leaves a call.
  if (action?.do === 'swap' && action.venue !== undefined && action.sell !== undefined && action.amount !== undefined) return;
  if (!isWhole(action)) complain(action);
}

/** The fields of ACTIONS once more, by name: looked up by list they cost a market's run a twelfth. A test holds the two together. */
function isWhole(action: Action): boolean {
  switch (action?.do) {
    case 'place-order': {
      const { venue, sell, amount, price, kind } = action;
      return venue !== undefined && sell !== undefined && amount !== undefined && price !== undefined && kind !== undefined;
    }
    case 'cancel-order':
      return action.venue !== undefined && action.order !== undefined;
    case 'add-range': {
      const { venue, base, quote, low, high } = action;
      return venue !== undefined && base !== undefined && quote !== undefined && low !== undefined && high !== undefined;
    }
    case 'remove-range':
      return action.venue !== undefined && action.range !== undefined;
    case 'outside-trade':
      return action.sell !== undefined && action.buy !== undefined && action.amount !== undefined;
    case 'add-liquidity':
      return action.venue !== undefined && action.base !== undefined && action.quote !== undefined;
    case 'remove-liquidity':
      return action.venue !== undefined && action.amount !== undefined;
    case 'supply':
    case 'redeem':
    case 'deposit':
    case 'withdraw':
    case 'borrow':
    case 'repay':
      return action.protocol !== undefined && action.asset !== undefined && action.amount !== undefined;
    case 'liquidate': {
      const { protocol, position, debt, collateral, amount } = action;
      return protocol !== undefined && position !== undefined && debt !== undefined && collateral !== undefined && amount !== undefined;
    }
    case 'margin-trade': {
      const { protocol, venue, sell, margin, borrowed } = action;
      return protocol !== undefined && venue !== undefined && sell !== undefined && margin !== undefined && borrowed !== undefined;
    }
    case 'start-liquidation':
      return action.protocol !== undefined && action.position !== undefined;
    case 'bid':
      return action.protocol !== undefined && action.position !== undefined && action.amount !== undefined && action.lot !== undefined;
    case 'provide':
    case 'unprovide':
      return action.protocol !== undefined && action.asset !== undefined && action.amount !== undefined;
    case 'trade-contract':
      return action.protocol !== undefined && action.contract !== undefined && action.size !== undefined;
    default:
      return false;
  }
}

function complain(action: Action): void {
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
