/**
 * The door for piscina: a fleet of worker threads. Jobs travel in chunks of some 100 ms, so that handing them over does not show; each
 * worker gets what all runs share once, at its start. Results come back as they finish. A worker that dies costs the run that killed it and
 * no other.
 */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { LOST_CODE } from '../record/store.ts';
import { createChunks } from './chunk.ts';
import { failedOutcome } from './failed-outcome.ts';
import type { Fleet, Job, JobResult } from './fleet.ts';
import { unpackOutcome } from './packed-outcome.ts';
import type { WorkerAnswer, WorkerTask } from './worker.ts';

export interface ThreadFleetOptions {
  readonly task: WorkerTask;
  /** Default: the processors of the machine but one, for the thread that writes. */
  readonly workers?: number;
  /** When it is aborted, runs in progress are dropped and their workers ended. */
  readonly signal?: AbortSignal;
}

/** Chunks in a worker's hands and waiting for it. */
const CHUNKS_PER_WORKER = 2;

const WORKER = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url).href;

/** The number of workers where nobody said. */
export function defaultWorkers(): number {
  return Math.max(1, availableParallelism() - 1);
}

export function createThreadFleet({ task, workers = defaultWorkers(), signal }: ThreadFleetOptions): Fleet {
  let pool: Piscina | undefined;

  function opened(): Piscina {
    if (pool !== undefined) return pool;
    pool = new Piscina({ filename: WORKER, minThreads: workers, maxThreads: workers, workerData: { task }, recordTiming: false });
    // A worker that dies between tasks is replaced; one that dies during a task rejects that task, which is where it is dealt with.
    pool.on('error', () => undefined);
    return pool;
  }

  async function close(): Promise<void> {
    const closing = pool;
    pool = undefined;
    await closing?.destroy();
  }

  return {
    run: (jobs) => runJobs(jobs, workers * CHUNKS_PER_WORKER, (chunk) => opened().run(chunk) as Promise<WorkerAnswer>, close, signal),
    close,
  };
}

type RunChunk = (jobs: readonly Job[]) => Promise<WorkerAnswer>;

/**
 * Keeps `ahead` chunks under way and yields what comes back, until the jobs are used up, the signal is aborted, or nobody listens any more.
 */
async function* runJobs(
  jobs: AsyncIterable<Job> | Iterable<Job>,
  ahead: number,
  runChunk: RunChunk,
  close: () => Promise<void>,
  signal: AbortSignal | undefined,
): AsyncGenerator<JobResult> {
  const ready: JobResult[] = [];
  const chunks = createChunks(jobs);
  let underWay = 0;
  let exhausted = false;
  let failure: { readonly error: unknown } | undefined;
  let over = signal?.aborted ?? false;
  let wake = Promise.withResolvers<void>();
  const abort = () => {
    over = true;
    wake.resolve();
  };
  signal?.addEventListener('abort', abort);

  async function launch(chunk: readonly Job[]): Promise<void> {
    underWay += 1;
    try {
      const answer = await runChunk(chunk);
      for (const [i, { packed, wallMs }] of answer.entries()) {
        ready.push({ job: chunk[i], outcome: unpackOutcome(packed), wallMs });
        chunks.learn(wallMs);
      }
    } catch (error) {
      if (!over) await survive(chunk, error);
    } finally {
      underWay -= 1;
      wake.resolve();
    }
  }

  /** Of a chunk whose worker died, each job is tried alone: only the one that kills again is lost. */
  async function survive(chunk: readonly Job[], error: unknown): Promise<void> {
    if (chunk.length > 1) {
      for (const job of chunk) if (!over) await launch([job]);
      return;
    }
    const message = `the worker died: ${error instanceof Error ? error.message : String(error)}`;
    ready.push({ job: chunk[0], outcome: failedOutcome(chunk[0], LOST_CODE, message), wallMs: 0 });
  }

  /** Draws jobs while there is room. Apart from the yielding below, so that a source that waits for results gets them. */
  async function feed(): Promise<void> {
    try {
      while (!over && underWay < ahead) {
        const chunk = await chunks.next();
        if (chunk === undefined) {
          exhausted = true;
          break;
        }
        if (!over) void launch(chunk);
      }
    } catch (error) {
      failure = { error };
    }
    feeding = undefined;
    wake.resolve();
  }

  let feeding: Promise<void> | undefined;
  try {
    while (!over) {
      if (failure !== undefined) throw failure.error;
      if (!exhausted && feeding === undefined && underWay < ahead) feeding = feed();
      const result = ready.shift();
      if (result !== undefined) {
        yield result;
        continue;
      }
      if (exhausted && underWay === 0) return;
      await wake.promise;
      wake = Promise.withResolvers<void>();
    }
    yield* ready;
  } finally {
    over = true;
    signal?.removeEventListener('abort', abort);
    if (underWay > 0) await close();
    chunks.end();
  }
}
