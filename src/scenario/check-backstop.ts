/**
 * What zod cannot see of a waterfall: that what one of its layers sells has a buyer, a venue against something the protocol may be short
 * of.
 */
import type { Param } from '../base/params.ts';
import { CATALOG } from './catalog.ts';
import { showFound } from './problem.ts';
import type { ProtocolSpec, Use } from './scenario.ts';

type Path = readonly (string | number)[];

export interface BackstopDesk {
  /** Names of assets, as written. */
  readonly assets: readonly string[];
  /** Base and quote of every venue. */
  readonly pairs: readonly (readonly string[])[];
  refuse(path: Path, found: string, expected: string): void;
  warn(path: Path, found: string, expected: string): void;
}

/** @param path  of the layer's parameters */
export function checkBackstop(use: Use, protocol: ProtocolSpec, path: Path, desk: BackstopDesk): void {
  const lent = Object.entries(protocol.markets).filter(([, market]) => market.borrowable !== false);
  const settled = protocol.contracts === undefined ? [] : [protocol.contracts.settle];
  const owed = [...new Set([...lent.map(([asset]) => asset), ...settled])];
  const trades = (asset: string, other: string) =>
    asset !== other && desk.pairs.some((pair) => pair.includes(asset) && pair.includes(other));
  for (const [name, { kind }] of Object.entries<Param>(CATALOG.backstop[use.use as keyof typeof CATALOG.backstop].params)) {
    if ((kind !== 'asset' && kind !== 'assets') || use.with[name] === undefined) continue;
    for (const asset of [use.with[name]].flat() as string[]) {
      const bought = owed.filter((other) => trades(asset, other));
      if (!desk.assets.includes(asset) || bought.length === owed.length) continue;
      const missing = owed.filter((other) => other !== asset && !bought.includes(other)).join(', ');
      const where = [...path, name];
      if (bought.length === 0) desk.refuse(where, showFound(asset), `an asset that a venue trades against what may be short: ${missing}`);
      else if (missing !== '') {
        const expected = `an asset that a venue trades against ${missing} as well: where that is short it cannot be sold`;
        desk.warn(where, showFound(asset), expected);
      }
    }
  }
}
