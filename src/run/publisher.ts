/**
 * The oracles of a world in time: shows them their sources, puts on the agenda what will change by time alone (a push on its way), and
 * tells of readings that moved.
 */
import type { Ms } from '../base/units.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { PlacedOracle } from '../scenario/build-oracles.ts';
import type { Crowd } from './crowd.ts';
import type { Facts } from './facts.ts';
import type { WorldEvent } from './world-event.ts';

/** Readings that moved less than this since the last one told are no fact: a trace is for reading. Agents hear of every change. */
const MOVE_TOLD = 0.01;

export interface PublisherSite {
  readonly oracles: readonly PlacedOracle[];
  readonly fair: ArrayLike<number>;
  /** Numbers of the oracles, each after those that it reads. */
  readonly order: readonly number[];
  readonly horizon: Ms;
  readonly blockTime: Ms;
}

export interface Publisher {
  /** Shows every oracle of the outside its price, and then those that read it. */
  observeOutside(at: Ms): void;
  /** Shows every oracle of a venue its price, and then those that read it: at block ends only. */
  observeVenues(at: Ms): void;
  /** Tells of this oracle's reading if it moved. */
  publish(index: number, at: Ms): void;
  publishAll(at: Ms): void;
}

export function createPublisher(
  kernel: Kernel<WorldEvent>,
  { oracles, order, fair, horizon, blockTime }: PublisherSite,
  facts: Facts,
  crowd: () => Crowd,
): Publisher {
  const events: WorldEvent[] = oracles.map((_, oracle) => ({ type: 'oracle', oracle }));
  const scheduled = new Float64Array(oracles.length).fill(-1);
  const told = new Float64Array(oracles.length).fill(Number.NaN);
  const heard = new Float64Array(oracles.length).fill(Number.NaN);
  /** By oracle: those that read it, in order. */
  const readers = oracles.map((_, index) => order.filter((other) => oracles[other].reads.includes(index)));
  /** Whether an oracle was shown something in the round in progress. */
  const shown = new Uint8Array(oracles.length);

  /** Puts the next change that time alone brings on the agenda, once. */
  const expect = (index: number, at: Ms) => {
    const next = Math.ceil(oracles[index].oracle.nextUpdate(at));
    if (next === scheduled[index] || !(next <= horizon)) return;
    scheduled[index] = next;
    kernel.schedule(events[index], next, PRIORITY.ORACLE);
  };

  const publish = (index: number, at: Ms) => {
    const { asset, oracle } = oracles[index];
    const reading = oracle.read(at);
    if (reading.valid && reading.price !== heard[index]) {
      heard[index] = reading.price;
      let cause = 0;
      if (!(Math.abs(reading.price / told[index] - 1) < MOVE_TOLD)) {
        kernel.setCause(0);
        cause = facts.report('oracle', -1, index, reading.price, told[index], fair[asset], reading.observedAt);
        told[index] = reading.price;
      }
      crowd().hearOracle(index, cause);
      for (const reader of readers[index]) show(reader, at);
    }
    expect(index, at);
  };

  const show = (index: number, at: Ms) => {
    const { oracle, shown } = oracles[index];
    oracle.observe(shown(at), at);
    expect(index, at);
    // Readable at once, between two blocks: a block would tell of it by itself.
    if (at % blockTime !== 0 && oracle.read(at).price !== heard[index]) kernel.schedule(events[index], at, PRIORITY.ORACLE);
  };

  const observe = (outside: boolean, at: Ms) => {
    shown.fill(0);
    for (const index of order) {
      const { venue, reads, source } = oracles[index];
      if (!(source ? venue < 0 === outside : reads.some((other) => shown[other] === 1))) continue;
      shown[index] = 1;
      show(index, at);
    }
  };

  return {
    observeOutside: (at) => observe(true, at),
    observeVenues: (at) => observe(false, at),
    publish,
    publishAll(at) {
      for (const index of order) publish(index, at);
    },
  };
}
