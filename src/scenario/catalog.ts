/**
 * The only file that names implementations: one line for each that a scenario can `use`. Everything else treats them alike, through the
 * contract of their floor. Agents are not here; they are found by folder.
 */
import type { ParamSchema, Part } from '../base/params.ts';
import { chainParams } from '../chain/chain-params.ts';
import { concentrated } from '../market/concentrated.ts';
import { constantProduct } from '../market/constant-product.ts';
import { flowParams } from '../market/flow.ts';
import { impactCurve } from '../market/impact-curve.ts';
import { orderBook } from '../market/order-book.ts';
import { stableSwap } from '../market/stable-swap.ts';
import { readingParams } from '../oracle/accepted.ts';
import { anchored } from '../oracle/anchored.ts';
import { delayed } from '../oracle/delayed.ts';
import { deviationGuard } from '../oracle/deviation-guard.ts';
import { ema } from '../oracle/ema.ts';
import { faulty } from '../oracle/faulty.ts';
import { growthCap } from '../oracle/growth-cap.ts';
import { hardCoded } from '../oracle/hard-coded.ts';
import { lpShare } from '../oracle/lp-share.ts';
import { median } from '../oracle/median.ts';
import { minMax } from '../oracle/min-max.ts';
import { pull } from '../oracle/pull.ts';
import { pushFeed } from '../oracle/push-feed.ts';
import { reporters } from '../oracle/reporters.ts';
import { spot } from '../oracle/spot.ts';
import { twap } from '../oracle/twap.ts';
import { twapSinceUpdate } from '../oracle/twap-since-update.ts';
import { vwap } from '../oracle/vwap.ts';
import { bootstrap } from '../price/bootstrap.ts';
import { commonJumpParams } from '../price/common-jumps.ts';
import { constant } from '../price/constant.ts';
import { crash } from '../price/crash.ts';
import { doubleExponential } from '../price/double-exponential.ts';
import { garch } from '../price/garch.ts';
import { gbm } from '../price/gbm.ts';
import { heston } from '../price/heston.ts';
import { jumpDiffusion } from '../price/jump-diffusion.ts';
import { meanReversion } from '../price/mean-reversion.ts';
import { regimes } from '../price/regimes.ts';
import { replay } from '../price/replay.ts';
import { shock } from '../price/shock.ts';
import { shockParams } from '../price/shocks.ts';
import { adlProRata } from '../protocol/backstop/adl-pro-rata.ts';
import { adlQueue } from '../protocol/backstop/adl-queue.ts';
import { insuranceFund } from '../protocol/backstop/insurance-fund.ts';
import { recapitalise } from '../protocol/backstop/recapitalise.ts';
import { reserve } from '../protocol/backstop/reserve.ts';
import { socialise } from '../protocol/backstop/socialise.ts';
import { socialiseProfits } from '../protocol/backstop/socialise-profits.ts';
import { treasury } from '../protocol/backstop/treasury.ts';
import { vault } from '../protocol/backstop/vault.ts';
import { selfOptimisingMargin } from '../protocol/governance/self-optimising-margin.ts';
import { marginParams } from '../protocol/instrument/margin-params.ts';
import { option } from '../protocol/instrument/option.ts';
import { parametricVolatility } from '../protocol/instrument/parametric-volatility.ts';
import { perpetual } from '../protocol/instrument/perpetual.ts';
import { volatilityTable } from '../protocol/instrument/volatility-table.ts';
import { dutchAuction } from '../protocol/liquidation/dutch-auction.ts';
import { englishAuction } from '../protocol/liquidation/english-auction.ts';
import { fixedBonus } from '../protocol/liquidation/fixed-bonus.ts';
import { healthDiscount } from '../protocol/liquidation/health-discount.ts';
import { order } from '../protocol/liquidation/order.ts';
import { rightAuction } from '../protocol/liquidation/right-auction.ts';
import { softBands } from '../protocol/liquidation/soft-bands-mechanism.ts';
import { stabilityPool } from '../protocol/liquidation/stability-pool.ts';
import { targetHealth } from '../protocol/liquidation/target-health.ts';
import { venueOrder } from '../protocol/liquidation/venue-order.ts';
import { marketParams } from '../protocol/market-params.ts';
import { byFormula } from '../protocol/risk/by-formula.ts';
import { cross } from '../protocol/risk/cross.ts';
import { depthAware } from '../protocol/risk/depth-aware.ts';
import { isolated } from '../protocol/risk/isolated.ts';
import { portfolioVar } from '../protocol/risk/portfolio-var.ts';
import { scenarioScan } from '../protocol/risk/scenario-scan.ts';
import { staticRisk } from '../protocol/risk/static.ts';

export const CATALOG = {
  price: {
    constant,
    gbm,
    shock,
    replay,
    'jump-diffusion': jumpDiffusion,
    'double-exponential': doubleExponential,
    crash,
    garch,
    heston,
    regimes,
    'mean-reversion': meanReversion,
    bootstrap,
  },
  venue: {
    'constant-product': constantProduct,
    concentrated,
    'stable-swap': stableSwap,
    'order-book': orderBook,
    'impact-curve': impactCurve,
  },
  oracle: {
    spot,
    twap,
    'twap-since-update': twapSinceUpdate,
    ema,
    vwap,
    'push-feed': pushFeed,
    pull,
    reporters,
    delayed,
    'hard-coded': hardCoded,
    'min-max': minMax,
    'growth-cap': growthCap,
    'deviation-guard': deviationGuard,
    median,
    anchored,
    'lp-share': lpShare,
    faulty,
  },
  risk: {
    static: staticRisk,
    cross,
    isolated,
    'scenario-scan': scenarioScan,
    'depth-aware': depthAware,
    'by-formula': byFormula,
    'portfolio-var': portfolioVar,
  },
  contract: { perpetual, option },
  surface: { parametric: parametricVolatility, table: volatilityTable },
  closeout: { order },
  controller: { 'risk-manager': selfOptimisingMargin },
  liquidation: {
    'fixed-bonus': fixedBonus,
    'health-discount': healthDiscount,
    'target-health': targetHealth,
    'dutch-auction': dutchAuction,
    'english-auction': englishAuction,
    'right-auction': rightAuction,
    'venue-order': venueOrder,
    'soft-bands': softBands,
    'stability-pool': stabilityPool,
  },
  backstop: {
    'insurance-fund': insuranceFund,
    treasury,
    reserve,
    vault,
    'adl-queue': adlQueue,
    'adl-pro-rata': adlProRata,
    'socialise-profits': socialiseProfits,
    socialise,
    recapitalise,
  },
} as const;

export type CatalogFloor = keyof typeof CATALOG;

/** A part of a floor by its name, for who asks what all parts declare. */
export function partOf(floor: CatalogFloor, name: string): Part<never, unknown> {
  return (CATALOG[floor] as Readonly<Record<string, Part<never, unknown>>>)[name];
}

/** Parameters of what every world has exactly one kind of. */
export const CHAIN_PARAMS: ParamSchema = chainParams;
export const MARKET_PARAMS: ParamSchema = marketParams;
/** Of what every kind of contract is declared with. */
export const CONTRACT_PARAMS: ParamSchema = marginParams;
/** Of what may lie on top of any price, and of several. */
export const SHOCK_PARAMS: ParamSchema = shockParams;
export const COMMON_JUMP_PARAMS: ParamSchema = commonJumpParams;
/** How what is learnt of a venue is forgotten. */
export const FLOW_PARAMS: ParamSchema = flowParams;
/** What a market makes of its oracle. */
export const READING_PARAMS: ParamSchema = readingParams;
