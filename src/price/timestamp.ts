/**
 * Times as market data files write them, to ms since 1970 UTC, without the clock of the machine: ISO-8601 that says it is UTC, and epoch
 * numbers in seconds, ms or µs. A time without a zone is refused rather than guessed.
 */
import type { Ms } from '../base/units.ts';

/** Epoch numbers below this are seconds (until the year 5138), below a thousand times this ms, else µs. */
const SECONDS_MAX = 1e11;
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(?:Z|\+00:00))?$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The time that a field says, or undefined. A date alone is its midnight.
 *
 * @example  parseTime('2020-03-13T02:00:00Z') → 1584064800000;  parseTime('1584064800') → the same
 */
export function parseTime(field: string): Ms | undefined {
  if (/^\d{1,16}$/.test(field)) return fromEpoch(Number(field));
  const parts = ISO.exec(field);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  const ms = Number((parts[7] ?? '').padEnd(3, '0'));
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month) || hour > 23 || minute > 59 || second > 59) return undefined;
  return (((daysSince1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000 + ms;
}

/** Whole ms of an epoch number; undefined for µs that are none. */
function fromEpoch(value: number): Ms | undefined {
  if (value < SECONDS_MAX) return value * 1000;
  if (value < SECONDS_MAX * 1000) return value;
  return value % 1000 === 0 ? value / 1000 : undefined;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : DAYS_IN_MONTH[month - 1];
}

/** Days from 1970-01-01 in the Gregorian calendar: 365 a year, the leap days before this year, and the months. */
function daysSince1970(year: number, month: number, day: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  // 719162 days lie between 0001-01-01 and 1970-01-01.
  let days = before * 365 + leapDays - 719_162 + day - 1;
  for (let m = 1; m < month; m++) days += daysInMonth(year, m);
  return days;
}
