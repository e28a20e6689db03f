import { describe, expect, it } from 'vitest';
import { isRejection } from '../../../src/base/rejection.ts';
import { toTokens } from '../../../src/base/units.ts';
import { constantProduct } from '../../../src/market/constant-product.ts';
import type { Loan } from '../../../src/study/closed-form/liquidation-size.ts';
import { aLendingWorld, aLoan, granted, refusal } from '../../../src/study/validate/lending-world.ts';

const NANO = 1e-9;
/** Loan-to-value at the mark. */
const ltv = (loan: ReturnType<typeof aLoan>) => {
  const { debtUsd, collateralUsd } = loan.protocol.health(loan.position, 0);
  return debtUsd / collateralUsd;
};

describe('a liquidation at a fixed bonus', () => {
  const FRONTIER = { collateral: 100, threshold: 0.8, bonus: 0.05 };

  it('B9: lowers the loan-to-value below the toxic frontier 1/(1 + i) and raises it above', () => {
    for (const { debt, falls } of [
      { debt: 90, falls: true },
      { debt: 96, falls: false },
    ]) {
      const loan = aLoan({ ...FRONTIER, debt });
      const before = ltv(loan);
      expect(before).toBeCloseTo(debt / 100, 9);
      granted(loan.take(loan.units('USD', 10)));
      expect(ltv(loan) < before).toBe(falls);
    }
  });

  it('B9: fully seized at l = 0.96 and i = 5 %, leaves bad debt of D − C/(1 + i), 0.76 % of the collateral', () => {
    const loan = aLoan({ ...FRONTIER, debt: 96 });
    granted(loan.take('max'));
    const shortfall = loan.facts.find(({ kind }) => kind === 'shortfall');
    expect(shortfall?.numbers[0]).toBeCloseTo(96 - 100 / 1.05, 8);
    expect(loan.protocol.debtOf(loan.position, loan.asset('USD'))).toBe(0);
    expect(loan.protocol.collateralOf(loan.position, loan.asset('ETH'))).toBe(0);
  });

  const B10: Loan = { collateral: 100, debt: 82, threshold: 0.8, bonus: 0.05 };

  it('B10: a repayment of 12.5 brings the health of 100 against 82 to 1', () => {
    const loan = aLoan(B10);
    granted(loan.take(loan.units('USD', 12.5)));
    expect(loan.protocol.health(loan.position, 0).healthFactor).toBeCloseTo(1, 9);
    expect(refusal(loan.take('max'))).toBe('NOT_LIQUIDATABLE');
  });

  it('B11: in two steps earns 2.3625, in one 2.05', () => {
    const profit = (amounts: readonly (number | 'max')[]) => {
      const loan = aLoan(B10);
      const worth = () => loan.ledger.balance(loan.kate, loan.asset('ETH')) + loan.ledger.balance(loan.kate, loan.asset('USD'));
      const before = worth();
      for (const amount of amounts) granted(loan.take(amount));
      return toTokens(worth() - before, 9);
    };
    expect(profit(['max'])).toBeCloseTo(2.05, 8);
    // Ten units short of 12.5, since seizures are whole units: at health 1 nothing more could be taken.
    expect(profit([12.5e9 - 10, 'max'])).toBeCloseTo(2.3625, 8);
  });

  it('B12: what a pool of 1000 clears at i = 5 % is 47.619: proceeds equal the repayment', () => {
    const loan = aLoan({ collateral: 200, debt: 180, threshold: 0.8, bonus: 0.05 }, { terms: { closeFactor: 1 } });
    const pool = constantProduct.create(
      { share: undefined, base: loan.asset('ETH'), quote: loan.asset('USD'), fee: 0, baseReserve: 1000, quoteReserve: 1000 },
      { name: 'pool', ledger: loan.ledger, startPrice: () => 1 },
    );
    const gain = (repay: number) => {
      loan.journal.begin();
      const { repaid, seized } = granted(loan.take(loan.units('USD', repay)));
      const { bought } = granted(pool.execute({ sell: loan.asset('ETH'), amount: seized }, loan.kate));
      loan.journal.undo();
      return toTokens(bought - repaid, 9);
    };
    expect(gain((1000 * 0.05) / 1.05)).toBeCloseTo(0, 6);
    expect(gain(47)).toBeGreaterThan(0);
    expect(gain(48)).toBeLessThan(0);
  });

  it('quotes what it then does', () => {
    const loan = aLoan(B10);
    const quote = granted(loan.protocol.quoteLiquidation(loan.position, loan.asset('USD'), loan.asset('ETH'), 0));
    expect(granted(loan.take('max'))).toEqual({ repaid: quote.repay, seized: quote.seize });
    expect(quote.repay).toBe(41e9);
  });

  it('refuses more than the close factor, and closes all of a debt below the health for it', () => {
    const loan = aLoan(B10);
    expect(refusal(loan.take(41e9 + 1))).toBe('OVER_CLOSE_FACTOR');
    const low = aLoan({ ...B10, debt: 90 });
    expect(granted(low.take(90e9)).repaid).toBe(90e9);
  });

  it('closes a small debt at once where the mechanism says so', () => {
    const loan = aLoan(B10, { terms: { fullCloseUsd: 2000 } });
    expect(granted(loan.take('max')).repaid).toBe(82e9);
  });

  it('gives the insurance fund its share of the bonus', () => {
    const loan = aLoan(B10, { terms: { fundShare: 0.1 } });
    const { seized } = granted(loan.take(20e9));
    expect(loan.ledger.balance(loan.protocol.fund, loan.asset('ETH'))).toBe(0.1e9);
    expect(seized).toBe(20.9e9);
  });

  it('refuses the healthy, the unknown, the unread and those who cannot pay', () => {
    const loan = aLoan({ ...B10, debt: 70 });
    const [usd, eth] = [loan.asset('USD'), loan.asset('ETH')];
    expect(refusal(loan.take('max'))).toBe('NOT_LIQUIDATABLE');
    expect(refusal(loan.protocol.liquidate(loan.kate, 99, usd, eth, 'max', 0))).toBe('POSITION_NONE');
    expect(refusal(loan.protocol.liquidate(loan.kate, 0, 9, eth, 'max', 0))).toBe('MARKET_NONE');
    loan.setPrice('ETH', 0.8);
    expect(refusal(loan.protocol.liquidate(loan.betty, loan.position, usd, usd, 'max', 0))).toBe('COLLATERAL_NONE');
    expect(refusal(loan.protocol.liquidate(loan.kate, loan.position, eth, eth, 'max', 0))).toBe('DEBT_NONE');
    expect(refusal(loan.take(0.5))).toBe('AMOUNT');
    const poor = loan.person('poor', {});
    expect(refusal(loan.protocol.liquidate(poor, loan.position, usd, eth, 'max', 0))).toBe('WALLET_SHORT');
    loan.oracle[eth] = Number.NaN;
    expect(refusal(loan.take('max'))).toBe('ORACLE_INVALID');
  });

  it('waits out the grace, which begins when a block ends with the position liquidatable and is lost when it recovers', () => {
    const loan = aLoan(B10, { terms: { grace: 60_000 } });
    expect(refusal(loan.take('max', 59_999))).toBe('GRACE');
    loan.setPrice('ETH', 2);
    loan.protocol.endBlock(60_000);
    loan.setPrice('ETH', 1);
    loan.protocol.endBlock(72_000);
    expect(refusal(loan.take('max', 131_999))).toBe('GRACE');
    expect(isRejection(loan.take('max', 132_000))).toBe(false);
  });

  it('cannot be opened or put off by what happens within a bundle', () => {
    const loan = aLoan(B10, { terms: { grace: 60_000 } });
    loan.journal.begin();
    loan.setPrice('ETH', 2);
    loan.protocol.refresh(30_000);
    loan.setPrice('ETH', 1);
    loan.journal.undo();
    expect(isRejection(loan.take('max', 60_000))).toBe(false);
  });

  it('pays a shortfall from the fund, then from the reserve, then from lenders, and tells who paid', () => {
    const loan = aLoan({ ...B10, debt: 96 }, { fund: { USD: 0.5 }, backstop: ['insurance-fund', 'reserve', 'socialise'] });
    granted(loan.take('max'));
    const facts = loan.facts.slice(-3);
    const short = 96 - 100 / 1.05;
    expect(facts.map(({ kind }) => kind)).toEqual(['shortfall', 'insurance-fund', 'socialise']);
    expect(facts[1].numbers[0]).toBeCloseTo(0.5, 9);
    expect(facts[2].numbers[0]).toBeCloseTo(short - 0.5, 8);
    expect(toTokens(loan.protocol.suppliedOf(loan.protocol.positionOf(loan.albert), loan.asset('USD')), 9)).toBeCloseTo(
      1_000_000 - short + 0.5,
      8,
    );
  });

  it('leaves owed what no layer pays, to be reported at the end', () => {
    const loan = aLoan({ ...B10, debt: 96 }, { backstop: ['insurance-fund'] });
    granted(loan.take('max'));
    const left = 96 - 100 / 1.05;
    expect(toTokens(loan.protocol.debtOf(loan.position, loan.asset('USD')), 9)).toBeCloseTo(left, 8);
    expect(loan.protocol.liquidatable(0)).toEqual([]);
    loan.protocol.reportOpenShortfalls();
    expect(loan.facts.at(-1)).toMatchObject({ kind: 'open-shortfall', actor: loan.betty, subject: loan.position });
    expect(loan.facts.at(-1)?.numbers[0]).toBeCloseTo(left, 8);
  });

  it('says at which health it happened, and which it would have been at the fair price', () => {
    const loan = aLoan(B10);
    loan.fair[loan.asset('ETH')] = 2;
    granted(loan.take(10e9));
    const [repaidUsd, seizedUsd, health, healthAtFair] = loan.facts.at(-1)?.numbers ?? [];
    expect(repaidUsd).toBeCloseTo(10, 9);
    expect(seizedUsd).toBeCloseTo(21, 8);
    expect(health).toBeCloseTo(80 / 82, 9);
    expect(healthAtFair).toBeCloseTo(160 / 82, 9);
  });
});

