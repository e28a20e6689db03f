/**
 * A scripted fall of a price that moves on its own: geometric Brownian motion times the path of a shock. The fall is the same in every run,
 * the way there is not. What the fall takes is not made up for by the drift. The same as `gbm` with one of the `shocks` that any price may
 * have, under names of its own that a sweep can set.
 *
 *   p(t) = gbm(t) · factor^w(t)
 *
 * with w 0 until `crashAt`, up to 1 within `crashOver`, 1 for `hold`, and down to 0 within `recover` if that is given.
 */
import { definePart } from '../base/params.ts';
import { gbm } from './gbm.ts';
import type { PriceProcess, ProcessNeeds } from './process.ts';
import { shockedProcess, shockParams } from './shocks.ts';

const { start, volatility, drift } = gbm.params;
const { at, factor, over, hold, recover } = shockParams;

export const crash = definePart<ProcessNeeds, PriceProcess>()({
  name: 'crash',
  summary: 'Geometric Brownian motion with one scripted fall (or rise), which may be made up for.',
  sources: gbm.sources,
  params: { start, volatility, drift, crashAt: at, crashFactor: factor, crashOver: over, hold, recover },
  create({ start, volatility, drift, crashAt, crashFactor, crashOver, hold, recover }, needs) {
    const path = gbm.create({ start, volatility, drift }, needs);
    return shockedProcess(path, [{ at: crashAt, factor: crashFactor, over: crashOver, hold, recover }]);
  },
});
