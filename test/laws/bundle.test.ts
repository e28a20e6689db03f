/**
 * BUNDLE-1 under random traffic: transfers among everybody, flash loans, conditions, tips, expiry, blocks too small, and actions that
 * refuse at random places. Before each bundle the whole state is copied; what follows a failure must be the copy less the gas.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { column } from '../../src/base/columns.ts';
import { reject } from '../../src/base/rejection.ts';
import { createChain } from '../../src/chain/block-chain.ts';
import type { Bundle, ChainHost, FlashLoan } from '../../src/chain/chain.ts';
import { tipDown } from '../../src/chain/fee-market.ts';
import { flashFeeUp } from '../../src/chain/flash-lender.ts';
import { createAssets } from '../../src/ledger/assets.ts';
import { Journal } from '../../src/ledger/journal.ts';
import { Ledger, OUTSIDE } from '../../src/ledger/ledger.ts';
import { type LedgerState, ledgerState } from '../support/ledger-state.ts';
import { propertyRuns } from '../support/property-runs.ts';

const ETH = 0;
const USDC = 1;
const BLOCK = 12_000;
const ACTORS = 4;
const FLASH_FEE = 0.0009;

type Act =
  | { readonly do: 'pay'; readonly from: number; readonly to: number; readonly asset: number; readonly part: number }
  | { readonly do: 'write'; readonly index: number; readonly value: number }
  | { readonly do: 'refuse' };

const actor = fc.nat(ACTORS - 1).map((i) => i + 1);
const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({ do: fc.constant('pay' as const), from: actor, to: fc.nat(ACTORS), asset: fc.nat(1), part: fc.nat(10) }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('write' as const), index: fc.nat(3), value: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refuse' as const) }) },
);
const flashLoan: fc.Arbitrary<FlashLoan> = fc.record({
  asset: fc.nat(1),
  amount: fc.oneof(fc.integer({ min: 1, max: 60_000 }), fc.constant('max' as const)),
});
const orders = fc.record({
  actor,
  actions: fc.array(acts, { minLength: 6, maxLength: 9, size: 'max' }),
  flash: fc.option(fc.array(flashLoan, { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 2 }),
  require: fc.option(fc.record({ asset: fc.nat(1), gainMin: fc.integer({ min: -20_000, max: 2000 }) }), { nil: undefined, freq: 2 }),
  tip: fc.constantFrom(0, 0.25, 1, 3),
  until: fc.option(fc.integer({ min: 0, max: 10 * BLOCK }), { nil: undefined, freq: 2 }),
  arrival: fc.nat(8 * BLOCK),
});
/** 36 bundles of at least 6 actions: at least 216 actions. */
const traffic = fc.array(orders, { minLength: 36, maxLength: 40, size: 'max' });

interface Counts {
  [outcome: string]: number;
}

