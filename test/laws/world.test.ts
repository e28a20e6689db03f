/** The laws of whole worlds: random scenarios, random senders of every verb, and questions that must have related answers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRejection } from '../../src/base/rejection.ts';
import { OUTSIDE } from '../../src/ledger/ledger.ts';
import { createMemoryRecorder } from '../../src/record/memory.ts';
import type { EventKind } from '../../src/record/recorder.ts';
import { checkLaws } from '../../src/run/laws.ts';
import type { Outcome } from '../../src/run/outcome.ts';
import { createWorld, type World } from '../../src/run/world.ts';
import { ledgerState } from '../support/ledger-state.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { senders } from '../support/random-senders.ts';
import { LENDER, OUTSIDE_SPOT, traded, worlds } from '../support/random-worlds.ts';
import { outcomeOf as anyOutcomeOf, profitOf, runSmall, type SmallWorld, smallScenario } from '../support/small-world.ts';

/** Runs with the random senders at hand. */
const run = (world: SmallWorld) => runSmall({ registry: senders, ...world });
const outcomeOf = (world: SmallWorld) => anyOutcomeOf({ registry: senders, ...world });

/** Facts that are an action of an agent, done or refused. */
const DEEDS: ReadonlySet<EventKind> = new Set([
  'trade',
  'outside',
  'liquidity',
  'supply',
  'redeem',
  'deposit',
  'withdraw',
  'borrow',
  'repay',
  'margin-trade',
  'liquidation',
  'contract-trade',
  'provide',
  'closeout',
  'refusal',
]);
/** VENUE-1, VENUE-2: whatever the pool has come to, a quote is what happens, and its providers never lost to trades. Undone afterwards. */
function checkVenue({ parts: { venues, ledger } }: World, before: number): number {
  const [venue] = venues;
  const perShare = Math.sqrt(ledger.balance(venue.account, 0)) * (Math.sqrt(ledger.balance(venue.account, 1)) / venue.shares());
  expect(perShare, 'VENUE-2').toBeGreaterThanOrEqual(before * (1 - 1e-12));
  const state = ledgerState(ledger);
  for (const sell of [0, 1]) {
    const quote = venue.quote({ sell, amount: 1_000_003 });
    ledger.journal.begin();
    expect(venue.execute({ sell, amount: 1_000_003 }, OUTSIDE), 'VENUE-1').toEqual(quote);
    if (!isRejection(quote)) {
      const back = venue.quote({ sell: 1 - sell, amount: quote.bought });
      expect(isRejection(back) ? 0 : back.bought, 'VENUE-2').toBeLessThanOrEqual(1_000_003);
    }
    ledger.journal.undo();
  }
  expect(ledgerState(ledger), 'BUNDLE-1').toEqual(state);
  return perShare;
}

