/** Everything that a bundle may change of a protocol and its ledger, as plain data to compare. */
import type { Column } from '../../src/base/columns.ts';
import type { Protocol } from '../../src/protocol/protocol.ts';
import { type LedgerState, ledgerState } from './ledger-state.ts';

export interface ProtocolState {
  readonly ledger: LedgerState;
  /** All cells of each position. */
  readonly positions: number[][];
  /** All totals. */
  readonly totals: number[];
}

/** A deep copy of it as it is now. */
export function protocolState({ inspection: { ledger, accounts }, positions, markets, contracts }: Protocol): ProtocolState {
  const [width, depth] = [markets.length, contracts.length];
  const rows: readonly (readonly [Column, number])[] = [
    [accounts.holdings, 2 * width],
    [accounts.supplySharesOf, width],
    [accounts.sizeOf, depth],
    [accounts.entryOf, depth],
    [accounts.fundingOf, depth],
    [accounts.quoteOf, 1],
  ];
  const totals: readonly (readonly [Column, number])[] = [
    ...[accounts.collateralTotal, accounts.supplyTotal, accounts.supplyShares, accounts.debtTotal, accounts.debtSharesTotal].map(
      (column) => [column, width] as const,
    ),
    ...[accounts.reserve, accounts.accruedAt, accounts.interestCarry, accounts.reserveCarry].map((column) => [column, width] as const),
    ...[accounts.longTotal, accounts.shortTotal, accounts.fundingPaid, accounts.fundingIndex, accounts.fundedAt].map(
      (column) => [column, depth] as const,
    ),
    [accounts.quoteTotal, 1],
  ];
  return {
    ledger: ledgerState(ledger),
    positions: Array.from({ length: positions }, (_, position) =>
      rows.flatMap(([{ data }, cells]) => [...data.slice(position * cells, (position + 1) * cells)]),
    ),
    totals: totals.flatMap(([{ data }, cells]) => [...data.slice(0, cells)]),
  };
}

/** What of two copies differs; positions that were opened in between may stay if they are empty. Undefined where nothing does. */
export function differenceOf(before: ProtocolState, after: ProtocolState): string | undefined {
  const known = after.positions.slice(0, before.positions.length);
  if (after.positions.slice(before.positions.length).some((row) => row.some((cell) => cell !== 0))) return 'a new position is not empty';
  const parts = { ledger: [before.ledger, after.ledger], positions: [before.positions, known], totals: [before.totals, after.totals] };
  return Object.entries(parts).find(([, [was, is]]) => JSON.stringify(was) !== JSON.stringify(is))?.[0];
}
