/** The price process of each asset, from its own stream `price/ASSET`; those that a scenario correlates draw their normals together. */
import { correlationOf } from '../base/correlation.ts';
import { assert } from '../base/fault.ts';
import { cholesky } from '../base/matrix.ts';
import type { Random } from '../base/random.ts';
import { correlatedProcesses } from '../price/correlated.ts';
import { needsAlone, type PriceProcess, type ProcessNeeds } from '../price/process.ts';
import type { WorldSpec } from './scenario.ts';

/**
 * By asset, in the order of `assets`. Whoever is in no pair draws as if there were none (SIM-2).
 *
 * @param create  makes the process that the scenario asks for
 */
export function buildPrices(
  { correlation = {}, step }: Pick<WorldSpec, 'correlation' | 'step'>,
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
  return assets.map((asset) => together[group.indexOf(asset)] ?? create(asset, needsAlone(streamOf(asset), step)));
}