describe('under random senders of every verb', () => {
  const counts = new Map<string, number>();

  it('LEDGER-1, LEDGER-2, ORA-1, VENUE-1, VENUE-2 and the laws of lending and of contracts hold at every block', () => {
    let fewest = Number.POSITIVE_INFINITY;
    fc.assert(
      fc.property(traded('sender', 5, '3 min'), (small) => {
        const recorder = createMemoryRecorder();
        const scenario = smallScenario({ registry: senders, ...small });
        let perShare = 0;
        let until = 0;
        const check = (world: World) => {
          checkLaws(world);
          if (world.kernel.now < until) return;
          until = world.kernel.now + 30_000;
          perShare = checkVenue(world, perShare);
        };
        createWorld(scenario, senders, { seed: small.seed, trace: 'facts', recorder, checkEvery: 15, check }).run();
        const events = recorder.events();
        for (const { kind } of events) counts.set(kind, (counts.get(kind) ?? 0) + 1);
        fewest = Math.min(fewest, events.filter(({ kind }) => DEEDS.has(kind)).length);
      }),
      { numRuns: propertyRuns(200, 2000), endOnFailure: true },
    );
    expect(fewest).toBeGreaterThanOrEqual(200);
    const reached = [
      'trade',
      'outside',
      'liquidity',
      'supply',
      'redeem',
      'deposit',
      'withdraw',
      'borrow',
      'repay',
      'margin-trade',
    ] as const;
    for (const kind of [...reached, 'liquidation', 'refusal']) expect(counts.get(kind) ?? 0, kind).toBeGreaterThan(50);
    const ofContracts = ['contract-trade', 'provide', 'expiry', 'margin-call', 'closeout'] as const;
    for (const kind of ofContracts) expect(counts.get(kind) ?? 0, kind).toBeGreaterThan(20);
    for (const kind of ['shortfall', 'insurance-fund', 'socialise']) expect(counts.get(kind) ?? 0, kind).toBeGreaterThan(5);
  });

  it('PNL-1 gains and losses sum to zero, and gain less cost is the profit of the attackers', () => {
    let gained = 0;
    fc.assert(
      fc.property(traded('sender', 4, '2 min'), (small) => {
        const outcome = run({ ...small, trace: 'none', checkEvery: 1e9 });
        const gross = outcome.parties.reduce((sum, { profitUsd }) => sum + Math.abs(profitUsd), 0);
        const net = outcome.parties.reduce((sum, { profitUsd }) => sum + profitUsd, 0);
        expect(Math.abs(net)).toBeLessThanOrEqual(1e-9 * gross);
        const { attack_gain_usd: gain, attack_cost_usd: cost, attack_profit_usd: profit, attack_capital_usd: capital } = outcome.metrics;
        expect(Math.abs(gain - cost - profitOf(outcome, 'attacker'))).toBeLessThanOrEqual(1e-9 * (gross + gain + cost));
        expect(profit).toBe(gain - cost);
        expect(Math.min(gain, cost, capital)).toBeGreaterThanOrEqual(0);
        if (gain > 0 && cost > 0) gained++;
      }),
      { numRuns: propertyRuns(40, 1000), endOnFailure: true },
    );
    expect(gained).toBeGreaterThan(2);
  });

  it('BUNDLE-1 a world in which every bundle fails ends as it began, gas apart', () => {
    let undone = 0;
    fc.assert(
      fc.property(traded('failing', 4, '2 min'), (small) => {
        const { parties, events, metrics, names } = run({
          ...small,
          market: {},
          agents: small.agents.filter(({ use }) => use === 'failing'),
        });
        const gas = new Map<string, number>();
        for (const { actor, b } of events.filter(({ kind }) => kind === 'refusal'))
          gas.set(names.accounts[actor], (gas.get(names.accounts[actor]) ?? 0) + b);
        undone += events.filter(({ kind, a }) => kind === 'refusal' && names.refusals[a] === 'VENUE_NONE').length;
        for (const { account, asset, startUnits, endUnits } of parties) {
          if (asset === 'GAS' && (account === 'outside' || account === 'proposer')) continue;
          expect(startUnits - endUnits, `${account} ${asset}`).toBe(asset === 'GAS' ? (gas.get(account) ?? 0) : 0);
        }
        expect(events.filter(({ kind }) => kind !== 'refusal' && kind !== 'oracle' && kind !== 'expiry')).toEqual([]);
        expect([metrics.trade_count, metrics.bad_debt_usd, metrics.attack_gain_usd]).toEqual([0, 0, 0]);
      }),
      { numRuns: propertyRuns(25, 500), endOnFailure: true },
    );
    // Bundles whose other actions had all been done.
    expect(undone).toBeGreaterThan(100);
  });
});

/** What a run came to, but for what was recorded. */
const result = ({ traceHash, metrics, parties, samples, executed }: Outcome) => ({ traceHash, metrics, parties, samples, executed });

