/**
 * The liquidation mechanisms that one traffic of lending suits, with terms under which it meets all that they can do: short clocks, small
 * lots and holes. The others have a traffic of their own.
 */
import { dutchAuction } from '../../src/protocol/liquidation/dutch-auction.ts';
import { englishAuction } from '../../src/protocol/liquidation/english-auction.ts';
import { fixedBonus } from '../../src/protocol/liquidation/fixed-bonus.ts';
import { healthDiscount } from '../../src/protocol/liquidation/health-discount.ts';
import { rightAuction } from '../../src/protocol/liquidation/right-auction.ts';
import { targetHealth } from '../../src/protocol/liquidation/target-health.ts';
import { venueOrder } from '../../src/protocol/liquidation/venue-order.ts';
import type { CATALOG } from '../../src/scenario/catalog.ts';
import { termsOf } from '../../src/study/validate/default-terms.ts';
import type { Liquidation } from './liquidation-stage.ts';

/** With whom deposits and bands are to be met too: `test/laws/stability-pool.test.ts`, `test/laws/soft-bands.test.ts`. */
type OfTheirOwn = 'stability-pool' | 'soft-bands';
export type SharedMechanism = Exclude<keyof typeof CATALOG.liquidation, OfTheirOwn>;

export const MECHANISMS: Readonly<Record<SharedMechanism, Liquidation>> = {
  'fixed-bonus': () => fixedBonus.create(termsOf(fixedBonus), undefined),
  'health-discount': (needs) => healthDiscount.create(termsOf(healthDiscount, { coolOff: 600_000 }), needs),
  'target-health': () => targetHealth.create(termsOf(targetHealth, { target: 1.01, bonusSlope: 0.3, fundShare: 0.1 }), undefined),
  'dutch-auction': (needs) =>
    dutchAuction.create(termsOf(dutchAuction, { tail: 3_600_000, dust: 500, hole: 20_000, holeEach: 15_000, tip: 1 }), needs),
  'english-auction': (needs) => englishAuction.create(termsOf(englishAuction, { lotMax: 2, ttl: 1_800_000, tau: 7_200_000 }), needs),
  'right-auction': (needs) =>
    rightAuction.create(termsOf(rightAuction, { duration: 600_000, exclusive: 600_000, reserveShare: 0.3, borrowerShare: 0.4 }), needs),
  'venue-order': (needs) =>
    venueOrder.create(termsOf(venueOrder, { sliceAboveUsd: 300, cooldown: 1_200_000, takeoverBelow: 0.8, keeperShare: 0.01 }), needs),
};
