/**
 * What zod cannot see of a protocol's governance: that what changes exists, that each scheduled change leaves parameters that the file
 * could have begun with, and that there is time to announce it in.
 */
import { problemsOfSchedule } from '../protocol/governance/schedule.ts';
import type { MarginParams } from '../protocol/instrument/margin-params.ts';
import type { MarketParams } from '../protocol/market-params.ts';
import { formatDuration } from './duration.ts';
import { showChoices, showFound } from './problem.ts';
import type { GovernanceSpec, ProtocolSpec } from './scenario.ts';

type Path = readonly (string | number)[];

export interface GovernanceDesk {
  /** Names of the protocol's markets and contracts, as written. */
  readonly markets: readonly string[];
  readonly contracts: readonly string[];
  refuse(path: Path, found: string, expected: string, key?: boolean): void;
  warn(path: Path, found: string, expected: string): void;
}

/** Parts that governance uses (risk engines, the controller) are checked by whoever checks parts. */
export function checkGovernance(governance: GovernanceSpec, protocol: ProtocolSpec, path: Path, desk: GovernanceDesk): void {
  const { timeLock } = governance;
  for (const [index, change] of governance.changes.entries()) {
    if (change.at < timeLock) {
      const expected = `at least timeLock, ${formatDuration(timeLock)}: this one was announced before the run begins`;
      desk.warn([...path, 'changes', index, 'at'], formatDuration(change.at), expected);
    }
    for (const group of ['markets', 'contracts'] as const) {
      const known = desk[group];
      for (const name of Object.keys(change[group])) {
        if (known.includes(name)) continue;
        const what = group === 'markets' ? 'an asset with a market' : 'the name of a contract';
        desk.refuse(
          [...path, 'changes', index, group, name],
          showFound(name),
          `${what} of this protocol: ${showChoices(name, known)}`,
          true,
        );
      }
    }
  }
  const contracts = Object.entries(protocol.contracts?.list ?? {}).map(
    ([name, use]) => [name, use.with as unknown as MarginParams] as const,
  );
  const markets = protocol.markets as unknown as Readonly<Record<string, MarketParams>>;
  for (const problem of problemsOfSchedule(markets, Object.fromEntries(contracts), governance.changes)) {
    const { kind, param, found, expected, change, of, name, named } = problem;
    const where = [...path, 'changes', change, of, name, ...(named ? [param] : [])];
    const said = named ? found : `${param} ${found}, as it was before`;
    if (kind === 'error') desk.refuse(where, said, expected);
    else desk.warn(where, said, expected);
  }
}
