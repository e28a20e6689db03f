/**
 * Funding of contracts: what longs pay to shorts, charged on a common index per unit of size, so that no account is visited. A position
 * pays what has run up when its size or cash changes; the house is the other side of all, and its part follows from totals alone.
 */
import type { Accounts } from '../accounts.ts';
import type { ContractState } from '../instrument/contract.ts';

/** Charges the funding of a contract up to `at`. @param settleUsd USD per unit of the settlement asset; nothing is charged without it */
export function charge(accounts: Accounts, contract: number, state: ContractState, settleUsd: number): void {
  const since = state.at - accounts.fundedAt.data[contract];
  if (since <= 0) return;
  const due = accounts.contracts[contract].funding(state, since) / settleUsd;
  // No valid index or settlement mark: the time is made up for when there is one again.
  if (Number.isNaN(due)) return;
  accounts.setOf(accounts.fundedAt, contract, state.at);
  if (due !== 0) accounts.addTotal(accounts.fundingIndex, contract, due);
}

/** Settles what a position owes in funding, rounded up against it; the house receives it. The sum of quotes stays what it is. */
export function settleFunding(accounts: Accounts, position: number): void {
  const { house, contracts } = accounts;
  if (position === house || contracts.length === 0) return;
  const due = Math.ceil(accounts.fundingDue(position));
  for (let contract = 0; contract < contracts.length; contract++) {
    const cell = position * contracts.length + contract;
    const size = accounts.sizeOf.data[cell];
    const paidUp = accounts.fundingIndex.data[contract];
    if (size !== 0) accounts.addTotal(accounts.fundingPaid, contract, size * (paidUp - accounts.fundingOf.data[cell]));
    accounts.setOf(accounts.fundingOf, cell, paidUp);
  }
  if (due === 0) return;
  accounts.setOf(accounts.quoteOf, position, accounts.quoteOf.data[position] - due);
  accounts.setOf(accounts.quoteOf, house, accounts.quoteOf.data[house] + due);
}
