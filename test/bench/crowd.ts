/**
 * Whole worlds of many agents: a day of an order book with the crowd of ABIDES' reference world rmsc04 (an exchange, 2 market makers, 102
 * value traders, 12 who follow trends, 1,000 noise traders: 1,117), whose messages are told beside the kernel's events; and what an event
 * costs as a crowd around a pool grows while as many of them trade in a second.
 *
 * @source  jpmorganchase/abides-jpmc-public abides-markets/abides_markets/configs/rmsc04.py (who there is; how often each acts is ours)
 */
import type { Registry } from '../../src/agent/registry.ts';
import { loadAgents } from '../../src/fleet/load-agents.ts';
import { createMemoryRecorder } from '../../src/record/memory.ts';
import { createWorld } from '../../src/run/world.ts';
import { isProblems, loadExperiment } from '../../src/scenario/load.ts';
import { formatProblem, type Problem } from '../../src/scenario/problem.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { aimingAt, type BenchRow, type Contender, fasterRow, interleave, rateRow, speedRow, timeRow } from './harness.ts';

const SEED = 1;
/** Of the crowds around a pool: trades of all of them in an hour, and for how long. */
const TRADES_AN_HOUR = 3_600_000;
const POOL_MS = 300_000;
const CROWDS = [1_000, 10_000, 100_000] as const;
const ROUNDS = 5;

const HEAD = `
question: How fast is a crowd?
model: { what: A crowd that trades., notice: [the speed], try: [another machine], sources: [none] }`;
const WORLD = `
  assets: { USDC: { decimals: 6 }, ETH: { decimals: 6 } }
  prices: { USDC: { use: constant, with: { start: 1 } }, ETH: { use: gbm, with: { start: 2000, volatility: 0.6 } } }
  step: 1 s
  chain: { blockTime: 1 s, order: arrival, gasLimit: 1000000000000 }`;

/** Half past nine to four. */
const BOOK_DAY = `
name: book-day${HEAD}
world:${WORLD}
  venues: { book: { use: order-book, with: { base: ETH, quote: USDC, tick: 0.1, lot: 0.01 } } }
agents:
  - { use: market-maker, name: maker, count: 2, params: { venue: book, size: 50000 }, wallet: { USDC: 1000000, ETH: 500 } }
  - { use: value-trader, name: value, count: 102, params: { venue: book }, wallet: { USDC: 100000, ETH: 50 } }
  - { use: trend-follower, name: trend, count: 12, params: { venue: book }, wallet: { USDC: 100000, ETH: 50 } }
  - { use: noise-trader, name: noise, count: 1000, params: { venue: book, rate: 60 }, wallet: { USDC: 100000, ETH: 50 } }
horizon: 390 min
`;

const crowdOf = (traders: number) => `
name: crowd${HEAD}
world:${WORLD}
  venues: { pool: { use: constant-product, with: { base: ETH, quote: USDC, quoteReserve: 10000000 } } }
agents:
  - use: noise-trader
    count: ${traders}
    params: { venue: pool, rate: ${TRADES_AN_HOUR / traders}, size: 50 }
    wallet: { USDC: 10000, ETH: 5 }
horizon: ${POOL_MS} ms
`;

function sound<T>(answer: T): Exclude<T, readonly Problem[]> {
  if (isProblems(answer)) throw new Error(answer.map(formatProblem).join('\n'));
  return answer as Exclude<T, readonly Problem[]>;
}

function scenarioOf(text: string, registry: Registry): Scenario {
  return sound(sound(loadExperiment(text, 'crowd.yaml', [], { registry, readText: () => undefined })).resolve([]));
}

/** One run; its time is that of the run alone, the world stands before the clock starts. */
function runOf(scenario: Scenario, registry: Registry, trace: 'none' | 'facts') {
  const recorder = createMemoryRecorder();
  const world = createWorld(scenario, registry, { seed: SEED, trace, recorder, checkEvery: 0, check: () => undefined });
  const before = process.cpuUsage();
  world.run();
  const { user, system } = process.cpuUsage(before);
  return { events: world.kernel.executed, cpuMs: (user + system) / 1000, facts: recorder.events(), world };
}

/** What reached the book: orders, cancels and trades, met or refused. */
function messagesOf(scenario: Scenario, registry: Registry): number {
  const { facts } = runOf(scenario, registry, 'facts');
  return facts.filter(({ kind }) => ['order', 'cancel', 'trade', 'refusal'].includes(kind)).length;
}

function bookDay(registry: Registry): BenchRow[] {
  const scenario = scenarioOf(BOOK_DAY, registry);
  const messages = messagesOf(scenario, registry);
  const { events } = runOf(scenario, registry, 'none');
  const { byMessage, byEvent } = interleave(
    {
      byMessage: () => ({ operations: messages, cpuMs: runOf(scenario, registry, 'none').cpuMs }),
      byEvent: () => ({ operations: events, cpuMs: runOf(scenario, registry, 'none').cpuMs }),
    },
    ROUNDS,
  );
  return [
    rateRow('order-book day, 1,117 agents: messages', 'k/s', 1e3, byMessage, `${messages} orders, cancels and trades in 6.5 h`),
    speedRow('order-book day: events of the kernel', byEvent, `${events} events`),
  ];
}

export async function crowdBench(): Promise<BenchRow[]> {
  const registry = sound(await loadAgents());
  const crowd = (traders: number): Contender => {
    const scenario = scenarioOf(crowdOf(traders), registry);
    return () => {
      const { events, cpuMs } = runOf(scenario, registry, 'none');
      return { operations: events, cpuMs };
    };
  };
  const [small, middle, large] = CROWDS;
  const times = interleave({ small: crowd(small), middle: crowd(middle), large: crowd(large) }, ROUNDS);
  const name = (traders: number) => `an event, ${traders.toLocaleString('en')} traders around a pool`;
  const growth = fasterRow(
    `an event: ${large.toLocaleString('en')} traders against ${small.toLocaleString('en')}`,
    '×',
    times.small,
    times.large,
    'steps grow by the logarithm; what exceeds it is memory outside the caches',
  );
  return [
    ...bookDay(registry),
    timeRow(name(small), 'ns', 1, times.small),
    timeRow(name(middle), 'ns', 1, times.middle),
    timeRow(name(large), 'ns', 1, times.large),
    aimingAt(growth, `≤ ${(Math.log(large) / Math.log(small)).toPrecision(3)}`),
  ];
}
