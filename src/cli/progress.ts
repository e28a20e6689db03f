/**
 * How far a study is, on one line of a terminal that is rewritten four times a second; nothing where nobody looks on. Reads the stream of
 * results.
 */
import type { JobResult } from '../fleet/fleet.ts';
import { createStream, watch } from '../run/stream.ts';
import type { Terminal } from './terminal.ts';

export interface Progress {
  push(result: JobResult): void;
  end(): void;
}

const EVERY_MS = 250;

/** @param total  runs to be made */
export function showProgress(terminal: Terminal, total: number): Progress {
  if (!terminal.interactive) return { push: () => undefined, end: () => undefined };
  const stream = createStream<JobResult>();
  const start = performance.now();
  let done = 0;
  let failed = 0;
  watch(stream.batches(EVERY_MS), (batch) => {
    done += batch.length;
    failed += batch.filter(({ outcome }) => outcome.status === 'failed').length;
    const elapsed = performance.now() - start;
    const left = (elapsed / done) * (total - done);
    terminal.progress(`${done} of ${total} runs${failed > 0 ? `, ${failed} failed` : ''}, about ${showSpan(left)} left`);
  });
  return {
    push: (result) => stream.push(result),
    end() {
      stream.end();
      terminal.progress('');
    },
  };
}

/** `8.5 ms`, `0.4 s`, `12 s`, `3 min`, `1.5 h`. */
export function showSpan(ms: number): string {
  if (ms < 99.5) return `${ms < 9.95 ? ms.toFixed(1) : Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}
