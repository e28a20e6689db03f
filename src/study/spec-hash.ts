/**
 * The fingerprint of what was asked: an experiment's data in a canonical form, so that the order of keys and the layout of the file do not
 * matter.
 */
import { createHash } from 'node:crypto';

/** SHA-256, 64 hexadecimal digits, of JSON data. Lists keep their order; fields that are undefined count as absent. */
export function specHash(spec: unknown): string {
  return createHash('sha256').update(canonical(spec)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
}
