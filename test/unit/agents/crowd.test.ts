/** Lenders, borrowers, traders, arbitrageurs and liquidators together in a real, small world. */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/run/outcome.ts';
import { countOf, profitOf, runSmall } from '../../support/small-world.ts';

const LENDER = { use: 'lender', params: { protocol: 'lend', asset: 'USD' }, wallet: { USD: 2_000_000 } };
const ARBITRAGEUR = { use: 'arbitrageur', params: { venue: 'pool' }, wallet: { USD: 1_000_000 } };
const borrowers = (params: object, count = 20) => ({
  use: 'borrower',
  count,
  params: { protocol: 'lend', collateral: 'TKN', debt: 'USD', openAt: '1 min', ...params },
  wallet: { TKN: 500 },
});
const liquidators = (params: object = {}, count = 1, wallet: object = { USD: 100_000 }) => ({
  use: 'liquidator',
  count,
  params: { protocol: 'lend', ...params },
  wallet,
});
const FALL = { use: 'shock', with: { start: 10, at: '10 min', factor: 0.8 } };
const OUTSIDE = { use: 'spot', source: 'outside' };

const lastHealth = ({ events }: Outcome, kind: 'borrow' | 'repay' | 'deposit') => {
  const byActor = new Map<number, number>();
  for (const event of events) if (event.kind === kind) byActor.set(event.actor, event.d);
  return [...byActor.values()];
};

