/**
 * Overriding values by path: `--set world.oracles.inv.with.window=1 h`, the axes of a sweep, the cases of an experiment. A path names keys
 * and list positions (`agents.0.count`), or members of a list by their `name` or `use` (`agents.liquidator.count`). Choosing another `use`
 * clears `with`, because the parameters of one part mean nothing to another.
 */
export type Json = unknown;

/** A copy of `root` with `value` at `path`. Answers undefined when the path leads through something that is not there. */
export function override(root: Json, path: string, value: Json): Json | undefined {
  const keys = path.split('.');
  if (keys.some((key) => key === '' || key === '__proto__')) return undefined;
  return set(root, keys, value);
}

function set(node: Json, keys: readonly string[], value: Json): Json | undefined {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (Array.isArray(node)) {
    const index = memberIndex(node, key);
    if (index === undefined) return undefined;
    const child = set(node[index], rest, value);
    return child === undefined ? undefined : node.with(index, child);
  }
  if (node === undefined && rest.length >= 0) return set({}, keys, value);
  if (typeof node !== 'object' || node === null) return undefined;
  const record = node as Record<string, Json>;
  const child = set(record[key], rest, value);
  if (child === undefined) return undefined;
  if (key === 'use' && rest.length === 0 && record.use !== child) return { ...without(record, 'with'), use: child };
  return { ...record, [key]: child };
}

function without(record: Record<string, Json>, key: string): Record<string, Json> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

/** Position of a member: a number, or the `name`, else the `use`, of a member. */
export function memberIndex(list: readonly Json[], key: string): number | undefined {
  if (/^\d+$/.test(key)) return Number(key) < list.length ? Number(key) : undefined;
  for (const field of ['name', 'use']) {
    const index = list.findIndex(
      (member) => typeof member === 'object' && member !== null && (member as Record<string, Json>)[field] === key,
    );
    if (index >= 0) return index;
  }
  return undefined;
}
