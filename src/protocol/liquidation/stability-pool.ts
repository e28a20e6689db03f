/**
 * Liquidation by a stability pool, the rule of Liquity v1: depositors hold the debt's asset in readiness. Whoever starts the liquidation
 * of a position below the minimum collateral ratio (MCR, 1 ÷ the collateral's threshold) has its debt cancelled by the deposits, which
 * receive the collateral; what the pool cannot cancel is laid at once upon the other borrowers, with its collateral (`redistribution`).
 * The keeper gets a fixed sum from the pool and a share of the collateral.
 *
 *   owed            T = debt + fixed sum, the latter as far as the pool goes            cancelled  K = min(T, deposits)
 *   of collateral   keeper ⌊C·share⌋, pool ⌊(C − keeper)·K/T⌋, others the rest
 *
 * Recovery mode: while the total collateral ratio of all borrowers, TCR, is below the critical one, positions above MCR are offered too,
 * up to TCR (`level`). Their debt is cancelled wholly or not at all, for collateral worth MCR·T; what is beyond stays theirs. Of those
 * that owe more than they hold, the pool then takes nothing, and all is redistributed.
 *
 * Here lenders lend the asset that Liquity mints, and the fixed sum is on top of the debt, where there it is set aside at the beginning and
 * counts in the ratio. Fees of borrowing, redemption and the ban on loans that would bring about recovery mode are left out. Meant for
 * the risk engine `static`; of a position that owes other assets too, its part of the collateral by value is liquidated.
 *
 * Source: liquity/dev packages/contracts/contracts/TroveManager.sol (_liquidateNormalMode, _liquidateRecoveryMode), StabilityPool.sol.
 */
import { mulDivDown } from '../../base/exact.ts';
import { assert } from '../../base/fault.ts';
import { largestRemainder } from '../../base/largest-remainder.ts';
import { definePart, type ParamsOf } from '../../base/params.ts';
import { isRejection, type Rejection, reject } from '../../base/rejection.ts';
import { toUnitsDown, type Units } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import { burntShares } from '../instrument/debt.ts';
import { collateralLeg, debtLeg, type Leg, move } from '../plan.ts';
import type { Health } from '../risk/risk-engine.ts';
import { createCollateralRatios } from './collateral-ratios.ts';
import type { Done, Mechanism, MechanismNeeds, Started, StartRequest } from './mechanism.ts';
import { isAnybodyLeft, redistribute } from './redistribution.ts';
import { refusalByHealth, refusalOfNoLot } from './repayment.ts';
import { createStabilityDeposits } from './stability-deposits.ts';

const params = {
  debt: { kind: 'asset', doc: 'what depositors provide, and whose debts the pool cancels; it needs a market' },
  gasFixed: {
    kind: 'number',
    unit: 'token',
    range: [0, 1e9],
    default: 200,
    doc: 'of that asset, to the keeper for each liquidation (Liquity: 200)',
  },
  gasShare: { kind: 'number', unit: 'ratio', range: [0, 0.5], default: 0.005, doc: 'of the collateral, to the keeper (Liquity: 0.5 %)' },
  debtMin: {
    kind: 'number',
    unit: 'token',
    range: [0, 1e12],
    default: 1800,
    doc: 'smallest debt a position may have: less is not worth the fixed sum (Liquity: 1,800)',
  },
  criticalRatio: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 100],
    default: 1.5,
    doc: 'collateral per debt of all borrowers below which recovery mode begins (Liquity: 1.5); 0: never',
  },
  lock: { kind: 'flag', default: true, doc: 'no deposit can be taken back while a position is below the minimum ratio (Liquity: so)' },
} as const;

export const stabilityPool = definePart<MechanismNeeds, Mechanism>()({
  name: 'stability-pool',
  summary: 'Deposits cancel the debt of liquidated positions and receive their collateral; other borrowers take over the rest.',
  sources: ['liquity/dev TroveManager.sol, StabilityPool.sol, LiquityBase.sol'],
  params,
  create: createPoolLiquidation,
});

