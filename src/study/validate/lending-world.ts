/**
 * A lending protocol with prices that its maker sets, and people with wallets: the real protocol, risk engine, mechanism, backstop and
 * ledger, without chain, oracle or agents. What checks against closed forms begin from, and tests of the protocol floor.
 */
import { fault } from '../../base/fault.ts';
import type { ParamsOf } from '../../base/params.ts';
import { isRejection, type Rejection } from '../../base/rejection.ts';
import type { AccountId, Ms, Tokens, Units } from '../../base/units.ts';
import { createAssets } from '../../ledger/assets.ts';
import { Journal } from '../../ledger/journal.ts';
import { Ledger, OUTSIDE } from '../../ledger/ledger.ts';
import type { Venue } from '../../market/venue.ts';
import type { Backstop, BackstopNeeds } from '../../protocol/backstop/backstop.ts';
import { insuranceFund } from '../../protocol/backstop/insurance-fund.ts';
import { reserve } from '../../protocol/backstop/reserve.ts';
import { socialise } from '../../protocol/backstop/socialise.ts';
import type { Contract, ContractNeeds } from '../../protocol/instrument/contract.ts';
import type { VolatilitySurface } from '../../protocol/instrument/volatility-surface.ts';
import type { Closeout, CloseoutNeeds } from '../../protocol/liquidation/closeout.ts';
import { fixedBonus } from '../../protocol/liquidation/fixed-bonus.ts';
import type { MarketParams } from '../../protocol/market-params.ts';
import { createProtocol, type Protocol, type ProtocolOptions } from '../../protocol/protocol.ts';
import { staticRisk } from '../../protocol/risk/static.ts';
import type { Loan } from '../closed-form/liquidation-size.ts';

/** Layers that a lending world may have by name, those of loans without parameters; others are given as functions. */
export const BACKSTOPS = { 'insurance-fund': insuranceFund, reserve, socialise } as const;
export type FixedBonusTerms = ParamsOf<(typeof fixedBonus)['params']>;

export const PLAIN_TERMS: FixedBonusTerms = { closeFactor: 0.5, fullCloseBelow: 0.95, fullCloseUsd: 0, fundShare: 0, grace: 0 };
/** A market without interest, caps or use as collateral. */
export const PLAIN_MARKET: MarketParams = {
  borrowable: true,
  ltv: 0,
  liquidationThreshold: 0,
  bonus: 0.05,
  category: 0,
  categoryLtv: 0,
  categoryThreshold: 0,
  receipt: undefined,
  supplyCap: undefined,
  borrowCap: undefined,
  collateralCap: undefined,
  reserveFactor: 0,
  rateBase: 0,
  rateSlope1: 0,
  rateKink: 1,
  rateSlope2: 0,
};

export interface LendingOptions {
  /** By asset name, with its decimals (6 unless said) and its first price. */
  readonly markets: Readonly<Record<string, Partial<MarketParams> & { readonly usd: number; readonly decimals?: number }>>;
  readonly terms?: Partial<FixedBonusTerms>;
  /** By name those without parameters. */
  readonly backstop?: readonly (keyof typeof BACKSTOPS | ((needs: BackstopNeeds) => Backstop))[];
  /** Tokens. */
  readonly fund?: Readonly<Record<string, Tokens>>;
  readonly marginTradeCheck?: boolean;
  /** Instead of `static` and `fixed-bonus`. */
  readonly risk?: ProtocolOptions['risk'];
  readonly liquidation?: ProtocolOptions['liquidation'] | undefined;
  /** Whether the end of the block at time 0 has been, as in a run: engines and controllers have seen the first marks then. Default true. */
  readonly begun?: boolean;
  readonly marginCall?: ProtocolOptions['marginCall'];
  readonly governance?: ProtocolOptions['governance'];
  /** Made from the ledger when it is there. */
  readonly venues?: (ledger: Ledger) => readonly Venue[];
  readonly contracts?: ContractsWanted;
}

/** The same volatility at every strike and expiry, a year's. */
const FLAT_SURFACE: VolatilitySurface = { volatility: () => 0.8 };

export interface ContractsWanted {
  /** Name of the asset that they are settled in. */
  readonly settle: string;
  /** By name: the underlying asset, and how it is made. */
  readonly list: Readonly<Record<string, { readonly underlying: string; readonly create: (needs: ContractNeeds) => Contract }>>;
  readonly closeout: (needs: CloseoutNeeds) => Closeout;
  /** The house's first capital, tokens. */
  readonly house: Tokens;
  /** What options are valued at; 80 % everywhere if left out. */
  readonly surface?: VolatilitySurface | undefined;
}

export interface Fact {
  readonly kind: string;
  readonly actor: number;
  readonly subject: number;
  readonly numbers: readonly [number, number, number, number];
}

export interface LendingWorld {
  readonly protocol: Protocol;
  readonly ledger: Ledger;
  readonly journal: Journal;
  /** What the oracle reads and what is fair, USD per token by asset; `setPrice` sets both. */
  readonly oracle: number[];
  readonly fair: number[];
  readonly facts: Fact[];
  asset(name: string): number;
  units(name: string, tokens: Tokens): Units;
  setPrice(name: string, usd: number): void;
  /** Opens a wallet. */
  person(name: string, tokens: Readonly<Record<string, Tokens>>): AccountId;
}

