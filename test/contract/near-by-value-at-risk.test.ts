/** NEAR-1 by hand-made books for portfolio margin, whose estimates and scenarios change under way. */
import { portfolioVar } from '../../src/protocol/risk/portfolio-var.ts';
import { HAND_OPTIONS, HAND_PERPETUALS } from '../support/hand-made-books.ts';
import { portfolioTerms } from '../support/portfolio-var.ts';
import { nearContract } from './near.ts';

const CURVED = [...HAND_PERPETUALS, ...HAND_OPTIONS];
for (const [what, contracts, method, measure] of [
  ['loans', [], 'monte-carlo', 'expected-shortfall'],
  ['perpetuals', HAND_PERPETUALS, 'historical', 'expected-shortfall'],
  ['perpetuals', HAND_PERPETUALS, 'filtered-historical', 'value-at-risk'],
  ['options', CURVED, 'delta-normal', 'value-at-risk'],
] as const) {
  const terms = portfolioTerms({ method, measure, interval: 600_000, prior: 5, scenarios: 199, minimum: 0.03 });
  nearContract(`portfolio-var, ${method}, ${what}`, contracts, (needs) => portfolioVar.create(terms, needs));
}
