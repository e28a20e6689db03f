import { describe, expect, it } from 'vitest';
import { createAssets } from '../../../src/ledger/assets.ts';
import { createAttribution, totalsByRole, type VisitClaim } from '../../../src/ledger/attribution.ts';
import { Journal } from '../../../src/ledger/journal.ts';
import { Ledger, OUTSIDE } from '../../../src/ledger/ledger.ts';

const USDC = 0;
const ETH = 1;
/** USD per token. */
const FAIR = [1, 2000];

function aWorld() {
  const assets = createAssets([
    { name: 'USDC', decimals: 6 },
    { name: 'ETH', decimals: 9 },
  ]);
  const ledger = new Ledger(assets, new Journal());
  const albert = ledger.open('albert', 'trader');
  const betty = ledger.open('betty', 'lender');
  const mallory = ledger.open('mallory', 'attacker');
  const pool = ledger.open('pool', 'protocol');
  ledger.transfer(OUTSIDE, albert, USDC, 5_000_000_000);
  ledger.transfer(OUTSIDE, betty, USDC, 5_000_000_000);
  ledger.transfer(OUTSIDE, mallory, ETH, 2_000_000_000);
  const attribution = createAttribution(ledger);
  return { ledger, albert, betty, mallory, pool, attribution };
}

const none = () => undefined;

describe('attribution', () => {
  it('gives one what the other lost, at the fair price of the end', () => {
    const { ledger, albert, mallory, attribution } = aWorld();
    attribution.snapshotStart();
    ledger.transfer(albert, mallory, USDC, 3_000_000_000);
    ledger.transfer(mallory, albert, ETH, 1_000_000_000);
    const rows = attribution.parties(FAIR, none);
    expect(rows.filter((row) => row.account === mallory)).toEqual([
      { account: mallory, name: 'mallory', role: 'attacker', asset: USDC, startUnits: 0, endUnits: 3_000_000_000, profitUsd: 3000 },
      {
        account: mallory,
        name: 'mallory',
        role: 'attacker',
        asset: ETH,
        startUnits: 2_000_000_000,
        endUnits: 1_000_000_000,
        profitUsd: -2000,
      },
    ]);
    expect(totalsByRole(rows)).toEqual([
      { role: 'outside', profitUsd: 0 },
      { role: 'trader', profitUsd: -1000 },
      { role: 'lender', profitUsd: 0 },
      { role: 'attacker', profitUsd: 1000 },
    ]);
  });

  it('calls it nobody’s profit that the market rose', () => {
    const { attribution } = aWorld();
    attribution.snapshotStart();
    for (const row of attribution.parties([1, 1e6], none)) expect(row.profitUsd).toBe(0);
  });

  it('leaves a lender whole who holds a claim, and the protocol with nothing', () => {
    const { ledger, betty, pool, attribution } = aWorld();
    attribution.snapshotStart();
    ledger.transfer(betty, pool, USDC, 4_000_000_000);
    const lent = attribution.parties(FAIR, (visit) => visit(betty, pool, USDC, 4_000_000_000));
    expect(lent.filter((row) => row.profitUsd !== 0)).toEqual([]);
    expect(lent.some((row) => row.account === pool)).toBe(false);
    const robbed = attribution.parties(FAIR, (visit) => visit(betty, pool, USDC, 1_000_000_000));
    expect(totalsByRole(robbed)).toContainEqual({ role: 'lender', profitUsd: -3000 });
    expect(totalsByRole(robbed)).toContainEqual({ role: 'protocol', profitUsd: 3000 });
  });

  it('shows a borrower’s debt as a claim against the borrower', () => {
    const { ledger, betty, mallory, pool, attribution } = aWorld();
    ledger.transfer(betty, pool, USDC, 5_000_000_000);
    const lent = (visit: VisitClaim) => visit(betty, pool, USDC, 5_000_000_000);
    attribution.snapshotStart(lent);
    ledger.transfer(mallory, pool, ETH, 2_000_000_000);
    ledger.transfer(pool, mallory, USDC, 3_000_000_000);
    const healthy = attribution.parties(FAIR, (visit) => {
      lent(visit);
      visit(mallory, pool, ETH, 2_000_000_000);
      visit(mallory, pool, USDC, -3_000_000_000);
    });
    expect(healthy.filter((row) => row.profitUsd !== 0)).toEqual([]);
    // She walks away: at 1,000 USD the 2 ETH that she leaves are worth 1,000 USD less than what she took; the lender bears it.
    const gone = attribution.parties([1, 1000], (visit) => visit(betty, pool, USDC, 4_000_000_000));
    expect(totalsByRole(gone)).toContainEqual({ role: 'attacker', profitUsd: 1000 });
    expect(totalsByRole(gone)).toContainEqual({ role: 'lender', profitUsd: -1000 });
    expect(totalsByRole(gone)).toContainEqual({ role: 'protocol', profitUsd: 0 });
  });

  it('counts claims at the start: liquidity that was there is nobody’s gain', () => {
    const { ledger, betty, pool, attribution } = aWorld();
    ledger.transfer(betty, pool, USDC, 4_000_000_000);
    const claims = (visit: VisitClaim) => visit(betty, pool, USDC, 4_000_000_000);
    attribution.snapshotStart(claims);
    expect(attribution.parties(FAIR, claims).filter((row) => row.profitUsd !== 0)).toEqual([]);
  });

  it('starts an account that was opened later with nothing', () => {
    const { ledger, albert, attribution } = aWorld();
    attribution.snapshotStart();
    const kate = ledger.open('kate', 'keeper');
    ledger.transfer(albert, kate, USDC, 7_000_000);
    const row = attribution.parties(FAIR, none).find(({ account }) => account === kate);
    expect(row).toMatchObject({ role: 'keeper', startUnits: 0, endUnits: 7_000_000, profitUsd: 7 });
  });

  it('nets what flowed between two roles since the start, in USD', () => {
    const { ledger, albert, mallory, attribution } = aWorld();
    ledger.transfer(albert, mallory, USDC, 1_000_000_000);
    attribution.snapshotStart();
    ledger.transfer(albert, mallory, USDC, 3_000_000_000);
    ledger.transfer(mallory, albert, ETH, 500_000_000);
    ledger.transfer(mallory, albert, USDC, 250_000_000);
    expect(attribution.flowsUsd('trader', 'attacker', FAIR)).toBe(1750);
    expect(attribution.flowsUsd('attacker', 'trader', FAIR)).toBe(-1750);
    expect(attribution.flowsUsd('trader', 'trader', FAIR)).toBe(0);
    expect(attribution.flowsUsd('trader', 'nobody', FAIR)).toBe(0);
  });

  it('is a fault to value an asset without a price, or to visit a claim on nobody', () => {
    const { albert, attribution } = aWorld();
    attribution.snapshotStart();
    expect(() => attribution.parties([1, Number.NaN], none)).toThrow(/ATTRIBUTION_PRICE: asset=ETH/);
    expect(() => attribution.parties([1], none)).toThrow('ATTRIBUTION_PRICE');
    expect(() => attribution.parties(FAIR, (visit) => visit(albert, 99, USDC, 1))).toThrow('ATTRIBUTION_CLAIM');
    expect(() => attribution.parties(FAIR, (visit) => visit(albert, OUTSIDE, 2, 1))).toThrow('ATTRIBUTION_CLAIM');
    expect(() => attribution.parties(FAIR, (visit) => visit(albert, OUTSIDE, USDC, Number.NaN))).toThrow('ATTRIBUTION_CLAIM');
  });
});
