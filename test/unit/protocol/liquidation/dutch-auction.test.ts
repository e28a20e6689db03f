import { describe, expect, it } from 'vitest';
import { protocolInvariants } from '../../../../src/protocol/invariants.ts';
import { dutchAuction } from '../../../../src/protocol/liquidation/dutch-auction.ts';
import { termsOf } from '../../../../src/study/validate/default-terms.ts';
import { aLendingWorld, aLoan, granted, type LendingOptions, refusal } from '../../../../src/study/validate/lending-world.ts';

type Terms = Parameters<typeof dutchAuction.create>[0];

const STEP = 90_000;
const liquidation = (terms: Partial<Terms>): NonNullable<LendingOptions['liquidation']> => {
  return (needs) => dutchAuction.create(termsOf(dutchAuction, terms), needs);
};

/** A loan of `debt` against 100 worth 100, whose auction a keeper has started at time 0. */
function anAuction(debt: number, terms: Partial<Terms> = {}, fund = 0) {
  const loan = aLoan(
    { collateral: 100, debt, threshold: 0.6, bonus: 0 },
    { liquidation: liquidation(terms), fund: { USD: fund }, backstop: ['insurance-fund', 'socialise'] },
  );
  const { protocol, kate, position, asset, units, ledger } = loan;
  const started = granted(protocol.startLiquidation(kate, position, 0));
  const [lot] = protocol.liquidatable(0);
  const take = (amount: number | 'max', at: number) => protocol.liquidate(kate, lot, asset('USD'), asset('ETH'), amount, at);
  const quote = (at: number) => granted(protocol.quoteLiquidation(lot, asset('USD'), asset('ETH'), at));
  const held = (account: number, name: string) => ledger.balance(account, asset(name)) / units(name, 1);
  const collateral = (of: number) => protocol.collateralOf(of, asset('ETH')) / 1e9;
  const owed = (of: number) => protocol.debtOf(of, asset('USD')) / 1e9;
  return { ...loan, started, lot, take, quote, held, collateral, owed };
}

