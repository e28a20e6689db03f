/** The stream beside the loop: it hands on what came, in order, and whoever listens cannot disturb it. */
import { describe, expect, it } from 'vitest';
import { createStream, watch } from '../../../src/run/stream.ts';

describe('a stream of results', () => {
  it('hands on every value in order, and gathers them into batches that are not empty', () => {
    const stream = createStream<number>();
    const seen: number[] = [];
    const batches: (readonly number[])[] = [];
    watch(stream.values, (value) => seen.push(value));
    watch(stream.batches(60_000), (batch) => batches.push(batch));
    for (const value of [1, 2, 3]) stream.push(value);
    stream.end();
    expect(seen).toEqual([1, 2, 3]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('goes on undisturbed when somebody who listens throws, and asks him no more', () => {
    const stream = createStream<number>();
    const seen: number[] = [];
    const failures: unknown[] = [];
    let asked = 0;
    watch(
      stream.values,
      () => {
        asked += 1;
        throw new Error('a chart fell down');
      },
      (error) => failures.push(error),
    );
    watch(stream.values, (value) => seen.push(value));
    for (const value of [1, 2, 3]) expect(() => stream.push(value)).not.toThrow();
    expect([asked, failures.length, seen]).toEqual([1, 1, [1, 2, 3]]);
  });

  it('stops telling whoever stopped listening', () => {
    const stream = createStream<number>();
    const seen: number[] = [];
    const stop = watch(stream.values, (value) => seen.push(value));
    stream.push(1);
    stop();
    stream.push(2);
    expect(seen).toEqual([1]);
  });
});
