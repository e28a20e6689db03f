/**
 * The contract of an agent. An agent holds no references to the world: it wakes, sees a `View`, and answers with intents. What it says now
 * reaches the mempool after its latency. Its `params` declaration is also its strategy space. Adding an agent is adding one file.
 */
import type { Param, ParamSchema, ParamsOf } from '../base/params.ts';
import type { Random } from '../base/random.ts';
import type { Rejection } from '../base/rejection.ts';
import type { AccountId, AssetId, Ms, Tokens, Units } from '../base/units.ts';
import type { Intent } from './intent.ts';
import type { View } from './view.ts';

/** What an agent answers. `wakeAt` replaces an earlier wake-up that has not happened yet. */
export interface Reply {
  readonly intents?: readonly Intent[];
  readonly wakeAt?: Ms;
}

/** What became of one of the agent's intents. */
export interface Receipt {
  readonly intent: Intent;
  /** Why it failed; absent when all of it happened. */
  readonly refusal?: Rejection;
  readonly gasPaid: Units;
}

/** Handlers; each is optional, and an agent is called only for those it has. Same agent, same events, same answers: no state outside. */
export interface Agent {
  /** First at time 0, then whenever a reply asked for it. */
  onWake?(view: View): Reply | undefined;
  /** After every block. */
  onBlock?(view: View): Reply | undefined;
  /** When an oracle's reading changed. */
  onOracle?(view: View, oracle: number): Reply | undefined;
  /** When one of its intents was executed or refused. */
  onFill?(view: View, receipt: Receipt): Reply | undefined;
  /** When its protocol called it for margin: its health is below the warning level, and it has until `deadline` to raise it. */
  onCall?(view: View, protocol: number, deadline: Ms): Reply | undefined;
  /** When the health of its position fell below what it watches (`view.watchHealth`). Once; watch again to be told again. */
  onHealth?(view: View, protocol: number): Reply | undefined;
}

/** Who an agent is. */
export interface Self {
  /** e.g. `liquidator/3`: also the name of its ledger account. */
  readonly name: string;
  /** Its number among all agents. */
  readonly id: number;
  /** Its number within its group, from 0. */
  readonly index: number;
  readonly account: AccountId;
  /** How long its intents usually take to the mempool: the constant, the middle or the median of its latency. */
  readonly latency: Ms;
  /** Its own stream: nobody else's draws move it. */
  readonly random: Random;
  /** Names and decimals of the assets, by id. */
  readonly assets: { readonly names: readonly string[]; readonly decimals: readonly number[]; find(name: string): AssetId | undefined };
  /** Tokens to units, rounded down. */
  toUnits(asset: AssetId, tokens: Tokens): Units;
  toTokens(asset: AssetId, units: Units): Tokens;
}

/** A kind of agent: one file in agents/, its default export. `name` is the file's name. */
export interface AgentPart<S extends ParamSchema = Readonly<Record<string, Param>>> {
  readonly name: string;
  /** The line of the party table its gains and losses go to: lender, borrower, trader, arbitrageur, liquidator, attacker … */
  readonly role: string;
  readonly summary: string;
  readonly sources: readonly string[];
  readonly params: S;
  create(params: ParamsOf<S>, self: Self): Agent;
}

/** Declares a kind of agent, keeping the types of its parameters. */
export function defineAgent<const S extends ParamSchema>(part: AgentPart<S>): AgentPart<S> {
  return part;
}
