/**
 * The chain: blocks at a fixed time, bundles in the order of a policy, gas paid to the proposer and burnt, flash loans, and atomicity by
 * the ledger's journal (BUNDLE-1). It does not know what an action is; the host does. Gas is paid before the bundle's first action and
 * outside the journal: so no action can spend it, and a bundle that fails has paid.
 */
import { assert, fault } from '../base/fault.ts';
import { type Random, randomFrom } from '../base/random.ts';
import { type Rejection, reject } from '../base/rejection.ts';
import type { AccountId, AssetId, Ms, Ratio, Units } from '../base/units.ts';
import type { Journal } from '../ledger/journal.ts';
import { type Ledger, OUTSIDE } from '../ledger/ledger.ts';
import type { Bundle, Chain, ChainHost, FlashLoan } from './chain.ts';
import { TRANSACTION_GAS } from './chain-params.ts';
import { Demand, type DemandOptions } from './demand.ts';
import { backgroundGasDown, ELASTICITY, gasFeeUp, nextBaseFee, tipDown } from './fee-market.ts';
import { createFlashLender, type FlashLender, type FlashOptions, flashFeeUp } from './flash-lender.ts';
import { Mempool, TIP_BUMP, type Waiting } from './mempool.ts';
import { type OrderName, orderings } from './ordering.ts';
import { type ProposerShare, Proposers } from './proposers.ts';

/**
 * Gas of one flash loan: what a second asset adds to a loan of one in Aave v3's gas report, 325,455 − 197,361
 * (aave-dao/aave-v3-origin snapshots/Pool.Operations.json, "flash loan for two assets", "… for one asset").
 */
export const FLASH_GAS = 128_094;

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
  /** Others who bid for room, in place of `background`. */
  readonly demand?: DemandOptions | undefined;
  readonly proposers?: readonly ProposerShare[] | undefined;
  /** Blocks. */
  readonly lookAhead?: number | undefined;
  readonly builders?: Ratio | undefined;
  /** For lots, proposers, builders and luck, each a stream of its own; needed where one of them is. */
  readonly random?: Random | undefined;
}

/** Blocks of an epoch of Ethereum (consensus-specs, SLOTS_PER_EPOCH). */
const EPOCH = 32;

/** A class and not closures, as in `run/facts.ts`. */
class BlockChain<A> implements Chain<A> {
  readonly blockTime: Ms;
  block = 0;
  baseFee: number;
  leftOut = 0;
  private readonly options: ChainOptions;
  private readonly ledger: Ledger;
  private readonly journal: Journal;
  private readonly host: ChainHost<A>;
  private readonly gasAsset: AssetId | undefined;
  private readonly target: number;
  private readonly demand: Demand | undefined;
  private readonly background: number;
  /** Gas of a block that agents of this world may use. */
  private readonly capacity: number;
  private readonly proposer: AccountId;
  private readonly lender: FlashLender;
  private readonly mempool: Mempool<A>;
  private readonly proposers: Proposers;
  private readonly lookAhead: number;
  private readonly builders: Ratio;
  private readonly builderLots: Random;
  private readonly luck: Random;
  private readonly byTip: boolean;
  /** Bids are sealed: all bundles are as private ones. */
  private readonly sealed: boolean;
  /** Of the block being made. */
  private now: Ms = 0;
  private room = 0;
  private held = 0;
  /** Where in the block we are; bundles that ask for a place of their own are the first and the last. */
  private stage: 'first' | 'middle' | 'last' = 'middle';
  /** Bundles that wait for a place. */
  private placed = 0;
  private built = true;
  private readonly offer = (bundle: Waiting<A>): boolean => this.take(bundle);