/** A world whose host checks every bundle against a copy made before it. */
function aCheckedWorld(order: 'fee' | 'arrival', counts: Counts) {
  const assets = createAssets([
    { name: 'ETH', decimals: 9 },
    { name: 'USDC', decimals: 6 },
  ]);
  const ledger = new Ledger(assets, new Journal());
  for (let i = 1; i <= ACTORS; i++) {
    ledger.open(`actor/${i}`, i % 2 === 0 ? 'trader' : 'attacker');
    ledger.transfer(OUTSIDE, i, ETH, 400_000 * i);
    ledger.transfer(OUTSIDE, i, USDC, 10_000);
  }
  const positions = column(4);
  let before: { ledger: LedgerState; positions: number[] };
  let begun: Bundle<Act> | undefined;
  const remember = () => {
    before = { ledger: ledgerState(ledger), positions: [...positions.data] };
    begun = undefined;
  };

  const host: ChainHost<Act> = {
    gasOf: () => 1000,
    begin(bundle) {
      begun = bundle;
    },
    execute(act) {
      if (act.do === 'refuse') return reject('NO');
      if (act.do === 'write') ledger.journal.set(positions, act.index, act.value);
      else ledger.transfer(act.from, act.to, act.asset, Math.floor((ledger.balance(act.from, act.asset) * act.part) / 10));
      return undefined;
    },
    end(bundle, refusal, gasPaid) {
      const outcome = refusal?.rejected ?? 'KEPT';
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      if (refusal === undefined) checkKept(bundle, gasPaid);
      else checkUndone(bundle, gasPaid);
      if (ledger.total(ETH) !== 0 || ledger.total(USDC) !== 0) expect.fail('LEDGER-1');
      remember();
    },
  };
  const funds = [
    { asset: ETH, units: 30_000 },
    { asset: USDC, units: 50_000 },
  ];
  const options = { blockTime: BLOCK, order, gasAsset: ETH, baseFee: 0.7, baseFeeMin: 0.1, gasLimit: 1_200_000, background: 1 };
  const chain = createChain({ ...options, flash: { fee: FLASH_FEE, funds } }, ledger, host);
  const proposer = ledger.names.indexOf('proposer');
  const lender = ledger.names.indexOf('flash-lender');
  remember();

  /** The copy less the gas: nothing else has changed. */
  function checkUndone(bundle: Bundle<Act>, gasPaid: number): void {
    const tip = gasPaid === 0 ? 0 : tipDown(chain.gasOf(bundle), bundle.tip);
    const eth = before.ledger.balances[ETH];
    eth[bundle.actor] -= gasPaid;
    eth[proposer] += tip;
    eth[OUTSIDE] += gasPaid - tip;
    const role = ledger.roles[bundle.actor];
    for (const [to, units] of [
      ['proposer', tip],
      ['outside', gasPaid - tip],
    ] as const) {
      if (units === 0) continue;
      const flow = before.ledger.flows[`${role} → ${to}`] ?? [0, 0];
      before.ledger.flows[`${role} → ${to}`] = [flow[ETH] + units, flow[USDC]];
    }
    expect({ ledger: ledgerState(ledger), positions: [...positions.data] }).toEqual(before);
  }

  /** What must hold of a bundle that was kept, without asking how. */
  function checkKept(bundle: Bundle<Act>, gasPaid: number): void {
    expect(begun).toBe(bundle);
    expect(bundle.actions.some((act) => act.do === 'refuse')).toBe(false);
    const lent = [...before.ledger.balances.map((row) => row[lender])];
    for (const asset of [ETH, USDC]) {
      let fees = 0;
      for (const loan of bundle.flash ?? []) {
        if (loan.asset !== asset) continue;
        const units = loan.amount === 'max' ? lent[asset] : loan.amount;
        lent[asset] -= units;
        fees += flashFeeUp(units, FLASH_FEE);
      }
      expect(ledger.balance(lender, asset)).toBe(before.ledger.balances[asset][lender] + fees);
      for (let account = 1; account < ledger.accounts; account++) {
        if (!(ledger.balance(account, asset) >= 0)) expect.fail(`LEDGER-2 ${ledger.names[account]}`);
      }
    }
    const { require } = bundle;
    if (require === undefined) return;
    // Gas does not count against what the bundle gained.
    const start = before.ledger.balances[require.asset][bundle.actor] - (require.asset === ETH ? gasPaid : 0);
    expect(ledger.balance(bundle.actor, require.asset) - start).toBeGreaterThanOrEqual(require.gainMin);
  }

  return { chain, ledger };
}

describe('law of bundles', () => {
  it.each(['fee', 'arrival'] as const)('BUNDLE-1 a bundle that fails changes nothing but gas (order by %s)', (order) => {
    const counts: Counts = {};
    fc.assert(
      fc.property(traffic, (bundles) => {
        const { chain, ledger } = aCheckedWorld(order, counts);
        bundles.forEach(({ arrival, flash, require, until, ...rest }, tag) => {
          chain.submit(
            { ...rest, cause: 0, tag, ...(flash && { flash }), ...(require && { require }), ...(until !== undefined && { until }) },
            arrival,
          );
        });
        for (let block = 1; chain.waiting > 0; block++) chain.produce(block * BLOCK);
        expect(ledger.journal.open).toBe(false);
      }),
      { numRuns: propertyRuns(200, 3000) },
    );
    // Each way to end has been seen often enough to mean something.
    for (const outcome of ['KEPT', 'NO', 'FLASH_UNPAID', 'FLASH_SHORT', 'REQUIRE_UNMET', 'GAS_UNAFFORDABLE', 'EXPIRED']) {
      expect(counts[outcome] ?? 0, outcome).toBeGreaterThan(20);
    }
  });
});
