/**
 * What it is
 * An attacker who makes a protocol believe a price that he has bought. He pumps the venue that an oracle reads, posts what he bought as
 * collateral at the false price, and borrows what the protocol has; the collateral that he leaves behind was never worth it. His parameters
 * are the strategy space of the attack, doing nothing (`abstain`) included.
 *
 * How it decides
 * At `startAt`, or in the block in which a slow oracle stores its observation (`timing: after-update`), he spends `capital` on the
 * collateral. `hold` blocks after the pump he deposits `depositShare` of all that he then has of it and borrows the most of each asset in
 * `borrow`, the largest in value first, each in a transaction of its own, because one refusal must not undo the others. Meanwhile, whenever
 * others have sold the price down, he buys it up again out of `repumpBudget`. Then the exit:
 *
 *   abandon      he leaves the collateral and keeps the loans
 *   unwind       he posts only what the loans need, at the oracle's present price, and sells the rest of what he bought in the next block
 *   round-trip   he repays and sells everything if, at that moment, that brings more than the loans, and more than the collateral is worth
 *
 * With `ownBlocks` he waits for a row of blocks that his group makes; he pumps last in the first of them, where nobody can trade against
 * it, and borrows and sells what he does not post first in the last.
 *
 * With hold 0 all is one transaction, with his own money or with a flash loan that is repaid from the loans, from collateral not posted,
 * and by selling what he borrowed on the venues there are. He then has to reckon ahead: he takes an oracle that reads the pumped venue to
 * show its new price at once, and the others to stand still. With `onlyIfPays` he compares, before borrowing, what he could borrow at the
 * oracle's present reading with what selling the collateral would bring, or has cost in one transaction, and sells back if that is more.
 *
 * What to notice
 * The cost is what arbitrageurs carry off while the price is held, and fees; the gain is limited by what can be borrowed, not by the price.
 *
 * What to try
 * Compare an oracle that averages since its last update with a true average of the same window, at `hold` 1 and `after-update`.
 *
 * Sources
 * Inverse Finance, 2 April 2022 (certik.com/resources/blog/inverse-finance-02-april-2022; inspexco.medium.com, INV price manipulation);
 * T. Mackinga, T. Nadahalli, R. Wattenhofer, "TWAP oracle attacks: easier done than said?", eprint 2022/445 (blocks in a row included).
 */
import type { Action, Agent, AssetId, Intent, Receipt, Reply, Units, Usd, UsdPrice, View } from '../src/agent/index.ts';
import { defineAgent, isRejection } from '../src/agent/index.ts';

/** How many blocks in a row he tries borrows that are refused. */
const TRIES = 3;
/** Reserve on what he reckons ahead: posts so much more than loans need, counts on so much less than capacity. */
const CAUTION = 0.02;
/** Halvings of an interval of prices or amounts: 2^-50 of it is left, about a float64's precision. */
const BISECTIONS = 50;

type Phase = 'waiting' | 'pumping' | 'holding' | 'borrowing' | 'over';

