import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAdmission, NO_CHANGE } from '../../../src/protocol/risk/admission.ts';
import { blankHealth } from '../../../src/protocol/risk/risk-engine.ts';
import { staticRisk } from '../../../src/protocol/risk/static.ts';
import { aContractWorld, CALL, PERP, PUT } from '../../../src/study/validate/contract-world.ts';
import { granted } from '../../../src/study/validate/lending-world.ts';

const part = fc.integer({ min: 1, max: 100 });

/** An account with collateral, a loan, cash, and sizes of all contracts. */
function anAccount() {
  const world = aContractWorld({ markets: { USD: { usd: 1, borrowable: true } } });
  const { protocol } = world;
  granted(protocol.supply(world.person('lender', { USD: 100_000 }), 1, 'max', 0));
  const albert = world.person('albert', { ETH: 21, USD: 20_000 });
  granted(protocol.deposit(albert, 0, 20e6, 0));
  granted(protocol.deposit(albert, 1, 'max', 0));
  granted(protocol.borrow(albert, 1, 5_000e6, 0));
  world.trade(albert, PERP, -3);
  world.trade(albert, CALL, 2);
  world.trade(albert, PUT, -2);
  protocol.refresh(0);
  return { ...world, albert, position: protocol.positionOf(albert) };
}

describe('admission', () => {
  it('says of a change what is so after it is made', () => {
    const risk = staticRisk.create({}, undefined);
    fc.assert(
      fc.property(fc.constantFrom('deposit', 'withdraw', 'cash', 'borrow', 'repay', 'trade'), part, (what, share) => {
        const { protocol, position, albert, size } = anAccount();
        const { accounts } = protocol.inspection;
        const marks = new Float64Array(5);
        const see = () => {
          marks.set([0.002, 1e-6]);
          for (const contract of [PERP, CALL, PUT]) marks[2 + contract] = protocol.contractMark(contract);
          return marks;
        };
        const units = share * 1000;
        let change = { ...NO_CHANGE, position };
        let act: () => unknown = () => undefined;
        if (what === 'deposit' || what === 'withdraw') {
          change = { ...change, collateralMarket: 0, collateral: what === 'withdraw' ? -units : units };
          act = () => protocol[what](albert, 0, units, 0);
        } else if (what === 'cash') {
          change = { ...change, quote: -units };
          act = () => protocol.withdraw(albert, 1, units, 0);
        } else if (what === 'borrow' || what === 'repay') {
          const debt = what === 'borrow' ? units : -units;
          change = { ...change, debtMarket: 1, debt, debtShares: debt };
          act = () => protocol[what](albert, 1, units, 0);
        } else {
          const traded = -size(1);
          const { paid, fee } = granted(protocol.quoteContract(PERP, traded));
          change = { ...change, quote: -paid - fee, contract: PERP, size: traded };
          act = () => protocol.tradeContract(albert, PERP, traded, 0);
        }
        const expected = { ...createAdmission(accounts, () => risk).healthAfter(change, see()) };
        granted(act() as number);
        const found = risk.assess(accounts, position, see(), 'initial', blankHealth());
        expect(found.equity).toBeCloseTo(expected.equity, 6);
        expect(found.required).toBeCloseTo(expected.required, 6);
        expect(found.healthFactor).toBeCloseTo(expected.healthFactor, 9);
      }),
      { numRuns: 60 },
    );
  });

  it('changes nothing by answering', () => {
    const { protocol, position } = anAccount();
    const { accounts } = protocol.inspection;
    const before = [accounts.quote(position), accounts.size(position, PERP), accounts.collateral(position, 0)];
    const admission = createAdmission(accounts, () => staticRisk.create({}, undefined));
    const change = { ...NO_CHANGE, position, quote: -5, contract: PERP, size: 7, collateralMarket: 0, collateral: -9 };
    admission.admits(change, Float64Array.from([0.002, 1e-6, 0.002, 0.0001, 0.0001]));
    expect([accounts.quote(position), accounts.size(position, PERP), accounts.collateral(position, 0)]).toEqual(before);
  });

  it('admits nothing by an invalid mark', () => {
    const { protocol, position } = anAccount();
    const admission = createAdmission(protocol.inspection.accounts, () => staticRisk.create({}, undefined));
    for (const blind of [0, 1, 2, 3, 4]) {
      const marks = Float64Array.from([0.002, 1e-6, 0.002, 0.0001, 0.0001]);
      marks[blind] = Number.NaN;
      expect(admission.admits({ ...NO_CHANGE, position }, marks)).toBe(false);
    }
  });
});
