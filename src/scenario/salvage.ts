/**
 * What is left of an experiment when everything that its schema refuses is taken out: enough to look at the references of the rest, so that
 * all mistakes are told at once. Nothing that was salvaged is ever run.
 */
import type { z } from 'zod';
import type { ParsedExperiment } from './scenario.ts';

type Path = readonly (string | number)[];

/** A part of an experiment, and where its groups of agents stood in the file. */
export interface Salvage {
  readonly parsed: ParsedExperiment;
  readonly agentsAt: readonly number[];
}

/** What zod says of a refused value, as far as it matters here. */
interface Refusal {
  readonly path: readonly PropertyKey[];
  readonly keys?: readonly string[];
}

/** Taking out a part may leave its surroundings without something they need; then they go too. */
const ROUNDS_MAX = 12;

/** The rest, or undefined when nothing is left of the world. */
export function salvage(schema: z.ZodType, raw: unknown): Salvage | undefined {
  const rest = structuredClone(raw);
  const agentsAt = groupsOf(rest).map((_, index) => index);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const answer = schema.safeParse(rest);
    if (answer.success) return { parsed: answer.data as ParsedExperiment, agentsAt };
    const groups = new Set<number>();
    for (const issue of answer.error.issues as readonly Refusal[]) {
      const bad = (issue.keys ?? []).map((key) => [...issue.path, key]);
      for (const path of bad.length > 0 ? bad : [issue.path]) {
        if (!takeOut(rest, path as Path, groups)) return undefined;
      }
    }
    for (const index of [...groups].sort((a, b) => b - a)) {
      groupsOf(rest).splice(index, 1);
      agentsAt.splice(index, 1);
    }
  }
  return undefined;
}

function groupsOf(root: unknown): unknown[] {
  const { agents } = (typeof root === 'object' && root !== null ? root : {}) as { agents?: unknown };
  return Array.isArray(agents) ? agents : [];
}

/**
 * Removes the innermost named value on the path that exists; a group of agents is only noted, so that the others keep their places. False
 * when that would be the world, the agents, or everything.
 */
function takeOut(root: unknown, path: Path, groups: Set<number>): boolean {
  const chain: unknown[] = [root];
  for (const step of path) chain.push((chain.at(-1) as Record<string | number, unknown> | null | undefined)?.[step]);
  for (let depth = path.length; depth > 0; depth--) {
    const parent = chain[depth - 1];
    if (depth === 2 && path[0] === 'agents' && Array.isArray(parent)) {
      groups.add(Number(path[1]));
      return true;
    }
    if (typeof parent !== 'object' || parent === null || Array.isArray(parent) || !Object.hasOwn(parent, path[depth - 1])) continue;
    if (depth === 1 && (path[0] === 'world' || path[0] === 'agents')) return false;
    delete (parent as Record<string | number, unknown>)[path[depth - 1]];
    return true;
  }
  return replaceHead(root, path[0]);
}

/** Values for what stands at the head of every experiment and matters to no reference. */
const HEAD: Readonly<Record<string, unknown>> = {
  name: 'unnamed',
  question: '?',
  model: { what: '?', notice: ['?'], try: ['?'], sources: ['?'] },
  horizon: 1,
};

function replaceHead(root: unknown, key: string | number | undefined): boolean {
  if (key === undefined || !(key in HEAD) || typeof root !== 'object' || root === null) return false;
  (root as Record<string | number, unknown>)[key] = HEAD[key];
  return true;
}
