/**
 * What every contract promises of its prices, whatever it is: tried at random states and sizes. The underlying has 6 decimals, and an index
 * around 2,000 USD per token.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Contract, ContractState } from '../../src/protocol/instrument/contract.ts';

export interface ContractTraits {
  /** What a rise of the index does to its value. */
  readonly moves: 'with' | 'against';
  /** Largest funding rate per ms, as a part of the index; 0: there is no funding. */
  readonly fundingMax: number;
}

const SCALE = 1e6;
/** USD per base unit. */
const index = fc.integer({ min: 1, max: 2_000_000 }).map((cents) => cents / 100 / SCALE);
const size = fc.integer({ min: -3_000, max: 3_000 }).map((tokens) => tokens * SCALE);
const some = size.filter((units) => units !== 0);
const states = fc
  .record({ at: fc.integer({ min: 0, max: 40 * 86_400_000 }), index, skew: size, short: fc.integer({ min: 0, max: 1000 }) })
  .map(({ short, ...state }): ContractState => {
    const shorts = Math.max(0, -state.skew) + short * SCALE;
    return { ...state, shorts, longs: state.skew + shorts };
  });

/** The same, after a trade. */
function withTrade(state: ContractState, traded: number): ContractState {
  return { ...state, skew: state.skew + traded, longs: state.longs + Math.max(0, traded), shorts: state.shorts + Math.max(0, -traded) };
}

export function contractContract(name: string, contract: Contract, { moves, fundingMax }: ContractTraits): void {
  const cost = (state: ContractState, traded: number) => (traded === 0 ? 0 : traded * contract.fill(state, traded));
  /** What rounding of floats may be worth, USD: a few last digits of the largest worth on the way. */
  const slack = (state: ContractState, ...trades: readonly number[]) => {
    const size = trades.reduce((sum, traded) => sum + Math.abs(traded), Math.abs(state.skew));
    return 1e-11 * size * Math.max(state.index, contract.value(state));
  };

  describe(`contract: ${name}`, () => {
    it('asks for two trades at one instant what it asks for both at once, if they are on the same side', () => {
      fc.assert(
        fc.property(states, some, some, (state, first, second) => {
          fc.pre(first > 0 === second > 0);
          const split = cost(state, first) + cost(withTrade(state, first), second);
          expect(Math.abs(split - cost(state, first + second))).toBeLessThanOrEqual(slack(state, first, second));
        }),
      );
    });

    it('lets nobody gain by going round, by whatever steps', () => {
      fc.assert(
        fc.property(states, fc.array(some, { minLength: 1, maxLength: 6 }), (start, trades) => {
          const back = -trades.reduce((sum, traded) => sum + traded, 0);
          let paid = 0;
          let state = start;
          for (const traded of [...trades, back]) {
            paid += cost(state, traded);
            state = withTrade(state, traded);
          }
          expect(paid).toBeGreaterThanOrEqual(-slack(start, back, ...trades));
        }),
      );
    });

    it('trades no better for the trader than at its mark', () => {
      fc.assert(
        fc.property(states, some, (state, traded) => {
          expect(cost(state, traded)).toBeGreaterThanOrEqual(traded * contract.value(state) - slack(state, traded));
        }),
      );
    });

    it(`has a value, never negative, that moves ${moves} the index`, () => {
      fc.assert(
        fc.property(states, fc.integer({ min: 0, max: 500 }), (state, percent) => {
          const low = contract.value(state);
          const high = contract.value({ ...state, index: state.index * (1 + percent / 100) });
          expect(low).toBeGreaterThanOrEqual(0);
          expect(moves === 'with' ? high - low : low - high).toBeGreaterThanOrEqual(-1e-12 * state.index);
        }),
      );
    });

    it('has a delta that is the slope of its value', () => {
      fc.assert(
        fc.property(states, (state) => {
          const left = contract.expiry === undefined ? 1 : (contract.expiry - state.at) / 86_400_000;
          // At the end the payoff has a kink, and just before it a bend sharper than any step.
          fc.pre(left >= 1);
          const step = 1e-5;
          const slope = (contract.valueAt(state, 1 + step, 1) - contract.valueAt(state, 1 - step, 1)) / (2 * step * state.index);
          expect(Math.abs(contract.delta(state) - slope)).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)));
        }),
      );
    });

    it('is worth its value if nothing moves', () => {
      fc.assert(
        fc.property(states, (state) => {
          expect(contract.valueAt(state, 1, 1)).toBe(contract.value(state));
        }),
      );
    });

    it('is worth what it pays, at its expiry and from then on', () => {
      const { expiry } = contract;
      if (expiry === undefined) return expect(contract.payoff(0.002)).toBe(0.002);
      fc.assert(
        fc.property(states, fc.nat(1e9), (state, late) => {
          const value = contract.value({ ...state, at: expiry + late });
          expect(Math.abs(value - contract.payoff(state.index))).toBeLessThanOrEqual(1e-15 * (1 + state.index));
        }),
      );
    });

    it('charges funding in proportion to time, from the longer side to the other alike, and never more than its cap', () => {
      fc.assert(
        fc.property(states, fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e9 }), (state, first, second) => {
          const charged = (span: number, skew = state.skew) => contract.funding({ ...state, skew }, span);
          const both = charged(first + second);
          const rounding = 1e-12 * Math.abs(both);
          expect(Math.abs(charged(first) + charged(second) - both)).toBeLessThanOrEqual(rounding);
          expect(Math.abs(both + charged(first + second, -state.skew))).toBeLessThanOrEqual(rounding);
          expect(Math.sign(both) + 0).toBe(fundingMax === 0 ? 0 : Math.sign(state.skew) + 0);
          expect(Math.abs(both)).toBeLessThanOrEqual(fundingMax * state.index * (first + second) * (1 + 1e-12));
        }),
      );
    });

    it('charges no funding where there is no skew', () => {
      fc.assert(
        fc.property(states, (state) => {
          expect(Math.abs(contract.funding({ ...state, skew: 0 }, 3_600_000))).toBe(0);
        }),
      );
    });

    it('has no price without a valid index', () => {
      fc.assert(
        fc.property(states, some, (state, traded) => {
          const blind = { ...state, index: Number.NaN };
          expect(contract.value(blind)).toBeNaN();
          expect(contract.valueAt(blind, 0.9, 1.2)).toBeNaN();
          expect(contract.fill(blind, traded)).toBeNaN();
          expect(contract.payoff(Number.NaN)).toBeNaN();
          if (fundingMax > 0) expect(contract.funding(blind, 1000)).toBeNaN();
        }),
      );
    });
  });
}
