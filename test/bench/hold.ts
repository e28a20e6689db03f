/**
 * The agenda and the kernel: the HOLD model (take the earliest, put it back later) at several sizes, continuous and tied, and a thousand
 * trivial agents beside two other engines. HOLD: J. G. Vaucher, P. Duval, "A comparison of simulation event list algorithms", CACM 18
 * (1975).
 *
 * The agents' model is the smallest in which an engine does all that an engine must: each of 1,000 wakes, draws Exp(1), and schedules
 * itself after that. A thousand: enough that the agenda shows (with ten, only calls would be timed), few enough that cache misses do not
 * decide. EVENTS in a round, in every engine: 500 wakes of each agent, so that the round, tens of ms for the fastest, is long beside the
 * clock's grain and a collection of garbage. A round goes on where the last one ended. The two sides in this process draw from the same
 * generator; simjs runs on its timers with callbacks, SimPy on generator processes. Ours also hashes each event, keeps its cause, and
 * rounds times up to whole ms. simjs loses an event at the end of each round (it takes it before it looks at the time), hence one agent
 * of the thousand a round: in its favour, and below a hundredth in all. Only events that were executed count.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { randomFrom } from '../../src/base/random.ts';
import { EventQueue } from '../../src/kernel/event-queue.ts';
import { createKernel, type Kernel } from '../../src/kernel/kernel.ts';
import { aimingAt, atLeast, type BenchRow, type Contender, fasterRow, interleave, skipped, speedRow } from './harness.ts';

const AGENTS = 1000;
/**
 * Mean waiting time of an agent on our kernel, in whole ms: long enough that few of the thousand tie. The others keep time in fractions:
 * mean 1.
 */
const MEAN_WAIT = 100_000;
const HOLDS = 400_000;
const EVENTS = 500_000;
/** Of the comparison between engines. */
const KERNEL_ROUNDS = 7;

/** Steps drawn beforehand, so that HOLD times the queue alone. */
function steps(draw: () => number): Float64Array {
  return Float64Array.from({ length: 65_536 }, draw);
}

/** `size` entries; each call of the contender does HOLDS holds on the same queue. */
function hold(size: number, table: Float64Array): Contender {
  const queue = new EventQueue();
  let sequence = 0;
  for (let i = 0; i < size; i += 1) queue.push(table[i & 65_535], 0, ++sequence);
  return () => {
    for (let i = 0; i < HOLDS; i += 1) {
      queue.pop();
      queue.push(queue.time + table[i & 65_535], 0, ++sequence);
    }
    return HOLDS;
  };
}

function holdRows(): BenchRow[] {
  const random = randomFrom(1, 'hold');
  const continuous = steps(() => random.exponential());
  const ones = steps(() => 1);
  const grid = steps(() => 1 + random.integer(20));
  const times = interleave({
    e2: hold(100, continuous),
    e3: hold(1000, continuous),
    e4: hold(10_000, continuous),
    e6: hold(1_000_000, continuous),
    ones3: hold(1000, ones),
    ones4: hold(10_000, ones),
    grid3: hold(1000, grid),
    grid4: hold(10_000, grid),
  });
  return [
    speedRow('hold, 100 pending', times.e2),
    speedRow('hold, 1,000 pending', times.e3),
    speedRow('hold, 10,000 pending', times.e4),
    speedRow('hold, 1,000,000 pending', times.e6),
    speedRow('hold, 1,000 pending, all steps 1', times.ones3),
    speedRow('hold, 10,000 pending, all steps 1', times.ones4),
    speedRow('hold, 1,000 pending, steps 1 to 20', times.grid3),
    speedRow('hold, 10,000 pending, steps 1 to 20', times.grid4),
    aimingAt(fasterRow('hold, time at 10,000 ÷ at 100', 'ratio', times.e2, times.e4), '≤ 2.5'),
    fasterRow(
      'hold, time at 1,000,000 ÷ at 10,000',
      'ratio',
      times.e4,
      times.e6,
      'cache misses at 10^6: moves with the load of the machine',
    ),
    aimingAt(fasterRow('hold at 1,000, steps 1 to 20 ÷ continuous', 'ratio', times.e3, times.grid3), '≤ 1.5'),
    aimingAt(fasterRow('hold at 10,000, all steps 1 ÷ continuous', 'ratio', times.e4, times.ones4), '≤ 1.5'),
  ];
}

