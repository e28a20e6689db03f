import { describe, expect, it } from 'vitest';
import { parseCandles, problemsOfCandles } from '../../../src/price/candles.ts';
import { parseTime } from '../../../src/price/timestamp.ts';

const HEADER = 'time,open,high,low,close,volume';

/** An hourly row of 12 March 2020. */
function row(hour: number, prices = '100,110,90,105'): string {
  return `2020-03-12T${String(hour).padStart(2, '0')}:00:00Z,${prices},1`;
}

function problems(...lines: string[]): string[] {
  return problemsOfCandles(lines.join('\n'), 'eth.csv').map(({ line, found, expected }) => `${line}: ${found} / ${expected}`);
}

describe('price bars', () => {
  it('are read from time, open, high, low, close, with further columns passed over', () => {
    expect(parseCandles([`${HEADER},trades`, `${row(0)},7`, `${row(1, '105,106,80.5,8.1e1')},9`, ''].join('\r\n'), 'eth.csv')).toEqual({
      interval: 3_600_000,
      candles: [
        { time: 1_583_971_200_000, open: 100, high: 110, low: 90, close: 105 },
        { time: 1_583_974_800_000, open: 105, high: 106, low: 80.5, close: 81 },
      ],
    });
  });

  it('are the same from klines in ms or µs, with or without a header, and from epoch seconds', () => {
    const seconds = [1_583_971_200, 1_583_971_260];
    const klines = (factor: number) => seconds.map((s) => `${s * factor},100,110,90,105,1,${s * factor + 60 * factor - 1},100,3,1,1,0`);
    const header = 'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore';
    const expected = parseCandles(klines(1).join('\n'), 'a');
    expect(expected.candles?.map(({ time }) => time)).toEqual([1_583_971_200_000, 1_583_971_260_000]);
    expect(parseCandles(klines(1e3).join('\n'), 'a')).toEqual(expected);
    expect(parseCandles(klines(1e6).join('\n'), 'a')).toEqual(expected);
    expect(parseCandles([header, ...klines(1e3)].join('\n'), 'a')).toEqual(expected);
  });

  it('may be of one column, by its name, and then stand still', () => {
    const text = ['time,open,high,low,close,Gas', '0,1,1,1,1,30.5', '60,9,1,8,2,31'].join('\n');
    expect(parseCandles(text, 'gas.csv', 'gas')).toEqual({
      interval: 60_000,
      candles: [
        { time: 0, open: 30.5, high: 30.5, low: 30.5, close: 30.5 },
        { time: 60_000, open: 31, high: 31, low: 31, close: 31 },
      ],
    });
    const wrong = (lines: string, column: string) =>
      parseCandles(lines, 'gas.csv', column).problems?.map(({ line, found }) => `${line}: ${found}`);
    expect(wrong(text, 'tips')).toContain('1: columns time, open, high, low, close, Gas');
    expect(wrong('0,1\n60,2', 'gas')).toContain('1: no line of column names');
    expect(wrong('time,gas\n0,1\n60,none\n120,2', 'gas')).toEqual(['3: gas "none"']);
  });

  it('stand still where bars are missing, for who asks for it, as long as there are more than are missing', () => {
    const gapped = (...hours: number[]) => [HEADER, ...hours.map((hour) => row(hour))].join('\n');
    const held = parseCandles(gapped(0, 1, 4, 5), 'a.csv', undefined, 'hold');
    expect(
      held.candles?.map(({ time, open, high, low, close }) => [(time - 1_583_971_200_000) / 3_600_000, open, high, low, close]),
    ).toEqual([
      [0, 100, 110, 90, 105],
      [1, 100, 110, 90, 105],
      [2, 105, 105, 105, 105],
      [3, 105, 105, 105, 105],
      [4, 100, 110, 90, 105],
      [5, 100, 110, 90, 105],
    ]);
    expect(parseCandles(gapped(0, 1, 2), 'a.csv', undefined, 'hold')).toEqual(parseCandles(gapped(0, 1, 2), 'a.csv'));
    const of = (gaps: 'hold' | 'refuse', ...hours: number[]) =>
      parseCandles(gapped(...hours), 'a.csv', undefined, gaps).problems?.map(
        ({ line, found, expected }) => `${line}: ${found} / ${expected}`,
      );
    // Five bars, and two and then three or four missing.
    expect(of('hold', 0, 1, 2, 5, 9)).toBeUndefined();
    expect(of('hold', 0, 1, 2, 5, 10)).toEqual(['6: a gap of 4 bars after line 5 / a bar every 3600000 ms']);
    expect(of('refuse', 0, 1, 4)).toEqual([
      '4: a gap of 2 bars after line 3 / a bar every 3600000 ms, or `gaps: hold` to let the last close stand',
    ]);
    expect(of('hold', 0, 1, 4, 4)).toEqual(['5: the same time as line 4 / bars in order of time, each once']);
  });

  it('are refused with a gap, a duplicate or a wrong order, each with its line', () => {
    expect(problems(HEADER, row(0), row(1), row(4), row(4), row(3), row(5))).toEqual([
      '4: a gap of 2 bars after line 3 / a bar every 3600000 ms',
      '5: the same time as line 4 / bars in order of time, each once',
      '6: an earlier time than line 4 / bars in order of time, each once',
    ]);
  });

  it('are refused when intervals are mixed', () => {
    expect(problems(HEADER, row(0), row(1), row(2), '2020-03-12T02:15:00Z,1,1,1,1', row(3))).toEqual([
      '5: a step of 900000 ms / a bar every 3600000 ms, as most',
      '6: a step of 2700000 ms / a bar every 3600000 ms, as most',
    ]);
    expect(problems(HEADER, row(0), row(1), row(2), '2020-03-12T03:30:00Z,1,1,1,1')).toEqual([
      '5: a step of 5400000 ms / a bar every 3600000 ms, as most',
    ]);
  });

  it('are refused with numbers that are none, prices that are not positive, and a low above the high: all at once', () => {
    const bad = [
      'x,110,90,105',
      '100,,90,105',
      '0,110,90,105',
      '100,110,-1,105',
      '100,Infinity,90,105',
      '100,90,110,105',
      '100,110,90,111',
    ];
    expect(problems(HEADER, row(0), ...bad.map((prices, i) => row(i + 1, prices)), row(8))).toEqual([
      '3: open "x" / a number',
      '4: high "" / a number',
      '5: open "0" / a price above 0',
      '6: low "-1" / a price above 0',
      '7: high "Infinity" / a number',
      // The first five could not be placed in time.
      '8: a gap of 5 bars after line 2 / a bar every 3600000 ms',
      '8: low 110, high 90 / low ≤ high',
      '9: open 100, close 111 beyond low 90, high 110 / open and close between low and high',
    ]);
  });

  it('are refused when the file is empty, short, or something else', () => {
    expect(problems('')).toEqual(['0: 0 readable bars / at least two bars']);
    expect(problems(HEADER, row(0))).toEqual(['0: 1 readable bar / at least two bars']);
    expect(problems('time,steth_usd,weth_usd', '2022-05-05T00:14:43Z,2950,2939')).toEqual([
      '0: 0 readable bars / at least two bars',
      '1: columns time, steth_usd, weth_usd / open_time or time, then open, high, low, close',
      '2: 3 columns / open_time or time, then open, high, low, close',
    ]);
  });

  it('are refused when the time does not say that it is UTC', () => {
    const wrong = problems('2020-03-12 00:00:00,1,1,1,1', '2020-03-12T01:00:00+02:00,1,1,1,1', row(2), row(3));
    expect(wrong.map((problem) => problem.slice(0, 7))).toEqual(['1: time', '2: time']);
  });
});

describe('times in files', () => {
  it('agree with the platform’s calendar for every day of four centuries', () => {
    for (let day = -135_140; day < 11_000; day += 1) {
      const iso = new Date(day * 86_400_000).toISOString();
      if (parseTime(iso) !== day * 86_400_000) expect(parseTime(iso)).toBe(day * 86_400_000);
    }
    expect(parseTime('1600-02-29')).toBe(Date.UTC(1600, 1, 29));
  });

  it('know minutes, seconds and ms', () => {
    expect(parseTime('2020-03-13T02:03:04.5Z')).toBe(Date.UTC(2020, 2, 13, 2, 3, 4, 500));
    expect(parseTime('2020-03-13 02:03Z')).toBe(Date.UTC(2020, 2, 13, 2, 3));
    expect(parseTime('2020-03-13')).toBe(Date.UTC(2020, 2, 13));
  });

  it.each(['2021-02-29T00:00:00Z', '2020-13-01T00:00:00Z', '2020-01-01T24:00:00Z', '2020-01-01T00:60:00Z', '1584064800000001', '', '1.5'])(
    'refuse %s',
    (field) => {
      expect(parseTime(field)).toBeUndefined();
    },
  );
});
