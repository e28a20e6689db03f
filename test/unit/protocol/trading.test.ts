import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNITS_MAX } from '../../../src/base/units.ts';
import { entryChange } from '../../../src/protocol/trading.ts';
import { aContractWorld, CALL, type ContractWorldOptions, PERP, PUT } from '../../../src/study/validate/contract-world.ts';
import { granted, refusal } from '../../../src/study/validate/lending-world.ts';

const USD = 1e6;
const M = 1e6;

/** Albert with 10,000 USD of cash. */
function aDesk(options: ContractWorldOptions = {}) {
  const world = aContractWorld(options);
  const albert = world.trader('albert', { USD: 10_000 });
  const position = world.protocol.positionOf(albert);
  const trade = (contract: number, tokens: number, at = 0) => world.protocol.tradeContract(albert, contract, world.size(tokens), at);
  return { ...world, albert, position, order: trade };
}

describe('a trade of a perpetual', () => {
  it('costs what the house asks, by cash alone: equity is what it was, less the fee and the impact', () => {
    const { protocol, position, order, ledger } = aDesk({ perpetual: { depth: 1000, fee: 0.001 } });
    // 10 ETH at 2,000 and a premium of half of 10/1,000.
    const fill = granted(order(PERP, 10));
    expect(fill.paid / USD).toBeCloseTo(20_000 * 1.005, 5);
    expect(fill.fee / USD).toBeCloseTo(20_100 * 0.001, 5);
    expect(protocol.quoteOf(position)).toBe(10_000 * USD - fill.paid - fill.fee);
    expect(protocol.sizeOf(position, PERP)).toBe(10 * M);
    expect(protocol.skewOf(PERP)).toBe(10 * M);
    // The mark has moved by all of it.
    expect(protocol.contractMark(PERP) * M).toBeCloseTo(2000 * 1.01, 9);
    expect(ledger.balance(protocol.fund, 1)).toBe(fill.fee);
    // What the impact has cost him he would have back by closing: the house is worth what it was.
    expect(protocol.houseEquity() / USD).toBeCloseTo(1_000_000, 5);
  });

  it('rounds against the trader, whichever side, and splitting never pays', () => {
    const price = fc.integer({ min: 1, max: 1_000_000 }).map((n) => n / 997);
    const sizes = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5000 }));
    fc.assert(
      fc.property(price, sizes, fc.constantFrom(1, -1), (index, [first, second], side) => {
        const cost = (parts: readonly number[]) => {
          const { protocol, albert, setPrice } = aDesk({ index: 2000, perpetual: { depth: 100, fee: 0.0007 } });
          setPrice('ETH', index);
          return parts.reduce((sum, units) => {
            const { paid, fee } = granted(protocol.tradeContract(albert, PERP, side * units, 0));
            return sum + paid + fee;
          }, 0);
        };
        const whole = cost([first + second]);
        const split = cost([first, second]);
        expect(split).toBeGreaterThanOrEqual(whole);
        expect(split).toBeLessThanOrEqual(whole + 3);
        expect(whole).toBeGreaterThanOrEqual(side * (first + second) * index - 1e-6);
      }),
      { numRuns: 50 },
    );
  });

  it('is refused beyond the initial requirement, and what reduces a size is not', () => {
    const { protocol, position, order, setPrice } = aDesk({ perpetual: { fee: 0 } });
    // 10,000 of equity carry 200,000 at 5 %: 100 ETH, less what a unit of rounding is worth.
    expect(refusal(order(PERP, 100.00001))).toBe('HEALTH_INITIAL');
    granted(order(PERP, 99.99999));
    setPrice('ETH', 1970);
    protocol.refresh(0);
    // Equity 7,000 of 9,850: below initial, above maintenance.
    expect(protocol.healthInitial(position).healthFactor).toBeLessThan(1);
    expect(protocol.health(position, 0).healthFactor).toBeGreaterThan(1);
    expect(refusal(order(PERP, 1))).toBe('HEALTH_INITIAL');
    expect(refusal(order(PERP, -180))).toBe('HEALTH_INITIAL');
    granted(order(PERP, -10));
    expect(protocol.sizeOf(position, PERP)).toBe(89.99999 * M);
    granted(order(PERP, -89.99999));
    expect(protocol.sizeOf(position, PERP)).toBe(0);
    expect(protocol.quoteOf(position) / USD).toBeCloseTo(10_000 - 99.99999 * 30, 5);
  });

  it('is refused below initial even where it reduces, if it leaves its owner worse', () => {
    const { protocol, position, order, setPrice } = aDesk({ perpetual: { fee: 0.05 } });
    granted(order(PERP, 40));
    setPrice('ETH', 1880);
    protocol.refresh(0);
    const before = protocol.healthInitial(position).healthFactor;
    expect(before).toBeLessThan(1);
    // Giving up 5 % of the notional in fees frees 5 % of requirement: no gain.
    expect(refusal(order(PERP, -20))).toBe('HEALTH_INITIAL');
  });

  it('keeps either side within the cap, counting what goes through zero once', () => {
    const { protocol, albert, person, order, size } = aDesk({ perpetual: { sizeCap: 10 } });
    const betty = person('betty', { USD: 100_000 });
    granted(protocol.deposit(betty, 1, 'max', 0));
    granted(order(PERP, 7));
    expect(refusal(protocol.tradeContract(betty, PERP, size(3.5), 0))).toBe('CAP_SIZE');
    granted(protocol.tradeContract(betty, PERP, size(3), 0));
    granted(protocol.tradeContract(betty, PERP, size(-5), 0));
    // From 7 long to 8 short: shorts have room for 8.
    expect(refusal(order(PERP, -15.1))).toBe('CAP_SIZE');
    granted(order(PERP, -15));
    expect(protocol.openInterest(PERP)).toEqual({ longs: 0, shorts: 10 * M });
    expect(protocol.sizeOf(protocol.positionOf(albert), PERP)).toBe(-8 * M);
  });

  it('has an entry value that is what was paid for the size that is still open', () => {
    const { protocol, position, order, setPrice } = aDesk();
    const entry = () => protocol.entryOf(position, PERP) / USD;
    granted(order(PERP, 4));
    setPrice('ETH', 2100);
    granted(order(PERP, 2));
    expect(entry()).toBeCloseTo(8_000 + 4_200, 5);
    setPrice('ETH', 1900);
    // A third is given up, at whatever price.
    granted(order(PERP, -2));
    expect(entry()).toBeCloseTo(12_200 * (4 / 6), 5);
    // Through zero: the old entry goes.
    granted(order(PERP, -7));
    expect(entry()).toBeCloseTo(-3 * 1900, 5);
    granted(order(PERP, 3));
    expect(entry()).toBe(0);
  });

  it('changes the entry of who opens, adds, reduces and turns', () => {
    const { protocol, position, order } = aDesk();
    const { accounts } = protocol.inspection;
    expect(entryChange(accounts, position, PERP, 5, 100)).toBe(100);
    granted(order(PERP, 1));
    expect(entryChange(accounts, position, PERP, M, 3000 * USD)).toBe(3000 * USD);
    expect(entryChange(accounts, position, PERP, -M / 4, -600 * USD)).toBe(-500 * USD);
    // A unit of rounding was paid for the first ETH.
    expect(entryChange(accounts, position, PERP, -2 * M, -5000 * USD) + accounts.entry(position, PERP)).toBe(-2500 * USD);
  });
});

