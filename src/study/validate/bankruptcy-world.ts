/**
 * An account of contracts that goes bankrupt by an exact amount, those who have won against it, and a waterfall: the real protocol, its
 * closeout and its ledger, without chain, oracle or agents. Perpetuals without premium, funding or fees, so that values are token amounts.
 */
import type { Ratio, Tokens, Usd } from '../../base/units.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { constantProduct } from '../../market/constant-product.ts';
import { perpetual } from '../../protocol/instrument/perpetual.ts';
import { order } from '../../protocol/liquidation/order.ts';
import { aLendingWorld, granted, type LendingOptions, type LendingWorld } from './lending-world.ts';

/** Somebody who is in profit when the account is closed. */
export interface Won {
  /** Tokens of the settlement asset that his size has won by then. */
  readonly profit: Tokens;
  /** His deposit; 1,000 unless said. */
  readonly margin?: Tokens;
  /** What the underlying stood at when he sold, above the price of the end; as the bankrupt account bought unless said. */
  readonly entry?: Usd;
}

export interface BankruptcyOptions {
  /** What the account owes when it is closed, tokens. */
  readonly deficit: Tokens;
  readonly winners: readonly Won[];
  /** What it bought, tokens of the underlying: as much as the winners sold unless said; the house sold the rest. */
  readonly size?: Tokens;
  /** Deposits of accounts that hold no size. */
  readonly idle?: readonly Tokens[];
  readonly backstop: LendingOptions['backstop'];
  /** Tokens by asset; `TKN` and `GOV` are there beside the settlement asset `USD` and the underlying `ETH`. */
  readonly fund?: Readonly<Record<string, Tokens>>;
  /** Capital of the house, which is the vault. */
  readonly house?: Tokens;
  /** Tokens of USD in the pools in which TKN and GOV are traded at 1; no pools unless said. */
  readonly pools?: Tokens;
  readonly poolFee?: Ratio;
  readonly closeout?: Partial<Parameters<typeof order.create>[0]>;
}

export interface Bankruptcy extends LendingWorld {
  /** Positions of the winners and of the idle, in order; of the account that goes bankrupt; of the house. */
  readonly winners: readonly number[];
  readonly idle: readonly number[];
  readonly loser: number;
  readonly house: number;
  /** Closes the account; its loss goes down the waterfall. */
  close(): void;
  /** Cash and contracts of a position at the marks, tokens. */
  worth(position: number): Tokens;
  /** Sum of the first numbers of all facts of a kind, USD. */
  told(kind: string): Usd;
}

/** The underlying when the account buys, and when it is closed. */
export const BOUGHT_AT: Usd = 10;
export const CLOSED_AT: Usd = 9;
const DECIMALS = 9;
const DEFAULT_MARGIN: Tokens = 1000;

const CLOSEOUT = { sliceAboveUsd: 1e12, slice: 1, cooldown: 0, takeoverBelow: 0, penalty: 0, keeperShare: 0, collateralDiscount: 0 };
const PERPETUAL = {
  initial: 0.001,
  maintenance: 0.0005,
  sizeCap: undefined,
  fee: 0,
  depth: undefined,
  fundingInterval: 3_600_000,
  fundingCap: 0,
  fundingSensitivity: 0,
};

export function aBankruptcy(options: BankruptcyOptions): Bankruptcy {
  const pool = (ledger: Ledger, base: number, quote: number, name: string) =>
    constantProduct.create(
      { share: undefined, base, quote, fee: options.poolFee ?? 0, baseReserve: options.pools, quoteReserve: options.pools ?? 0 },
      { name, ledger, startPrice: () => 1 },
    );
  const world = aLendingWorld({
    markets: {
      ETH: { usd: BOUGHT_AT, decimals: DECIMALS },
      USD: { usd: 1, decimals: DECIMALS },
      TKN: { usd: 1, decimals: DECIMALS },
      GOV: { usd: 1, decimals: DECIMALS },
    },
    backstop: options.backstop ?? [],
    fund: options.fund ?? {},
    venues: (ledger) => (options.pools === undefined ? [] : [pool(ledger, 2, 1, 'tkn-usd'), pool(ledger, 3, 1, 'gov-usd')]),
    contracts: {
      settle: 'USD',
      list: { 'ETH-PERP': { underlying: 'ETH', create: (needs) => perpetual.create(PERPETUAL, needs) } },
      closeout: (needs) => order.create({ ...CLOSEOUT, ...options.closeout }, needs),
      house: options.house ?? 0,
    },
  });
  const { protocol, asset, units } = world;
  const usd = asset('USD');
  const opened = (name: string, deposit: Tokens) => {
    const account = world.person(name, { USD: deposit });
    granted(protocol.deposit(account, usd, 'max', 0));
    return account;
  };
  const sell = ({ profit, margin = DEFAULT_MARGIN, entry = BOUGHT_AT }: Won, i: number) => {
    const account = opened(`winner/${i}`, margin);
    const size = profit / (entry - CLOSED_AT);
    world.setPrice('ETH', entry);
    granted(protocol.tradeContract(account, 0, -units('ETH', size), 0));
    return { position: protocol.positionOf(account), size };
  };
  const sold = options.winners.map(sell);
  // Where the account buys what the winners have sold, the house holds nothing before.
  const size = options.size ?? sold.reduce((sum, one) => sum + one.size, 0);
  world.setPrice('ETH', BOUGHT_AT);
  const loser = opened('loser/0', size * (BOUGHT_AT - CLOSED_AT) - options.deficit);
  granted(protocol.tradeContract(loser, 0, units('ETH', size), 0));
  const idle = (options.idle ?? []).map((deposit, i) => protocol.positionOf(opened(`idle/${i}`, deposit)));
  const keeper = world.person('closer/0', {});
  world.setPrice('ETH', CLOSED_AT);
  protocol.refresh(0);
  const position = protocol.positionOf(loser);
  return {
    ...world,
    winners: sold.map((one) => one.position),
    idle,
    loser: position,
    house: protocol.inspection.accounts.house,
    close: () => void granted(protocol.startLiquidation(keeper, position, 0)),
    worth: (of) => (protocol.quoteOf(of) + protocol.sizeOf(of, 0) * CLOSED_AT) / 10 ** DECIMALS,
    told: (kind) => world.facts.filter((fact) => fact.kind === kind).reduce((sum, { numbers }) => sum + numbers[0], 0),
  };
}
