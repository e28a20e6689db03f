import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CALL,
  createGreeks,
  type Greeks,
  type OptionTerms,
  optionGreeks,
  optionValue,
  PUT,
} from '../../../src/protocol/instrument/black-scholes.ts';

const greeks = (terms: OptionTerms): Greeks => optionGreeks(createGreeks(), terms);
const kinds = fc.constantFrom(CALL, PUT);
const options = fc.record({
  kind: kinds,
  spot: fc.double({ min: 0.01, max: 100_000, noNaN: true }),
  moneyness: fc.double({ min: 0.2, max: 5, noNaN: true }),
  years: fc.double({ min: 0.001, max: 3, noNaN: true }),
  volatility: fc.double({ min: 0.05, max: 3, noNaN: true }),
  rate: fc.constantFrom(0, 0.05, -0.02),
});
const termsOf = ({ moneyness, ...rest }: typeof options extends fc.Arbitrary<infer T> ? T : never): OptionTerms => ({
  ...rest,
  strike: rest.spot * moneyness,
});

/** Value, delta, gamma, vega and theta, computed apart from this code with 50 digits. */
const EXACT: readonly (readonly [OptionTerms, readonly number[]])[] = [
  [
    { kind: CALL, spot: 100, strike: 100, years: 1, volatility: 0.2, rate: 0.05 },
    [10.450583572185566782, 0.63683065117561907122, 0.018762017345846893919, 37.524034691693787837, -6.4140275464381958008],
  ],
  [
    { kind: PUT, spot: 100, strike: 100, years: 1, volatility: 0.2, rate: 0.05 },
    [5.5735260222569676908, -0.36316934882438092878, 0.018762017345846893919, 37.524034691693787837, -1.6578804239346257553],
  ],
  [
    { kind: CALL, spot: 42, strike: 40, years: 0.5, volatility: 0.2, rate: 0.1 },
    [4.7594223928715332196, 0.77913129094266894042, 0.049962670405911855657, 8.8134150596028513379, -4.5590921945926264954],
  ],
  [
    { kind: PUT, spot: 42, strike: 40, years: 0.5, volatility: 0.2, rate: 0.1 },
    [0.80859937290009358326, -0.22086870905733105958, 0.049962670405911855657, 8.8134150596028513379, -0.75417449658977045902],
  ],
  [
    { kind: PUT, spot: 1, strike: 0.5, years: 0.0625, volatility: 0.75, rate: 0 },
    [
      3.4692158546370482278e-6, -0.000075161584965520718762, 0.001613999930098176732, 0.000075656246723352034312,
      -0.00045393748034011220587,
    ],
  ],
  [
    { kind: CALL, spot: 3000, strike: 4500, years: 0.25, volatility: 0.8, rate: 0 },
    [117.78506664269226484, 0.20791908382422807312, 0.00023876304989698152781, 429.77348981456675006, -687.63758370330680009],
  ],
  [
    { kind: PUT, spot: 60_000, strike: 20_000, years: 0.03125, volatility: 0.625, rate: 0 },
    [
      5.0732012445826502434e-21, -7.7169455605831655588e-24, 1.1753713802538561795e-26, 8.2643300174099262623e-19,
      -8.2643300174099262623e-18,
    ],
  ],
];

describe('Black and Scholes', () => {
  it.each(EXACT)('has value and sensitivities of %j to ten digits', (terms, expected) => {
    const { value, delta, gamma, vega, theta } = greeks(terms);
    expect(optionValue(terms)).toBe(value);
    for (const [i, got] of [value, delta, gamma, vega, theta].entries()) {
      expect(Math.abs(got / expected[i] - 1), `${got} is not ${expected[i]}`).toBeLessThan(1e-10);
    }
  });

  it('prints the prices of the textbook', () => {
    // J. C. Hull, Options, Futures, and Other Derivatives, chapter on the Black-Scholes-Merton model: 4.76 and 0.81.
    const terms = { spot: 42, strike: 40, years: 0.5, volatility: 0.2, rate: 0.1 };
    expect(optionValue({ ...terms, kind: CALL }).toFixed(2)).toBe('4.76');
    expect(optionValue({ ...terms, kind: PUT }).toFixed(2)).toBe('0.81');
  });

  it('keeps put-call parity to 1e-12 of the spot', () => {
    fc.assert(
      fc.property(options, (option) => {
        const terms = termsOf(option);
        const { spot, strike, years, rate = 0 } = terms;
        const gap =
          optionValue({ ...terms, kind: CALL }) - optionValue({ ...terms, kind: PUT }) - (spot - strike * Math.exp(-rate * years));
        expect(Math.abs(gap)).toBeLessThan(1e-12 * spot);
      }),
    );
  });

  it('lies between the certain payoff and what can be gained at most', () => {
    fc.assert(
      fc.property(options, (option) => {
        const terms = { ...termsOf(option), rate: 0 };
        const { kind, spot, strike } = terms;
        const value = optionValue(terms);
        expect(value).toBeGreaterThanOrEqual(Math.max(0, kind * (spot - strike)));
        expect(value).toBeLessThanOrEqual(kind === CALL ? spot : strike);
      }),
    );
  });

  it('grows with volatility and time, and in the money', () => {
    fc.assert(
      fc.property(options, fc.double({ min: 1.001, max: 2, noNaN: true }), (option, more) => {
        const terms = { ...termsOf(option), rate: 0 };
        const { kind, spot, strike, years, volatility } = terms;
        const value = optionValue(terms);
        const slack = 1e-13 * Math.max(spot, strike); // rounding, where nothing is left to grow
        expect(optionValue({ ...terms, volatility: volatility * more })).toBeGreaterThanOrEqual(value - slack);
        expect(optionValue({ ...terms, years: years * more })).toBeGreaterThanOrEqual(value - slack);
        expect(kind * optionValue({ ...terms, spot: spot * more })).toBeGreaterThanOrEqual(kind * value - slack);
        expect(kind * optionValue({ ...terms, strike: strike * more })).toBeLessThanOrEqual(kind * value + slack);
      }),
    );
  });

  it('has the slopes that its values have', () => {
    fc.assert(
      fc.property(options, (option) => {
        const terms = termsOf(option);
        const { spot, years, volatility } = terms;
        const got = greeks(terms);
        const change = (name: 'spot' | 'years' | 'volatility', step: number): readonly [number, number, number] => [
          optionValue({ ...terms, [name]: terms[name] - step }),
          optionValue(terms),
          optionValue({ ...terms, [name]: terms[name] + step }),
        ];
        // Steps of a thousandth of what the value turns on: the third derivative then adds less than a millionth of the scale.
        const scale = Math.max(1e-9, Math.min(1, volatility * Math.sqrt(years)));
        const ds = spot * scale * 1e-3;
        const [low, here, high] = change('spot', ds);
        expect(Math.abs((high - low) / (2 * ds) - got.delta)).toBeLessThan(1e-5);
        expect(Math.abs((high - 2 * here + low) / (ds * ds) - got.gamma) * spot * scale).toBeLessThan(1e-4);
        const dv = volatility * 1e-4;
        const [calm, , wild] = change('volatility', dv);
        expect(Math.abs((wild - calm) / (2 * dv) - got.vega) * volatility).toBeLessThan(1e-5 * spot);
        const dt = years * 1e-4;
        const [sooner, , later] = change('years', dt);
        expect(Math.abs((sooner - later) / (2 * dt) - got.theta) * years).toBeLessThan(1e-5 * Math.max(spot, terms.strike));
      }),
    );
  });
});

