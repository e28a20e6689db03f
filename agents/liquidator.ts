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
 * Quotes are made one by one: several takes in one block meet each other's slippage, and the later ones fail by their `require`. Gas is
 * paid for those too.
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

interface Take {
  readonly position: number;
  readonly debt: AssetId;
  readonly collateral: AssetId;
  readonly repay: Units;
  /** USD after gas at the plain tip. */
  readonly profit: Usd;
  readonly intent: Intent;
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
    /** Of its wallet, what takes of this look have claimed; by asset. */
    const claimed = new Map<AssetId, Units>();

    const look = (view: View): Reply | undefined => {
      const liquidatable = view.protocol(protocol).liquidatable(view.at);
      if (liquidatable.length === 0) return undefined;
      claimed.clear();
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
      onOracle: look,
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

    function bestSize(view: View, position: number, debt: AssetId, collateral: AssetId): Take | undefined {
      const whole = view.protocol(protocol).quoteLiquidation(position, debt, collateral, view.at);
      if (isRejection(whole)) return undefined;
      let repay = Math.min(whole.repay, funds(view, debt));
      let best: Take | undefined;
      for (let halving = 0; halving <= halvings && repay > 0; halving++) {
        const seize = Math.floor(whole.seize * (repay / whole.repay));
        const take = worthwhile(view, position, debt, collateral, repay, seize);
        if (take !== undefined && (best === undefined || take.profit > best.profit)) best = take;
        repay = Math.floor(repay / 2);
      }
      return best;
    }

    /** What it can repay with. */
    function funds(view: View, debt: AssetId): Units {
      if (funding === 'flash') return view.flashAvailable(debt);
      const spent = claimed.get(debt) ?? 0;
      const gas = debt === view.gasAsset ? 2 * view.gasUnits({ actions: [liquidation(0, debt, debt, 1)], tip }) : 0;
      return Math.max(0, view.wallet(debt) - spent - gas);
    }

    function worthwhile(view: View, position: number, debt: AssetId, collateral: AssetId, repay: Units, seize: Units): Take | undefined {
      if (seize <= 0) return undefined;
      const sale = saleOf(view, debt, collateral, seize);
      if (sale === undefined) return undefined;
      const actions = [liquidation(position, debt, collateral, repay), ...sale.actions];
      const plain: Intent = funding === 'flash' ? { actions, tip, flash: [{ asset: debt, amount: repay }] } : { actions, tip };
      const fee = funding === 'flash' ? view.usd(debt, Math.ceil(repay * view.flashFee)) : 0;
      const profit = sale.usd - view.usd(debt, repay) - fee - view.gasUsd(plain);
      if (!(profit > profitMin)) return undefined;
      const intent: Intent = { ...plain, tip: tip + tipFor(view, plain, profit * tipShare) };
      const least = view.gasUsd(intent) + profitMin;
      const required =
        sale.actions.length === 0 && collateral !== debt
          ? { asset: collateral, gainMin: view.unitsFor(collateral, view.usd(debt, repay) + fee + least) }
          : { asset: debt, gainMin: view.unitsFor(debt, least) };
      const until = view.nextBlockAt + LATENCIES * self.latency + PATIENCE * view.blockTime;
      return { position, debt, collateral, repay, profit, intent: { ...intent, require: required, until } };
    }

    function liquidation(position: number, debt: AssetId, collateral: AssetId, amount: Units): Action {
      return { do: 'liquidate', protocol, position, debt, collateral, amount };
    }

    /** How the seized collateral becomes the debt asset, and what it is then worth. Undefined: no venue would buy it. */
    function saleOf(view: View, debt: AssetId, collateral: AssetId, seize: Units): { actions: readonly Action[]; usd: Usd } | undefined {
      // A flash loan is repaid at the end of the bundle: nothing can be kept then.
      if (debt === collateral || (keep && funding === 'inventory')) return { actions: [], usd: view.usd(collateral, seize) };
      let bought = 0;
      let best = -1;
      for (let id = venue ?? 0; id <= (venue ?? view.venues - 1); id++) {
        const { baseAsset, quoteAsset, quote } = view.venue(id);
        if ((baseAsset !== debt || quoteAsset !== collateral) && (baseAsset !== collateral || quoteAsset !== debt)) continue;
        const fill = quote({ sell: collateral, amount: seize });
        if (isRejection(fill) || fill.bought <= bought) continue;
        bought = fill.bought;
        best = id;
      }
      if (best < 0) return undefined;
      return { actions: [{ do: 'swap', venue: best, sell: collateral, amount: 'received' }], usd: view.usd(debt, bought) };
    }

    /** Sends a take, unless takes before it have used the money up. */
    function send(view: View, take: Take): readonly Intent[] {
      if (funding === 'inventory' && take.repay > funds(view, take.debt)) return [];
      claimed.set(take.debt, (claimed.get(take.debt) ?? 0) + take.repay);
      resting.set(take.position, (take.intent.until ?? view.at) + 1);
      return [take.intent];
    }
  },
});

/** The tip, in units per gas, that spends `usd` on the bundle. The bundle's gas is what a tip of 1 adds to its price. */
function tipFor(view: View, intent: Intent, usd: Usd): number {
  if (view.gasAsset < 0 || !(usd > 0)) return 0;
  const gas = view.gasUnits({ ...intent, tip: 1 }) - view.gasUnits({ ...intent, tip: 0 });
  return gas > 0 ? view.unitsFor(view.gasAsset, usd) / gas : 0;
}
