/**
 * Isolated margin: no underlying answers for another. An account is judged in parts: what it has in common (collateral, debts, and cash
 * as it would be if every contract were closed at what it cost), and for each underlying its contracts alone, against their cost.
 *
 *   required = required(common) + Σ max(requirement, gain)    of each underlying: what its part asks for and has gained
 *
 * A loss is paid for by the common part, a gain beyond an underlying's own requirement supports nothing until it is realised. So nobody
 * needs less than under cross margin, and the same where there is one underlying without such a gain. Where cash is not shared, each
 * underlying has a share of the common part, in proportion to what its contracts cost, and the most needy decides.
 */
import { definePart } from '../../base/params.ts';
import type { Units } from '../../base/units.ts';
import { type AccountsView, holdsSize, type Market, type Marks } from '../accounts-view.ts';
import type { Contract } from '../instrument/contract.ts';
import { createCross, crossParams, problemsOfTiers } from './cross.ts';
import { blankHealth, type Need, type RiskEngine, type RiskNeeds } from './risk-engine.ts';
import { blankStanding, exposureUsd, judge, lipschitzCushion, roundingUsd, type SlopedEngine, standingOf } from './standing.ts';

export const isolated = definePart<RiskNeeds, RiskEngine>()({
  name: 'isolated',
  summary: 'The margin of cross, underlying by underlying: a gain in one is no support for another until it is realised.',
  sources: ['drift-labs/protocol-v2 and dydxprotocol/v4-chain (isolated subaccounts): each market with margin of its own'],
  params: {
    ...crossParams,
    sharesCash: { kind: 'flag', default: true, doc: 'whether all cash and collateral supports every underlying, or each has its share' },
  },
  check: (terms) => problemsOfTiers(terms),
  create: ({ sharesCash, ...terms }, needs) => isolate(createCross(terms, needs), needs, sharesCash),
});

/** The part of an account that has nothing to do with any underlying. */
const COMMON = -1;

export function isolate(engine: SlopedEngine, needs: RiskNeeds, sharesCash = true): SlopedEngine {
  const { contracts } = needs;
  const part = new Part(needs);
  const underlyings = [...new Set(contracts.map(({ market }) => market))];
  const standing = blankStanding();
  const health = blankHealth();

  const assessPart = (underlying: number, position: number, marks: Marks, need: Need) => {
    part.underlying = underlying;
    return engine.assess(part, position, marks, need, health);
  };

  /** What an underlying's contracts cost, either way, settlement units; 1 more, so that nothing is without a share. */
  const costOf = (accounts: AccountsView, position: number, underlying: number): Units => {
    let cost = 1;
    for (let contract = 0; contract < contracts.length; contract++) {
      if (contracts[contract].market === underlying) cost += Math.abs(accounts.entry(position, contract));
    }
    return cost;
  };

  const isHeld = (accounts: AccountsView, position: number, underlying: number) =>
    contracts.some((contract, i) => contract.market === underlying && accounts.size(position, i) !== 0);

  /** The smallest share of the common part that an underlying has; 1 where all share all of it. */
  const leastShare = (accounts: AccountsView, position: number): number => {
    if (sharesCash) return 1;
    const costs = underlyings.filter((one) => isHeld(accounts, position, one)).map((one) => costOf(accounts, position, one));
    return costs.length === 0 ? 1 : Math.min(...costs) / costs.reduce((sum, cost) => sum + cost, 0);
  };

  const requirement = (accounts: AccountsView, position: number, marks: Marks, need: Need): number => {
    part.of(accounts);
    const required = assessPart(COMMON, position, marks, need).required;
    let total = 0;
    let cost = 0;
    if (!sharesCash) for (const one of underlyings) if (isHeld(accounts, position, one)) cost += costOf(accounts, position, one);
    let most = 0;
    for (const underlying of underlyings) {
      if (!isHeld(accounts, position, underlying)) continue;
      const { equity, required: alone } = assessPart(underlying, position, marks, need);
      if (sharesCash) total += Math.max(alone, equity);
      else {
        total += equity;
        most = Math.max(most, ((alone - equity) * cost) / costOf(accounts, position, underlying));
      }
    }
    // Nothing but rounding is below 0.
    return Math.max(0, required + total + most);
  };

  return {
    epoch: () => engine.epoch(),
    ...(engine.weight === undefined ? {} : { weight: engine.weight }),
    ...(engine.observe === undefined ? {} : { observe: engine.observe }),
    assess(accounts, position, marks, need, into) {
      if (!holdsSize(accounts, position)) return engine.assess(accounts, position, marks, need, into);
      const required = requirement(accounts, position, marks, need);
      standingOf(accounts, position, marks, standing);
      return judge(standing, standing.assetsUsd, required, into);
    },
    cushion(accounts, position, marks, level) {
      if (!holdsSize(accounts, position)) return engine.cushion(accounts, position, marks, level);
      const required = requirement(accounts, position, marks, 'maintenance');
      const { assetsUsd, debtsUsd } = standingOf(accounts, position, marks, standing);
      const steepest = level * this.slope(accounts, position);
      const rounding = roundingUsd(accounts, marks, level) * (1 + steepest);
      const distance = assetsUsd - level * (debtsUsd + required) - rounding;
      return lipschitzCushion(distance, exposureUsd(standing, level) * (1 + steepest) + rounding);
    },
    // What an underlying asks for and has gained, by its share of the common part; and its gain once more, which is asked for.
    slope: (accounts, position) => (engine.slope(accounts, position) + 2) / leastShare(accounts, position),
  };
}

/** A part of an account, as if it were one. Only that account is looked at through it. */
class Part implements AccountsView {
  readonly markets: readonly Market[];
  readonly contracts: readonly Contract[];
  readonly settle: number;
  underlying = COMMON;
  private whole: AccountsView;

  constructor({ markets, contracts, settle }: RiskNeeds) {
    this.markets = markets;
    this.contracts = contracts;
    this.settle = settle;
    this.whole = this;
  }

  of(whole: AccountsView): void {
    this.whole = whole;
  }

  get positions(): number {
    return this.whole.positions;
  }

  collateral(position: number, market: number): Units {
    return this.underlying === COMMON ? this.whole.collateral(position, market) : 0;
  }

  debtShares(position: number, market: number): Units {
    return this.underlying === COMMON ? this.whole.debtShares(position, market) : 0;
  }

  debt(position: number, market: number): Units {
    return this.underlying === COMMON ? this.whole.debt(position, market) : 0;
  }

  totalDebt(market: number): Units {
    return this.whole.totalDebt(market);
  }

  totalDebtShares(market: number): Units {
    return this.whole.totalDebtShares(market);
  }

  debtIndex(market: number): number {
    return this.whole.debtIndex(market);
  }

  size(position: number, contract: number): Units {
    return this.contracts[contract].market === this.underlying ? this.whole.size(position, contract) : 0;
  }

  /** Of the common part, as if everything were closed at what it cost; of an underlying, what its contracts cost. */
  quote(position: number): Units {
    let cost = 0;
    for (let contract = 0; contract < this.contracts.length; contract++) {
      if (this.underlying === COMMON || this.contracts[contract].market === this.underlying) cost += this.whole.entry(position, contract);
    }
    return this.underlying === COMMON ? this.whole.quote(position) + cost : -cost;
  }

  entry(position: number, contract: number): Units {
    return this.contracts[contract].market === this.underlying ? this.whole.entry(position, contract) : 0;
  }

  fundingIndexOf(contract: number): number {
    return this.whole.fundingIndexOf(contract);
  }
}
