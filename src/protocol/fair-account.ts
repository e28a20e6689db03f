/**
 * What a protocol is worth at fair prices: who would get what if it were wound up now, whether assets cover claims, and who is underwater.
 * A full scan with the outside's prices: for reports and ends of runs, never for decisions.
 */
import type { AccountId, AssetId, Ratio, Units, Usd } from '../base/units.ts';
import { OUTSIDE } from '../ledger/ledger.ts';
import type { Accounts } from './accounts.ts';
import type { Marks } from './accounts-view.ts';
import type { Backstop, Means } from './backstop/backstop.ts';
import { paidInWindingUp } from './backstop/winding-up.ts';
import type { Mechanism } from './liquidation/mechanism.ts';
import type { MeansDesk } from './means.ts';
import { cashAndContractsUsd, notionalOf } from './risk/standing.ts';

export type VisitClaim = (holder: AccountId, issuer: AccountId, asset: AssetId, units: Units) => void;

export interface Solvency {
  /** Cash, insurance fund, and debts as far as collateral covers them. */
  readonly assetsUsd: Usd;
  /** What lenders are owed. */
  readonly claimsUsd: Usd;
  /** Σ over positions of debt beyond collateral. */
  readonly shortfallUsd: Usd;
  readonly debtUsd: Usd;
  readonly collateralUsd: Usd;
  /** Notional of all sizes, at the index. */
  readonly notionalUsd: Usd;
  /** Positions whose debt exceeds their collateral. */
  readonly underwater: number;
}

export interface FairAccount {
  claims(visit: VisitClaim): void;
  solvency(): Solvency;
  /** By market, what its lenders would get at fair prices, were all uncovered positions settled now, USD: one winding-up for all. */
  lendersUsd(): Float64Array;
  /** What lenders would lose beyond what was socialised already, were all uncovered positions settled now. */
  lenderShortfallUsd(): Usd;
  /** Calls `visit` for every position whose debt exceeds its collateral. */
  underwater(visit: (position: number, collateralUsd: Usd, debtUsd: Usd) => void): void;
}

export interface FairAccountNeeds {
  readonly accounts: Accounts;
  readonly custody: AccountId;
  readonly escrow: AccountId;
  readonly layers: readonly Backstop[];
  /** USD per unit outside now, by market and then by contract. */
  readonly fair: () => Marks;
  readonly means: MeansDesk;
  readonly mechanism: Pick<Mechanism, 'claims'>;
  /** The position that lends for all holders of receipts; −1 for none. */
  readonly issuer: number;
  /** Whose the house's capital is. */
  readonly parts: (visit: (holder: AccountId, part: Ratio) => void) => void;
}

/** Units that buffers have paid already, by market. */
interface Spent {
  readonly fund: Float64Array;
  readonly reserve: Float64Array;
}

/**
 * Creditors of uncovered positions are the markets of their debts and, for cash and contracts, the pool of all who trade them: it stands
 * behind the markets, at index `markets`.
 */
