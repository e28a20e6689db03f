/** The contract suites of the protocol floor, run over every implementation. */
import { adlProRata } from '../../src/protocol/backstop/adl-pro-rata.ts';
import { adlQueue } from '../../src/protocol/backstop/adl-queue.ts';
import { recapitalise } from '../../src/protocol/backstop/recapitalise.ts';
import { socialiseProfits } from '../../src/protocol/backstop/socialise-profits.ts';
import { treasury } from '../../src/protocol/backstop/treasury.ts';
import { vault } from '../../src/protocol/backstop/vault.ts';
import { fixedBonus } from '../../src/protocol/liquidation/fixed-bonus.ts';
import { staticRisk } from '../../src/protocol/risk/static.ts';
import { BACKSTOPS, PLAIN_TERMS } from '../../src/study/validate/lending-world.ts';
import { backstopContract } from './backstop.ts';
import { mechanismContract } from './mechanism.ts';
import { riskEngineContract } from './risk-engine.ts';

riskEngineContract('static', staticRisk.create({}, undefined));

mechanismContract('fixed-bonus', () => fixedBonus.create(PLAIN_TERMS, undefined));
mechanismContract('fixed-bonus, all at once, a share to the fund', () =>
  fixedBonus.create({ ...PLAIN_TERMS, closeFactor: 1, fundShare: 0.3 }, undefined),
);

const SCALE = { scale: () => 1 };
backstopContract('insurance-fund', () => BACKSTOPS['insurance-fund'].create({}, undefined));
backstopContract('reserve', () => BACKSTOPS.reserve.create({}, undefined));
backstopContract('socialise', () => BACKSTOPS.socialise.create({}, undefined), ['debt']);
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
