/** The contract suite of liquidation mechanisms, run over every implementation. */
import { dutchAuction } from '../../src/protocol/liquidation/dutch-auction.ts';
import { englishAuction } from '../../src/protocol/liquidation/english-auction.ts';
import { fixedBonus } from '../../src/protocol/liquidation/fixed-bonus.ts';
import { healthDiscount } from '../../src/protocol/liquidation/health-discount.ts';
import type { Mechanism, MechanismNeeds } from '../../src/protocol/liquidation/mechanism.ts';
import { rightAuction } from '../../src/protocol/liquidation/right-auction.ts';
import { softBands } from '../../src/protocol/liquidation/soft-bands-mechanism.ts';
import { stabilityPool } from '../../src/protocol/liquidation/stability-pool.ts';
import { targetHealth } from '../../src/protocol/liquidation/target-health.ts';
import { venueOrder } from '../../src/protocol/liquidation/venue-order.ts';
import { termsOf } from '../../src/study/validate/default-terms.ts';
import { mechanismContract } from './mechanism.ts';

const terms = termsOf;
type Make = (needs: MechanismNeeds) => Mechanism;

const bonus = (given: Parameters<typeof terms<unknown, Mechanism, (typeof fixedBonus)['params']>>[1] = {}): Make => {
  return () => fixedBonus.create(terms(fixedBonus, given), undefined);
};
mechanismContract('fixed-bonus', bonus(), { by: 'take' });
mechanismContract('fixed-bonus, all at once, a share to the fund', bonus({ closeFactor: 1, fundShare: 0.3 }), { by: 'take' });

mechanismContract('health-discount', (needs) => healthDiscount.create(terms(healthDiscount), needs), {
  by: 'take',
  splitting: { beyond: Math.sqrt(0.8), reason: 'each part is taken at a larger discount than the last, as in Euler v2' },
});
mechanismContract('target-health', () => targetHealth.create(terms(targetHealth), undefined), { by: 'take' });
mechanismContract('target-health, a bonus that grows', () => targetHealth.create(terms(targetHealth, { bonusSlope: 0.5 }), undefined), {
  by: 'take',
  splitting: { beyond: 0.89, reason: 'the bonus grows with what health lacks' },
});
mechanismContract('dutch-auction', (needs) => dutchAuction.create(terms(dutchAuction), needs), { by: 'take' });
mechanismContract(
  'dutch-auction, with holes, dust and a tip',
  (needs) => dutchAuction.create(terms(dutchAuction, { hole: 1000, holeEach: 500, dust: 50, tip: 1 }), needs),
  { by: 'take' },
);
mechanismContract('english-auction', (needs) => englishAuction.create(terms(englishAuction, { ttl: 600_000 }), needs), { by: 'bid' });
mechanismContract(
  'english-auction, in lots',
  (needs) => englishAuction.create(terms(englishAuction, { ttl: 60_000, tau: 120_000, lotMax: 30 }), needs),
  { by: 'bid' },
);
mechanismContract('right-auction', (needs) => rightAuction.create(terms(rightAuction, { reserveShare: 0.3, borrowerShare: 0.3 }), needs), {
  by: 'take',
});
mechanismContract('venue-order', (needs) => venueOrder.create(terms(venueOrder), needs), { by: 'order' });
mechanismContract(
  'venue-order, in slices, with a keeper',
  (needs) => venueOrder.create(terms(venueOrder, { sliceAboveUsd: 100, keeperShare: 0.01, takeoverBelow: 0.9 }), needs),
  { by: 'order' },
);

const POOL = { debt: 1, debtMin: 0, criticalRatio: 0 };
mechanismContract('stability-pool', (needs) => stabilityPool.create(terms(stabilityPool, { ...POOL, gasFixed: 0 }), needs), {
  by: 'order',
  deposit: 1e6,
});
mechanismContract(
  'stability-pool, with a fixed sum',
  (needs) => stabilityPool.create(terms(stabilityPool, { ...POOL, gasFixed: 2 }), needs),
  {
    by: 'order',
    deposit: 1e6,
  },
);
// Discounts at which bands begin where the engine's health is 1, and every loan within them may be closed: what is soft is not tried here.
const CLOSING = { loanDiscount: 0.1507, liquidationDiscount: 0.151, fee: 0 };
mechanismContract('soft-bands, closing', (needs) => softBands.create(terms(softBands, CLOSING), needs), {
  by: 'take',
  healths: [0.81, 0.98],
});
