/** Durations as people write them (`12 s`, `30 min`, `1 h`, `7 d`, `250 ms`, or plain milliseconds) and as the kernel counts them. */
import type { Ms } from '../base/units.ts';

const SCALE: Readonly<Record<string, Ms>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Whole ms, or undefined when the text is no duration. */
export function parseDuration(value: number | string): Ms | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : undefined;
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)\s*$/.exec(value);
  if (match === null) return undefined;
  const ms = Math.round(Number(match[1]) * SCALE[match[2]]);
  return Number.isSafeInteger(ms) ? ms : undefined;
}

/** The shortest exact way to write it: 90_000 is `90 s`, 1_800_000 is `30 min`. */
export function formatDuration(ms: Ms): string {
  if (!Number.isFinite(ms)) return 'without end';
  for (const unit of ['d', 'h', 'min', 's']) {
    const scale = SCALE[unit];
    if (ms >= scale && ms % scale === 0 && (unit !== 'd' || ms >= 2 * scale)) return `${ms / scale} ${unit}`;
  }
  return `${ms} ms`;
}
