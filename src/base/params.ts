/**
 * Parameters as declarations. One declaration of a plug-in's parameters serves everything that asks about them: YAML validation, the JSON
 * Schema, `breakwater agents`, sweep axes, and the box that an attack search explores (its strategy space). Nothing here validates; the
 * scenario floor turns declarations into zod.
 */
import type { CorrelationPairs } from './correlation.ts';
import type { Ms, Ratio } from './units.ts';

interface Described {
  /** What it means, one line, for help and sliders. */
  readonly doc: string;
  /** May be left out, and is then `undefined` unless it has a default. */
  readonly optional?: boolean;
}

/** A real number. In a scenario it may also be a draw, e.g. `{ uniform: [1.1, 2] }`, made once for each agent from its own stream. */
export interface NumberParam extends Described {
  readonly kind: 'number';
  /** e.g. 'ratio', 'usd', 'token', 'usd/token', '1/year'. */
  readonly unit: string;
  readonly range: readonly [number, number];
  readonly default?: number;
}
export interface IntegerParam extends Described {
  readonly kind: 'integer';
  readonly unit: string;
  readonly range: readonly [number, number];
  readonly default?: number;
}
/** Written as `12 s`, `30 min`, `1 h`, `7 d`, or plain ms; arrives as whole ms. */
export interface DurationParam extends Described {
  readonly kind: 'duration';
  readonly range: readonly [Ms, Ms];
  readonly default?: Ms;
}
export interface FlagParam extends Described {
  readonly kind: 'flag';
  readonly default?: boolean;
}
export interface ChoiceParam<T extends string = string> extends Described {
  readonly kind: 'choice';
  readonly options: readonly T[];
  readonly default?: NoInfer<T>;
}
/** The name of an asset, venue, oracle or protocol of the scenario; arrives as its dense id. */
export interface ReferenceParam extends Described {
  readonly kind: 'asset' | 'venue' | 'oracle' | 'protocol';
}
/** The name of a contract of the protocol that the part's parameter `protocol` names; arrives as its number there. `contracts`: several. */
export interface ContractParam extends Described {
  readonly kind: 'contract';
}
export interface ContractsParam extends Described {
  readonly kind: 'contracts';
}
/** Several names of assets; arrives as dense ids. */
export interface AssetsParam extends Described {
  readonly kind: 'assets';
}
/** Several names of oracles; arrives as dense ids. */
export interface OraclesParam extends Described {
  readonly kind: 'oracles';
}
/** A list of numbers. */
export interface NumbersParam extends Described {
  readonly kind: 'numbers';
  readonly unit: string;
  readonly range: readonly [number, number];
}
/** A number for each of some assets, as in `{ ETH: 0.8 }`. Arrives by name: a protocol numbers its markets itself. */
export interface ByAssetParam extends Described {
  readonly kind: 'by-asset';
  readonly unit: string;
  readonly range: readonly [number, number];
  readonly default?: Readonly<Record<string, number>>;
}
/** Correlations by pair of assets, as in `{ "ETH,BTC": 0.8 }`, of pairs not named 0. Arrive as they are, checked to be possible. */
export interface CorrelationParam extends Described {
  readonly kind: 'correlation';
}
/** A word, such as the name of a column. */
export interface NameParam extends Described {
  readonly kind: 'name';
}
/** A file beside the experiment, arriving as its text and name. */
export interface FileParam extends Described {
  readonly kind: 'file';
}
/** Transactions written out in the scenario (see `scenario/script.ts`); arrives checked, names resolved. */
export interface ScriptParam extends Described {
  readonly kind: 'script';
}

/** What a formula may speak of: a variable with its unit and range. */
export interface FormulaVariable {
  readonly name: string;
  /** e.g. 'usd', 'ratio', 'ms', 'usd/token', '1/sqrt(year)'. */
  readonly unit: string;
  /** Least and largest value, in `unit`. Whoever fills the row of values holds to it. */
  readonly range: readonly [low: number, high: number];
  /** One line, for help. */
  readonly doc: string;
}
/**
 * A formula over declared variables. In a scenario its text; arrives parsed and checked, as a tree of plain JSON
 * (`formula/expression.ts`).
 */
export interface FormulaParam extends Described {
  readonly kind: 'formula';
  readonly variables: readonly FormulaVariable[];
  /** In which it must come out. */
  readonly unit: string;
}
/** A column of a table: a number, a duration, or the name of an asset. */
export type ColumnParam = NumberParam | IntegerParam | DurationParam | (ReferenceParam & { readonly kind: 'asset' });
/** Rows of named numbers, such as tiers of margin; each arrives with all its columns. */
export interface TableParam<C extends Readonly<Record<string, ColumnParam>> = Readonly<Record<string, ColumnParam>>> extends Described {
  readonly kind: 'table';
  readonly columns: C;
  readonly default?: readonly Readonly<Record<string, number>>[];
}

