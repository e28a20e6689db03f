/**
 * A preset: the parameters of a protocol that exists, or of a part of one, in a file of their own, with their source, the day on which they
 * were read and what they leave out. An experiment takes one by `use: preset/NAME`; `preset-expansion.ts` fills it in.
 *
 * A preset may need names of the experiment, such as the oracle of a market. Where its block says `$NAME`, as a key or as a value, what was
 * given for that need is put; a need that the block does not mention so is a key of the block itself.
 */
import { stringify } from 'yaml';
import { z } from 'zod';
import type { NamedText } from '../base/params.ts';
import { nameSchema, strict } from './param-schema.ts';
import { type ParsedYaml, type Placer, parseYaml } from './place.ts';
import { isProblems, type Problem, showChoices, showFound } from './problem.ts';
import { type Issue, problemsOf } from './schema-problems.ts';

/** Where a preset of each kind may stand; `*` is any name, or any position of a list. */
export const PRESET_PLACES = {
  chain: ['world', 'chain'],
  price: ['world', 'prices', '*'],
  venue: ['world', 'venues', '*'],
  oracle: ['world', 'oracles', '*'],
  protocol: ['world', 'protocols', '*'],
  market: ['world', 'protocols', '*', 'markets', '*'],
  risk: ['world', 'protocols', '*', 'risk'],
  liquidation: ['world', 'protocols', '*', 'liquidation'],
  backstop: ['world', 'protocols', '*', 'backstop', '*'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type PresetKind = keyof typeof PRESET_PLACES;
export const PRESET_KINDS = Object.keys(PRESET_PLACES) as readonly PresetKind[];

/** A preset file that was found sound. */
export interface Preset {
  readonly name: string;
  readonly title: string;
  readonly kind: PresetKind;
  readonly source: readonly string[];
  /** When the values were read, or from when on they held: `2026-11-25`. */
  readonly date: string;
  /** What is left out, or is not as in the original. */
  readonly notes: readonly string[];
  /** What an experiment must give, by name, and what it means. */
  readonly needs: Readonly<Record<string, string>>;
  readonly block: Readonly<Record<string, unknown>>;
  /** The file, for the places of its values. */
  readonly yaml: ParsedYaml;
}

/** The presets that an experiment may use. */
export interface PresetShelf {
  /** In alphabetical order. */
  readonly names: readonly string[];
  /** The file of one, or undefined where there is none of that name. */
  read(name: string): NamedText | undefined;
}

const PREFIX = 'preset/';

/** The name of the preset that a value of `use` asks for, if it asks for one. */
export function presetNameOf(use: unknown): string | undefined {
  return typeof use === 'string' && use.startsWith(PREFIX) ? use.slice(PREFIX.length) : undefined;
}

/** How an experiment writes it. */
export function presetUse(name: string): string {
  return `${PREFIX}${name}`;
}

/** The kind of preset that may stand at a path of an experiment, if any. */
export function presetKindAt(path: readonly (string | number)[]): PresetKind | undefined {
  return PRESET_KINDS.find((kind) => {
    const place = PRESET_PLACES[kind];
    return place.length === path.length && place.every((step, depth) => step === '*' || step === path[depth]);
  });
}

const text = (what: string) => z.string({ error: what }).min(1, { error: what });
const texts = (what: string) => z.array(text(what), { error: `a list: ${what}` });

const presetSchema = strict({
  name: nameSchema,
  title: text('what it is, in some words'),
  kind: z.enum(PRESET_KINDS, { error: ({ input }) => showChoices(String(input), PRESET_KINDS) }),
  source: texts('where the figures come from').min(1, { error: 'where the figures come from' }),
  date: z.string({ error: 'a day such as 2026-11-25' }).regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'a day such as 2026-11-25' }),
  notes: texts('what is left out').default([]),
  needs: z
    .record(
      nameSchema.refine((name) => name !== 'use', { error: 'a name other than use' }),
      text('what it means'),
      { error: 'needs by name' },
    )
    .default({}),
  block: z.record(z.string(), z.unknown(), { error: 'the block that is filled in' }),
});

/** A preset from its file, or all that is wrong with it. `name` is that of the file. */
export function parsePreset(name: string, { file, text: written }: NamedText): Preset | readonly Problem[] {
  const yaml = parseYaml(written, file);
  if (isProblems(yaml)) return yaml;
  const place: Placer = (path, key) => ({ file, ...yaml.place(path, key) });
  const answer = presetSchema.safeParse(yaml.value);
  if (!answer.success) return answer.error.issues.flatMap((issue) => problemsOf(issue as Issue, yaml.value, place));
  const preset: Preset = { ...answer.data, yaml };
  const problems: Problem[] = [];
  if (preset.name !== name) {
    problems.push({ ...place(['name']), path: 'name', found: showFound(preset.name), expected: `${name}, the name of the file` });
  }
  const needs = Object.keys(preset.needs);
  for (const { need, path, isKey } of placeholders(preset.block, ['block'])) {
    if (needs.includes(need)) continue;
    problems.push({ ...place(path, isKey), path: path.join('.'), found: `$${need}`, expected: `a need: ${showChoices(need, needs)}` });
  }
  return problems.length > 0 ? problems : preset;
}

/** The need that a key or value of a block stands for, if it stands for one. */
export function placeholderOf(value: unknown): string | undefined {
  return typeof value === 'string' ? /^\$([A-Za-z][\w-]*)$/.exec(value)?.[1] : undefined;
}

/** Every `$NAME` beneath a value, with its path. */
export function placeholders(
  value: unknown,
  path: readonly (string | number)[] = [],
): readonly { readonly need: string; readonly path: readonly (string | number)[]; readonly isKey: boolean }[] {
  const need = placeholderOf(value);
  if (need !== undefined) return [{ need, path, isKey: false }];
  if (Array.isArray(value)) return value.flatMap((one, index) => placeholders(one, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    const named = placeholderOf(key);
    const here = [...path, key];
    return [...(named === undefined ? [] : [{ need: named, path: here, isKey: true }]), ...placeholders(one, here)];
  });
}

/** The block as YAML, as it would stand in an experiment. */
export function blockText({ block }: Preset): string {
  return stringify(block, { lineWidth: 120 }).trimEnd();
}
