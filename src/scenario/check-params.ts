/**
 * What zod cannot see of parameters, by their kinds: that names refer to something of the right kind, that files can be read (their text is
 * filled in here), that formulas make sense (their tree is), and what a part finds wrong with all of them together. Never asks which
 * plug-in has them.
 */
import { ACTIONS } from '../agent/action.ts';
import { type CorrelationPairs, problemOfPairs } from '../base/correlation.ts';
import type { FormulaParam, Param, ParamSchema } from '../base/params.ts';
import type { Expression } from '../formula/expression.ts';
import type { FormulaProblem } from '../formula/formula.ts';
import { checkMargin } from '../formula/margin.ts';
import { type CatalogFloor, partOf } from './catalog.ts';
import type { Placer } from './place.ts';
import { type Problem, showChoices, showFound } from './problem.ts';
import type { ParsedExperiment, Use } from './scenario.ts';

type Path = readonly (string | number)[];
type Values = Record<string, unknown>;

/** What can be named, as written. */
export interface KnownNames {
  readonly asset: readonly string[];
  readonly venue: readonly string[];
  readonly oracle: readonly string[];
  readonly protocol: readonly string[];
}

export interface ParamDesk {
  readonly names: KnownNames;
  readonly agents: ParsedExperiment['agents'];
  /** Groups of agents in the file, those that the schema refused included. */
  readonly groups: number;
  readonly problems: Problem[];
  readonly place: Placer;
  refuse(path: Path, found: string, expected: string, key?: boolean): void;
  /** Keys of the block at a path of the file. */
  written(...path: Path): readonly string[];
  readText(path: string): string | undefined;
  parseFormula(text: string): Expression | FormulaProblem | undefined;
}

