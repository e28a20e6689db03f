/** Every volatility surface there is, against the one contract. */
import { parametricVolatility } from '../../src/protocol/instrument/parametric-volatility.ts';
import { tabulatedVolatility } from '../../src/protocol/instrument/volatility-table.ts';
import { SMALL_VOLATILITY_TABLE } from '../support/small-volatility-table.ts';
import { volatilitySurfaceContract } from './volatility-surface.ts';

const flat = parametricVolatility.create({ atm: 0.8, skew: 0, smile: 0, term: 0, floor: 0.05, wing: 2 }, undefined);
const smiling = parametricVolatility.create({ atm: 0.6, skew: -0.1, smile: 0.2, term: 0.3, floor: 0.1, wing: 1.5 }, undefined);
const table = tabulatedVolatility(SMALL_VOLATILITY_TABLE);

volatilitySurfaceContract('flat', flat, { floor: 0.8, cap: 0.8 });
// Level from 0.5875 (x = 0.25) to 1.2 (x = −1.5), times (30/1825)^0.3 at five years to 30^0.3 at a day.
volatilitySurfaceContract('parametric', smiling, { floor: 0.5875 * (30 / 1825) ** 0.3, cap: 1.2 * 30 ** 0.3 });
volatilitySurfaceContract('table', table, { floor: 0.7, cap: 1.2 });
volatilitySurfaceContract('table of one point', tabulatedVolatility({ moneyness: [1], days: [30], volatility: [[0.5]] }), {
  floor: 0.5,
  cap: 0.5,
});
