/** When a change is announced and when it takes effect, how far it moves at a time, and what keeps two numbers apart. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Market } from '../../../../src/protocol/accounts-view.ts';
import { type Change, createGovernance, type Governance, type GovernanceTerms } from '../../../../src/protocol/governance/governance.ts';
import { createSettings, type MarketNumber, type Settings } from '../../../../src/protocol/governance/settings.ts';
import type { MarketParams } from '../../../../src/protocol/market-params.ts';
import { PLAIN_MARKET } from '../../../../src/study/validate/lending-world.ts';
import { propertyRuns } from '../../../support/property-runs.ts';

const DAY = 86_400_000;

interface Council {
  readonly governance: Governance;
  readonly settings: Settings;
  readonly market: Market;
  /** Puts into effect what is due at a day and answers what moved, by parameter. */
  at(day: number): Record<string, number>;
}

function aCouncil(terms: Partial<GovernanceTerms> = {}, params: Partial<MarketParams> = {}): Council {
  const start = { ...PLAIN_MARKET, ltv: 0.7, liquidationThreshold: 0.8, ...params };
  const market: Market = { index: 0, asset: 0, name: 'ETH', decimals: 6, scale: 1e6, params: start };
  const settings = createSettings([market], []);
  const all = { timeLock: 0, stepMax: Number.POSITIVE_INFINITY, stepEvery: 0, scheduled: [], controller: undefined, ...terms };
  const governance = createGovernance(all, settings);
  return {
    governance,
    settings,
    market,
    at(day) {
      const moved: Record<string, number> = {};
      for (const change of governance.due(day * DAY)) {
        if (change.kind === 'risk') continue;
        settings.write(change);
        moved[change.param] = change.value;
      }
      return moved;
    },
  };
}

const set = (param: MarketNumber, value: number): Change => ({ kind: 'market', market: 0, param, value });

describe('a schedule', () => {
  const scheduled = [
    { at: 5 * DAY, changes: [set('bonus', 0.1)] },
    { at: 2 * DAY, changes: [set('bonus', 0.07), set('ltv', 0.6)] },
  ];

  it('takes effect at its times, in their order, each change once', () => {
    const { at } = aCouncil({ scheduled });
    expect(at(1)).toEqual({});
    expect(at(2)).toEqual({ bonus: 0.07, ltv: 0.6 });
    expect(at(3)).toEqual({});
    expect(at(9)).toEqual({ bonus: 0.1 });
    expect(at(10)).toEqual({});
  });

  it('is announced a time lock before, and then planned', () => {
    const { governance } = aCouncil({ scheduled, timeLock: 2 * DAY });
    const place = { kind: 'market', market: 0, param: 'bonus' } as const;
    expect(governance.pending(0).map(({ at }) => at / DAY)).toEqual([2, 2]);
    expect(governance.planned(place, 0)).toBe(0.07);
    expect(governance.pending(3 * DAY).map(({ at }) => at / DAY)).toEqual([2, 2, 5]);
    expect(governance.planned(place, 3 * DAY)).toBe(0.1);
    expect(aCouncil({ scheduled }).governance.pending(0)).toEqual([]);
  });

  it('changes a number once where two changes of it have come due: the later counts', () => {
    expect(aCouncil({ scheduled }).at(6)).toEqual({ bonus: 0.1, ltv: 0.6 });
  });
});

describe('a proposal', () => {
  it('waits out the time lock, seen by everybody', () => {
    const { governance, at } = aCouncil({ timeLock: 3 * DAY });
    expect(governance.propose([set('ltv', 0.5)], DAY)).toEqual([{ place: set('ltv', 0.5), asked: 0.5, value: 0.5, at: 4 * DAY }]);
    expect(governance.pending(DAY)).toEqual([{ at: 4 * DAY, kind: 'market', market: 0, param: 'ltv', value: 0.5 }]);
    expect(at(3)).toEqual({});
    expect(at(4)).toEqual({ ltv: 0.5 });
    expect(governance.pending(4 * DAY)).toEqual([]);
  });

  it('that asks for what is planned already is none', () => {
    const { governance } = aCouncil({ timeLock: DAY });
    expect(governance.propose([set('ltv', 0.7)], 0)).toEqual([]);
    expect(governance.propose([set('ltv', 0.6)], 0)).toHaveLength(1);
    expect(governance.propose([set('ltv', 0.6)], 1)).toEqual([]);
    expect(governance.propose([set('ltv', 0.7)], 2)).toHaveLength(1);
  });

  it('out of range is cut to it, and what is no number is dropped', () => {
    const { governance, at } = aCouncil();
    const granted = governance.propose([set('liquidationThreshold', 1.7), set('bonus', Number.NaN), set('rateSlope1', -1)], 0);
    expect(granted.map(({ value }) => value)).toEqual([1, Number.NaN]);
    expect(at(0)).toEqual({ liquidationThreshold: 1 });
  });
});

