/**
 * Overriding values by path: `--set world.oracles.inv.with.window=1 h`, the axes of a sweep, the cases of an experiment. A path names keys
 * and list positions (`agents.0.count`), or members of a list by their `name`, `use` or `asset` (`agents.liquidator.count`). Choosing
 * another `use` clears `with` (of an agent: `params`), because the parameters of one part mean nothing to another. `null`
 * takes away what is written there: no value of an experiment is null.
 */
export type Json = unknown;

/** A copy of `root` with `value` at `path`. Answers undefined when the path leads through something that is not there. */
export function override(root: Json, path: string, value: Json): Json | undefined {
  const keys = path.split('.');
  // No name of an object's own machinery: such a key would be read from the prototype where nothing was written.
  if (keys.some((key) => key === '' || key in Object.prototype)) return undefined;
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
  // A block that is not there, or was left empty in the file, begins here.
  if (node === undefined || node === null) return set({}, keys, value);
  if (typeof node !== 'object') return undefined;
  const record = node as Record<string, Json>;
  if (value === null && rest.length === 0 && Object.hasOwn(record, key) && record[key] !== null) {
    const { [key]: _gone, ...others } = record;
    return others;
  }
  const child = set(record[key], rest, value);
  if (child === undefined) return undefined;
  if (key === 'use' && rest.length === 0 && record.use !== child) return { ...withoutParameters(record), use: child };
  return { ...record, [key]: child };
}

/** Where a path that leads nowhere goes astray: what it asked for there, and what there is. */
export function strayAt(root: Json, path: string): { readonly after: string; readonly key: string; readonly choices: readonly string[] } {
  const keys = path.split('.');
  let node = root;
  for (const [depth, key] of keys.entries()) {
    const own = Array.isArray(node) ? memberIndex(node, key) : key;
    const next = own === undefined || typeof node !== 'object' || node === null ? undefined : (node as Record<string, Json>)[own];
    if (next === undefined) return { after: keys.slice(0, depth).join('.'), key, choices: membersOf(node) };
    node = next;
  }
  return { after: path, key: '', choices: [] };
}

/** What a path may go on with: keys, or of a list the names of its members. */
function membersOf(node: Json): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  if (!Array.isArray(node)) return Object.keys(node);
  return node.map((member, index) => {
    const field = MEMBER_NAMES.find((name) => (member as Record<string, Json> | null)?.[name] !== undefined);
    return String(field === undefined ? index : (member as Record<string, Json>)[field]);
  });
}

/** Fields that a member of a list may be called by, first things first: an agent's group, a part, a row of a table. */
const MEMBER_NAMES: readonly string[] = ['name', 'use', 'asset'];

/** Blocks of parameters that belong to a `use`. */
const PARAMETERS: readonly string[] = ['with', 'params'];

/** The block that is left when another part is chosen. */
export function withoutParameters(block: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(block).filter(([name]) => !PARAMETERS.includes(name)));
}

/** The path with members of lists by their positions, as far as it exists in `root`: one spelling for each place. */
export function positional(root: Json, path: string): string {
  let node = root;
  const keys = path.split('.').map((key) => {
    const own = Array.isArray(node) ? String(memberIndex(node, key) ?? key) : key;
    node = typeof node === 'object' && node !== null && Object.hasOwn(node, own) ? (node as Record<string, Json>)[own] : undefined;
    return own;
  });
  return keys.join('.');
}

/** Whether a value at `path` was put there by setting `setPath`, or taken away, if that chose another part. Both paths positional. */
export function covers(setPath: string, choseAnother: boolean, path: string): boolean {
  if (path === setPath || path.startsWith(`${setPath}.`)) return true;
  if (!choseAnother || !setPath.endsWith('.use')) return false;
  const block = setPath.slice(0, -'use'.length);
  return PARAMETERS.some((key) => path === block + key || path.startsWith(`${block}${key}.`));
}

/** Position of a member: a number, or the `name`, else the `use`, of a member. */
export function memberIndex(list: readonly Json[], key: string): number | undefined {
  if (/^\d+$/.test(key)) return Number(key) < list.length ? Number(key) : undefined;
  for (const field of MEMBER_NAMES) {
    const index = list.findIndex(
      (member) => typeof member === 'object' && member !== null && (member as Record<string, Json>)[field] === key,
    );
    if (index >= 0) return index;
  }
  return undefined;
}

/** The value at a path of plain data. */
export function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let node = root;
  for (const step of path) {
    if (typeof node !== 'object' || node === null) return undefined;
    node = (node as Record<string | number, unknown>)[step];
  }
  return node;
}
