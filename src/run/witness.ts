/**
 * How a few positions stood through a run, as their protocol saw them: after every block, and at every fact of theirs. A liquidation is
 * told before it is carried out, so that what is seen there is what allowed it. The run is made for the looks alone and is the same for
 * being looked at: questions change nothing.
 */
import type { Registry } from '../agent/registry.ts';
import type { Ms, Ratio, Usd, UsdPrice } from '../base/units.ts';
import { createMemoryRecorder } from '../record/memory.ts';
import { DEEDS, type EventKind, FORCED } from '../record/recorder.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { createWorld, type World } from './world.ts';

/** Something that a position holds, or owes. */
export interface Holding {
  /** Of an asset or a contract. */
  readonly name: string;
  /** Tokens (of a contract those of its underlying); negative for what is owed and for who is short. */
  readonly amount: number;
  /** USD per token. */
  readonly mark: UsdPrice;
  /** Of a contract whose mark does not move with its underlying alone: what that is, and its mark. */
  readonly underlying?: { readonly name: string; readonly mark: UsdPrice };
}

export interface Look {
  readonly at: Ms;
  /** What was told just then; `block` at the end of one. */
  readonly when: EventKind | 'block';
  readonly healthFactor: Ratio;
  readonly equity: Usd;
  /** Equity that maintenance asks for. */
  readonly required: Usd;
  readonly holdings: readonly Holding[];
  /** Of an account of contracts: its cash in tokens, less the funding that has run up. Nothing where the protocol has no contracts. */
  readonly cash?: Pick<Holding, 'name' | 'amount'>;
}

/** Looks by the number that facts give a position, in order. */
export type Looks = ReadonlyMap<number, readonly Look[]>;

/** @param positions  by the numbers that facts give them */
export function witness(scenario: Scenario, registry: Registry, seed: number, positions: readonly number[]): Looks {
  const looks = new Map<number, Look[]>(positions.map((position) => [position, []]));
  let block = 0;
  const look = (world: World, number: number, when: Look['when']) => {
    const seen = lookAt(world, number, when);
    if (seen !== undefined) looks.get(number)?.push(seen);
  };
  const world: World = createWorld(scenario, registry, {
    seed,
    trace: 'none',
    recorder: createMemoryRecorder(),
    checkEvery: 1,
    // Only the end of a block finds the books up to date.
    check() {
      if (world.chain.block === block) return;
      block = world.chain.block;
      for (const number of positions) look(world, number, 'block');
    },
    heard(kind, actor, subject) {
      for (const number of positions) if (concerns(world, number, kind, actor, subject)) look(world, number, kind);
    },
  });
  try {
    world.run();
  } catch {
    // A run that fails does so again: what was seen before is what there is to see.
  }
  return looks;
}

function concerns({ parts: { protocols } }: World, number: number, kind: EventKind, actor: number, subject: number): boolean {
  if (FORCED.includes(kind)) return subject === number;
  if (!DEEDS.includes(kind) && kind !== 'contract-trade') return false;
  const protocol = protocols[number % protocols.length];
  const position = Math.floor(number / protocols.length);
  return position < protocol.positions && protocol.ownerOf(position) === actor;
}

function lookAt({ parts: { protocols, ledger }, kernel }: World, number: number, when: Look['when']): Look | undefined {
  const protocol = protocols[number % protocols.length];
  const position = Math.floor(number / protocols.length);
  if (position >= protocol.positions) return undefined;
  const at = kernel.now;
  const { scale } = ledger.assets;
  const { healthFactor, equity, required } = protocol.health(position, at);
  const holdings: Holding[] = [];
  const settle = protocol.markets[protocol.settle];
  const cash = settle === undefined ? {} : { cash: { name: settle.name, amount: protocol.quoteOf(position) / scale[settle.asset] } };
  for (const { index, asset, name } of protocol.markets) {
    const owed = protocol.debtOf(position, asset) + (index === protocol.settle ? Math.max(0, -protocol.quoteOf(position)) : 0);
    const units = protocol.collateralOf(position, asset) - owed;
    if (units !== 0) holdings.push({ name, amount: units / scale[asset], mark: protocol.oracleUsd(index, at) });
  }
  for (const [contract, { name, market, linear }] of protocol.contracts.entries()) {
    const size = protocol.sizeOf(position, contract);
    if (size === 0) continue;
    const { name: asset, scale: units } = protocol.markets[market];
    const underlying = linear ? {} : { underlying: { name: asset, mark: protocol.oracleUsd(market, at) } };
    holdings.push({ name, amount: size / units, mark: protocol.contractMark(contract) * units, ...underlying });
  }
  return { at, when, healthFactor, equity, required, holdings, ...cash };
}
