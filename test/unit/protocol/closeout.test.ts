import { describe, expect, it } from 'vitest';
import { aContractWorld, CALL, type ContractWorldOptions, PERP, PUT } from '../../../src/study/validate/contract-world.ts';
import { granted, refusal } from '../../../src/study/validate/lending-world.ts';

const USD = 1e6;
const M = 1e6;
const SECOND = 1000;

/** Albert is long so many ETH at 2,000 with so much cash; Kate closes. */
function aLong(tokens: number, cash: number, options: ContractWorldOptions = {}, more: Record<string, number> = {}) {
  const world = aContractWorld({ ...options, perpetual: { initial: 0.04, ...options.perpetual } });
  const { protocol } = world;
  const albert = world.trader('albert', { USD: cash, ...more });
  const kate = world.person('kate', {});
  world.trade(albert, PERP, tokens);
  const position = protocol.positionOf(albert);
  const at = (usd: number, when = 0) => {
    world.setPrice('ETH', usd);
    protocol.endBlock(when);
  };
  return {
    ...world,
    albert,
    kate,
    position,
    at,
    close: (when = 0) => protocol.startLiquidation(kate, position, when),
    size: () => protocol.sizeOf(position, PERP) / M,
    cash: () => protocol.quoteOf(position) / USD,
    told: (kind: string) => world.facts.filter((fact) => fact.kind === kind),
  };
}