export type Param =
  | NumberParam
  | IntegerParam
  | DurationParam
  | FlagParam
  | ChoiceParam
  | ReferenceParam
  | ContractParam
  | ContractsParam
  | AssetsParam
  | OraclesParam
  | NumbersParam
  | ByAssetParam
  | CorrelationParam
  | NameParam
  | FileParam
  | ScriptParam
  | FormulaParam
  | TableParam;

/** A plug-in's parameters by name. The key order is the order of help texts. */
export type ParamSchema = Readonly<Record<string, Param>>;

/** A file that a parameter named: its name for error messages, and its text. */
export interface NamedText {
  readonly file: string;
  readonly text: string;
}

type ValueOf<P extends Param> = P extends NumberParam | IntegerParam
  ? number
  : P extends DurationParam
    ? Ms
    : P extends FlagParam
      ? boolean
      : P extends ChoiceParam<infer T>
        ? T
        : P extends ReferenceParam | ContractParam
          ? number
          : P extends AssetsParam | ContractsParam | OraclesParam | NumbersParam
            ? readonly number[]
            : P extends ByAssetParam
              ? Readonly<Record<string, number>>
              : P extends CorrelationParam
                ? CorrelationPairs
                : P extends NameParam
                  ? string
                  : P extends FileParam
                    ? NamedText
                    : P extends TableParam<infer C>
                      ? readonly RowOf<C>[]
                      : unknown;

/** One row of a table. */
type RowOf<C extends Readonly<Record<string, ColumnParam>>> = { readonly [K in keyof C]: number | MayBeMissing<C[K]> };

type MayBeMissing<P extends Param> = P extends { readonly optional: true }
  ? P extends { readonly default: unknown }
    ? never
    : undefined
  : never;

/** The values that a declaration promises to `create`. */
export type ParamsOf<S extends ParamSchema> = { readonly [K in keyof S]: ValueOf<S[K]> | MayBeMissing<S[K]> };

/** What a part finds wrong with its parameters taken together, beyond their ranges. */
export interface PartProblem {
  readonly param: string;
  readonly found: string;
  readonly expected: string;
  /** Where, when the fault is in a file that the parameter names. */
  readonly file?: string;
  readonly line?: number;
}

/** What a venue may know before there is a world. */
export interface OpeningSite {
  /** Outside price at time 0, USD per token; NaN where only a file knows it. */
  start(asset: string): number;
  decimals(asset: string): number;
}

/** Tokens. */
export interface Opening {
  readonly base: number;
  readonly quote: number;
}

/** One line of a plug-in catalog: a named implementation of a contract, with its parameters and where it comes from. */
export interface Part<Needs, Made, S extends ParamSchema = ParamSchema> {
  readonly name: string;
  /** One sentence for help. */
  readonly summary: string;
  readonly sources: readonly string[];
  readonly params: S;
  /** Blocks that stand beside it in a scenario, may be left out, and that it cannot do without. */
  readonly requires?: readonly string[];
  /** Blocks that may not stand beside it. */
  readonly excludes?: readonly string[];
  /** Parameters of what stands beside it that it does not look at, though others of its floor do. */
  readonly ignores?: readonly string[];
  /** Looks at all parameters together; each was within its range already. */
  check?(params: ParamsOf<S>): readonly PartProblem[];
  /** Of an oracle: how long it must have looked before it says anything, ms. Left out: it speaks at once. */
  silentFor?(params: ParamsOf<S>): Ms;
  /** Of an oracle that prices the share of a pool: the parameter that names the pool; `base` and `quote` are oracles of its assets. */
  pricesShareOf?(params: ParamsOf<S>): unknown;
  /**
   * Of a venue: the tokens of base and quote that it opens with, from outside, or what keeps it from opening. Assets are names here. Left
   * out: nothing.
   */
  opening?(params: never, world: OpeningSite): Opening | readonly PartProblem[];
  /** Builds the thing. `needs` is what its floor gives to every implementation alike. */
  create(params: ParamsOf<S>, needs: Needs): Made;
}

/** Declares a part, keeping the types of its parameters. */
export function definePart<Needs, Made>(): <const S extends ParamSchema>(part: Part<Needs, Made, S>) => Part<Needs, Made, S> {
  return (part) => part;
}

/** A year in ms, 365 days: the year of every rate and volatility here. */
export const YEAR_MS: Ms = 365 * 86_400_000;
/** A year's share. */
export function years(span: Ms): Ratio {
  return span / YEAR_MS;
}
