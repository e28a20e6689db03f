/** The contract suites of accounts of contracts, run over every implementation. */
import type { ContractNeeds } from '../../src/protocol/instrument/contract.ts';
import { option } from '../../src/protocol/instrument/option.ts';
import { parametricVolatility } from '../../src/protocol/instrument/parametric-volatility.ts';
import { perpetual } from '../../src/protocol/instrument/perpetual.ts';
import { order } from '../../src/protocol/liquidation/order.ts';
import { PLAIN_OPTION, PLAIN_ORDER, PLAIN_PERPETUAL } from '../../src/study/validate/contract-world.ts';
import { closeoutContract } from './closeout.ts';
import { contractContract } from './contract.ts';

const smile = parametricVolatility.create({ atm: 0.8, skew: -0.1, smile: 0.05, term: 0.1, floor: 0.05, wing: 2 }, undefined);
const NEEDS: ContractNeeds = { name: 'contract', market: 0, decimals: 6, surface: { volatility: () => 0.8 } };

contractContract('perpetual', perpetual.create({ ...PLAIN_PERPETUAL, depth: 1000 }, NEEDS), {
  moves: 'with',
  fundingMax: 0.04 / 3_600_000,
});
contractContract('perpetual at the index', perpetual.create(PLAIN_PERPETUAL, NEEDS), { moves: 'with', fundingMax: 0 });
for (const right of ['call', 'put'] as const) {
  const moves = right === 'call' ? 'with' : 'against';
  const expiry = 35 * 86_400_000;
  contractContract(right, option.create({ ...PLAIN_OPTION, right, expiry, spread: 0.02 }, NEEDS), { moves, fundingMax: 0 });
  // Where the surface bends, a higher index lowers volatility: the value still moves the same way for a smile as mild as this.
  const needs = { ...NEEDS, surface: smile };
  contractContract(`${right} on a smile`, option.create({ ...PLAIN_OPTION, right, expiry, spread: 0.02 }, needs), { moves, fundingMax: 0 });
}

closeoutContract('order', (needs) => order.create(PLAIN_ORDER, needs));
closeoutContract('order, with a penalty that the keeper shares', (needs) =>
  order.create({ ...PLAIN_ORDER, penalty: 0.02, keeperShare: 0.5, takeoverBelow: 0 }, needs),
);
