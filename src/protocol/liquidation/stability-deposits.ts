/**
 * The deposits of a stability pool as the protocol meets them: what providers pay in and take out, what an offset takes from all of them,
 * and whose the pool's holdings are. The arithmetic is in `stability-pool-shares`; whose debt is cancelled is decided elsewhere. An
 * account's number is that of the holder.
 *
 * Source: liquity/dev packages/contracts/contracts/StabilityPool.sol (provideToSP, withdrawFromSP, _requireNoUnderCollateralizedTroves).
 */
import { isRejection, reject } from '../../base/rejection.ts';
import type { AccountId, Units } from '../../base/units.ts';
import { type Leg, move } from '../plan.ts';
import type { CollateralRatios } from './collateral-ratios.ts';
import type { Mechanism, MechanismNeeds, Pool } from './mechanism.ts';
import {
  addDeposit,
  claimGain,
  createStabilityPool,
  depositDown,
  gainDown,
  offsetDebt,
  poolDeposits,
  takeDeposit,
} from './stability-pool-shares.ts';

export interface StabilityDeposits {
  readonly pool: Pool;
  readonly claims: NonNullable<Mechanism['claims']>;
  /** Takes `units` from all deposits and gives them collateral, by market. */
  cancel(units: Units, collateral: readonly Units[]): void;
}

/** @param locked  whether nobody may take back a deposit while a position is below the minimum ratio */
export function createStabilityDeposits(
  debtMarket: number,
  locked: boolean,
  ratios: CollateralRatios,
  { markets, escrow, set }: MechanismNeeds,
): StabilityDeposits {
  const books = createStabilityPool(markets.length);
  const { asset } = markets[debtMarket];
  const received = new Float64Array(markets.length);
  const depositOf = (holder: AccountId) => depositDown(books, holder);

  const pool: Pool = {
    market: debtMarket,
    get total() {
      return poolDeposits(books);
    },
    depositOf,
    gainOf: (holder, market) => gainDown(books, holder, market),
    provide: (holder, units) => addDeposit(books, holder, units, set) ?? [move(holder, escrow, asset, units)],
    unprovide({ actor, units, offered }, accounts, marks) {
      const wanted = units === 'max' ? depositOf(actor) : units;
      const plan: Leg[] = [];
      if (wanted > 0) {
        ratios.observe(accounts, marks);
        if (locked && offered.some((position) => ratios.isBelowMinimum(accounts, position))) return reject('POOL_LOCKED');
        const taken = takeDeposit(books, actor, wanted, set);
        if (isRejection(taken)) return taken;
        plan.push(move(escrow, actor, asset, taken));
      }
      for (const market of markets) {
        const gain = claimGain(books, actor, market.index, set);
        if (gain > 0) plan.push(move(escrow, actor, market.asset, gain));
      }
      return plan.length === 0 ? reject('DEPOSIT_NONE') : { plan, units: wanted };
    },
  };

  return {
    pool,
    claims(visit) {
      for (let holder = 0; holder < books.sharesOf.data.length; holder++) {
        const deposit = depositOf(holder);
        if (deposit > 0) visit(holder, debtMarket, deposit);
        for (const { index } of markets) {
          const gain = gainDown(books, holder, index);
          if (gain > 0) visit(holder, index, gain);
        }
      }
    },
    cancel(units, collateral) {
      if (units > 0) offsetDebt(books, units, collateral, received, set);
    },
  };
}
