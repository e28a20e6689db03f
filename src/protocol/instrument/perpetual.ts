/**
 * The linear perpetual: a claim on a price without end, kept near the index by funding. The house takes the other side of every trade at a
 * premium that grows with the traders' skew, so a large trade pays its own impact and can never gain by going round:
 *
 *   mark  = index · max(0, 1 + skew/depth)                 fill of size s = mean of the marks passed = index · (1 + (skew + s/2)/depth)
 *   funding over an interval = max(−cap, min(cap, sensitivity · skew/depth)) · index, from longs to shorts if positive
 *
 * Source of the premium and of its average over a trade: Synthetixio/synthetix-v3 perps-market PerpsMarket.sol (calculateFillPrice); of the
 * capped rate: dYdX v4 and Hyperliquid, which both bound the hourly rate.
 */
import { definePart } from '../../base/params.ts';
import { toUnitsDown, UNITS_MAX, type Units } from '../../base/units.ts';
import type { Contract, ContractNeeds } from './contract.ts';
import { marginParams, problemsOfMargin } from './margin-params.ts';

export const perpetual = definePart<ContractNeeds, Contract>()({
  name: 'perpetual',
  summary: 'Linear perpetual against the house, with a premium by skew and capped funding.',
  sources: ['Synthetixio/synthetix-v3 perps-market PerpsMarket.sol', 'dydxprotocol/v4-chain x/perpetuals (funding rate clamp)'],
  params: {
    ...marginParams,
    depth: {
      kind: 'number',
      unit: 'token',
      range: [1e-9, 1e15],
      optional: true,
      doc: 'skew at which the premium would be 100 %; none: trades at the index (Synthetix: skewScale)',
    },
    fundingInterval: { kind: 'duration', range: [1000, 86_400_000 * 30], default: 3_600_000, doc: 'over which the funding rate is said' },
    fundingCap: {
      kind: 'number',
      unit: 'ratio',
      range: [0, 1],
      default: 0.04,
      doc: 'largest rate of an interval (Hyperliquid: 4 % an hour)',
    },
    fundingSensitivity: {
      kind: 'number',
      unit: 'ratio',
      range: [0, 10],
      default: 0.125,
      doc: 'rate of an interval per premium (an eighth: a premium is paid off within eight hours)',
    },
  },
  check: problemsOfMargin,
  create({ initial, maintenance, sizeCap, fee, depth, fundingInterval, fundingCap, fundingSensitivity }, { name, market, decimals }) {
    const deep = depth === undefined ? Number.POSITIVE_INFINITY : depth * 10 ** decimals;
    const premium = (skew: Units) => Math.max(0, 1 + skew / deep);
    /** Mean of the premium over the skews that a trade passes: exact where it falls to 0 on the way, so that no detour pays. */
    const meanPremium = (skew: Units, size: Units) => {
      const before = 1 + skew / deep;
      const after = 1 + (skew + size) / deep;
      if (before >= 0 && after >= 0) return 1 + (skew + size / 2) / deep;
      const high = Math.max(0, before, after);
      return high === 0 ? 0 : (high * high * deep) / (2 * Math.abs(size));
    };
    return {
      name,
      kind: 'perpetual',
      linear: true,
      market,
      initial,
      maintenance,
      sizeCap: sizeCap === undefined ? UNITS_MAX : toUnitsDown(sizeCap, decimals),
      expiry: undefined,
      fee,
      value: ({ index, skew }) => index * premium(skew),
      delta: ({ skew }) => premium(skew),
      valueAt: ({ index, skew }, move) => index * move * premium(skew),
      fill: ({ index, skew }, size) => index * meanPremium(skew, size),
      funding({ index, skew }, span) {
        const rate = Math.max(-fundingCap, Math.min(fundingCap, (fundingSensitivity * skew) / deep));
        return (rate * index * span) / fundingInterval;
      },
      payoff: (index) => index,
    };
  },
});
