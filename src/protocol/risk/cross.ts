/**
 * Cross margin of perpetuals, as exchanges have it: one pot of cash and collateral behind all contracts of an account, collateral with the
 * haircuts of `static`, and for each contract a margin whose rate grows with the position, and for opening with everybody's open interest.
 *
 *   margin = ∫₀ᴺ min(1, max(own rate, rate of the tier at n) + size/scale · own rate/own initial rate) dn        N = |size| · mark
 *   initial margin = m + (N − m) · min(1, (OI − lower cap)/(upper cap − lower cap))⁺                         m: the above at initial rates
 *
 * Tiers are brackets, as of an income tax: what lies within one is charged its rate, so no requirement ever jumps. Without any, and without
 * caps, a contract asks for its own rate, as in `static`. When the need is initial, only a part of an unrealised profit may count.
 */
import { definePart, type ParamsOf, type PartProblem } from '../../base/params.ts';
import type { Ratio, Units, Usd } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import type { Contract } from '../instrument/contract.ts';
import type { Need, RiskEngine, RiskNeeds } from './risk-engine.ts';
import { blankStanding, exposureUsd, judge, lipschitzCushion, roundingUsd, type SlopedEngine } from './standing.ts';
import { countedOf, loanCushion, loanWeight } from './static.ts';

const rate = (doc: string) => ({ kind: 'number', unit: 'ratio', range: [0, 1], doc }) as const;

export const crossParams = {
  tiers: {
    kind: 'table',
    columns: {
      upTo: {
        kind: 'number',
        unit: 'tokens of the settlement asset',
        range: [0, 1e15],
        default: 1e15,
        doc: 'notional at which the tier ends; the last has no end',
      },
      initial: rate('equity per notional within the tier to open'),
      maintenance: rate('equity per notional within the tier to be left alone'),
    },
    default: [],
    doc: 'rates by the notional of a position, from small to large; a contract’s own rates are the least',
  },
  markets: {
    kind: 'table',
    columns: {
      asset: { kind: 'asset', doc: 'underlying of the contracts that the row is about' },
      lowerCap: {
        kind: 'number',
        unit: 'usd',
        range: [0, 1e15],
        default: 0,
        doc: 'open interest up to which the initial rate is the plain one',
      },
      upperCap: {
        kind: 'number',
        unit: 'usd',
        range: [0, 1e15],
        default: 0,
        doc: 'open interest from which opening asks for all of the notional; 0: never (dYdX v4 small-cap tier: 20e6 and 50e6)',
      },
      sizeScale: {
        kind: 'number',
        unit: 'token',
        range: [0, 1e15],
        default: 0,
        doc: 'size that adds 100 % to the initial rate (Synthetix v3: skewScale/initialMarginRatio); 0: none does',
      },
    },
    default: [],
    doc: 'what is particular to an underlying',
  },
  profitWeight: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1],
    default: 1,
    doc: 'part of the unrealised profit of a perpetual that counts for opening and withdrawing (Mango v4: init_overall_asset_weight)',
  },
  profitCap: {
    kind: 'number',
    unit: 'usd',
    range: [0, 1e15],
    optional: true,
    doc: 'most of it that counts, of each perpetual; no limit if left out (Drift v2: 100)',
  },
} as const;
export type CrossTerms = ParamsOf<typeof crossParams>;

export const cross = definePart<RiskNeeds, RiskEngine>()({
  name: 'cross',
  summary: 'One pot behind all contracts, with margin by the size of each position and by open interest.',
  sources: [
    'dydxprotocol/v4-chain x/perpetuals/types/liquidity_tier.go (open interest)',
    'Synthetixio/synthetix-v3 perps-market PerpsMarketConfiguration.sol (size over skew scale)',
    'drift-labs/protocol-v2 math/margin.rs, blockworks-foundation/mango-v4 health (unrealised profit)',
  ],
  params: crossParams,
  check: problemsOfTiers,
  create: (terms, needs) => createCross(terms, needs),
});

export function problemsOfTiers({ tiers, markets }: CrossTerms): readonly PartProblem[] {
  const problems: PartProblem[] = [];
  for (const [row, { upTo, initial, maintenance }] of tiers.entries()) {
    const before = row === 0 ? 0 : tiers[row - 1].upTo;
    if (!(upTo > before))
      problems.push({ param: `tiers.${row}.upTo`, found: String(upTo), expected: `above ${before}, where the tier begins` });
    if (maintenance > initial) {
      problems.push({ param: `tiers.${row}.maintenance`, found: String(maintenance), expected: `at most initial, ${initial}` });
    }
  }
  for (const [row, { lowerCap, upperCap }] of markets.entries()) {
    if (upperCap > 0 && upperCap < lowerCap) {
      problems.push({ param: `markets.${row}.upperCap`, found: String(upperCap), expected: `0, or at least lowerCap, ${lowerCap}` });
    }
  }
  return problems;
}

/** What one contract asks for, and how fast. */
interface Schedule {
  /**
   * @param size   units, ≥ 0
   * @param token  USD of a token of the settlement asset, in which tiers are said
   * @returns      USD, open interest left out
   */
  margin(notional: Usd, size: Units, token: Usd, need: Need): Usd;
  /** The most that a USD of notional may add to the maintenance margin. */
  slope(size: Units): Ratio;
}

