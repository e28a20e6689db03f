/** The contract suite of backstops, run over every layer. */
import { adlProRata } from '../../src/protocol/backstop/adl-pro-rata.ts';
import { adlQueue } from '../../src/protocol/backstop/adl-queue.ts';
import { insuranceFund } from '../../src/protocol/backstop/insurance-fund.ts';
import { recapitalise } from '../../src/protocol/backstop/recapitalise.ts';
import { reserve } from '../../src/protocol/backstop/reserve.ts';
import { socialise } from '../../src/protocol/backstop/socialise.ts';
import { socialiseProfits } from '../../src/protocol/backstop/socialise-profits.ts';
import { treasury } from '../../src/protocol/backstop/treasury.ts';
import { vault } from '../../src/protocol/backstop/vault.ts';
import { backstopContract } from './backstop.ts';

const SCALE = { scale: () => 1 };
backstopContract('insurance-fund', () => insuranceFund.create({}, undefined));
backstopContract('reserve', () => reserve.create({}, undefined));
backstopContract('socialise', () => socialise.create({}, undefined), ['debt']);
backstopContract('treasury', () => treasury.create({ assets: undefined, impactMax: 1 }, SCALE));
backstopContract('treasury', () => treasury.create({ assets: [7, 6, 7], impactMax: 1 }, SCALE));
backstopContract('vault', () => vault.create({ share: 1, lossMax: undefined }, SCALE), ['quote']);
backstopContract('vault', () => vault.create({ share: 0.25, lossMax: 5 }, SCALE), ['quote']);
for (const side of ['opposite', 'all'] as const) {
  for (const flag of [true, false]) {
    backstopContract('adl-queue', () => adlQueue.create({ side, forfeit: flag }, SCALE), ['quote']);
    backstopContract('adl-pro-rata', () => adlProRata.create({ side, reduce: flag }, SCALE), ['quote']);
  }
}
backstopContract('socialise-profits', () => socialiseProfits.create({ from: 'profit' }, SCALE), ['quote']);
backstopContract('socialise-profits', () => socialiseProfits.create({ from: 'cash' }, SCALE), ['quote']);
backstopContract('recapitalise', () => recapitalise.create({ token: 6, mintMax: 1e9 }, SCALE));
