/** PNL-1 under random transfers and claims: whatever happened, what some gained others lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAssets } from '../../src/ledger/assets.ts';
import { createAttribution, type PartyRow, totalsByRole, type VisitClaim } from '../../src/ledger/attribution.ts';
import { Journal } from '../../src/ledger/journal.ts';
import { Ledger, OUTSIDE } from '../../src/ledger/ledger.ts';
import { propertyRuns } from '../support/property-runs.ts';

const ACCOUNTS = 8;
const DECIMALS = [6, 9, 0];
const ROLES = ['trader', 'lender', 'attacker', 'protocol'];

const account = fc.nat(ACCOUNTS - 1);
const asset = fc.nat(DECIMALS.length - 1);
const transfers = fc.array(fc.record({ from: account, to: account, asset, part: fc.nat(100) }), {
  minLength: 200,
  maxLength: 220,
  size: 'max',
});
const wholeUnits = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });
const brokenUnits = fc.double({ min: -1e12, max: 1e12, noNaN: true });
const claimsOf = (units: fc.Arbitrary<number>) =>
  fc.array(fc.record({ holder: account, issuer: account, asset, units }), { maxLength: 40 });
/** Nothing, or from a millionth to a million USD: subnormal prices would only show how subnormal numbers round. */
const price = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 9, arbitrary: fc.double({ min: 1e-6, max: 1e6, noNaN: true }) });
const prices = fc.array(price, { minLength: DECIMALS.length, maxLength: DECIMALS.length });

interface Claim {
  readonly holder: number;
  readonly issuer: number;
  readonly asset: number;
  readonly units: number;
}

function aLedger(): Ledger {
  const ledger = new Ledger(createAssets(DECIMALS.map((decimals, i) => ({ name: `A${i}`, decimals }))), new Journal());
  for (let i = 1; i < ACCOUNTS; i++) {
    const id = ledger.open(`party/${i}`, ROLES[i % ROLES.length]);
    for (let a = 0; a < DECIMALS.length; a++) ledger.transfer(OUTSIDE, id, a, 1_000_000_000_007 * i);
  }
  return ledger;
}

function visits(claims: readonly Claim[]) {
  return (visit: VisitClaim) => {
    for (const claim of claims) visit(claim.holder, claim.issuer, claim.asset, claim.units);
  };
}

/** The rows of one random history. */
function history(
  moves: readonly { from: number; to: number; asset: number; part: number }[],
  atStart: Claim[],
  atEnd: Claim[],
  fair: number[],
) {
  const ledger = aLedger();
  const attribution = createAttribution(ledger);
  attribution.snapshotStart(visits(atStart));
  for (const { from, to, asset: moved, part } of moves) {
    const have = from === OUTSIDE ? 1_000_003 : ledger.balance(from, moved);
    ledger.transfer(from, to, moved, Math.floor((have * part) / 100));
  }
  return { rows: attribution.parties(fair, visits(atEnd)), attribution, ledger };
}

/** Sums of units by asset, of profit, and of its sizes. */
function sums(rows: readonly PartyRow[]) {
  const units = DECIMALS.map(() => 0);
  const sizes = DECIMALS.map(() => 0);
  let usd = 0;
  let gross = 0;
  for (const row of rows) {
    units[row.asset] += row.endUnits - row.startUnits;
    sizes[row.asset] += Math.abs(row.endUnits) + Math.abs(row.startUnits);
    usd += row.profitUsd;
    gross += Math.abs(row.profitUsd);
  }
  return { units, sizes, usd, gross };
}

describe('law of gains and losses', () => {
  it('PNL-1 whole claims: units sum to zero exactly, USD within 1e-9 of gross', () => {
    let moved = 0;
    fc.assert(
      fc.property(transfers, claimsOf(wholeUnits), claimsOf(wholeUnits), prices, (moves, atStart, atEnd, fair) => {
        const { rows } = history(moves, atStart, atEnd, fair);
        const { units, usd, gross } = sums(rows);
        expect(units).toEqual([0, 0, 0]);
        expect(Math.abs(usd)).toBeLessThanOrEqual(1e-9 * gross);
        const byRole = totalsByRole(rows).reduce((sum, total) => sum + total.profitUsd, 0);
        expect(Math.abs(byRole)).toBeLessThanOrEqual(1e-9 * gross);
        if (gross > 0) moved++;
      }),
      { numRuns: propertyRuns(200, 3000) },
    );
    expect(moved).toBeGreaterThan(150);
  });

  it('PNL-1 fractional claims: to the rounding of the sums', () => {
    fc.assert(
      fc.property(transfers, claimsOf(brokenUnits), prices, (moves, atEnd, fair) => {
        const { units, sizes } = sums(history(moves, [], atEnd, fair).rows);
        for (let i = 0; i < units.length; i++) expect(Math.abs(units[i])).toBeLessThanOrEqual(1e-12 * sizes[i]);
      }),
      { numRuns: propertyRuns(100, 2000) },
    );
  });

  it('net flows between all roles tell the same story as the party table, where nobody has claims', () => {
    fc.assert(
      fc.property(transfers, prices, (moves, fair) => {
        const { rows, attribution, ledger } = history(moves, [], [], fair);
        const scale = 1 + sums(rows).gross + 1e-6 * Math.max(...fair);
        for (const { role, profitUsd } of totalsByRole(rows)) {
          let received = 0;
          let turnover = 0;
          for (const other of ledger.roleNames) {
            const usd = attribution.flowsUsd(other, role, fair);
            received += usd;
            turnover += Math.abs(usd);
          }
          expect(Math.abs(received - profitUsd)).toBeLessThanOrEqual(1e-9 * (scale + turnover));
        }
      }),
      { numRuns: propertyRuns(100, 2000) },
    );
  });
});
