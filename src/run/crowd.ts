/**
 * The agents of a world: who is called when, what becomes of their replies, and what they hear of their bundles. An agent's intents leave
 * at the moment of its decision and reach the mempool after its latency.
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
/** Numbers of an agent: its account; its next wake-up; whether its intents arrive at once; whether it hears of its bundles. */
const ROW = 4;
const WAKE_ID = 1;
const PROMPT = 2;
const FOLLOWS = 3;
const NOBODY = -1;

/** A class and not closures, as `facts.ts` says. */
class LivingCrowd implements Crowd {
  private readonly kernel: Kernel<WorldEvent>;
  private readonly chain: Chain<Action>;
  private readonly agents: readonly PlacedAgent[];
  private readonly window: Window;
  private readonly handlers: readonly Agent[];
  /** What every wake-up needs of its agent, by ROW: with thousands of agents each thing looked up elsewhere is memory not in the cache. */
  private readonly rows: Float64Array;
  private readonly onBlock: readonly number[];
  private readonly onOracle: readonly number[];
  private readonly agentOf: ReadonlyMap<AccountId, number>;
  private readonly settled: Settled[] = [];
  /** Number of the last block. */
  private block = 0;
  /** Number of the agent whose handler runs. */
  private actor = NOBODY;

  constructor(kernel: Kernel<WorldEvent>, chain: Chain<Action>, agents: readonly PlacedAgent[], window: Window) {
    this.kernel = kernel;
    this.chain = chain;
    this.agents = agents;
    this.window = window;
    this.handlers = agents.map(({ agent }) => agent);
    this.rows = Float64Array.from(
      agents.flatMap(({ self, agent, latency }) => [
        self.account,
        NO_WAKE,
        latency.kind === 'constant' && latency.delay === 0 ? 1 : 0,
        agent.onFill === undefined ? 0 : 1,
      ]),
    );
    this.onBlock = subscribers(agents, 'onBlock');
    this.onOracle = subscribers(agents, 'onOracle');
    this.agentOf = new Map(agents.map(({ self }, agent) => [self.account, agent]));
  }

  get acting(): string | undefined {
    return this.actor === NOBODY ? undefined : this.agents[this.actor].self.name;
  }

  start(): void {
    for (const [agent, placed] of this.agents.entries()) {
      if (placed.agent.onWake !== undefined) this.rows[agent * ROW + WAKE_ID] = this.kernel.schedule(agent, 0, PRIORITY.AGENT);
    }
  }

  wake(agent: number, cause: number): void {
    this.rows[agent * ROW + WAKE_ID] = NO_WAKE;
    this.end(this.handlers[agent].onWake?.(this.begin(agent, cause)));
  }

  settle(bundle: ArrivingBundle, refusal: Rejection | undefined, gasPaid: Units): void {
    if (this.rows[bundle.tag * ROW + FOLLOWS] === 1) this.settled.push({ bundle, refusal, gasPaid, cause: this.kernel.cause });
  }

  enter(number: number): void {
    this.block = number;
  }

  hearReceipts(): void {
    const { settled, handlers } = this;
    // Not those that its answers settle: who sends again whatever is refused for its label would never come to an end.
    const due = settled.length;
    for (let i = 0; i < due; i++) {
      const { bundle, refusal, gasPaid, cause } = settled[i];
      const receipt = refusal === undefined ? { intent: bundle.intent, gasPaid } : { intent: bundle.intent, gasPaid, refusal };
      this.end(handlers[bundle.tag].onFill?.(this.begin(bundle.tag, cause), receipt));
    }
    if (settled.length === due) settled.length = 0;
    else settled.splice(0, due);
  }

  hearHealth(owner: AccountId, protocol: number): void {
    const agent = this.agentOf.get(owner);
    if (agent !== undefined) this.end(this.handlers[agent].onHealth?.(this.begin(agent, 0), protocol));
  }

  hearCall(owner: AccountId, protocol: number, deadline: number, cause: number): void {
    const agent = this.agentOf.get(owner);
    if (agent !== undefined) this.end(this.handlers[agent].onCall?.(this.begin(agent, cause), protocol, deadline));
  }

  hearBlock(): void {
    for (const agent of this.onBlock) this.end(this.handlers[agent].onBlock?.(this.begin(agent, 0)));
  }

  hearOracle(oracle: number, cause: number): void {
    for (const agent of this.onOracle) this.end(this.handlers[agent].onOracle?.(this.begin(agent, cause), oracle));
  }

  private send(agent: number, intent: Intent): void {
    const { kernel, chain } = this;
    const bundle = new ArrivingBundle(intent, this.rows[agent * ROW], kernel.cause, agent);
    // Here and not at its arrival, when nobody knows any more whose fault it is.
    if (!(bundle.tip >= 0 && bundle.tip < Number.POSITIVE_INFINITY)) fault('AGENT_TIP', { tip: bundle.tip });
    if (!Array.isArray(bundle.actions)) fault('AGENT_INTENT', { actions: String(bundle.actions) });
    for (let i = 0; i < bundle.actions.length; i++) checkAction(bundle.actions[i]);
    const delay = this.rows[agent * ROW + PROMPT] === 1 ? 0 : drawLatency(this.agents[agent].latency, this.agents[agent].latencyRandom);
    if (delay === 0) {
      chain.submit(bundle, kernel.now);
      // One that makes room for it, or is refused for one that waits, ends here and now: what else the agent does has its own cause still.
      if (bundle.manner !== undefined) kernel.setCause(bundle.cause);
    } else kernel.schedule(bundle, kernel.now + delay, PRIORITY.ARRIVAL);
  }

  private obey(agent: number, { intents, wakeAt }: Reply): void {
    const { kernel, rows } = this;
    if (intents !== undefined) for (let i = 0; i < intents.length; i++) this.send(agent, intents[i]);
    if (wakeAt === undefined) return;
    const before = rows[agent * ROW + WAKE_ID];
    if (before !== NO_WAKE) kernel.cancel(before);
    rows[agent * ROW + WAKE_ID] = kernel.schedule(agent, Math.max(Math.ceil(wakeAt), kernel.now + 1), PRIORITY.AGENT);
  }

  /** Before a handler of an agent runs. `actor` stands until its reply is obeyed: one that makes no sense is its fault. */
  private begin(agent: number, cause: number): View {
    this.kernel.setCause(cause);
    this.actor = agent;
    return this.window.showTo(this.rows[agent * ROW], this.kernel.now, this.block);
  }

  private end(reply: Reply | undefined): void {
    if (reply !== undefined) this.obey(this.actor, reply);
    this.actor = NOBODY;
  }
}

export function createCrowd(kernel: Kernel<WorldEvent>, chain: Chain<Action>, agents: readonly PlacedAgent[], window: Window): Crowd {
  return new LivingCrowd(kernel, chain, agents, window);
}

/** Agents that have a handler, by number. */
function subscribers(agents: readonly PlacedAgent[], handler: 'onBlock' | 'onOracle'): readonly number[] {
  return agents.flatMap(({ agent }, index) => (agent[handler] === undefined ? [] : [index]));
}