  constructor(options: ChainOptions, ledger: Ledger, host: ChainHost<A>) {
    const { blockTime, gasAsset, gasLimit } = options;
    this.options = options;
    this.ledger = ledger;
    this.journal = ledger.journal;
    this.host = host;
    this.blockTime = blockTime;
    this.gasAsset = gasAsset;
    this.target = gasLimit / ELASTICITY;
    this.demand = options.demand === undefined ? undefined : new Demand(options.demand);
    this.background = this.demand === undefined ? backgroundGasDown(options.background, this.target) : 0;
    this.capacity = gasLimit - this.background;
    assert(Number.isInteger(blockTime) && blockTime > 0, 'CHAIN_OPTIONS', { blockTime });
    assert(this.capacity > 0 && this.background >= 0, 'CHAIN_OPTIONS', { gasLimit, background: options.background });
    this.proposer = ledger.open('proposer', 'proposer');
    this.lender = createFlashLender(ledger, options.flash);
    const random = options.random ?? randomFrom(0, 'chain');
    this.mempool = new Mempool<A>(orderings[options.order], options.order === 'random' ? random.split('lots') : undefined);
    this.proposers = new Proposers(options.proposers ?? [], random.split('proposers'));
    this.lookAhead = options.lookAhead ?? EPOCH;
    this.builders = options.builders ?? 1;
    this.builderLots = random.split('builders');
    this.luck = random.split('luck');
    this.sealed = options.order === 'auction';
    this.byTip = options.order === 'fee' || this.sealed;
    this.baseFee = gasAsset === undefined ? 0 : Math.max(options.baseFee, options.baseFeeMin);
  }

  /** Bundles waiting. */
  get waiting(): number {
    return this.mempool.size;
  }

  proposes(account: AccountId, number: number): boolean {
    return number <= this.block + this.lookAhead && this.proposers.makes(account, number);
  }

  gasOf(bundle: Pick<Bundle<A>, 'actions' | 'flash'>): number {
    let gas = TRANSACTION_GAS + (bundle.flash === undefined ? 0 : bundle.flash.length * FLASH_GAS);
    for (let i = 0; i < bundle.actions.length; i++) gas += this.host.gasOf(bundle.actions[i]);
    return gas;
  }

  /**
   * Takes the fee of `gas` from the actor's wallet: the tip, rounded down, to the proposer and the rest outside. −1 if the wallet has less.
   */
  private payGas(bundle: Bundle<A>, gas: number): Units {
    if (this.gasAsset === undefined) return 0;
    const fee = gasFeeUp(gas, this.baseFee + bundle.tip);
    if (this.ledger.balance(bundle.actor, this.gasAsset) < fee) return -1;
    const tip = Math.min(tipDown(gas, bundle.tip), fee);
    this.ledger.transfer(bundle.actor, this.proposer, this.gasAsset, tip);
    this.ledger.transfer(bundle.actor, OUTSIDE, this.gasAsset, fee - tip);
    return fee;
  }

  private tellLoans(bundle: Bundle<A>, loans: readonly FlashLoan[]): void {
    for (let i = 0; i < loans.length; i++) {
      const units = this.lender.lentUnits(i);
      this.host.lent?.(bundle, loans[i].asset, units, flashFeeUp(units, this.options.flash.fee));
    }
  }

  /** Everything that a failure takes back. */
  private perform(bundle: Bundle<A>): Rejection | undefined {
    const { actor, actions, flash, require } = bundle;
    const before = require === undefined ? 0 : this.ledger.balance(actor, require.asset);
    let refusal = flash === undefined ? undefined : this.lender.lend(actor, flash);
    if (refusal !== undefined) return refusal;
    this.host.begin(bundle);
    if (flash !== undefined) this.tellLoans(bundle, flash);
    for (let i = 0; i < actions.length; i++) {
      refusal = this.host.execute(actions[i], bundle);
      if (refusal !== undefined) return refusal;
    }
    if (flash !== undefined) {
      refusal = this.lender.collect(actor, flash);
      if (refusal !== undefined) return refusal;
    }
    if (require === undefined) return undefined;
    const gain = this.ledger.balance(actor, require.asset) - before;
    // Written so that a NaN is unmet too.
    return gain >= require.gainMin
      ? undefined
      : reject('REQUIRE_UNMET', { asset: this.ledger.assets.names[require.asset], gainUnits: gain, gainMinUnits: require.gainMin });
  }

