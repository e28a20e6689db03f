/**
 * Filling presets in: `use: preset/NAME` gives way to the block of that preset, with what the experiment says there put over it, key by key
 * (lists replace; another `use` clears the parameters of the one it replaces, as in `overrides.ts`). A preset may use others. What comes
 * out is an experiment without presets, in which every value still knows the file in which it stands.
 */
import { override, withoutParameters } from './overrides.ts';
import type { ParsedYaml, Placer } from './place.ts';
import {
  PRESET_KINDS,
  type Preset,
  type PresetKind,
  type PresetShelf,
  parsePreset,
  placeholderOf,
  placeholders,
  presetKindAt,
  presetNameOf,
  presetUse,
} from './preset.ts';
import { isProblems, type Problem, showChoices, showFound } from './problem.ts';

type Path = readonly (string | number)[];
type Block = Readonly<Record<string, unknown>>;

/** An experiment with its presets filled in. */
export interface Expansion {
  /** A block whose preset cannot be used is as it was. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where a value was written: in the experiment, or in a preset. */
  readonly place: Placer;
  /**
   * Whether a path leads into a block that was not filled in as asked: what else is wrong there says nothing. A key that nobody knows does,
   * where only something was not given: it may be that, misspelt.
   */
  spoils(path: string, isUnknownKey: boolean): boolean;
}

export interface PresetExpander {
  /** `own` places what the experiment itself says. */
  expand(raw: unknown, own: Placer): Expansion;
}

/** A value's place: in a preset, or (without a file) in the experiment, at a path that may be another. */
interface Origin {
  readonly yaml?: ParsedYaml;
  readonly path: Path;
}

/** Reads each preset once. Without a shelf there are none. */
export function createPresetExpander(shelf: PresetShelf | undefined): PresetExpander {
  const read = new Map<string, Preset | readonly Problem[] | undefined>();
  const find = (name: string) => {
    if (read.has(name)) return read.get(name);
    const file = shelf?.read(name);
    const preset = file === undefined ? undefined : parsePreset(name, file);
    read.set(name, preset);
    return preset;
  };
  const usesOf = (kind: PresetKind) =>
    (shelf?.names ?? [])
      .filter((name) => {
        const preset = find(name);
        return preset !== undefined && !isProblems(preset) && preset.kind === kind;
      })
      .map(presetUse);
  return {
    expand: (raw, own) =>
      isBlock(raw) && asksForPreset(raw.world)
        ? expansionOf(raw, own, find, usesOf)
        : { value: raw, problems: [], place: own, spoils: () => false },
  };
}

/**
 * Where a path leads through a list that only a preset has, that list becomes the experiment's own, so that one of its members can be set.
 * Answers undefined where nothing of the kind is on the path.
 */
export function ownListOf(
  raw: unknown,
  path: string,
  expand: (raw: unknown) => Expansion,
): { readonly raw: unknown; readonly list: string; readonly place: Placer } | undefined {
  const keys = path.split('.');
  let node = raw;
  let preset = false;
  let missing = 0;
  for (; missing < keys.length && isBlock(node); missing++) {
    preset ||= presetNameOf(node.use) !== undefined;
    node = node[keys[missing]];
  }
  if (!preset || (node !== undefined && node !== null)) return undefined;
  const { value, place } = expand(raw);
  let filled = value;
  for (const [depth, key] of keys.entries()) {
    if (Array.isArray(filled)) {
      if (depth < missing) return undefined;
      const list = keys.slice(0, depth).join('.');
      return { raw: override(raw, list, filled), list, place };
    }
    filled = isBlock(filled) ? filled[key] : undefined;
  }
  return undefined;
}

