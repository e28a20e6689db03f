/**
 * European options on an underlying market, written and bought against the house: marked by Black and Scholes at the volatility that the
 * protocol's surface implies, paid for in full when they change hands (the premium), settled in cash at expiry against the index. Rates are
 * 0.
 *
 *   fill of a size = mark · (1 ± spread)          payoff = max(0, index − strike) of a call, max(0, strike − index) of a put
 *
 * What a writer must have behind him is the risk engine's to say; the shares of the notional below are what a fixed-share engine asks for.
 */
import { definePart, type ParamsOf, years } from '../../base/params.ts';
import { toUnitsDown, UNITS_MAX } from '../../base/units.ts';
import { CALL, createGreeks, optionGreeks, optionValue, PUT } from './black-scholes.ts';
import type { Contract, ContractNeeds, ContractState } from './contract.ts';
import { marginParams, problemsOfMargin } from './margin-params.ts';

const params = {
  ...marginParams,
  right: { kind: 'choice', options: ['call', 'put'], doc: 'to buy (call) or to sell (put) at the strike' },
  strike: { kind: 'number', unit: 'usd/token', range: [1e-12, 1e12], doc: 'price at which the right is exercised' },
  expiry: { kind: 'duration', range: [1, Number.MAX_SAFE_INTEGER], doc: 'when it is settled, from the start of the run' },
  spread: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0.02, doc: 'what a trade loses against the mark, as a part of it' },
} as const;

export const option = definePart<ContractNeeds, Contract>()({
  name: 'option',
  summary: 'European call or put, marked by Black and Scholes, settled in cash at expiry.',
  sources: ['F. Black, M. Scholes, "The pricing of options and corporate liabilities", Journal of Political Economy 81 (1973)'],
  params,
  requires: ['surface'],
  check: problemsOfMargin,
  create: createOption,
});

function createOption(terms: ParamsOf<typeof params>, { name, market, decimals, surface }: ContractNeeds): Contract {
  const { initial, maintenance, sizeCap, fee, right, strike, expiry, spread } = terms;
  const kind = right === 'call' ? CALL : PUT;
  const scale = 10 ** decimals;
  const greeks = createGreeks();

  /** Terms in USD per token; worth per unit of size is a `scale`-th of that per token. */
  const optionAt = ({ at, index }: ContractState, move: number, factor: number) => {
    const spot = index * scale * move;
    const left = years(Math.max(0, expiry - at));
    // The surface moves with the price: a shocked price keeps the volatility of its moneyness of before.
    const volatility = surface.volatility(index * scale, strike, left) * factor;
    return { kind, spot, strike, years: left, volatility };
  };

  return {
    name,
    kind: right,
    linear: false,
    market,
    initial,
    maintenance,
    sizeCap: sizeCap === undefined ? UNITS_MAX : toUnitsDown(sizeCap, decimals),
    expiry,
    fee,
    value: (state) => optionValue(optionAt(state, 1, 1)) / scale,
    delta: (state) => optionGreeks(greeks, optionAt(state, 1, 1)).delta,
    valueAt: (state, move, volatility) => optionValue(optionAt(state, move, volatility)) / scale,
    fill: (state, size) => (optionValue(optionAt(state, 1, 1)) / scale) * (1 + Math.sign(size) * spread),
    funding: () => 0,
    payoff: (index) => Math.max(0, right === 'call' ? index - strike / scale : strike / scale - index),
  };
}
