/**
 * The parameters of one market of a lending protocol, and what can be wrong with them taken together. Which oracle prices the market is not
 * among them: the scenario names it.
 */
import type { ParamSchema, ParamsOf, PartProblem } from '../base/params.ts';

const cap = (doc: string) => ({ kind: 'number', unit: 'token', range: [0, Number.POSITIVE_INFINITY], optional: true, doc }) as const;
const rate = (doc: string) => ({ kind: 'number', unit: '1/year', range: [0, 100], default: 0, doc }) as const;

export const marketParams = {
  borrowable: { kind: 'flag', default: true, doc: 'whether it can be borrowed' },
  ltv: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0, doc: 'most debt per value of this collateral when borrowing' },
  liquidationThreshold: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1],
    default: 0,
    doc: 'debt per value of this collateral above which it is liquidated',
  },
  bonus: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1],
    default: 0.05,
    doc: 'extra collateral per value repaid, for the liquidator (Aave v3 launched WETH and USDC with 0.05)',
  },
  category: {
    kind: 'integer',
    unit: 'number',
    range: [0, 255],
    default: 0,
    doc: 'assets that move together: collateral of one counts with the two shares below while all debts are of the same; 0: none',
  },
  categoryLtv: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0, doc: 'ltv within its category' },
  categoryThreshold: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0, doc: 'liquidationThreshold within its category' },
  supplyCap: cap('most that lenders may supply; none if left out'),
  borrowCap: cap('most that may be owed; none if left out'),
  collateralCap: cap('most that may be deposited as collateral; none if left out'),
  receipt: {
    kind: 'asset',
    optional: true,
    doc: 'asset made when lenders supply, one unit a share, and gone when they redeem: a claim that can be collateral elsewhere',
  },
  reserveFactor: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0, doc: 'share of the interest that the protocol keeps' },
  rateBase: rate('interest rate at no utilisation'),
  rateSlope1: rate('rise of the rate from no utilisation to the kink'),
  rateKink: { kind: 'number', unit: 'ratio', range: [0, 1], default: 1, doc: 'utilisation beyond which the rate steepens; 1: never' },
  rateSlope2: rate('rise of the rate from the kink to full utilisation'),
} as const satisfies ParamSchema;

export type MarketParams = ParamsOf<typeof marketParams>;

/** An error refuses the scenario; a warning says what the designer should know. */
export interface MarketProblem extends PartProblem {
  readonly kind: 'error' | 'warning';
}

/**
 * What is wrong with a market. Beyond the toxic frontier, threshold · (1 + bonus) ≥ 1, a liquidation at the threshold raises the
 * loan-to-value instead of lowering it: allowed, since that is what some experiments study, but warned of.
 *
 * @source  Warmuz, Chaudhary, Pinna, Toxic liquidation spirals, arXiv 2212.07306
 */
export function problemsOfMarket(params: MarketParams): readonly MarketProblem[] {
  const { ltv, liquidationThreshold, bonus, categoryLtv, categoryThreshold } = params;
  const problems: MarketProblem[] = [];
  if (ltv > liquidationThreshold) {
    problems.push({ kind: 'error', param: 'ltv', found: String(ltv), expected: `at most liquidationThreshold, ${liquidationThreshold}` });
  }
  if (categoryLtv > categoryThreshold) {
    problems.push({
      kind: 'error',
      param: 'categoryLtv',
      found: String(categoryLtv),
      expected: `at most categoryThreshold, ${categoryThreshold}`,
    });
  }
  // Without a bonus a liquidation takes as much of both, which raises no loan-to-value below 1.
  if (bonus > 0 && liquidationThreshold * (1 + bonus) >= 1) {
    const frontier = 1 / (1 + bonus);
    problems.push({
      kind: 'warning',
      param: 'liquidationThreshold',
      found: String(liquidationThreshold),
      expected: `below the toxic frontier 1/(1 + bonus) = ${frontier.toFixed(4)}`,
    });
  }
  return problems;
}
