/** What is wrong with a schedule: it is replayed, and each change must leave what a file could have begun with. */
import { describe, expect, it } from 'vitest';
import { problemsOfSchedule } from '../../../../src/protocol/governance/schedule.ts';
import { PLAIN_MARKET } from '../../../../src/study/validate/lending-world.ts';

const markets = { ETH: { ...PLAIN_MARKET, ltv: 0.7, liquidationThreshold: 0.8 } };
const contracts = { PERP: { initial: 0.1, maintenance: 0.06, sizeCap: undefined, fee: 0 } };
const none = { markets: {}, contracts: {} };

describe('a schedule', () => {
  it('is sound where each change leaves sound parameters', () => {
    const changes = [
      { at: 2, ...none, markets: { ETH: { liquidationThreshold: 0.6 } } },
      { at: 1, ...none, markets: { ETH: { ltv: 0.5 } } },
      { at: 3, ...none, contracts: { PERP: { maintenance: 0.1 } } },
    ];
    expect(problemsOfSchedule(markets, contracts, changes)).toEqual([]);
  });

  it('is refused where a change leaves an LTV above its threshold, though each alone would do', () => {
    const lower = { at: 1, ...none, markets: { ETH: { liquidationThreshold: 0.6 } } };
    const raise = { at: 1, ...none, markets: { ETH: { ltv: 0.75 } } };
    expect(problemsOfSchedule(markets, contracts, [raise])).toEqual([]);
    expect(problemsOfSchedule(markets, contracts, [lower])).toMatchObject([
      { kind: 'error', change: 0, of: 'markets', name: 'ETH', param: 'ltv', named: false, found: '0.7' },
    ]);
    const late = { ...raise, at: 9 };
    const both = [late, { ...lower, markets: { ETH: { liquidationThreshold: 0.6, ltv: 0.6 } } }];
    expect(problemsOfSchedule(markets, contracts, both)).toMatchObject([{ change: 0, param: 'ltv', named: true, found: '0.75' }]);
  });

  it('is refused where maintenance would pass the initial margin', () => {
    const changes = [{ at: 1, ...none, contracts: { PERP: { maintenance: 0.2 }, NONE: { initial: 0 } } }];
    expect(problemsOfSchedule(markets, contracts, changes)).toMatchObject([
      { kind: 'error', of: 'contracts', name: 'PERP', param: 'initial' },
    ]);
  });

  it('is warned of where it passes the toxic frontier', () => {
    const changes = [{ at: 1, ...none, markets: { ETH: { bonus: 0.3 } } }];
    expect(problemsOfSchedule(markets, contracts, changes)).toMatchObject([
      { kind: 'warning', param: 'liquidationThreshold', named: false },
    ]);
  });
});
