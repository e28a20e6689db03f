import { describe, expect, it } from 'vitest';
import { type aLendingWorld, aLoan, granted } from '../../../src/study/validate/lending-world.ts';

/** Claims by holder and asset. */
function claimsOf(world: Pick<ReturnType<typeof aLendingWorld>, 'protocol'>) {
  const claims = new Map<string, number>();
  world.protocol.claims((holder, issuer, asset, units) => {
    expect(issuer).toBe(world.protocol.custody);
    const key = `${holder}/${asset}`;
    claims.set(key, (claims.get(key) ?? 0) + units);
  });
  return claims;
}
const sum = (claims: Map<string, number>, asset: number) =>
  [...claims].reduce((total, [key, units]) => total + (key.endsWith(`/${asset}`) ? units : 0), 0);

describe('the final account of a protocol', () => {
  const LOAN = { collateral: 100, debt: 60, threshold: 0.8, bonus: 0.05 };

  it('gives owners collateral less debt and lenders what they supplied, and nothing is left over', () => {
    const loan = aLoan(LOAN);
    const claims = claimsOf(loan);
    expect(claims.get(`${loan.betty}/0`)).toBe(100e9);
    expect(claims.get(`${loan.betty}/1`)).toBe(-60e9);
    expect(claims.get(`${loan.albert}/1`)).toBe(1_000_000e9);
    for (const asset of [0, 1]) expect(sum(claims, asset)).toBe(loan.ledger.balance(loan.protocol.custody, asset));
  });

  it('lets an uncovered position go for nothing: the fund bears what is missing, lenders the rest, and they inherit its collateral', () => {
    const loan = aLoan(LOAN, { fund: { USD: 4 } });
    // 100 of collateral at 0.5 against 60: 10 are missing.
    loan.setPrice('ETH', 0.5);
    const claims = claimsOf(loan);
    expect(claims.has(`${loan.betty}/0`)).toBe(false);
    expect(claims.get(`${loan.protocol.fund}/1`)).toBe(-4e9);
    const worth = (claims.get(`${loan.albert}/1`) ?? 0) + 0.5 * (claims.get(`${loan.albert}/0`) ?? 0);
    expect(worth / 1e9).toBeCloseTo(1_000_000 - 6, 6);
    expect(loan.protocol.lenderShortfallUsd()).toBeCloseTo(6, 6);
    // What nobody claims is custody's own: here nothing.
    const left = [0, 1].map((asset) => loan.ledger.balance(loan.protocol.custody, asset) - sum(claims, asset));
    expect(Math.abs(left[1] + 0.5 * left[0])).toBeLessThan(1e-3);
  });

  it('counts assets, claims, debts and shortfalls at fair prices', () => {
    const loan = aLoan(LOAN, { fund: { USD: 4 } });
    const solid = loan.protocol.solvency();
    expect(solid).toMatchObject({ shortfallUsd: 0, underwater: 0 });
    expect(solid.debtUsd).toBeCloseTo(60, 9);
    expect(solid.collateralUsd).toBeCloseTo(100, 9);
    expect(solid.claimsUsd).toBeCloseTo(1_000_000, 6);
    expect(solid.assetsUsd).toBeCloseTo(1_000_004, 6);
    loan.fair[0] = 0.5;
    const short = loan.protocol.solvency();
    expect(short.underwater).toBe(1);
    expect(short.shortfallUsd).toBeCloseTo(10, 9);
    expect(short.collateralUsd).toBeCloseTo(50, 9);
    expect(short.assetsUsd).toBeCloseTo(1_000_004 - 10, 6);
  });

  it('shares a loss among lenders in proportion to their claims', () => {
    const loan = aLoan(LOAN);
    granted(loan.protocol.supply(loan.kate, 1, 250_000e9, 0));
    loan.setPrice('ETH', 0.5);
    const claims = claimsOf(loan);
    const loss = (who: number, supplied: number) => supplied - ((claims.get(`${who}/1`) ?? 0) + 0.5 * (claims.get(`${who}/0`) ?? 0)) / 1e9;
    expect(loss(loan.albert, 1_000_000)).toBeCloseTo(8, 4);
    expect(loss(loan.kate, 250_000)).toBeCloseTo(2, 4);
  });
});
