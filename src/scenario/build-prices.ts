/**
 * The price process of each asset, from its own stream `price/ASSET`; those that a scenario correlates draw their normals together. On top
 * lie the shocks of each, and the jumps that several share, each kind from its stream `common-jumps/NUMBER`.
 */
import { correlationOf } from '../base/correlation.ts';
import { assert } from '../base/fault.ts';
import { cholesky } from '../base/matrix.ts';
import type { Random } from '../base/random.ts';
import { jumpingTogether } from '../price/common-jumps.ts';
import { correlatedProcesses } from '../price/correlated.ts';
import { needsAlone, type PriceProcess, type ProcessNeeds } from '../price/process.ts';
import { shockedProcess } from '../price/shocks.ts';
import type { WorldSpec } from './scenario.ts';

/**
 * By asset, in the order of `assets`. Whoever is in no pair draws as if there were none (SIM-2).
 *
 * @param create  makes the process that the scenario asks for
 */
export function buildPrices(
  { correlation = {}, step, prices, commonJumps }: Pick<WorldSpec, 'correlation' | 'step' | 'prices' | 'commonJumps'>,
  assets: readonly string[],
  random: Random,
  create: (asset: string, needs: ProcessNeeds) => PriceProcess,
): readonly PriceProcess[] {
  const streamOf = (asset: string) => random.split(`price/${asset}`);
  const paired = new Set(Object.keys(correlation).flatMap((pair) => pair.split(',').map((asset) => asset.trim())));
  const group = assets.filter((asset) => paired.has(asset));
  const factor = cholesky(Float64Array.from(correlationOf(group, correlation).flat()), group.length);
  assert(factor !== undefined, 'PRICE_CORRELATION', { assets: group.join(', ') });
  const together = correlatedProcesses(group.map(streamOf), step, factor, (member, needs) => create(group[member], needs));
  const processes = assets.map((asset) =>
    shockedProcess(together[group.indexOf(asset)] ?? create(asset, needsAlone(streamOf(asset), step)), prices[asset]?.shocks ?? []),
  );
  const jumps = commonJumps.map(({ weights, ...terms }) => ({
    ...terms,
    weights: new Map(Object.entries(weights).map(([asset, weight]) => [assets.indexOf(asset), weight])),
  }));
  return jumpingTogether(
    processes,
    jumps,
    jumps.map((_, kind) => random.split(`common-jumps/${kind}`)),
    step,
  );
}
