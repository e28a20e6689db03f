/**
 * The chain: blocks at a fixed time, bundles in the order of a policy, gas paid to the proposer and burnt, flash loans, and atomicity by
 * the ledger's journal (BUNDLE-1). It does not know what an action is; the host does. Gas is paid before the bundle's first action and
 * outside the journal: so no action can spend it, and a bundle that fails has paid.
 */
import { assert, fault } from '../base/fault.ts';
import type { ParamSchema } from '../base/params.ts';
import { type Rejection, reject } from '../base/rejection.ts';
import type { AssetId, Ms, Ratio, Units } from '../base/units.ts';
import { type Ledger, OUTSIDE } from '../ledger/ledger.ts';
import type { Bundle, Chain, ChainHost, FlashLoan } from './chain.ts';
import { backgroundGasDown, ELASTICITY, gasFeeUp, nextBaseFee, tipDown } from './fee-market.ts';
import { createFlashLender, type FlashOptions, flashFeeUp } from './flash-lender.ts';
import { Mempool, type Waiting } from './mempool.ts';
import { type OrderName, orderings } from './ordering.ts';

/** Gas of any transaction, before it does anything (Ethereum yellow paper, G_transaction). */
export const TRANSACTION_GAS = 21_000;
/**
 * Gas of one flash loan: what a second asset adds to a loan of one in Aave v3's gas report, 325,455 − 197,361
 * (aave-dao/aave-v3-origin snapshots/Pool.Operations.json, "flash loan for two assets", "… for one asset").
 */
export const FLASH_GAS = 128_094;

/** What a scenario may say of its chain; flash loans apart. Fees are in units of the gas asset per gas: gwei where it has 9 decimals. */
export const chainParams = {
  blockTime: {
    kind: 'duration',
    range: [1, 86_400_000],
    default: 12_000,
    doc: 'time between blocks; 12 s is a slot of Ethereum (consensus-specs, SECONDS_PER_SLOT)',
  },
  order: {
    kind: 'choice',
    options: ['fee', 'arrival'],
    default: 'fee',
    doc: 'who goes first in a block: the better tip, or who came first',
  },
  gasAsset: { kind: 'asset', optional: true, doc: 'what gas is paid in; without it gas is free, and only the gas limit remains' },
  baseFee: {
    kind: 'number',
    unit: 'unit/gas',
    range: [0, 1e6],
    default: 1,
    doc: 'base fee of the first block; 1 gwei is INITIAL_BASE_FEE of EIP-1559',
  },
  baseFeeMin: {
    kind: 'number',
    unit: 'unit/gas',
    range: [0, 1e6],
    default: 7e-9,
    doc: 'the base fee never falls below; at 7 wei an eighth rounds to nothing in EIP-1559',
  },
  gasLimit: {
    kind: 'integer',
    unit: 'gas',
    range: [TRANSACTION_GAS, 1e12],
    default: 30_000_000,
    doc: "most gas of a block, twice the target; Ethereum's of 2021 to 2024 (ethereum.org, gas and fees)",
  },
  background: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1.99],
    default: 1,
    doc: 'gas used by others, as a part of the target; at 1 the base fee of an otherwise empty chain stays',
  },
} as const satisfies ParamSchema;

export interface ChainOptions {
  readonly blockTime: Ms;
  readonly order: OrderName;
  /** Undefined: nobody pays for gas, and the base fee is 0. */
  readonly gasAsset?: AssetId | undefined;
  readonly baseFee: number;
  readonly baseFeeMin: number;
  readonly gasLimit: number;
  readonly background: Ratio;
  readonly flash: FlashOptions;
}

/**
 * Builds a chain before its first block. Opens the accounts `proposer`, which earns the tips, and `flash-lender`; base fees go outside.
 *
 * What the host hears of a bundle: `begin`, `execute` …, `end`; only `end` when it never started, with gas 0 for
 * EXPIRED (`until` is past) · GAS_OVER_LIMIT (no block could hold it) · GAS_UNAFFORDABLE (the wallet has less than its gas), and with its
 * gas for FLASH_AMOUNT and FLASH_SHORT. After the actions it may fail with FLASH_UNPAID or REQUIRE_UNMET.
 *
 * @throws CHAIN_OPTIONS  the block time is no whole number above 0, or nothing is left of the gas limit beside the background
 */
