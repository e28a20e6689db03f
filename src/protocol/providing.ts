/**
 * Paying into what absorbs losses, and taking it back, carried out: the pool of a mechanism that has one, else the house's capital. Which
 * it is follows from the asset.
 */
import { isRejection, reject } from '../base/rejection.ts';
import type { AssetId } from '../base/units.ts';
import type { ContractDesk } from './contract-desk.ts';
import type { Hall } from './hall.ts';
import { isAmount } from './lending.ts';
import type { Liquidating } from './liquidating.ts';
import type { Mechanism } from './liquidation/mechanism.ts';
import type { Protocol } from './protocol-contract.ts';

export type Providing = Pick<Protocol, 'provide' | 'unprovide' | 'providedOf' | 'gainOf'>;

/** @param liquidating  whose liquidation could be started now, and the accounts as mechanisms see them: a pool may hold deposits fast */
export function createProviding(
  hall: Hall,
  mechanism: Pick<Mechanism, 'pool'>,
  desk: ContractDesk,
  { loans, startable }: Pick<Liquidating, 'loans' | 'startable'>,
): Providing {
  const { accounts, marks, markets, ledger, facts } = hall;
  const poolOf = (asset: AssetId) => {
    const { pool } = mechanism;
    return pool !== undefined && markets[pool.market].asset === asset ? pool : undefined;
  };
  const isHouses = (asset: AssetId) => accounts.settle >= 0 && hall.marketOf(asset) === accounts.settle;

  return {
    provide(actor, asset, amount, at) {
      const pool = poolOf(asset);
      if (pool === undefined) return isHouses(asset) ? desk.provide(actor, amount, at) : reject('POOL_NONE');
      hall.refresh(at);
      const balance = ledger.balance(actor, asset);
      if (!isAmount(amount)) return reject('AMOUNT', { amount });
      if (amount > balance) return reject('WALLET_SHORT', { amount, balance });
      const plan = pool.provide(actor, amount);
      if (isRejection(plan)) return plan;
      hall.apply(plan);
      facts.provide(actor, pool.market, amount);
      return amount;
    },
    unprovide(actor, asset, amount, at) {
      const pool = poolOf(asset);
      if (pool === undefined) return isHouses(asset) ? desk.unprovide(actor, amount, at) : reject('POOL_NONE');
      hall.refresh(at);
      if (amount !== 'max' && amount !== 0 && !isAmount(amount)) return reject('AMOUNT', { amount });
      const taken = pool.unprovide({ actor, units: amount, offered: startable(at) }, loans, marks);
      if (isRejection(taken)) return taken;
      hall.apply(taken.plan);
      facts.provide(actor, pool.market, -taken.units);
      return taken.units;
    },
    gainOf(owner, asset) {
      const market = hall.marketOf(asset);
      return market < 0 ? 0 : (mechanism.pool?.gainOf(owner, market) ?? 0);
    },
    providedOf: (owner) => mechanism.pool?.depositOf(owner) ?? desk.worthOf(owner),
  };
}
