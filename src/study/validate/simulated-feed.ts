/**
 * The real push feed watching the real geometric Brownian motion at ends of blocks, against B6: how often it updates and how wrong it is in
 * between. The closed forms are those of a feed that is watched once a block: at 12 s and 0.5 % the continuous ones are 12 % and 5 % away.
 */
import { log } from '../../base/elementary.ts';
import { YEAR_MS, years } from '../../base/params.ts';
import { randomFrom } from '../../base/random.ts';
import { mean, studentInterval } from '../../base/statistics.ts';
import type { Ms, Ratio } from '../../base/units.ts';
import { pushFeed } from '../../oracle/push-feed.ts';
import { sourceAlone } from '../../oracle/source-alone.ts';
import { gbm } from '../../price/gbm.ts';
import { needsAlone } from '../../price/process.ts';
import { meanAbsoluteErrorBlockSampled, meanTimeBlockSampled } from '../closed-form/deviation-feed.ts';
import { type Check, SAMPLE_LEVEL, type Sampled, sampleCheck } from './check.ts';

/** B6's feed: 0.5 %, at 80 % volatility and slots of 12 s. */
export const FEED = { deviation: 0.005, volatility: 0.8, block: 12_000 } as const;
const DAY_MS = 86_400_000;
/** Longer than any gap between two rounds of such a feed. */
const NO_HEARTBEAT: Ms = 30 * DAY_MS;

/** One renewal cycle: from a round to the next. */
export interface FeedCycle {
  readonly blocks: number;
  /** Σ |ln(price/reading)| over the ends of its blocks, that of the first round included and of the next not. */
  readonly errorSum: number;
}

/** Complete cycles within so many days; independent of each other and alike. */
export function feedCycles(seed: number, days: number): readonly FeedCycle[] {
  const { deviation, volatility, block } = FEED;
  const price = gbm.create({ start: 2_000, volatility, drift: 0 }, needsAlone(randomFrom(seed, 'price'), block));
  const feed = pushFeed.create(
    { heartbeat: NO_HEARTBEAT, deviation, latency: 0 },
    sourceAlone(() => Number.NaN),
  );
  feed.observe(price.start, 0);
  const cycles: FeedCycle[] = [];
  let sentAt = 0;
  let errorSum = 0;
  for (let at = block; at <= days * DAY_MS; at += block) {
    const fair = price.next(at);
    feed.observe(fair, at);
    const { price: read, observedAt } = feed.read(at);
    if (observedAt !== sentAt) {
      cycles.push({ blocks: (observedAt - sentAt) / block, errorSum });
      sentAt = observedAt;
      errorSum = 0;
    }
    errorSum += Math.abs(log(fair / read));
  }
  return cycles;
}

const minutesOf = ({ blocks }: FeedCycle): number => (blocks * FEED.block) / 60_000;

/** Mean minutes between two rounds. */
export function sampledGap(cycles: readonly FeedCycle[], level = SAMPLE_LEVEL): Sampled {
  return studentInterval(cycles.map(minutesOf), level);
}

/** Time average of the error: a quotient of means over cycles, with the interval of its linearisation (the regenerative method). */
export function sampledError(cycles: readonly FeedCycle[], level = SAMPLE_LEVEL): Sampled {
  const length = mean(cycles.map(({ blocks }) => blocks));
  const ratio: Ratio = mean(cycles.map(({ errorSum }) => errorSum)) / length;
  const { lo, hi } = studentInterval(
    cycles.map(({ errorSum, blocks }) => ratio + (errorSum - ratio * blocks) / length),
    level,
  );
  return { mean: ratio, lo, hi };
}

/** Mean minutes between two rounds, by the closed form. */
export const GAP_EXPECTED: number = (meanTimeBlockSampled(FEED.deviation, FEED.volatility, years(FEED.block)) * YEAR_MS) / 60_000;
export const ERROR_EXPECTED: Ratio = meanAbsoluteErrorBlockSampled(FEED.deviation, FEED.volatility, years(FEED.block));

const SEED = 1;
const DAYS = 1_000;

/** The sample of both checks, drawn when the first asks for it. */
let drawn: readonly FeedCycle[] | undefined;
function sample(): readonly FeedCycle[] {
  drawn ??= feedCycles(SEED, DAYS);
  return drawn;
}

/** A symmetric exit time has a standard deviation of √(2/3) of its mean: 62,600 cycles give ±1.1 %. */
export const simulatedFeedChecks: readonly Check[] = [
  sampleCheck({
    id: 'B6.feed-updates',
    claim: `minutes between updates of a 0.5 % feed at 80 % volatility, blocks of 12 s (62.58 a day), over ${DAYS} days, seed ${SEED}`,
    source: 'mean exit time, block-sampled: Siegmund, Sequential Analysis (1985)',
    expected: GAP_EXPECTED,
    halfWidthMax: 0.0125,
    sample: () => sampledGap(sample()),
  }),
  sampleCheck({
    id: 'B6.feed-error',
    claim: 'mean |ln(price/reading)| at the ends of blocks of the same run: a third of the threshold, corrected for blocks',
    source: 'triangular density, block-sampled; derived',
    expected: ERROR_EXPECTED,
    halfWidthMax: 0.0125,
    sample: () => sampledError(sample()),
  }),
];
