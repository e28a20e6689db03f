import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { drawLatency, LATENCY_PARAMS, type LatencyModel } from '../../../src/kernel/latency.ts';

const draws = (model: LatencyModel, n = 20_000) => {
  const random = randomFrom(5, model.kind);
  return Array.from({ length: n }, () => drawLatency(model, random));
};

describe('latency', () => {
  it('is always whole milliseconds, at least the minimum', () => {
    const models: LatencyModel[] = [
      { kind: 'constant', delay: 12 },
      { kind: 'uniform', from: 0, to: 9, minimum: 3 },
      { kind: 'lognormal', median: 4, sigma: 1, minimum: 2 },
    ];
    for (const model of models) {
      const least = model.kind === 'constant' ? 12 : (model.minimum ?? 0);
      expect(draws(model, 2000).every((ms) => Number.isInteger(ms) && ms >= least)).toBe(true);
      expect(Object.keys(model).every((key) => key === 'kind' || key in LATENCY_PARAMS[model.kind])).toBe(true);
    }
  });
  it('constant draws nothing, so that the stream of others stays where it was', () => {
    const random = randomFrom(1);
    const before = random.state();
    expect(drawLatency({ kind: 'constant', delay: 7 }, random)).toBe(7);
    expect(random.state()).toEqual(before);
  });
  it('uniform reaches both ends equally often', () => {
    const all = draws({ kind: 'uniform', from: 3, to: 6 });
    for (const ms of [3, 4, 5, 6]) expect(Math.abs(all.filter((x) => x === ms).length - 5000)).toBeLessThan(3.3 * Math.sqrt(3750));
  });
  it('lognormal has its median and its tail', () => {
    const all = draws({ kind: 'lognormal', median: 1000, sigma: 0.5 });
    // One standard error of a share ½ among 20,000 is 0.35 %.
    expect(Math.abs(all.filter((x) => x > 1000).length / 20_000 - 0.5)).toBeLessThan(0.012);
    // P(Z > 1.645) = 0.05 at 1000·e^0.8224 = 2276.
    expect(Math.abs(all.filter((x) => x > 2276).length / 20_000 - 0.05)).toBeLessThan(0.0051);
  });
  it('faults on parameters without meaning', () => {
    const random = randomFrom(1);
    expect(() => drawLatency({ kind: 'constant', delay: -1 }, random)).toThrow('LATENCY_MODEL');
    expect(() => drawLatency({ kind: 'uniform', from: 5, to: 4 }, random)).toThrow('LATENCY_MODEL');
    expect(() => drawLatency({ kind: 'lognormal', median: 5, sigma: -1 }, random)).toThrow('LATENCY_MODEL');
  });
});
