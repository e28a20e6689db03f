/**
 * One scripted move and nothing else: the price stands, slides by a factor, stays there, and may slide back (`shocks.ts`). For lessons and
 * for experiments in which the fall itself is the parameter. Draws nothing.
 */
import { definePart } from '../base/params.ts';
import type { PriceProcess, ProcessNeeds } from './process.ts';
import { shockFactor, shockParams } from './shocks.ts';

export const shock = definePart<ProcessNeeds, PriceProcess>()({
  name: 'shock',
  summary: 'Stands still, moves once by a factor, and may come back.',
  sources: [],
  params: { start: { kind: 'number', unit: 'usd/token', range: [1e-12, 1e12], doc: 'price before the shock' }, ...shockParams },
  create({ start, ...move }) {
    return { start: start * shockFactor(move, 0), next: (now) => start * shockFactor(move, now) };
  },
});