export function createChain<A>(options: ChainOptions, ledger: Ledger, host: ChainHost<A>): Chain<A> {
  const { blockTime, gasAsset, gasLimit } = options;
  const { journal } = ledger;
  const target = gasLimit / ELASTICITY;
  const background = backgroundGasDown(options.background, target);
  /** Gas of a block that agents of this world may use. */
  const capacity = gasLimit - background;
  assert(Number.isInteger(blockTime) && blockTime > 0, 'CHAIN_OPTIONS', { blockTime });
  assert(capacity > 0 && background >= 0, 'CHAIN_OPTIONS', { gasLimit, background: options.background });

  const proposer = ledger.open('proposer', 'proposer');
  const lender = createFlashLender(ledger, options.flash);
  const mempool = new Mempool<A>(orderings[options.order]);
  let block = 0;
  let baseFee = gasAsset === undefined ? 0 : Math.max(options.baseFee, options.baseFeeMin);
  /** Of the block being made. */
  let now: Ms = 0;
  let room = 0;
  let held = 0;

  function gasOf(bundle: Pick<Bundle<A>, 'actions' | 'flash'>): number {
    let gas = TRANSACTION_GAS + (bundle.flash === undefined ? 0 : bundle.flash.length * FLASH_GAS);
    for (let i = 0; i < bundle.actions.length; i++) gas += host.gasOf(bundle.actions[i]);
    return gas;
  }

  /**
   * Takes the fee of `gas` from the actor's wallet: the tip, rounded down, to the proposer and the rest outside. −1 if the wallet has less.
   */
  function payGas(bundle: Bundle<A>, gas: number): Units {
    if (gasAsset === undefined) return 0;
    const fee = gasFeeUp(gas, baseFee + bundle.tip);
    if (ledger.balance(bundle.actor, gasAsset) < fee) return -1;
    const tip = Math.min(tipDown(gas, bundle.tip), fee);
    ledger.transfer(bundle.actor, proposer, gasAsset, tip);
    ledger.transfer(bundle.actor, OUTSIDE, gasAsset, fee - tip);
    return fee;
  }

  function tellLoans(bundle: Bundle<A>, loans: readonly FlashLoan[]): void {
    for (let i = 0; i < loans.length; i++) {
      const units = lender.lentUnits(i);
      host.lent?.(bundle, loans[i].asset, units, flashFeeUp(units, options.flash.fee));
    }
  }

  /** Everything that a failure takes back. */
  function perform(bundle: Bundle<A>): Rejection | undefined {
    const { actor, actions, flash, require } = bundle;
    const before = require === undefined ? 0 : ledger.balance(actor, require.asset);
    let refusal = flash === undefined ? undefined : lender.lend(actor, flash);
    if (refusal !== undefined) return refusal;
    host.begin(bundle);
    if (flash !== undefined) tellLoans(bundle, flash);
    for (let i = 0; i < actions.length; i++) {
      refusal = host.execute(actions[i], bundle);
      if (refusal !== undefined) return refusal;
    }
    if (flash !== undefined) {
      refusal = lender.collect(actor, flash);
      if (refusal !== undefined) return refusal;
    }
    if (require === undefined) return undefined;
    const gain = ledger.balance(actor, require.asset) - before;
    // Written so that a NaN is unmet too.
    return gain >= require.gainMin
      ? undefined
      : reject('REQUIRE_UNMET', { asset: ledger.assets.names[require.asset], gainUnits: gain, gainMinUnits: require.gainMin });
  }

  /** All of the bundle or nothing of it; a fault leaves the journal closed and everything undone. */
  function attempt(bundle: Bundle<A>): Rejection | undefined {
    journal.begin();
    try {
      const refusal = perform(bundle);
      if (refusal === undefined) journal.commit();
      else journal.undo();
      return refusal;
    } catch (broken) {
      if (journal.open) journal.undo();
      throw broken;
    }
  }

  function refuse(bundle: Bundle<A>, refusal: Rejection): true {
    host.end(bundle, refusal, 0);
    return true;
  }

  /** Whether the bundle is dealt with, for good or ill; false: it waits for another block. */
  function take(bundle: Waiting<A>): boolean {
    const { gas } = bundle;
    if (bundle.until !== undefined && bundle.until < now) return refuse(bundle, reject('EXPIRED', { untilMs: bundle.until, blockMs: now }));
    if (gas > room) return gas > capacity && refuse(bundle, reject('GAS_OVER_LIMIT', { gas, gasMax: capacity }));
    const paid = payGas(bundle, gas);
    if (paid < 0) return refuse(bundle, unaffordable(bundle, gas));
    room -= gas;
    held++;
    const refusal = attempt(bundle);
    host.end(bundle, refusal, paid);
    return true;
  }

  function unaffordable(bundle: Bundle<A>, gas: number): Rejection {
    const asset = gasAsset as AssetId;
    return reject('GAS_UNAFFORDABLE', { feeUnits: gasFeeUp(gas, baseFee + bundle.tip), heldUnits: ledger.balance(bundle.actor, asset) });
  }

  function moveBaseFee(used: number): void {
    if (gasAsset !== undefined) baseFee = nextBaseFee(baseFee, used + background, target, options.baseFeeMin);
  }

  function produce(at: Ms): number {
    const number = at / blockTime;
    if (!(Number.isInteger(number) && number > block)) fault('CHAIN_BLOCK_TIME', { at, blockTime, lastBlock: block });
    // Blocks that nobody asked for had nothing but the background in them.
    while (++block < number) moveBaseFee(0);
    now = at;
    room = capacity;
    held = 0;
    mempool.drain(at, take);
    moveBaseFee(capacity - room);
    return held;
  }

  return {
    blockTime,
    get block() {
      return block;
    },
    get baseFee() {
      return baseFee;
    },
    get waiting() {
      return mempool.size;
    },
    submit: (bundle, at) => mempool.submit(bundle, gasOf(bundle), at),
    produce,
    gasOf,
  };
}
