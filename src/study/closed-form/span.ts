/**
 * SPAN's scanning risk: what futures and options on one underlying would lose in sixteen scenarios of its price and volatility, and the
 * worst of them. Credits and charges between months and between commodities, composite delta, and how an exchange finds its scan ranges
 * are left out.
 *
 * Losses are positive and gains negative, and an array is that of one long contract, as SPAN writes them
 * (www.cme.com/clearing/rmspan/span/components.html).
 */
import { fault } from '../../base/fault.ts';
import type { Ratio, Usd, UsdPrice } from '../../base/units.ts';
import { type OptionTerms, optionValue } from '../../protocol/instrument/black-scholes.ts';

/** One scenario. */
export interface SpanScenario {
  /** Move of the price, in price scan ranges. */
  readonly price: Ratio;
  /** Move of the volatility, in volatility scan ranges. */
  readonly volatility: Ratio;
  /** Part of the loss that counts. */
  readonly cover: Ratio;
}

/** The two moves beyond the scan range, of which only a part is covered. */
export interface ExtremeMove {
  /** In price scan ranges. */
  readonly multiple: Ratio;
  readonly cover: Ratio;
}

/**
 * Three scan ranges, of which a third counts. Exchanges differ: 2 × 35 % is common.
 *
 * @source  3 × 33 % is commonly said of CME and unverified; 2 × 35 %: Lovely Professional University, DCOM510 Financial Derivatives,
 *          table 12.1 (India)
 */
export const CME_EXTREME: ExtremeMove = { multiple: 3, cover: 0.33 };

/** How far SPAN looks. */
export interface ScanRange {
  /** Price scan range, USD per unit of the underlying: an exchange's maintenance margin of a future, per unit. */
  readonly price: UsdPrice;
  /** Volatility scan range, relative: 0.35 takes 16 % to 21.6 % and 10.4 %. */
  readonly volatility: Ratio;
}

/** Contracts held of one array; negative when short. */
export interface SpanHolding {
  readonly quantity: number;
  readonly array: readonly Usd[];
}

/**
 * The sixteen scenarios in SPAN's order: no move, then ⅓ up, ⅓ down, ⅔ up, ⅔ down, a whole range up and down, each with volatility up and
 * with volatility down; then the extreme moves up and down, with volatility as it is.
 *
 * @throws  SPAN_DOMAIN
 * @source  www.cmegroup.com/confluence/display/pubspan/Risk+Arrays
 */
export function spanScenarios(extreme: ExtremeMove = CME_EXTREME): readonly SpanScenario[] {
  const { multiple, cover } = extreme;
  if (!(multiple > 0 && cover >= 0 && cover <= 1)) fault('SPAN_DOMAIN', { multiple, cover });
  const moves = [0, 1 / 3, -1 / 3, 2 / 3, -2 / 3, 1, -1];
  return [
    ...moves.flatMap((price) => [1, -1].map((volatility) => ({ price, volatility, cover: 1 }))),
    ...[multiple, -multiple].map((price) => ({ price, volatility: 0, cover })),
  ];
}

/**
 * Losses of one long future: its price moves with the underlying's. What volatility does is nothing to it.
 *
 * @param multiplier  units of the underlying per contract, > 0
 * @throws            SPAN_DOMAIN
 * @example           scan range 120 at a multiplier of 250  →  ∓10,000, ∓20,000, ∓30,000 and, in the extremes, ∓29,700
 */
export function futureRiskArray(scan: ScanRange, multiplier: number, scenarios: readonly SpanScenario[] = spanScenarios()): Usd[] {
  checkScan(scan, multiplier);
  return scenarios.map(({ price, cover }) => -price * scan.price * multiplier * cover);
}

/**
 * Losses of one long option: its value now less that after the scenario's moves and the look-ahead.
 *
 * @param option          with the volatility and the time that are left now
 * @param lookAheadYears  ≥ 0; SPAN looks one trading day ahead. An option that ends before is worth its payoff
 * @param multiplier      units of the underlying per contract, > 0
 * @throws                SPAN_DOMAIN, OPTION_DOMAIN
 */
export function optionRiskArray(
  option: OptionTerms,
  scan: ScanRange,
  lookAheadYears: number,
  multiplier: number,
  scenarios: readonly SpanScenario[] = spanScenarios(),
): Usd[] {
  checkScan(scan, multiplier);
  if (!(lookAheadYears >= 0)) fault('SPAN_DOMAIN', { lookAheadYears });
  const now = optionValue(option);
  const years = Math.max(0, option.years - lookAheadYears);
  return scenarios.map(({ price, volatility, cover }) => {
    const then = optionValue({
      ...option,
      years,
      // A scan range wider than the price or the volatility itself takes it to 0.
      spot: Math.max(0, option.spot + price * scan.price),
      volatility: Math.max(0, option.volatility * (1 + volatility * scan.volatility)),
    });
    return (now - then) * multiplier * cover;
  });
}

/**
 * What a portfolio would lose in each scenario.
 *
 * @throws  SPAN_DOMAIN  arrays of different lengths
 */
export function portfolioRiskArray(holdings: readonly SpanHolding[]): Usd[] {
  const scenarios = holdings[0]?.array.length ?? 0;
  if (holdings.some(({ array }) => array.length !== scenarios))
    fault('SPAN_DOMAIN', { lengths: holdings.map(({ array }) => array.length) });
  return Array.from({ length: scenarios }, (_, scenario) =>
    holdings.reduce((loss, { quantity, array }) => loss + quantity * array[scenario], 0),
  );
}

/** The worst of a portfolio's losses, and 0 where it loses in none. */
export function scanRisk(holdings: readonly SpanHolding[]): Usd {
  return Math.max(0, ...portfolioRiskArray(holdings));
}

/**
 * Scan risk in closed form of a position that is linear in the price: |delta|·range·max(1, multiple·cover). The extremes matter only where
 * more than a whole range of them is covered; 3 × 33 % is 0.99.
 *
 * @param delta      units of the underlying, net
 * @param priceScan  USD per unit, > 0
 * @throws           SPAN_DOMAIN
 */
export function linearScanRisk(delta: number, priceScan: UsdPrice, extreme: ExtremeMove = CME_EXTREME): Usd {
  checkScan({ price: priceScan, volatility: 0 }, 1);
  return Math.abs(delta) * priceScan * Math.max(1, extreme.multiple * extreme.cover);
}

/**
 * The requirement: scan risk, but no less than a minimum for each short option, since one far out of the money shows no loss in any
 * scenario.
 *
 * @param shortOptions  contracts sold short, ≥ 0
 * @param minimum       USD per contract, ≥ 0
 * @throws              SPAN_DOMAIN
 * @source              www.cmegroup.com/clearing/span-methodology.html (short option minimum); maximum of both: pypi.org/project/marginism
 */
export function spanRequirement(risk: Usd, shortOptions: number, minimum: Usd): Usd {
  if (!(risk >= 0 && shortOptions >= 0 && minimum >= 0)) fault('SPAN_DOMAIN', { risk, shortOptions, minimum });
  return Math.max(risk, shortOptions * minimum);
}

function checkScan({ price, volatility }: ScanRange, multiplier: number): void {
  if (!(price > 0 && volatility >= 0 && multiplier > 0)) fault('SPAN_DOMAIN', { price, volatility, multiplier });
}