/** A part with no parameters or needs, created. */
function plain<Made>(part: { create(params: never, needs: undefined): Made }): Made {
  return part.create({} as never, undefined);
}

export function aLendingWorld(options: LendingOptions): LendingWorld {
  const names = Object.keys(options.markets);
  const assets = createAssets(names.map((name) => ({ name, decimals: options.markets[name].decimals ?? 6 })));
  const journal = new Journal();
  const ledger = new Ledger(assets, journal);
  const oracle = names.map((name) => options.markets[name].usd);
  const fair = [...oracle];
  const facts: Fact[] = [];
  const asset = (name: string) => names.indexOf(name);
  const units = (name: string, tokens: Tokens) => Math.round(tokens * assets.scale[asset(name)]);
  const contractsOf = ({ settle, list, closeout, house, surface = FLAT_SURFACE }: ContractsWanted) => ({
    settle: asset(settle),
    list: Object.entries(list).map(([name, { underlying, create }]) =>
      create({ name, market: asset(underlying), decimals: assets.decimals[asset(underlying)], surface }),
    ),
    closeout,
    house: units(settle, house),
  });
  const made: ProtocolOptions = {
    name: 'lend',
    markets: names.map((name, id) => ({ asset: id, params: marketOf(options.markets[name]) })),
    risk: options.risk ?? (() => plain(staticRisk)),
    liquidation: options.liquidation ?? (() => fixedBonus.create({ ...PLAIN_TERMS, ...options.terms }, undefined)),
    backstop: (options.backstop ?? ['insurance-fund', 'socialise']).map((layer) =>
      typeof layer === 'string' ? plain(BACKSTOPS[layer]) : layer({ scale: (id) => assets.scale[id] }),
    ),
    fund: Object.entries(options.fund ?? {}).map(([name, tokens]) => ({ asset: asset(name), units: units(name, tokens) })),
    marginTradeCheck: options.marginTradeCheck ?? true,
    ...(options.marginCall === undefined ? {} : { marginCall: options.marginCall }),
    ...(options.governance === undefined ? {} : { governance: options.governance }),
    ...(options.contracts === undefined ? {} : { contracts: contractsOf(options.contracts) }),
  };
  const protocol = createProtocol(made, {
    ledger,
    venues: (options.venues ?? (() => []))(ledger),
    oracleUsd: (market) => oracle[market],
    fairUsd: (id) => fair[id],
    report: (kind, actor, subject, a, b, c, d) => facts.push({ kind, actor, subject, numbers: [a, b, c, d] }),
  });
  if (options.begun !== false) protocol.endBlock(0);
  else protocol.refresh(0);
  return {
    protocol,
    ledger,
    journal,
    oracle,
    fair,
    facts,
    asset,
    units,
    setPrice(name, usd) {
      oracle[asset(name)] = usd;
      fair[asset(name)] = usd;
    },
    person(name, tokens) {
      const account = ledger.open(name, name.replace(/\/.*/, ''));
      for (const [held, amount] of Object.entries(tokens)) ledger.transfer(OUTSIDE, account, asset(held), units(held, amount));
      return account;
    },
  };
}

function marketOf({ usd: _usd, decimals: _decimals, ...params }: LendingOptions['markets'][string]): MarketParams {
  return { ...PLAIN_MARKET, ...params };
}

/** Unwraps an answer that must not be a refusal. Faults: REFUSED and the code. */
export function granted<T>(answer: T | Rejection): T {
  return isRejection(answer) ? fault(`REFUSED ${answer.rejected}`, answer.detail) : answer;
}

/** The code of a refusal, or what was granted. */
export function refusal(answer: unknown): unknown {
  return isRejection(answer) ? answer.rejected : answer;
}

/**
 * Betty's loan against ETH and a keeper with money: debt drawn while ETH was dear, after which ETH is worth 1 USD, so that values are token
 * amounts. 9 decimals for exactness.
 */
export function aLoan(loan: Loan, more: Partial<LendingOptions> = {}, at: Ms = 0) {
  const world = aLendingWorld({
    ...more,
    markets: {
      ETH: { usd: 10, decimals: 9, ltv: loan.threshold, liquidationThreshold: loan.threshold, bonus: loan.bonus },
      USD: { usd: 1, decimals: 9 },
    },
  });
  const { protocol, asset, units } = world;
  const albert = world.person('lender', { USD: 1_000_000 });
  const betty = world.person('borrower', { ETH: loan.collateral });
  const kate = world.person('liquidator', { USD: 1_000_000 });
  granted(protocol.supply(albert, asset('USD'), 'max', at));
  granted(protocol.deposit(betty, asset('ETH'), 'max', at));
  granted(protocol.borrow(betty, asset('USD'), units('USD', loan.debt), at));
  world.setPrice('ETH', 1);
  protocol.endBlock(at);
  const position = protocol.positionOf(betty);
  const take = (amount: Units | 'max', when = at) => protocol.liquidate(kate, position, asset('USD'), asset('ETH'), amount, when);
  return { ...world, albert, betty, kate, position, take };
}