function expansionOf(
  raw: Block,
  own: Placer,
  find: (name: string) => Preset | readonly Problem[] | undefined,
  usesOf: (kind: PresetKind) => readonly string[],
): Expansion {
  const problems: Problem[] = [];
  const spoiled: string[] = [];
  /** Of those the blocks that were filled in, but for what was not given. */
  const lacking: string[] = [];
  const origins = createOrigins();
  const place: Placer = (path, key = false, within) => {
    const { yaml, path: at, given } = origins.of(path, key);
    return yaml === undefined ? own(at, key && !given, within) : { file: yaml.file, ...yaml.place(at, key && !given, within) };
  };
  const tell = (block: Path, key: string, found: string, expected: string) => {
    const path = [...block, key];
    problems.push({ ...place(path), path: path.join('.'), found, expected });
  };
  const refuse = (block: Path, key: string, found: string, expected: string) => {
    tell(block, key, found, expected);
    spoiled.push(block.join('.'));
  };

  /** The preset that may stand there, or undefined with the reason told. */
  const take = (name: string, path: Path, within: readonly string[]): Preset | undefined => {
    const found = showFound(presetUse(name));
    const kind = presetKindAt(path);
    const preset = find(name);
    if (within.includes(name)) refuse(path, 'use', found, `a preset that is not made of itself (${[...within, name].join(' → ')})`);
    else if (kind === undefined) refuse(path, 'use', found, `a preset only where it can fill a ${PRESET_KINDS.join(', ')}`);
    else if (preset === undefined) refuse(path, 'use', found, `a ${kind}: ${showChoices(presetUse(name), usesOf(kind))}`);
    else if (isProblems(preset)) {
      if (!problems.includes(preset[0])) problems.push(...preset);
      spoiled.push(path.join('.'));
    } else if (preset.kind !== kind) {
      refuse(path, 'use', `${found} (a ${preset.kind})`, `a ${kind}: ${showChoices(presetUse(name), usesOf(kind))}`);
    } else return preset;
    return undefined;
  };

  const fill = (preset: Preset, written: Block, path: Path): Block => {
    for (const [need, meaning] of Object.entries(preset.needs)) {
      if (!isMissing(written[need])) continue;
      tell(path, need, 'nothing', `${meaning}, which ${presetUse(preset.name)} needs`);
      lacking.push(path.join('.'));
    }
    const put = new Set(placeholders(preset.block).map(({ need }) => need));
    const rest = Object.fromEntries(Object.entries(written).filter(([key]) => key !== 'use' && !put.has(key)));

    const merge = (theirs: unknown, mine: unknown, at: Path, from: Path): unknown => {
      if (!isMissing(mine) && !(isBlock(theirs) && isBlock(mine))) return mine;
      const need = placeholderOf(theirs);
      if (need !== undefined) {
        origins.setGiven(at, [...path, need]);
        return written[need];
      }
      if (isMissing(mine)) origins.set(at, { yaml: preset.yaml, path: from });
      if (Array.isArray(theirs)) return theirs.map((one, index) => merge(one, undefined, [...at, index], [...from, index]));
      return isBlock(theirs) ? mergeBlocks(theirs, isBlock(mine) ? mine : {}, at, from) : theirs;
    };
    const mergeBlocks = (theirs: Block, mine: Block, at: Path, from: Path): Block => {
      const another = mine.use !== undefined && theirs.use !== undefined && mine.use !== theirs.use;
      const filled = new Map<string, unknown>();
      for (const [key, one] of Object.entries(another ? withoutParameters(theirs) : theirs)) {
        const need = placeholderOf(key);
        if (need !== undefined && isMissing(written[need])) continue;
        const name = need === undefined ? key : String(written[need]);
        if (need !== undefined && filled.has(name)) refuse(path, need, showFound(name), 'a name that nothing else of this preset has');
        filled.set(name, merge(one, mine[name], [...at, name], [...from, key]));
        if (need !== undefined) origins.setGivenKey([...at, name], [...path, need]);
      }
      for (const [key, one] of Object.entries(mine)) if (!filled.has(key)) filled.set(key, one);
      return Object.fromEntries(filled);
    };
    return mergeBlocks(preset.block, rest, path, ['block']);
  };

  const visit = (node: unknown, path: Path, within: readonly string[]): unknown => {
    if (Array.isArray(node)) return node.map((one, index) => visit(one, [...path, index], within));
    if (!isBlock(node)) return node;
    let block = node;
    const used = [...within];
    for (let name = presetNameOf(block.use); name !== undefined; name = presetNameOf(block.use)) {
      const preset = take(name, path, used);
      if (preset === undefined) return block;
      block = fill(preset, block, path);
      used.push(name);
    }
    return Object.fromEntries(Object.entries(block).map(([key, one]) => [key, visit(one, [...path, key], used)]));
  };

  const value = { ...raw, world: visit(raw.world, ['world'], []) };
  const leadsInto = (blocks: readonly string[], path: string) => blocks.some((block) => path === block || path.startsWith(`${block}.`));
  const spoils: Expansion['spoils'] = (path, isUnknownKey) => leadsInto(spoiled, path) || (!isUnknownKey && leadsInto(lacking, path));
  return { value, problems, place, spoils };
}

/** Where the values that presets brought were written, by their paths in the filled experiment. */
function createOrigins() {
  const values = new Map<string, Origin & { readonly given?: boolean }>();
  /** Of keys that stand for what was given for a need. */
  const keys = new Map<string, Origin>();
  const of = (path: Path, key: boolean): Origin & { readonly given?: boolean } => {
    const given = key ? keys.get(path.join('.')) : undefined;
    if (given !== undefined) return { ...given, given: true };
    for (let length = path.length; length > 0; length--) {
      const known = values.get(path.slice(0, length).join('.'));
      if (known !== undefined) return { ...known, path: [...known.path, ...path.slice(length)] };
    }
    return { path };
  };
  return {
    of,
    set: (path: Path, origin: Origin) => void values.set(path.join('.'), origin),
    /** What is at `path` was given at `from`, which may itself have come from a preset. */
    setGiven: (path: Path, from: Path) => void values.set(path.join('.'), { ...of(from, false), given: true }),
    setGivenKey: (path: Path, from: Path) => void keys.set(path.join('.'), of(from, false)),
  };
}

function isBlock(node: unknown): node is Block {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

/** Not there, or left empty. */
function isMissing(node: unknown): boolean {
  return node === undefined || node === null;
}

function asksForPreset(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(asksForPreset);
  return isBlock(node) && (presetNameOf(node.use) !== undefined || Object.values(node).some(asksForPreset));
}
