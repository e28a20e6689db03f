/**
 * The vocabulary of outcomes: every metric a run reports, with its meaning; beside them stands the profit of each role in the world, by
 * `roleProfit`. Units are in the names. `measure` and `assert` of an experiment speak of these. How each is computed is `run/metrics.ts`.
 */
export const METRICS = {
  attack_capital_usd: 'largest own money of attackers out of their wallets at any block end, at fair prices',
  attack_cost_usd: 'what did not come back to attackers: price impact, fees, gas, collateral left behind; at fair prices',
  attack_gain_usd: 'what attackers took from protocols and their users and did not return, at fair prices',
  attack_profit_usd: 'attack_gain_usd − attack_cost_usd',
  attack_roi_ratio: 'attack_profit_usd ÷ attack_capital_usd; absent without capital',
  bad_debt_usd:
    'debt left without collateral, at fair prices, by who paid it: insurance_used_usd + socialised_loss_usd + adl_usd + vault_loss_usd + ' +
    'recapitalised_usd + open_shortfall_usd',
  insurance_used_usd:
    'paid during the run by insurance funds, what they sold included, and protocol reserves; what falls on funds at its end is in ' +
    'insurance_fund_profit_usd alone',
  treasury_sold_usd: 'fair value of what insurance funds sold to pay shortfalls',
  treasury_slippage_usd: 'fair value of what insurance funds sold less that of what it brought',
  adl_usd: 'taken from winners by auto-deleveraging or by sharing a loss among them',
  adl_overshoot_usd: 'profit of sizes that auto-deleveraging closed, beyond what shortfalls took of it',
  adl_count: 'times that a winner paid for a shortfall',
  vault_loss_usd: 'paid by the vault or house for accounts of contracts that could not pay',
  recapitalised_usd: 'raised to pay shortfalls by making and selling a token',
  minted_usd: 'fair value, before their sale, of the tokens made for that',
  socialised_loss_usd: 'taken from lenders by the waterfall',
  open_shortfall_usd: 'what nobody had paid when the run ended, at fair prices; who bears it the final account says',
  lender_loss_usd: 'what lenders ended below their deposits and interest, at fair prices',
  liquidated_usd: 'debt that liquidations repaid or passed on, at fair prices',
  liquidation_count: 'liquidations executed',
  closeout_usd: 'notional of contracts closed or taken over because accounts had too little equity',
  closeout_count: 'closings and takeovers of accounts of contracts',
  takeover_count: 'accounts of contracts taken over by the vault',
  margin_call_count: 'accounts called for margin',
  redistributed_usd: 'debt of liquidated positions passed on to other borrowers, at fair prices',
  wrongful_liquidation_usd: 'debt repaid in liquidations of positions that were healthy at fair prices',
  wrongful_liquidation_count: 'liquidations of positions that were healthy at fair prices',
  undercollateralised_count: 'positions whose debt exceeded their collateral at fair prices, most at any sample',
  victim_loss_usd: 'what borrowers lost to liquidations: seized minus repaid or passed on, at fair prices',
  liquidator_profit_usd: 'what liquidators made, gas paid',
  arbitrageur_profit_usd: 'what arbitrageurs made, gas paid',
  liquidity_provider_profit_usd: 'what liquidity providers made against holding',
  solvency_ratio_min:
    'assets of the protocols at fair prices ÷ claims of their lenders, the least at any sample; 1 where it never fell below',
  failed_protocol_count: 'protocols whose assets were below the claims of their lenders at some sample',
  first_failure_ms: 'when the first of them was seen to be; absent where none was',
  last_failure_ms: 'when the last of them was first seen to be; absent where none was',
  lender_loss_hop_0_usd: 'lender_loss_usd of the protocol that failed first (of all, where none failed)',
  lender_loss_hop_1_usd: 'lender_loss_usd of protocols that take the receipts of that one',
  lender_loss_hop_2_usd: 'lender_loss_usd of all others',
  insolvent_ms: 'time, by samples, with assets below claims',
  capital_efficiency_ratio:
    'debt and notional ÷ collateral and cash posted, at fair prices, mean over samples; an option counts with the notional of its ' +
    'underlying, however little it is worth',
  notional_mean_usd:
    'notional of contracts outstanding, mean over samples; of an option that of its underlying, however little it is worth',
  debt_mean_usd: 'debt outstanding at fair prices, mean over samples',
  oracle_error_max_ratio: 'largest |oracle ÷ fair − 1| of an oracle that a market asks, at a block end or at a decision of a protocol',
  oracle_age_mean_ms: 'age of the readings of these oracles, mean over block ends',
  oracle_silent_ratio: 'share of block ends at which they had no valid reading',
  price_impact_max_ratio: 'largest |venue ÷ fair − 1| right after a trade',
  gas_usd: 'gas paid by everybody',
  base_fee_max_units: 'highest base fee after any block, units of the gas asset per gas',
  left_out_count: 'times that a bundle found no room in a block and went on waiting',
  refusal_count: 'bundles refused',
  trade_count: 'trades on venues',
  contract_trade_count: 'trades of contracts by their owners',
  return_kurtosis_ratio:
    'kurtosis of the log-returns of the first venue’s price from sample to sample, 3 of a normal distribution; this and the next four ' +
    'only with `record.probes: [returns]`',
  return_tail_index_ratio: 'Hill’s α of the largest twentieth of these returns, either sign: markets have 2 to 5',
  return_autocorrelation_ratio: 'correlation of these returns with the ones before',
  return_size_autocorrelation_ratio: 'correlation of their sizes with those 1 to 10 samples before, mean over the ten',
  impact_exponent_ratio: 'δ of a trade’s mean move of that price ∝ size^δ, by octaves of sizes; 1 is linear; absent where too few moved it',
  parameter_change_count: 'changes of parameters and engines by governance',
  reassessed_count: 'positions that a change of parameters or engine made liquidatable',
} as const;

export type MetricName = keyof typeof METRICS;

/** Every metric name, in the order of reports. */
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

/**
 * The metric of a role's own profit: `dip-buyer` has `dip_buyer_profit_usd`. Every run reports one for each role that has an account in it;
 * it is the sum of the role's lines of the party table. One of `METRICS` that has the name already keeps its meaning.
 */
export function roleProfit(role: string): string {
  return `${role.replace(/[^A-Za-z0-9]+/g, '_')}_profit_usd`;
}

/** What every name of a role's profit looks like. */
export const ROLE_PROFIT_NAME = /^[A-Za-z]\w*_profit_usd$/;

/** Its meaning, for listings. */
export const ROLE_PROFIT_MEANING = 'what everybody of that role made, gas paid: for each role of the run, with _ for -';