describe('collateral of several kinds', () => {
  it('is a shortfall only once all of it is gone', () => {
    const world = aLendingWorld({
      markets: {
        ETH: { usd: 10, ltv: 0.8, liquidationThreshold: 0.8 },
        BTC: { usd: 10, ltv: 0.8, liquidationThreshold: 0.8 },
        USD: { usd: 1 },
      },
      terms: { closeFactor: 1 },
    });
    const { protocol, asset } = world;
    const lender = world.person('lender', { USD: 1000 });
    const betty = world.person('borrower', { ETH: 10, BTC: 10 });
    const kate = world.person('liquidator', { USD: 1000 });
    granted(protocol.supply(lender, asset('USD'), 'max', 0));
    for (const name of ['ETH', 'BTC']) granted(protocol.deposit(betty, asset(name), 'max', 0));
    granted(protocol.borrow(betty, asset('USD'), 150e6, 0));
    world.setPrice('ETH', 5);
    world.setPrice('BTC', 5);
    const position = protocol.positionOf(betty);
    protocol.refresh(0);
    expect(protocol.liquidatable(0)).toEqual([position]);
    granted(protocol.liquidate(kate, position, asset('USD'), asset('ETH'), 'max', 0));
    expect(protocol.collateralOf(position, asset('ETH'))).toBe(0);
    expect(world.facts.some(({ kind }) => kind === 'shortfall')).toBe(false);
    granted(protocol.liquidate(kate, position, asset('USD'), asset('BTC'), 'max', 0));
    expect(world.facts.find(({ kind }) => kind === 'shortfall')?.numbers[0]).toBeCloseTo(150 - 100 / 1.05, 5);
    expect(protocol.suppliedOf(protocol.positionOf(lender), asset('USD')) * 1e-6 + NANO).toBeCloseTo(1000 - (150 - 100 / 1.05), 5);
  });
});
