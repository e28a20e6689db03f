/**
 * What every liquidation mechanism promises, whatever its price and shape: tried on loans of all healths in the real protocol, and judged
 * by books and balances alone. A mechanism that is taken from directly, one that has to be started, one that is bid for: the stage knows
 * how to bring each to its end.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRejection } from '../../src/base/rejection.ts';
import { aStage, type Liquidation, type Stage } from '../support/liquidation-stage.ts';
import { propertyRuns } from '../support/property-runs.ts';

export interface MechanismTraits {
  /** How it is liquidated: by takes, by bids for lots, or by the protocol's own orders. */
  readonly by: 'take' | 'bid' | 'order';
  /** USD in a pool of its own. */
  readonly deposit?: number;
  /** Healths of the loans that it closes for good; all below 1 if left out. */
  readonly healths?: readonly [from: number, to: number];
  /** Why splitting a take may seize more than one take (LIQ-3), and from which loan-to-value on; left out where it never may. */
  readonly splitting?: { readonly beyond: number; readonly reason: string };
}

const allLoans = fc.record({
  collateral: fc.integer({ min: 1, max: 1e5 }).map((n) => n / 1000),
  health: fc.integer({ min: 50, max: 99 }).map((n) => n / 100),
  price: fc.integer({ min: 1, max: 1e6 }).map((n) => n / 1000),
});
const healthy = allLoans.map((loan) => ({ ...loan, health: loan.health + 0.501 }));
const part = fc.integer({ min: 1, max: 100 }).map((n) => n / 100);
const few = { numRuns: propertyRuns(60, 1000) };
const many = { numRuns: propertyRuns(120, 2000) };

/** The code of a refusal. */
const code = (answer: unknown) => (isRejection(answer) ? answer.rejected : 'granted');

