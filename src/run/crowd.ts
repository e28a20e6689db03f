/**
 * The agents of a world: who is called when, what becomes of their replies, and what they hear of their bundles. An agent's intents leave
 * at the moment of its decision and reach the mempool after its latency.
 */
import type { Action } from '../agent/action.ts';
import type { Reply } from '../agent/agent.ts';
import type { Intent } from '../agent/intent.ts';
import type { View } from '../agent/view.ts';
import { fault } from '../base/fault.ts';
import type { Rejection } from '../base/rejection.ts';
import type { AccountId, Units } from '../base/units.ts';
import type { Chain } from '../chain/chain.ts';
import type { EventId, Kernel } from '../kernel/kernel.ts';
import { drawLatency } from '../kernel/latency.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { PlacedAgent } from '../scenario/build.ts';
import { checkAction } from './check-action.ts';
import type { Window } from './view.ts';
import { ArrivingBundle, type WorldEvent } from './world-event.ts';

export interface Crowd {
  /** Name of the agent whose handler runs, for the report of a fault. */
  readonly acting: string | undefined;
  /** Puts everybody's first wake-up on the agenda. */
  start(): void;
  /** A wake-up came due. `cause` is what asked for it. */
  wake(agent: number, cause: number): void;
  /** Notes what became of a bundle; its agent hears of it at the end of the block. */
  settle(bundle: ArrivingBundle, refusal: Rejection | undefined, gasPaid: Units): void;
  /** A block was made: its number. */
  enter(block: number): void;
  /** Tells the owners of the settled bundles. */
  hearReceipts(): void;
  /** Tells the owner of a position that its health fell below what it watches. */
  hearHealth(owner: AccountId, protocol: number): void;
  /** Tells the owner of a position that the protocol called it for margin. `cause` is the fact of the call. */
  hearCall(owner: AccountId, protocol: number, deadline: number, cause: number): void;
  hearBlock(): void;
  /** `cause` is the fact of the reading, if there is one. */
  hearOracle(oracle: number, cause: number): void;
}

interface Settled {
  readonly bundle: ArrivingBundle;
  readonly refusal: Rejection | undefined;
  readonly gasPaid: Units;
  readonly cause: number;
}

const NO_WAKE: EventId = -1;
const NOBODY = -1;

export function createCrowd(kernel: Kernel<WorldEvent>, chain: Chain<Action>, agents: readonly PlacedAgent[], window: Window): Crowd {
  const handlers = agents.map(({ agent }) => agent);
  /** What every wake-up needs of its agent, in a row: with thousands of agents each object looked up is memory not in the cache. */
  const accounts = Int32Array.from(agents, ({ self }) => self.account);
  const follows = Uint8Array.from(handlers, ({ onFill }) => (onFill === undefined ? 0 : 1));
  const prompt = Uint8Array.from(agents, ({ latency }) => (latency.kind === 'constant' && latency.delay === 0 ? 1 : 0));
  /** Numbers and not `undefined` among them: an id is too large to lie in a plain array without an object of its own. */
  const wakeIds = new Float64Array(agents.length).fill(NO_WAKE);
  const onBlock = subscribers(agents, 'onBlock');
  const onOracle = subscribers(agents, 'onOracle');
  const agentOf = new Map(agents.map(({ self }, agent) => [self.account, agent]));
  const settled: Settled[] = [];
  /** Number of the last block. */
  let block = 0;
  /** Number of the agent whose handler runs. */
  let acting = NOBODY;

  const send = (agent: number, intent: Intent) => {
    const bundle = new ArrivingBundle(intent, accounts[agent], kernel.cause, agent);
    // Here and not at its arrival, when nobody knows any more whose fault it is.
    if (!(bundle.tip >= 0 && bundle.tip < Number.POSITIVE_INFINITY)) fault('AGENT_TIP', { tip: bundle.tip });
    if (!Array.isArray(bundle.actions)) fault('AGENT_INTENT', { actions: String(bundle.actions) });
    for (let i = 0; i < bundle.actions.length; i++) checkAction(bundle.actions[i]);
    const delay = prompt[agent] === 1 ? 0 : drawLatency(agents[agent].latency, agents[agent].latencyRandom);
    if (delay === 0) chain.submit(bundle, kernel.now);
    else kernel.schedule(bundle, kernel.now + delay, PRIORITY.ARRIVAL);
  };

  const obey = (agent: number, { intents, wakeAt }: Reply) => {
    if (intents !== undefined) for (let i = 0; i < intents.length; i++) send(agent, intents[i]);
    if (wakeAt === undefined) return;
    const before = wakeIds[agent];
    if (before !== NO_WAKE) kernel.cancel(before);
    wakeIds[agent] = kernel.schedule(agent, Math.max(Math.ceil(wakeAt), kernel.now + 1), PRIORITY.AGENT);
  };

  /** Before a handler of an agent runs. `acting` stands until its reply is obeyed: one that makes no sense is its fault. */
  const begin = (agent: number, cause: number): View => {
    kernel.setCause(cause);
    acting = agent;
    return window.showTo(accounts[agent], kernel.now, block);
  };

  const end = (reply: Reply | undefined) => {
    if (reply !== undefined) obey(acting, reply);
    acting = NOBODY;
  };

  return {
    get acting() {
      return acting === NOBODY ? undefined : agents[acting].self.name;
    },
    start() {
      for (const [agent, placed] of agents.entries()) {
        if (placed.agent.onWake !== undefined) wakeIds[agent] = kernel.schedule(agent, 0, PRIORITY.AGENT);
      }
    },
    wake(agent, cause) {
      wakeIds[agent] = NO_WAKE;
      end(handlers[agent].onWake?.(begin(agent, cause)));
    },
    settle(bundle, refusal, gasPaid) {
      if (follows[bundle.tag] === 1) settled.push({ bundle, refusal, gasPaid, cause: kernel.cause });
    },
    enter(number) {
      block = number;
    },
    hearReceipts() {
      for (const { bundle, refusal, gasPaid, cause } of settled) {
        const receipt = refusal === undefined ? { intent: bundle.intent, gasPaid } : { intent: bundle.intent, gasPaid, refusal };
        end(handlers[bundle.tag].onFill?.(begin(bundle.tag, cause), receipt));
      }
      settled.length = 0;
    },
    hearHealth(owner, protocol) {
      const agent = agentOf.get(owner);
      if (agent !== undefined) end(handlers[agent].onHealth?.(begin(agent, 0), protocol));
    },
    hearCall(owner, protocol, deadline, cause) {
      const agent = agentOf.get(owner);
      if (agent !== undefined) end(handlers[agent].onCall?.(begin(agent, cause), protocol, deadline));
    },
    hearBlock() {
      for (const agent of onBlock) end(handlers[agent].onBlock?.(begin(agent, 0)));
    },
    hearOracle(oracle, cause) {
      for (const agent of onOracle) end(handlers[agent].onOracle?.(begin(agent, cause), oracle));
    },
  };
}

/** Agents that have a handler, by number. */
function subscribers(agents: readonly PlacedAgent[], handler: 'onBlock' | 'onOracle'): readonly number[] {
  return agents.flatMap(({ agent }, index) => (agent[handler] === undefined ? [] : [index]));
}
