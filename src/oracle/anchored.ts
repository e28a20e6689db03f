/**
 * A price taken from a first oracle, or from a second while the first is not valid or too old, and believed only near a third: Compound's
 * anchored view. What lies outside the band is not taken over, and the last price stays. It looks when any of the three was shown
 * something.
 *
 *   taken over when 1 − band ≤ p/anchor ≤ 1 + band
 */
import { definePart } from '../base/params.ts';
import type { Ms, Price } from '../base/units.ts';
import { NO_READING } from './no-reading.ts';
import type { Oracle, OracleNeeds, Reading } from './oracle.ts';

const AGE_MAX_MS = 30 * 86_400_000;

export const anchored = definePart<OracleNeeds, Oracle>()({
  name: 'anchored',
  summary: 'A primary oracle with a fallback, believed only within a band around an anchor (Compound).',
  sources: [
    'compound-finance/open-oracle contracts/Uniswap/UniswapAnchoredView.sol (upperBoundAnchorRatio 1.15, lowerBoundAnchorRatio 0.85)',
  ],
  params: {
    primary: { kind: 'oracle', doc: 'asked first' },
    fallback: { kind: 'oracle', optional: true, doc: 'asked while the primary is not valid or too old' },
    anchor: { kind: 'oracle', optional: true, doc: 'near which a price must lie; without it every price is believed' },
    band: { kind: 'number', unit: 'ratio', range: [0, 10], default: 0.15, doc: 'relative distance from the anchor that is still believed' },
    maxAge: { kind: 'duration', range: [0, AGE_MAX_MS], optional: true, doc: 'an older primary is passed over' },
  },
  create({ primary, fallback, anchor, band, maxAge }, { oracle }) {
    const first = oracle(primary);
    const second = fallback === undefined ? undefined : oracle(fallback);
    const near = anchor === undefined ? undefined : oracle(anchor);
    const all = [first, second, near].filter((one) => one !== undefined);
    const usable = (reading: Reading, now: Ms) => reading.valid && (maxAge === undefined || now - reading.observedAt <= maxAge);
    let kept = NO_READING;
    /** What was kept before the time of the last look: of several looks at one time the last counts. */
    let before = NO_READING;
    let lookedAt: Ms = Number.NaN;

    const chosen = (now: Ms): Reading => {
      const reading = first.read(now);
      return usable(reading, now) || second === undefined ? reading : second.read(now);
    };
    const believed = ({ price }: Reading, now: Ms): boolean => {
      if (near === undefined) return true;
      const reference = near.read(now);
      return reference.valid && Math.abs(price / reference.price - 1) <= band;
    };
    return {
      observe(_price: Price, at: Ms) {
        if (at !== lookedAt) before = kept;
        lookedAt = at;
        const reading = chosen(at);
        kept = usable(reading, at) && believed(reading, at) ? reading : before;
      },
      read: () => kept,
      nextUpdate: (now) => all.reduce((next, one) => Math.min(next, one.nextUpdate(now)), Number.POSITIVE_INFINITY),
    };
  },
});
