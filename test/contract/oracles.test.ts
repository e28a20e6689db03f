/** Every oracle keeps the contract, under the parameters at which it has most to keep. */
import { pushFeed } from '../../src/oracle/push-feed.ts';
import { quotedIn } from '../../src/oracle/quoted.ts';
import { spot } from '../../src/oracle/spot.ts';
import { twap } from '../../src/oracle/twap.ts';
import { twapSinceUpdate } from '../../src/oracle/twap-since-update.ts';
import { oracleContract } from './oracle.ts';

const BLOCK = 12_000;
/** The suite's longest way from one observation to the next, and from the last to the reader. */
const GAP = 40 * BLOCK;
const MINUTE = 60_000;

oracleContract('spot', (live) => spot.create({}, { live }), { reach: 0 });

for (const mean of ['arithmetic', 'geometric'] as const) {
  for (const warm of [true, false]) {
    const name = `twap, ${mean}, ${warm ? 'warm' : 'cold'}`;
    oracleContract(name, (live) => twap.create({ window: 10 * MINUTE, mean, warm }, { live }), { reach: 10 * MINUTE });
  }
  // At the instant of a store it reads back to the store before, which may have been a period and a gap ago.
  const reach = 2 * 10 * MINUTE + 2 * GAP;
  oracleContract(`twap since update, ${mean}`, (live) => twapSinceUpdate.create({ period: 10 * MINUTE, mean }, { live }), { reach });
}

for (const latency of [0, 5_000, 10 * BLOCK]) {
  const feed = { heartbeat: 20 * MINUTE, deviation: 0.005, latency };
  const name = `push feed, latency ${latency} ms`;
  oracleContract(name, (live) => pushFeed.create(feed, { live }), { reach: feed.heartbeat + latency + GAP });
}

// A factor of one, so that readings remain comparable with what was shown.
oracleContract('spot in USD', (live) => quotedIn(spot.create({}, { live }), () => 1), { reach: 0 });
