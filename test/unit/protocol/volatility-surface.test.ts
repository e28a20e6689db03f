import { describe, expect, it } from 'vitest';
import { years } from '../../../src/base/params.ts';
import { parametricVolatility } from '../../../src/protocol/instrument/parametric-volatility.ts';
import { parseVolatilityTable, tabulatedVolatility, volatilityTable } from '../../../src/protocol/instrument/volatility-table.ts';

const DAY = 86_400_000;
const days = (count: number): number => years(count * DAY);
const REST = { skew: 0, smile: 0, term: 0, floor: 0.05, wing: 2 };

describe('parametric volatility', () => {
  it('is the level at the money at 30 days', () => {
    const surface = parametricVolatility.create({ ...REST, atm: 0.8, skew: -0.2, smile: 0.3, term: 0.3 }, undefined);
    expect(surface.volatility(2000, 2000, days(30))).toBe(0.8);
  });

  it('is a parabola in log-moneyness per √T', () => {
    const surface = parametricVolatility.create({ ...REST, atm: 0.8, skew: -0.2, smile: 0.3 }, undefined);
    const x = 0.5; // K = S·e^(x·√T)
    expect(surface.volatility(100, 100 * Math.exp(x * Math.sqrt(0.25)), 0.25)).toBeCloseTo(0.8 - 0.1 + 0.075, 12);
    expect(surface.volatility(100, 100 * Math.exp(-x * Math.sqrt(0.25)), 0.25)).toBeCloseTo(0.8 + 0.1 + 0.075, 12);
  });

  it('rises for near expiries with a power of 30 days over T, until a day', () => {
    const surface = parametricVolatility.create({ ...REST, atm: 0.5, term: 0.3 }, undefined);
    expect(surface.volatility(1, 1, days(7))).toBeCloseTo(0.5 * (30 / 7) ** 0.3, 12);
    expect(surface.volatility(1, 1, days(120))).toBeCloseTo(0.5 * 0.25 ** 0.3, 12);
    expect(surface.volatility(1, 1, 0)).toBe(surface.volatility(1, 1, days(1)));
  });

  it('keeps to the wing and the floor', () => {
    const surface = parametricVolatility.create({ ...REST, atm: 0.5, skew: -0.4, wing: 2 }, undefined);
    const strike = (x: number): number => Math.exp(x * Math.sqrt(days(30)));
    expect(surface.volatility(1, strike(-5), days(30))).toBeCloseTo(0.5 + 0.8, 12);
    expect(surface.volatility(1, strike(5), days(30))).toBe(0.05);
  });
});

describe('tabulated volatility', () => {
  const table = tabulatedVolatility({
    moneyness: [0.8, 1.25],
    days: [9, 25],
    volatility: [
      [1.2, 1],
      [0.8, 0.7],
    ],
  });

  it('meets its points', () => {
    expect(table.volatility(1, 0.8, days(9))).toBeCloseTo(1.2, 12);
    expect(table.volatility(1, 0.8, days(25))).toBeCloseTo(1, 12);
    expect(table.volatility(1, 1.25, days(9))).toBeCloseTo(0.8, 12);
    expect(table.volatility(1, 1.25, days(25))).toBeCloseTo(0.7, 12);
  });

  it('is straight between them in ln(K/S) and in √T', () => {
    expect(table.volatility(1, 1, days(9))).toBeCloseTo(1, 12); // ln 1 lies midway between ln 0.8 and ln 1.25
    expect(table.volatility(1, 0.8, days(16))).toBeCloseTo(1.1, 12); // √16 lies midway between √9 and √25
    expect(table.volatility(1, 1, days(16))).toBeCloseTo((1.2 + 1 + 0.8 + 0.7) / 4, 12);
  });

  it('is flat beyond its edges', () => {
    expect(table.volatility(1, 0.1, days(9))).toBe(table.volatility(1, 0.8, days(9)));
    expect(table.volatility(1, 9, days(400))).toBe(table.volatility(1, 1.25, days(25)));
    expect(table.volatility(1, 1, 0)).toBe(table.volatility(1, 1, days(9)));
  });

  it('may have a single row or column', () => {
    const column = tabulatedVolatility({ moneyness: [0.8, 1.25], days: [30], volatility: [[1], [0.5]] });
    expect(column.volatility(1, 1, days(90))).toBeCloseTo(0.75, 12);
    const row = tabulatedVolatility({ moneyness: [1], days: [9, 25], volatility: [[1, 0.5]] });
    expect(row.volatility(1, 3, days(16))).toBeCloseTo(0.75, 12);
  });

  it.each([
    ['rows that fall', { moneyness: [1, 0.9], days: [7], volatility: [[1], [1]] }],
    ['days that stand still', { moneyness: [1], days: [7, 7], volatility: [[1, 1]] }],
    ['a volatility of 0', { moneyness: [1], days: [7], volatility: [[0]] }],
    ['a ragged row', { moneyness: [1], days: [7, 30], volatility: [[1]] }],
    ['no rows', { moneyness: [], days: [7], volatility: [] }],
  ])('refuses %s', (_what, bad) => expect(() => tabulatedVolatility(bad)).toThrow('SURFACE_DOMAIN'));
});

describe('a table of volatilities in a file', () => {
  const text = '# BTC\nmoneyness, 9, 25\n0.8, 1.2, 1\n\n1.25, 0.8, 0.7\n';

  it('is read as it stands', () => {
    const surface = volatilityTable.create({ file: { file: 'btc.csv', text } }, undefined);
    expect(volatilityTable.check?.({ file: { file: 'btc.csv', text } })).toEqual([]);
    expect(surface.volatility(1, 1, days(16))).toBeCloseTo((1.2 + 1 + 0.8 + 0.7) / 4, 12);
  });

  it('is refused with every fault and its line', () => {
    const bad = 'moneyness,30,7\n1.1,0.8,high\n0.9,0.7\n0,,1\n';
    const problems = volatilityTable.check?.({ file: { file: 'bad.csv', text: bad } }) ?? [];
    expect(problems.map(({ file, line, found }) => [file, line, found])).toEqual([
      ['bad.csv', 1, '30, 7'],
      ['bad.csv', 2, 'high'],
      ['bad.csv', 3, '1 volatilities'],
      ['bad.csv', 3, '0.9'],
      ['bad.csv', 4, '0'],
      ['bad.csv', 4, 'nothing'],
    ]);
    expect(() => volatilityTable.create({ file: { file: 'bad.csv', text: bad } }, undefined)).toThrow('SURFACE_DOMAIN');
  });

  it('says what is missing from one that is none', () => {
    for (const empty of ['', '# nothing\n', 'moneyness,7\n']) {
      const found: string[] = [];
      expect(parseVolatilityTable(empty, (line, what) => found.push(`${line} ${what}`))).toBeUndefined();
      expect(found).toEqual(['1 no table']);
    }
    const found: string[] = [];
    expect(parseVolatilityTable('moneyness\n1\n', (line, what) => found.push(`${line} ${what}`))).toBeUndefined();
    expect(found).toEqual(['1 moneyness']);
  });
});
