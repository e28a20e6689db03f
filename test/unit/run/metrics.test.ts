/** The metrics of a run, on worlds in which they can be reckoned by hand. */
import { describe, expect, it } from 'vitest';
import { METRIC_NAMES } from '../../../src/record/metrics.ts';
import { profitOf, runSmall, type SmallWorld } from '../../support/small-world.ts';

const OUTSIDE_SPOT = { use: 'spot', source: 'outside' };
const LENDER = { use: 'lender', params: { protocol: 'lend', asset: 'USD' }, wallet: { USD: 100_000 } };
const on = { protocol: 'lend' } as const;

interface Step {
  readonly at: string;
  readonly actions: readonly object[];
  readonly flash?: readonly object[];
}

/** A world with an attacker whose transactions are written out, and what it came to. */
function attack(steps: readonly Step[], wallet: object, world: Partial<SmallWorld> = {}) {
  const mallory = { use: 'scripted', name: 'mallory', params: { script: steps }, wallet };
  const outcome = runSmall({ horizon: '3 min', oracle: OUTSIDE_SPOT, ...world, agents: [LENDER, mallory, ...(world.agents ?? [])] });
  return { outcome, metrics: outcome.metrics };
}

describe('an attack', () => {
  const borrow = [
    { do: 'deposit', ...on, asset: 'TKN', amount: 1_000 },
    { do: 'borrow', ...on, asset: 'USD', amount: 5_000 },
  ];

  it('that leaves its collateral behind gains the loan and pays the collateral', () => {
    // At 10 USD when borrowed, at 2 in the end: 5,000 USD for 2,000 USD of collateral.
    const tkn = { use: 'shock', with: { start: 10, at: '1 min', factor: 0.2 } };
    const { metrics, outcome } = attack([{ at: '20 s', actions: borrow }], { TKN: 1_000 }, { tkn });
    expect(metrics).toMatchObject({ attack_gain_usd: 5_000, attack_cost_usd: 2_000, attack_profit_usd: 3_000, bad_debt_usd: 3_000 });
    expect(metrics.lender_loss_usd).toBeCloseTo(3_000, 6);
    expect(profitOf(outcome, 'attacker')).toBeCloseTo(3_000, 6);
    // 1,000 TKN at 10 USD were out of the wallet at the end of the block.
    expect(metrics.attack_capital_usd).toBe(10_000);
    expect(metrics.attack_roi_ratio).toBeCloseTo(0.3, 9);
  });

  it('that could pay back has gained nothing: its position is its own', () => {
    const { metrics } = attack([{ at: '20 s', actions: borrow }], { TKN: 1_000 });
    expect([metrics.attack_gain_usd, metrics.attack_cost_usd]).toEqual([expect.closeTo(0, 6), expect.closeTo(0, 6)]);
  });

  it('that only trades pays what the pool keeps', () => {
    const swaps = [
      { do: 'swap', venue: 'pool', sell: 'USD', amount: 10_000 },
      { do: 'swap', venue: 'pool', sell: 'TKN', amount: 'received' },
    ];
    const { metrics, outcome } = attack([{ at: '20 s', actions: swaps }], { USD: 10_000 });
    // Two fees of 0.3 % of about 10,000 USD.
    expect(metrics.attack_cost_usd).toBeGreaterThan(59);
    expect(metrics.attack_cost_usd).toBeLessThan(61);
    expect(metrics.attack_gain_usd).toBe(0);
    expect(metrics.liquidity_provider_profit_usd).toBeCloseTo(metrics.attack_cost_usd, 4);
    expect(profitOf(outcome, 'attacker')).toBeCloseTo(-metrics.attack_cost_usd, 6);
    expect(metrics.trade_count).toBe(2);
    // 10,000 USD less the fee on 1,000,000 raise the price by (1 + 0.00997)(1 + 0.01) − 1.
    expect(metrics.price_impact_max_ratio).toBeCloseTo(1.00997 * 1.01 - 1, 6);
  });

  it('with borrowed money has no capital of its own at stake, but for what it loses', () => {
    const step = {
      at: '20 s',
      flash: [{ asset: 'USD', amount: 10_000 }],
      actions: [
        { do: 'swap', venue: 'pool', sell: 'USD', amount: 10_000 },
        { do: 'swap', venue: 'pool', sell: 'TKN', amount: 'all' },
      ],
    };
    const { metrics } = attack([step], { USD: 100 }, { chain: { flash: { fee: 0, funds: { USD: 10_000 } } } });
    expect(metrics.attack_capital_usd).toBeCloseTo(metrics.attack_cost_usd, 6);
    expect(metrics.attack_capital_usd).toBeGreaterThan(50);
  });

  it('whose bundle is undone has decided nothing: no oracle error, no trade, no impact', () => {
    const pumped = [{ do: 'swap', venue: 'pool', sell: 'USD', amount: 1_000_000 }, ...borrow];
    const done = attack([{ at: '20 s', actions: pumped }], { USD: 1_000_000, TKN: 1_000 }, { oracle: { use: 'spot' } });
    expect(done.metrics.oracle_error_max_ratio).toBeGreaterThan(2.9);
    const impossible = { do: 'withdraw', ...on, asset: 'TKN', amount: 999_999 };
    const undone = attack([{ at: '20 s', actions: [...pumped, impossible] }], { USD: 1_000_000, TKN: 1_000 }, { oracle: { use: 'spot' } });
    expect(undone.metrics).toMatchObject({ oracle_error_max_ratio: 0, trade_count: 0, price_impact_max_ratio: 0, refusal_count: 1 });
    // Nor does a later bundle that holds answer for it.
    const later = { at: '60 s', actions: [{ do: 'supply', ...on, asset: 'TKN', amount: 1 }] };
    const steps = [{ at: '20 s', actions: [...pumped, impossible] }, later];
    const held = attack(steps, { USD: 1_000_000, TKN: 1_000 }, { oracle: { use: 'spot' } });
    expect(held.metrics).toMatchObject({ oracle_error_max_ratio: 0, refusal_count: 1 });
  });
});

