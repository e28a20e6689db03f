/**
 * The door for rxjs: what comes out of runs, as observables for progress and live views. It stands beside the loop, never in it: nothing
 * subscribed can change an outcome, hold it up, or end it by throwing. Records and laws do not go through here.
 */
import { bufferTime, filter, type Observable, Subject } from 'rxjs';

export interface Stream<T> {
  push(value: T): void;
  end(): void;
  /** Every value, as it comes. */
  readonly values: Observable<T>;
  /** Values gathered over so many ms of the reader's clock; no empty batches. What progress and charts should read. */
  batches(everyMs: number): Observable<readonly T[]>;
}

export function createStream<T>(): Stream<T> {
  const subject = new Subject<T>();
  return {
    push: (value) => subject.next(value),
    end: () => subject.complete(),
    values: subject.asObservable(),
    batches: (everyMs) =>
      subject.pipe(
        bufferTime(everyMs),
        filter((batch) => batch.length > 0),
      ),
  };
}

/**
 * Looks at a stream until it ends, or `look` throws: then it is not asked again, and what it threw goes to `onFailure`. Returns what stops
 * it.
 * Without this a subscriber that throws would bring the process down from a timer, long after.
 */
export function watch<T>(
  source: Observable<T>,
  look: (value: T) => void,
  onFailure: (error: unknown) => void = () => undefined,
): () => void {
  const subscription = source.subscribe((value) => {
    try {
      look(value);
    } catch (error) {
      subscription.unsubscribe();
      onFailure(error);
    }
  });
  return () => subscription.unsubscribe();
}