describe('a mark that is moved by one’s own size', () => {
  it('lets nobody take out more than he put in, however large he trades', () => {
    for (const tokens of [50, 200, 400]) {
      const { protocol, person, size } = aContractWorld({ perpetual: { depth: 1000 } });
      const mallory = person('mallory', { USD: 300_000 });
      granted(protocol.deposit(mallory, 1, 'max', 0));
      granted(protocol.tradeContract(mallory, PERP, size(tokens), 0));
      protocol.endBlock(0);
      const position = protocol.positionOf(mallory);
      // On paper he has won half of what the mark has risen by.
      expect(protocol.health(position, 0).equity).toBeGreaterThan(300_000 + tokens ** 2 * 0.9);
      granted(protocol.withdraw(mallory, 1, 'max', 0));
      const exit = granted(protocol.quoteContract(PERP, -size(tokens)));
      const left = (protocol.quoteOf(position) - exit.paid) / USD;
      // What closing would leave still meets what was asked of him.
      expect(left).toBeGreaterThan(0.05 * tokens * 2000 * 0.99);
    }
  });
});

describe('a trade of an option', () => {
  it('is paid for in full, and what is bought asks for nothing more', () => {
    const { protocol, position, order } = aDesk({ option: { spread: 0.1 } });
    const mark = protocol.contractMark(CALL);
    const fill = granted(order(CALL, 2));
    expect(fill.paid).toBe(Math.ceil(2 * M * mark * 1.1 * USD));
    protocol.refresh(0);
    expect(protocol.health(position, 0)).toMatchObject({ healthFactor: Number.POSITIVE_INFINITY, liquidatable: false });
    // All that is left can be taken out, but the option secures nothing.
    granted(protocol.withdraw(protocol.ownerOf(position), 1, 'max', 0));
    expect(protocol.quoteOf(position)).toBe(0);
  });

  it('asks of a writer a share of the underlying, beside what the option is worth', () => {
    const { protocol, position, order, setPrice } = aDesk();
    granted(order(PUT, -10));
    // In the money by 400.
    setPrice('ETH', 1600);
    protocol.refresh(0);
    const value = protocol.contractMark(PUT) * 10 * M;
    const { debtUsd, required, healthFactor, collateralUsd } = protocol.health(position, 0);
    expect(debtUsd).toBeCloseTo(value, 6);
    expect(required).toBeCloseTo(10 * 1600 * 0.1, 6);
    expect(healthFactor).toBeCloseTo(collateralUsd / (value + 1600), 9);
  });

  it('is over at the expiry, whether it was settled yet or not', () => {
    const { order, oracle } = aDesk({ option: { expiry: 1000 } });
    granted(order(CALL, 1, 999));
    oracle[0] = Number.NaN;
    expect(refusal(order(CALL, 1, 1000))).toBe('EXPIRED');
  });
});