describe('the step limit', () => {
  it('lets a share get there in steps, each a while after the last', () => {
    const { governance, at } = aCouncil({ stepMax: 0.1, stepEvery: 3 * DAY });
    governance.propose([set('bonus', 0.3)], 0);
    expect(at(0).bonus).toBeCloseTo(0.15, 12);
    expect(governance.pending(0)).toMatchObject([{ at: 3 * DAY, param: 'bonus', value: 0.3 }]);
    expect(at(2)).toEqual({});
    expect(at(3).bonus).toBeCloseTo(0.25, 12);
    expect(at(9)).toEqual({ bonus: 0.3 });
    expect(governance.pending(9 * DAY)).toEqual([]);
  });

  it('holds between proposals too: a share that has just moved waits', () => {
    const { governance, at } = aCouncil({ stepMax: 0.1, stepEvery: 3 * DAY });
    governance.propose([set('bonus', 0.1)], 0);
    expect(at(0)).toEqual({ bonus: 0.1 });
    governance.propose([set('bonus', 0.15)], DAY);
    expect(at(1)).toEqual({});
    expect(at(3)).toEqual({ bonus: 0.15 });
  });

  it('turns a share round where another change comes while it is on its way', () => {
    const { governance, at } = aCouncil({ stepMax: 0.1, stepEvery: DAY });
    governance.propose([set('bonus', 0.5)], 0);
    at(0);
    governance.propose([set('bonus', 0)], DAY);
    expect(at(1).bonus).toBeCloseTo(0.05, 12);
    expect(at(2)).toEqual({ bonus: 0 });
    expect(at(3)).toEqual({});
  });

  it('is none for caps and rates, and a cap that was not there counts as none', () => {
    const { governance, settings, at } = aCouncil({ stepMax: 0.01, stepEvery: DAY });
    expect(settings.read({ kind: 'market', market: 0, param: 'borrowCap' })).toBe(Number.POSITIVE_INFINITY);
    governance.propose([set('borrowCap', 500), set('rateSlope1', 0.4)], 0);
    expect(at(0)).toEqual({ borrowCap: 500, rateSlope1: 0.4 });
  });
});

describe('an LTV and its threshold', () => {
  it('a threshold that falls below takes the LTV with it', () => {
    const { governance, at, market } = aCouncil();
    governance.propose([set('liquidationThreshold', 0.6)], 0);
    expect(at(0)).toEqual({ liquidationThreshold: 0.6, ltv: 0.6 });
    expect(market.params.ltv).toBe(0.6);
  });

  it('an LTV that would rise above stops at it, and does not wait for more', () => {
    const { governance, at } = aCouncil();
    governance.propose([set('ltv', 0.95)], 0);
    expect(at(0)).toEqual({ ltv: 0.8 });
    expect(at(1)).toEqual({});
    expect(governance.pending(DAY)).toEqual([]);
  });

  it('that rise together in steps arrive together', () => {
    const { governance, at, market } = aCouncil({ stepMax: 0.05, stepEvery: DAY });
    governance.propose([set('ltv', 0.9), set('liquidationThreshold', 0.92)], 0);
    for (let day = 0; day < 6; day++) at(day);
    expect(market.params).toMatchObject({ ltv: 0.9, liquidationThreshold: 0.92 });
    expect(governance.pending(9 * DAY)).toEqual([]);
  });

  it('never part, whatever is proposed when: in range, in step, LTV at most threshold, and in the end as planned', () => {
    const share = fc.integer({ min: -20, max: 130 }).map((n) => n / 100);
    const param = fc.constantFrom('ltv', 'liquidationThreshold', 'categoryLtv', 'categoryThreshold', 'bonus');
    const event = fc.record({ days: fc.integer({ min: 0, max: 4 }), param, value: share });
    const terms = fc.record({
      timeLock: fc.constantFrom(0, DAY, 3 * DAY),
      stepMax: fc.constantFrom(0.03, 0.2, Number.POSITIVE_INFINITY),
      stepEvery: fc.constantFrom(0, DAY, 2 * DAY),
    });
    fc.assert(
      fc.property(terms, fc.array(event, { minLength: 1, maxLength: 30 }), (limits, events) => {
        const { governance, at, market } = aCouncil(limits);
        let day = 0;
        const look = () => {
          const before = { ...market.params };
          const moved = at(day);
          const { params } = market;
          expect(params.ltv).toBeLessThanOrEqual(params.liquidationThreshold);
          expect(params.categoryLtv).toBeLessThanOrEqual(params.categoryThreshold);
          for (const [name, value] of Object.entries(moved)) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1);
            // A follower that is pushed goes as far as it must.
            if (!/ltv/i.test(name)) expect(Math.abs(value - before[name as MarketNumber]!)).toBeLessThanOrEqual(limits.stepMax + 1e-12);
          }
        };
        for (const { days, param: name, value } of events) {
          for (let wait = 0; wait < days; wait++) {
            day += 1;
            look();
          }
          governance.propose([set(name, value)], day * DAY);
          look();
        }
        const thresholds = (['liquidationThreshold', 'categoryThreshold', 'bonus'] as const).map((name) => {
          return [name, governance.planned({ kind: 'market', market: 0, param: name }, day * DAY)] as const;
        });
        for (let wait = 0; wait < 100; wait++) {
          day += 1;
          look();
        }
        for (const [name, value] of thresholds) expect(market.params[name]).toBe(value);
        expect(governance.pending(day * DAY)).toEqual([]);
      }),
      { numRuns: propertyRuns(150, 3000) },
    );
  });
});
