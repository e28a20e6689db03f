/** How a command ended, for shells and pipelines. These numbers are stable. */
export const EXIT = {
  done: 0,
  /** A run failed, or an assertion or a check did not hold. */
  failed: 1,
  /** The input is wrong: nothing was run. */
  input: 2,
  /** 128 + SIGINT. What was finished is kept. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