describe('a liquidation', () => {
  const borrower = { use: 'borrower', params: { ...on, collateral: 'TKN', debt: 'USD', health: 1.3 }, wallet: { TKN: 1_000 } };
  const take = { do: 'liquidate', ...on, position: 'borrower/0', debt: 'USD', collateral: 'TKN', amount: 'max' };
  const kate = {
    use: 'scripted',
    name: 'kate',
    role: 'liquidator',
    params: { script: [{ at: '90 s', actions: [take] }] },
    wallet: { USD: 10_000 },
  };

  it('of a position that is sick at the fair price too is not wrongful', () => {
    const tkn = { use: 'shock', with: { start: 10, at: '1 min', factor: 0.7 } };
    const { metrics } = runSmall({ agents: [LENDER, borrower, kate], oracle: OUTSIDE_SPOT, tkn, horizon: '3 min' });
    // Debt 6,000 / 1.3 at 10 USD; health 0.91 after the fall, so all of it may be repaid.
    expect(metrics.liquidated_usd).toBeCloseTo(6_000 / 1.3, 0);
    expect(metrics).toMatchObject({ liquidation_count: 1, wrongful_liquidation_count: 0, wrongful_liquidation_usd: 0 });
    expect(metrics.victim_loss_usd / metrics.liquidated_usd).toBeCloseTo(0.05, 6);
    expect(metrics.liquidator_profit_usd).toBeCloseTo(metrics.victim_loss_usd, 6);
  });

  it('of a position that only the oracle thinks sick is wrongful', () => {
    // Mallory sells into the pool that the oracle reads; outside the price never moves.
    const dump = { at: '60 s', actions: [{ do: 'swap', venue: 'pool', sell: 'TKN', amount: 25_000 }] };
    const mallory = { use: 'scripted', name: 'mallory', params: { script: [dump] }, wallet: { TKN: 25_000 } };
    const { metrics } = runSmall({ agents: [LENDER, borrower, mallory, kate], oracle: { use: 'spot' }, horizon: '3 min' });
    expect(metrics.liquidation_count).toBe(1);
    expect(metrics.wrongful_liquidation_count).toBe(1);
    expect(metrics.wrongful_liquidation_usd).toBe(metrics.liquidated_usd);
    expect(metrics.wrongful_liquidation_usd).toBeGreaterThan(1_000);
    expect(metrics.oracle_error_max_ratio).toBeCloseTo(1 - 1 / 1.25 ** 2, 2);
  });

  it('that comes too late leaves bad debt, which the fund and then the lenders bear', () => {
    const tkn = { use: 'shock', with: { start: 10, at: '1 min', factor: 0.3 } };
    const backstop = [{ use: 'insurance-fund' }, { use: 'socialise' }];
    const { metrics } = runSmall({ agents: [LENDER, borrower, kate], oracle: OUTSIDE_SPOT, tkn, backstop, fund: 100, horizon: '3 min' });
    expect(metrics.bad_debt_usd).toBeCloseTo(6_000 / 1.3 - 3_000 / 1.05, 0);
    expect(metrics.insurance_used_usd).toBeCloseTo(100, 6);
    expect(metrics.socialised_loss_usd).toBeCloseTo(metrics.bad_debt_usd - 100, 4);
    expect(metrics.open_shortfall_usd).toBe(0);
    expect(metrics.lender_loss_usd).toBeCloseTo(metrics.socialised_loss_usd, 4);
    expect(metrics.undercollateralised_count).toBe(1);
    expect(metrics.insolvent_ms).toBeGreaterThan(0);
    expect(metrics.solvency_ratio_min).toBeLessThan(1);
  });
});