export function createCross(terms: CrossTerms, needs: RiskNeeds): SlopedEngine {
  const { markets, contracts, settle, stateOf } = needs;
  const standing = blankStanding();
  const rowOf = ({ market }: Contract) => terms.markets.find(({ asset }) => asset === markets[market].asset);
  const rows = contracts.map(rowOf);
  const schedules = contracts.map((contract, i) => scheduleOf(terms, contract, (rows[i]?.sizeScale ?? 0) * markets[contract.market].scale));

  /** What asks for margin: an option that was bought does not. */
  const marginedSize = (accounts: AccountsView, position: number, contract: number): Units => {
    const size = accounts.size(position, contract);
    return contracts[contract].linear ? Math.abs(size) : Math.max(0, -size);
  };
  /** Of the notional: a perpetual's own, an option's underlying's. */
  const markOf = (contract: number) => (contracts[contract].linear ? markets.length + contract : contracts[contract].market);
  const tokenUsd = (marks: Marks): Usd => marks[settle] * markets[settle].scale;

  /** Share of what is left of the notional that open interest adds to the initial margin. */
  const crowding = (contract: number): Ratio => {
    const row = rows[contract];
    if (row === undefined || row.upperCap === 0) return 0;
    const { longs, shorts, index } = stateOf(contract);
    // The house is on the other side: its size belongs to the smaller one.
    const interest = Math.max(longs, shorts) * index;
    if (interest <= row.lowerCap) return 0;
    return interest >= row.upperCap ? 1 : (interest - row.lowerCap) / (row.upperCap - row.lowerCap);
  };

  const marginOf = (accounts: AccountsView, position: number, marks: Marks, need: Need): Usd => {
    let sum = 0;
    for (let contract = 0; contract < contracts.length; contract++) {
      const size = marginedSize(accounts, position, contract);
      if (size === 0) continue;
      const notional = size * marks[markOf(contract)];
      const margin = schedules[contract].margin(notional, size, tokenUsd(marks), need);
      sum += need === 'initial' ? margin + crowding(contract) * Math.max(0, notional - margin) : margin;
    }
    return sum;
  };

  /** What of unrealised profits does not count for opening. */
  const uncounted = (accounts: AccountsView, position: number, marks: Marks): Usd => {
    if (terms.profitWeight === 1 && terms.profitCap === undefined) return 0;
    let sum = 0;
    for (let contract = 0; contract < contracts.length; contract++) {
      const size = accounts.size(position, contract);
      if (size === 0 || !contracts[contract].linear) continue;
      const profit = size * marks[markets.length + contract] - accounts.entry(position, contract) * marks[settle];
      if (profit > 0) sum += profit - Math.min(terms.profitCap ?? Number.POSITIVE_INFINITY, terms.profitWeight * profit);
    }
    return sum;
  };

  return {
    epoch: () => 0,
    weight: loanWeight,
    assess(accounts, position, marks, need, into) {
      const counted = countedOf(accounts, position, marks, need, standing);
      const withheld = need === 'initial' ? uncounted(accounts, position, marks) : 0;
      return judge(standing, counted - withheld, marginOf(accounts, position, marks, need), into);
    },
    cushion(accounts, position, marks, level) {
      if (accounts.settle < 0) return loanCushion(accounts, position, marks, level);
      const counted = countedOf(accounts, position, marks, 'maintenance', standing);
      let margin = 0;
      let steepest = 0;
      for (let contract = 0; contract < contracts.length; contract++) {
        const size = marginedSize(accounts, position, contract);
        if (size === 0) continue;
        const notional = size * marks[markOf(contract)];
        margin += schedules[contract].margin(notional, size, tokenUsd(marks), 'maintenance');
        steepest += schedules[contract].slope(size) * notional;
      }
      const rounding = roundingUsd(accounts, marks, level);
      const distance = counted - level * (standing.debtsUsd + margin) - rounding;
      return lipschitzCushion(distance, exposureUsd(standing, level) + level * steepest + rounding);
    },
    slope(accounts, position) {
      let steepest = 1;
      for (let contract = 0; contract < contracts.length; contract++) {
        const size = marginedSize(accounts, position, contract);
        if (size !== 0) steepest = Math.max(steepest, schedules[contract].slope(size));
      }
      return steepest;
    },
  };
}

/** @param scale  size at which the initial rate is 100 % more, units; 0: none */
function scheduleOf({ tiers }: CrossTerms, contract: Contract, scale: Units): Schedule {
  const own = { initial: contract.initial, maintenance: contract.maintenance };
  const part = { initial: 1, maintenance: own.initial > 0 ? own.maintenance / own.initial : 0 };
  const highest = Math.max(own.maintenance, ...tiers.map(({ maintenance }) => maintenance));
  /** No more than the whole, except where the contract itself asks for more. */
  const rateAt = (plain: Ratio, size: Units, need: Need): Ratio => {
    const sized = scale > 0 ? (size / scale) * part[need] : 0;
    return Math.min(Math.max(1, own[need]), Math.max(own[need], plain) + sized);
  };
  return {
    margin(notional, size, token, need) {
      if (tiers.length === 0) return notional * rateAt(0, size, need);
      let sum = 0;
      let from = 0;
      for (let row = 0; row < tiers.length && !(notional <= from); row++) {
        const to = row === tiers.length - 1 ? notional : Math.min(notional, tiers[row].upTo * token);
        sum += (to - from) * rateAt(tiers[row][need], size, need);
        from = to;
      }
      return sum;
    },
    slope: (size) => rateAt(highest, size, 'maintenance'),
  };
}
