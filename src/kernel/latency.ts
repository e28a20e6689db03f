/**
 * How long a message takes, as data: a model that a scenario names, and one draw from it. What travels, and what happens when it arrives,
 * is the business of others.
 */
import { drawLognormal, drawUniform } from '../base/distributions.ts';
import { fault } from '../base/fault.ts';
import type { Random } from '../base/random.ts';
import type { Ms } from '../base/units.ts';

/** `minimum` (default 0) is what no draw goes below: the wire itself. */
export type LatencyModel =
  /** Always `delay`. */
  | { readonly kind: 'constant'; readonly delay: Ms }
  /** Anything from `from` to `to`, ends included. */
  | { readonly kind: 'uniform'; readonly from: Ms; readonly to: Ms; readonly minimum?: Ms }
  /** median · e^(sigma·Z): the usual long tail to the right of network delays. */
  | { readonly kind: 'lognormal'; readonly median: Ms; readonly sigma: number; readonly minimum?: Ms };

/** What each parameter means, for help texts and forms. */
export const LATENCY_PARAMS = {
  constant: { delay: { unit: 'ms', doc: 'every message takes this long' } },
  uniform: {
    from: { unit: 'ms', doc: 'shortest delay' },
    to: { unit: 'ms', doc: 'longest delay' },
    minimum: { unit: 'ms', doc: 'no draw goes below this' },
  },
  lognormal: {
    median: { unit: 'ms', doc: 'half of the messages take longer' },
    sigma: { unit: 'ratio', doc: 'standard deviation of the logarithm; 0.5 puts one message in twenty above 2.3 medians' },
    minimum: { unit: 'ms', doc: 'no draw goes below this' },
  },
} as const;

/**
 * One delay in whole ms, rounded to the nearest, never below the model's minimum or 0. A constant model draws nothing.
 *
 * @throws  LATENCY_MODEL  a negative or reversed parameter
 */
export function drawLatency(model: LatencyModel, random: Random): Ms {
  switch (model.kind) {
    case 'constant':
      if (!(model.delay >= 0)) fault('LATENCY_MODEL', { delay: model.delay });
      return Math.round(model.delay);
    case 'uniform':
      if (!(model.from >= 0 && model.to >= model.from)) fault('LATENCY_MODEL', { from: model.from, to: model.to });
      return atLeast(model.minimum, Math.floor(drawUniform(random, Math.round(model.from), Math.round(model.to) + 1)));
    case 'lognormal':
      if (!(model.median >= 0 && model.sigma >= 0)) fault('LATENCY_MODEL', { median: model.median, sigma: model.sigma });
      return atLeast(model.minimum, Math.round(drawLognormal(random, model.median, model.sigma)));
  }
}

function atLeast(minimum: Ms | undefined, delay: Ms): Ms {
  return minimum === undefined ? delay : Math.max(Math.ceil(minimum), delay);
}