/** Weights of values are whole parts of this. */
const WEIGHTS = 2 ** 32;

/** What becomes of one collateral: to the keeper, to the pool, and what other borrowers take over. */
interface Part {
  readonly market: number;
  readonly units: Units;
  readonly gas: Units;
  readonly pooled: Units;
  readonly spread: boolean;
  readonly rest: Units;
}

/** Splits a number over the collaterals in proportion to their value; where all are worthless, alike. */
function split(total: number, parts: readonly Part[], marks: Marks): Float64Array {
  const values = parts.map(({ units, market }) => (units > 0 ? units * marks[market] : 0));
  const most = Math.max(...values);
  const weights = parts.map(({ units }, market) => (most > 0 ? Math.round((values[market] / most) * WEIGHTS) : Math.sign(units)));
  const into = new Float64Array(parts.length);
  largestRemainder(total, weights, into);
  return into;
}

function createPoolLiquidation(terms: ParamsOf<typeof params>, needs: MechanismNeeds): Mechanism {
  const { markets, custody, escrow } = needs;
  const debtMarket = markets.findIndex(({ asset }) => asset === terms.debt);
  assert(debtMarket >= 0, 'POOL_MARKET', { asset: terms.debt });
  const { asset, decimals } = markets[debtMarket];
  const gasFixed = toUnitsDown(terms.gasFixed, decimals);
  const debtMin = toUnitsDown(terms.debtMin, decimals);
  const ratios = createCollateralRatios(debtMarket, terms.criticalRatio);
  const deposits = createStabilityDeposits(debtMarket, terms.lock, ratios, needs);
  const { pool } = deposits;

  /** Collateral that answers for the debt: all of it, or its part by value where the position owes other assets as well. */
  const answering = (accounts: AccountsView, position: number, part: number): Units[] =>
    markets.map(({ index }) => (part < 1 ? Math.floor(accounts.collateral(position, index) * part) : accounts.collateral(position, index)));

  const start = (request: StartRequest, accounts: AccountsView, marks: Marks, health: Health): Started | Rejection => {
    const { position } = request;
    ratios.observe(accounts, marks);
    const refused = refusalByHealth(health);
    const spared = refused !== undefined && health.healthFactor < ratios.level(accounts, position);
    if (refused !== undefined && !spared) return refused;
    const debt = accounts.debt(position, debtMarket);
    if (debt === 0) return reject('DEBT_NONE');
    const part = (debt * marks[debtMarket]) / health.debtUsd;
    const answers = answering(accounts, position, part);
    if (answers.every((units) => units === 0)) return reject('COLLATERAL_NONE');
    const whole = debt + gasFixed;
    if (!spared) {
      const offsets = !(ratios.recovery && health.collateralUsd <= health.debtUsd);
      return liquidate(request, accounts, marks, debt, answers, offsets ? pool.total : 0);
    }
    if (pool.total < whole) return reject('POOL_SHORT', { deposits: pool.total, wanted: whole });
    return liquidate(request, accounts, marks, debt, capped(marks, whole, answers), whole);
  };

  /** So much of the collateral that it is worth MCR times what is owed. */
  const capped = (marks: Marks, owed: Units, answers: readonly Units[]): Units[] => {
    const counted = answers.reduce((usd, units, market) => {
      return units > 0 ? usd + units * marks[market] * markets[market].params.liquidationThreshold : usd;
    }, 0);
    const factor = Math.min(1, (owed * marks[debtMarket]) / counted);
    return answers.map((units) => Math.floor(units * factor));
  };

  /** The plan by which at most `purse` of the pool's deposits cancel debt, and other borrowers take over the rest. */
  const liquidate = (
    { position, keeper }: StartRequest,
    accounts: AccountsView,
    marks: Marks,
    debt: Units,
    answers: readonly Units[],
    purse: Units,
  ): Started | Rejection => {
    const fixed = Math.min(gasFixed, purse);
    const owed = debt + fixed;
    const cancelled = Math.min(owed, purse);
    const paid = cancelled - fixed;
    const parts = partsOf(accounts, position, answers, cancelled, owed);
    const spreads = parts.some(({ spread }) => spread);
    if (cancelled === 0 && !spreads) return reject(pool.total === 0 ? 'POOL_EMPTY' : 'NOBODY_LEFT');

    const burnt = burntShares(accounts, position, debtMarket, paid);
    const plan: Leg[] = [];
    const done: Done[] = [];
    if (fixed > 0) plan.push(move(escrow, keeper, asset, fixed));
    if (paid > 0) plan.push(move(escrow, custody, asset, paid), debtLeg(position, debtMarket, -paid, -burnt));
    const paidFor = split(paid, parts, marks);
    const leftFor = split(accounts.debtShares(position, debtMarket) - burnt, parts, marks);
    let rewardUsd = fixed * marks[debtMarket];
    for (const { market, gas, pooled, spread, rest } of parts) {
      const taken = gas + pooled;
      const told = paidFor[market] > 0;
      if (taken > 0) plan.push(collateralLeg(position, market, -taken));
      if (told) done.push({ taker: escrow, debtMarket, collateralMarket: market, repaid: paidFor[market], seized: taken });
      if (gas > 0) plan.push(move(custody, keeper, markets[market].asset, gas));
      if (pooled > 0) plan.push(move(custody, escrow, markets[market].asset, pooled));
      rewardUsd += gas > 0 ? gas * marks[market] : 0;
      if (!spread) continue;
      const passed = { debtMarket, debtShares: leftFor[market], collateralMarket: market, collateral: rest };
      const legs = redistribute(accounts, position, passed);
      if (isRejection(legs)) continue;
      plan.push(...legs);
      const repaid = Math.floor(leftFor[market] * accounts.debtIndex(debtMarket));
      done.push({ taker: custody, debtMarket, collateralMarket: market, repaid, seized: told ? rest : rest + taken });
    }
    deposits.cancel(
      cancelled,
      parts.map(({ pooled }) => pooled),
    );
    return { plan, lot: -1, debtUsd: (spreads ? debt : paid) * marks[debtMarket], rewardUsd, done };
  };

  /** Who gets what of each collateral; what nobody can take over stays where it is, like the debt that it answers for. */
  const partsOf = (accounts: AccountsView, position: number, answers: readonly Units[], cancelled: Units, owed: Units): Part[] =>
    answers.map((units, market) => {
      const spread = cancelled < owed && units > 0 && isAnybodyLeft(accounts, position, { debtMarket, collateralMarket: market });
      const taken = cancelled === owed || spread ? units : mulDivDown(units, cancelled, owed);
      const gas = Math.floor(taken * terms.gasShare);
      const pooled = spread ? mulDivDown(taken - gas, cancelled, owed) : taken - gas;
      return { market, units, gas, pooled, spread, rest: taken - gas - pooled };
    });

  return {
    remembers: false,
    open: () => undefined,
    close: () => undefined,
    level: ratios.level,
    levelMax: ratios.levelMax,
    levelEpoch(accounts, marks) {
      ratios.observe(accounts, marks);
      return ratios.recovery ? 1 : 0;
    },
    refuses(position, plan, accounts) {
      let owed = accounts.debt(position, debtMarket);
      let touched = false;
      for (const leg of plan) {
        if (leg.kind !== 'debt' || leg.position !== position || leg.market !== debtMarket) continue;
        owed += leg.units;
        touched = true;
      }
      return touched && owed > 0 && owed < debtMin ? reject('DEBT_SMALL', { debt: owed, least: debtMin }) : undefined;
    },
    take: (_request, _accounts, _marks, health) => refusalOfNoLot(health),
    start,
    pool,
    claims: deposits.claims,
  };
}
