/** The seeds of an experiment: replication r has the same seed at every point, so that points are compared on the same noise. */
import { randomFrom } from '../base/random.ts';

/** 2^48: wide enough that a million replications hardly ever share a seed (probability 0.2 %), and exact wherever a number goes. */
const SEEDS = 281474976710656;

/** Seed of replication r ≥ 0. Replication 0 has the experiment's own seed, so that `--seed 7` alone runs seed 7. */
export function seedOf(experimentSeed: number, replication: number): number {
  return replication === 0 ? experimentSeed : randomFrom(experimentSeed, `replication/${replication}`).integer(SEEDS);
}
