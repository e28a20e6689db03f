/**
 * What is wrong with a schedule of changes: replayed in order of time, each change must leave parameters that a scenario could begin with.
 * Proposals of a controller are not known here; they are kept consistent when they come into effect (`governance.ts`).
 */
import type { Ms } from '../../base/units.ts';
import { type MarginParams, problemsOfMargin } from '../instrument/margin-params.ts';
import { type MarketParams, type MarketProblem, problemsOfMarket } from '../market-params.ts';

/** Numbers by market or contract, and by parameter. */
type Numbers = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface PlannedNumbers {
  readonly at: Ms;
  readonly markets: Numbers;
  readonly contracts: Numbers;
}

export interface ScheduleProblem extends MarketProblem {
  /** Which change of the list, and what it changes. */
  readonly change: number;
  readonly of: 'markets' | 'contracts';
  readonly name: string;
  /** Whether the change itself names the parameter; else it stands as it was before. */
  readonly named: boolean;
}

/** All problems of a schedule, given what there is at the start. Names of markets and contracts that do not exist are passed over. */
export function problemsOfSchedule(
  markets: Readonly<Record<string, MarketParams>>,
  contracts: Readonly<Record<string, MarginParams>>,
  changes: readonly PlannedNumbers[],
): readonly ScheduleProblem[] {
  const problems: ScheduleProblem[] = [];
  const now = { markets: { ...markets }, contracts: { ...contracts } };
  const inOrder = [...changes.entries()].sort(([i, a], [j, b]) => a.at - b.at || i - j);

  const replay = <Of extends 'markets' | 'contracts', P extends MarketParams | MarginParams>(
    of: Of,
    params: Record<string, P>,
    change: number,
    find: (params: P) => readonly MarketProblem[],
  ) => {
    for (const [name, numbers] of Object.entries(changes[change][of])) {
      if (params[name] === undefined) continue;
      params[name] = { ...params[name], ...numbers };
      for (const problem of find(params[name])) problems.push({ ...problem, change, of, name, named: problem.param in numbers });
    }
  };

  for (const [change] of inOrder) {
    replay('markets', now.markets, change, problemsOfMarket);
    replay('contracts', now.contracts, change, (margin) => problemsOfMargin(margin).map((found) => ({ ...found, kind: 'error' })));
  }
  return problems;
}
