/**
 * European calls and puts under Black and Scholes: value and sensitivities of one option. Nothing is allocated. It does not know where a
 * volatility comes from (`volatility-surface.ts`), nor margin, nor early exercise.
 *
 *   value = φ·(S·Φ(φ·d₁) − D·Φ(φ·d₂))      d₁,₂ = ln(S/D)/(σ√T) ± σ√T/2      D = K·e^(−rT)      φ = 1 call, −1 put
 *
 * Computed is always the option that is out of the money against the forward; the other follows from put-call parity, C − P = S − D. So no
 * option is ever worth less than what exercise at the end is certain to bring, and a small time value keeps its digits.
 *
 * F. Black, M. Scholes, "The pricing of options and corporate liabilities", Journal of Political Economy 81 (1973) 637-654.
 */
import { exp, log } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';
import { normalCdf, normalDensity } from '../../base/normal.ts';
import type { Ratio, UsdPrice } from '../../base/units.ts';

/** The sign φ of the formulas. */
export type OptionKind = 1 | -1;
export const CALL: OptionKind = 1;
export const PUT: OptionKind = -1;

/** One option on one unit of the underlying. */
export interface OptionTerms {
  readonly kind: OptionKind;
  /** S ≥ 0. */
  readonly spot: UsdPrice;
  /** K ≥ 0. */
  readonly strike: UsdPrice;
  /** T ≥ 0, years of 365 days until it expires. */
  readonly years: number;
  /** σ ≥ 0 per √year. */
  readonly volatility: Ratio;
  /** r per year, continuously compounded. Left out: 0. */
  readonly rate?: number;
}

/** Value and sensitivities of one option, to be written into. */
export interface Greeks {
  /** USD. */
  value: number;
  /** ∂V/∂S. */
  delta: number;
  /** ∂²V/∂S², per USD. */
  gamma: number;
  /** ∂V/∂σ, USD per 1.00 of volatility. */
  vega: number;
  /** −∂V/∂T, USD per year: what passing time does to the value. */
  theta: number;
}

/** Value and delta of the option in hand: nothing is allocated. */
const HAND = { value: 0, delta: 0 };

/** An empty `Greeks`, to be kept and written into. */
export function createGreeks(): Greeks {
  return { value: 0, delta: 0, gamma: 0, vega: 0, theta: 0 };
}

/**
 * Value of one option, USD. Where nothing is left to chance (T = 0 or σ = 0, or S or K is 0) it is the payoff of the forward,
 * max(0, φ·(S − D)). A NaN (no valid mark) makes it NaN.
 *
 * @throws   OPTION_DOMAIN  a spot, strike, time or volatility below 0
 * @example  call, S = 42, K = 40, T = 0.5, σ = 0.2, r = 0.1  →  4.7594
 */
export function optionValue({ kind, spot, strike, years, volatility, rate = 0 }: OptionTerms): number {
  checkTerms(spot, strike, years, volatility);
  mark(kind, spot, presentValue(strike, years, rate), volatility * Math.sqrt(years));
  return HAND.value;
}

/**
 * Value and sensitivities of one option, written into `out`. Where nothing is left to chance, delta is the slope of the payoff (φ where
 * it pays, 0 where it does not, φ/2 where S = D), gamma and vega are 0, and theta is what the strike's discount loses.
 *
 * @returns  `out`
 * @throws   OPTION_DOMAIN
 */
export function optionGreeks(out: Greeks, { kind, spot, strike, years, volatility, rate = 0 }: OptionTerms): Greeks {
  checkTerms(spot, strike, years, volatility);
  const root = Math.sqrt(years);
  const spread = volatility * root;
  const present = presentValue(strike, years, rate);
  mark(kind, spot, present, spread);
  out.value = HAND.value;
  out.delta = HAND.delta;
  if (spread > 0 && spot > 0 && present > 0) {
    const upper = log(spot / present) / spread + spread / 2;
    const density = Math.abs(upper) < Infinity ? normalDensity(upper) : 0;
    out.gamma = density / (spot * spread);
    out.vega = spot * density * root;
    out.theta = (-spot * density * volatility) / (2 * root);
    if (rate !== 0) out.theta -= kind * rate * present * normalCdf(kind * (upper - spread));
    return out;
  }
  // A NaN of the terms has reached the value and goes on from there.
  const known = 0 * out.value;
  out.gamma = known;
  out.vega = known;
  out.theta = known - (kind * (spot - present) > 0 ? kind * rate * present : 0);
  return out;
}

function presentValue(strike: UsdPrice, years: number, rate: number): UsdPrice {
  return rate === 0 ? strike : strike * exp(-rate * years);
}

/** Writes value and delta of one option into `HAND`. @param present  D  @param spread  σ√T */
function mark(kind: number, spot: UsdPrice, present: UsdPrice, spread: number): void {
  const inside = kind * (spot - present);
  if (spread > 0 && spot > 0 && present > 0) {
    const moneyness = log(spot / present) / spread;
    const half = spread / 2;
    const outside = spot < present ? CALL : PUT;
    const slope = outside * normalCdf(outside * (moneyness + half));
    const chance = normalCdf(outside * (moneyness - half));
    const time = Math.max(0, spot * slope - outside * present * chance);
    HAND.value = kind === outside ? time : time + inside;
    HAND.delta = kind === outside ? slope : slope + kind;
    return;
  }
  const known = spread >= 0 ? 0 : Number.NaN;
  HAND.value = Math.max(0, inside) + known;
  HAND.delta = (inside > 0 ? kind : inside < 0 ? 0 : kind / 2) + 0 * inside + known;
}

function checkTerms(spot: UsdPrice, strike: UsdPrice, years: number, volatility: Ratio): void {
  if (spot < 0 || strike < 0 || years < 0 || volatility < 0) fault('OPTION_DOMAIN', { spot, strike, years, volatility });
}
