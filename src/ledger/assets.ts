/** The assets of a world: dense ids, names, decimals. Knows no price. */
import { assert } from '../base/fault.ts';
import type { AssetId } from '../base/units.ts';

/** All assets of a world, in the order of the scenario. */
export interface Assets {
  readonly count: number;
  readonly names: readonly string[];
  /** Base units per token = 10^decimals. Chosen so that the world's whole supply fits below 2^53 units. */
  readonly decimals: readonly number[];
  /** 10^decimals by id, for hot paths. */
  readonly scale: Float64Array;
  /** The id of a name, or undefined. */
  find(name: string): AssetId | undefined;
}

/** Builds the table. Faults: ASSET_DUPLICATE, ASSET_DECIMALS (an integer 0…15). */
export function createAssets(list: readonly { readonly name: string; readonly decimals: number }[]): Assets {
  const names = list.map((asset) => asset.name);
  const ids = new Map(names.map((name, id) => [name, id]));
  assert(ids.size === names.length, 'ASSET_DUPLICATE', { names: names.join(',') });
  for (const { name, decimals } of list) {
    assert(Number.isInteger(decimals) && decimals >= 0 && decimals <= 15, 'ASSET_DECIMALS', { name, decimals });
  }
  return {
    count: list.length,
    names,
    decimals: list.map((asset) => asset.decimals),
    scale: Float64Array.from(list, (asset) => 10 ** asset.decimals),
    find: (name) => ids.get(name),
  };
}
