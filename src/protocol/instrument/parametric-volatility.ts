/**
 * A volatility surface of a few numbers: a level, a slope and a curvature in moneyness, and a power of the expiry. Meant for markets that
 * are described and not measured; a measured one is a table (`volatility-table.ts`).
 *
 *   σ = max(floor, (atm + skew·x + smile·x²)·(30 d/T)^term)        x = ln(K/S)/√T, within ±wing
 *
 * x is the moneyness for which smiles of different expiries lie on one another: the quadratic of B. Dumas, J. Fleming and R. Whaley, with
 * √T as in R. Tompkins. Beyond ±wing the volatility is that of the wing, since a parabola has no end; below a day, T is taken as a day.
 */
import { log, pow } from '../../base/elementary.ts';
import { definePart } from '../../base/params.ts';
import { atLeastADay, MONTH_YEARS, type VolatilitySurface } from './volatility-surface.ts';

export const parametricVolatility = definePart<undefined, VolatilitySurface>()({
  name: 'parametric',
  summary: 'Implied volatility from a level, a skew, a smile and a power of the expiry.',
  sources: [
    'B. Dumas, J. Fleming, R. E. Whaley, "Implied volatility functions: empirical tests", Journal of Finance 53 (1998) 2059-2106',
    'R. G. Tompkins, "Implied volatility surfaces: uncovering regularities", European Journal of Finance 7 (2001) 198-230',
    'support.deribit.com/hc/en-us/articles/25944756247837-Portfolio-Margin ((30/d)^power)',
  ],
  params: {
    atm: { kind: 'number', unit: '1/sqrt(year)', range: [0.001, 10], doc: 'volatility at the money, 30 days' },
    skew: {
      kind: 'number',
      unit: 'ratio',
      range: [-10, 10],
      default: 0,
      doc: 'change of volatility per moneyness x; below 0 where puts cost more',
    },
    smile: { kind: 'number', unit: 'ratio', range: [0, 10], default: 0, doc: 'change of volatility per x²' },
    term: {
      kind: 'number',
      unit: 'ratio',
      range: [-2, 2],
      default: 0,
      doc: 'power of 30 d/T; above 0 where near expiries are more volatile',
    },
    floor: { kind: 'number', unit: '1/sqrt(year)', range: [0.0001, 10], default: 0.05, doc: 'lowest volatility' },
    wing: { kind: 'number', unit: 'ratio', range: [0, 10], default: 2, doc: 'moneyness |x| beyond which volatility stays as it is' },
  },
  create: ({ atm, skew, smile, term, floor, wing }) => ({
    volatility(spot, strike, years) {
      const span = atLeastADay(years);
      const x = log(strike / spot) / Math.sqrt(span);
      const held = x > wing ? wing : x < -wing ? -wing : x;
      const level = (atm + held * (skew + held * smile)) * pow(MONTH_YEARS / span, term);
      return level < floor ? floor : level;
    },
  }),
});
