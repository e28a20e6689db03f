/**
 * Liquidation at a discount that grows as health falls, the rule of Euler v2: a position that has just become liquidatable is sold at its
 * price, and each point of health it loses makes it a point cheaper, so that liquidators compete in patience and not in speed.
 *
 *   discount = min(1 − health, discountMax)          collateral for a repayment of 1: 1/(1 − discount)
 *
 * All of a debt may be repaid at once. Below the cap a repayment makes health worse where the loan-to-value is beyond √threshold; there a
 * repayment in parts gets more than one at once, each part at a larger discount than the last, and LIQ-3 does not hold. So it is in the
 * original: ChainSecurity, Code Assessment of the Euler Vault Kit (June 2024), "Multiple partial liquidations …".
 */
import { column, growColumn } from '../../base/columns.ts';
import { definePart, type ParamsOf } from '../../base/params.ts';
import { reject } from '../../base/rejection.ts';
import type { Mechanism, MechanismNeeds } from './mechanism.ts';
import { refusalOf, takeOf } from './repayment.ts';
import { seizureRate } from './seizure.ts';

const params = {
  discountMax: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 0.5],
    default: 0.2,
    doc: 'largest discount on the collateral (Euler v2: at first 0.2 for all, then one for each vault, mostly 0.15)',
  },
  coolOff: {
    kind: 'duration',
    range: [0, 86_400_000],
    default: 0,
    doc: 'time in which nobody liquidates after the owner borrowed or withdrew, and so was found healthy (Euler v2: 1 s in most vaults)',
  },
  fundShare: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1],
    default: 0,
    doc: 'share of what the discount is worth, to the insurance fund',
  },
} as const;

export const healthDiscount = definePart<MechanismNeeds, Mechanism>()({
  name: 'health-discount',
  summary: 'Repay debt, receive collateral at a discount of as much as health is below 1, up to a cap.',
  sources: ['euler-xyz/euler-vault-kit src/EVault/modules/Liquidation.sol (calculateMaxLiquidation)'],
  params,
  create: createHealthDiscount,
});

function createHealthDiscount({ discountMax, coolOff, fundShare }: ParamsOf<typeof params>, needs: MechanismNeeds): Mechanism {
  /** When each position last met the initial requirement for something its owner did. */
  const checkedAt = column(64, Number.NEGATIVE_INFINITY);

  return {
    remembers: false,
    open: () => undefined,
    close: () => undefined,
    changed(position, _accounts, _marks, at, checked) {
      if (!checked || coolOff === 0) return;
      growColumn(checkedAt, position + 1, Number.NEGATIVE_INFINITY);
      needs.set(checkedAt, position, at);
    },
    take(request, accounts, marks, health) {
      const refused = refusalOf(request, accounts, marks, health);
      if (refused !== undefined) return refused;
      const { position, debtMarket, collateralMarket, at } = request;
      const left = coolOff - (at - (checkedAt.data[position] ?? Number.NEGATIVE_INFINITY));
      if (coolOff > 0 && left > 0) return reject('GRACE', { left_ms: left });
      const bonus = 1 / Math.max(health.healthFactor, 1 - discountMax) - 1;
      return takeOf(request, accounts, {
        rate: seizureRate(marks[debtMarket], marks[collateralMarket], bonus),
        bonus,
        fundShare,
        closable: accounts.debt(position, debtMarket),
      });
    },
  };
}
