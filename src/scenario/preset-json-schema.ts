/** The JSON Schema of experiments with `use: preset/NAME` allowed wherever a preset may stand; says nothing of what is in one. */
import { PRESET_KINDS, PRESET_PLACES, type PresetKind } from './preset.ts';

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly unknown[];
}

/** `schema` describes experiments without presets. */
export function allowPresets(schema: unknown): unknown {
  // From the inside out: a block that may be a preset is no longer one whose fields can be found.
  const kinds = [...PRESET_KINDS].sort((a, b) => PRESET_PLACES[b].length - PRESET_PLACES[a].length);
  return kinds.reduce((all, kind) => allowAt(all, PRESET_PLACES[kind], kind), schema as JsonSchema);
}

function allowAt(schema: JsonSchema, [step, ...rest]: readonly string[], kind: PresetKind): JsonSchema {
  if (step === undefined) return either(schema, presetBlock(kind));
  if (step !== '*') {
    const { properties = {} } = schema;
    return { ...schema, properties: { ...properties, [step]: allowAt(properties[step] ?? {}, rest, kind) } };
  }
  if (schema.items !== undefined) return { ...schema, items: allowAt(schema.items, rest, kind) };
  return { ...schema, additionalProperties: allowAt(schema.additionalProperties ?? {}, rest, kind) };
}

function either(schema: JsonSchema, preset: object): JsonSchema {
  if (schema.oneOf !== undefined) return { ...schema, oneOf: [...schema.oneOf, preset] };
  return { anyOf: [schema, preset] } as JsonSchema;
}

/** What else stands in such a block is known only when the preset is read. */
function presetBlock(kind: PresetKind): object {
  const description = `a preset of a ${kind}: breakwater presets lists them; what else stands here is put over it`;
  return { type: 'object', properties: { use: { type: 'string', pattern: '^preset/', description } }, required: ['use'] };
}
