import { describe, expect, it } from 'vitest';
import { protocolInvariants } from '../../../../src/protocol/invariants.ts';
import type { Mechanism, MechanismNeeds } from '../../../../src/protocol/liquidation/mechanism.ts';
import { effectiveCollateral } from '../../../../src/protocol/liquidation/soft-bands.ts';
import { softBands } from '../../../../src/protocol/liquidation/soft-bands-mechanism.ts';
import { aLendingWorld, granted, type LendingOptions, refusal } from '../../../../src/study/validate/lending-world.ts';
import { ledgerState } from '../../../support/ledger-state.ts';

const ETH = 0;
const USD = 1;
const DAY = 86_400_000;
const TERMS = { amplification: 100, bands: 10, fee: 0.006, loanDiscount: 0.09, liquidationDiscount: 0.06 };
/** Of a unit of collateral, what its bands are worth at p_up(n1), before discounts. */
const WORTH = effectiveCollateral(1, 10, 100, 0);
const MARKETS: LendingOptions['markets'] = {
  ETH: { usd: 1000, ltv: 0.85, liquidationThreshold: 0.89 },
  USD: { usd: 1, liquidationThreshold: 1, bonus: 0 },
};

/** A loan of `debt` on one ETH at 1000, an arbitrageur with both, and the mechanism itself. Whole units are 10^-6 tokens. */
function aLoan(debt: number, terms: Partial<typeof TERMS> = {}, more: Partial<LendingOptions> = {}) {
  let mechanism: Mechanism | undefined;
  const world = aLendingWorld({
    markets: MARKETS,
    liquidation: (needs: MechanismNeeds) => {
      mechanism = softBands.create({ ...TERMS, ...terms }, needs);
      return mechanism;
    },
    ...more,
  });
  const { protocol, units, ledger } = world;
  granted(protocol.supply(world.person('lender', { USD: 1e6 }), USD, 'max', 0));
  const owner = world.person('borrower', { ETH: 2, USD: 1000 });
  const trader = world.person('trader', { ETH: 1000, USD: 1e6 });
  granted(protocol.deposit(owner, ETH, units('ETH', 1), 0));
  if (debt > 0) granted(protocol.borrow(owner, USD, units('USD', debt), 0));
  const position = protocol.positionOf(owner);
  let last = 1000;
  const at = (usd: number, when = 0) => {
    last = usd;
    world.setPrice('ETH', usd);
    protocol.endBlock(when);
  };
  const held = () => [protocol.collateralOf(position, ETH) / 1e6, protocol.collateralOf(position, USD) / 1e6];
  const down = (amount: number | 'max' = 'max', when = 0) => protocol.liquidate(trader, position, USD, ETH, amount, when);
  const up = (amount: number | 'max' = 'max', when = 0) => protocol.liquidate(trader, position, ETH, USD, amount, when);
  /** Moves the oracle in equal steps, arbitraged at each. */
  const slide = (to: number, step: number) => {
    while (to < last ? last > to : last < to) {
      at(to < last ? Math.max(to, last * (1 - step)) : Math.min(to, last * (1 + step)));
      down();
      up();
    }
  };
  const broken = () => protocolInvariants.flatMap((law) => (law.check(protocol) === undefined ? [] : [law.id]));
  const wallet = (account: number) => [ledger.balance(account, ETH), ledger.balance(account, USD)];
  return { ...world, mechanism: mechanism as unknown as Mechanism, owner, trader, position, at, slide, held, down, up, broken, wallet };
}