export function createParamChecks(desk: ParamDesk) {
  const { names, agents, problems, place, refuse, written } = desk;

  const expectName = (kind: keyof typeof names, name: unknown, path: Path, key = false) => {
    if (typeof name !== 'string' || names[kind].includes(name)) return;
    refuse(
      path,
      showFound(name),
      `the name of ${kind === 'asset' || kind === 'oracle' ? 'an' : 'a'} ${kind}: ${showChoices(name, names[kind])}`,
      key,
    );
  };

  const readFile = (values: Values, name: string, path: Path) => {
    const file = values[name];
    if (typeof file !== 'string') return;
    const text = desk.readText(file);
    if (text === undefined) refuse(path, showFound(file), 'a file that can be read, relative to the experiment');
    else values[name] = { file, text };
  };

  /** Puts the tree in the place of the text. */
  const readFormula = ({ variables, unit }: FormulaParam, values: Values, name: string, path: Path) => {
    const text = values[name];
    if (typeof text !== 'string') return;
    const tree = desk.parseFormula(text);
    if (tree === undefined) return void refuse(path, showFound(text), 'no formula: there is nobody here to read it');
    const wrong = 'kind' in tree ? checkMargin(tree, variables, unit).problems : [tree];
    for (const { column, found, expected, choices } of wrong) {
      const wanted = choices === undefined ? expected : `${expected}: ${showChoices(found, choices)}`;
      problems.push({
        ...place(path, false, column),
        path: path.join('.'),
        found: `${found} (column ${column} of the formula)`,
        expected: wanted,
      });
    }
    if ('kind' in tree) values[name] = tree;
  };

  const expectContract = (protocol: unknown, name: unknown, path: Path) => {
    const known = written('world', 'protocols', String(protocol), 'contracts', 'list');
    if (!names.protocol.includes(String(protocol)) || known.includes(String(name))) return;
    refuse(path, showFound(name), `the name of a contract of ${String(protocol)}: ${showChoices(String(name), known)}`);
  };

  /** Whose position it is: an agent of a group. Nobody is missed while the schema has refused a group. */
  const expectOwner = (owner: unknown, path: Path) => {
    const [group, number] = String(owner).split('/');
    const [index] = (number ?? '').split('#');
    const count = agents.find(({ name, use }) => (name ?? use) === group)?.count ?? 0;
    if (Number(index) < count || agents.length < desk.groups) return;
    refuse(
      path,
      showFound(owner),
      `an agent: one of ${agents.map(({ name, use, count: all }) => `${name ?? use}/0 … ${all - 1}`).join(', ')}`,
    );
  };

  const checkScript = (script: unknown, path: Path) => {
    for (const [index, step] of (script as { actions: Values[]; flash?: { asset: string }[] }[]).entries()) {
      for (const [at, loan] of (step.flash ?? []).entries()) expectName('asset', loan.asset, [...path, index, 'flash', at, 'asset']);
      for (const [at, action] of step.actions.entries()) {
        const { fields } = ACTIONS[action.do as keyof typeof ACTIONS];
        for (const [field, kind] of Object.entries(fields)) {
          if (kind === 'asset' || kind === 'venue' || kind === 'protocol')
            expectName(kind, action[field], [...path, index, 'actions', at, field]);
          else if (kind === 'contract') expectContract(action.protocol, action[field], [...path, index, 'actions', at, field]);
          else if (kind === 'position') expectOwner(action[field], [...path, index, 'actions', at, field]);
        }
      }
    }
  };

  /** Pairs of names that are known, and a correlation matrix all together. */
  const checkCorrelation = (pairs: CorrelationPairs, known: readonly string[], path: Path) => {
    const before = problems.length;
    for (const [pair, value] of Object.entries(pairs)) {
      const problem = problemOfPairs(known, { [pair]: value });
      if (problem !== undefined) refuse([...path, pair], problem.found, problem.expected, true);
    }
    const whole = problems.length > before ? undefined : problemOfPairs(known, pairs);
    if (whole !== undefined) refuse(path, whole.found, whole.expected, true);
  };

  /** Names that must be among `known`, each the key of something. */
  const checkKeys = (value: object, known: readonly string[], path: Path) => {
    for (const asset of Object.keys(value)) {
      if (!known.includes(asset)) refuse([...path, asset], showFound(asset), showChoices(asset, known), true);
    }
  };

  const expectAsset = (asset: unknown, path: Path, assets: readonly string[]) => {
    expectName('asset', asset, path);
    if (typeof asset !== 'string' || !names.asset.includes(asset) || assets.includes(asset)) return;
    refuse(path, showFound(asset), `an asset with a market of this protocol: ${showChoices(asset, assets)}`);
  };

  /** @param assets  those that may be named: of a protocol's parts, those it has markets for */
  const checkParam = (param: Param, values: Values, name: string, path: Path, assets: readonly string[]) => {
    const value = values[name];
    if (value === undefined) return;
    if (param.kind === 'assets') {
      for (const [index, asset] of (value as string[]).entries()) expectAsset(asset, [...path, index], assets);
    } else if (param.kind === 'oracles') {
      for (const [index, oracle] of (value as string[]).entries()) expectName('oracle', oracle, [...path, index]);
    } else if (param.kind === 'asset') expectAsset(value, path, assets);
    else if (param.kind === 'contract') expectContract(values.protocol, value, path);
    else if (param.kind === 'contracts') {
      for (const [index, contract] of (value as string[]).entries()) expectContract(values.protocol, contract, [...path, index]);
    } else if (param.kind === 'by-asset') checkKeys(value as object, assets, path);
    else if (param.kind === 'correlation') checkCorrelation(value as CorrelationPairs, assets, path);
    else if (param.kind === 'file') readFile(values, name, path);
    else if (param.kind === 'formula') readFormula(param, values, name, path);
    else if (param.kind === 'script') checkScript(value, path);
    else if (param.kind === 'table') {
      for (const [index, row] of (value as Values[]).entries()) checkParams(param.columns, row, [...path, index], assets);
    } else if (param.kind in names) expectName(param.kind as keyof typeof names, value, path);
  };

  const checkParams = (params: ParamSchema, values: Values, path: Path, assets: readonly string[] = names.asset) => {
    for (const [name, param] of Object.entries(params)) checkParam(param, values, name, [...path, name], assets);
  };

  const checkPart = (floor: CatalogFloor, use: Use, path: Path, assets: readonly string[] = names.asset) => {
    const part = partOf(floor, use.use);
    const before = problems.length;
    checkParams(part.params, use.with as Values, [...path, 'with'], assets);
    if (problems.length > before || part.check === undefined) return;
    for (const { param, found, expected, file, line } of part.check(use.with as never)) {
      const where = [...path, 'with', ...param.split('.')];
      if (file === undefined) refuse(where, found, expected);
      else problems.push({ file, line: line ?? 0, column: 1, path: where.join('.'), found, expected });
    }
  };

  return { expectName, checkCorrelation, checkParams, checkPart };
}
