/**
 * Jobs cut into chunks that take long enough to be worth handing over, by what the runs before took. Draws jobs only when asked for a
 * chunk, so that memory does not depend on their number.
 */
import type { Job } from './fleet.ts';

/**
 * What a chunk should take, ms: handing one over costs both threads some CPU time, whatever is in it. At 50 it was more than a twentieth of
 * runs of 12 ms (`npm run bench -- fleet`); much longer, and the last chunk of a sweep keeps one worker busy while the others are done.
 */
const CHUNK_MS = 100;
const CHUNK_MAX = 256;

/** Chunks of a source of jobs. A source that makes us wait, perhaps for results, gets what there is on its way. */
export function createChunks(jobs: AsyncIterable<Job> | Iterable<Job>) {
  const source = Symbol.asyncIterator in jobs ? jobs[Symbol.asyncIterator]() : jobs[Symbol.iterator]();
  let jobMs = Number.POSITIVE_INFINITY;
  let coming: Promise<IteratorResult<Job>> | undefined;
  let ended = false;

  return {
    /** The next chunk; undefined when the source is used up. */
    async next(): Promise<readonly Job[] | undefined> {
      const size = Math.max(1, Math.min(CHUNK_MAX, Math.round(CHUNK_MS / jobMs)));
      const chunk: Job[] = [];
      while (!ended && chunk.length < size) {
        coming ??= Promise.resolve(source.next());
        const step = chunk.length === 0 ? await coming : await Promise.race([coming, nextTurn()]);
        if (step === undefined) break;
        coming = undefined;
        if (step.done) ended = true;
        else chunk.push(step.value);
      }
      return chunk.length === 0 ? undefined : chunk;
    },
    /** What a run took: the size of the next chunk follows a moving mean. */
    learn(wallMs: number): void {
      jobMs = jobMs === Number.POSITIVE_INFINITY ? wallMs : jobMs + (wallMs - jobMs) / 8;
    },
    /** Lets the source clean up; what it does then is not waited for. */
    end(): void {
      if (!ended) void Promise.resolve(source.return?.()).catch(() => undefined);
    },
  };
}

/** Undefined, after everything that is already settled had its turn. */
function nextTurn(): Promise<undefined> {
  return new Promise((resolve) => setImmediate(() => resolve(undefined)));
}
