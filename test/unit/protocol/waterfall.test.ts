import { describe, expect, it } from 'vitest';
import { constantProduct } from '../../../src/market/constant-product.ts';
import { adlProRata } from '../../../src/protocol/backstop/adl-pro-rata.ts';
import { adlQueue } from '../../../src/protocol/backstop/adl-queue.ts';
import type { Backstop, BackstopNeeds } from '../../../src/protocol/backstop/backstop.ts';
import { recapitalise } from '../../../src/protocol/backstop/recapitalise.ts';
import { socialiseProfits } from '../../../src/protocol/backstop/socialise-profits.ts';
import { treasury } from '../../../src/protocol/backstop/treasury.ts';
import { vault } from '../../../src/protocol/backstop/vault.ts';
import { protocolInvariants } from '../../../src/protocol/invariants.ts';
import { aBankruptcy, type Bankruptcy, type BankruptcyOptions } from '../../../src/study/validate/bankruptcy-world.ts';
import { aContractWorld, CALL, PERP } from '../../../src/study/validate/contract-world.ts';
import { aLoan, granted, type LendingWorld } from '../../../src/study/validate/lending-world.ts';

type Layer = (needs: BackstopNeeds) => Backstop;
const queue: Layer = (needs) => adlQueue.create({ side: 'opposite', forfeit: false }, needs);
const proRata: Layer = (needs) => adlProRata.create({ side: 'opposite', reduce: true }, needs);
const clawback: Layer = (needs) => socialiseProfits.create({ from: 'profit' }, needs);
const fromCash: Layer = (needs) => socialiseProfits.create({ from: 'cash' }, needs);
const selling: Layer = (needs) => treasury.create({ assets: undefined, impactMax: 1 }, needs);
const minting = (token: number, mintMax: number): Layer => {
  return (needs) => recapitalise.create({ token, mintMax }, needs);
};
const vaultOf = (share: number, lossMax?: number): Layer => {
  return (needs) => vault.create({ share, lossMax }, needs);
};

const lawful = ({ protocol }: LendingWorld) => {
  for (const { id, check } of protocolInvariants) expect(check(protocol), id).toBeUndefined();
};
const closed = (options: BankruptcyOptions): Bankruptcy => {
  const world = aBankruptcy(options);
  world.close();
  lawful(world);
  return world;
};
const kinds = ({ facts }: LendingWorld) => facts.map(({ kind }) => kind);
const owed = ({ protocol, loser }: Bankruptcy) => (0 - protocol.quoteOf(loser)) / 1e9;
const TEN = [{ profit: 10 }, { profit: 20 }];

/** Somebody who bought 5 at 5, and has won 20 on the side of the account that lost. */
function anEarlyBuyer(world: Bankruptcy): number {
  const { protocol } = world;
  const early = world.person('early', { USD: 1000 });
  world.setPrice('ETH', 5);
  granted(protocol.deposit(early, world.asset('USD'), 'max', 0));
  granted(protocol.tradeContract(early, 0, world.units('ETH', 5), 0));
  world.setPrice('ETH', 9);
  return protocol.positionOf(early);
}

