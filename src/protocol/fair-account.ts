/**
 * What a protocol is worth at fair prices: who would get what if it were wound up now, whether assets cover claims, and who is underwater.
 * A full scan with the outside's prices: for reports and ends of runs, never for decisions.
 */
import type { AccountId, AssetId, Units, Usd } from '../base/units.ts';
import type { Accounts } from './accounts.ts';
import type { Marks } from './accounts-view.ts';
import type { Backstop, Means } from './backstop/backstop.ts';
import { fall } from './backstop/waterfall.ts';

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
  /** Positions whose debt exceeds their collateral. */
  readonly underwater: number;
}

export interface FairAccount {
  claims(visit: VisitClaim): void;
  solvency(): Solvency;
  /** What lenders would lose beyond what was socialised already, were all uncovered positions settled now. */
  lenderShortfallUsd(): Usd;
  /** Calls `visit` for every position whose debt exceeds its collateral. */
  underwater(visit: (position: number, collateralUsd: Usd, debtUsd: Usd) => void): void;
}

/** @param fair answers USD per unit by market, now · @param means what backstops have in a market */
export function createFairAccount(
  accounts: Accounts,
  custody: AccountId,
  layers: readonly Backstop[],
  fair: () => Marks,
  means: (market: number) => Means,
): FairAccount {
  const { markets } = accounts;
  const width = markets.length;
  const owed = (position: number, market: number) => accounts.debtShares(position, market) * accounts.debtIndex(market);
  const collateralUsd = (position: number, marks: Marks) => {
    let usd = 0;
    for (let market = 0; market < width; market++) usd += accounts.collateral(position, market) * marks[market];
    return usd;
  };
  const debtUsd = (position: number, marks: Marks) => {
    let usd = 0;
    for (let market = 0; market < width; market++) usd += owed(position, market) * marks[market];
    return usd;
  };

  /** Claims of the owner of a covered position: its collateral less its debt. */
  const visitOwner = (position: number, visit: VisitClaim) => {
    for (const { index, asset } of markets) {
      const units = accounts.collateral(position, index) - owed(position, index);
      if (units !== 0) visit(accounts.owners[position], custody, asset, units);
    }
  };

  /**
   * An uncovered position is worth 0 to its owner. Its debts take its collateral, each in proportion; `inherited` gathers by debt market ·
   * width + market what a market's lenders get instead of being repaid.
   */
  const inherit = (position: number, debt: Usd, marks: Marks, inherited: Float64Array) => {
    for (let market = 0; market < width; market++) {
      const units = owed(position, market);
      if (units === 0) continue;
      const part = (units * marks[market]) / debt;
      inherited[market * width + market] -= units;
      for (let held = 0; held < width; held++) inherited[market * width + held] += part * accounts.collateral(position, held);
    }
  };

  /** Lets the waterfall bear what is missing in a market: whoever pays has that much less, and lenders inherit it. */
  const bear = (market: number, marks: Marks, inherited: Float64Array, visit: VisitClaim) => {
    let missing = 0;
    for (let held = 0; held < width; held++) missing -= (inherited[market * width + held] * marks[held]) / marks[market];
    if (!(missing > 0)) return;
    const { asset } = markets[market];
    const { legs } = fall(layers, { market, asset, units: Math.floor(missing) }, means(market));
    for (const leg of legs) {
      if (leg.kind === 'move') {
        visit(leg.from, custody, asset, -leg.units);
        inherited[market * width + market] += leg.units;
      } else if (leg.kind === 'reserve') inherited[market * width + market] -= leg.units;
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

  /** Settles all positions in thought; answers what lenders inherit. */
  const windUp = (marks: Marks, visit: VisitClaim): Float64Array => {
    const inherited = new Float64Array(width * width);
    for (let position = 0; position < accounts.positions; position++) {
      const debt = debtUsd(position, marks);
      if (debt <= collateralUsd(position, marks)) visitOwner(position, visit);
      else inherit(position, debt, marks, inherited);
    }
    for (let market = 0; market < width; market++) bear(market, marks, inherited, visit);
    return inherited;
  };

  return {
    claims(visit) {
      const inherited = windUp(fair(), visit);
      for (let position = 0; position < accounts.positions; position++) visitLender(position, inherited, visit);
    },

    lenderShortfallUsd() {
      const marks = fair();
      const inherited = windUp(marks, () => undefined);
      let usd = 0;
      for (let cell = 0; cell < inherited.length; cell++) usd -= inherited[cell] * marks[cell % width];
      return Math.max(0, usd);
    },

    solvency() {
      const marks = fair();
      const sum = { assetsUsd: 0, claimsUsd: 0, shortfallUsd: 0, debtUsd: 0, collateralUsd: 0, underwater: 0 };
      for (let market = 0; market < width; market++) {
        sum.assetsUsd += (accounts.cash(market) + means(market).fund) * marks[market];
        sum.claimsUsd += accounts.supplyTotal.data[market] * marks[market];
      }
      for (let position = 0; position < accounts.positions; position++) {
        const debt = debtUsd(position, marks);
        const collateral = collateralUsd(position, marks);
        sum.debtUsd += debt;
        sum.collateralUsd += collateral;
        sum.assetsUsd += Math.min(debt, collateral);
        sum.shortfallUsd += Math.max(0, debt - collateral);
        sum.underwater += debt > collateral ? 1 : 0;
      }
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
}
