/**
 * Where a command writes: data to stdout, everything else to stderr; whether a person looks on, how wide the lines are, and whether colour
 * is wanted.
 */

export interface Terminal {
  /** Data: one line or several, a newline is added. */
  out(text: string): void;
  /** Messages, warnings, progress. */
  note(text: string): void;
  /** Replaces the line of progress; '' takes it away. Does nothing where no person looks on. */
  progress(text: string): void;
  /** Whether stderr is a terminal that can rewrite a line. */
  readonly interactive: boolean;
  readonly width: number;
  /** Whether stdout wants colour. */
  readonly color: boolean;
}

/** Lines are no longer than this even on a wide screen: tables stay together, sentences stay readable. */
const WIDTH_MAX = 120;
const WIDTH_PIPE = 100;
const WIDTH_MIN = 60;

/** The terminal of this process. `color` false overrides what the streams say. */
export function processTerminal(color?: boolean): Terminal {
  const { stdout, stderr, env } = process;
  const dumb = env.TERM === 'dumb';
  const interactive = stderr.isTTY === true && !dumb;
  let shown = false;
  const clear = () => {
    if (shown) stderr.write('\r\u001b[2K');
    shown = false;
  };
  // Whoever reads may stop reading (`| head`): that is no fault of ours.
  for (const stream of [stdout, stderr]) {
    if (stream.listenerCount('error') === 0) stream.on('error', (error: NodeJS.ErrnoException) => error.code === 'EPIPE' || fail(error));
  }
  return {
    out(text) {
      clear();
      stdout.write(`${text}\n`);
    },
    note(text) {
      clear();
      stderr.write(`${text}\n`);
    },
    progress(text) {
      if (!interactive) return;
      clear();
      if (text === '') return;
      stderr.write(text.slice(0, Math.max(20, (stderr.columns || WIDTH_PIPE) - 1)));
      shown = true;
    },
    interactive,
    width: Math.max(WIDTH_MIN, Math.min(WIDTH_MAX, stdout.columns || WIDTH_PIPE)),
    color: color ?? wantsColor(env, stdout.isTTY === true && !dumb),
  };
}

/** NO_COLOR before FORCE_COLOR before what the stream is (no-color.org). */
function wantsColor(env: NodeJS.ProcessEnv, terminal: boolean): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0') return true;
  return terminal;
}

function fail(error: Error): never {
  throw error;
}