/** Each agent wakes, draws how long it sleeps, and reschedules itself; the kernel hashes every event. */
function ownAgents(): Contender {
  const random = randomFrom(2, 'agents');
  const wait = () => Math.ceil(MEAN_WAIT * random.exponential());
  const kernel: Kernel<() => void> = createKernel<() => void>((wake) => wake());
  for (let i = 0; i < AGENTS; i += 1) {
    const wake = () => {
      kernel.schedule(wake, kernel.now + wait());
    };
    kernel.schedule(wake, wait());
  }
  return () => {
    const before = kernel.executed;
    kernel.run(kernel.now + (EVENTS / AGENTS) * MEAN_WAIT);
    return kernel.executed - before;
  };
}

interface SimjsEntity {
  setTimer(duration: number): { done(callback: () => void): unknown };
}
interface Simjs {
  readonly Entity: { readonly prototype: object };
  readonly Sim: new () => { simTime: number; simulate(until: number): void; addEntity(entity: unknown): void };
}

let loaded: Simjs | undefined;

/**
 * simjs speaks to browsers: it exports nothing but `window.Sim`, and that only when it is first required. It is among our dependencies: its
 * absence is an error, not a reason to skip.
 */
function loadSimjs(): Simjs {
  if (loaded !== undefined) return loaded;
  const door = globalThis as unknown as { window?: { Sim?: Simjs } };
  const before = door.window;
  door.window = {};
  try {
    createRequire(import.meta.url)('simjs');
    loaded = door.window.Sim;
  } finally {
    if (before === undefined) delete door.window;
    else door.window = before;
  }
  if (loaded === undefined) throw new Error('simjs was loaded and left no window.Sim');
  return loaded;
}

/** The same agents on simjs, with the same generator. Its entities are constructors whose prototype is Entity's. */
function simjsAgents(simjs: Simjs): Contender {
  const random = randomFrom(2, 'agents');
  let executed = 0;
  const sim = new simjs.Sim();
  function Agent(this: { sim: unknown }, world: unknown) {
    this.sim = world;
  }
  Agent.prototype = Object.create(simjs.Entity.prototype);
  Agent.prototype.start = function start(this: SimjsEntity & { wake(): void }) {
    this.setTimer(random.exponential()).done(this.wake);
  };
  Agent.prototype.wake = function wake(this: SimjsEntity & { wake(): void }) {
    executed += 1;
    this.setTimer(random.exponential()).done(this.wake);
  };
  for (let i = 0; i < AGENTS; i += 1) sim.addEntity(Agent);
  return () => {
    const before = executed;
    sim.simulate(sim.simTime + EVENTS / AGENTS);
    return executed - before;
  };
}

/** SimPy starts anew each round; it runs this long, in units of the mean wait, before it is timed. */
const WARM = 50;
const SIMPY = `
import random, time, simpy
random.seed(2)
env = simpy.Environment()
draw = random.expovariate
done = [0]
def agent(env):
    while True:
        yield env.timeout(draw(1.0))
        done[0] += 1
for _ in range(${AGENTS}):
    env.process(agent(env))
env.run(until=${WARM})
done[0] = 0
start = time.process_time()
env.run(until=${WARM + EVENTS / AGENTS})
print(done[0], (time.process_time() - start) * 1000)
`;

/** Debian's own Python: another interpreter on the path does not see Debian's packages. */
const PYTHONS = ['/usr/bin/python3', 'python3'];

/** The same agents on SimPy, in a child process that times itself without its start. */
function simpyAgents(): Contender | undefined {
  const python = PYTHONS.find((candidate) => spawnSync(candidate, ['-c', 'import simpy']).status === 0);
  if (python === undefined) return undefined;
  return () => {
    const [operations, cpuMs] = spawnSync(python, ['-c', SIMPY], { encoding: 'utf8' }).stdout.trim().split(' ').map(Number);
    return { operations, cpuMs };
  };
}

function kernelRows(): BenchRow[] {
  const simpy = simpyAgents();
  const contenders: Record<string, Contender> = { kernel: ownAgents(), simjs: simjsAgents(loadSimjs()) };
  if (simpy !== undefined) contenders.simpy = simpy;
  const times = interleave(contenders, KERNEL_ROUNDS);
  const rows = [
    speedRow('kernel, 1,000 agents', times.kernel),
    speedRow('simjs, 1,000 agents', times.simjs),
    atLeast(fasterRow('kernel ÷ simjs', 'times faster', times.kernel, times.simjs), 2.5),
  ];
  if (simpy === undefined) rows.push(skipped('kernel ÷ SimPy', 'no python3 with simpy (Debian: python3-simpy3)'));
  else {
    rows.push(speedRow('SimPy, 1,000 agents', times.simpy));
    rows.push(atLeast(fasterRow('kernel ÷ SimPy', 'times faster', times.kernel, times.simpy), 5));
  }
  return rows;
}

/** All rows of this file. */
export function holdBench(): BenchRow[] {
  return [...holdRows(), ...kernelRows()];
}
