/** The contract suites of the protocol floor, run over every implementation. */
import { fixedBonus } from '../../src/protocol/liquidation/fixed-bonus.ts';
import { portfolioVar } from '../../src/protocol/risk/portfolio-var.ts';
import { staticRisk } from '../../src/protocol/risk/static.ts';
import { BACKSTOPS, PLAIN_TERMS } from '../../src/study/validate/lending-world.ts';
import { portfolioTerms, riskNeeds } from '../support/portfolio-var.ts';
import { backstopContract } from './backstop.ts';
import { mechanismContract } from './mechanism.ts';
import { BASKET_MARKETS, riskEngineContract } from './risk-engine.ts';

riskEngineContract('static', staticRisk.create({}, undefined));
for (const method of ['delta-normal', 'historical', 'filtered-historical', 'monte-carlo'] as const) {
  for (const measure of ['value-at-risk', 'expected-shortfall'] as const) {
    // A volatility at which an hour may cost half of everything, so that margins matter in baskets of all kinds.
    const terms = portfolioTerms({ method, measure, prior: 20, minimum: 0.02 });
    riskEngineContract(`portfolio-var, ${method}, ${measure}`, portfolioVar.create(terms, riskNeeds(BASKET_MARKETS)));
  }
}

mechanismContract('fixed-bonus', () => fixedBonus.create(PLAIN_TERMS, undefined));
mechanismContract('fixed-bonus, all at once, a share to the fund', () =>
  fixedBonus.create({ ...PLAIN_TERMS, closeFactor: 1, fundShare: 0.3 }, undefined),
);

for (const [name, part] of Object.entries(BACKSTOPS)) backstopContract(name, () => part.create({}, undefined));