export function mechanismContract(name: string, liquidation: Liquidation, traits: MechanismTraits): void {
  const { by, splitting, deposit = 0, healths: [from, to] = [0, 1] } = traits;
  /** Of a few units rounding decides what its health is to the mechanism. */
  const counts = (loan: { collateral: number; price: number }) => traits.healths === undefined || loan.collateral * loan.price > 0.01;
  const loans = allLoans.filter((loan) => loan.health >= from && loan.health <= to && counts(loan));
  const stageOf = (loan: Parameters<typeof aStage>[1]) => aStage(liquidation, { fund: 1000, deposit, ...loan });
  /** A stage with something that can be taken; undefined where this mechanism sells otherwise. */
  const takeable = (loan: Parameters<typeof aStage>[1]): readonly [Stage, number] | undefined => {
    const stage = stageOf(loan);
    const target = stage.takeable();
    return target === undefined ? undefined : [stage, target];
  };

  /** What is sold otherwise is not there to be taken. */
  const expectTakes = (granted: number, what: string) => {
    const demand = by === 'take' ? 'a taker may always repay less than the most, and gets that part' : `it is sold by ${by}, not taken`;
    const said = expect(granted, `${what}; ${demand}`);
    if (by === 'take') said.toBeGreaterThan(20);
    else said.toBeLessThanOrEqual(20);
  };

  /** Of a few units the fee and the rounding of a venue are a large part: what is sold for a price worth it may wait for ever. */
  const ended = by === 'order' ? loans.filter(({ collateral, price }) => collateral * price > 0.01) : loans;

  describe(`liquidation mechanism: ${name}`, () => {
    it('LIQ-1 offers, starts, sells and takes nothing of who is not liquidatable', () => {
      let tested = 0;
      fc.assert(
        fc.property(healthy.filter(counts), (loan) => {
          const stage = stageOf(loan);
          const { protocol, position, keepers, at } = stage;
          // Of a loan of a few units rounding makes what it will.
          if (!(protocol.health(position, at).healthFactor >= 1)) return;
          tested++;
          expect([protocol.liquidatable(at), protocol.startable(at), protocol.auctions(at)]).toEqual([[], [], []]);
          expect(code(stage.take(keepers[0], position, 'max'))).toBe('NOT_LIQUIDATABLE');
          expect(['NOT_LIQUIDATABLE', 'NOT_STARTED']).toContain(code(protocol.startLiquidation(keepers[0], position, at)));
          expect(code(protocol.bid(keepers[0], position, 1, 0, at))).toBe('LOT_NONE');
        }),
        few,
      );
      expect(tested, 'loans tried that are healthy at the marks').toBeGreaterThan(20);
    });

    it('CUSTODY-1 comes to an end with every law kept, nothing in escrow or lots, and every unit of collateral somewhere', () => {
      fc.assert(
        fc.property(ended, (loan) => {
          const stage = stageOf(loan);
          const { protocol, ledger, position, ETH, USD, escrow } = stage;
          const total = protocol.collateralOf(position, ETH);
          const pooled = ledger.balance(ledger.names.indexOf('pool'), ETH);
          stage.finish();
          stage.check();
          if (deposit > 0) protocol.unprovide(stage.provider, USD, 'max', stage.at);
          expect([ledger.balance(escrow, USD), ledger.balance(escrow, ETH)]).toEqual([0, 0]);
          for (let lot = 0; lot < protocol.positions; lot++) {
            if (protocol.subOf(lot) < 1000) continue;
            expect(protocol.collateralOf(lot, ETH), 'nothing stays in a lot').toBe(0);
          }
          const sold = ledger.balance(ledger.names.indexOf('pool'), ETH) - pooled;
          const takers = [...stage.keepers, stage.provider];
          const keepers = takers.reduce((sum, account) => sum + ledger.balance(account, ETH), 0);
          const kept = protocol.collateralOf(position, ETH) + ledger.balance(protocol.fund, ETH);
          expect(sold + keepers + kept).toBe(total);
          const { healthFactor } = protocol.health(position, stage.at);
          expect(healthFactor >= 1 || protocol.collateralOf(position, ETH) === 0).toBe(true);
        }),
        few,
      );
    });

    it('LIQ-2 lowers what is owed by what is paid, and never takes more than there is', () => {
      let takes = 0;
      fc.assert(
        fc.property(loans, part, (loan, share) => {
          const [stage, target] = takeable(loan) ?? [];
          if (stage === undefined || target === undefined) return;
          const { protocol, ledger, keepers, ETH, USD, position, at } = stage;
          const { repay, seize } = protocol.quoteLiquidation(target, USD, ETH, at) as { repay: number; seize: number };
          const owed = protocol.debtOf(target, USD);
          const held = protocol.collateralOf(target, ETH) + (target === position ? 0 : protocol.collateralOf(position, ETH));
          const asked = Math.max(1, Math.floor(repay * share));
          const before = [USD, ETH].map((id) => ledger.balance(keepers[1], id));
          const fund = ledger.balance(protocol.fund, USD);
          const taken = stage.take(keepers[1], target, asked);
          if (isRejection(taken)) {
            expect(['AMOUNT', 'WALLET_SHORT']).toContain(taken.rejected);
            return;
          }
          takes++;
          expect(taken.repaid).toBeGreaterThan(0);
          expect(taken.repaid).toBeLessThanOrEqual(asked);
          expect(taken.seized).toBeLessThanOrEqual(seize);
          expect(taken.seized).toBeLessThanOrEqual(held);
          expect(before[0] - ledger.balance(keepers[1], USD)).toBe(taken.repaid);
          expect(ledger.balance(keepers[1], ETH) - before[1]).toBe(taken.seized);
          const lowered = owed - protocol.debtOf(target, USD);
          const penalty = ledger.balance(protocol.fund, USD) - fund;
          const short = stage.facts.some(({ kind }) => kind === 'shortfall');
          // The fund pays a shortfall too, and a write-off lowers the debt by more.
          if (!short) expect(lowered + penalty).toBe(taken.repaid);
          stage.check();
        }),
        many,
      );
      expectTakes(takes, 'takes of a random part of the most that were granted');
    });

    it('LIQ-3 split at one instant never seizes more', () => {
      // Where it may seize more, the next test shows that it does.
      const within = splitting === undefined ? loans : loans.filter((loan) => 0.8 / loan.health <= splitting.beyond);
      let tested = 0;
      fc.assert(
        fc.property(within, part, part, (loan, whole, cut) => {
          const [one, target] = takeable(loan) ?? [];
          const [two] = takeable(loan) ?? [];
          if (one === undefined || two === undefined || target === undefined) return;
          if (splitting !== undefined) {
            const owed = one.protocol.debtOf(target, one.USD);
            const loanToValue = 0.8 / one.protocol.health(target, one.at).healthFactor;
            // As it is after rounding, which matters to debts of a few units: one may be left by each of the two parts.
            if (loanToValue * (1 + 2 / owed) > splitting.beyond) return;
          }
          const { repay } = one.protocol.quoteLiquidation(target, one.USD, one.ETH, one.at) as { repay: number };
          const amount = Math.max(2, Math.floor(repay * whole));
          const first = Math.max(1, Math.floor(amount * cut * 0.99));
          const take = (stage: Stage, sizes: readonly number[]) =>
            sizes.reduce(
              (sum, size) => {
                const taken = stage.take(stage.keepers[1], target, size);
                return isRejection(taken) ? sum : { seized: sum.seized + taken.seized, repaid: sum.repaid + taken.repaid };
              },
              { seized: 0, repaid: 0 },
            );
          const once = take(one, [amount]);
          const twice = take(two, [first, amount - first]);
          if (once.repaid > 0) {
            tested++;
            expect(twice.seized).toBeLessThanOrEqual(once.seized);
          }
          if (once.repaid === amount) expect(twice.repaid).toBeLessThanOrEqual(once.repaid);
        }),
        many,
      );
      expectTakes(tested, 'takes of a random part of the most, in one piece beside two, that were granted');
    });

    if (splitting !== undefined) {
      it(`LIQ-3 does not hold beyond a loan-to-value of ${splitting.beyond}: ${splitting.reason}`, () => {
        const loan = { collateral: 100, price: 1, health: 0.8 / (splitting.beyond + 0.03) };
        const [[one, target], [two]] = [takeable(loan), takeable(loan)] as [readonly [Stage, number], readonly [Stage, number]];
        const seized = (stage: Stage, sizes: readonly number[]) =>
          sizes.reduce((sum, size) => sum + (stage.take(stage.keepers[1], target, size) as { seized: number }).seized, 0);
        expect(seized(two, [20e6, 20e6])).toBeGreaterThan(seized(one, [40e6]));
      });
    }

    it('quotes what it then does, and by quoting changes nothing', () => {
      fc.assert(
        fc.property(loans, (loan) => {
          const stage = stageOf(loan);
          const { protocol, keepers, ETH, USD } = stage;
          for (const target of protocol.startable(stage.at)) {
            const before = stage.seen();
            const quoted = protocol.quoteStart(target, keepers[0], stage.at);
            expect(stage.seen()).toEqual(before);
            expect(protocol.startLiquidation(keepers[0], target, stage.at)).toEqual(quoted);
          }
          for (const target of protocol.liquidatable(stage.at)) {
            const before = stage.seen();
            const quoted = protocol.quoteLiquidation(target, USD, ETH, stage.at, keepers[1]);
            expect(protocol.quoteLiquidation(target, USD, ETH, stage.at, keepers[1])).toEqual(quoted);
            expect(stage.seen()).toEqual(before);
            const taken = stage.take(keepers[1], target, 'max');
            if (isRejection(taken) || isRejection(quoted)) expect(code(taken)).toBe(code(quoted));
            else expect({ repay: taken.repaid, seize: taken.seized }).toEqual(quoted);
          }
        }),
        few,
      );
    });

    it('BUNDLE-1 remembers nothing of a bundle that is undone, at any moment of a liquidation', () => {
      fc.assert(
        fc.property(ended, fc.integer({ min: 0, max: 40 }), (loan, blocks) => {
          const stage = stageOf(loan);
          for (let block = 0; block < blocks; block++) {
            if (block % 3 === 0) stage.act();
            stage.wait(12_000 * (1 + (block % 5)));
          }
          const before = stage.seen();
          const remembered = stage.memory.copy();
          stage.journal.begin();
          for (let act = 0; act < 5; act++) stage.act();
          stage.journal.undo();
          expect(stage.seen()).toEqual(before);
          expect(stage.memory.changed(remembered)).toEqual([]);
          // What follows goes as if nothing had been.
          stage.wait(12_000);
          stage.finish();
        }),
        few,
      );
    });

    it('judges nobody without a valid mark', () => {
      const stage = stageOf({ collateral: 1, health: 0.9, price: 100 });
      const { protocol, keepers, position } = stage;
      stage.setPrice('ETH', Number.NaN);
      expect(code(stage.take(keepers[0], position, 'max'))).toBe('ORACLE_INVALID');
      expect(['ORACLE_INVALID', 'NOT_STARTED']).toContain(code(protocol.startLiquidation(keepers[0], position, stage.at)));
    });

    it('refuses who cannot pay, and lets who can pay a part have that part', () => {
      const [stage, target] = takeable({ collateral: 10, health: 0.98, price: 100 }) ?? [];
      expect(target !== undefined, 'a sick loan can be taken, if need be after a start and some time').toBe(by === 'take');
      if (stage === undefined || target === undefined) return;
      const { units } = stage;
      const poor = stage.person('poor', { USD: 5 });
      const nobody = stage.person('nobody', {});
      expect(code(stage.take(nobody, target, 'max'))).toBe('WALLET_SHORT');
      expect(code(stage.take(poor, target, units('USD', 6)))).toBe('WALLET_SHORT');
      const part = stage.take(poor, target, 'max');
      expect(part, 'who can pay a part gets that part, and here has 5 USD').toMatchObject({ repaid: units('USD', 5) });
    });

    it('is sold to the best bidder: at least the least bid, never more than there is, and the beaten are paid back', () => {
      const stage = stageOf({ collateral: 10, health: 0.9, price: 100 });
      const { protocol, keepers, ledger, USD, escrow } = stage;
      for (const target of protocol.startable(stage.at)) protocol.startLiquidation(keepers[0], target, stage.at);
      const [auction] = protocol.auctions(stage.at);
      if (by === 'bid') expect(auction).toBeDefined();
      if (auction === undefined) return;
      const { position: lot, lotMax } = auction;
      const nobody = stage.person('nobody', {});
      expect(code(protocol.bid(nobody, lot, 100, lotMax, stage.at))).toBe('WALLET_SHORT');
      for (let round = 0; round < 20; round++) {
        const [{ amountMin, lotMax: most, bidder }] = protocol.auctions(stage.at);
        const next = keepers[round % 2];
        if (amountMin > 1 && most === lotMax) expect(code(protocol.bid(next, lot, amountMin - 1, most, stage.at))).toBe('BID_LOW');
        const before = bidder < 0 ? 0 : ledger.balance(bidder, USD);
        const held = ledger.balance(escrow, USD);
        expect(code(protocol.bid(next, lot, amountMin + (round === 0 ? 1000 : 0), most, stage.at))).toBe('granted');
        if (bidder >= 0) expect(ledger.balance(bidder, USD) - before).toBe(held);
        stage.check();
      }
      stage.finish();
    });
  });
}
