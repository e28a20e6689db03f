import { describe, expect, it } from 'vitest';
import { LOT_FIRST } from '../../../src/protocol/accounts.ts';
import { aContractWorld, PERP } from '../../../src/study/validate/contract-world.ts';
import { granted, refusal } from '../../../src/study/validate/lending-world.ts';

/** Albert, with 1,000 USD in each of two accounts. */
function twoAccounts() {
  const world = aContractWorld();
  const albert = world.person('albert', { USD: 2_000 });
  for (const sub of [0, 1]) granted(world.protocol.deposit(albert, 1, 1_000e6, 0, sub));
  const [first, second] = [0, 1].map((sub) => world.protocol.positionOf(albert, sub));
  return { ...world, albert, first, second };
}

describe('sub-accounts', () => {
  it('are positions of their own, found by owner and number', () => {
    const { protocol, albert, first, second } = twoAccounts();
    expect(second).not.toBe(first);
    expect([protocol.ownerOf(first), protocol.ownerOf(second)]).toEqual([albert, albert]);
    expect([protocol.subOf(first), protocol.subOf(second)]).toEqual([0, 1]);
    expect(protocol.positionOf(albert, 2)).toBe(-1);
    expect(refusal(protocol.withdraw(albert, 1, 1, 0, 2))).toBe('POSITION_NONE');
    expect(refusal(protocol.tradeContract(albert, PERP, 1, 0, 2))).toBe('POSITION_NONE');
  });

  it('stand each for itself: what ruins one leaves the other as it was', () => {
    const { protocol, albert, first, second, size, setPrice, person } = twoAccounts();
    granted(protocol.tradeContract(albert, PERP, size(8), 0, 0));
    granted(protocol.tradeContract(albert, PERP, -size(1), 0, 1));
    setPrice('ETH', 1860);
    protocol.endBlock(0);
    expect(protocol.startable(0)).toEqual([first]);
    const healthy = protocol.health(second, 0).healthFactor;
    expect(healthy).toBeGreaterThan(1);
    granted(protocol.startLiquidation(person('kate', {}), first, 0));
    expect([protocol.sizeOf(first, PERP), protocol.sizeOf(second, PERP)]).toEqual([0, -1e6]);
    expect(protocol.health(second, 0).healthFactor).toBe(healthy);
  });

  it('lots are numbered beyond them, each the next that holds nothing, and forgotten if they were only thought of', () => {
    const { protocol, albert } = twoAccounts();
    const { accounts } = protocol.inspection;
    const lot = accounts.openLot(albert);
    expect([accounts.subs[lot], accounts.isLot(lot)]).toEqual([LOT_FIRST, true]);
    // One that holds nothing is used again.
    expect(accounts.openLot(albert)).toBe(lot);
    accounts.addCollateral(lot, 0, 1);
    const next = accounts.openLot(albert);
    // Cash is something too.
    accounts.setOf(accounts.quoteOf, next, 5);
    expect(accounts.openLot(albert)).toBe(next + 1);
    accounts.setOf(accounts.quoteOf, next, 0);
    expect(accounts.subs[next]).toBe(LOT_FIRST + 1);
    accounts.forget(next);
    expect(accounts.positions).toBe(next);
    expect(accounts.positionOf(albert, LOT_FIRST + 1)).toBe(-1);
    expect(accounts.openLot(albert)).toBe(next);
  });
});
