/** The parts of a small world without its time: a dispatch to call verb by verb, and wallets to look into. */
import type { Action } from '../../src/agent/action.ts';
import type { Rejection } from '../../src/base/rejection.ts';
import { createKernel } from '../../src/kernel/kernel.ts';
import { OUTSIDE } from '../../src/ledger/ledger.ts';
import { Flow } from '../../src/market/flow.ts';
import type { EventKind } from '../../src/record/recorder.ts';
import { createDispatch } from '../../src/run/dispatch.ts';
import { createFacts } from '../../src/run/facts.ts';
import { buildParts, type Parts } from '../../src/scenario/build.ts';
import { builtIn, type SmallWorld, smallScenario } from './small-world.ts';

export const USD = 0;
export const TKN = 1;
export const GAS = 2;

export interface BenchWorld {
  readonly parts: Parts;
  readonly fair: Float64Array;
  readonly facts: readonly {
    readonly kind: EventKind;
    readonly actor: number;
    readonly subject: number;
    readonly numbers: readonly number[];
  }[];
  /** Opens a wallet with tokens. */
  wallet(name: string, tokens: { readonly [asset in 'USD' | 'TKN' | 'GAS']?: number }): number;
  /** Performs the actions as one bundle that stops at the first refusal, and answers the refusals so far: none, or one. */
  bundle(actor: number, ...actions: readonly Action[]): readonly Rejection[];
  /** Tokens in a wallet. */
  tokens(account: number, asset: number): number;
}

/** The world at time 0, nobody in it but those that the test brings. */
export function aBenchWorld(world: Partial<SmallWorld> = {}): BenchWorld {
  const facts: BenchWorld['facts'][number][] = [];
  const kernel = createKernel<never>(() => undefined);
  const told = createFacts(kernel, {
    event: (_seq, _at, _cause, kind, actor, subject, a, b, c, d) => void facts.push({ kind, actor, subject, numbers: [a, b, c, d] }),
  });
  const scenario = smallScenario({ agents: [], ...world });
  const fair = new Float64Array(3);
  const parts = buildParts(scenario, builtIn, 1, {
    now: () => kernel.now,
    fair: (asset) => fair[asset],
    flow: () => new Flow({ halfLife: 1, lag: 1, blockTime: 1 }),
    report: (...fact) => told.report(...fact),
  });
  const { ledger, venues, protocols, prices, oracles } = parts;
  for (const [asset, { start }] of prices.entries()) fair[asset] = start;
  for (const { oracle, venue, asset } of oracles) oracle.observe(venue < 0 ? fair[asset] : venues[venue].price(), 0);
  const { spread } = scenario.world.outside;
  const dispatch = createDispatch({ ledger, venues, protocols, fair, outsideSpread: spread, facts: told, now: () => kernel.now });
  const scale = ledger.assets.scale;
  return {
    parts,
    fair,
    facts,
    wallet(name, tokens) {
      const account = ledger.open(name, 'trader');
      for (const [asset, amount] of Object.entries(tokens)) {
        const id = ledger.assets.names.indexOf(asset);
        ledger.transfer(OUTSIDE, account, id, amount * scale[id]);
      }
      return account;
    },
    bundle(actor, ...actions) {
      dispatch.begin();
      for (const action of actions) {
        const refusal = dispatch.execute(action, actor);
        if (refusal !== undefined) return [refusal];
      }
      return [];
    },
    tokens: (account, asset) => ledger.balance(account, asset) / scale[asset],
  };
}