  /** Whether there is nothing to undo whatever comes of it: an undo log for each trade of a market is a twentieth of its run. */
  private refusesFirst({ actions, flash, require }: Bundle<A>): boolean {
    return actions.length === 1 && flash === undefined && require === undefined && this.host.refusesFirst?.(actions[0]) === true;
  }

  /** All of the bundle or nothing of it; a fault leaves the journal closed, and what the journal had taken down undone. */
  private attempt(bundle: Bundle<A>): Rejection | undefined {
    if (this.refusesFirst(bundle)) {
      this.host.begin(bundle);
      return this.host.execute(bundle.actions[0], bundle);
    }
    this.journal.begin();
    try {
      const refusal = this.perform(bundle);
      if (refusal === undefined) this.journal.commit();
      else this.journal.undo();
      return refusal;
    } catch (broken) {
      if (this.journal.open) this.journal.undo();
      throw broken;
    }
  }

  private refuse(bundle: Bundle<A>, refusal: Rejection): true {
    this.host.end(bundle, refusal, 0);
    return true;
  }

  /** Whether those of others who would pay as much leave room for it. */
  private findsRoom({ gas, tip }: Waiting<A>): boolean {
    // Its own bundles a proposer puts where it likes.
    if (this.demand === undefined || this.stage !== 'middle') return gas <= this.room;
    if (this.byTip) return this.capacity - this.room + gas + this.demand.gasAbove(this.baseFee + tip) <= this.capacity;
    // Neither money nor a place in line helps against a crowd: as many of them come first as behind.
    const wanted = this.demand.gasAbove(this.baseFee);
    return gas <= this.room && (wanted <= this.capacity || this.luck.uniform() * wanted < this.capacity);
  }

  /** Whether a bundle that is not sent like any other may be in this block, here. */
  private belongsHere({ actor, manner }: Waiting<A>): boolean {
    if (manner?.private === true && !this.built) return false;
    if (manner?.place === undefined) return this.stage === 'middle';
    return manner.place === this.stage && this.proposers.makes(actor, this.block);
  }

  /** Whether the bundle is dealt with, for good or ill; false: it waits for another block. */
  private take(bundle: Waiting<A>): boolean {
    const { gas, manner } = bundle;
    if (bundle.until !== undefined && bundle.until < this.now)
      return this.dismiss(bundle, reject('EXPIRED', { untilMs: bundle.until, blockMs: this.now }));
    if ((manner !== undefined || this.stage !== 'middle') && !this.belongsHere(bundle)) return false;
    if (gas > this.capacity) return this.dismiss(bundle, reject('GAS_OVER_LIMIT', { gas, gasMax: this.capacity }));
    if (!this.findsRoom(bundle)) {
      this.leftOut++;
      return false;
    }
    if (manner?.place !== undefined) this.placed--;
    if (this.sealed || manner?.private === true) return this.takePrivate(bundle, gas);
    const paid = this.payGas(bundle, gas);
    if (paid < 0) return this.refuse(bundle, this.unaffordable(bundle, gas));
    this.room -= gas;
    this.held++;
    const refusal = this.attempt(bundle);
    this.host.end(bundle, refusal, paid);
    return true;
  }

  /** As `refuse`, of one that may have waited for a place. */
  private dismiss(bundle: Waiting<A>, refusal: Rejection): true {
    if (bundle.manner?.place !== undefined) this.placed--;
    return this.refuse(bundle, refusal);
  }

  /** Pays within the journal: if it fails, the builder leaves it out, and nobody has seen it. */
  private takePrivate(bundle: Waiting<A>, gas: number): true {
    this.journal.begin();
    try {
      const paid = this.payGas(bundle, gas);
      const refusal = paid < 0 ? this.unaffordable(bundle, gas) : this.perform(bundle);
      if (refusal === undefined) {
        this.journal.commit();
        this.room -= gas;
        this.held++;
      } else this.journal.undo();
      this.host.end(bundle, refusal, refusal === undefined ? paid : 0);
      return true;
    } catch (broken) {
      if (this.journal.open) this.journal.undo();
      throw broken;
    }
  }

