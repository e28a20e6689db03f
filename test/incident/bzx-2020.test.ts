/** The bundle of 15 February 2020 against the figures of the record. */
import { describe, expect, it } from 'vitest';
import { runIncident } from './incident-run.ts';

const asItWas = await runIncident('bzx-2020', 'as-it-was');
const withCheck = await runIncident('bzx-2020', 'with-check');

describe('bZx as it was', () => {
  const [margin, sale] = asItWas.attackers('trade');

  it('buys 51.345576 WBTC with 5,637.62 ETH in the margin trade', () => {
    expect(Math.abs(-margin.a / 1e8 - 51.345576)).toBeLessThan(1e-4);
    expect(margin.b / 1e9).toBeCloseTo(5637.623762, 6);
  });

  it('leaves the pool at 328 ETH per WBTC', () => {
    expect(Math.floor(margin.d)).toBe(328);
  });

  it('sells 112 WBTC into it for 6,871.41 ETH', () => {
    expect(sale.a / 1e8).toBe(112);
    expect(Math.abs(-sale.b / 1e9 - 6871.41)).toBeLessThan(0.1);
  });

  it('leaves a margin position whose equity at fair prices is negative, and stays so', () => {
    const [{ c: collateralUsd, d: debtUsd }] = asItWas.attackers('margin-trade');
    expect(collateralUsd - debtUsd).toBeLessThan(-600_000);
    const [left] = asItWas.attackers('open-shortfall');
    expect(left.a).toBeCloseTo(debtUsd - collateralUsd, 3);
  });

  it('begins with a flash loan of 10,000 ETH, on which everything after it depends', () => {
    const [loan] = asItWas.attackers('flash');
    expect([loan.a, loan.b]).toEqual([10_000e9, 0]);
    expect(asItWas.attackers('deposit')[0].cause).toBe(loan.seq);
    expect(withCheck.attackers('flash')).toHaveLength(0);
  });

  it('is one bundle, paid for by the lenders behind the margin trade', () => {
    expect(asItWas.attackers('bundle')).toHaveLength(1);
    expect(asItWas.attackers('refusal')).toHaveLength(0);
    // The lenders hold the 51.3 WBTC of the position in place of 4,337.6 ETH.
    expect(asItWas.change('lender-eth/0', 'ETH')).toBeCloseTo(-4337.62, 1);
    expect(asItWas.change('lender-eth/0', 'WBTC')).toBeCloseTo(51.3456, 3);
    expect(asItWas.change('lender-wbtc/0', 'WBTC')).toBeCloseTo(0, 6);
    expect(asItWas.outcome.metrics.attack_profit_usd).toBeGreaterThan(0);
  });
});

describe('bZx with the check that was missing', () => {
  it('refuses the bundle for the health of the position', () => {
    const [refusal] = withCheck.attackers('refusal');
    expect(withCheck.outcome.names.refusals[refusal.a]).toBe('HEALTH_INITIAL');
    expect(withCheck.attackers('bundle')).toHaveLength(0);
    expect(withCheck.attackers('trade')).toHaveLength(0);
  });

  it('changes nothing but gas', () => {
    const [refusal] = withCheck.attackers('refusal');
    const changed = withCheck.outcome.parties.filter(({ startUnits, endUnits }) => Math.abs(endUnits - startUnits) > 1e-3);
    const gas = changed.filter(({ account }) => account === 'attacker/0');
    expect(gas.map(({ asset, startUnits, endUnits }) => [asset, startUnits - endUnits])).toEqual([['ETH', refusal.b]]);
    // The lenders paid for their own supply; all gas went outside, for nobody tips.
    const others = changed.filter(({ account }) => account !== 'attacker/0').map(({ account, asset }) => `${account} ${asset}`);
    expect(others.sort()).toEqual(['lender-eth/0 ETH', 'lender-wbtc/0 ETH', 'outside ETH']);
    expect(withCheck.outcome.metrics.attack_gain_usd).toBe(0);
    expect(withCheck.outcome.metrics.bad_debt_usd).toBe(0);
  });
});