describe('a bankruptcy', () => {
  it('BACK-1 is paid by its own margin, then by fees in the fund, the vault, winners, everybody with cash, and at last a token', () => {
    const world = aBankruptcy({
      deficit: 50,
      size: 200,
      winners: [{ profit: 15, margin: 5 }],
      idle: [7],
      fund: { USD: 4 },
      pools: 1000,
      closeout: { penalty: 0.0001 },
      backstop: ['insurance-fund', vaultOf(1, 6), queue, fromCash, minting(3, 1000)],
    });
    const { protocol, asset } = world;
    // Somebody else, who is closed in time: a penalty of a part in 10,000 of 900 feeds the fund, and his 0.11 of cash stay his.
    const usd = asset('USD');
    const other = world.person('other', { USD: 100.2 });
    world.setPrice('ETH', 10);
    granted(protocol.deposit(other, usd, 'max', 0));
    granted(protocol.tradeContract(other, 0, world.units('ETH', 100), 0));
    world.setPrice('ETH', 9);
    granted(protocol.startLiquidation(world.person('closer/1', {}), protocol.positionOf(other), 0));
    expect(world.ledger.balance(protocol.fund, usd) / 1e9).toBeCloseTo(4.09, 9);
    world.close();
    lawful(world);
    // The account lost 200 and had 150: its own margin went first, and 50 are short.
    const paid = (kind: string) => world.facts.filter((fact) => fact.kind === kind).map(({ numbers }) => numbers[0]);
    expect(paid('shortfall')).toEqual([50]);
    expect(paid('insurance-fund')[0]).toBeCloseTo(4.09, 9);
    expect(paid('vault-loss')).toEqual([6]);
    expect(paid('adl')).toEqual([expect.closeTo(15, 8), expect.closeTo(12.11, 8)]);
    expect(paid('recapitalise')[0]).toBeCloseTo(50 - 4.09 - 6 - 15 - 12.11, 8);
    expect(kinds(world).slice(kinds(world).indexOf('shortfall'))).toEqual([
      'shortfall',
      'insurance-fund',
      'vault-loss',
      'deleverage',
      'adl',
      'deleverage',
      'deleverage',
      'deleverage',
      'adl',
      'treasury-sale',
      'recapitalise',
    ]);
    expect(owed(world)).toBe(0);
  });

  it('takes from winners in two layers, the second from what the first has left', () => {
    const world = aBankruptcy({ deficit: 18, winners: [{ profit: 10 }], size: 40, backstop: [queue, clawback] });
    const early = anEarlyBuyer(world);
    world.close();
    lawful(world);
    expect(world.facts.filter(({ kind }) => kind === 'adl').map(({ numbers }) => numbers[0])).toEqual([10, expect.closeTo(8, 8)]);
    // The queue has closed the winner wholly: what is left to take is the profit of the other side, which stays open.
    expect(world.protocol.sizeOf(world.winners[0], 0)).toBe(0);
    expect(world.protocol.sizeOf(early, 0)).toBe(5e9);
    expect(world.worth(early)).toBeCloseTo(1000 + 20 - 8, 8);
  });

  it('leaves owed what no layer pays', () => {
    const world = closed({ deficit: 50, winners: TEN, size: 100, fund: { USD: 5 }, backstop: ['insurance-fund', queue] });
    expect(owed(world)).toBe(50 - 5 - 30);
    expect(world.protocol.inspection.lastFall).toMatchObject({ paid: [5e9, 30e9], left: 15e9 });
  });

  it('takes nothing from lenders, who have no part in contracts', () => {
    const world = aBankruptcy({ deficit: 50, winners: TEN, size: 100, backstop: ['reserve', 'socialise'] });
    const lender = world.person('lender', { USD: 1000 });
    granted(world.protocol.supply(lender, world.asset('USD'), 'max', 0));
    world.close();
    lawful(world);
    expect(world.told('socialise')).toBe(0);
    expect(world.protocol.suppliedOf(world.protocol.positionOf(lender), world.asset('USD'))).toBe(1000e9);
  });

  it('is as if it had not been where its bundle is undone', () => {
    const world = aBankruptcy({
      deficit: 50,
      winners: TEN,
      size: 100,
      fund: { TKN: 8 },
      house: 30,
      pools: 1000,
      backstop: [selling, vaultOf(0.5), queue, minting(3, 100)],
    });
    const state = () => {
      const { accounts } = world.protocol.inspection;
      const columns = [accounts.quoteOf, accounts.sizeOf, accounts.entryOf, accounts.quoteTotal, accounts.longTotal, accounts.shortTotal];
      const balances = Array.from({ length: world.ledger.accounts }, (_, account) =>
        [0, 1, 2, 3].map((id) => world.ledger.balance(account, id)),
      );
      return [columns.map(({ data }) => [...data]), balances];
    };
    const before = state();
    world.journal.begin();
    world.close();
    expect(state()).not.toEqual(before);
    world.journal.undo();
    expect(state()).toEqual(before);
    lawful(world);
    world.close();
    lawful(world);
    expect(owed(world)).toBeCloseTo(0, 6);
  });
});

