/**
 * What zod cannot see of margin calls: that an account which has just been allowed to open a contract is not called for it.
 *
 * Health is counted on the whole notional N. Who just meets the initial margin has an equity of initial·N. Short, or long on collateral
 * that is not the cash of settlement, he has a health of (1 + initial) ÷ (1 + maintenance); long on cash of
 * 1 ÷ (1 + maintenance − initial), which is more.
 */
import type { MarginParams } from '../protocol/instrument/margin-params.ts';
import { partOf } from './catalog.ts';
import type { ProtocolSpec } from './scenario.ts';

type Path = readonly (string | number)[];

/** @param path  of the protocol */
export function checkMarginCall({ marginCall, contracts, risk }: ProtocolSpec, path: Path, warn: Warn): void {
  if (marginCall === undefined || partOf('risk', risk.use).ignores?.includes('initial') === true) return;
  const lowest = Object.entries(contracts?.list ?? {})
    // How low the health of who sells an option can be depends on what it is worth.
    .filter(([, { use }]) => partOf('contract', use).requires?.includes('surface') !== true)
    .map(([name, use]) => ({ name, ...(use.with as unknown as MarginParams) }))
    .map((one) => ({ ...one, health: (1 + one.initial) / (1 + one.maintenance) }))
    .sort((a, b) => a.health - b.health)[0];
  if (lowest === undefined || marginCall.level <= lowest.health) return;
  const { name, initial, maintenance, health } = lowest;
  const sum = `${Math.floor(health * 1e4) / 1e4} = (1 + initial ${initial}) ÷ (1 + maintenance ${maintenance})`;
  const expected = `at most ${sum}, the health of who is short ${name} and just meets its initial margin`;
  warn([...path, 'marginCall', 'level'], String(marginCall.level), `${expected}: above, accounts are called as soon as they have opened`);
}

type Warn = (path: Path, found: string, expected: string) => void;
