/** The contract suites of the protocol floor, run over every implementation. */
import { fixedBonus } from '../../src/protocol/liquidation/fixed-bonus.ts';
import type { MechanismNeeds } from '../../src/protocol/liquidation/mechanism.ts';
import { softBands } from '../../src/protocol/liquidation/soft-bands-mechanism.ts';
import { staticRisk } from '../../src/protocol/risk/static.ts';
import { BACKSTOPS, PLAIN_TERMS } from '../../src/study/validate/lending-world.ts';
import { backstopContract } from './backstop.ts';
import { mechanismContract } from './mechanism.ts';
import { aBasket, riskEngineContract } from './risk-engine.ts';

riskEngineContract('static', staticRisk.create({}, undefined));

mechanismContract('fixed-bonus', () => fixedBonus.create(PLAIN_TERMS, undefined));
mechanismContract('fixed-bonus, all at once, a share to the fund', () =>
  fixedBonus.create({ ...PLAIN_TERMS, closeFactor: 1, fundShare: 0.3 }, undefined),
);

const BANDS = { amplification: 100, bands: 10, fee: 0.006, loanDiscount: 0.09, liquidationDiscount: 0.06 };
mechanismContract('soft-bands, of a loan that it has not put into bands', () => softBands.create(BANDS, aMechanismsNeeds()));

for (const [name, part] of Object.entries(BACKSTOPS)) backstopContract(name, () => part.create({}, undefined));

/** A protocol without venues, wallets or lots. */
function aMechanismsNeeds(): MechanismNeeds {
  return {
    markets: aBasket({ collateral: [0, 0, 0], debt: [0, 0, 0] }).markets,
    custody: 3,
    fund: 4,
    escrow: 5,
    set: (column, index, value) => {
      column.data[index] = value;
    },
    openLot: (position) => position,
    quoteSale: () => undefined,
    balance: () => 0,
  };
}
