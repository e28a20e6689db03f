/** A price that never moves: a stablecoin that holds, or the quiet world in which only the attacker acts. Draws nothing. */
import { definePart } from '../base/params.ts';
import type { PriceProcess, ProcessNeeds } from './process.ts';

export const constant = definePart<ProcessNeeds, PriceProcess>()({
  name: 'constant',
  summary: 'A price that stays where it starts.',
  sources: [],
  params: { start: { kind: 'number', unit: 'usd/token', range: [1e-12, 1e12], doc: 'the price' } },
  create: ({ start }) => ({ start, next: () => start }),
});
