import { describe, expect, it } from 'vitest';
import { createMarginCalls } from '../../../src/protocol/risk/margin-call.ts';
import { aContractWorld, PERP, PLAIN_PERPETUAL } from '../../../src/study/validate/contract-world.ts';
import { granted, refusal } from '../../../src/study/validate/lending-world.ts';

const HOUR = 3_600_000;

describe('margin calls', () => {
  it('call each account once, until it has recovered', () => {
    const calls = createMarginCalls({ level: 1.2, time: 100 });
    expect(calls.update([3, 5], 0)).toEqual([3, 5]);
    expect(calls.update([3, 5, 7], 40)).toEqual([7]);
    expect([3, 7, 8].map((position) => calls.deadline(position))).toEqual([100, 140, undefined]);
    expect(calls.overdue(100)).toEqual([3, 5]);
    expect(calls.expired(7, 139)).toBe(false);
    expect(calls.expired(7, 140)).toBe(true);
    // 3 has recovered, and is called anew with its whole time.
    calls.update([5, 7], 120);
    expect(calls.expired(3, 1000)).toBe(false);
    expect(calls.update([3, 5, 7], 200)).toEqual([3]);
    expect(calls.deadline(3)).toBe(300);
  });

  it('count contracts with their whole notional: health is near 1 at ten times leverage', () => {
    const { maintenance } = PLAIN_PERPETUAL;
    const healthOf = (size: number) => {
      const { protocol, person, trade } = aContractWorld();
      const albert = person('albert', { USD: 10_000 });
      granted(protocol.deposit(albert, 1, 10_000e6, 0));
      trade(albert, PERP, size);
      return protocol.health(protocol.positionOf(albert), 0).healthFactor;
    };
    expect(healthOf(-50)).toBeCloseTo((1 + 1 / 10) / (1 + maintenance), 9);
    expect(healthOf(50)).toBeCloseTo(1 / (1 + maintenance - 1 / 10), 9);
  });

  /** Albert is long 40 ETH with 4,500 USD: liquidated at 1,945, called at 1.1 of health. */
  function aCalled() {
    const world = aContractWorld({ marginCall: { level: 1.003, time: HOUR } });
    const { protocol } = world;
    const albert = world.person('albert', { USD: 10_000 });
    granted(protocol.deposit(albert, 1, 4_500e6, 0));
    world.trade(albert, PERP, 40);
    const position = protocol.positionOf(albert);
    const kate = world.person('kate', {});
    protocol.endBlock(0);
    const at = (usd: number, when: number) => {
      world.setPrice('ETH', usd);
      protocol.endBlock(when);
    };
    return { ...world, albert, kate, position, at };
  }

  it('warn above maintenance, and let nobody be closed before the time is over', () => {
    const { protocol, position, kate, at, facts } = aCalled();
    expect(protocol.dueCalls(0)).toEqual([]);
    at(1950, 10);
    const { healthFactor } = protocol.health(position, 10);
    expect(healthFactor).toBeGreaterThan(1);
    expect(healthFactor).toBeLessThan(1.003);
    expect(protocol.dueCalls(10).map((call) => call.position)).toEqual([position]);
    expect(protocol.dueCalls(10)).toEqual([]);
    expect(protocol.callDeadline(position)).toBe(10 + HOUR);
    expect(facts.find(({ kind }) => kind === 'margin-call')).toMatchObject({ subject: position, numbers: [healthFactor, 10 + HOUR, 0, 0] });
    expect(protocol.startable(HOUR)).toEqual([]);
    expect(refusal(protocol.startLiquidation(kate, position, HOUR))).toBe('NOT_LIQUIDATABLE');
  });

  it('let who is out of time be closed as if it were below maintenance', () => {
    const { protocol, position, kate, at } = aCalled();
    at(1950, 10);
    at(1950, 10 + HOUR);
    expect(protocol.startable(10 + HOUR)).toEqual([position]);
    granted(protocol.startLiquidation(kate, position, 10 + HOUR));
    expect(protocol.sizeOf(position, PERP)).toBe(0);
    const { lastLiquidatedHealth, lastLiquidatedLevel } = protocol.inspection;
    expect(lastLiquidatedHealth).toBeGreaterThan(1);
    expect(lastLiquidatedLevel).toBe(1.003);
  });

  it('are over for who pays in, or whom the price has helped, whether or not a block has ended since', () => {
    const paid = aCalled();
    paid.at(1950, 10);
    granted(paid.protocol.deposit(paid.albert, 1, 2_000e6, 20));
    paid.at(1950, 10 + HOUR);
    expect(paid.protocol.startable(10 + HOUR)).toEqual([]);
    expect(paid.protocol.callDeadline(paid.position)).toBeUndefined();
    const lucky = aCalled();
    lucky.at(1950, 10);
    lucky.at(1950, 10 + HOUR);
    lucky.setPrice('ETH', 2000);
    lucky.protocol.refresh(10 + HOUR);
    expect(lucky.protocol.startable(10 + HOUR)).toEqual([]);
    expect(refusal(lucky.protocol.startLiquidation(lucky.kate, lucky.position, 10 + HOUR))).toBe('NOT_LIQUIDATABLE');
  });
});
