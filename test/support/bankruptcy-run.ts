/**
 * A crash of a perpetual in the small world, written out: one account buys with a thin margin, two have sold, TKN falls from 10 to 8 at
 * once, and a closer closes the bankrupt account. Only the waterfall differs.
 */
import type { Outcome } from '../../src/run/outcome.ts';
import { runSmall, type SmallWorld } from './small-world.ts';

const on = { protocol: 'lend' } as const;
const perp = { ...on, contract: 'TKN-PERP' } as const;
const opened = (cash: number, size: number, at = '20 s') => ({
  at,
  actions: [
    { do: 'deposit', ...on, asset: 'USD', amount: cash },
    { do: 'trade-contract', ...perp, size },
  ],
});
const group = (name: string, cash: number, script: readonly object[]) => ({
  use: 'scripted',
  name,
  role: name,
  params: { script },
  wallet: { USD: cash },
});

/** The account that goes bankrupt owes 100 · 2 − 150 = 50 when it is closed at 8. */
export const SHORT_USD = 50;

export function aCrash(backstop: readonly object[], more: Partial<SmallWorld> = {}): SmallWorld {
  const close = [{ at: '3 min', actions: [{ do: 'start-liquidation', ...on, position: 'loser/0' }] }];
  return {
    horizon: '5 min',
    tkn: { use: 'shock', with: { start: 10, at: '2 min', factor: 0.8, over: 0, hold: '1 h', recover: 0 } },
    oracle: { use: 'spot', source: 'outside' },
    contracts: {
      settle: 'USD',
      list: { 'TKN-PERP': { use: 'perpetual', underlying: 'TKN', with: { fee: 0, initial: 0.1, maintenance: 0.05 } } },
      closeout: { use: 'order', with: { takeoverBelow: 0 } },
      house: 1000,
    },
    ...more,
    backstop,
    agents: [
      group('loser', 150, [opened(150, 100)]),
      group('careful', 1000, [opened(1000, -60)]),
      group('daring', 50, [opened(50, -40)]),
      group('closer', 0, close),
    ],
  };
}

export function runBankruptcy(backstop: readonly object[], more: Partial<SmallWorld> = {}): Outcome {
  return runSmall(aCrash(backstop, more));
}
