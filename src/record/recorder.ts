/**
 * The contract of a recorder, and the vocabulary of what can be recorded. A recorder never influences what it records. Facts are numbered
 * by the kernel's counter and carry the number of the event or fact that caused them, so that any loss can be walked back to its origin.
 */
import type { Ms } from '../base/units.ts';

/**
 * What can happen, and the meaning of the numbers a, b, c, d and of `subject`. `actor` is always a ledger account (−1: nobody).
 * Units are whole base units of the named asset; prices USD per token.
 */
export const EVENT_KINDS = {
  wake: { subject: 'agent', a: '', b: '', c: '', d: '' },
  price: { subject: 'asset', a: 'fair_usd', b: 'previous_usd', c: '', d: '' },
  block: { subject: 'block', a: 'bundles', b: 'base_fee', c: '', d: '' },
  oracle: { subject: 'oracle', a: 'price_usd', b: 'previous_usd', c: 'fair_usd', d: 'observed_at_ms' },
  /** Of a bundle that held and paid gas. */
  bundle: { subject: 'agent', a: 'actions', b: 'gas_paid_units', c: '', d: '' },
  refusal: { subject: 'agent', a: 'refusal_code', b: 'gas_paid_units', c: '', d: '' },
  flash: { subject: 'asset', a: 'units', b: 'fee_units', c: '', d: '' },
  /** a and b as the venue sees them: positive comes in. */
  trade: { subject: 'venue', a: 'base_in_units', b: 'quote_in_units', c: 'price_before', d: 'price_after' },
  /** An order rests: 1 buys, −1 sells. */
  order: { subject: 'venue', a: 'side', b: 'price', c: 'order', d: '' },
  /** A resting order was met. a and b as its owner sees them: positive was bought. */
  'maker-fill': { subject: 'venue', a: 'base_units', b: 'quote_units', c: 'price', d: '' },
  outside: { subject: 'asset', a: 'sold_units', b: 'bought_units', c: 'bought_asset', d: '' },
  /** a: shares of a pool, or liquidity between two prices; d: which deposit between two prices. */
  liquidity: { subject: 'venue', a: 'shares', b: 'base_units', c: 'quote_units', d: 'range' },
  supply: { subject: 'market', a: 'units', b: '', c: '', d: '' },
  redeem: { subject: 'market', a: 'units', b: '', c: '', d: '' },
  deposit: { subject: 'market', a: 'units', b: 'oracle_usd', c: 'fair_usd', d: 'health' },
  withdraw: { subject: 'market', a: 'units', b: 'oracle_usd', c: 'fair_usd', d: 'health' },
  borrow: { subject: 'market', a: 'units', b: 'collateral_oracle_usd', c: 'collateral_fair_usd', d: 'health' },
  repay: { subject: 'market', a: 'units', b: 'oracle_usd', c: 'fair_usd', d: 'health' },
  'margin-trade': { subject: 'market', a: 'borrowed_units', b: 'bought_units', c: 'collateral_fair_usd', d: 'debt_fair_usd' },
  liquidation: { subject: 'position', a: 'repaid_usd', b: 'seized_usd', c: 'health', d: 'health_at_fair' },
  shortfall: { subject: 'position', a: 'shortfall_usd', b: 'market', c: 'shortfall_units', d: '' },
  'insurance-fund': { subject: 'position', a: 'paid_usd', b: 'market', c: 'paid_units', d: 'left_units' },
  socialise: { subject: 'position', a: 'loss_usd', b: 'market', c: 'loss_units', d: '' },
  'vault-loss': { subject: 'position', a: 'paid_usd', b: 'market', c: 'paid_units', d: 'left_units' },
  adl: { subject: 'position', a: 'taken_usd', b: 'market', c: 'taken_units', d: 'left_units' },
  recapitalise: { subject: 'position', a: 'paid_usd', b: 'market', c: 'paid_units', d: 'left_units' },
  /** Something that the fund holds, or that is made for it, was sold to pay a shortfall; both sides at fair prices. */
  'treasury-sale': { subject: 'asset', a: 'sold_units', b: 'brought_usd', c: 'minted', d: 'sold_usd' },
  /** What a winner paid of a shortfall, and what was closed of his size, signed as it; contract −1: of cash and all contracts together. */
  deleverage: { subject: 'position', a: 'taken_usd', b: 'contract', c: 'closed_units', d: 'overshoot_usd' },
  /** size: signed; paid: by the trader, fee left out. */
  'contract-trade': { subject: 'contract', a: 'size_units', b: 'paid_units', c: 'fee_units', d: 'health' },
  expiry: { subject: 'contract', a: 'payoff_usd', b: 'settled_usd', c: '', d: '' },
  provide: { subject: 'market', a: 'units', b: '', c: '', d: '' },
  'liquidation-start': { subject: 'position', a: 'debt_usd', b: 'reward_usd', c: 'health', d: 'health_at_fair' },
  /** Debt of a liquidated position, and its collateral, passed on to so many others. */
  redistribution: { subject: 'position', a: 'debt_usd', b: 'collateral_usd', c: 'positions', d: '' },
  bid: { subject: 'position', a: 'units', b: 'lot_units', c: '', d: '' },
  /** An account of contracts was closed, in part or wholly, or taken over by the vault. */
  closeout: { subject: 'position', a: 'closed_usd', b: 'penalty_usd', c: 'health', d: 'taken_over' },
  'margin-call': { subject: 'position', a: 'health', b: 'deadline_ms', c: '', d: '' },
  /** Of a market's or a contract's parameters, the number by its place in the list of them: what a controller proposed and was granted … */
  proposal: { subject: 'market', a: 'asked', b: 'granted', c: 'market_parameter', d: 'effect_ms' },
  'contract-proposal': { subject: 'contract', a: 'asked', b: 'granted', c: 'contract_parameter', d: 'effect_ms' },
  /** … and what has changed. */
  parameter: { subject: 'market', a: 'value', b: 'previous', c: 'market_parameter', d: 'version' },
  'contract-parameter': { subject: 'contract', a: 'value', b: 'previous', c: 'contract_parameter', d: 'version' },
  /** Another engine judges. */
  'risk-engine': { subject: 'protocol', a: 'liquidatable', b: 'liquidatable_before', c: '', d: 'version' },
  /** A change of parameters or engine made it liquidatable. */
  reassessed: { subject: 'position', a: 'health', b: 'version', c: '', d: '' },
  /** A protocol's assets are below its claims for the first time; hop: steps along receipts from the first that failed. */
  failure: { subject: 'protocol', a: 'solvency', b: 'hop', c: '', d: '' },
  'open-shortfall': { subject: 'position', a: 'shortfall_usd', b: 'collateral_fair_usd', c: 'debt_fair_usd', d: 'collateral_oracle_usd' },
} as const;

export type EventKind = keyof typeof EVENT_KINDS;

/** What is done to a position against its owner's will; the subject is the position. */
export const FORCED: readonly EventKind[] = ['liquidation', 'liquidation-start', 'closeout'];
/** What an owner does to his position by lending and borrowing; the subject is the market. */
export const DEEDS: readonly EventKind[] = ['deposit', 'withdraw', 'borrow', 'repay', 'margin-trade'];

/** One recorded fact. */
export interface RecordedEvent {
  readonly seq: number;
  readonly at: Ms;
  readonly cause: number;
  readonly kind: EventKind;
  readonly actor: number;
  readonly subject: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** Receives facts as numbers, not objects, so that a full trace allocates nothing. */
export interface Recorder {
  event(
    seq: number,
    at: Ms,
    cause: number,
    kind: EventKind,
    actor: number,
    subject: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void;
  sample(probe: string, at: Ms, value: number): void;
}

/** How much a run writes down: nothing but its outcome; what concerns money and risk; every event. */
export type TraceLevel = 'none' | 'facts' | 'full';