describe('closeout by orders', () => {
  it('leaves alone whoever meets maintenance, and closes a small account at once', () => {
    const account = aLong(40, 4_000);
    // (80,000 − 4,000) ÷ (40 · 0.97) = 1,958.76.
    account.at(1959);
    expect(account.protocol.startable(0)).toEqual([]);
    expect(refusal(account.close())).toBe('NOT_LIQUIDATABLE');
    account.at(1958);
    expect(account.protocol.startable(0)).toEqual([account.position]);
    expect(account.protocol.liquidatable(0)).toEqual([]);
    granted(account.close());
    expect(account.size()).toBe(0);
    expect(account.cash()).toBeCloseTo(4_000 - 40 * 42, 4);
    expect(account.told('closeout')[0]).toMatchObject({
      subject: account.position,
      numbers: [expect.closeTo(40 * 1958, 4), 0, expect.any(Number), 0],
    });
    expect(account.protocol.startable(0)).toEqual([]);
  });

  it('closes a large account slice by slice, with pauses, until it meets maintenance or is small', () => {
    const account = aLong(100, 10_000);
    account.at(1955);
    granted(account.close());
    expect(account.size()).toBe(80);
    // A fifth of the requirement has gone: 4,692 of 5,500 are asked.
    expect(account.protocol.startable(0)).toEqual([]);
    account.at(1942, 1 * SECOND);
    expect(refusal(account.close(29 * SECOND))).toBe('COOLDOWN');
    account.at(1942, 30 * SECOND);
    granted(account.close(30 * SECOND));
    expect(account.size()).toBe(64);
    expect(account.told('closeout')).toHaveLength(2);
  });

  it('asks what a start would bring without beginning the pause', () => {
    const account = aLong(100, 10_000);
    account.at(1955);
    for (let i = 0; i < 3; i++) granted(account.protocol.quoteStart(account.position, account.kate, 0));
    expect(account.size()).toBe(100);
    granted(account.close());
    expect(account.size()).toBe(80);
  });

  it('pays for its own impact: what is left is less than at the mark', () => {
    const account = aLong(40, 4_500, { perpetual: { depth: 4000 } });
    const after = account.protocol.contractMark(PERP) * M;
    expect(after).toBeCloseTo(2020, 6);
    account.at(1935);
    const { equity } = account.protocol.health(account.position, 0);
    granted(account.close());
    // 40 of 4,000 are sold at half a per cent below the mark.
    expect(account.cash()).toBeCloseTo(equity - 40 * 1935 * 0.005, 3);
  });

  it('takes a penalty as far as there is equity, part of it for the keeper', () => {
    const terms = { penalty: 0.01, keeperShare: 0.25 };
    const rich = aLong(40, 4_000, { closeout: terms });
    rich.at(1957);
    const fund = rich.ledger.balance(rich.protocol.fund, 1);
    expect(granted(rich.protocol.quoteStart(rich.position, rich.kate, 0)).rewardUsd).toBeCloseTo(40 * 1957 * 0.01 * 0.25, 4);
    granted(rich.close());
    const penalty = 40 * 1957 * 0.01;
    expect(rich.ledger.balance(rich.kate, 1) / USD).toBeCloseTo(penalty / 4, 4);
    expect((rich.ledger.balance(rich.protocol.fund, 1) - fund) / USD).toBeCloseTo((penalty * 3) / 4, 4);
    expect(rich.cash()).toBeCloseTo(4_000 - 40 * 43 - penalty, 4);
    // Equity of 100 is all that a poor account can be fined.
    const poor = aLong(40, 4_000, { closeout: { ...terms, takeoverBelow: 0 } });
    poor.at(1902.5);
    granted(poor.close());
    expect(poor.cash()).toBeCloseTo(0, 4);
    expect(poor.told('shortfall')).toEqual([]);
  });

  it('is taken over whole by the vault below two thirds of maintenance: the vault keeps what is left', () => {
    const account = aLong(40, 4_000);
    const house = account.protocol.houseEquity();
    account.at(1937);
    // Requirement 2,324, equity 1,480: below 1,550.
    const { equity, required } = account.protocol.health(account.position, 0);
    expect(equity / required).toBeLessThan(2 / 3);
    granted(account.close());
    expect([account.size(), account.cash()]).toEqual([0, 0]);
    expect(account.told('closeout')[0].numbers[3]).toBe(1);
    // What he lost was the house's already; what was left of him is now.
    expect((account.protocol.houseEquity() - house) / USD).toBeCloseTo(4_000, 4);
    expect(account.protocol.openInterest(PERP)).toEqual({ longs: 0, shorts: 0 });
  });

  it('hands over the sizes of a bankrupt account at the mark; the waterfall pays what it owes', () => {
    const account = aLong(40, 4_000, { fund: { USD: 500 } });
    account.at(1880);
    granted(account.close());
    expect(account.size()).toBe(0);
    expect(account.told('shortfall')[0].numbers[0]).toBeCloseTo(800, 4);
    expect(account.told('insurance-fund')[0].numbers[0]).toBe(500);
    // What nobody paid stays owed, and nobody can do anything about it.
    expect(account.cash()).toBeCloseTo(-300, 4);
    expect(account.protocol.startable(0)).toEqual([]);
    expect(refusal(account.close())).toBe('COLLATERAL_NONE');
  });

  it('sells collateral to the vault for cash that is owed, below the mark, and only as much as it takes', () => {
    const account = aLong(40, 3_000, { closeout: { takeoverBelow: 0 } }, { ETH: 3 });
    // 40 · 200 lost: 5,000 owed, 3 ETH of 1,800 in hand.
    account.at(1800);
    granted(account.close());
    expect(account.size()).toBe(0);
    expect(account.cash()).toBeCloseTo(-5_000, 4);
    expect(account.told('shortfall')).toEqual([]);
    account.at(1800);
    expect(account.protocol.startable(0)).toEqual([account.position]);
    granted(account.close());
    expect(account.protocol.quoteOf(account.position)).toBeGreaterThanOrEqual(-1);
    const sold = 3 - account.protocol.collateralOf(account.position, 0) / M;
    expect(sold).toBeCloseTo(5_000 / (1800 * 0.95), 5);
    expect(account.protocol.startable(0)).toEqual([]);
  });

  it('closes all sizes of an account, perpetuals and options', () => {
    const account = aLong(20, 12_000);
    account.trade(account.albert, CALL, -10);
    account.at(1380);
    expect(account.protocol.startable(0)).toEqual([account.position]);
    while (account.protocol.startable(0).length > 0) granted(account.close());
    const { accounts } = account.protocol.inspection;
    expect([accounts.size(account.position, PERP), accounts.size(account.position, CALL)]).toEqual([0, 0]);
  });

  it('leaves the collateral of an account with loans to its lenders', () => {
    const account = aLong(40, 4_000, { markets: { USD: { usd: 1, borrowable: true } } }, { ETH: 2 });
    const lender = account.person('lender', { USD: 10_000 });
    granted(account.protocol.supply(lender, 1, 'max', 0));
    granted(account.protocol.borrow(account.albert, 1, 2_000 * USD, 0));
    account.at(1890);
    const before = account.protocol.health(account.position, 0);
    expect(before.equity).toBeGreaterThan(0);
    expect(before.equity).toBeLessThan((2 / 3) * before.required);
    granted(account.close());
    expect(account.size()).toBe(0);
    expect(account.protocol.collateralOf(account.position, 0)).toBe(2 * M);
    expect(account.protocol.debtOf(account.position, 1)).toBe(2_000 * USD);
    expect(account.told('shortfall')).toEqual([]);
  });

  it('is not stopped by a fee that there is no cash to pay', () => {
    const account = aContractWorld({ house: 0, perpetual: { fee: 0 } });
    const { protocol } = account;
    const betty = account.trader('betty', { ETH: 10 });
    const carol = account.trader('carol', { ETH: 10 });
    account.trade(betty, PERP, 30);
    account.trade(carol, PERP, -10);
    expect(protocol.inspection.accounts.quoteTotal.data[0]).toBeLessThan(10);
    account.setPrice('ETH', 1400);
    protocol.endBlock(0);
    expect(protocol.startable(0)).toContain(protocol.positionOf(betty));
    granted(protocol.startLiquidation(account.person('kate', {}), protocol.positionOf(betty), 0));
    expect(protocol.sizeOf(protocol.positionOf(betty), PERP)).toBeLessThan(30 * M);
  });

  it('waits for a mark of the settlement asset, even of an account without cash, which can be judged without it', () => {
    // She sells a put that is worth nothing, far above its strike, against ETH.
    const account = aContractWorld({ index: 200_000 });
    const { protocol } = account;
    const betty = account.trader('betty', { ETH: 0.5 });
    account.trade(betty, PUT, -1);
    const position = protocol.positionOf(betty);
    expect(protocol.quoteOf(position)).toBe(0);
    account.setPrice('ETH', 1000);
    account.oracle[account.asset('USD')] = Number.NaN;
    protocol.endBlock(0);
    expect(protocol.health(position, 0).liquidatable).toBe(true);
    const kate = account.person('kate', {});
    expect(refusal(protocol.startLiquidation(kate, position, 0))).toBe('ORACLE_INVALID');
    account.oracle[account.asset('USD')] = 1;
    granted(protocol.startLiquidation(kate, position, 0));
    expect(protocol.sizeOf(position, PUT)).toBe(0);
  });

  it('judges nobody without a valid mark', () => {
    const account = aLong(40, 4_000);
    account.at(1900);
    account.oracle[0] = Number.NaN;
    expect(refusal(account.close())).toBe('ORACLE_INVALID');
    expect(refusal(account.protocol.startLiquidation(account.kate, 99, 0))).toBe('POSITION_NONE');
    expect(refusal(account.protocol.startLiquidation(account.kate, account.protocol.inspection.accounts.house, 0))).toBe(
      'NOT_LIQUIDATABLE',
    );
  });
});

describe('lenders', () => {
  it('have no part in the losses of contracts', () => {
    const account = aLong(40, 4_000);
    granted(account.protocol.supply(account.person('lender', { USD: 10_000 }), 1, 'max', 0));
    account.at(1880);
    granted(account.close());
    expect(account.told('shortfall')).toHaveLength(1);
    expect(account.told('socialise')).toEqual([]);
  });
});
