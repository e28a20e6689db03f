/**
 * The risk engine that asks what an account could be closed for: a collateral counts with what its sale would bring on the venues, less
 * what its price may lose until the sale; a debt is owed with what buying it back would cost, plus what its price may gain; a contract
 * asks for the impact of closing it, plus the move. A market's own numbers stay bounds: nothing counts with more than its threshold (or
 * LTV), and no contract asks for less than its own margin.
 *
 *   counted = Σ collateral · mark · min(threshold, (1 − zσ√τ)⁺ · share(X))          X = own + crowd · (all − own)
 *   owed    = Σ debt · mark · factor(X) · (1 + zσ√τ)
 *   margin  = Σ max(own margin, loss at the worse of index · (1 ± zσ√τ) and by the impact of closing)
 *
 * share and factor are those of `sale-table.ts` and `purchase-table.ts`; with crowd = 1 everybody's collateral in a market is sold at
 * once and each gets the average. Initial: what counts besides cash is divided by a factor, contracts' margin multiplied. `cash` is what
 * sales bring: it needs no sale, and a debt in it no purchase, which would count the same slippage twice.
 *
 * Venues are looked at once an interval, at the end of a block, and sooner when they have moved; in between everything is a share of the
 * mark, and interest makes no debt dearer a unit. A depth that is read at one moment can be made or taken away at that moment. What no
 * venue trades counts nothing and cannot be owed.
 */
import { log } from '../../base/elementary.ts';
import { definePart, type ParamsOf } from '../../base/params.ts';
import type { AssetId, Ms, Ratio, Units, Usd } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import type { ContractState } from '../instrument/contract.ts';
import { createPurchaseTable } from './purchase-table.ts';
import type { Need, RiskEngine, RiskNeeds } from './risk-engine.ts';
import { createSaleTable } from './sale-table.ts';
import {
  addContracts,
  blankStanding,
  CUSHION_SLACK,
  exposureUsd,
  judge,
  lipschitzCushion,
  roundingUsd,
  type Standing,
} from './standing.ts';
import { boughtOptionsUsd, modeOf, shareOf } from './static.ts';
import { createMarkVolatilities, volatilityParams } from './volatility/mark-volatilities.ts';

/** A move of an index takes at most this part of it: none is left worth nothing. */
const MOVE_MAX = 0.99;

const params = {
  cash: { kind: 'assets', doc: 'assets that sales bring and debts are paid in: counted at their marks alone' },
  delay: {
    kind: 'duration',
    range: [0, 30 * 86_400_000],
    default: 3_600_000,
    doc: 'from when an account may be liquidated to its sale, τ',
  },
  deviations: {
    kind: 'number',
    unit: 'deviations',
    range: [0, 20],
    default: 2.326,
    doc: 'moves that are reckoned with in the delay, z (2.326: all but 1 % of normal ones)',
  },
  crowd: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1],
    default: 0,
    doc: 'part of all others in the same market that is sold or bought back at the same time',
  },
  change: {
    kind: 'number',
    unit: 'ratio',
    range: [0.001, 1],
    default: 0.05,
    doc: 'change of what a sale brings, or of a market’s total where crowd > 0, at which venues are looked at before the interval is over',
  },
  initialFactor: {
    kind: 'number',
    unit: 'ratio',
    range: [1, 10],
    default: 1.1,
    doc: 'by how much more is asked to borrow or open (CME: 110 % of maintenance where risk is heightened)',
  },
  ...volatilityParams,
} as const;

export const depthAware = definePart<RiskNeeds, RiskEngine>()({
  name: 'depth-aware',
  summary:
    'A collateral counts with what selling it now would bring, less what its price may lose until then; likewise debts and contracts.',
  sources: [
    'A. Bangia et al., Modeling liquidity risk, NYU working paper 99-062 (price risk and the cost of the sale, together)',
    'flyingtulip.com/ltv.htm (loan-to-value from slippage of the position and z·σ·√t)',
    'backstop-protocol/smart-ltv contracts/SmartLTV.sol (the same from depth, volatility and debt ceiling)',
    'cmegroup.com/clearing/risk-management/performance-bonds-margins.html (initial 110 % of maintenance)',
  ],
  params,
  create: createDepthAware,
});

