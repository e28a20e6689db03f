/**
 * The only file that names implementations: one line for each that a scenario can `use`. Everything else treats them alike, through the
 * contract of their floor. Agents are not here; they are found by folder.
 */
import type { ParamSchema } from '../base/params.ts';
import { chainParams } from '../chain/block-chain.ts';
import { constantProduct } from '../market/constant-product.ts';
import { pushFeed } from '../oracle/push-feed.ts';
import { spot } from '../oracle/spot.ts';
import { twap } from '../oracle/twap.ts';
import { twapSinceUpdate } from '../oracle/twap-since-update.ts';
import { constant } from '../price/constant.ts';
import { crash } from '../price/crash.ts';
import { garch } from '../price/garch.ts';
import { gbm } from '../price/gbm.ts';
import { jumpDiffusion } from '../price/jump-diffusion.ts';
import { replay } from '../price/replay.ts';
import { shock } from '../price/shock.ts';
import { insuranceFund } from '../protocol/backstop/insurance-fund.ts';
import { reserve } from '../protocol/backstop/reserve.ts';
import { socialise } from '../protocol/backstop/socialise.ts';
import { option } from '../protocol/instrument/option.ts';
import { parametricVolatility } from '../protocol/instrument/parametric-volatility.ts';
import { perpetual } from '../protocol/instrument/perpetual.ts';
import { volatilityTable } from '../protocol/instrument/volatility-table.ts';
import { fixedBonus } from '../protocol/liquidation/fixed-bonus.ts';
import { order } from '../protocol/liquidation/order.ts';
import { softBands } from '../protocol/liquidation/soft-bands-mechanism.ts';
import { stabilityPool } from '../protocol/liquidation/stability-pool.ts';
import { marketParams } from '../protocol/market-params.ts';
import { staticRisk } from '../protocol/risk/static.ts';

export const CATALOG = {
  price: { constant, gbm, shock, replay, 'jump-diffusion': jumpDiffusion, crash, garch },
  venue: { 'constant-product': constantProduct },
  oracle: { spot, twap, 'twap-since-update': twapSinceUpdate, 'push-feed': pushFeed },
  risk: { static: staticRisk },
  contract: { perpetual, option },
  surface: { parametric: parametricVolatility, table: volatilityTable },
  closeout: { order },
  controller: {},
  liquidation: { 'fixed-bonus': fixedBonus, 'soft-bands': softBands, 'stability-pool': stabilityPool },
  backstop: { 'insurance-fund': insuranceFund, reserve, socialise },
} as const;

export type CatalogFloor = keyof typeof CATALOG;

/** Parameters of what every world has exactly one kind of. */
export const CHAIN_PARAMS: ParamSchema = chainParams;
export const MARKET_PARAMS: ParamSchema = marketParams;