describe('the same scenario and seed', () => {
  it('SIM-1 give the same bits, whatever is recorded and checked', () => {
    fc.assert(
      fc.property(traded('sender', 3, '1 min'), (small) => {
        const plain = result(outcomeOf({ ...small, trace: 'none', checkEvery: 0 }));
        expect(result(outcomeOf({ ...small, trace: 'none', checkEvery: 0 }))).toEqual(plain);
        expect(result(outcomeOf({ ...small, trace: 'facts', checkEvery: 1 }))).toEqual(plain);
        const full = outcomeOf({ ...small, trace: 'full', checkEvery: 7 });
        expect(result(full)).toEqual(plain);
        expect(new Set(full.events.map(({ seq }) => seq)).size).toBe(full.events.length);
        expect(outcomeOf({ ...small, seed: small.seed + 1 }).traceHash).not.toBe(plain.traceHash);
      }),
      { numRuns: propertyRuns(20, 300), endOnFailure: true },
    );
  });

  it('SIM-2 an idle agent more changes nobody else', () => {
    fc.assert(
      fc.property(traded('sender', 3, '1 min'), (small) => {
        const idle = { use: 'idle', count: 2, wallet: { USD: { uniform: [0, 100] } } };
        const without = outcomeOf(small);
        const withIdle = outcomeOf({ ...small, agents: [...small.agents, idle] });
        const others = ({ parties }: Outcome) => parties.filter(({ account }) => account !== 'outside' && !account.startsWith('idle/'));
        expect(others(withIdle)).toEqual(others(without));
        expect(withIdle.metrics).toEqual(without.metrics);
        expect(withIdle.samples).toEqual(without.samples);
        expect(withIdle.traceHash).toBe(without.traceHash);
      }),
      { numRuns: propertyRuns(20, 300), endOnFailure: true },
    );
  });
});

