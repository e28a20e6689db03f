/**
 * Transactions written out in a scenario, compiled to intents: names to ids, tokens to units, owners to positions looked up when it
 * runs.
 */
import type { Action, Amount } from '../agent/action.ts';
import { ACTIONS } from '../agent/action.ts';
import type { Intent } from '../agent/intent.ts';
import type { Ms, Units } from '../base/units.ts';

/** One transaction as written. Amounts in tokens. */
export interface ScriptStep {
  readonly at: Ms;
  readonly note?: string;
  readonly tip?: number;
  readonly until?: Ms;
  readonly label?: string;
  readonly place?: 'first' | 'last';
  readonly private?: boolean;
  readonly flash?: readonly { readonly asset: string; readonly amount: number | 'max' }[];
  readonly actions: readonly (Readonly<Record<string, unknown>> & { readonly do: keyof typeof ACTIONS })[];
}

/** One transaction ready to be sent. */
export interface CompiledStep {
  readonly at: Ms;
  readonly intent: Intent;
}

interface Names {
  get(kind: 'asset' | 'venue' | 'protocol', name: string): number;
  toUnits(asset: string, tokens: number): Units;
  /** Number of a contract within its protocol. */
  contract(protocol: string, name: string): number;
  /** Units of size of so many tokens of a contract's underlying, signed. */
  toSize(protocol: string, contract: string, tokens: number): Units;
  /** Assets of a venue, base first. */
  venueAssets(venue: string): readonly [string, string];
}

/** Compiles the steps, in their order. */
export function compileScript(steps: readonly ScriptStep[], names: Names): readonly CompiledStep[] {
  return steps.map(({ at, note: _, flash, actions, ...manner }) => ({
    at,
    intent: {
      actions: actions.map((action) => compileAction(action, names)),
      ...manner,
      ...(flash === undefined ? {} : { flash: flash.map((loan) => compileLoan(loan, names)) }),
    },
  }));
}

function compileLoan({ asset, amount }: { readonly asset: string; readonly amount: number | 'max' }, names: Names) {
  return { asset: names.get('asset', asset), amount: amount === 'max' ? amount : names.toUnits(asset, amount) };
}

function compileAction(action: ScriptStep['actions'][number], names: Names): Action {
  const compiled: Record<string, unknown> = { do: action.do };
  for (const [field, kind] of Object.entries(ACTIONS[action.do].fields)) {
    const value = action[field];
    if (value === undefined) continue;
    if (kind === 'contract') compiled[field] = names.contract(action.protocol as string, value as string);
    else if (kind === 'size') compiled[field] = sizeOf(action, value as number | 'close', names);
    else if (kind === 'sub') compiled[field] = value;
    else if (kind === 'amount') compiled[field] = compileAmount(value as Amount, assetOf(action, field, names), names);
    else if (kind === 'asset' || kind === 'venue' || kind === 'protocol') compiled[field] = names.get(kind, value as string);
    else compiled[field] = value;
  }
  return compiled as unknown as Action;
}

function sizeOf(action: ScriptStep['actions'][number], value: number | 'close', names: Names): Units | 'close' {
  return value === 'close' ? value : names.toSize(action.protocol as string, action.contract as string, value);
}

function compileAmount(value: Amount, asset: string, names: Names): Amount {
  return typeof value === 'number' && asset !== '' ? names.toUnits(asset, value) : value;
}

/**
 * The asset that an amount field counts: pool deposits by their side, liquidations by the debt, shares in units of the base asset. Bids are
 * in units already: what a lot is of, only its auction knows.
 */
function assetOf(action: ScriptStep['actions'][number], field: string, names: Names): string {
  if (action.do === 'bid') return '';
  if (action.do === 'add-liquidity' || action.do === 'remove-liquidity') {
    const [base, quote] = names.venueAssets(action.venue as string);
    return field === 'quote' ? quote : base;
  }
  return (action.sell ?? action.asset ?? action.debt) as string;
}
