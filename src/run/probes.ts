/**
 * What is written down of a world at every sample: solvency, debts and prices always; of venues also their depth and their flow, where the
 * file asks for it (`record.probes`). It looks, and brings nothing up to date: a run is the same whether and how often it is sampled.
 */
import type { Ms, UsdPrice } from '../base/units.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { FlowView } from '../market/flow.ts';
import type { Venue } from '../market/venue.ts';
import type { Recorder } from '../record/recorder.ts';
import type { PlacedOracle } from '../scenario/build-oracles.ts';
import type { ProbeName } from '../scenario/scenario.ts';
import type { Metrics } from './metrics.ts';

/** How far a trade may move the price for what counts as depth: the field’s usual 1, 2 and 5 %. */
const DEPTH_MOVES = [0.01, 0.02, 0.05];

export interface ProbeSite {
  readonly ledger: Ledger;
  readonly venues: readonly Venue[];
  /** By venue. */
  readonly flows: readonly FlowView[];
  readonly oracles: readonly PlacedOracle[];
  readonly fair: ArrayLike<UsdPrice>;
  readonly metrics: Metrics;
  readonly recorder: Recorder;
  readonly probes: readonly ProbeName[];
  readonly every: Ms;
}

/** Writes one sample down. */
export function createProbes(site: ProbeSite): (at: Ms) => void {
  const { ledger, venues, flows, oracles, fair, metrics, recorder, probes, every } = site;
  const { names, scale } = ledger.assets;

  /** USD that can be sold, and that can buy, before the price has moved by each of DEPTH_MOVES; at fair prices. */
  const depth = ({ name, baseAsset, quoteAsset, price, depth: until }: Venue, at: Ms) => {
    const now = price();
    for (const move of DEPTH_MOVES) {
      const percent = Math.round(move * 100);
      const sold = until(baseAsset, now * (1 - move)) / scale[baseAsset];
      const paid = until(quoteAsset, now * (1 + move)) / scale[quoteAsset];
      recorder.sample(`depth_sell_${percent}_usd/${name}`, at, sold * fair[baseAsset]);
      recorder.sample(`depth_buy_${percent}_usd/${name}`, at, paid * fair[quoteAsset]);
    }
  };

  /** As FlowView, per million USD where it is per quote token. */
  const flow = ({ name, quoteAsset }: Venue, measured: FlowView, at: Ms) => {
    const perMillion = 1e6 / fair[quoteAsset];
    recorder.sample(`imbalance_ratio/${name}`, at, measured.imbalance);
    recorder.sample(`illiquidity_per_musd/${name}`, at, measured.illiquidity * perMillion);
    recorder.sample(`impact_per_musd/${name}`, at, measured.impact * perMillion);
    recorder.sample(`effective_spread_ratio/${name}`, at, measured.effectiveSpread);
    recorder.sample(`realised_spread_ratio/${name}`, at, measured.realisedSpread);
  };

  return (at) => {
    const { solvency, debtUsd, shortfallUsd } = metrics.sample(at, every);
    recorder.sample('solvency_ratio', at, solvency);
    recorder.sample('debt_usd', at, debtUsd);
    recorder.sample('shortfall_usd', at, shortfallUsd);
    for (const [asset, name] of names.entries()) recorder.sample(`fair_usd/${name}`, at, fair[asset]);
    for (const { name, oracle } of oracles) recorder.sample(`oracle_usd/${name}`, at, oracle.read(at).price);
    for (const { name, price, quoteAsset } of venues) recorder.sample(`venue_usd/${name}`, at, price() * fair[quoteAsset]);
    if (probes.includes('depth')) for (const venue of venues) depth(venue, at);
    if (probes.includes('flow')) for (const [index, venue] of venues.entries()) flow(venue, flows[index], at);
  };
}
