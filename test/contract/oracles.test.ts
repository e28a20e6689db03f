/** Every oracle keeps the contract, under the parameters at which it has most to keep. */
import type { Price } from '../../src/base/units.ts';
import { anchored } from '../../src/oracle/anchored.ts';
import { delayed } from '../../src/oracle/delayed.ts';
import { deviationGuard } from '../../src/oracle/deviation-guard.ts';
import { ema } from '../../src/oracle/ema.ts';
import { faulty } from '../../src/oracle/faulty.ts';
import { growthCap } from '../../src/oracle/growth-cap.ts';
import { hardCoded } from '../../src/oracle/hard-coded.ts';
import { lpShare } from '../../src/oracle/lp-share.ts';
import { median } from '../../src/oracle/median.ts';
import { minMax } from '../../src/oracle/min-max.ts';
import type { OracleNeeds } from '../../src/oracle/oracle.ts';
import { pull } from '../../src/oracle/pull.ts';
import { pushFeed } from '../../src/oracle/push-feed.ts';
import { quotedIn } from '../../src/oracle/quoted.ts';
import { reporters } from '../../src/oracle/reporters.ts';
import { sourceAlone } from '../../src/oracle/source-alone.ts';
import { spot } from '../../src/oracle/spot.ts';
import { twap } from '../../src/oracle/twap.ts';
import { twapSinceUpdate } from '../../src/oracle/twap-since-update.ts';
import { vwap } from '../../src/oracle/vwap.ts';
import { oracleContract } from './oracle.ts';

const BLOCK = 12_000;
/** The suite's longest way from one observation to the next, and from the last to the reader. */
const GAP = 40 * BLOCK;
const MINUTE = 60_000;

oracleContract('spot', (live) => spot.create({}, sourceAlone(live)), { reach: 0 });

for (const mean of ['arithmetic', 'geometric'] as const) {
  for (const warm of [true, false]) {
    const name = `twap, ${mean}, ${warm ? 'warm' : 'cold'}`;
    oracleContract(name, (live) => twap.create({ window: 10 * MINUTE, mean, warm }, sourceAlone(live)), { reach: 10 * MINUTE });
  }
  // At the instant of a store it reads back to the store before, which may have been a period and a gap ago.
  const reach = 2 * 10 * MINUTE + 2 * GAP;
  oracleContract(`twap since update, ${mean}`, (live) => twapSinceUpdate.create({ period: 10 * MINUTE, mean }, sourceAlone(live)), {
    reach,
  });
}

for (const latency of [0, 5_000, 10 * BLOCK]) {
  const feed = { heartbeat: 20 * MINUTE, deviation: 0.005, latency };
  const name = `push feed, latency ${latency} ms`;
  oracleContract(name, (live) => pushFeed.create(feed, sourceAlone(live)), { reach: feed.heartbeat + latency + GAP });
}

// A factor of one, so that readings remain comparable with what was shown.
oracleContract('spot in USD', (live) => quotedIn(spot.create({}, sourceAlone(live)), () => 1), { reach: 0 });

for (const mean of ['arithmetic', 'geometric'] as const) {
  const reach = Number.POSITIVE_INFINITY;
  oracleContract(`ema, ${mean}`, (live) => ema.create({ halfLife: 10 * MINUTE, mean }, sourceAlone(live)), { reach });
}

/** One token is traded at the source's price before each look. */
const trading = (live: () => Price): OracleNeeds => {
  let base = 0;
  let quote = 0;
  return {
    ...sourceAlone(live),
    traded() {
      if (live() > 0 && live() < Number.POSITIVE_INFINITY) {
        base += 1;
        quote += live();
      }
      return { base, quote };
    },
  };
};
// Differences of sums since the start: a price of a millionth of the first is known to fewer digits.
oracleContract('vwap', (live) => vwap.create({ window: 10 * MINUTE }, trading(live)), {
  reach: 10 * MINUTE + GAP,
  sums: true,
  error: 1e-5,
});

for (const hop of [60 * MINUTE, BLOCK]) {
  oracleContract(`delayed by ${hop} ms`, (live) => delayed.create({ hop }, sourceAlone(live)), { reach: 2 * hop + 2 * GAP });
}

for (const latency of [0, 400, 5 * BLOCK]) {
  const terms = { latency, confidenceMin: 0.0005, confidenceTimes: 1, spread: BLOCK, halfLife: 10 * MINUTE };
  oracleContract(`pull, latency ${latency} ms`, (live) => pull.create(terms, sourceAlone(live)), { reach: latency + GAP });
}

for (const dispute of [0, 10 * BLOCK]) {
  const people = { reporters: 5, lazy: 1, bribed: 1, lie: 3, from: 0, to: undefined, noise: 0, vigilance: 0, tolerance: 0.05 };
  const terms = { ...people, period: MINUTE, dispute };
  oracleContract(`reporters, dispute ${dispute} ms`, (live) => reporters.create(terms, sourceAlone(live)), {
    // The lazy one and the liar cancel out, and three are honest.
    reach: dispute + MINUTE + GAP,
  });
}

oracleContract(
  'hard-coded',
  () =>
    hardCoded.create(
      { price: 1 },
      sourceAlone(() => Number.NaN),
    ),
  { reach: 0, deaf: true },
);
oracleContract('min-max', (live) => minMax.create({ least: 0, greatest: 1e15 }, sourceAlone(live)), { reach: 0 });
oracleContract('growth-cap', (live) => growthCap.create({ growth: 0.1, slack: 0 }, sourceAlone(live)), {
  reach: Number.POSITIVE_INFINITY,
});
for (const patience of [0, 10 * MINUTE]) {
  oracleContract(
    `deviation-guard, patience ${patience} ms`,
    (live) => deviationGuard.create({ deviation: 0.5, patience }, sourceAlone(live)),
    { reach: patience + GAP },
  );
}

/** Any number of oracles, all of them the source this instant. */
const several = (live: () => Price): OracleNeeds => {
  const needs = sourceAlone(live);
  return { ...needs, oracle: () => spot.create({}, needs) };
};
for (const oracles of [[0], [0, 1], [0, 1, 2]]) {
  const terms = { oracles, weights: undefined, maxAge: MINUTE, quorum: 1 };
  oracleContract(`median of ${oracles.length}`, (live) => median.create(terms, several(live)), { reach: 0 });
}
const anchor = { primary: 0, fallback: 1, anchor: 2, band: 0.15, maxAge: undefined };
for (const value of ['naive', 'fair'] as const) {
  const half = { base: 1, quote: 1, shares: 2, settledUsd: (base: number, quote: number) => base + quote };
  const terms = { pool: 0, base: 0, quote: 1, value };
  oracleContract(`lp-share, ${value}`, (live) => lpShare.create(terms, { ...several(live), pool: () => half }), { reach: 0 });
}
oracleContract('anchored', (live) => anchored.create(anchor, several(live)), { reach: 2 * GAP });

for (const fault of ['late', 'stuck', 'outage'] as const) {
  // One that begins late goes back in time as it begins.
  const when = fault === 'late' ? { from: 0, to: undefined } : { from: 5 * MINUTE, to: 30 * MINUTE };
  const terms = { fault, ...when, factor: 1, delay: 10 * MINUTE };
  const reach = fault === 'stuck' ? Number.POSITIVE_INFINITY : 10 * MINUTE + GAP;
  oracleContract(`faulty, ${fault}`, (live) => faulty.create(terms, sourceAlone(live)), { reach });
}
