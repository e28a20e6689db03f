/**
 * The laws of a whole world, by name: what must hold at any moment of any run. Used by property tests and by `--check`, which evaluates
 * all of them every so many events. Laws of one floor are written on that floor; this list joins them.
 */
import { fault } from '../base/fault.ts';
import type { Ms } from '../base/units.ts';
import { OUTSIDE } from '../ledger/ledger.ts';
import { protocolInvariants } from '../protocol/invariants.ts';
import type { World } from './world.ts';

/** A named law: what must be so, and what was found where it is not. */
export interface Law {
  readonly id: string;
  readonly sentence: string;
  /** The numbers of the breach, or undefined. */
  broken(world: World): Readonly<Record<string, unknown>> | undefined;
}

const ledgerSum: Law = {
  id: 'LEDGER-1',
  sentence: 'Each asset sums to zero over all accounts, the outside included.',
  broken({ parts: { ledger } }) {
    for (const [asset, name] of ledger.assets.names.entries()) {
      const total = ledger.total(asset);
      if (total !== 0) return { asset: name, total };
    }
    return undefined;
  },
};

const noOverdraft: Law = {
  id: 'LEDGER-2',
  sentence: 'No account but the outside is negative.',
  broken({ parts: { ledger } }) {
    for (let asset = 0; asset < ledger.assets.count; asset++) {
      for (let account = 0; account < ledger.accounts; account++) {
        const balance = ledger.balance(account, asset);
        if (account !== OUTSIDE && balance < 0) return { account: ledger.names[account], asset: ledger.assets.names[asset], balance };
      }
    }
    return undefined;
  },
};

const readingAge: Law = {
  id: 'ORA-1',
  sentence: 'A reading is never younger than its observation, nor published in the future.',
  broken({ parts: { oracles }, kernel }) {
    const now: Ms = kernel.now;
    for (const { name, oracle } of oracles) {
      const { observedAt, publishedAt, valid } = oracle.read(now);
      if (valid && !(observedAt <= publishedAt && publishedAt <= now)) return { oracle: name, observedAt, publishedAt, now };
    }
    return undefined;
  },
};

const WORLD: readonly Law[] = [ledgerSum, noOverdraft, readingAge];

/** Those of the protocol floor, but for the two that the world's ledger answers for as a whole. */
const PROTOCOLS: readonly Law[] = protocolInvariants
  .filter(({ id }) => WORLD.every((law) => law.id !== id))
  .map(({ id, sentence, check }) => ({
    id,
    sentence,
    broken({ parts }) {
      for (const protocol of parts.protocols) {
        const detail = check(protocol);
        if (detail !== undefined) return { protocol: protocol.name, ...detail };
      }
      return undefined;
    },
  }));

/** Every law that can be checked in the middle of a run. */
export const LAWS: readonly Law[] = [...WORLD, ...PROTOCOLS];

/** Ends the run with the law's name and numbers if any law is broken. */
export function checkLaws(world: World): void {
  for (const { id, broken } of LAWS) {
    const detail = broken(world);
    if (detail !== undefined) fault(`LAW ${id}`, detail);
  }
}