describe('related questions have related answers:', () => {
  it('all prices times a power of two leave every ratio and every balance the same, to the bit', () => {
    // Units worth a cent or more, so that no collateral but none is below the cent that counts as dust.
    const decimals = { USD: 2, TKN: 2, GAS: 3 };
    fc.assert(
      fc.property(worlds('sender', 3, '2 min'), fc.constantFrom(2, 16, 1024), (small, k) => {
        const at = (usd: number) => {
          const prices = { USD: { use: 'constant', with: { start: usd } }, GAS: { use: 'constant', with: { start: 2_000 * usd } } };
          const { use, with: terms } = small.tkn;
          const tkn = { use, with: { ...terms, start: 10 * usd } };
          return run({ ...small, decimals, chain: {}, prices, tkn, trace: 'none' });
        };
        const [plain, dear] = [at(1), at(k)];
        const units = ({ parties }: Outcome) =>
          parties.map(({ account, asset, endUnits }) => `${account} ${asset} ${Math.round(endUnits * 1e3)}`);
        expect(units(dear)).toEqual(units(plain));
        for (const [metric, value] of Object.entries(plain.metrics)) {
          const scaled = metric.endsWith('_usd') ? value * k : value;
          expect(dear.metrics[metric], metric).toBeCloseTo(scaled, 5);
        }
      }),
      { numRuns: propertyRuns(20, 300), endOnFailure: true },
    );
  });

  it('all balances times k leave the ratios the same, to the rounding of whole units', () => {
    const runTimes = (k: number, fall: number) => {
      const on = { protocol: 'lend' } as const;
      const script = [
        {
          at: '20 s',
          actions: [
            { do: 'deposit', ...on, asset: 'TKN', amount: 1_000 * k },
            { do: 'borrow', ...on, asset: 'USD', amount: 4_900 * k },
          ],
        },
        { at: '40 s', actions: [{ do: 'swap', venue: 'pool', sell: 'USD', amount: 4_000 * k }] },
      ];
      const take = { do: 'liquidate', ...on, position: 'mallory/0', debt: 'USD', collateral: 'TKN', amount: 'max' };
      return runSmall({
        tkn: { use: 'shock', with: { start: 10, at: '1 min', factor: fall } },
        oracle: OUTSIDE_SPOT,
        pool: [100_000 * k, 1_000_000 * k],
        backstop: [{ use: 'socialise' }],
        horizon: '4 min',
        agents: [
          { ...LENDER, wallet: { USD: 20_000 * k } },
          { use: 'scripted', name: 'mallory', params: { script }, wallet: { TKN: 1_000 * k } },
          {
            use: 'scripted',
            name: 'kate',
            role: 'liquidator',
            params: { script: ['90 s', '2 min', '3 min'].map((at) => ({ at, actions: [take] })) },
            wallet: { USD: 9_000 * k },
          },
        ],
      });
    };
    for (const fall of [0.8, 0.5, 0.3]) {
      const plain = runTimes(1, fall);
      expect(plain.metrics.liquidation_count).toBeGreaterThan(0);
      for (const k of [2 ** -3, 2 ** 5]) {
        const other = runTimes(k, fall);
        for (const [metric, value] of Object.entries(plain.metrics)) {
          const expected = metric.endsWith('_usd') ? value * k : value;
          // Amounts are 10⁸ units or more, rounded a few times: 10⁻⁶ of the largest is far above that.
          expect(Math.abs(other.metrics[metric] - expected), `${metric} at ${k}`).toBeLessThanOrEqual(
            1e-6 * Math.max(Math.abs(expected), 1),
          );
        }
      }
    }
  });

  it('without volatility and without an attacker there is no bad debt', () => {
    const crowd = fc.record({
      health: fc.double({ min: 1.21, max: 3, noNaN: true }),
      rate: fc.integer({ min: 1, max: 300 }),
      seed: fc.nat(1e6),
    });
    fc.assert(
      fc.property(crowd, ({ health, rate, seed }) => {
        const { metrics } = runSmall({
          seed,
          oracle: OUTSIDE_SPOT,
          horizon: '20 min',
          trace: 'none',
          agents: [
            LENDER,
            {
              use: 'borrower',
              count: 10,
              params: { protocol: 'lend', collateral: 'TKN', debt: 'USD', health },
              wallet: { TKN: { uniform: [1, 1_000] } },
            },
            { use: 'noise-trader', count: 2, params: { venue: 'pool', rate, size: 5_000 }, wallet: { USD: 100_000, TKN: 10_000 } },
            { use: 'liquidator', params: { protocol: 'lend', venue: 'pool' }, wallet: { USD: 100_000 } },
          ],
        });
        expect(metrics.debt_mean_usd).toBeGreaterThan(100);
        const { bad_debt_usd: bad, lender_loss_usd: loss, liquidation_count: count, insolvent_ms: insolvent } = metrics;
        expect({ bad, count, insolvent }).toEqual({ bad: 0, count: 0, insolvent: 0 });
        expect(Math.abs(loss)).toBeLessThan(1e-6);
      }),
      { numRuns: propertyRuns(10, 200), endOnFailure: true },
    );
  });

  it('a larger insurance fund never raises the socialised loss on the same seed', () => {
    let spared = 0;
    // Crashes that leave more bad debt than a small fund can pay, so that the law is never tried on cases without loss alone.
    const deep = (seed: number) => ({ factor: 0.2, seed, fund: 0, more: 100 });
    const crash = fc.record({
      factor: fc.double({ min: 0.15, max: 0.35, noNaN: true }),
      seed: fc.nat(1e6),
      fund: fc.nat(20_000),
      more: fc.nat(20_000),
    });
    fc.assert(
      fc.property(crash, ({ factor, seed, fund, more }) => {
        const socialised = (tokens: number) => {
          const { metrics } = runSmall({
            seed,
            fund: tokens,
            tkn: { use: 'shock', with: { start: 10, at: '2 min', factor } },
            oracle: OUTSIDE_SPOT,
            backstop: [{ use: 'insurance-fund' }, { use: 'socialise' }],
            horizon: '10 min',
            trace: 'none',
            agents: [
              LENDER,
              {
                use: 'borrower',
                count: 8,
                params: { protocol: 'lend', collateral: 'TKN', debt: 'USD' },
                wallet: { TKN: { uniform: [100, 1_000] } },
              },
              { use: 'liquidator', params: { protocol: 'lend', venue: 'pool' }, wallet: { USD: 100_000 } },
            ],
          });
          return metrics.socialised_loss_usd;
        };
        const [less, larger] = [socialised(fund), socialised(fund + more)];
        expect(larger).toBeLessThanOrEqual(less);
        if (larger < less) spared++;
      }),
      { numRuns: propertyRuns(15, 300), endOnFailure: true, examples: [[deep(1)], [deep(2)], [deep(3)]] },
    );
    expect(spared).toBeGreaterThan(2);
  });
});
