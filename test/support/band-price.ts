/** Marginal prices within bands of soft liquidation, fee apart: what its exchanges and its curve are judged by. */
import { bandCount, blankBand, readBand, type SoftBands } from '../../src/protocol/liquidation/soft-bands.ts';
import {
  amplitude,
  type Band,
  type BandPrice,
  priceWhenStable,
  virtualCollateral,
  virtualStable,
} from '../../src/protocol/liquidation/soft-bands-curve.ts';

/** The marginal price of one band, debt units per collateral unit; NaN in an empty band. */
export function priceIn(band: Band): BandPrice {
  const y0 = amplitude(band);
  return (virtualStable(band, y0) + band.x) / (virtualCollateral(band, y0) + band.y);
}

/** The marginal price of a position's bands; NaN where it has none. */
export function priceNow(bands: SoftBands, position: number, oracle: BandPrice): BandPrice {
  const band = blankBand(bands, oracle);
  const count = bandCount(bands, position);
  for (let slot = 0; slot < count; slot++) {
    readBand(bands, position, slot, band);
    // Bands before this one hold stable alone.
    if (band.y > 0) return priceIn(band);
  }
  return count === 0 || band.x === 0 ? Number.NaN : priceWhenStable(band);
}