describe('a crowd', () => {
  it('of borrowers opens at the health factors it was drawn', () => {
    const outcome = runSmall({ agents: [LENDER, borrowers({ health: { uniform: [1.2, 2] } })], oracle: OUTSIDE });
    const healths = lastHealth(outcome, 'borrow');
    expect(healths).toHaveLength(20);
    for (const health of healths) expect(health >= 1.199 && health <= 2.001).toBe(true);
    expect(Math.max(...healths) - Math.min(...healths)).toBeGreaterThan(0.3);
  });

  it('of borrowers defends itself, and then nobody is liquidated', () => {
    const outcome = (more: object) =>
      runSmall({
        agents: [LENDER, borrowers({ health: 1.5, ...more }), liquidators()],
        oracle: OUTSIDE,
        tkn: { use: 'shock', with: { start: 10, at: '10 min', factor: 0.6, over: '20 min' } },
      });
    const passive = outcome({});
    expect(countOf(passive, 'liquidation')).toBeGreaterThanOrEqual(20);
    const active = outcome({ defendBelow: 1.1 });
    expect(countOf(active, 'liquidation')).toBe(0);
    expect(countOf(active, 'repay')).toBeGreaterThanOrEqual(20);
    const topping = outcome({ defendBelow: 1.1, defence: 'top-up', collateralShare: 0.5 });
    expect(countOf(topping, 'liquidation')).toBe(0);
    expect(countOf(topping, 'deposit')).toBeGreaterThanOrEqual(40);
  });

  it('of lenders gets back what is not lent out, and the rest when it is repaid', () => {
    const lenders = { ...LENDER, count: 2, params: { ...LENDER.params, withdrawAt: '5 min' } };
    const outcome = runSmall({ agents: [lenders, borrowers({ health: 1.3 })], oracle: OUTSIDE });
    expect(countOf(outcome, 'redeem')).toBeGreaterThanOrEqual(2);
    expect(profitOf(outcome, 'lender')).toBe(0);
  });

  it('of traders trades at its rate without being refused, and pays the pool', () => {
    const traders = { use: 'noise-trader', count: 5, params: { venue: 'pool', rate: 60, size: 500 }, wallet: { USD: 50_000, TKN: 5_000 } };
    const outcome = runSmall({ agents: [traders], horizon: '4 h' });
    // 1,200 expected, Poisson: five standard deviations are 173.
    expect(Math.abs(countOf(outcome, 'trade') - 1_200)).toBeLessThan(173);
    expect(outcome.names.refusals).toEqual([]);
    expect(profitOf(outcome, 'trader')).toBeLessThan(0);
  });

  it('of arbitrageurs brings the pool to the edge of the band after a fall, and lives on the providers', () => {
    for (const hedge of [true, false]) {
      const arbitrageur = { ...ARBITRAGEUR, params: { venue: 'pool', hedge }, wallet: { USD: 1_000_000, TKN: 50_000 } };
      const outcome = runSmall({ agents: [arbitrageur], tkn: FALL });
      const price = outcome.events.filter(({ kind }) => kind === 'trade').at(-1)?.d;
      expect(price).toBeGreaterThan(8);
      expect(price).toBeLessThan(8 / 0.997 / 0.998);
      expect(profitOf(outcome, 'liquidity-provider') < 0 || !hedge).toBe(true);
    }
    expect(profitOf(runSmall({ agents: [ARBITRAGEUR], tkn: FALL }), 'arbitrageur')).toBeGreaterThan(1_000);
  });

  it.each(['inventory', 'flash'])('of liquidators closes what fell, with %s, and earns the bonus less the way to the market', (funding) => {
    const wallet = funding === 'flash' ? {} : { USD: 200_000 };
    const agents = [LENDER, borrowers({ health: 1.15 }), ARBITRAGEUR, liquidators({ funding }, 2, wallet)];
    const outcome = runSmall({ agents, oracle: OUTSIDE, tkn: FALL, chain: { flash: { funds: { USD: 1e6 } } } });
    expect(countOf(outcome, 'liquidation')).toBeGreaterThanOrEqual(20);
    expect(profitOf(outcome, 'liquidator')).toBeGreaterThan(0);
    expect(profitOf(outcome, 'lender')).toBeGreaterThanOrEqual(-1e-6);
  });

  it('of liquidators stays away when gas costs more than the bonus', () => {
    const agents = (gas: number) =>
      runSmall({
        agents: [
          { ...LENDER, wallet: { ...LENDER.wallet, GAS: 100 } },
          { ...borrowers({ health: 1.15 }), wallet: { TKN: 500, GAS: 100 } },
          { ...ARBITRAGEUR, wallet: { ...ARBITRAGEUR.wallet, GAS: 100 } },
          liquidators({}, 1, { USD: 200_000, GAS: 100 }),
        ],
        oracle: OUTSIDE,
        tkn: FALL,
        chain: { gasAsset: 'GAS', baseFee: gas },
      });
    expect(countOf(agents(5), 'liquidation')).toBeGreaterThan(0);
    // 500 TKN: a bonus of some 60 USD; 0.5 M gas at 100 gwei and 2,000 USD cost 100.
    expect(countOf(agents(100), 'liquidation')).toBe(0);
  });

  it('of slow keepers acts all the same: what it sends is good for as long as it travels', () => {
    const latency = '10 min';
    const slow = [
      { ...ARBITRAGEUR, latency },
      { ...liquidators(), latency },
    ];
    const outcome = runSmall({ agents: [LENDER, borrowers({ health: 1.15 }), ...slow], oracle: OUTSIDE, tkn: FALL });
    expect(outcome.names.refusals).not.toContain('EXPIRED');
    expect(profitOf(outcome, 'arbitrageur')).toBeGreaterThan(1_000);
    expect(countOf(outcome, 'liquidation')).toBeGreaterThanOrEqual(10);
  });

  it('tells the same story twice', () => {
    const agents = [LENDER, borrowers({ health: { uniform: [1.1, 1.5] } }), ARBITRAGEUR, liquidators({}, 2)];
    const once = runSmall({ agents, oracle: OUTSIDE, tkn: FALL, seed: 5 });
    expect(runSmall({ agents, oracle: OUTSIDE, tkn: FALL, seed: 5 }).traceHash).toBe(once.traceHash);
    expect(runSmall({ agents, oracle: OUTSIDE, tkn: FALL, seed: 6 }).traceHash).not.toBe(once.traceHash);
  });
});
