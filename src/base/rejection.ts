/**
 * Refusals: expected, frequent, and values. A rejected action changes nothing; its code is for agents to learn from and for the recorder
 * to count; the numbers say how far off it was.
 */

/** Why an action was refused. `rejected` is the code, in capitals; `detail` holds numbers in the units their names say. */
export interface Rejection {
  readonly rejected: string;
  readonly detail?: Readonly<Record<string, number | string>>;
}

/** Builds a rejection. */
export function reject(code: string, detail?: Readonly<Record<string, number | string>>): Rejection {
  return detail === undefined ? { rejected: code } : { rejected: code, detail };
}

/** Whether an answer is a refusal. */
export function isRejection(answer: unknown): answer is Rejection {
  // A field that is not there is found missing faster than `in` says so, where answers come in many shapes.
  return typeof answer === 'object' && answer !== null && (answer as Partial<Rejection>).rejected !== undefined;
}
