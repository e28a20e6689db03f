/** The contract suites of the protocol floor, run over every implementation. */
import { fixedBonus } from '../../src/protocol/liquidation/fixed-bonus.ts';
import { BACKSTOPS, PLAIN_TERMS } from '../../src/study/validate/lending-world.ts';
import { backstopContract } from './backstop.ts';
import { mechanismContract } from './mechanism.ts';

mechanismContract('fixed-bonus', () => fixedBonus.create(PLAIN_TERMS, undefined));
mechanismContract('fixed-bonus, all at once, a share to the fund', () =>
  fixedBonus.create({ ...PLAIN_TERMS, closeFactor: 1, fundShare: 0.3 }, undefined),
);

for (const [name, part] of Object.entries(BACKSTOPS)) backstopContract(name, () => part.create({}, undefined));