  private unaffordable(bundle: Bundle<A>, gas: number): Rejection {
    const asset = this.gasAsset as AssetId;
    return reject('GAS_UNAFFORDABLE', {
      feeUnits: gasFeeUp(gas, this.baseFee + bundle.tip),
      heldUnits: this.ledger.balance(bundle.actor, asset),
    });
  }

  private moveBaseFee(used: number): void {
    if (this.gasAsset === undefined) return;
    const others = this.demand === undefined ? this.background : Math.min(this.demand.gasAbove(this.baseFee), this.capacity - used);
    this.baseFee = nextBaseFee(this.baseFee, used + others, this.target, this.options.baseFeeMin);
  }

  produce(at: Ms): number {
    const number = at / this.blockTime;
    if (!(Number.isInteger(number) && number > this.block))
      fault('CHAIN_BLOCK_TIME', { at, blockTime: this.blockTime, lastBlock: this.block });
    // Blocks that nobody asked for had nothing but the background in them.
    while (++this.block < number) {
      this.enter(this.block * this.blockTime);
      this.moveBaseFee(0);
    }
    this.enter(at);
    this.now = at;
    this.room = this.capacity;
    this.held = 0;
    if (this.placed > 0 && this.proposers.of(this.block) >= 0) this.drainAs('first');
    this.drainAs('middle');
    if (this.placed > 0 && this.proposers.of(this.block) >= 0) this.drainAs('last');
    this.moveBaseFee(this.capacity - this.room);
    return this.held;
  }

  /** What is drawn for each block, made or not. */
  private enter(at: Ms): void {
    this.demand?.enter(at);
    if (this.builders < 1) this.built = this.builderLots.uniform() < this.builders;
  }

  private drainAs(part: BlockChain<A>['stage']): void {
    this.stage = part;
    this.mempool.drain(this.now, this.offer);
  }

  submit(bundle: Bundle<A>, at: Ms): void {
    const { manner } = bundle;
    if (manner !== undefined) {
      if (manner.label !== undefined && !this.replaces(bundle, manner.label)) return;
      if (manner.place !== undefined) this.placed++;
    }
    this.mempool.submit(bundle, this.gasOf(bundle), at);
  }

  /** Whether the bundle may wait: nothing waits under its label, or what does has made room for it. */
  private replaces(bundle: Bundle<A>, label: string): boolean {
    const before = this.mempool.labelled(bundle.actor, label);
    if (before === undefined) return true;
    const price = this.baseFee + bundle.tip;
    const least = (this.baseFee + before.tip) * TIP_BUMP;
    if (price < least) {
      this.refuse(bundle, reject('REPLACE_UNDERPRICED', { perGas: price, perGasMin: least }));
      return false;
    }
    this.mempool.withdraw(before);
    this.dismiss(before, reject('REPLACED'));
    return true;
  }
}

/**
 * Builds a chain before its first block. Opens the accounts `proposer`, which earns the tips, and `flash-lender`; base fees go outside.
 *
 * What the host hears of a bundle: `begin`, `execute` …, `end`; only `end` when it never started, with gas 0 for EXPIRED (`until` is past)
 * · REPLACED (by its sender) · REPLACE_UNDERPRICED (the one that it should replace pays too much) · GAS_OVER_LIMIT (no block could hold it)
 * · GAS_UNAFFORDABLE (the wallet has less than its gas), and with its gas for FLASH_AMOUNT and FLASH_SHORT. After the actions it may fail
 * with FLASH_UNPAID or REQUIRE_UNMET. A private bundle that fails pays nothing.
 *
 * @throws CHAIN_OPTIONS  the block time is no whole number above 0, or nothing is left of the gas limit beside the background
 */
export function createChain<A>(options: ChainOptions, ledger: Ledger, host: ChainHost<A>): Chain<A> {
  return new BlockChain(options, ledger, host);
}