describe('soft liquidation', () => {
  it('offers a loan when the oracle reaches its bands, though the risk engine finds it healthy', () => {
    const { protocol, at, position, down, broken } = aLoan(600);
    // Bands begin at the lowest edge that still covers the debt: 600/(0.91·0.951…) lies between two edges.
    const lowest = 600 / (WORTH * (1 - TERMS.loanDiscount));
    at(lowest / 0.99 + 1);
    expect(protocol.liquidatable(0)).toEqual([]);
    expect(refusal(down())).toBe('NOT_LIQUIDATABLE');
    at(lowest - 1);
    expect(protocol.liquidatable(0)).toEqual([position]);
    expect(protocol.health(position, 0).healthFactor).toBeGreaterThan(1);
    expect(broken()).toEqual([]);
  });

  it('sells collateral for the debt’s asset on the way down and buys it back on the way up, and leaves the debt alone', () => {
    const { protocol, at, slide, held, down, up, position, broken } = aLoan(600);
    at(688);
    const sold = granted(down());
    expect(sold.repaid / sold.seized).toBeLessThan(688);
    expect(sold.repaid / sold.seized).toBeGreaterThan(675);
    const [eth, usd] = held();
    expect(eth).toBeGreaterThan(0.8);
    expect(eth).toBeLessThan(0.95);
    expect(usd * 1e6).toBeCloseTo(sold.repaid, 3);
    expect(broken()).toEqual([]);
    expect(refusal(down())).toBe('NOT_LIQUIDATABLE');
    expect(refusal(up())).toBe('NOT_LIQUIDATABLE');
    slide(500, 0.005);
    expect(held()[0]).toBe(0);
    expect(held()[1]).toBeGreaterThan(0.94 * WORTH * 693);
    slide(690, 0.005);
    at(696);
    const bought = granted(up(10_000));
    expect(bought.seized / bought.repaid).toBeGreaterThan(690);
    slide(1000, 0.005);
    expect(held()[1]).toBe(0);
    expect(held()[0]).toBeLessThan(1);
    expect(held()[0]).toBeGreaterThan(0.97);
    expect(protocol.debtOf(position, USD) / 1e6).toBe(600);
    expect(broken()).toEqual([]);
  });

  it('fills an order up to where a unit more, fee included, would cost more than at the marks', () => {
    const whole = aLoan(600);
    whole.at(688);
    const quote = granted(whole.protocol.quoteLiquidation(whole.position, USD, ETH, 0));
    const part = aLoan(600);
    part.at(688);
    expect(granted(part.down(1000))).toMatchObject({ repaid: 1000 });
    expect(granted(whole.down(1e9))).toEqual({ repaid: quote.repay, seized: quote.seize });
    const before = whole.held();
    // A tenth of a per cent higher: the price of the bands is three tenths higher, which the fee eats.
    whole.at(688.7);
    expect(refusal(whole.down())).toBe('NOT_LIQUIDATABLE');
    expect(refusal(whole.up())).toBe('NOT_LIQUIDATABLE');
    expect(whole.held()).toEqual(before);
  });

  it('leaves no trace of a question, and a bundle takes it back', () => {
    const { protocol, at, held, down, up, ledger, journal, position } = aLoan(600);
    at(688);
    granted(down(50e6));
    const state = () => JSON.stringify([ledgerState(ledger), held(), protocol.quoteLiquidation(position, USD, ETH, 0)]);
    const before = state();
    expect(state()).toBe(before);
    journal.begin();
    granted(down());
    at(750);
    granted(up());
    journal.undo();
    at(688);
    expect(state()).toBe(before);
  });

  it('moves the bands with interest, not the health', () => {
    const { protocol, at, position, mechanism, down } = aLoan(600, {}, { markets: { ...MARKETS, USD: { ...MARKETS.USD, rateBase: 0.2 } } });
    const { accounts } = protocol.inspection;
    const level = mechanism.level?.(accounts, position) as number;
    const edge = () => (level * protocol.debtOf(position, USD)) / 1e6 / 0.89;
    const first = edge();
    at(1000, 365 * DAY);
    expect(mechanism.level?.(accounts, position)).toBeCloseTo(level, 9);
    expect(edge() / first).toBeCloseTo(Math.exp(0.2), 6);
    at(edge() + 0.01, 365 * DAY);
    expect(protocol.liquidatable(365 * DAY)).toEqual([]);
    at(edge() - 0.01, 365 * DAY);
    expect(protocol.liquidatable(365 * DAY)).toEqual([position]);
    at(edge() * 0.98, 365 * DAY);
    granted(down('max', 365 * DAY));
  });

  it('puts the bands anew when an untouched loan changes, and not once they have begun to be sold', () => {
    const { protocol, owner, at, position, mechanism, down } = aLoan(600);
    const { accounts } = protocol.inspection;
    /** The price below which the loan is offered. */
    const edge = () =>
      ((mechanism.level?.(accounts, position) as number) * protocol.debtOf(position, USD)) / protocol.collateralOf(position, ETH) / 0.89;
    const first = edge();
    granted(protocol.borrow(owner, USD, 100e6, 0));
    expect(edge() / first).toBeGreaterThan(1.13);
    granted(protocol.deposit(owner, ETH, 1e6, 0));
    granted(protocol.repay(owner, USD, 100e6, 0));
    expect(edge() / first).toBeCloseTo(0.5, 1);
    granted(protocol.withdraw(owner, ETH, 1e6, 0));
    expect(edge()).toBeCloseTo(first, 6);
    at(688);
    granted(down());
    expect(edge()).toBe(Number.POSITIVE_INFINITY);
    expect(refusal(protocol.deposit(owner, ETH, 1000, 0))).toBe('SOFT_LIQUIDATION');
    expect(refusal(protocol.deposit(owner, USD, 1000, 0))).toBe('SOFT_LIQUIDATION');
    granted(protocol.repay(owner, USD, 100e6, 0));
    expect(edge()).toBe(Number.POSITIVE_INFINITY);
    granted(protocol.repay(owner, USD, 'max', 0));
    expect(protocol.liquidatable(0)).toEqual([]);
    for (const asset of [ETH, USD]) granted(protocol.withdraw(owner, asset, 'max', 0));
  });

  it('keeps the bands of a loan that is repaid within them where no higher place is left', () => {
    const { protocol, owner, at, position, down, held } = aLoan(800);
    at(920);
    granted(protocol.repay(owner, USD, 1e6, 0));
    expect(protocol.liquidatable(0)).toEqual([position]);
    granted(down());
    expect(held()[1]).toBeGreaterThan(0);
  });

  it('refuses what bands cannot hold: a second debt or collateral, or more debt than they cover', () => {
    const markets = { ...MARKETS, BTC: { usd: 1000, ltv: 0.8, liquidationThreshold: 0.85 } };
    const { protocol, owner, person } = aLoan(600, {}, { markets });
    granted(protocol.supply(person('bull', { BTC: 10 }), 2, 'max', 0));
    granted(protocol.deposit(person('other', { BTC: 1 }), 2, 'max', 0));
    expect(refusal(protocol.borrow(owner, 2, 1000, 0))).toBe('BANDS_PAIR');
    expect(refusal(protocol.deposit(owner, USD, 1000, 0))).toBe('BANDS_PAIR');
    const high = aLoan(0, {}, { markets: { ...MARKETS, ETH: { usd: 1000, ltv: 0.89, liquidationThreshold: 0.9 } } });
    const most = Math.floor(1e9 * WORTH * 0.91);
    expect(refusal(high.protocol.borrow(high.owner, USD, most + 2, 0))).toBe('DEBT_TOO_HIGH');
    granted(high.protocol.borrow(high.owner, USD, Math.floor(most * 0.99) - 2, 0));
    const dust = aLoan(0);
    granted(dust.protocol.withdraw(dust.owner, ETH, 1e6 - 9, 0));
    expect(refusal(dust.protocol.borrow(dust.owner, USD, 1, 0))).toBe('AMOUNT');
  });
});

