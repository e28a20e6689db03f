/**
 * The agents of a world: who is called when, what becomes of their replies, and what they hear of their bundles. An agent's intents leave at
 * the moment of its decision and reach the mempool after its latency.
 */
import type { Action } from '../agent/action.ts';
import type { Agent, Reply } from '../agent/agent.ts';
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
import type { ArrivingBundle, WorldEvent } from './world-event.ts';

export interface Crowd {
  /** Name of the agent whose handler runs, for the report of a fault. */
  readonly acting: string | undefined;
  /** Puts everybody's first wake-up on the agenda. */
  start(): void;
  /** A wake-up came due. `cause` is what asked for it. */
  wake(agent: number, cause: number): void;
  /** Notes what became of a bundle; its agent hears of it at the end of the block. */
  settle(bundle: ArrivingBundle, refusal: Rejection | undefined, gasPaid: Units): void;
  /** Tells the owners of the settled bundles. */
  hearReceipts(): void;
  /** Tells the owner of a position that its health fell below what it watches. */
  hearHealth(owner: AccountId, protocol: number): void;
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

export function createCrowd(
  kernel: Kernel<WorldEvent>,
  chain: Chain<Action>,
  agents: readonly PlacedAgent[],
  views: readonly View[],
): Crowd {
  const wakeEvents: WorldEvent[] = agents.map((_, agent) => ({ type: 'wake', agent }));
  const wakeIds: (EventId | undefined)[] = agents.map(() => undefined);
  const onBlock = subscribers(agents, 'onBlock');
  const onOracle = subscribers(agents, 'onOracle');
  const agentOf = new Map(agents.map(({ self }, agent) => [self.account, agent]));
  const settled: Settled[] = [];
  let acting: string | undefined;

  const send = (agent: number, intent: Intent) => {
    const { self, latency, latencyRandom } = agents[agent];
    // Every field always, so that all bundles are of one shape to the engine, whatever their intents have.
    const bundle: ArrivingBundle = {
      type: 'arrive',
      intent,
      actor: self.account,
      actions: intent.actions,
      tip: intent.tip ?? 0,
      cause: kernel.cause,
      tag: agent,
      flash: intent.flash,
      require: intent.require,
      until: intent.until,
    };
    // Here and not at its arrival, when nobody knows any more whose fault it is.
    if (!(bundle.tip >= 0 && bundle.tip < Number.POSITIVE_INFINITY)) fault('AGENT_TIP', { tip: bundle.tip });
    if (!Array.isArray(bundle.actions)) fault('AGENT_INTENT', { actions: String(bundle.actions) });
    const delay = drawLatency(latency, latencyRandom);
    if (delay === 0) chain.submit(bundle, kernel.now);
    else kernel.schedule(bundle, kernel.now + delay, PRIORITY.ARRIVAL);
  };

  const obey = (agent: number, { intents, wakeAt }: Reply) => {
    if (intents !== undefined) for (const intent of intents) send(agent, intent);
    if (wakeAt === undefined) return;
    const before = wakeIds[agent];
    if (before !== undefined) kernel.cancel(before);
    wakeIds[agent] = kernel.schedule(wakeEvents[agent], Math.max(Math.ceil(wakeAt), kernel.now + 1), PRIORITY.AGENT);
  };

  /** Runs one handler of one agent and does what it answers, remembering who it is meanwhile: a reply that makes no sense is its fault. */
  const ask = (agent: number, cause: number, handler: (agent: Agent, view: View) => Reply | undefined) => {
    kernel.setCause(cause);
    acting = agents[agent].self.name;
    const reply = handler(agents[agent].agent, views[agent]);
    if (reply !== undefined) obey(agent, reply);
    acting = undefined;
  };

  return {
    get acting() {
      return acting;
    },
    start() {
      for (const [agent, placed] of agents.entries()) {
        if (placed.agent.onWake !== undefined) wakeIds[agent] = kernel.schedule(wakeEvents[agent], 0, PRIORITY.AGENT);
      }
    },
    wake(agent, cause) {
      wakeIds[agent] = undefined;
      ask(agent, cause, ({ onWake }, view) => onWake?.(view));
    },
    settle(bundle, refusal, gasPaid) {
      if (agents[bundle.tag].agent.onFill !== undefined) settled.push({ bundle, refusal, gasPaid, cause: kernel.cause });
    },
    hearReceipts() {
      for (const { bundle, refusal, gasPaid, cause } of settled) {
        const receipt = refusal === undefined ? { intent: bundle.intent, gasPaid } : { intent: bundle.intent, gasPaid, refusal };
        ask(bundle.tag, cause, (agent, view) => agent.onFill?.(view, receipt));
      }
      settled.length = 0;
    },
    hearHealth(owner, protocol) {
      const agent = agentOf.get(owner);
      if (agent !== undefined) ask(agent, 0, ({ onHealth }, view) => onHealth?.(view, protocol));
    },
    hearBlock() {
      for (const agent of onBlock) ask(agent, 0, ({ onBlock: handler }, view) => handler?.(view));
    },
    hearOracle(oracle, cause) {
      for (const agent of onOracle) ask(agent, cause, ({ onOracle: handler }, view) => handler?.(view, oracle));
    },
  };
}

/** Agents that have a handler, by number. */
function subscribers(agents: readonly PlacedAgent[], handler: 'onBlock' | 'onOracle'): readonly number[] {
  return agents.flatMap(({ agent }, index) => (agent[handler] === undefined ? [] : [index]));
}
