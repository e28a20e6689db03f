/**
 * What it is
 * A borrower with a leverage of its own choosing: it posts collateral, borrows until its health is what it was drawn to be, and perhaps
 * defends the position when it sinks. A crowd of these, with health factors drawn from a distribution, is the book that prices liquidate.
 *
 * How it decides
 * It deposits `collateralShare` of its wallet. Let W be the collateral that counts, USD at the oracle's mark times liquidation thresholds;
 * then the debt for a health of h is W/h, so a debt D at health H is moved by the factor H/h. The first guess values the debt at the
 * outside price; up to four corrections then use the health that the protocol itself states. Where the loan-to-value limit binds it borrows
 * what it may: no position opens below threshold ÷ loan-to-value. Told that health is below `defendBelow`, it restores `defendTo`:
 *
 *   repay:  D·(1 − H/defendTo) of the debt          top-up:  C·(defendTo/H − 1) of the collateral, of which it has C posted
 *
 * as far as its wallet goes: borrowed money stays in the wallet, so it can always repay for a while. Where its protocol calls accounts for
 * margin and it answers calls, it does the same when it is called, and again until the call is lifted or nothing is left.
 *
 * What to notice
 * Defence costs gas and arrives with its latency: in a jump, or a congested block, it comes too late.
 *
 * What to try
 * Draw `health` from a range, halve the price of the collateral in an hour, and compare how many are liquidated with and without defence.
 * With a `marginCall` at a health of 1.1, let half of them answer calls with a `defendTo` above it.
 *
 * Sources
 * Health factor and the two limits: aave-dao/aave-v3-origin GenericLogic.sol; how close to the limit borrowers stand: arXiv 2106.06389.
 */
import type { Agent, AssetId, Intent, Reply, Units, View } from '../src/agent/index.ts';
import { defineAgent } from '../src/agent/index.ts';

/** Corrections of the first guess; the first one already removes the difference between mark and outside price. */
const CORRECTIONS = 4;
/** A debt within this part of the wanted one is near enough. */
const NEAR = 1e-4;
/** Refusals in a row (no liquidity yet, gas) after which it gives up; one try a block. */
const REFUSALS_MAX = 20;

type Phase = 'idle' | 'depositing' | 'borrowing' | 'open' | 'defending' | 'over';

