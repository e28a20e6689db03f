/** Everything that a ledger remembers, as plain data to compare: names, balances, flows between roles. */
import type { Ledger } from '../../src/ledger/ledger.ts';

export interface LedgerState {
  readonly names: string[];
  /** By asset, by account. */
  readonly balances: number[][];
  /** By `from → to`, by asset; only those that are not 0. */
  readonly flows: Record<string, number[]>;
}

/** A deep copy of the ledger as it is now. */
export function ledgerState(ledger: Ledger): LedgerState {
  const assets = Array.from({ length: ledger.assets.count }, (_, asset) => asset);
  const accounts = Array.from({ length: ledger.accounts }, (_, account) => account);
  const flows: Record<string, number[]> = {};
  for (const from of ledger.roleNames) {
    for (const to of ledger.roleNames) {
      const gross = assets.map((asset) => ledger.flow(from, to, asset));
      if (gross.some((units) => units !== 0)) flows[`${from} → ${to}`] = gross;
    }
  }
  return { names: [...ledger.names], balances: assets.map((asset) => accounts.map((account) => ledger.balance(account, asset))), flows };
}
