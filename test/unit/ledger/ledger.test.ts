import { describe, expect, it } from 'vitest';
import { UNITS_MAX } from '../../../src/base/units.ts';
import { createAssets } from '../../../src/ledger/assets.ts';
import { Journal } from '../../../src/ledger/journal.ts';
import { Ledger, OUTSIDE, ROLES_MAX } from '../../../src/ledger/ledger.ts';
import { ledgerState } from '../../support/ledger-state.ts';

const USDC = 0;
const ETH = 1;

function aLedger() {
  const assets = createAssets([
    { name: 'USDC', decimals: 6 },
    { name: 'ETH', decimals: 9 },
  ]);
  const ledger = new Ledger(assets, new Journal());
  const albert = ledger.open('albert', 'trader');
  const betty = ledger.open('betty', 'lender');
  ledger.transfer(OUTSIDE, albert, USDC, 1000);
  return { ledger, albert, betty };
}

describe('ledger', () => {
  it('moves money from one account to the other and makes none', () => {
    const { ledger, albert, betty } = aLedger();
    ledger.transfer(albert, betty, USDC, 300);
    expect([ledger.balance(albert, USDC), ledger.balance(betty, USDC), ledger.balance(OUTSIDE, USDC)]).toEqual([700, 300, -1000]);
    expect(ledger.total(USDC)).toBe(0);
    expect(ledger.balance(betty, ETH)).toBe(0);
  });

  it('lets nobody but outside go below zero', () => {
    const { ledger, albert, betty } = aLedger();
    expect(() => ledger.transfer(albert, betty, USDC, 1001)).toThrow(/LEDGER_NEGATIVE: account=albert asset=USDC balance=1000 amount=1001/);
    ledger.transfer(albert, betty, USDC, 1000);
    expect(ledger.balance(albert, USDC)).toBe(0);
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, UNITS_MAX + 1])('does not move %s units', (amount) => {
    const { ledger, albert, betty } = aLedger();
    const before = ledgerState(ledger);
    expect(() => ledger.transfer(albert, betty, USDC, amount)).toThrow('LEDGER_AMOUNT');
    expect(ledgerState(ledger)).toEqual(before);
  });

  it.each([-1, 3, 63, 64, 1000, Number.NaN])('knows no account %s', (stranger) => {
    const { ledger, albert } = aLedger();
    const before = ledgerState(ledger);
    expect(() => ledger.transfer(albert, stranger, USDC, 1)).toThrow('LEDGER_ACCOUNT');
    expect(() => ledger.transfer(stranger, albert, USDC, 1)).toThrow('LEDGER_ACCOUNT');
    expect(ledgerState(ledger)).toEqual(before);
  });

  it('holds 2^53 − 1 units of an asset and refuses one more', () => {
    const { ledger, albert, betty } = aLedger();
    ledger.transfer(OUTSIDE, albert, ETH, UNITS_MAX);
    expect(() => ledger.transfer(OUTSIDE, betty, ETH, 1)).toThrow('LEDGER_OVERFLOW');
    expect(ledger.balance(albert, ETH)).toBe(9_007_199_254_740_991);
    expect(ledger.total(ETH)).toBe(0);
  });

  it('counts what flowed between roles, gross, in each direction', () => {
    const { ledger, albert, betty } = aLedger();
    ledger.transfer(albert, betty, USDC, 300);
    ledger.transfer(betty, albert, USDC, 100);
    expect(ledger.flow('trader', 'lender', USDC)).toBe(300);
    expect(ledger.flow('lender', 'trader', USDC)).toBe(100);
    expect(ledger.flow('outside', 'trader', USDC)).toBe(1000);
    expect(ledger.flow('trader', 'lender', ETH)).toBe(0);
    expect(ledger.flow('trader', 'nobody', USDC)).toBe(0);
  });

  it('does not count as a flow what an account pays to itself', () => {
    const { ledger, albert } = aLedger();
    ledger.transfer(albert, albert, USDC, 500);
    expect(ledger.balance(albert, USDC)).toBe(1000);
    expect(ledger.flow('trader', 'trader', USDC)).toBe(0);
  });

  it('takes back balances and flows when a bundle is undone', () => {
    const { ledger, albert, betty } = aLedger();
    const before = ledgerState(ledger);
    ledger.journal.begin();
    ledger.transfer(albert, betty, USDC, 300);
    ledger.transfer(OUTSIDE, betty, ETH, 5);
    ledger.journal.undo();
    expect(ledgerState(ledger)).toEqual(before);
  });

  it('exchanges as two transfers do, journal and flows included', () => {
    const [one, two] = [aLedger(), aLedger()];
    for (const { ledger, betty } of [one, two]) ledger.transfer(OUTSIDE, betty, ETH, 50);
    one.ledger.exchange(one.albert, one.betty, USDC, 300, ETH, 7);
    two.ledger.transfer(two.albert, two.betty, USDC, 300);
    two.ledger.transfer(two.betty, two.albert, ETH, 7);
    expect(ledgerState(one.ledger)).toEqual(ledgerState(two.ledger));
    const before = ledgerState(one.ledger);
    one.ledger.journal.begin();
    one.ledger.exchange(one.albert, one.betty, USDC, 700, ETH, 43);
    one.ledger.journal.undo();
    expect(ledgerState(one.ledger)).toEqual(before);
  });

  it('refuses an exchange that two transfers would refuse', () => {
    const { ledger, albert, betty } = aLedger();
    ledger.transfer(OUTSIDE, betty, ETH, 50);
    const before = ledgerState(ledger);
    expect(() => ledger.exchange(albert, betty, USDC, 1001, ETH, 1)).toThrow(/LEDGER_NEGATIVE: account=albert/);
    expect(() => ledger.exchange(albert, betty, USDC, 1, ETH, 51)).toThrow(/LEDGER_NEGATIVE: account=betty/);
    for (const wrong of [0, -1, 0.5, Number.NaN, UNITS_MAX + 1]) {
      expect(() => ledger.exchange(albert, betty, USDC, wrong, ETH, 1)).toThrow('LEDGER_AMOUNT');
      expect(() => ledger.exchange(albert, betty, USDC, 1, ETH, wrong)).toThrow('LEDGER_AMOUNT');
    }
    expect(() => ledger.exchange(albert, betty, USDC, 1, USDC, 1)).toThrow('LEDGER_AMOUNT');
    expect(() => ledger.exchange(albert, albert, USDC, 1, ETH, 1)).toThrow('LEDGER_ACCOUNT');
    expect(() => ledger.exchange(albert, ledger.accounts, USDC, 1, ETH, 1)).toThrow('LEDGER_ACCOUNT');
    expect(() => ledger.exchange(OUTSIDE, betty, USDC, UNITS_MAX, ETH, 1)).toThrow('LEDGER_OVERFLOW');
    expect(ledgerState(ledger)).toEqual(before);
  });

  it('keeps balances while accounts are opened by the thousand', () => {
    const { ledger, albert } = aLedger();
    for (let i = 0; i < 5000; i++) ledger.open(`trader/${i}`, 'trader');
    const last = ledger.accounts - 1;
    ledger.transfer(albert, last, USDC, 1);
    expect([ledger.balance(albert, USDC), ledger.balance(last, USDC), ledger.total(USDC)]).toEqual([999, 1, 0]);
    expect([ledger.names[last], ledger.roles[last]]).toEqual(['trader/4999', 'trader']);
  });

  it(`has room for ${ROLES_MAX} roles`, () => {
    const ledger = new Ledger(createAssets([]), new Journal());
    for (let i = 1; i < ROLES_MAX; i++) ledger.open(`${i}`, `role ${i}`);
    expect(() => ledger.open('one more', 'one more')).toThrow('LEDGER_ROLES');
  });
});
