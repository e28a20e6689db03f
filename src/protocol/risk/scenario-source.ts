/**
 * Where the scenarios of a margin come from, by method: the last returns as they were (historical), those returns as they would have been
 * at the volatility of now (filtered historical), or normals bent to the covariance (Monte Carlo). All over the horizon, as simple returns.
 *
 * Histories begin full, with normals of the prior: before there is data, what is believed is all there is. A floor or a stress raises a
 * market's scenarios in proportion; it makes none for a price that has never moved.
 */
import type { Random } from '../../base/random.ts';
import type { MarketModel } from './market-model.ts';
import { bendNormals, type Evenness, latinNormals } from './normal-scenarios.ts';
import { compoundScenarios, createScenarios, rescaleScenarios, type Scenarios } from './scenarios.ts';

export interface ScenarioSource {
  /** Simple returns of each market over the horizon. The live buffers. */
  readonly scenarios: Scenarios;
  /** Takes in one more interval's log-returns, before the model does. */
  record?(returns: Float64Array): void;
  /** Makes the scenarios anew from what the model believes now. */
  refresh(): void;
}

export interface ScenarioNeeds {
  readonly model: MarketModel;
  readonly count: number;
  readonly evenness: Evenness;
  readonly random: Random;
}

/** Normals bent to the covariance of the horizon. */
export function drawnSource({ model, count, evenness, random }: ScenarioNeeds): ScenarioSource {
  const { deviations, covariance } = model;
  const scenarios = createScenarios(deviations.length, count);
  const normals = latinNormals(deviations.length, count, evenness, random);
  return {
    scenarios,
    refresh() {
      bendNormals(normals, covariance, scenarios);
      compoundScenarios(scenarios);
    },
  };
}

/**
 * The last returns, the oldest overwritten.
 *
 * @param filtered  whether each is divided by the deviation that was believed before it came, rather than all by that of now
 */
export function pastSource({ model, count, evenness, random }: ScenarioNeeds, filtered: boolean): ScenarioSource {
  const { believed, deviations, covariance } = model;
  const width = deviations.length;
  const scenarios = createScenarios(width, count);
  const past = createScenarios(width, count);
  /** What the deviation of each return was believed to be before it came. */
  const before = Array.from({ length: width }, (_, market) => new Float64Array(count).fill(believed[market]));
  bendNormals(latinNormals(width, count, evenness, random), covariance, past);
  for (let market = 0; market < width; market++) {
    // The covariance is of the horizon, floor and stress included; the past is of intervals.
    const share = believed[market] / deviations[market];
    for (let s = 0; s < count; s++) past.columns[market][s] *= share;
  }
  let slot = 0;
  return {
    scenarios,
    record(returns) {
      for (let market = 0; market < width; market++) {
        past.columns[market][slot] = returns[market];
        before[market][slot] = believed[market];
      }
      slot = (slot + 1) % count;
    },
    refresh() {
      if (!filtered) for (let market = 0; market < width; market++) before[market].fill(believed[market]);
      rescaleScenarios(past, before, deviations, scenarios);
      compoundScenarios(scenarios);
    },
  };
}
