/**
 * Faults: broken assumptions of the machine itself. A fault throws, ends its own run, and is recorded with seed and event.
 * What a user or an agent may do wrong is not a fault but a `Rejection` (a value) or an `InputError` (all of them at once).
 */

/** An Error with a code to search for and the numbers that were found. */
export interface Fault extends Error {
  readonly code: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Throws a fault. `code` is AREA_WHAT, e.g. LEDGER_NEGATIVE. */
export function fault(code: string, detail: Readonly<Record<string, unknown>> = {}): never {
  const numbers = Object.entries(detail)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ');
  throw Object.assign(new Error(numbers === '' ? code : `${code}: ${numbers}`), { code, detail });
}

/** Throws a fault unless `condition` holds. On hot paths write `if (bad) fault(…)`, so that `detail` is not built in vain. */
export function assert(condition: boolean, code: string, detail?: Readonly<Record<string, unknown>>): asserts condition {
  if (!condition) fault(code, detail);
}

/** Whether a caught value is a fault. */
export function isFault(error: unknown): error is Fault {
  return error instanceof Error && 'code' in error && 'detail' in error;
}
