/** The one door for agents: all that a file in agents/ may import. */

export { createDecayedVariance, type DecayedVariance } from '../base/decayed-variance.ts';
export { exp, log, pow } from '../base/elementary.ts';
export { deviationOf, minimumVarianceWeights } from '../base/minimum-variance.ts';
export { normalQuantile } from '../base/normal.ts';
export { isRejection } from '../base/rejection.ts';
export type { AccountId, AssetId, Ms, Price, Ratio, Tokens, Units, Usd, UsdPrice } from '../base/units.ts';
export type { FlowView } from '../market/flow.ts';
export { type CovarianceEstimator, createCovariance } from '../protocol/risk/volatility/covariance.ts';
export type { Action, Amount } from './action.ts';
export type { Agent, AgentPart, Receipt, Reply, Self } from './agent.ts';
export { defineAgent } from './agent.ts';
export type { Intent } from './intent.ts';
export { towardShare } from './toward-share.ts';
export type { OracleView, ProtocolView, VenueView, View } from './view.ts';
