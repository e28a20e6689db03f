import { describe, expect, it } from 'vitest';
import { createAssets } from '../../../src/ledger/assets.ts';

describe('assets', () => {
  it('gives each asset the id of its place, with the scale of its decimals', () => {
    const assets = createAssets([
      { name: 'USDC', decimals: 6 },
      { name: 'ETH', decimals: 9 },
    ]);
    expect(assets.count).toBe(2);
    expect(assets.find('ETH')).toBe(1);
    expect(assets.find('BTC')).toBeUndefined();
    expect([...assets.scale]).toEqual([1e6, 1e9]);
  });

  it('is a fault where two assets have one name', () => {
    const twice = [
      { name: 'USDC', decimals: 6 },
      { name: 'USDC', decimals: 6 },
    ];
    expect(() => createAssets(twice)).toThrow('ASSET_DUPLICATE');
  });

  it.each([-1, 1.5, 16, Number.NaN])('is a fault with %s decimals', (decimals) => {
    expect(() => createAssets([{ name: 'USDC', decimals }])).toThrow('ASSET_DECIMALS');
  });
});
