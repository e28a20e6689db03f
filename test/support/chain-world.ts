import { type Rejection, reject } from '../../src/base/rejection.ts';
import { type ChainOptions, createChain } from '../../src/chain/block-chain.ts';
import type { Bundle, ChainHost } from '../../src/chain/chain.ts';
import { createAssets } from '../../src/ledger/assets.ts';
import { Journal } from '../../src/ledger/journal.ts';
import { Ledger, OUTSIDE } from '../../src/ledger/ledger.ts';

/** An action here: its gas and what it does. */
export interface Act {
  /** Changes nothing when it refuses. */
  readonly refusesFirst?: boolean;
  readonly gas: number;
  readonly run: () => Rejection | undefined;
}

export const USDC = 0;
export const ETH = 1;
export const BLOCK = 12_000;
export const WALLET = 1_000_000;

export function aWorld(options: Partial<ChainOptions> = {}) {
  const assets = createAssets([
    { name: 'USDC', decimals: 6 },
    { name: 'ETH', decimals: 9 },
  ]);
  const ledger = new Ledger(assets, new Journal());
  const albert = ledger.open('albert', 'trader');
  const mallory = ledger.open('mallory', 'attacker');
  for (const account of [albert, mallory]) ledger.transfer(OUTSIDE, account, ETH, WALLET);
  /** What the host heard. */
  const heard: string[] = [];
  const refusals: (Rejection | undefined)[] = [];
  const host: ChainHost<Act> = {
    gasOf: (act) => act.gas,
    refusesFirst: (act) => act.refusesFirst === true,
    begin: (bundle) => heard.push(`begin ${bundle.tag}`),
    execute: (act) => act.run(),
    end(bundle, refusal, gasPaid) {
      heard.push(`end ${bundle.tag} ${refusal?.rejected ?? 'kept'} ${gasPaid}`);
      refusals.push(refusal);
    },
  };
  const defaults: ChainOptions = {
    blockTime: BLOCK,
    order: 'fee',
    gasAsset: ETH,
    baseFee: 1,
    baseFeeMin: 0,
    gasLimit: 30_000_000,
    background: 1,
    flash: { fee: 0, funds: [{ asset: USDC, units: 1000 }] },
  };
  const chain = createChain({ ...defaults, ...options }, ledger, host);
  const proposer = ledger.names.indexOf('proposer');
  const lender = ledger.names.indexOf('flash-lender');
  let tag = 0;
  function send(bundle: Partial<Bundle<Act>>, at = 0): void {
    chain.submit({ actor: albert, actions: [], tip: 0, cause: 0, tag: ++tag, ...bundle }, at);
  }
  return { ledger, chain, albert, mallory, proposer, lender, heard, refusals, send };
}

/** An action that moves nothing. */
export function idle(gas: number): Act {
  return { gas, run: () => undefined };
}
/** An action without gas that does something. */
export function act(run: () => void): Act {
  return {
    gas: 0,
    run() {
      run();
      return undefined;
    },
  };
}
export const refuse: Act = { gas: 0, run: () => reject('NO') };
