/** What every controller promises, whatever it wants: it is given a protocol in a market that moves, falls silent and liquidates. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, Controller, ControllerNeeds } from '../../src/protocol/governance/governance.ts';
import { marginParams } from '../../src/protocol/instrument/margin-params.ts';
import { perpetual } from '../../src/protocol/instrument/perpetual.ts';
import { order } from '../../src/protocol/liquidation/order.ts';
import { marketParams } from '../../src/protocol/market-params.ts';
import { aLendingWorld, granted } from '../../src/study/validate/lending-world.ts';
import { protocolState } from '../support/protocol-state.ts';

const HOUR = 3_600_000;
/** Each hour a factor on the mark of ETH; 0: no valid reading. */
const path = fc.array(
  fc.oneof(
    fc.integer({ min: 70, max: 140 }).map((n) => n / 100),
    fc.constant(0),
  ),
  { minLength: 10, maxLength: 60 },
);

/** Everything that a controller decided over a path of marks. */
function decisionsOf(create: (needs: ControllerNeeds) => Controller, moves: readonly number[]): readonly Change[] {
  const decided: Change[] = [];
  const world = aLendingWorld({
    markets: { ETH: { usd: 1000, ltv: 0.8, liquidationThreshold: 0.85 }, USD: { usd: 1, collateralCap: 1e9 } },
    fund: { USD: 1e6 },
    contracts: {
      settle: 'USD',
      list: {
        PERP: {
          underlying: 'ETH',
          create: (needs) => {
            const margin = { initial: 0.1, maintenance: 0.06, sizeCap: undefined, fee: 0, depth: 1000 };
            return perpetual.create({ ...margin, fundingInterval: HOUR, fundingCap: 0.01, fundingSensitivity: 0.1 }, needs);
          },
        },
      },
      closeout: (needs) =>
        order.create(
          { sliceAboveUsd: 1e5, slice: 0.2, cooldown: 0, takeoverBelow: 0.5, penalty: 0, keeperShare: 0, collateralDiscount: 0.05 },
          needs,
        ),
      house: 1e6,
    },
    governance: {
      timeLock: 0,
      stepMax: Number.POSITIVE_INFINITY,
      stepEvery: 0,
      scheduled: [],
      controller(needs) {
        const made = create(needs);
        return {
          epoch: made.epoch,
          observe: made.observe,
          decide(view) {
            const before = protocolState(world.protocol);
            const changes = made.decide(view);
            expect(protocolState(world.protocol)).toEqual(before);
            decided.push(...changes);
            return changes;
          },
        };
      },
    },
  });
  const { protocol, asset, units, person, setPrice } = world;
  granted(protocol.supply(person('lender', { USD: 1e6 }), asset('USD'), 'max', 0));
  for (const [name, share] of [
    ['low', 0.5],
    ['high', 0.79],
  ] as const) {
    const account = person(name, { ETH: 100, USD: 10_000 });
    granted(protocol.deposit(account, asset('ETH'), 'max', 0));
    granted(protocol.borrow(account, asset('USD'), units('USD', 100_000 * share), 0));
    granted(protocol.deposit(account, asset('USD'), units('USD', 10_000), 0, 1));
    granted(protocol.tradeContract(account, 0, share > 0.6 ? 40e6 : -40e6, 0, 1));
  }
  const kate = person('liquidator', { USD: 1e7 });
  let price = 1000;
  for (const [hour, factor] of moves.entries()) {
    price = Math.min(50_000, Math.max(20, price * (factor > 0 ? factor : 1)));
    setPrice('ETH', price);
    if (factor === 0) world.oracle[asset('ETH')] = Number.NaN;
    protocol.endBlock(hour * HOUR);
    for (const position of protocol.liquidatable(hour * HOUR)) {
      protocol.liquidate(kate, position, asset('USD'), asset('ETH'), 'max', hour * HOUR);
    }
    for (const position of protocol.startable(hour * HOUR)) protocol.startLiquidation(kate, position, hour * HOUR);
  }
  return decided;
}

export function controllerContract(name: string, create: (needs: ControllerNeeds) => Controller): void {
  describe(`controller: ${name}`, () => {
    it('proposes only numbers in the range of their declaration, of markets and contracts that are there, and touches nothing', () => {
      let proposed = 0;
      fc.assert(
        fc.property(path, (moves) => {
          for (const change of decisionsOf(create, moves)) {
            if (change.kind === 'risk') continue;
            proposed++;
            const { range } = change.kind === 'market' ? marketParams[change.param] : marginParams[change.param];
            expect(change.value).toBeGreaterThanOrEqual(range[0]);
            expect(change.value).toBeLessThanOrEqual(range[1]);
            expect(change.kind === 'market' ? [0, 1] : [0]).toContain(change.kind === 'market' ? change.market : change.contract);
          }
        }),
        { numRuns: 40 },
      );
      expect(proposed).toBeGreaterThan(20);
    });

    it('decides the same from the same past', () => {
      fc.assert(
        fc.property(path, (moves) => {
          const plain = (changes: readonly Change[]) => changes.map((change) => (change.kind === 'risk' ? change.name : change));
          expect(plain(decisionsOf(create, moves))).toEqual(plain(decisionsOf(create, moves)));
        }),
        { numRuns: 10 },
      );
    });
  });
}