function createDepthAware(terms: ParamsOf<typeof params>, needs: RiskNeeds): RiskEngine {
  const { delay, deviations: z, crowd, change, initialFactor, interval } = terms;
  const { markets, contracts } = needs;
  const isCash = markets.map(({ asset }) => (terms.cash as readonly AssetId[]).includes(asset));
  const sales = markets.map(({ index }) => createSaleTable(needs, index));
  const purchases = markets.map(({ index }) => createPurchaseTable(needs, index));
  const volatilities = createMarkVolatilities(markets, terms, delay);
  /** zσ√τ by market. */
  const moves = new Float64Array(markets.length);
  const collaterals = new Float64Array(markets.length);
  const debts = new Float64Array(markets.length);
  /** Units owed per share: interest since the last look makes a debt larger, but not dearer to buy back a unit. */
  const indexes = new Float64Array(markets.length).fill(1);
  const states: (ContractState | undefined)[] = contracts.map(() => undefined);
  const standing = blankStanding();
  const state = { at: 0, index: 0, skew: 0, longs: 0, shorts: 0 };
  let epoch = 0;
  let nextLook: Ms = 0;

  const updateMoves = () => {
    for (let market = 0; market < moves.length; market++) moves[market] = z * volatilities.deviations[market];
  };
  updateMoves();

  /** What is sold or bought at the same time as `own`. */
  const together = (own: Units, all: number): number => own + crowd * Math.max(0, all - own);

  const saleShare = (market: number, units: Units): Ratio =>
    isCash[market] ? 1 : Math.max(0, 1 - moves[market]) * sales[market].share(together(units, collaterals[market]));

  const debtFactor = (market: number, shares: number): Ratio =>
    isCash[market] ? 1 : (1 + moves[market]) * purchases[market].factor(together(shares * indexes[market], debts[market]));

  /** @param most  the market's own bound */
  const countedShare = (market: number, units: Units, most: Ratio, need: Need): Ratio => {
    const factor = need === 'initial' && !isCash[market] ? initialFactor : 1;
    // Nothing is asked about what counts nothing anyway.
    return most === 0 ? 0 : Math.min(most, saleShare(market, units) / factor);
  };

  /** What closing a size may cost: the worse move of the index, and the impact against the house, as of the last look; USD. */
  const closingLoss = (contract: number, size: Units, marks: Marks): Usd => {
    const own = contracts[contract];
    const seen = states[contract];
    if (seen === undefined) return Number.NaN;
    const move = Math.min(MOVE_MAX, moves[own.market]);
    if (own.linear) {
      const value = own.value(seen);
      const impact = value > 0 ? Math.abs(value - own.fill(seen, -size)) / value : 1;
      // One after the other: what was bought loses its worth at most.
      const part = size > 0 ? 1 - (1 - move) * Math.max(0, 1 - impact) : (1 + move) * (1 + impact) - 1;
      return Math.abs(size) * marks[markets.length + contract] * part;
    }
    state.at = seen.at;
    state.index = marks[own.market];
    state.skew = seen.skew;
    state.longs = seen.longs;
    state.shorts = seen.shorts;
    const value = own.value(state);
    const worst = Math.min(size * own.valueAt(state, 1 - move, 1), size * own.valueAt(state, 1 + move, 1));
    return Math.max(0, size * value - worst) + Math.abs(size) * Math.abs(value - own.fill(state, -size));
  };

  const marginOf = (accounts: AccountsView, position: number, marks: Marks, need: Need): Usd => {
    let margin = 0;
    for (let contract = 0; contract < contracts.length; contract++) {
      const size = accounts.size(position, contract);
      if (size === 0) continue;
      const { initial, maintenance, linear, market } = contracts[contract];
      if (!linear && size > 0) continue;
      const notional = Math.abs(size) * marks[linear ? markets.length + contract : market];
      const loss = closingLoss(contract, size, marks);
      margin += need === 'initial' ? Math.max(initial * notional, initialFactor * loss) : Math.max(maintenance * notional, loss);
    }
    return margin;
  };

  /** Collateral, cash and contracts; fills the standing but for debts, and answers what counts. */
  const countAssets = (accounts: AccountsView, position: number, marks: Marks, need: Need, into: Standing): Usd => {
    const mode = modeOf(accounts, position);
    let counted = 0;
    into.assetsUsd = 0;
    into.debtsUsd = 0;
    into.exposed = false;
    for (let market = 0; market < markets.length; market++) {
      const units = accounts.collateral(position, market);
      if (units === 0) continue;
      const usd = units * marks[market];
      into.assetsUsd += usd;
      // A share of 0 of an asset without a mark is still not known.
      counted += usd * countedShare(market, units, shareOf(accounts.markets[market], mode, need), need);
    }
    return counted + addContracts(accounts, position, marks, into) - boughtOptionsUsd(accounts, position, marks);
  };

  const lookAt = (marks: Marks, at: Ms, now: readonly ContractState[]) => {
    for (let market = 0; market < markets.length; market++) {
      collaterals[market] = needs.collateralTotal(market);
      debts[market] = needs.debtTotal(market);
      indexes[market] = needs.debtIndex(market);
      if (isCash[market]) continue;
      sales[market].refresh(marks[market]);
      purchases[market].refresh(marks[market]);
    }
    for (let contract = 0; contract < contracts.length; contract++) {
      if (now[contract].index > 0) states[contract] = now[contract];
    }
    nextLook = at + interval;
  };

  /** Whether something is not as it was at the last look. */
  const hasMoved = (marks: Marks, now: readonly ContractState[]): boolean => {
    for (let market = 0; market < markets.length; market++) {
      if (crowd > 0 && Math.abs(needs.collateralTotal(market) - collaterals[market]) > change * collaterals[market]) return true;
      if (crowd > 0 && Math.abs(needs.debtTotal(market) - debts[market]) > change * debts[market]) return true;
      if (isCash[market]) continue;
      if (sales[market].moved(marks[market], change) || purchases[market].moved(marks[market], change)) return true;
    }
    return now.some(({ index }, contract) => states[contract] === undefined && index > 0);
  };

  return {
    epoch: () => epoch,

    observe(marks, at, now) {
      const learned = volatilities.observe(marks, at);
      if (learned) updateMoves();
      const looks = at >= nextLook || hasMoved(marks, now);
      if (looks) lookAt(marks, at, now);
      if (learned || looks) epoch += 1;
    },

    assess(accounts, position, marks, need, into) {
      const counted = countAssets(accounts, position, marks, need, standing);
      let dearer = 0;
      for (let market = 0; market < markets.length; market++) {
        const shares = accounts.debtShares(position, market);
        if (shares === 0) continue;
        const usd = accounts.debt(position, market) * marks[market];
        standing.exposed = true;
        standing.debtsUsd += usd;
        if (usd !== 0) dearer += usd * (debtFactor(market, shares) - 1);
      }
      return judge(standing, counted, dearer + marginOf(accounts, position, marks, need), into);
    },

    /** Of an account of loans by the ratio of what counts and what is owed, otherwise by their difference. */
    cushion(accounts, position, marks, level) {
      const counted = countAssets(accounts, position, marks, 'maintenance', standing);
      let owed = 0;
      for (let market = 0; market < markets.length; market++) {
        const shares = accounts.debtShares(position, market);
        // shares + 1 covers the rounding up of debt, now and later.
        if (shares > 0) owed += (shares + 1) * accounts.debtIndex(market) * marks[market] * debtFactor(market, shares);
      }
      if (accounts.settle < 0) {
        const distance = log(counted / owed / level) - CUSHION_SLACK;
        return Number.isNaN(distance) ? Number.NEGATIVE_INFINITY : distance;
      }
      const margin = marginOf(accounts, position, marks, 'maintenance');
      const rounding = roundingUsd(accounts, marks, level);
      standing.debtsUsd += owed;
      const distance = counted - level * (standing.debtsUsd + margin) - rounding;
      return lipschitzCushion(distance, exposureUsd(standing, level) + level * margin + rounding);
    },
  };
}
