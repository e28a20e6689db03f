/** Party lines summed by role and asset: a few lines a run, however many agents there are. */
import type { RunResult } from './store.ts';

type PartyLines = RunResult['parties'];

/** One line for each role and asset, in the order of first appearance; the account of a sum is `role/*`. Sums to zero as the lines do. */
export function sumPartiesByRole(lines: PartyLines): PartyLines {
  const sums = new Map<string, PartyLines[number]>();
  for (const line of lines) {
    const key = `${line.role}\u0000${line.asset}`;
    const sum = sums.get(key) ?? {
      account: `${line.role}/*`,
      role: line.role,
      asset: line.asset,
      startUnits: 0,
      endUnits: 0,
      profitUsd: 0,
    };
    sums.set(key, {
      ...sum,
      startUnits: sum.startUnits + line.startUnits,
      endUnits: sum.endUnits + line.endUnits,
      profitUsd: sum.profitUsd + line.profitUsd,
    });
  }
  return [...sums.values()];
}