export function createFairAccount({
  accounts,
  custody,
  escrow,
  layers,
  fair,
  means,
  mechanism,
  issuer,
  parts,
}: FairAccountNeeds): FairAccount {
  const { markets, contracts, settle } = accounts;
  const width = markets.length;
  const pool = width;
  const owed = (position: number, market: number) => {
    const shares = accounts.debtShares(position, market);
    return shares === 0 ? 0 : shares * accounts.debtIndex(market);
  };

  const netUsd = (position: number, marks: Marks) => cashAndContractsUsd(accounts, position, marks);
  const collateralUsd = (position: number, marks: Marks) => {
    let usd = 0;
    for (let market = 0; market < width; market++) usd += accounts.collateral(position, market) * marks[market];
    return usd + Math.max(0, netUsd(position, marks));
  };
  const debtUsd = (position: number, marks: Marks) => {
    let usd = 0;
    for (let market = 0; market < width; market++) usd += owed(position, market) * marks[market];
    return usd + Math.max(0, -netUsd(position, marks));
  };

  /** Claims of the owner of a covered position: its collateral less its debt; cash and contracts as cash. */
  const visitOwner = (position: number, marks: Marks, visit: VisitClaim) => {
    for (const { index, asset } of markets) {
      const units = accounts.collateral(position, index) - owed(position, index);
      if (units !== 0) visit(accounts.owners[position], custody, asset, units);
    }
    const net = netUsd(position, marks);
    if (net !== 0) visit(accounts.owners[position], custody, markets[settle].asset, net / marks[settle]);
  };

  /**
   * An uncovered position is worth 0 to its owner. Its debts take what it has, each in proportion; `inherited` gathers by creditor · width
   * + market what a creditor gets instead of being repaid.
   */
  const inherit = (position: number, debt: Usd, marks: Marks, inherited: Float64Array) => {
    const net = netUsd(position, marks);
    for (let creditor = 0; creditor <= pool; creditor++) {
      const units = creditor === pool ? (net < 0 ? -net / marks[settle] : 0) : owed(position, creditor);
      if (units === 0) continue;
      const market = creditor === pool ? settle : creditor;
      const part = (units * marks[market]) / debt;
      inherited[creditor * width + market] -= units;
      for (let held = 0; held < width; held++) inherited[creditor * width + held] += part * accounts.collateral(position, held);
      if (net > 0) inherited[creditor * width + settle] += (part * net) / marks[settle];
    }
  };

  /**
   * Lets the buffers of the waterfall bear what a creditor misses: whoever pays has that much less, and the creditor inherits it. `spent`
   * says, by market, what of fund and reserve is gone already.
   */
  const bear = (creditor: number, marks: Marks, inherited: Float64Array, spent: Spent, visit: VisitClaim) => {
    const market = creditor === pool ? settle : creditor;
    if (market < 0) return;
    let missing = 0;
    for (let held = 0; held < width; held++) missing -= (inherited[creditor * width + held] * marks[held]) / marks[market];
    if (!(missing > 0)) return;
    const { asset } = markets[market];
    const kind = creditor === pool ? 'quote' : 'debt';
    const shortfall = { kind, position: -1, market, asset, units: Math.floor(missing), at: 0, closed: [] } as const;
    const there = means.of(market, kind);
    const available: Means = {
      fund: there.fund - spent.fund[market],
      reserve: Math.max(0, there.reserve - spent.reserve[market]),
      supply: there.supply,
      fundAccount: there.fundAccount,
      custody,
      // Fair, like all else here: the oracle may be silent.
      mark: marks[market],
      // Winners, vault and lenders bear the rest below.
      vault: 0,
      vaultPosition: there.vaultPosition,
      winners: () => [],
      creditors: () => [],
      // In thought nothing is sold: what is not there in the asset itself does not count.
      treasury: [],
      sale: () => undefined,
    };
    for (const leg of paidInWindingUp(layers, shortfall, available)) {
      if (leg.kind === 'move') {
        visit(leg.from, custody, asset, -leg.units);
        spent.fund[market] += leg.units;
        inherited[creditor * width + market] += leg.units;
      } else if (leg.kind === 'reserve') {
        spent.reserve[market] -= leg.units;
        inherited[creditor * width + market] -= leg.units;
      }
    }
  };

  const visitLender = (position: number, inherited: Float64Array, visit: VisitClaim) => {
    for (const { index, asset } of markets) {
      const shares = accounts.lenderShares(position, index);
      if (shares === 0) continue;
      const part = shares / accounts.supplyShares.data[index];
      visit(accounts.owners[position], custody, asset, part * accounts.supplyTotal.data[index]);
      for (const held of markets) {
        const units = part * inherited[index * width + held.index];
        if (units !== 0) visit(accounts.owners[position], custody, held.asset, units);
      }
    }
  };

  /**
   * Who has cash or profit bears what the pool misses: the house first, with what it has, then all others alike; what is borne by one who
   * is uncovered, his lenders inherit less of. Answers what the house bears. What the pool inherits in kind stays with custody: it was
   * reckoned into what is missing, at its value.
   */
  const sharePool = (marks: Marks, inherited: Float64Array, visit: VisitClaim): Usd => {
    if (settle < 0) return 0;
    const { house } = accounts;
    let missing: Usd = 0;
    for (let held = 0; held < width; held++) missing -= inherited[pool * width + held] * marks[held];
    if (!(missing > 0)) return 0;
    let others: Usd = 0;
    for (let position = 0; position < accounts.positions; position++) {
      if (position !== house) others += Math.max(0, netUsd(position, marks));
    }
    const fromHouse = house < 0 ? 0 : Math.min(Math.max(0, netUsd(house, marks)), missing);
    const part = others > 0 ? (missing - fromHouse) / others : 0;
    for (let position = 0; position < accounts.positions; position++) {
      const bears = position === house ? fromHouse : part * Math.max(0, netUsd(position, marks));
      if (bears > 0) takeFrom(position, bears, marks, inherited, visit);
    }
    return fromHouse;
  };

  /** Lowers what a position, or those who inherit from it, have of the pool. */
  const takeFrom = (position: number, bears: Usd, marks: Marks, inherited: Float64Array, visit: VisitClaim) => {
    const debt = debtUsd(position, marks);
    if (debt <= collateralUsd(position, marks))
      return visit(accounts.owners[position], custody, markets[settle].asset, -bears / marks[settle]);
    for (let market = 0; market < width; market++) {
      inherited[market * width + settle] -= ((owed(position, market) * marks[market]) / debt) * (bears / marks[settle]);
    }
  };

  /** The house's capital, less what it bears for the pool, belongs to those who have parts of it. */
  const visitHouse = (marks: Marks, bears: Usd, visit: VisitClaim) => {
    const { house } = accounts;
    if (house < 0) return;
    const owner = accounts.owners[house];
    const worth = collateralUsd(house, marks) - debtUsd(house, marks) - bears;
    if (!(worth > 0)) return;
    parts((holder, part) => {
      if (holder !== owner) visit(holder, owner, markets[settle].asset, (part * worth) / marks[settle]);
    });
  };

  /** Settles all positions in thought; answers what creditors inherit, and what the house bears for the pool. */
  const windUp = (marks: Marks, visit: VisitClaim): { inherited: Float64Array; houseBears: Usd } => {
    const inherited = new Float64Array((width + 1) * width);
    const spent = { fund: new Float64Array(width), reserve: new Float64Array(width) };
    for (let position = 0; position < accounts.positions; position++) {
      const debt = debtUsd(position, marks);
      // The house's owner answers for nothing beyond its capital either, but has no creditor but the pool.
      if (debt <= collateralUsd(position, marks)) visitOwner(position, marks, visit);
      else inherit(position, debt, marks, inherited);
    }
    bear(pool, marks, inherited, spent, visit);
    const houseBears = sharePool(marks, inherited, visit);
    for (let market = 0; market < width; market++) bear(market, marks, inherited, spent, visit);
    return { inherited, houseBears };
  };

  const visitEscrow = (visit: VisitClaim) =>
    mechanism.claims?.((holder, market, units) => visit(holder, escrow, markets[market].asset, units));

  return {
    claims(visit) {
      const marks = fair();
      // A receipt is owed by whoever issued it to the outside it was made from: so nobody gains by its making.
      for (const { index, params } of markets) {
        const issued = accounts.supplyShares.data[index];
        if (params.receipt !== undefined && issued > 0) visit(OUTSIDE, accounts.owners[issuer], params.receipt, issued);
      }
      const { inherited, houseBears } = windUp(marks, visit);
      for (let position = 0; position < accounts.positions; position++) visitLender(position, inherited, visit);
      visitHouse(marks, houseBears, visit);
      visitEscrow(visit);
    },

    lendersUsd() {
      const marks = fair();
      const { inherited } = windUp(marks, () => undefined);
      return Float64Array.from(markets, ({ index }) => {
        let usd = accounts.supplyTotal.data[index] * marks[index];
        for (let held = 0; held < width; held++) usd += inherited[index * width + held] * marks[held];
        return Math.max(0, usd);
      });
    },

    lenderShortfallUsd() {
      const marks = fair();
      const { inherited } = windUp(marks, () => undefined);
      let usd = 0;
      for (let cell = 0; cell < width * width; cell++) usd -= inherited[cell] * marks[cell % width];
      return Math.max(0, usd);
    },

    solvency() {
      const marks = fair();
      const sum = { assetsUsd: 0, claimsUsd: 0, shortfallUsd: 0, debtUsd: 0, collateralUsd: 0, notionalUsd: 0, underwater: 0 };
      for (let market = 0; market < width; market++) {
        sum.assetsUsd += (accounts.cash(market) + means.of(market, 'debt').fund) * marks[market];
        sum.claimsUsd += accounts.supplyTotal.data[market] * marks[market];
      }
      for (let position = 0; position < accounts.positions; position++) {
        if (position === accounts.house) continue;
        const debt = debtUsd(position, marks);
        const collateral = collateralUsd(position, marks);
        sum.debtUsd += debt;
        sum.collateralUsd += collateral;
        sum.assetsUsd += Math.min(debt, collateral);
        sum.shortfallUsd += Math.max(0, debt - collateral);
        sum.underwater += debt > collateral ? 1 : 0;
        if (contracts.length > 0) sum.notionalUsd += notionalOf(accounts, position, marks);
      }
      addPool(marks, sum);
      return sum;
    },

    underwater(visit) {
      const marks = fair();
      for (let position = 0; position < accounts.positions; position++) {
        const debt = debtUsd(position, marks);
        const collateral = collateralUsd(position, marks);
        if (debt > collateral) visit(position, collateral, debt);
      }
    },
  };

  /** The pool's claims are those of everybody with cash or profit; its assets the cash there is, and what those who owe can pay. */
  function addPool(marks: Marks, sum: { assetsUsd: number; claimsUsd: number }): void {
    if (settle < 0) return;
    sum.assetsUsd += accounts.quoteTotal.data[0] * marks[settle];
    for (let position = 0; position < accounts.positions; position++) sum.claimsUsd += Math.max(0, netUsd(position, marks));
  }
}