describe('the names of metrics', () => {
  it('are those that are declared, left out those that need something to divide by, or a failure, where there is none', () => {
    const without = Object.keys(runSmall({ agents: [] }).metrics);
    expect(METRIC_NAMES.filter((name) => !without.includes(name))).toEqual([
      'attack_roi_ratio',
      'first_failure_ms',
      'last_failure_ms',
      'capital_efficiency_ratio',
      'return_kurtosis_ratio',
      'return_tail_index_ratio',
      'return_autocorrelation_ratio',
      'return_size_autocorrelation_ratio',
      'impact_exponent_ratio',
    ]);
    const roles = ['flash_lender', 'insurance_fund', 'outside', 'proposer', 'protocol', 'venue'].map((role) => `${role}_profit_usd`);
    expect(without.filter((name) => !(METRIC_NAMES as readonly string[]).includes(name)).sort()).toEqual(roles);
  });

  it('have the profit of every role, an agent’s own too, which is its line of the party table', () => {
    const buyer = { use: 'scripted', role: 'dip-buyer', wallet: { USD: 10_000 } };
    const script = [{ at: '20 s', actions: [{ do: 'swap', venue: 'pool', sell: 'USD', amount: 10_000 }] }];
    const outcome = runSmall({ horizon: '3 min', oracle: OUTSIDE_SPOT, agents: [{ ...buyer, params: { script } }] });
    expect(outcome.metrics.dip_buyer_profit_usd).toBeLessThan(-29);
    expect(outcome.metrics.dip_buyer_profit_usd).toBe(profitOf(outcome, 'dip-buyer'));
    expect(outcome.metrics.attack_profit_usd).toBe(0);
  });

  it('count gas in dollars, whoever paid it', () => {
    const { outcome, metrics } = attack(
      [{ at: '20 s', actions: [{ do: 'swap', venue: 'pool', sell: 'USD', amount: 1 }] }],
      { USD: 1, GAS: 1 },
      {
        chain: { gasAsset: 'GAS', baseFee: 10 },
        agents: [],
      },
    );
    const [bundle] = outcome.events.filter(({ kind, actor }) => kind === 'bundle' && outcome.names.accounts[actor] === 'mallory/0');
    expect(bundle.b).toBe(1_410_000);
    // The lender has no gas and is refused unpaid.
    expect(metrics.gas_usd).toBeCloseTo(2.82, 9);
  });
});
