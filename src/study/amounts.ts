/**
 * Numbers as people read them: dollars, tokens, times, factors. The same on every machine; rounding is for the eye and never computed with.
 */
import type { Ms } from '../base/units.ts';

/** Digits grouped by thousands: 1234567.8 → `1,234,567.8`. */
export function grouped(value: number, decimals: number): string {
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split('.');
  const sign = value < 0 && Number(value.toFixed(decimals)) !== 0 ? '−' : '';
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction === undefined ? '' : `.${fraction}`}`;
}

const SCALES: readonly (readonly [number, string])[] = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
];

/** `$14.15M`, `$644,089`, `−$3.57`, `$0`. */
export function usd(value: number): string {
  if (!Number.isFinite(value)) return plainNumber(value);
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  for (const [scale, letter] of SCALES) if (size >= scale * 0.99995) return `${sign}$${grouped(size / scale, 2)}${letter}`;
  if (size < 0.005) return '$0';
  return `${sign}$${grouped(size, size < 1000 ? 2 : 0)}`;
}

/** With a sign in front of gains too: `+$14.15M`. */
export function signedUsd(value: number): string {
  return value > 0 && usd(value) !== '$0' ? `+${usd(value)}` : usd(value);
}

/** Tokens with up to six decimals, no zeros at the end: `374.384145 INV`. */
export function tokens(amount: number, asset: string): string {
  const decimals = Math.abs(amount) >= 10_000 ? 2 : 6;
  return `${trimmed(grouped(amount, decimals))} ${asset}`;
}

/** A number with about four figures: `0.1066`, `6.006`, `20,729`. */
export function figures(value: number): string {
  if (!Number.isFinite(value)) return plainNumber(value);
  const size = Math.abs(value);
  if (size >= 1000) return grouped(value, 0);
  if (size !== 0 && size < 1e-4) return value.toExponential(2).replace('-', '−');
  return trimmed(grouped(value, size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4));
}

/** `56.4 times`, `1.35 times`. */
export function times(factor: number): string {
  return `${figures(factor)} times`;
}

/** `1:00:12`, `−0:00:45`, and `2d 3:00:00` beyond two days. */
export function clock(ms: Ms): string {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const sign = ms < 0 && seconds > 0 ? '−' : '';
  const days = seconds >= 172_800 ? Math.floor(seconds / 86_400) : 0;
  const rest = seconds - days * 86_400;
  const two = (n: number) => String(n).padStart(2, '0');
  return `${sign}${days > 0 ? `${days}d ` : ''}${Math.floor(rest / 3600)}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
}

/** `a, b and c`. */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
}

function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function plainNumber(value: number): string {
  return Number.isNaN(value) ? 'none' : value > 0 ? '∞' : '−∞';
}
