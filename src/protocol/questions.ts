/**
 * What may be asked of a protocol about one position, market or contract: answers from the books as of the last refresh, 0 where there is
 * nothing of the kind. Changes nothing.
 */
import type { Hall } from './hall.ts';
import * as lending from './lending.ts';
import type { Protocol } from './protocol-contract.ts';

export type Questions = Pick<
  Protocol,
  | 'borrowable'
  | 'withdrawable'
  | 'available'
  | 'collateralOf'
  | 'debtOf'
  | 'suppliedOf'
  | 'sizeOf'
  | 'quoteOf'
  | 'entryOf'
  | 'contractMark'
  | 'contractDelta'
  | 'skewOf'
  | 'openInterest'
>;

/** @param desk  what the verbs read: a question about the most of something is decided as the verb would be */
export function createQuestions({ accounts, ledger, markets, marks, states, marketOf }: Hall, desk: lending.Desk): Questions {
  const { contracts } = accounts;
  const known = (position: number, contract: number) => position >= 0 && contracts[contract] !== undefined;

  return {
    borrowable(position, asset) {
      const market = markets[marketOf(asset)];
      return market === undefined || position < 0 ? 0 : lending.borrowable(desk, { actor: accounts.owners[position], position, market });
    },
    withdrawable(position, asset) {
      const market = markets[marketOf(asset)];
      return market === undefined || position < 0 ? 0 : lending.withdrawable(desk, { actor: accounts.owners[position], position, market });
    },
    available: (asset) => (marketOf(asset) < 0 ? 0 : accounts.cash(marketOf(asset))),
    collateralOf: (position, asset) => (marketOf(asset) < 0 || position < 0 ? 0 : lending.heldOf(accounts, position, marketOf(asset))),
    debtOf: (position, asset) => (marketOf(asset) < 0 || position < 0 ? 0 : accounts.debt(position, marketOf(asset))),
    suppliedOf(position, asset) {
      const market = marketOf(asset);
      if (market < 0 || position < 0) return 0;
      const { receipt } = markets[market].params;
      if (receipt === undefined) return accounts.supplied(position, market);
      return accounts.worthOfShares(ledger.balance(accounts.owners[position], receipt), market);
    },
    sizeOf: (position, contract) => (known(position, contract) ? accounts.size(position, contract) : 0),
    quoteOf: (position) => (position < 0 ? 0 : accounts.quote(position)),
    entryOf: (position, contract) => (known(position, contract) ? accounts.entry(position, contract) : 0),
    contractMark: (contract) => marks[markets.length + contract],
    contractDelta: (contract) => contracts[contract].delta(states[contract]),
    skewOf: (contract) => accounts.skew(contract),
    openInterest: (contract) => ({ longs: accounts.longTotal.data[contract], shorts: accounts.shortTotal.data[contract] }),
  };
}
