import { describe, expect, it } from 'vitest';
import { column, growColumn } from '../../../src/base/columns.ts';
import { Journal } from '../../../src/ledger/journal.ts';

describe('journal', () => {
  it('takes back what a bundle wrote, also what it wrote twice', () => {
    const journal = new Journal();
    const price = column(4, 7);
    journal.begin();
    journal.set(price, 2, 8);
    journal.set(price, 2, 9);
    expect(price.data[2]).toBe(9);
    journal.undo();
    expect([...price.data]).toEqual([7, 7, 7, 7]);
  });

  it('keeps what a bundle committed, whatever the next one does', () => {
    const journal = new Journal();
    const debt = column(4);
    journal.begin();
    journal.set(debt, 0, 5);
    journal.commit();
    journal.begin();
    journal.undo();
    expect(debt.data[0]).toBe(5);
  });

  it('takes back a bundle of thousands of writes, in the order of the last first', () => {
    const journal = new Journal();
    const debt = column(700, 0.5);
    journal.begin();
    for (let write = 0; write < 5_000; write++) journal.set(debt, write % 700, write);
    journal.undo();
    expect(debt.data.slice(0, 700).every((value) => value === 0.5)).toBe(true);
  });

  it('only writes outside a bundle', () => {
    const journal = new Journal();
    const debt = column(4);
    journal.set(debt, 1, 3);
    journal.begin();
    journal.undo();
    expect(debt.data[1]).toBe(3);
  });

  it('finds a column again that grew during the bundle', () => {
    const journal = new Journal();
    const debt = column(4, 1);
    journal.begin();
    journal.set(debt, 0, 2);
    growColumn(debt, 100);
    journal.set(debt, 99, 2);
    journal.undo();
    expect([debt.data[0], debt.data[99], debt.data.length]).toEqual([1, 0, 100]);
  });

  it('asks aside: what was written for an answer is taken back, within a bundle and outside one', () => {
    const journal = new Journal();
    const debt = column(4);
    const asked = () => {
      journal.set(debt, 0, 5);
      journal.set(debt, 1, 6);
      return debt.data[0] + debt.data[1];
    };
    expect(journal.aside(asked)).toBe(11);
    expect([debt.data[0], debt.data[1], journal.open]).toEqual([0, 0, false]);
    journal.begin();
    journal.set(debt, 0, 1);
    expect(journal.aside(asked)).toBe(11);
    expect([debt.data[0], debt.data[1], journal.open]).toEqual([1, 0, true]);
    journal.set(debt, 1, 2);
    journal.undo();
    expect([debt.data[0], debt.data[1]]).toEqual([0, 0]);
    const fails = () => {
      journal.set(debt, 0, 9);
      throw new Error('no answer');
    };
    expect(() => journal.aside(fails)).toThrow('no answer');
    expect([debt.data[0], journal.open]).toEqual([0, false]);
  });

  it('does not nest, and ends only what was begun', () => {
    const journal = new Journal();
    const debt = column(4);
    journal.begin();
    expect(journal.open).toBe(true);
    expect(() => journal.begin()).toThrow('JOURNAL_NESTED');
    journal.set(debt, 0, 5);
    journal.commit();
    expect(journal.open).toBe(false);
    expect(() => journal.undo()).toThrow('JOURNAL_CLOSED');
    expect(() => journal.commit()).toThrow('JOURNAL_CLOSED');
    expect(debt.data[0]).toBe(5);
  });
});