describe('an option with nothing left to chance', () => {
  const base = { spot: 100, strike: 90, years: 0.5, volatility: 0.8 };

  it.each([
    ['expired', { ...base, years: 0 }],
    ['without volatility', { ...base, volatility: 0 }],
  ])('%s is its payoff', (_name, terms) => {
    expect(greeks({ ...terms, kind: CALL })).toEqual({ value: 10, delta: 1, gamma: 0, vega: 0, theta: 0 });
    expect(greeks({ ...terms, kind: PUT })).toEqual({ value: 0, delta: 0, gamma: 0, vega: 0, theta: 0 });
    expect(greeks({ ...terms, spot: 80, kind: PUT })).toEqual({ value: 10, delta: -1, gamma: 0, vega: 0, theta: 0 });
    expect(greeks({ ...terms, spot: 90, kind: CALL })).toMatchObject({ value: 0, delta: 0.5 });
    expect(greeks({ ...terms, spot: 90, kind: PUT })).toMatchObject({ value: 0, delta: -0.5 });
  });

  it('loses and gains only the discount of its strike', () => {
    const certain = { ...base, volatility: 0, rate: 0.1 };
    const forward = 90 * Math.exp(-0.05);
    expect(greeks({ ...certain, kind: CALL }).value).toBeCloseTo(100 - forward, 12);
    expect(greeks({ ...certain, kind: CALL }).theta).toBeCloseTo(-0.1 * forward, 12);
    expect(greeks({ ...certain, spot: 50, kind: PUT }).theta).toBeCloseTo(0.1 * forward, 12);
  });

  it('is the spot or nothing at a strike of 0, and the strike or nothing at a spot of 0', () => {
    expect(greeks({ ...base, strike: 0, kind: CALL })).toEqual({ value: 100, delta: 1, gamma: 0, vega: 0, theta: 0 });
    expect(greeks({ ...base, strike: 0, kind: PUT }).value).toBe(0);
    expect(greeks({ ...base, spot: 0, kind: CALL })).toMatchObject({ value: 0, delta: 0 });
    expect(greeks({ ...base, spot: 0, kind: PUT })).toMatchObject({ value: 90, delta: -1 });
  });

  it('is where options go as time, volatility or the strike go to 0', () => {
    for (const kind of [CALL, PUT]) {
      const exact = (terms: Partial<OptionTerms>): number => optionValue({ ...base, ...terms, kind });
      expect(exact({ years: 1e-9 })).toBeCloseTo(exact({ years: 0 }), 12);
      expect(exact({ volatility: 1e-9 })).toBeCloseTo(exact({ volatility: 0 }), 12);
      expect(exact({ strike: 1e-300 })).toBeCloseTo(exact({ strike: 0 }), 12);
      const far = { ...base, strike: 5e-324, spot: 1e300, kind };
      expect(greeks(far)).toMatchObject({
        value: kind === CALL ? 1e300 : 0,
        delta: expect.closeTo(kind === CALL ? 1 : 0),
        gamma: 0,
        vega: 0,
      });
    }
  });
});

describe('an option that cannot be marked', () => {
  const base = { kind: PUT, spot: 100, strike: 90, years: 0.5, volatility: 0.8 } as const;

  it.each(['spot', 'strike', 'years', 'volatility'] as const)('has no value without its %s', (name) => {
    for (const other of [{}, { years: 0 }, { volatility: 0 }]) {
      const unknown = { ...base, ...other, [name]: Number.NaN };
      for (const got of Object.values(greeks(unknown))) expect(got).toBeNaN();
    }
  });

  it.each(['spot', 'strike', 'years', 'volatility'] as const)('is a fault where its %s is below 0', (name) => {
    expect(() => optionValue({ ...base, [name]: -1 })).toThrow('OPTION_DOMAIN');
    expect(() => greeks({ ...base, [name]: -1 })).toThrow('OPTION_DOMAIN');
  });
});
