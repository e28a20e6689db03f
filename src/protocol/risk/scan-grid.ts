/**
 * The scenarios of a scan: a grid of moves of the price, each with volatility up, as it is, or down, and extreme moves of which only a
 * part counts. Knows no price and no portfolio. SPAN's sixteen scenarios are three steps, volatility up and down, and two extremes of
 * three ranges covered to a third.
 */
import { pow } from '../../base/elementary.ts';
import type { ParamsOf } from '../../base/params.ts';
import type { Ratio } from '../../base/units.ts';
import { atLeastADay, MONTH_YEARS } from '../instrument/volatility-surface.ts';

export const gridParams = {
  steps: {
    kind: 'integer',
    unit: 'moves',
    range: [1, 50],
    default: 3,
    doc: 'moves of the price either way, evenly up to the range (SPAN and Derive: 3; Deribit: 4)',
  },
  volatilityUp: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 5],
    default: 0.45,
    doc: 'rise of a volatility of 30 days, as part of it (Derive: 0.45; Deribit: 0.5)',
  },
  volatilityDown: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0.3, doc: 'fall of it (Derive: 0.3; Deribit: 0.25)' },
  volatilitySame: { kind: 'flag', default: true, doc: 'whether moves without a change of volatility are scenarios too (SPAN: no)' },
  powerShort: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1],
    default: 0.3,
    doc: 'changes of volatility grow as (30 d/T)^power below 30 days (Deribit, Derive: 0.3; SPAN: 0)',
  },
  powerLong: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0.13, doc: 'and above 30 days (Deribit, Derive: 0.13; SPAN: 0)' },
  extremes: {
    kind: 'table',
    columns: {
      ranges: { kind: 'number', unit: 'scan ranges', range: [-100, 100], default: 0, doc: 'move of the price' },
      move: { kind: 'number', unit: 'ratio', range: [-1, 100], default: 0, doc: 'move of the price, added to the one in ranges' },
      volatility: { kind: 'integer', unit: 'sign', range: [-1, 1], default: 0, doc: '1: up, −1: down, 0: as it is' },
      cover: { kind: 'number', unit: 'ratio', range: [0, 1], default: 1, doc: 'part of the loss that counts' },
    },
    default: [],
    doc: 'moves beyond the range (SPAN: ±3 ranges, of which 0.33 counts)',
  },
} as const;
export type GridTerms = ParamsOf<typeof gridParams>;

/** One scenario. */
export interface ScanScenario {
  /** Move of the price: so many scan ranges, and so much of the price beyond. */
  readonly ranges: Ratio;
  readonly move: Ratio;
  /** 1: volatility up, −1: down, 0: as it is. */
  readonly volatility: number;
  /** Part of the loss that counts. */
  readonly cover: Ratio;
}

/** No move first, then step by step up and down, each with volatility up, the same, down; extremes last. */
export function scanScenarios({
  steps,
  volatilitySame,
  extremes,
}: Pick<GridTerms, 'steps' | 'volatilitySame' | 'extremes'>): readonly ScanScenario[] {
  const prices = [0, ...Array.from({ length: steps }, (_, i) => (i + 1) / steps).flatMap((step) => [step, -step])];
  const volatilities = volatilitySame ? [1, 0, -1] : [1, -1];
  return [...prices.flatMap((ranges) => volatilities.map((volatility) => ({ ranges, move: 0, volatility, cover: 1 }))), ...extremes];
}

/**
 * The factor on the volatility of an option in a scenario.
 *
 * @param years  until it expires
 */
export function volatilityFactor(terms: GridTerms, direction: number, years: number): Ratio {
  if (direction === 0) return 1;
  const scale = pow(MONTH_YEARS / atLeastADay(years), years < MONTH_YEARS ? terms.powerShort : terms.powerLong);
  return direction > 0 ? 1 + terms.volatilityUp * scale : Math.max(0, 1 - terms.volatilityDown * scale);
}
