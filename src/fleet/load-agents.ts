/**
 * The agents that a run may use: every file of the given folders, imported and checked. A file that cannot be used is a mistake of its
 * author, reported with its name and the reason; all files are tried, so that all mistakes are told at once.
 */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createRegistry, type Registry } from '../agent/registry.ts';
import { isFault } from '../base/fault.ts';
import type { Problem } from '../scenario/problem.ts';
import { resolveBreakwater } from './resolve-breakwater.ts';

/** The agents that come with Breakwater. */
export const OWN_AGENTS = fileURLToPath(new URL('../../agents/', import.meta.url));

interface Found {
  readonly file: string;
  readonly part: unknown;
}

/**
 * Imports every .ts, .js and .mjs file of the folders (not of the folders within) and checks the default exports.
 *
 * @param folders  default: those that come with Breakwater
 * @returns        the registry, or everything that is wrong with the files
 */
export async function loadAgents(folders: readonly string[] = [OWN_AGENTS]): Promise<Registry | readonly Problem[]> {
  const found: Found[] = [];
  const problems: Problem[] = [];
  for (const folder of folders) {
    const files = agentFiles(folder);
    if (files === undefined) {
      problems.push(problem(folder, 'nothing', 'a folder of agents'));
      continue;
    }
    resolveBreakwater(pathToFileURL(`${resolve(folder)}/`).href);
    for (const file of files) {
      const loaded = await load(file);
      if ('part' in loaded) found.push(loaded);
      else problems.push(loaded);
    }
  }
  if (problems.length > 0) return problems;
  return check(found);
}

/** Paths of the files that hold agents, in the order of their names; undefined if there is no such folder. */
export function agentFiles(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && /(?<!\.d|\.test)\.(ts|js|mjs)$/.test(entry.name))
      .map((entry) => join(folder, entry.name))
      .sort((a, b) => (a < b ? -1 : 1));
  } catch {
    return undefined;
  }
}

async function load(file: string): Promise<Found | Problem> {
  try {
    const { default: part } = (await import(pathToFileURL(resolve(file)).href)) as { default?: unknown };
    createRegistry([{ file, part }]);
    return { file, part };
  } catch (error) {
    return faultOf(error, file);
  }
}

function check(found: readonly Found[]): Registry | readonly Problem[] {
  try {
    return createRegistry(found);
  } catch (error) {
    return [faultOf(error, String(isFault(error) ? error.detail.file : ''))];
  }
}

/** What the author of a file is told. */
function faultOf(error: unknown, file: string): Problem {
  if (isFault(error) && error.code === 'AGENT_SHAPE') return problem(file, 'something else', String(error.detail.expected));
  if (isFault(error) && error.code === 'AGENT_NAME') {
    return problem(file, `name '${error.detail.found}'`, `'${error.detail.expected}', the name of the file`);
  }
  if (isFault(error) && error.code === 'AGENT_DUPLICATE')
    return problem(file, `an agent that ${error.detail.other} also defines`, 'a name of its own');
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { ...problem(file, said, 'a file that can be imported'), line: lineOf(error, file) };
}

function problem(file: string, found: string, expected: string): Problem {
  return { file, line: 0, column: 0, path: '', found, expected };
}

/** The line of the file that the error's stack names first; 0 if it names none. */
function lineOf(error: unknown, file: string): number {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const url = pathToFileURL(resolve(file)).href.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return Number(new RegExp(`${url}:(\\d+)`).exec(stack)?.[1] ?? 0);
}