describe('a trade that cannot be', () => {
  it('is refused with the reason', () => {
    const { protocol, albert, order, oracle, person } = aDesk();
    expect(refusal(protocol.tradeContract(albert, 7, M, 0))).toBe('CONTRACT_NONE');
    for (const size of [0, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(refusal(protocol.tradeContract(albert, PERP, size, 0))).toBe('AMOUNT');
    }
    expect(refusal(protocol.tradeContract(person('stranger', {}), PERP, M, 0))).toBe('POSITION_NONE');
    oracle[0] = Number.NaN;
    expect(refusal(order(PERP, 1))).toBe('ORACLE_INVALID');
    oracle[0] = 2000;
    oracle[1] = Number.NaN;
    expect(refusal(order(PERP, 1))).toBe('ORACLE_INVALID');
  });

  it('is refused where the cash could not be counted', () => {
    const { protocol, albert, setPrice } = aDesk({ index: 1e9 });
    setPrice('ETH', 1e9);
    expect(refusal(protocol.tradeContract(albert, PERP, UNITS_MAX, 0))).toBe('AMOUNT');
  });

  it('is refused where the fee is more than all the cash there is', () => {
    const world = aContractWorld({ house: 0, perpetual: { fee: 0.1 }, markets: { ETH: { usd: 2000 } } });
    const betty = world.trader('betty', { ETH: 10 });
    expect(refusal(world.protocol.tradeContract(betty, PERP, world.size(1), 0))).toBe('LIQUIDITY_SHORT');
  });

  it('is refused without a house', () => {
    const { protocol, albert, journal } = aDesk();
    const { accounts } = protocol.inspection;
    const { house } = accounts;
    accounts.house = -1;
    expect(refusal(protocol.tradeContract(albert, PERP, M, 0))).toBe('HOUSE_NONE');
    accounts.house = house;
    expect(journal.open).toBe(false);
  });
});
