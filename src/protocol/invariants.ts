/**
 * The laws of a lending protocol that can be checked at any moment, as data: used by property tests and every so many events in any run
 * with `--check`. O(positions · markets). After the named invariants of aave-dao/aave-v3-origin tests/invariants/specs.
 */
import type { Accounts } from './accounts.ts';
import type { Protocol } from './protocol.ts';

export interface Invariant {
  readonly id: string;
  readonly sentence: string;
  /** undefined where the law holds; otherwise what was found. */
  check(protocol: Protocol): Readonly<Record<string, number | string>> | undefined;
}

type Finding = Readonly<Record<string, number | string>> | undefined;

/** The first finding over the markets. */
function inEachMarket(protocol: Protocol, find: (market: number, asset: number) => Finding): Finding {
  for (const { index, asset, name } of protocol.markets) {
    const found = find(index, asset);
    if (found !== undefined) return { protocol: protocol.name, market: name, ...found };
  }
  return undefined;
}

function sumOver(protocol: Protocol, of: (position: number) => number): number {
  let sum = 0;
  for (let position = 0; position < protocol.positions; position++) sum += of(position);
  return sum;
}

/** Collateral, cash or size: who has none of them only owes, and there is nothing to be had from him. */
function hasSomething(accounts: Accounts, position: number): boolean {
  return (
    accounts.quote(position) > 0 ||
    accounts.markets.some(({ index }) => accounts.collateral(position, index) > 0) ||
    accounts.contracts.some((_, contract) => accounts.size(position, contract) !== 0)
  );
}

/** Where more than 10^9 units have run up, their last digits are worth more than a unit. */
const FUNDING_TOLERANCE = 1e-9;

