/** LEDGER-1, LEDGER-2 and the journal under random sequences, against a plain model in BigInt that knows no journal: it copies. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { column, growColumn } from '../../src/base/columns.ts';
import { isFault } from '../../src/base/fault.ts';
import { UNITS_MAX } from '../../src/base/units.ts';
import { createAssets } from '../../src/ledger/assets.ts';
import { Journal } from '../../src/ledger/journal.ts';
import { Ledger, OUTSIDE } from '../../src/ledger/ledger.ts';
import { ledgerState } from '../support/ledger-state.ts';
import { propertyRuns } from '../support/property-runs.ts';

const ROLES = ['trader', 'lender', 'attacker'];
const ASSETS = 2;
const ACCOUNTS_MAX = 8;

type Step =
  | { readonly do: 'transfer'; readonly from: number; readonly to: number; readonly asset: number; readonly amount: number }
  | { readonly do: 'open' | 'begin' | 'commit' | 'undo' };

/** Amounts of all sizes, possible and impossible: whole, broken, negative, huge. */
const amounts = fc.oneof(
  { weight: 6, arbitrary: fc.nat(1000) },
  { weight: 2, arbitrary: fc.maxSafeNat() },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0.5, UNITS_MAX, UNITS_MAX + 1, Number.NaN, Number.POSITIVE_INFINITY) },
);
const transfer = fc.record({
  do: fc.constant('transfer' as const),
  // Now and then an account that does not exist.
  from: fc.oneof({ weight: 1, arbitrary: fc.constant(OUTSIDE) }, { weight: 3, arbitrary: fc.nat(9) }),
  to: fc.nat(9),
  asset: fc.nat(ASSETS - 1),
  amount: amounts,
});
const other = fc.record({ do: fc.constantFrom('open' as const, 'begin' as const, 'commit' as const, 'undo' as const) });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof({ weight: 8, arbitrary: transfer }, { weight: 2, arbitrary: other }) as fc.Arbitrary<Step>,
  { minLength: 200, maxLength: 250, size: 'max' },
);

function aLedger(): Ledger {
  const ledger = new Ledger(createAssets(Array.from({ length: ASSETS }, (_, i) => ({ name: `A${i}`, decimals: 6 }))), new Journal());
  for (let i = 0; i < 4; i++) ledger.open(`start/${i}`, ROLES[i % 3]);
  return ledger;
}

/** Does one step of a sequence; a step that is out of place is skipped. Whether it happened. */
function perform(ledger: Ledger, step: Step): boolean {
  if (step.do === 'transfer') {
    try {
      ledger.transfer(step.from, step.to, step.asset, step.amount);
      return true;
    } catch (error) {
      if (!isFault(error)) throw error;
      return false;
    }
  }
  if (step.do === 'open') {
    if (ledger.accounts < ACCOUNTS_MAX) ledger.open(`more/${ledger.accounts}`, ROLES[ledger.accounts % 3]);
  } else if (step.do === 'begin') {
    if (!ledger.journal.open) ledger.journal.begin();
  } else if (ledger.journal.open) {
    if (step.do === 'commit') ledger.journal.commit();
    else ledger.journal.undo();
  }
  return true;
}

/** Balances in BigInt, by asset, by account, by the plainest rules there are. */
function model() {
  let now = Array.from({ length: ASSETS }, () => Array.from({ length: ACCOUNTS_MAX }, () => 0n));
  let saved: bigint[][] | undefined;
  return {
    /** The balances as numbers, for the accounts there are. */
    numbers: (accounts: number) => now.map((row) => row.slice(0, accounts).map(Number)),
    step(step: Step, accounts: number): void {
      if (step.do === 'begin') saved ??= now.map((row) => [...row]);
      else if (step.do === 'commit') saved = undefined;
      else if (step.do === 'undo') {
        now = saved ?? now;
        saved = undefined;
      } else if (step.do === 'transfer') {
        const { from, to, asset, amount } = step;
        if (!Number.isSafeInteger(amount) || amount < 0 || from >= accounts || to >= accounts) return;
        const row = [...now[asset]];
        row[from] = row[from] - BigInt(amount);
        row[to] = row[to] + BigInt(amount);
        const possible = row.every((units, account) => (account === OUTSIDE || units >= 0n) && units <= UNITS_MAX && units >= -UNITS_MAX);
        if (possible) now[asset] = row;
      }
    },
  };
}

describe('laws of the ledger', () => {
  it('LEDGER-1 each asset sums to zero · LEDGER-2 no account but outside is negative, after every step of any sequence', () => {
    let happened = 0;
    let refused = 0;
    fc.assert(
      fc.property(steps, (sequence) => {
        const ledger = aLedger();
        for (const step of sequence) {
          if (perform(ledger, step)) happened++;
          else refused++;
          for (let asset = 0; asset < ASSETS; asset++) {
            if (ledger.total(asset) !== 0) expect.fail(`asset ${asset} sums to ${ledger.total(asset)}`);
            for (let account = 1; account < ledger.accounts; account++) {
              if (!(ledger.balance(account, asset) >= 0)) expect.fail(`${ledger.names[account]} has ${ledger.balance(account, asset)}`);
            }
          }
        }
      }),
      { numRuns: propertyRuns(200, 5000) },
    );
    expect(Math.min(happened, refused)).toBeGreaterThan(1000);
  });

  it('every balance is what a plain model with deep copies says', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const ledger = aLedger();
        const plain = model();
        for (const step of sequence) {
          plain.step(step, ledger.accounts);
          perform(ledger, step);
        }
        expect(ledgerState(ledger).balances).toEqual(plain.numbers(ledger.accounts));
      }),
      { numRuns: propertyRuns(200, 5000) },
    );
  });

  it('undoing a bundle equals a deep copy from before it, flows between roles included', () => {
    fc.assert(
      fc.property(steps, steps, (before, bundle) => {
        const ledger = aLedger();
        for (const step of before) perform(ledger, step);
        if (ledger.journal.open) ledger.journal.commit();
        const copy = ledgerState(ledger);
        ledger.journal.begin();
        for (const step of bundle) if (step.do === 'transfer') perform(ledger, step);
        ledger.journal.undo();
        expect(ledgerState(ledger)).toEqual(copy);
      }),
      { numRuns: propertyRuns(200, 5000) },
    );
  });

  it('undo puts any columns back as they were, while they grow', () => {
    const write = fc.record({ column: fc.nat(3), index: fc.nat(300), value: fc.double() });
    fc.assert(
      fc.property(fc.array(write, { minLength: 200, maxLength: 250, size: 'max' }), fc.nat(200), (writes, start) => {
        const journal = new Journal();
        const columns = Array.from({ length: 4 }, () => column(8));
        const copies: number[][] = [];
        writes.forEach((one, i) => {
          if (i === start) {
            for (const { data } of columns) copies.push([...data]);
            journal.begin();
          }
          growColumn(columns[one.column], one.index + 1);
          journal.set(columns[one.column], one.index, one.value);
        });
        if (journal.open) journal.undo();
        copies.forEach((copy, i) => {
          expect([...columns[i].data.subarray(0, copy.length)]).toEqual(copy);
          expect(columns[i].data.subarray(copy.length).every((value) => value === 0)).toBe(true);
        });
      }),
      { numRuns: propertyRuns(200, 5000) },
    );
  });
});
