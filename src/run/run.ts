/**
 * One run: a scenario and a seed in, an outcome out. Synchronous and closed: it reads no clock and no file, so the same scenario, seed and
 * code give the same bits in any thread, worker or browser (SIM-1, SIM-3).
 */
import type { Registry } from '../agent/registry.ts';
import { fault, isFault } from '../base/fault.ts';
import { type Claims, createAttribution } from '../ledger/attribution.ts';
import { createMemoryRecorder } from '../record/memory.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { checkLaws } from './laws.ts';
import type { Outcome, PartyLine, RunError, RunOptions } from './outcome.ts';
import { createWorld, type World } from './world.ts';

/** PNL-1 holds to rounding of float64 sums: this part of everything that changed hands, and a last digit or two of everything held. */
const PNL_TOLERANCE = 1e-9;
const HELD_TOLERANCE = 1e-14;

/** Runs a scenario. Never throws for what happens inside: a fault ends the run, and the outcome says where. */
export function runScenario(scenario: Scenario, registry: Registry, { seed, trace, checkEvery }: RunOptions): Outcome {
  const recorder = createMemoryRecorder();
  const world = createWorld(scenario, registry, { seed, trace, recorder, checkEvery, check: checkLaws });
  const attribution = createAttribution(world.parts.ledger);
  attribution.snapshotStart(claimsOf(world));
  let stop: Outcome['stop'] = 'fault';
  let error: RunError | undefined;
  let parties: readonly PartyLine[] = [];
  let metrics: Record<string, number> = {};
  try {
    stop = world.run() === 'drained' ? 'drained' : 'horizon';
    world.priceReceipts();
    for (const protocol of world.parts.protocols) protocol.reportOpenShortfalls();
    parties = finalAccount(world, attribution);
    metrics = world.metrics.close(parties, attribution.netUnits, world.chain.leftOut);
    if (checkEvery > 0) {
      checkLaws(world);
      checkConservation(parties, world);
    }
  } catch (thrown) {
    stop = 'fault';
    error = describe(thrown, world, seed);
  }
  return {
    status: error === undefined ? 'done' : 'failed',
    stop,
    traceHash: world.kernel.traceHash(),
    metrics: error === undefined ? metrics : {},
    parties: error === undefined ? parties : [],
    events: recorder.events(),
    samples: recorder.samples(),
    ...(error === undefined ? {} : { error }),
    names: namesOf(world),
    endMs: world.kernel.now,
    executed: world.kernel.executed,
  };
}

function finalAccount({ parts, fair }: World, attribution: ReturnType<typeof createAttribution>): readonly PartyLine[] {
  const { ledger } = parts;
  return attribution.parties(fair, claimsOf({ parts })).map(({ account, role, asset, startUnits, endUnits, profitUsd }) => ({
    account: ledger.names[account],
    role,
    asset: ledger.assets.names[asset],
    startUnits,
    endUnits,
    profitUsd,
  }));
}

/** Every claim of one account on another: pool shares, deposits, collateral and debt. */
function claimsOf({ parts: { venues, protocols } }: Pick<World, 'parts'>): Claims {
  return (visit) => {
    for (const venue of venues) venue.claims((provider, asset, units) => visit(provider, venue.account, asset, units));
    for (const protocol of protocols) protocol.claims(visit);
  };
}

/** PNL-1: gains and losses of all parties at fair prices sum to zero. */
function checkConservation(parties: readonly PartyLine[], { parts: { ledger }, fair }: World): void {
  const { names, scale } = ledger.assets;
  let sum = 0;
  let gross = 0;
  let held = 0;
  for (const { asset, startUnits, endUnits, profitUsd } of parties) {
    const id = names.indexOf(asset);
    sum += profitUsd;
    gross += Math.abs(profitUsd);
    held += ((Math.abs(startUnits) + Math.abs(endUnits)) / scale[id]) * fair[id];
  }
  if (Math.abs(sum) > gross * PNL_TOLERANCE + held * HELD_TOLERANCE) fault('LAW PNL-1', { sum, gross, held });
}

function describe(thrown: unknown, { kernel, crowd }: World, seed: number): RunError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const code = crowd.acting !== undefined ? 'AGENT_THREW' : isFault(thrown) ? thrown.code : 'FAULT';
  const where = crowd.acting === undefined ? '' : `${crowd.acting}: `;
  return { code, message: `${where}${message}`, event: kernel.current, atMs: kernel.now, seed };
}

function namesOf({ parts, refusals }: World): Outcome['names'] {
  const { ledger, venues, oracles, protocols, agents } = parts;
  const { names: assets, decimals } = ledger.assets;
  return {
    accounts: ledger.names,
    assets,
    decimals,
    venues: venues.map(({ name }) => name),
    oracles: oracles.map(({ name }) => name),
    agents: agents.map(({ self }) => self.name),
    markets: protocols.flatMap((protocol) => protocol.markets.map(({ name }) => `${protocol.name}/${name}`)),
    contracts: protocols.flatMap((protocol) => protocol.contracts.map(({ name }) => `${protocol.name}/${name}`)),
    positions: positionNames(parts),
    refusals,
  };
}

/** By the number that facts use: position · protocols + protocol. */
function positionNames({ protocols, ledger }: World['parts']): string[] {
  const most = Math.max(0, ...protocols.map(({ positions }) => positions));
  return Array.from({ length: most * protocols.length }, (_, number) => {
    const protocol = protocols[number % protocols.length];
    const position = Math.floor(number / protocols.length);
    if (position >= protocol.positions) return '';
    const sub = protocol.subOf(position);
    return `${protocol.name}/${ledger.names[protocol.ownerOf(position)]}${sub === 0 ? '' : `#${sub}`}`;
  });
}
