import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aContractWorld, CALL, type ContractWorldOptions, PERP, PUT } from '../../../src/study/validate/contract-world.ts';
import { granted, refusal } from '../../../src/study/validate/lending-world.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const USD = 1e6;
const usd = (units: number) => units / USD;

/** A house without capital of its own, and Penny with 100,000 USD in the wallet. */
function aHouse(options: ContractWorldOptions = {}) {
  const world = aContractWorld({ house: 0, ...options });
  const { protocol } = world;
  const penny = world.person('penny', { USD: 100_000 });
  const provide = (who: number, tokens: number) => protocol.provide(who, 1, tokens * USD, 0);
  const take = (who: number, tokens: number | 'max') => protocol.unprovide(who, 1, tokens === 'max' ? tokens : tokens * USD, 0);
  return { ...world, penny, provide, take };
}

describe("the house's capital", () => {
  it('is shared in proportion to what each paid in, at its worth of the moment', () => {
    const { protocol, penny, person, trader, trade, setPrice, provide, take, ledger } = aHouse();
    const paul = person('paul', { USD: 100_000 });
    granted(provide(penny, 30_000));
    // Albert is short 10 ETH and wins 2,000: the house is worth 28,000.
    const albert = trader('albert', { USD: 10_000 });
    trade(albert, PERP, -10);
    setPrice('ETH', 1800);
    protocol.refresh(0);
    expect(usd(protocol.houseEquity())).toBeCloseTo(28_000, 4);
    expect(usd(protocol.providedOf(penny))).toBeCloseTo(28_000, 4);
    granted(provide(paul, 14_000));
    expect(usd(protocol.providedOf(paul))).toBeCloseTo(14_000, 4);
    // He loses again, 2,000 from there: two thirds of it are Penny's.
    setPrice('ETH', 2000);
    protocol.refresh(0);
    expect(usd(protocol.providedOf(penny))).toBeCloseTo(28_000 + (2 / 3) * 2_000, 4);
    expect(usd(protocol.providedOf(paul))).toBeCloseTo(14_000 + (1 / 3) * 2_000, 4);
    trade(albert, PERP, 10);
    granted(take(penny, 'max'));
    granted(take(paul, 'max'));
    expect(usd(ledger.balance(penny, 1))).toBeCloseTo(100_000 - 30_000 + 28_000 + (2 / 3) * 2_000, 4);
    expect(usd(ledger.balance(paul, 1))).toBeCloseTo(100_000 + (1 / 3) * 2_000, 4);
    expect(protocol.houseEquity()).toBeLessThan(3);
  });

  it('gives back no more than was paid in, if nothing has happened since', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 999 }), (parts, loss) => {
        const { protocol, penny, person, trader, trade, setPrice, ledger } = aHouse();
        const first = person('first', { USD: 100_000 });
        granted(protocol.provide(first, 1, 50_000 * USD + 7, 0));
        const albert = trader('albert', { USD: 50_000 });
        trade(albert, PERP, 10);
        setPrice('ETH', 2000 + loss);
        for (const units of parts) protocol.provide(penny, 1, units, 0);
        const there = protocol.providedOf(first);
        protocol.unprovide(penny, 1, 'max', 0);
        expect(ledger.balance(penny, 1)).toBeLessThanOrEqual(100_000 * USD);
        expect(protocol.providedOf(first)).toBeGreaterThanOrEqual(there);
      }),
      { numRuns: propertyRuns(40, 400) },
    );
  });

  it('can be taken only as far as there is cash, and not without a mark', () => {
    const { protocol, penny, trader, trade, setPrice, provide, take, oracle } = aHouse();
    granted(provide(penny, 1_000));
    // The house is short 4 ETH for 8,000: it has that in cash, and owes more than it.
    const albert = trader('albert', { USD: 1_000 });
    trade(albert, PERP, 4);
    setPrice('ETH', 1900);
    expect(refusal(take(penny, 1_500))).toBe('LIQUIDITY_SHORT');
    oracle[0] = Number.NaN;
    expect(refusal(take(penny, 'max'))).toBe('ORACLE_INVALID');
    expect(refusal(provide(penny, 1))).toBe('ORACLE_INVALID');
    expect(protocol.providedOf(penny)).toBeNaN();
    oracle[0] = 1900;
    // Albert is down to 600; there are 2,000 in all.
    expect(usd(granted(take(penny, 'max')))).toBeCloseTo(1_400, 5);
    expect(refusal(take(penny, 'max'))).toBe('AMOUNT');
    expect(protocol.providedOf(penny)).toBe(0);
  });

  it('takes nobody in while it is worth nothing, or less', () => {
    for (const capital of [0, 1_000]) {
      const { protocol, penny, trader, trade, setPrice, provide } = aHouse();
      if (capital > 0) granted(provide(penny, capital));
      trade(trader('albert', { USD: 10_000 }), PERP, 10);
      setPrice('ETH', 2200);
      expect(refusal(provide(penny, 10))).toBe('POOL_EMPTY');
      expect(protocol.providedOf(penny)).toBe(0);
    }
  });

  it('is refused money that is not there, and amounts that are none', () => {
    const { protocol, penny, provide, take } = aHouse();
    for (const units of [0, -1, 0.5, Number.NaN]) expect(refusal(protocol.provide(penny, 1, units, 0))).toBe('AMOUNT');
    expect(refusal(provide(penny, 100_001))).toBe('WALLET_SHORT');
    expect(refusal(take(penny, 1))).toBe('LIQUIDITY_SHORT');
    expect(refusal(protocol.provide(penny, 0, 1, 0))).toBe('POOL_NONE');
  });

  it('cannot be bought cheaply, or sold dearly, by who moves the mark', () => {
    for (const side of [1, -1]) {
      const { protocol, penny, person, size, provide, ledger } = aHouse({ perpetual: { depth: 1000, fee: 0 } });
      granted(provide(penny, 50_000));
      const mallory = person('mallory', { USD: 400_000 });
      granted(protocol.deposit(mallory, 1, 200_000 * USD, 0));
      const worth = protocol.providedOf(penny);
      granted(protocol.tradeContract(mallory, PERP, size(200 * side), 0));
      granted(protocol.provide(mallory, 1, 200_000 * USD, 0));
      granted(protocol.tradeContract(mallory, PERP, -size(200 * side), 0));
      granted(protocol.unprovide(mallory, 1, 'max', 0));
      granted(protocol.withdraw(mallory, 1, 'max', 0));
      expect(ledger.balance(mallory, 1)).toBeLessThanOrEqual(400_000 * USD);
      expect(protocol.providedOf(penny)).toBeGreaterThanOrEqual(worth - 1);
    }
  });

  it('cannot be taken below nothing by who asks in thirds', () => {
    const { protocol, penny, person, provide, ledger } = aHouse();
    const paul = person('paul', { USD: 1 });
    granted(provide(penny, 1));
    granted(provide(paul, 1));
    for (let i = 0; i < 5; i++) protocol.unprovide(paul, 1, 333_333, 0);
    expect(ledger.balance(paul, 1)).toBeLessThanOrEqual(1 * USD);
    expect(protocol.providedOf(penny)).toBe(1 * USD);
  });
});

