/**
 * What it is
 * The keeper: it repays the debt of positions that the protocol has given up, takes their collateral at a bonus, and sells it. A protocol
 * is as safe as this is profitable; when the sale costs more than the bonus, nobody comes.
 *
 * How it decides
 * After every block, and when an oracle speaks, it asks who is liquidatable. For each position and each pair of its debts and collaterals
 * the protocol quotes a take, and the venue quotes the sale of what is seized:
 *
 *   profit = proceeds − repaid − flash fee − gas
 *
 * A take that the venue cannot digest is tried at a half, a quarter and so on: where pool and oracle agree, a constant-product pool with
 * quote reserve Y clears at most a debt of Y·i/(1 + i) at bonus i. The best size of each position is sent if it earns more than
 * `profitMin`, the best `most` of them per look, each as one bundle that fails rather than lose. Money is its own, or a flash loan for the
 * length of the bundle. A position that refused it is left alone for 1, 2, 4 … blocks.
 *
 * What to notice
 * It reckons with its own takes of the same look, not with those of its rivals: who comes second meets the first one's slippage, fails by
 * `require`, and has paid the gas.
 *
 * What to try
 * Thin the pool until liquidations stop, then raise the bonus: where does more bonus stop helping because it eats the position's equity?
 *
 * Sources
 * K. Qin et al., "An empirical study of DeFi liquidations", arXiv 2106.06389 (fixed-spread liquidations and what they earn).
 */
import type { Action, Agent, AssetId, Intent, Ms, Reply, Units, Usd, View } from '../src/agent/index.ts';
import { defineAgent, isRejection } from '../src/agent/index.ts';

/** Blocks that it waits for word of a take before it takes it for lost. */
const PATIENCE = 3;
/** The same for its own latency, whose longest draws are some times the usual one. */
const LATENCIES = 3;
/** Longest pause after refusals, in doublings: 64 blocks. */
const PAUSE_DOUBLINGS = 6;

/** A way to take a position, and what it would earn. */
interface Take {
  readonly position: number;
  readonly debt: AssetId;
  readonly collateral: AssetId;
  readonly repay: Units;
  readonly seize: Units;
  /** Where the collateral is sold; −1: it stays what it is. */
  readonly sale: number;
  /** USD after gas at the plain tip. */
  readonly profit: Usd;
}