describe('a Dutch auction', () => {
  it('moves all debt and collateral of the position into a lot, which is for sale and is not liquidated again', () => {
    const { protocol, lot, position, collateral, owed } = anAuction(70);
    expect([collateral(position), owed(position), collateral(lot), owed(lot)]).toEqual([0, 0, 100, 70]);
    expect(protocol.liquidatable(0)).toEqual([lot]);
    expect(protocol.startable(0)).toEqual([]);
    expect(protocol.ownerOf(lot)).toBe(protocol.ownerOf(position));
  });

  it('starts at buf times the oracle and falls by cut in each step, whatever the oracle then says', () => {
    const { quote, setPrice } = anAuction(70, { chop: 0 });
    const price = (at: number) => quote(at).repay / quote(at).seize;
    expect(price(0)).toBeCloseTo(1.3, 9);
    expect(price(STEP - 1)).toBeCloseTo(1.3, 9);
    setPrice('ETH', Number.NaN);
    expect(price(STEP)).toBeCloseTo(1.3 * 0.99, 8);
    expect(price(27 * STEP)).toBeCloseTo(1.3 * 0.99 ** 27, 8);
  });

  it('raises the debt and the penalty, which is the fund’s, and gives the owner what is left', () => {
    const { take, protocol, lot, position, held, collateral, owed, kate } = anAuction(70, { chop: 0.13 });
    const { repaid, seized } = granted(take('max', 0));
    expect(repaid / 1e9).toBeCloseTo(70 * 1.13, 9);
    expect(seized / 1e9).toBeCloseTo((70 * 1.13) / 1.3, 8);
    expect(held(protocol.fund, 'USD')).toBeCloseTo(70 * 0.13, 9);
    expect(held(kate, 'ETH')).toBeCloseTo(seized / 1e9, 9);
    expect(collateral(position)).toBeCloseTo(100 - seized / 1e9, 9);
    expect([collateral(lot), owed(lot), owed(position)]).toEqual([0, 0, 0]);
    expect(protocol.liquidatable(0)).toEqual([]);
  });

  it('is taken in parts, debt before penalty, and never for more at one instant in parts than at once', () => {
    const { take, protocol, lot, held, owed } = anAuction(70);
    granted(take(30e9, 0));
    expect([owed(lot), held(protocol.fund, 'USD')]).toEqual([40, 0]);
    granted(take(42e9, 0));
    expect(owed(lot)).toBe(0);
    expect(held(protocol.fund, 'USD')).toBeCloseTo(2, 9);
    // The rest of the penalty still has to be raised.
    expect(protocol.liquidatable(0)).toEqual([lot]);
    expect(granted(take('max', 0)).repaid / 1e9).toBeCloseTo(70 * 1.13 - 72, 8);
    const [once, twice] = [anAuction(70), anAuction(70)];
    const whole = granted(once.take(50e9 + 1, STEP)).seized;
    expect(granted(twice.take(33e9, STEP)).seized + granted(twice.take(17e9 + 1, STEP)).seized).toBeLessThanOrEqual(whole);
  });

  it('leaves no dust in the lot: a take that would is made smaller, and refused where the lot itself is dust', () => {
    const { take, lot, owed } = anAuction(70, { dust: 20, chop: 0.1 });
    // Tab 77, no less than 22 may be left.
    expect(granted(take(60e9, 0)).repaid / 1e9).toBeCloseTo(55, 8);
    expect(owed(lot)).toBeCloseTo(15, 8);
    expect(refusal(take(1e9, 0))).toBe('AMOUNT');
    expect(granted(take('max', 0)).repaid / 1e9).toBeCloseTo(22, 8);
  });

  it('leaves what all of the collateral does not bring to the waterfall', () => {
    const { take, facts, lot, collateral, owed } = anAuction(95, { chip: 0 }, 3);
    const at = 40 * STEP;
    const price = 1.3 * 0.99 ** 40;
    const { repaid, seized } = granted(take('max', at));
    expect(seized).toBe(100e9);
    expect(repaid / 1e9).toBeCloseTo(100 * price, 7);
    const fact = (kind: string) => facts.find((one) => one.kind === kind)?.numbers[0] ?? 0;
    expect(fact('shortfall')).toBeCloseTo(95 - 100 * price, 6);
    expect(fact('insurance-fund')).toBeCloseTo(3, 9);
    expect(fact('socialise')).toBeCloseTo(95 - 100 * price - 3, 6);
    expect([collateral(lot), owed(lot)]).toEqual([0, 0]);
  });

  it('must be started anew after tail, or below cusp, and then begins at the oracle’s price of that time', () => {
    for (const [terms, ends] of [
      [{ tail: 8_400_000, cusp: 0.4 }, 8_280_000],
      [{ tail: 3_600_000, cusp: 0.4 }, 3_600_001],
    ] as const) {
      const { protocol, kate, lot, take, quote, setPrice } = anAuction(70, terms);
      expect(protocol.startable(ends - 1)).toEqual([]);
      expect(refusal(protocol.startLiquidation(kate, lot, ends - 1))).toBe('LOT_RUNNING');
      expect(protocol.startable(ends)).toEqual([lot]);
      expect(refusal(take('max', ends))).toBe('ENDED');
      setPrice('ETH', 0.5);
      granted(protocol.startLiquidation(kate, lot, ends));
      expect(protocol.startable(ends)).toEqual([]);
      expect(quote(ends).repay / quote(ends).seize).toBeCloseTo(0.65, 8);
    }
  });

  it('pays the keeper tip and chip from the fund, as far as it goes, for each start and not for dust', () => {
    const terms = { tip: 2, chip: 0.1, chop: 0, tail: 1000 };
    const rich = anAuction(70, terms, 20);
    expect(rich.started.rewardUsd).toBeCloseTo(9, 9);
    expect(rich.held(rich.protocol.fund, 'USD')).toBeCloseTo(11, 9);
    expect(granted(rich.protocol.startLiquidation(rich.kate, rich.lot, 2000)).rewardUsd).toBeCloseTo(9, 9);
    expect(granted(rich.protocol.startLiquidation(rich.kate, rich.lot, 4000)).rewardUsd).toBeCloseTo(2, 9);
    expect(granted(rich.protocol.startLiquidation(rich.kate, rich.lot, 6000)).rewardUsd).toBe(0);
    const dusty = anAuction(70, { ...terms, dust: 60 }, 20);
    granted(dusty.take(10e9, 0));
    expect(granted(dusty.protocol.startLiquidation(dusty.kate, dusty.lot, 2000)).rewardUsd).toBeCloseTo(8, 9);
    dusty.setPrice('ETH', 0.5);
    // Worth 46 against a dust of 60: whoever starts it again does so for nothing.
    expect(granted(dusty.protocol.startLiquidation(dusty.kate, dusty.lot, 4000)).rewardUsd).toBe(0);
  });

  it('starts no more than the holes leave room for, and then refuses', () => {
    const { protocol, position, lot, collateral, owed, kate } = anAuction(70, { hole: 22, chop: 0.1 });
    expect([owed(lot), collateral(lot)]).toEqual([20, expect.closeTo((100 * 20) / 70, 8)]);
    expect(owed(position)).toBe(50);
    // What stays is as healthy as before, and waits for room.
    expect(protocol.health(position, 0).healthFactor).toBeCloseTo((60 / 70) * 1, 8);
    expect(protocol.startable(0)).toEqual([position]);
    expect(refusal(protocol.startLiquidation(kate, position, 0))).toBe('FULL');
    const each = anAuction(70, { holeEach: 22, chop: 0.1 });
    expect(refusal(each.protocol.startLiquidation(kate, each.position, 0))).toBe('FULL');
    granted(each.take('max', 0));
    granted(each.protocol.startLiquidation(each.kate, each.position, 0));
  });

  it('takes a debt wholly of which only dust would stay', () => {
    const { owed, lot } = anAuction(70, { hole: 66, chop: 0.1, dust: 20 });
    expect(owed(lot)).toBe(70);
  });

  it('quotes a start without starting, and remembers nothing of a bundle that is undone', () => {
    const loan = aLoan({ collateral: 100, debt: 70, threshold: 0.6, bonus: 0 }, { liquidation: liquidation({ tip: 1 }), fund: { USD: 5 } });
    const { protocol, kate, position, journal } = loan;
    expect(granted(protocol.quoteStart(position, kate, 0)).rewardUsd).toBeGreaterThan(1);
    expect([protocol.liquidatable(0), protocol.startable(0)]).toEqual([[], [position]]);
    journal.begin();
    granted(protocol.startLiquidation(kate, position, 0));
    expect(protocol.liquidatable(0)).toHaveLength(1);
    journal.undo();
    expect([protocol.liquidatable(0), protocol.startable(0)]).toEqual([[], [position]]);
    const { positions } = protocol;
    granted(protocol.startLiquidation(kate, position, 0));
    // The lot that was not kept is used again.
    expect(protocol.positions).toBe(positions);
  });

  it('auctions a position with several debts and collaterals in several lots, each as healthy as the whole', () => {
    const market = { decimals: 9, ltv: 0.6, liquidationThreshold: 0.6, bonus: 0 };
    const world = aLendingWorld({
      markets: { ETH: { usd: 10, ...market }, BTC: { usd: 10, ...market }, USD: { usd: 1, decimals: 9 }, DAI: { usd: 1, decimals: 9 } },
      liquidation: liquidation({}),
    });
    const { protocol, asset, units } = world;
    const lender = world.person('lender', { USD: 1000, DAI: 1000 });
    const betty = world.person('borrower', { ETH: 60, BTC: 40 });
    const kate = world.person('liquidator', { USD: 1000, DAI: 1000 });
    for (const name of ['USD', 'DAI']) granted(protocol.supply(lender, asset(name), 'max', 0));
    for (const name of ['ETH', 'BTC']) granted(protocol.deposit(betty, asset(name), 'max', 0));
    for (const name of ['USD', 'DAI']) granted(protocol.borrow(betty, asset(name), units(name, 35), 0));
    for (const name of ['ETH', 'BTC']) world.setPrice(name, 1);
    const position = protocol.positionOf(betty);
    protocol.refresh(0);
    while (protocol.startable(0).length > 0) granted(protocol.startLiquidation(kate, position, 0));
    const lots = protocol.liquidatable(0);
    expect(lots).toHaveLength(3);
    for (const lot of lots) expect(protocol.health(lot, 0).healthFactor).toBeCloseTo(60 / 70, 7);
    for (const name of ['ETH', 'BTC']) expect(protocol.collateralOf(position, asset(name))).toBe(0);
    for (const name of ['USD', 'DAI']) expect(protocol.debtOf(position, asset(name))).toBe(0);
    for (const { id, check } of protocolInvariants) expect(check(protocol), id).toBeUndefined();
  });

  it('is over for a position only by its lot: nobody takes from it directly, nor from who is healthy', () => {
    const { protocol, kate, position, lot, asset, take } = anAuction(70, { hole: 22 });
    expect(refusal(protocol.liquidate(kate, position, asset('USD'), asset('ETH'), 'max', 0))).toBe('LOT_NONE');
    expect(refusal(protocol.liquidate(kate, lot, asset('ETH'), asset('ETH'), 'max', 0))).toBe('DEBT_NONE');
    expect(refusal(protocol.liquidate(kate, lot, asset('USD'), asset('USD'), 'max', 0))).toBe('COLLATERAL_NONE');
    granted(take('max', 0));
    expect(refusal(take('max', 0))).not.toBe('ENDED');
  });
});