describe('an option that expires', () => {
  const DAY = 86_400_000;
  const expired = (backstop: BankruptcyOptions['backstop']) => {
    const world = aContractWorld({ option: { expiry: DAY }, house: 100_000, ...(backstop === undefined ? {} : { backstop }) });
    const writer = world.trader('writer', { USD: 500 });
    const { paid } = world.trade(writer, CALL, -1);
    const long = world.trader('long', { USD: 1000 });
    world.trade(long, PERP, 1);
    world.setPrice('ETH', 4000);
    world.protocol.endBlock(DAY);
    lawful(world);
    // He owes 2,000 and had his deposit and the premium, which a seller is paid: paid is negative.
    const told = world.facts.map(({ kind, numbers }) => [kind, numbers[0]] as const);
    const begun = told.findIndex(([kind]) => kind === 'shortfall');
    // The put, which nobody has, expires after it.
    return { short: 2000 - 500 + paid, told: told.slice(begun - 1, -1) };
  };

  it('leaves its writer’s loss to the waterfall at once', () => {
    const { told, short } = expired([vaultOf(1)]);
    expect(told.map(([kind]) => kind)).toEqual(['expiry', 'shortfall', 'vault-loss']);
    expect(told.at(-1)?.[1]).toBeCloseTo(short, 5);
  });

  it('has no winners left to close on the other side, but there are those with profit elsewhere', () => {
    expect(expired([queue]).told.map(([kind]) => kind)).not.toContain('adl');
    const { told, short } = expired([clawback]);
    expect(told.at(-1)?.[0]).toBe('adl');
    expect(told.at(-1)?.[1]).toBeCloseTo(short, 5);
  });
});

describe('auto-deleveraging', () => {
  it('asks only the other side of what the account held, or everybody who has won', () => {
    const sides = (side: 'opposite' | 'all') => {
      const world = aBankruptcy({
        deficit: 12,
        winners: [{ profit: 10 }],
        size: 40,
        backstop: [(needs) => adlProRata.create({ side, reduce: false }, needs)],
      });
      anEarlyBuyer(world);
      world.close();
      lawful(world);
      return world.facts.filter(({ kind }) => kind === 'deleverage').map(({ numbers }) => numbers[0]);
    };
    expect(sides('opposite')).toEqual([10]);
    // 12 of 10 and 20.
    expect(sides('all')).toEqual([4, 8]);
  });

  it('takes from no winner more than he is worth', () => {
    // Short one size that has won 10, and with a loan that leaves him worth 4.
    const world = aBankruptcy({ deficit: 8, winners: [{ profit: 10, margin: 5 }], size: 40, backstop: [queue] });
    const { protocol, asset, units } = world;
    const lender = world.person('lender', { TKN: 100 });
    granted(protocol.supply(lender, asset('TKN'), 'max', 0));
    granted(protocol.borrow(protocol.ownerOf(world.winners[0]), asset('TKN'), units('TKN', 11), 0));
    world.close();
    lawful(world);
    expect(world.told('adl')).toBeCloseTo(4, 8);
    expect(world.worth(world.winners[0])).toBeCloseTo(11, 8);
  });

  it('closes of a part rounded up, so that nobody pays from cash', () => {
    const world = closed({ deficit: 10, winners: [{ profit: 7 }, { profit: 11 }, { profit: 13 }], backstop: [proRata] });
    for (const { kind, numbers } of world.facts) if (kind === 'deleverage') expect(numbers[3]).toBeLessThan(1e-8);
    const total = world.winners.reduce((sum, position) => sum + world.protocol.sizeOf(position, 0), 0);
    // A third of 31 is closed, to a unit for each.
    expect(Math.abs(total + 21e9)).toBeLessThanOrEqual(3);
    expect(world.told('deleverage')).toBeCloseTo(10, 9);
  });
});

describe('the vault', () => {
  it('pays from its cash up to a share of its worth, or so many dollars', () => {
    const pays = (share: number, lossMax?: number) =>
      closed({ deficit: 50, winners: [{ profit: 200 }], house: 40, backstop: [vaultOf(share, lossMax)] }).told('vault-loss');
    expect(pays(1)).toBe(40);
    expect(pays(0.5)).toBe(20);
    expect(pays(0.5, 7)).toBe(7);
    expect(pays(1, 1000)).toBe(40);
  });

  it('pays what is its own, not the cash that it owes those who have won', () => {
    // It bought 200 at 10 of one who has won 200 by that, and sold 100 of it: of its capital of 130 it has 30.
    const world = aBankruptcy({ deficit: 50, winners: [{ profit: 200 }], size: 100, house: 130, backstop: [vaultOf(1)] });
    world.close();
    lawful(world);
    expect(world.told('vault-loss')).toBeCloseTo(30, 8);
    expect(world.worth(world.house)).toBeCloseTo(0, 8);
  });
});