export const protocolInvariants: readonly Invariant[] = [
  {
    id: 'CUSTODY-1',
    sentence:
      'In each asset, custody = collateral + supply + reserve − debt (+ cash, in the asset that contracts are settled in), to the unit.',
    check: (protocol) =>
      inEachMarket(protocol, (market, asset) => {
        const { ledger, accounts } = protocol.inspection;
        const balance = ledger.balance(protocol.custody, asset);
        const settled = market === accounts.settle ? accounts.quoteTotal.data[0] : 0;
        const books = accounts.collateralTotal.data[market] + accounts.cash(market) + settled;
        return balance === books ? undefined : { balance, books };
      }),
  },
  {
    id: 'BOOKS-1',
    sentence: 'The positions of a market sum to its totals.',
    check: (protocol) =>
      inEachMarket(protocol, (market) => {
        const { accounts } = protocol.inspection;
        const pairs = [
          ['collateral', (position: number) => accounts.collateral(position, market), accounts.collateralTotal],
          ['debtShares', (position: number) => accounts.debtShares(position, market), accounts.debtSharesTotal],
          ['supplyShares', (position: number) => accounts.lenderShares(position, market), accounts.supplyShares],
        ] as const;
        for (const [column, of, total] of pairs) {
          const sum = sumOver(protocol, of);
          if (sum !== total.data[market]) return { column, sum, total: total.data[market] };
        }
        return undefined;
      }),
  },
  {
    id: 'BOOKS-2',
    sentence: 'No position and no total is negative.',
    check(protocol) {
      const { accounts } = protocol.inspection;
      const width = protocol.markets.length;
      for (let position = 0; position < protocol.positions; position++) {
        for (let market = 0; market < width; market++) {
          const least = Math.min(
            accounts.collateral(position, market),
            accounts.debtShares(position, market),
            accounts.lenderShares(position, market),
          );
          if (!(least >= 0)) return { position, market, value: least };
        }
      }
      return inEachMarket(protocol, (market) => {
        const totals = [accounts.collateralTotal, accounts.supplyTotal, accounts.reserve, accounts.debtTotal].map(
          (total) => total.data[market],
        );
        return totals.every((total) => total >= 0) && accounts.cash(market) >= 0 ? undefined : { totals: totals.join() };
      });
    },
  },
  {
    id: 'QUOTE-1',
    sentence: 'The cash of all positions sums to its total, in whole units; the total is never negative.',
    check(protocol) {
      const { accounts } = protocol.inspection;
      const total = accounts.quoteTotal.data[0];
      let sum = 0;
      for (let position = 0; position < protocol.positions; position++) {
        const cash = accounts.quoteOf.data[position];
        if (!Number.isSafeInteger(cash)) return { position, cash };
        sum += cash;
      }
      return sum === total && total >= 0 && (accounts.settle >= 0 || total === 0) ? undefined : { sum, total };
    },
  },
  {
    id: 'CONTRACT-1',
    sentence: "The sizes of a contract sum to zero over all positions, the house's included; its longs and shorts are those of the others.",
    check(protocol) {
      const { accounts } = protocol.inspection;
      for (const [contract, { name }] of accounts.contracts.entries()) {
        let longs = 0;
        let shorts = 0;
        for (let position = 0; position < protocol.positions; position++) {
          const size = accounts.size(position, contract);
          if (!Number.isSafeInteger(size)) return { contract: name, position, size };
          if (position === accounts.house) continue;
          longs += Math.max(0, size);
          shorts += Math.max(0, -size);
        }
        const totals = [accounts.longTotal.data[contract], accounts.shortTotal.data[contract]];
        const house = accounts.house < 0 ? 0 : accounts.size(accounts.house, contract);
        if (longs !== totals[0] || shorts !== totals[1] || house + longs - shorts !== 0) {
          return { contract: name, longs, shorts, house, totals: totals.join() };
        }
      }
      return undefined;
    },
  },
  {
    id: 'FUNDING-1',
    sentence: 'What has run up in funding and is not settled yet sums to zero over all positions, to less than a unit.',
    check(protocol) {
      const { accounts } = protocol.inspection;
      let sum = 0;
      let gross = 0;
      for (let position = 0; position < protocol.positions; position++) {
        const due = accounts.fundingDue(position);
        sum += due;
        gross += Math.abs(due);
      }
      return Math.abs(sum) < 1 + gross * FUNDING_TOLERANCE ? undefined : { sum, gross };
    },
  },
  {
    id: 'DEBT-1',
    sentence: 'The debt of a market is never less than its debt shares, and zero only with them.',
    check: (protocol) =>
      inEachMarket(protocol, (market) => {
        const debt = protocol.inspection.accounts.totalDebt(market);
        const shares = protocol.inspection.accounts.totalDebtShares(market);
        return debt >= shares && (debt === 0) === (shares === 0) ? undefined : { debt, shares };
      }),
  },
  {
    id: 'LEDGER-1',
    sentence: 'Each asset sums to zero over all accounts.',
    check: (protocol) =>
      inEachMarket(protocol, (_, asset) => {
        const total = protocol.inspection.ledger.total(asset);
        return total === 0 ? undefined : { total };
      }),
  },
  {
    id: 'LEDGER-2',
    sentence: 'Neither custody nor the insurance fund is negative.',
    check: (protocol) =>
      inEachMarket(protocol, (_, asset) => {
        const custody = protocol.inspection.ledger.balance(protocol.custody, asset);
        const fund = protocol.inspection.ledger.balance(protocol.fund, asset);
        return custody >= 0 && fund >= 0 ? undefined : { custody, fund };
      }),
  },
  {
    id: 'LIQ-1',
    sentence: 'Only a liquidatable position is liquidated: one below 1, or below the level that a margin call or its mechanism allows.',
    check(protocol) {
      const { lastLiquidatedHealth: health, lastLiquidatedLevel: level } = protocol.inspection;
      return health === undefined || health < level ? undefined : { health, level };
    },
  },
  {
    id: 'BACK-1',
    sentence:
      'What the layers of the waterfall paid, and what they left, is exactly the shortfall; none paid after a remainder of nothing.',
    check(protocol) {
      const last = protocol.inspection.lastFall;
      if (last === undefined) return undefined;
      const sum = last.paid.reduce((total, paid) => total + paid, last.left);
      const sound = sum === last.shortfall && last.left >= 0 && last.paid.every((paid) => paid >= 0);
      return sound ? undefined : { shortfall: last.shortfall, paid: last.paid.join(), left: last.left };
    },
  },
  {
    id: 'NEAR-1',
    sentence: 'The index of the near finds exactly those that a full scan finds: below their level, and not without anything at all.',
    check(protocol) {
      const { accounts, near, level } = protocol.inspection;
      const index = near().join();
      const scan: number[] = [];
      for (let position = 0; position < protocol.positions; position++) {
        if (hasSomething(accounts, position) && protocol.health(position, 0).healthFactor < level(position)) scan.push(position);
      }
      return scan.join() === index ? undefined : { scan: scan.join(), index };
    },
  },
];