describe('the expiry of options', () => {
  const EXPIRY = 86_400_000;

  it('settles everybody at the payoff, the house on the other side of all, and moves no money', () => {
    const { protocol, trader, trade, setPrice, facts, ledger } = aContractWorld({ option: { expiry: EXPIRY } });
    const people = ['albert', 'betty', 'carol'].map((name) => trader(name, { USD: 50_000 }));
    trade(people[0], CALL, 3);
    trade(people[1], CALL, -5);
    trade(people[2], PUT, -7);
    setPrice('ETH', 2100);
    protocol.refresh(EXPIRY);
    const [before, house] = [people.map((who) => protocol.quoteOf(protocol.positionOf(who))), protocol.houseEquity()];
    const custody = ledger.balance(protocol.custody, 1);
    protocol.endBlock(EXPIRY);
    const gained = people.map((who, i) => usd(protocol.quoteOf(protocol.positionOf(who)) - before[i]));
    expect(gained.map((tokens) => Math.round(tokens * 1e4) / 1e4)).toEqual([300, -500, 0]);
    for (const who of people) for (const contract of [CALL, PUT]) expect(protocol.sizeOf(protocol.positionOf(who), contract)).toBe(0);
    expect(protocol.openInterest(CALL)).toEqual({ longs: 0, shorts: 0 });
    // What it was worth at the end, it is worth now.
    expect(usd(protocol.houseEquity())).toBeCloseTo(usd(house), 4);
    expect(ledger.balance(protocol.custody, 1)).toBe(custody);
    expect(facts.filter(({ kind }) => kind === 'expiry').map(({ subject, numbers }) => [subject, numbers[0] * 1e6, numbers[1]])).toEqual([
      [CALL, expect.closeTo(100, 6), expect.closeTo(800, 3)],
      [PUT, 0, 0],
    ]);
  });

  it('waits for a valid index, and happens once', () => {
    const { protocol, trader, trade, oracle, facts } = aContractWorld({ option: { expiry: EXPIRY } });
    const albert = trader('albert', { USD: 50_000 });
    trade(albert, CALL, 1);
    oracle[0] = Number.NaN;
    protocol.endBlock(EXPIRY);
    expect(protocol.sizeOf(protocol.positionOf(albert), CALL)).toBe(1e6);
    oracle[0] = 2500;
    for (const at of [EXPIRY + 1, EXPIRY + 2]) protocol.endBlock(at);
    expect(protocol.sizeOf(protocol.positionOf(albert), CALL)).toBe(0);
    expect(facts.filter(({ kind }) => kind === 'expiry')).toHaveLength(2);
  });

  it('sends whoever it has ruined to the waterfall', () => {
    const { protocol, trader, trade, setPrice, facts } = aContractWorld({ option: { expiry: EXPIRY }, fund: { USD: 400 } });
    const betty = trader('betty', { USD: 3_000 });
    trade(betty, CALL, -8);
    const cash = usd(protocol.quoteOf(protocol.positionOf(betty)));
    // Nobody has closed her in time.
    setPrice('ETH', 4000);
    protocol.endBlock(EXPIRY);
    const missing = 8 * 2000 - cash;
    expect(facts.find(({ kind }) => kind === 'shortfall')?.numbers[0]).toBeCloseTo(missing, 4);
    expect(facts.find(({ kind }) => kind === 'insurance-fund')?.numbers[0]).toBe(400);
    expect(usd(protocol.quoteOf(protocol.positionOf(betty)))).toBeCloseTo(400 - missing, 4);
    // Lenders have no part in it.
    expect(facts.some(({ kind }) => kind === 'socialise')).toBe(false);
  });
});
