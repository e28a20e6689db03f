/**
 * One loan under any liquidation mechanism of the real protocol, a pool to sell on, two liquidators with money, and a way to bring what is
 * liquidatable to its end whatever its shape: positions and lots are taken, starts made, auctions bid for, time let pass.
 */
import { expect } from 'vitest';
import { isRejection } from '../../src/base/rejection.ts';
import type { AccountId, Ms, Ratio, Tokens } from '../../src/base/units.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { constantProduct } from '../../src/market/constant-product.ts';
import { protocolInvariants } from '../../src/protocol/invariants.ts';
import { aLendingWorld, granted, type LendingOptions } from '../../src/study/validate/lending-world.ts';
import { watchMemory } from './mechanism-memory.ts';

export type Liquidation = NonNullable<LendingOptions['liquidation']>;

export interface StageOptions {
  /** Collateral tokens, and what its threshold counts of them at the price of the debt's asset, per debt. */
  readonly collateral: Tokens;
  readonly health: Ratio;
  /** USD per token of collateral when all begins. */
  readonly price: number;
  readonly threshold?: Ratio;
  readonly fund?: Tokens;
  /** Tokens of each asset in the pool at the price. */
  readonly depth?: Tokens;
  /** USD that a provider pays into the mechanism's own pool. */
  readonly deposit?: Tokens;
}

/** Time that passes between two looks, and how often is looked at most. */
const BLOCK: Ms = 12_000;
const LOOKS = 20_000;

/** The loan was drawn while its collateral was dear; `price` has been seen for a long time when the stage is handed over. */
export function aStage(made: Liquidation, options: StageOptions) {
  const memory = watchMemory(made);
  const { liquidation } = memory;
  const { collateral, health, price, threshold = 0.8, fund = 0, depth = 1e6, deposit = 0 } = options;
  const debt = (collateral * price * threshold) / health;
  const dear = (price / health) * 20;
  const venues = (ledger: Ledger) => [
    constantProduct.create(
      { share: undefined, base: 0, quote: 1, fee: 0.003, baseReserve: depth, quoteReserve: depth * price },
      { name: 'pool', ledger, startPrice: () => price },
    ),
  ];
  const world = aLendingWorld({
    markets: {
      ETH: { usd: dear, decimals: 9, ltv: threshold, liquidationThreshold: threshold, bonus: 0.05 },
      USD: { usd: 1, decimals: 6 },
    },
    liquidation,
    venues,
    ...(fund > 0 ? { fund: { USD: fund } } : {}),
  });
  const { protocol, ledger, asset, units } = world;
  const [ETH, USD] = [asset('ETH'), asset('USD')];
  const lender = world.person('lender', { USD: 1e9 });
  const betty = world.person('borrower', { ETH: collateral });
  const keepers = [world.person('liquidator/0', { USD: 1e8 }), world.person('liquidator/1', { USD: 1e8 })] as const;
  const provider = world.person('provider', { USD: deposit });
  granted(protocol.supply(lender, USD, 'max', 0));
  if (deposit > 0) granted(protocol.provide(provider, USD, units('USD', deposit), 0));
  granted(protocol.deposit(betty, ETH, 'max', 0));
  granted(protocol.borrow(betty, USD, Math.max(1, units('USD', debt)), 0));
  const position = protocol.positionOf(betty);
  const escrow = ledger.names.indexOf('lend/escrow');
  let at: Ms = BLOCK;
  let acts = 0;
  world.setPrice('ETH', price);
  protocol.endBlock(at);

  const stage = {
    ...world,
    memory,
    ETH,
    USD,
    lender,
    betty,
    keepers,
    provider,
    position,
    escrow,
    get at() {
      return at;
    },
    /** Lets so much time pass and ends a block. */
    wait(span: Ms) {
      at += span;
      protocol.endBlock(at);
    },
    take: (taker: AccountId, target: number, amount: number | 'max') => protocol.liquidate(taker, target, USD, ETH, amount, at),
    /** Waits until something can be taken; answers it, or undefined where it never can. */
    takeable(): number | undefined {
      for (let look = 0; look < LOOKS; look++) {
        const found = protocol.liquidatable(at).find((target) => !isRejection(protocol.quoteLiquidation(target, USD, ETH, at)));
        if (found !== undefined) return found;
        const begun = protocol.startable(at).filter((target) => !isRejection(protocol.startLiquidation(keepers[0], target, at)));
        if (begun.length === 0 && protocol.liquidatable(at).length === 0) return undefined;
        if (begun.length === 0) stage.wait(BLOCK);
      }
      return undefined;
    },
    /** Does all that a world of willing liquidators would do in one block; answers whether anything happened. */
    act(): boolean {
      let done = 0;
      acts++;
      const count = (answer: unknown) => {
        if (!isRejection(answer)) done++;
      };
      for (const target of protocol.startable(at)) count(protocol.startLiquidation(keepers[0], target, at));
      for (const { position: lot, amountMin, lotMax, tab, bidder } of protocol.auctions(at)) {
        // The first bid is of half the tab, the second of all of it, the third asks for less; then bidders rest.
        const offered = Math.min(1e12, Math.max(amountMin, Math.floor(tab / 2)));
        if (bidder < 0) count(protocol.bid(keepers[acts % 2], lot, Math.min(tab, offered), lotMax, at));
        else if (acts % 4 === 0) count(protocol.bid(keepers[1 - (acts % 2)], lot, Math.min(tab, 1e12), lotMax, at));
      }
      for (const target of protocol.liquidatable(at)) count(stage.take(keepers[1], target, 'max'));
      return done > 0;
    },
    /** Acts until nothing is left to do, checking the laws after each block. */
    finish() {
      for (let look = 0; look < LOOKS; look++) {
        const acted = stage.act();
        if (acted) stage.check();
        const open = protocol.startable(at).length + protocol.auctions(at).length + protocol.liquidatable(at).length;
        if (!acted && open === 0 && ledger.balance(escrow, USD) === protocol.providedOf(provider)) return;
        stage.wait(BLOCK);
      }
      expect.fail(`not over after ${LOOKS} blocks`);
    },
    check() {
      for (const { id, check } of protocolInvariants) {
        const found = check(protocol);
        if (found !== undefined) expect.fail(`${id} ${JSON.stringify(found)}`);
      }
      let claimed = 0;
      protocol.claims((_holder, issuer, id, claim) => {
        if (issuer === escrow && id === USD) claimed += claim;
      });
      expect(claimed, 'escrow is whose it is said to be').toBe(ledger.balance(escrow, USD));
    },
    /** All that a bundle may change and that anybody can see. */
    seen() {
      const { accounts } = protocol.inspection;
      const cells = 2 * protocol.positions * protocol.markets.length;
      return {
        books: [...accounts.holdings.data.slice(0, cells)].filter((held) => held !== 0),
        balances: ledger.names.map((_, account) => [ETH, USD].map((id) => ledger.balance(account, id))),
        offered: [protocol.liquidatable(at).join(), protocol.startable(at).join(), JSON.stringify(protocol.auctions(at))],
      };
    },
  };
  return stage;
}

export type Stage = ReturnType<typeof aStage>;
