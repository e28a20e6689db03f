/** What every contract is declared with, whatever it is, and what can be wrong with it taken together: its margin, its cap and its fee. */
import type { ParamSchema, ParamsOf, PartProblem } from '../../base/params.ts';

export const marginParams = {
  initial: { kind: 'number', unit: 'ratio', range: [0, 10], default: 0.05, doc: 'equity per notional to open (dYdX v4 mid tier: 0.05)' },
  maintenance: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 10],
    default: 0.03,
    doc: 'equity per notional to be left alone (dYdX v4 mid tier: 0.6 of the initial)',
  },
  sizeCap: { kind: 'number', unit: 'token', range: [0, 1e15], optional: true, doc: 'most size of either side; none if left out' },
  fee: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 0.1],
    default: 0.0005,
    doc: 'of what is bought or sold, at its fill, to the insurance fund: of a perpetual the notional, of an option the premium',
  },
} as const satisfies ParamSchema;

export type MarginParams = ParamsOf<typeof marginParams>;

/** Who may open must not be liquidatable for it. */
export function problemsOfMargin({ initial, maintenance }: Pick<MarginParams, 'initial' | 'maintenance'>): readonly PartProblem[] {
  return initial >= maintenance ? [] : [{ param: 'initial', found: String(initial), expected: `at least maintenance, ${maintenance}` }];
}
