/** The portfolio engine as tests make it: its defaults where nothing else is said, markets without interest, and accounts made by hand. */
import type { AccountsView, Market } from '../../src/protocol/accounts-view.ts';
import type { Contract } from '../../src/protocol/instrument/contract.ts';
import { type PortfolioVarTerms, portfolioVar } from '../../src/protocol/risk/portfolio-var.ts';
import { blankHealth, type Health, type Need, type RiskEngine, type RiskNeeds } from '../../src/protocol/risk/risk-engine.ts';
import { paramsSchema } from '../../src/scenario/param-schema.ts';
import { PLAIN_MARKET } from '../../src/study/validate/lending-world.ts';
import { plainNeeds } from '../../src/study/validate/plain-needs.ts';

/** All parameters, those left out as the declaration has them. */
export function portfolioTerms(terms: Partial<PortfolioVarTerms> = {}): PortfolioVarTerms {
  return paramsSchema(portfolioVar.params).parse(terms) as unknown as PortfolioVarTerms;
}

/** Markets by name, one base unit a token, each accepted as collateral. */
export function handMarkets(...names: readonly string[]): readonly Market[] {
  return names.map((name, index) => ({
    index,
    asset: index,
    name,
    decimals: 0,
    scale: 1,
    params: { ...PLAIN_MARKET, ltv: 0.5, liquidationThreshold: 0.6 },
  }));
}

/** What an account has, by market and contract: tokens. */
export interface Holdings {
  readonly collateral?: readonly number[];
  readonly debt?: readonly number[];
  readonly quote?: number;
  readonly sizes?: readonly number[];
}

/** One account; `needs` say of which markets and contracts. */
export function handAccount({ markets, contracts, settle }: RiskNeeds, { collateral, debt, quote, sizes }: Holdings): AccountsView {
  return {
    markets,
    contracts,
    settle,
    positions: 1,
    collateral: (_, market) => collateral?.[market] ?? 0,
    debt: (_, market) => debt?.[market] ?? 0,
    debtShares: (_, market) => debt?.[market] ?? 0,
    totalDebt: (market) => debt?.[market] ?? 0,
    totalDebtShares: (market) => debt?.[market] ?? 0,
    debtIndex: () => 1,
    size: (_, contract) => sizes?.[contract] ?? 0,
    quote: () => quote ?? 0,
    entry: () => 0,
    fundingIndexOf: () => 0,
  };
}

/** An engine with its needs, at marks of 1 unless others are set. */
export interface HandEngine {
  readonly needs: RiskNeeds;
  readonly engine: RiskEngine;
  readonly marks: Float64Array;
  health(holdings: Holdings, need?: Need): Health;
  /** Required beyond what does not count: the margin, where everything counts. */
  required(holdings: Holdings, need?: Need): number;
  /** One more interval in which each market's mark moves by a log-return, contracts' values left alone. */
  move(...logReturns: readonly number[]): void;
}

export function handEngine(terms: Partial<PortfolioVarTerms>, names: readonly string[], more: Partial<RiskNeeds> = {}): HandEngine {
  const needs = plainNeeds(handMarkets(...names), more);
  const all = portfolioTerms(terms);
  const engine = portfolioVar.create(all, needs);
  const marks = new Float64Array(names.length + needs.contracts.length).fill(1);
  let at = 0;
  const health = (holdings: Holdings, need: Need = 'maintenance') =>
    engine.assess(handAccount(needs, holdings), 0, marks, need, blankHealth());
  engine.observe?.(marks, at, []);
  return {
    needs,
    engine,
    marks,
    health,
    required: (holdings, need) => health(holdings, need).required,
    move(...logReturns) {
      at += all.interval;
      for (const [market, logReturn] of logReturns.entries()) marks[market] *= Math.exp(logReturn);
      engine.observe?.(marks, at, []);
    },
  };
}

/** A perpetual at its index, or an option by a formula, as a contract of market `market` made by hand. */
export function handContract(market: number, more: Partial<Contract> = {}): Contract {
  return {
    name: 'contract',
    kind: 'perpetual',
    market,
    initial: 0,
    maintenance: 0,
    linear: true,
    sizeCap: Number.MAX_SAFE_INTEGER,
    expiry: undefined,
    fee: 0,
    value: ({ index }) => index,
    delta: () => 1,
    valueAt: ({ index }, move) => index * move,
    fill: ({ index }) => index,
    funding: () => 0,
    payoff: (index) => index,
    ...more,
  };
}