describe('a treasury', () => {
  it('sells what is worth most first, or in the order of its list, and keeps what a sale brought too much', () => {
    const sold = (assets?: readonly number[]) => {
      const world = aBankruptcy({
        deficit: 50,
        winners: [{ profit: 200 }],
        fund: { TKN: 20, GOV: 45 },
        pools: 1000,
        backstop: [(needs) => treasury.create({ assets, impactMax: 1 }, needs)],
      });
      world.close();
      lawful(world);
      return world.facts
        .filter(({ kind }) => kind === 'treasury-sale')
        .map(({ actor: _actor, subject, numbers }) => [subject, numbers[0] / 1e9]);
    };
    expect(sold()).toEqual([
      [3, 45],
      [2, expect.closeTo(7.0, 0)],
    ]);
    expect(sold([2, 3]).map(([id]) => id)).toEqual([2, 3]);
    expect(sold([2])).toEqual([[2, 20]]);
  });

  it('says what was sold and what it brought, at fair prices', () => {
    const world = closed({ deficit: 50, winners: [{ profit: 200 }], fund: { TKN: 20 }, pools: 1000, backstop: [selling] });
    const sale = world.facts.find(({ kind }) => kind === 'treasury-sale');
    expect(sale?.numbers).toEqual([20e9, expect.closeTo(20_000 / 1020, 8), 0, 20]);
    expect(owed(world)).toBeCloseTo(50 - 20_000 / 1020, 8);
  });

  it('pays the debts of loans as well, and helps a lender less the more its asset has fallen', () => {
    const lost = (held: 'ETH' | 'USD') => {
      const loan = aLoan(
        { collateral: 100, debt: 96, threshold: 0.8, bonus: 0.1 },
        {
          fund: { [held]: held === 'ETH' ? 0.5 : 5 },
          backstop: ['insurance-fund', selling, 'socialise'],
          venues: (ledger) => [
            constantProduct.create(
              { share: undefined, base: 0, quote: 1, fee: 0, baseReserve: 1000, quoteReserve: 1000 },
              { name: 'pool', ledger, startPrice: () => 1 },
            ),
          ],
        },
      );
      granted(loan.take('max'));
      lawful(loan);
      return loan.facts.filter(({ kind }) => kind === 'socialise').reduce((sum, { numbers }) => sum + numbers[0], 0);
    };
    // Both were worth 5 when ETH stood at 10; it stands at 1. The shortfall is 96 − 100/1.1.
    expect(lost('USD')).toBeCloseTo(96 - 100 / 1.1 - 5, 6);
    expect(lost('ETH')).toBeCloseTo(96 - 100 / 1.1 - 500 / 1000.5, 6);
  });
});

describe('a recapitalisation', () => {
  it('makes at most so much of the token, from outside, and sells it into its own market', () => {
    const world = closed({ deficit: 50, winners: [{ profit: 200 }], pools: 100, backstop: [minting(3, 10)] });
    expect(world.told('recapitalise')).toBeCloseTo(1000 / 110, 8);
    expect(world.ledger.balance(0, 3)).toBe(-110e9);
    const enough = closed({ deficit: 50, winners: [{ profit: 200 }], pools: 100, backstop: [minting(3, 1e6)] });
    // 50 of 100 are bought with as much again.
    expect(enough.told('recapitalise')).toBe(50);
    expect(enough.ledger.balance(0, 3) / 1e9).toBeCloseTo(-200, 6);
    expect(owed(enough)).toBe(0);
  });

  it('raises nothing where no venue trades the token', () => {
    expect(kinds(closed({ deficit: 50, winners: [{ profit: 200 }], backstop: [minting(3, 10)] }))).not.toContain('recapitalise');
  });
});
