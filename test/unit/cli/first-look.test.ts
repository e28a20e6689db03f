/** What somebody sees who runs Breakwater for the first time, and when looking at a run of a large study. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { called } from '../../support/command-line.ts';
import { sharedFolder } from '../../support/shared-folder.ts';

const newFolder = sharedFolder();
let db = '';
let first = '';

describe('a first look', () => {
  beforeAll(async () => {
    db = join(newFolder(), 'x.db');
    const { code, stdout } = await called(['run', 'attack-cost-by-oracle', '--first-run', '--runs', '3', '--db', db]);
    expect(code).toBe(0);
    first = stdout;
  });

  it('shows each mean with its interval, as it says', () => {
    expect(first).toMatch(/^spot +\$7\.\d\dM ±0\.\d\dM +\$6\.\d\dM ±0\.\d\dM/m);
    expect(first.replace(/\s+/g, ' ')).toContain('a mean over 3 seeds, ± the half-width of its 95 % interval where');
    for (const line of first.split('\n').filter((one) => one.includes('±0'))) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('is followed by tokens, not base units, though nothing was traced; sums of a role are explained', async () => {
    const { stdout } = await called(['show', '1', '--db', db]);
    expect(stdout).toMatch(/^lender\/\* +lender +10,000,000 USDC +0 USDC +−\$10\.00M$/m);
    expect(stdout).not.toMatch(/ u USDC/);
    expect(stdout).toContain('trader/* and the like are all accounts of a role together');
    expect(stdout).toMatch(/^trader_profit_usd +−\$\d/m);
  });
});