export default defineAgent({
  name: 'liquidator',
  role: 'liquidator',
  summary: 'Takes liquidatable positions when selling their collateral pays for debt, fees and gas.',
  sources: ['arXiv 2106.06389'],
  params: {
    protocol: { kind: 'protocol', doc: 'whose positions it watches' },
    venue: { kind: 'venue', optional: true, doc: 'where it sells collateral; the best venue that trades the pair if left out' },
    keep: { kind: 'flag', default: false, doc: 'with inventory: keeps the collateral, valued at the outside price' },
    funding: { kind: 'choice', options: ['inventory', 'flash'], default: 'inventory', doc: 'repays with its own money, or a flash loan' },
    profitMin: { kind: 'number', unit: 'usd', range: [0, 1e9], default: 1, doc: 'least expected profit of a take after gas' },
    most: { kind: 'integer', unit: 'take', range: [1, 10_000], default: 10, doc: 'most takes that it sends at a time' },
    halvings: { kind: 'integer', unit: 'halving', range: [0, 20], default: 6, doc: 'how often it halves a take to find a size that pays' },
    tip: { kind: 'number', unit: 'unit/gas', range: [0, 1e6], default: 0, doc: 'tip that it always pays' },
    tipShare: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0, doc: 'part of the expected profit that it adds to the tip' },
  },
  create({ protocol, venue, keep, funding, profitMin, most, halvings, tip, tipShare }, self): Agent {
    /** Positions to leave alone, and until when: a take is on its way, or was refused. */
    const resting = new Map<number, Ms>();
    const refusals = new Map<number, number>();
    /** What takes of this look have claimed of its wallet, by asset, and mean to sell of each collateral, by venue and then asset. */
    const claimed = new Map<AssetId, Units>();
    const promised: Units[][] = [];
    /** USD, of a bundle without and with a sale; as of this look. */
    const gas = [0, 0];

    const look = (view: View): Reply | undefined => {
      const liquidatable = view.protocol(protocol).liquidatable(view.at);
      if (liquidatable.length === 0) return undefined;
      claimed.clear();
      promised.length = 0;
      for (const sales of [0, 1]) gas[sales] = view.gasUsd(bundle({ ...NOTHING, sale: sales - 1 }));
      const takes: Take[] = [];
      for (const position of liquidatable) {
        if (view.at < (resting.get(position) ?? -1)) continue;
        const take = bestTake(view, position);
        if (take !== undefined) takes.push(take);
      }
      takes.sort((a, b) => b.profit - a.profit || a.position - b.position);
      return { intents: takes.slice(0, most).flatMap((take) => send(view, take)) };
    };

    return {
      onBlock: look,
      // At the end of a block its own call follows, and knows more: what became of the last takes.
      onOracle: (view) => (view.at === view.nextBlockAt - view.blockTime ? undefined : look(view)),
      onFill(view, { intent, refusal }) {
        const [action] = intent.actions;
        if (action?.do !== 'liquidate' || typeof action.position !== 'number') return undefined;
        const count = refusal === undefined ? 0 : (refusals.get(action.position) ?? 0) + 1;
        refusals.set(action.position, count);
        resting.set(action.position, count === 0 ? view.at : view.at + view.blockTime * 2 ** Math.min(count - 1, PAUSE_DOUBLINGS));
        return undefined;
      },
    };

    /** The take with the largest profit over pairs and sizes, if it is large enough. */
    function bestTake(view: View, position: number): Take | undefined {
      const { markets, debtOf, collateralOf } = view.protocol(protocol);
      let best: Take | undefined;
      for (const { asset: debt } of markets) {
        if (debtOf(position, debt) <= 0) continue;
        for (const { asset: collateral } of markets) {
          if (collateralOf(position, collateral) <= 0) continue;
          const take = bestSize(view, position, debt, collateral);
          if (take !== undefined && (best === undefined || take.profit > best.profit)) best = take;
        }
      }
      return best;
    }

    /** Profit is concave in the size of a take: once halving lowers it, halving again will not help. */
    function bestSize(view: View, position: number, debt: AssetId, collateral: AssetId): Take | undefined {
      const whole = view.protocol(protocol).quoteLiquidation(position, debt, collateral, view.at);
      if (isRejection(whole)) return undefined;
      let repay = Math.min(whole.repay, funds(view, debt));
      let best: Take | undefined;
      for (let halving = 0; halving <= halvings && repay > 0; halving++) {
        const seize = Math.floor(whole.seize * (repay / whole.repay));
        const take = reckon(view, position, debt, collateral, repay, seize);
        if (best !== undefined && (take === undefined || take.profit <= best.profit)) break;
        best = take;
        repay = Math.floor(repay / 2);
      }
      return best !== undefined && best.profit > profitMin ? best : undefined;
    }

    /** What it can repay with. */
    function funds(view: View, debt: AssetId): Units {
      if (funding === 'flash') return view.flashAvailable(debt);
      const kept = debt === view.gasAsset ? 2 * view.gasUnits(bundle(NOTHING)) : 0;
      return Math.max(0, view.wallet(debt) - (claimed.get(debt) ?? 0) - kept);
    }

    /** Fee of borrowing the repayment, USD. */
    function flashFeeUsd(view: View, debt: AssetId, repay: Units): Usd {
      return funding === 'flash' ? view.usd(debt, Math.ceil(repay * view.flashFee)) : 0;
    }

    /** Undefined: no venue would buy what is seized. */
    function reckon(view: View, position: number, debt: AssetId, collateral: AssetId, repay: Units, seize: Units): Take | undefined {
      if (seize <= 0) return undefined;
      const cost = view.usd(debt, repay) + flashFeeUsd(view, debt, repay);
      // A flash loan is repaid at the end of the bundle: nothing can be kept then.
      if (debt === collateral || (keep && funding === 'inventory')) {
        return { position, debt, collateral, repay, seize, sale: -1, profit: view.usd(collateral, seize) - cost - gas[0] };
      }
      let bought = 0;
      let sale = -1;
      for (let id = venue ?? 0; id <= (venue ?? view.venues - 1); id++) {
        const brings = proceeds(view, id, debt, collateral, seize);
        if (brings <= bought) continue;
        bought = brings;
        sale = id;
      }
      if (sale < 0) return undefined;
      return { position, debt, collateral, repay, seize, sale, profit: view.usd(debt, bought) - cost - gas[1] };
    }

    /** What a venue would give for the seized, on top of what takes before this one mean to sell there; 0 where it trades another pair. */
    function proceeds(view: View, id: number, debt: AssetId, collateral: AssetId, seize: Units): Units {
      const { baseAsset, quoteAsset, quote } = view.venue(id);
      if ((baseAsset !== debt || quoteAsset !== collateral) && (baseAsset !== collateral || quoteAsset !== debt)) return 0;
      const before = promised[id]?.[collateral] ?? 0;
      const all = quote({ sell: collateral, amount: before + seize });
      const earlier = before > 0 ? quote({ sell: collateral, amount: before }) : undefined;
      return isRejection(all) ? 0 : all.bought - (earlier === undefined || isRejection(earlier) ? 0 : earlier.bought);
    }

    /** Sends a take, in the size that pays after those before it have used up money and depth; none if none does. */
    function send(view: View, { position, debt, collateral }: Take): readonly Intent[] {
      const take = bestSize(view, position, debt, collateral);
      if (take === undefined) return [];
      const { repay, seize, sale, profit } = take;
      claimed.set(debt, (claimed.get(debt) ?? 0) + repay);
      if (sale >= 0) {
        promised[sale] ??= [];
        promised[sale][collateral] = (promised[sale][collateral] ?? 0) + seize;
      }
      const plain = bundle(take);
      const bid: Intent = { ...plain, tip: tip + tipFor(view, plain, profit * tipShare) };
      const least = view.gasUsd(bid) + profitMin;
      const cost = view.usd(debt, repay) + flashFeeUsd(view, debt, repay);
      const required =
        sale < 0 && collateral !== debt
          ? { asset: collateral, gainMin: view.unitsFor(collateral, cost + least) }
          : { asset: debt, gainMin: view.unitsFor(debt, least) };
      const until = view.nextBlockAt + LATENCIES * self.latency + PATIENCE * view.blockTime;
      resting.set(position, until + 1);
      return [{ ...bid, require: required, until }];
    }

    function bundle({ position, debt, collateral, repay, sale }: Take): Intent {
      const take: Action = { do: 'liquidate', protocol, position, debt, collateral, amount: repay };
      const actions: Action[] = sale < 0 ? [take] : [take, { do: 'swap', venue: sale, sell: collateral, amount: 'received' }];
      return funding === 'flash' ? { actions, tip, flash: [{ asset: debt, amount: repay }] } : { actions, tip };
    }
  },
});

/** A take of nothing: what its bundle's gas is, every bundle's is. */
const NOTHING: Take = { position: 0, debt: 0, collateral: 0, repay: 0, seize: 0, sale: 0, profit: 0 };

/** The tip, in units per gas, that spends `usd` on the bundle. The bundle's gas is what a tip of 1 adds to its price. */
function tipFor(view: View, intent: Intent, usd: Usd): number {
  if (view.gasAsset < 0 || !(usd > 0)) return 0;
  const gas = view.gasUnits({ ...intent, tip: 1 }) - view.gasUnits({ ...intent, tip: 0 });
  return gas > 0 ? view.unitsFor(view.gasAsset, usd) / gas : 0;
}