export default defineAgent({
  name: 'oracle-manipulator',
  role: 'attacker',
  summary: 'Pumps the price that an oracle reads, borrows against it, and leaves.',
  sources: ['www.certik.com/resources/blog/inverse-finance-02-april-2022', 'eprint.iacr.org/2022/445'],
  params: {
    protocol: { kind: 'protocol', doc: 'the protocol that he borrows from' },
    collateral: { kind: 'asset', doc: 'the asset whose price he pumps and which he posts' },
    venue: { kind: 'venue', doc: 'where he pumps' },
    oracle: { kind: 'oracle', optional: true, doc: 'the oracle of the collateral; the first one for it if left out' },
    capital: { kind: 'number', unit: 'token', range: [0, 1e15], default: 0, doc: "what he pumps with, of the venue's other asset" },
    funding: { kind: 'choice', options: ['own', 'flash'], default: 'own', doc: 'whose capital; flash: one transaction, whatever hold' },
    hold: { kind: 'integer', unit: 'block', range: [0, 100_000], default: 1, doc: 'blocks from pump to borrowing; 0: one transaction' },
    borrow: { kind: 'assets', optional: true, doc: 'what he borrows; every other market, the largest first, if left out' },
    exit: { kind: 'choice', options: ['abandon', 'unwind', 'round-trip'], default: 'abandon', doc: 'how he gets out' },
    depositShare: { kind: 'number', unit: 'ratio', range: [0, 1], default: 1, doc: 'part of his holding of the collateral that he posts' },
    startAt: { kind: 'duration', range: [0, 31_536_000_000], default: 0, doc: 'when he begins, or begins to wait' },
    timing: { kind: 'choice', options: ['now', 'after-update'], default: 'now', doc: 'pumps at once, or where the oracle stores' },
    repumpBudget: { kind: 'number', unit: 'token', range: [0, 1e15], default: 0, doc: 'what he spends on keeping the price up meanwhile' },
    onlyIfPays: { kind: 'flag', default: false, doc: 'borrows only if that brings more than selling back' },
    ownBlocks: { kind: 'flag', default: false, doc: 'waits until his group makes all blocks of the hold (chain.proposers)' },
    abstain: { kind: 'flag', default: false, doc: 'does nothing' },
    tip: { kind: 'number', unit: 'unit/gas', range: [0, 1e6], default: 0, doc: 'tip of each transaction' },
  },
  create(params, self): Agent {
    const { protocol, collateral, venue, capital, exit, depositShare, startAt, timing, onlyIfPays, ownBlocks, tip } = params;
    const flash = params.funding === 'flash';
    const hold = flash ? 0 : params.hold;
    let phase: Phase = 'waiting';
    /** His holding before the pump; what pumps have added; the block of the first one and the price that it left. */
    let heldBefore = 0;
    let bought = 0;
    let pumpedAt = -1;
    let peak = Number.NaN;
    let repumpLeft = -1;
    /** Transactions whose end he waits for, and borrows to be tried again. */
    let underWay = 0;
    let refused: AssetId[] = [];
    let tries = 0;

    if (params.abstain) return {};
    return {
      onWake: (view) => (view.at < startAt ? { wakeAt: startAt } : proceed(view)),
      onBlock: (view) => (view.at < startAt ? undefined : proceed(view)),
      onFill: (view, receipt) => {
        underWay -= 1;
        hear(view, receipt);
        return proceed(view);
      },
    };

    // --- the course of the attack -----------------------------------------------------------------------------------------------------

    function proceed(view: View): Reply | undefined {
      if (phase === 'waiting') return begin(view);
      if (phase === 'holding') return view.block - pumpedAt >= hold - 1 - lag(view) ? strike(view) : keepUp(view);
      return phase === 'borrowing' && underWay === 0 ? goOn(view) : undefined;
    }

    function begin(view: View): Reply | undefined {
      const next = timing === 'now' ? view.at : (oracleOf(view)?.nextUpdate() ?? view.at);
      // What is sent now lands in the block after its latency. Infinity: the store is overdue, and the next block makes it.
      if (next > view.nextBlockAt + lag(view) * view.blockTime && next !== Number.POSITIVE_INFINITY) return undefined;
      if (ownBlocks && !inARow(view)) return undefined;
      // The lenders may not have come yet.
      if (targets(view).length === 0) return undefined;
      const money = moneyOf(view);
      const amount = Math.min(self.toUnits(money, capital), flash ? view.flashAvailable(money) : spendable(view, money));
      if (amount <= 0) return finish();
      heldBefore = view.wallet(collateral);
      if (hold > 0) {
        phase = 'pumping';
        return send([placed(intentOf([{ do: 'swap', venue, sell: money, amount }]), 'last')]);
      }
      const whole = allAtOnce(view, amount);
      if (whole === undefined) return finish();
      phase = 'pumping';
      return send([whole]);
    }

    function hear(view: View, { intent, refusal }: Receipt): void {
      const [first] = intent.actions;
      if (phase === 'pumping') {
        phase = refusal !== undefined ? 'over' : hold > 0 ? 'holding' : flash ? 'over' : 'borrowing';
        pumpedAt = view.block;
        peak = view.venue(venue).price();
      } else if (refusal !== undefined && first?.do === 'borrow') refused.push(first.asset);
      // Nothing but pumps changes his holding until he leaves.
      if (refusal === undefined && first?.do === 'swap' && first.sell !== collateral) {
        bought = Math.max(0, view.wallet(collateral) + own(view, 'collateralOf', collateral) - heldBefore);
      }
    }

    /** While he waits: buys the price up again to where the first pump left it. */
    function keepUp(view: View): Reply | undefined {
      const money = moneyOf(view);
      if (repumpLeft < 0) repumpLeft = self.toUnits(money, params.repumpBudget);
      if (underWay > 0 || repumpLeft === 0) return undefined;
      const amount = Math.min(view.venue(venue).depth(money, peak), repumpLeft, spendable(view, money));
      if (amount <= 0 || isRejection(view.venue(venue).quote({ sell: money, amount }))) return undefined;
      repumpLeft -= amount;
      return send([intentOf([{ do: 'swap', venue, sell: money, amount }])]);
    }

    /** Deposits and borrows, each in a transaction of its own, in one block if the order of arrival counts. */
    function strike(view: View): Reply | undefined {
      const amount = toPost(view, view.wallet(collateral), mark(view));
      const pays = amount > 0 && (!onlyIfPays || loansUsd(view, amount, mark(view)) > resaleUsd(view, amount));
      if (!pays) return sellBack(view, Math.min(bought, view.wallet(collateral)));
      phase = 'borrowing';
      const deposit: Action = { do: 'deposit', protocol, asset: collateral, amount };
      const loans = targets(view).map((asset) => intentOf([borrowMax(asset)]));
      // Before anybody can trade against it, what is not posted goes back at the top.
      const rest = ownBlocks ? Math.min(view.wallet(collateral) - amount, bought) : 0;
      const sale = rest > 0 ? [intentOf([{ do: 'swap', venue, sell: collateral, amount: rest }])] : [];
      return send([intentOf([deposit]), ...loans, ...sale].map((intent) => placed(intent, 'first')));
    }

    /** Whether his group makes the block in which the pump lands and those up to the strike. */
    function inARow(view: View): boolean {
      return Array.from({ length: hold + 1 }, (_, i) => view.block + 1 + lag(view) + i).every(view.proposes);
    }

    function placed(intent: Intent, place: 'first' | 'last'): Intent {
      return ownBlocks ? { ...intent, place } : intent;
    }

    /** After the loans: once more what was refused and can be had by now, else out. */
    function goOn(view: View): Reply | undefined {
      const { positionOf, borrowable } = view.protocol(protocol);
      const position = positionOf(self.account);
      const again = position < 0 ? [] : refused.filter((asset) => borrowable(position, asset, view.at) > 0);
      refused = [];
      tries += 1;
      if (again.length > 0 && tries < TRIES) return send(again.map((asset) => intentOf([borrowMax(asset)])));
      return leave(view);
    }

    /** The exit. Who got no loan at all takes back what he posted, whatever the plan was. */
    function leave(view: View): Reply | undefined {
      const posted = own(view, 'collateralOf', collateral);
      const { markets } = view.protocol(protocol);
      const owed = markets.map(({ asset }) => asset).filter((asset) => own(view, 'debtOf', asset) > 0);
      const loans = owed.reduce((sum, asset) => sum + view.usd(asset, own(view, 'debtOf', asset)), 0);
      const left = Math.min(view.wallet(collateral), Math.max(0, bought - posted));
      // What he leaves behind is still his where it is worth more than the loans.
      const leaving = Math.max(loans, view.usd(collateral, posted));
      const returning = posted > 0 && resaleUsd(view, left + posted) - resaleUsd(view, left) > leaving;
      if (owed.length > 0 && exit === 'abandon') return finish();
      if (posted === 0 || (owed.length > 0 && !(exit === 'round-trip' && returning))) return sellBack(view, left);
      finish();
      const repay = owed.map((asset): Action => ({ do: 'repay', protocol, asset, amount: 'max' }));
      const withdraw: Action = { do: 'withdraw', protocol, asset: collateral, amount: 'max' };
      const sale: Action[] = [{ do: 'swap', venue, sell: collateral, amount: 'received' }];
      if (left > 0) sale.push({ do: 'swap', venue, sell: collateral, amount: left });
      return send([intentOf([...repay, withdraw, ...sale])]);
    }

    function sellBack(view: View, amount: Units): Reply | undefined {
      finish();
      if (amount <= 0 || isRejection(view.venue(venue).quote({ sell: collateral, amount }))) return undefined;
      return send([intentOf([{ do: 'swap', venue, sell: collateral, amount }])]);
    }

    function finish(): undefined {
      phase = 'over';
    }

    // --- all in one transaction ----------------------------------------------------------------------------------------------------------

    function allAtOnce(view: View, amount: Units): Intent | undefined {
      const money = moneyOf(view);
      const pump = view.venue(venue).quote({ sell: money, amount });
      if (isRejection(pump)) return undefined;
      const holding = view.wallet(collateral) + pump.bought;
      const price = markAfter(view, amount);
      const post = toPost(view, holding, price);
      if (post <= 0 || (onlyIfPays && loansUsd(view, post, price) <= view.usd(money, amount))) return undefined;
      const loans = plannedLoans(view, post, price);
      if (loans.length === 0) return undefined;
      const actions: Action[] = [
        { do: 'swap', venue, sell: money, amount },
        { do: 'deposit', protocol, asset: collateral, amount: post === holding ? 'all' : post },
        ...loans.map(({ asset }) => borrowMax(asset)),
      ];
      if (!flash) return intentOf(actions);
      const left = Math.min(holding - post, pump.bought);
      if (exit !== 'abandon' && left > 0) actions.push({ do: 'swap', venue, sell: collateral, amount: left });
      // What is sold back goes at the top of the curve first, so at no worse than the average that he paid, less the fee both ways.
      const kept = 1 - view.venue(venue).fee;
      const back = exit === 'abandon' ? 0 : amount * (left / pump.bought) * kept * kept;
      const due = amount + Math.ceil(amount * view.flashFee) - spendable(view, money) - back;
      return { ...intentOf([...actions, ...salesFor(view, loans, due)]), flash: [{ asset: money, amount }] };
    }

    interface Loan {
      readonly asset: AssetId;
      readonly units: Units;
    }

    /** What he expects to get of each asset; those that would get nothing are left out, for a borrow of nothing would undo everything. */
    function plannedLoans(view: View, post: Units, price: UsdPrice): readonly Loan[] {
      let left = loanValue(view) * self.toTokens(collateral, post) * price;
      const loans: Loan[] = [];
      for (const asset of targets(view)) {
        if (left <= 0) break;
        const units = Math.min(view.protocol(protocol).available(asset), view.unitsFor(asset, left));
        if (units > 0) loans.push({ asset, units });
        left = (left - view.usd(asset, units)) * (1 - CAUTION);
        if (units < view.protocol(protocol).available(asset)) break;
      }
      return loans;
    }

    /** Sales of borrowed assets that bring the money still due at the end. */
    function salesFor(view: View, loans: readonly Loan[], due: Units): readonly Action[] {
      const money = moneyOf(view);
      const sales: Action[] = [];
      let missing = due - (loans.find(({ asset }) => asset === money)?.units ?? 0);
      for (const { asset, units } of loans) {
        if (missing <= 0 || asset === money) continue;
        for (let id = 0; id < view.venues && missing > 0; id++) {
          const { baseAsset, quoteAsset } = view.venue(id);
          if ((baseAsset !== asset && quoteAsset !== asset) || (baseAsset !== money && quoteAsset !== money)) continue;
          const { sold, brings } = leastSale(view, id, asset, units, missing * (1 + CAUTION));
          if (brings > 0) sales.push({ do: 'swap', venue: id, sell: asset, amount: sold });
          missing -= brings;
          break;
        }
      }
      return sales;
    }

    // --- what things are worth -----------------------------------------------------------------------------------------------------------

    function moneyOf(view: View): AssetId {
      const { baseAsset, quoteAsset } = view.venue(venue);
      return baseAsset === collateral ? quoteAsset : baseAsset;
    }

    /** Whole blocks that his transactions take to the mempool. */
    function lag(view: View): number {
      return Math.floor(self.latency / view.blockTime);
    }

    /** His wallet, less gas for some dozen transactions where gas is paid in it. */
    function spendable(view: View, asset: AssetId): Units {
      const gas = asset === view.gasAsset ? 12 * view.gasUnits(intentOf([borrowMax(asset)])) : 0;
      return Math.max(0, view.wallet(asset) - gas);
    }

    function oracleOf(view: View) {
      if (params.oracle !== undefined) return view.oracle(params.oracle);
      for (let id = 0; id < view.oracles; id++) if (view.oracle(id).asset === collateral) return view.oracle(id);
      return undefined;
    }

    function mark(view: View): UsdPrice {
      return oracleOf(view)?.read().price ?? Number.NaN;
    }

    /** What the oracle would say after the pump: the price that it leaves, if that venue is read; by bisection on the venue's depth. */
    function markAfter(view: View, amount: Units): UsdPrice {
      if (oracleOf(view)?.venue !== venue) return mark(view);
      const { baseAsset, depth, price } = view.venue(venue);
      const money = moneyOf(view);
      const rising = baseAsset === collateral;
      const reaches = (worst: number) => depth(money, worst) >= amount;
      let near = price();
      let far = near;
      for (let i = 0; i < BISECTIONS && !reaches(far); i++) far = rising ? far * 4 : far / 4;
      for (let i = 0; i < BISECTIONS; i++) {
        const middle = (near + far) / 2;
        if (reaches(middle)) far = middle;
        else near = middle;
      }
      return (rising ? near : 1 / near) * view.fair(money);
    }

    /** Most debt per value of the collateral. */
    function loanValue(view: View): number {
      return view.protocol(protocol).markets.find(({ asset }) => asset === collateral)?.params.ltv ?? 0;
    }

    /** What he posts of a holding: `depositShare` of it, and to unwind no more than all the loans there are would need. */
    function toPost(view: View, holding: Units, price: UsdPrice): Units {
      const most = Math.floor(holding * depositShare);
      if (exit !== 'unwind') return most;
      const wanted = targets(view).reduce((sum, asset) => sum + view.usd(asset, view.protocol(protocol).available(asset)), 0);
      const needed = self.toUnits(collateral, (wanted * (1 + CAUTION)) / (loanValue(view) * price));
      return needed < most ? needed : most;
    }

    /** What could be borrowed, at the outside prices of what is borrowed. */
    function loansUsd(view: View, post: Units, price: UsdPrice): Usd {
      return plannedLoans(view, post, price).reduce((sum, { asset, units }) => sum + view.usd(asset, units), 0);
    }

    /** What selling so much of the collateral would bring now. */
    function resaleUsd(view: View, amount: Units): Usd {
      if (amount <= 0) return 0;
      const fill = view.venue(venue).quote({ sell: collateral, amount });
      return isRejection(fill) ? 0 : view.usd(moneyOf(view), fill.bought);
    }

    /** What he borrows, in order: as given, or every other market that has something, the most valuable first. */
    function targets(view: View): readonly AssetId[] {
      const { available, markets } = view.protocol(protocol);
      const lent = markets.filter((market) => market.params.borrowable && available(market.asset) > 0).map(({ asset }) => asset);
      if (params.borrow !== undefined) return params.borrow.filter((asset) => lent.includes(asset));
      const worth = (asset: AssetId) => view.usd(asset, available(asset));
      return lent.filter((asset) => asset !== collateral).sort((a, b) => worth(b) - worth(a) || a - b);
    }

    /** His own collateral or debt; 0 before he has a position. */
    function own(view: View, what: 'collateralOf' | 'debtOf', asset: AssetId): Units {
      const { positionOf, [what]: unitsOf } = view.protocol(protocol);
      const position = positionOf(self.account);
      return position < 0 ? 0 : unitsOf(position, asset);
    }

    function borrowMax(asset: AssetId): Action {
      return { do: 'borrow', protocol, asset, amount: 'max' };
    }

    function intentOf(actions: readonly Action[]): Intent {
      return { actions, tip };
    }

    function send(intents: readonly Intent[]): Reply {
      underWay += intents.length;
      return { intents };
    }
  },
});

/** The least of `units` whose sale brings `wanted`, by bisection; all of them if that is not enough. */
function leastSale(view: View, id: number, sell: AssetId, units: Units, wanted: Units): { sold: Units; brings: Units } {
  const brings = (amount: Units): Units => {
    const fill = amount > 0 ? view.venue(id).quote({ sell, amount }) : undefined;
    return fill === undefined || isRejection(fill) ? 0 : fill.bought;
  };
  let low = 0;
  let high = units;
  while (brings(units) > wanted && high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (brings(middle) >= wanted) high = middle;
    else low = middle;
  }
  return { sold: high, brings: brings(high) };
}