describe('a loan below its own health', () => {
  /** A loan that fell slowly through its bands and came back in leaps: it lost 3/2 of a leap. */
  function worn() {
    const loan = aLoan(800, { fee: 0 });
    loan.slide(800, 0.001);
    for (const usd of [850, 900, 950, 1000]) {
      loan.at(usd);
      loan.up();
    }
    return loan;
  }

  it('is closed for all of its collateral, or part for part', () => {
    const { protocol, at, down, position, held, broken } = worn();
    const [eth, usd] = held();
    expect(usd).toBe(0);
    expect(eth).toBeLessThan(0.965);
    // Untouched again, far above the bands, its collateral counts at the oracle.
    expect(protocol.liquidatable(0)).toEqual([]);
    expect(refusal(down())).toBe('NOT_LIQUIDATABLE');
    at(934);
    expect(protocol.liquidatable(0)).toEqual([position]);
    expect(granted(protocol.quoteLiquidation(position, USD, ETH, 0))).toEqual({ repay: 800e6, seize: Math.round(eth * 1e6) });
    expect(granted(down(200e6))).toEqual({ repaid: 200e6, seized: Math.floor(eth * 250_000) });
    expect(broken()).toEqual([]);
    granted(down());
    expect([held(), protocol.debtOf(position, USD)]).toEqual([[0, 0], 0]);
    expect(broken()).toEqual([]);
  });

  it('repays with its own stable first, part for part', () => {
    const { protocol, at, slide, down, position, held, broken } = aLoan(800);
    slide(895, 0.002);
    // A leap within the bands: what is left of the collateral is sold badly, and the cover is no longer enough.
    at(845);
    const [eth, usd] = held();
    const asked = 800 - usd;
    expect(usd).toBeGreaterThan(200);
    expect(granted(protocol.quoteLiquidation(position, USD, ETH, 0)).repay / 1e6).toBeCloseTo(asked, 5);
    granted(down(Math.round((asked * 1e6) / 4)));
    expect(protocol.debtOf(position, USD) / 1e6).toBeCloseTo(600, 4);
    expect(held()[0]).toBeCloseTo(eth * 0.75, 5);
    expect(held()[1]).toBeCloseTo(usd * 0.75, 4);
    expect(broken()).toEqual([]);
    granted(down());
    expect([held(), protocol.debtOf(position, USD)]).toEqual([[0, 0], 0]);
    expect(broken()).toEqual([]);
  });

  it('counts above its bands at the oracle only while untouched: after a leap up it can be closed before it is bought back', () => {
    const { protocol, slide, at, position, held, up } = aLoan(800, { fee: 0 });
    slide(910, 0.001);
    at(1000);
    const [eth, usd] = held();
    expect(eth).toBeGreaterThan(0.6);
    expect(usd).toBeGreaterThan(100);
    expect(granted(protocol.quoteLiquidation(position, USD, ETH, 0)).repay / 1e6).toBeCloseTo(800 - usd, 5);
    granted(up());
    expect(refusal(protocol.quoteLiquidation(position, USD, ETH, 0))).toBe('NOT_LIQUIDATABLE');
  });

  it('is sold on through its bands where its collateral is worth less than what is asked', () => {
    const { protocol, at, down, position, held } = aLoan(800);
    at(780);
    const debt = protocol.debtOf(position, USD);
    const taken = granted(down());
    expect(protocol.debtOf(position, USD)).toBe(debt);
    expect(taken.seized).toBe(1e6);
    expect(held()[0]).toBe(0);
    // All is stable, and less than the debt: nobody closes it.
    const quote = granted(protocol.quoteLiquidation(position, USD, USD, 0));
    expect(quote.seize).toBeLessThan(quote.repay);
    expect(refusal(down())).toBe('COLLATERAL_NONE');
  });
});