export default defineAgent({
  name: 'borrower',
  role: 'borrower',
  summary: 'Posts collateral, borrows to a health factor of its own, and may defend the position.',
  sources: ['aave-dao/aave-v3-origin GenericLogic.sol', 'arXiv 2106.06389'],
  params: {
    protocol: { kind: 'protocol', doc: 'where it borrows' },
    collateral: { kind: 'asset', doc: 'what it posts' },
    debt: { kind: 'asset', doc: 'what it borrows' },
    health: { kind: 'number', unit: 'ratio', range: [1.0001, 1000], default: 1.5, doc: 'health factor at which it opens' },
    collateralShare: {
      kind: 'number',
      unit: 'ratio',
      range: [0, 1],
      default: 1,
      doc: 'part of its collateral in the wallet that it posts',
    },
    openAt: { kind: 'duration', range: [0, 31_536_000_000], default: 0, doc: 'when it opens' },
    defendBelow: {
      kind: 'number',
      unit: 'ratio',
      range: [1, 1000],
      optional: true,
      doc: 'health below which it defends; never if left out',
    },
    defence: { kind: 'choice', options: ['repay', 'top-up'], default: 'repay', doc: 'how it defends' },
    defendTo: {
      kind: 'number',
      unit: 'ratio',
      range: [1, 1000],
      optional: true,
      doc: 'health that it restores; what it opened at if left out',
    },
    answersCalls: {
      kind: 'flag',
      default: false,
      doc: 'whether it defends when it is called for margin; `defendTo` should lie above the level of the call',
    },
    tip: { kind: 'number', unit: 'unit/gas', range: [0, 1e6], default: 0, doc: 'tip that it always pays' },
  },
  create(
    { protocol, collateral, debt, health, collateralShare, openAt, defendBelow = 0, defence, defendTo, answersCalls, tip },
    self,
  ): Agent {
    const restored = Math.max(defendTo ?? health, defendBelow);
    let phase: Phase = 'idle';
    let corrections = 0;
    let refusals = 0;

    return {
      onWake(view) {
        if (view.at < openAt) return { wakeAt: openAt };
        return proceed(view);
      },

      onFill(view, { refusal }) {
        if (refusal === undefined) {
          refusals = 0;
          if (phase === 'depositing') phase = 'borrowing';
          return proceed(view);
        }
        refusals += 1;
        if (refusals >= REFUSALS_MAX) phase = 'over';
        if (phase === 'depositing') phase = 'idle';
        return phase === 'over' ? undefined : { wakeAt: view.nextBlockAt };
      },

      onHealth(view, which) {
        if (which !== protocol || phase !== 'open') return undefined;
        phase = 'defending';
        return proceed(view);
      },

      onCall(view, which) {
        if (!answersCalls || which !== protocol || phase !== 'open') return undefined;
        phase = 'defending';
        return proceed(view);
      },
    };

    /** The next thing to do, whatever the last one was. */
    function proceed(view: View): Reply | undefined {
      if (phase === 'idle') return deposit(view);
      if (phase === 'borrowing') return approach(view);
      return phase === 'defending' ? defend(view) : undefined;
    }

    function deposit(view: View): Reply | undefined {
      const amount = Math.min(Math.floor(view.wallet(collateral) * collateralShare), spendable(view, collateral));
      if (amount <= 0) return undefined;
      phase = 'depositing';
      return send({ do: 'deposit', protocol, asset: collateral, amount });
    }

    /** Moves the debt towards the one that makes the health wanted. */
    function approach(view: View): Reply | undefined {
      const { borrowable } = view.protocol(protocol);
      const position = view.protocol(protocol).positionOf(self.account);
      const owed = view.protocol(protocol).debtOf(position, debt);
      const change = wantedDebt(view, position, owed) - owed;
      if (Number.isNaN(change)) return { wakeAt: view.nextBlockAt };
      if (corrections > CORRECTIONS || Math.abs(change) <= owed * NEAR) return opened(view);
      corrections += 1;
      if (change < 0)
        return sendIf({ do: 'repay', protocol, asset: debt, amount: Math.min(-change, spendable(view, debt)) }) ?? opened(view);
      const amount = Math.min(change, borrowable(position, debt, view.at));
      if (amount > 0) return send({ do: 'borrow', protocol, asset: debt, amount });
      if (owed > 0) return opened(view);
      // Nothing to be had yet: the lenders may be slower.
      refusals += 1;
      corrections = 0;
      return refusals < REFUSALS_MAX ? { wakeAt: view.nextBlockAt } : undefined;
    }

    /** NaN where there is no valid mark. */
    function wantedDebt(view: View, position: number, owed: Units): Units {
      const { collateralUsd, required, healthFactor } = view.protocol(protocol).health(position, view.at);
      if (owed > 0) return Math.floor(owed * (healthFactor / health));
      const counts = collateralUsd - required;
      return counts > 0 ? view.unitsFor(debt, counts / health) : Number.NaN;
    }

    function opened(view: View): undefined {
      phase = 'open';
      if (defendBelow > 0) view.watchHealth(protocol, defendBelow);
    }

    function defend(view: View): Reply | undefined {
      const position = view.protocol(protocol).positionOf(self.account);
      const { healthFactor } = view.protocol(protocol).health(position, view.at);
      const called = answersCalls && view.protocol(protocol).callDeadline(position) !== undefined;
      if (healthFactor >= (called ? restored : defendBelow)) return opened(view);
      if (Number.isNaN(healthFactor)) return { wakeAt: view.nextBlockAt };
      const reply = defence === 'repay' ? repay(view, position, healthFactor) : topUp(view, position, healthFactor);
      // With nothing left to defend with, being told again would change nothing.
      if (reply === undefined) phase = 'over';
      return reply;
    }

    function repay(view: View, position: number, healthFactor: number): Reply | undefined {
      const owed = view.protocol(protocol).debtOf(position, debt);
      const amount = Math.min(Math.ceil(owed * (1 - healthFactor / restored)), owed, spendable(view, debt));
      return sendIf({ do: 'repay', protocol, asset: debt, amount });
    }

    function topUp(view: View, position: number, healthFactor: number): Reply | undefined {
      const posted = view.protocol(protocol).collateralOf(position, collateral);
      const amount = Math.min(Math.ceil(posted * (restored / healthFactor - 1)), spendable(view, collateral));
      return sendIf({ do: 'deposit', protocol, asset: collateral, amount });
    }

    /** What it has of an asset, less gas for a few transactions where gas is paid in it. */
    function spendable(view: View, asset: AssetId): Units {
      const wallet = view.wallet(asset);
      if (asset !== view.gasAsset) return wallet;
      return Math.max(0, wallet - 4 * view.gasUnits(intentOf({ do: 'borrow', protocol, asset, amount: 1 })));
    }

    function intentOf(move: Move): Intent {
      return { actions: [move], tip };
    }

    function send(move: Move): Reply {
      return { intents: [intentOf(move)] };
    }

    function sendIf(move: Move): Reply | undefined {
      return move.amount > 0 ? send(move) : undefined;
    }
  },
});

/** The four actions that it takes. */
interface Move {
  readonly do: 'deposit' | 'borrow' | 'repay';
  readonly protocol: number;
  readonly asset: AssetId;
  readonly amount: Units;
}
