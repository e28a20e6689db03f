/**
 * What it is
 * The trader on whom soft liquidation rests: it buys collateral out of a loan's price bands as the oracle falls through them, and sells
 * it back into them as the oracle rises, each time for the difference to what the collateral costs elsewhere. Nobody's debt is repaid by
 * it.
 *
 * How it decides
 * After every block, and when an oracle speaks, it asks who is offered. For each position with a debt d and a collateral c the protocol
 * quotes the largest exchange each way, and the other market (a venue, or the outside at its spread) the way back:
 *
 *   down   pay d into the bands, get c, sell c for d             up   buy c with d, pay it into the bands, get d
 *   profit = d received − d spent − gas
 *
 * An exchange that the other market cannot digest is tried at a half, a quarter and so on; in the bands a part is always at least as good
 * as the quote in proportion, since the first units are the cheapest. The best way of each position is sent if it earns more than
 * `profitMin`, the best `most` of them per look, each as one bundle that fails rather than lose. A position that refused is left alone
 * for 1, 2, 4 … blocks.
 *
 * What to notice
 * What it earns is what the borrowers lose on the way down and once more on the way up; it comes only when that beats fees and gas, so the
 * bands trail the oracle by so much.
 *
 * What to try
 * Raise the fee of the bands, or the gas: the exchanges become fewer and larger. Which of the two costs a borrower more?
 *
 * Sources
 * curvefi/curve-stablecoin AMM.vy (exchange); M. Egorov, Curve stablecoin design (2022).
 */
import type { Action, Agent, AssetId, Intent, Reply, Units, Usd, View } from '../src/agent/index.ts';
import { defineAgent, isRejection } from '../src/agent/index.ts';

/** Blocks that it waits for word of an exchange before it takes it for lost; the same for its own latency. */
const PATIENCE = 3;
const LATENCIES = 3;
/** Longest pause after refusals, in doublings: 64 blocks. */
const PAUSE_DOUBLINGS = 6;
/** Halvings in search of what so much collateral costs: a part in 10^12. */
const COST_STEPS = 40;

/** An exchange, and what it would earn. */
interface Exchange {
  readonly position: number;
  readonly debt: AssetId;
  readonly collateral: AssetId;
  readonly up: boolean;
  /** Units of the debt's asset at the beginning and at the end of the bundle. */
  readonly spent: Units;
  readonly received: Units;
  /** What is sold on the other market, and how much of it. */
  readonly sold: Units;
  readonly profit: Usd;
}

export default defineAgent({
  name: 'band-arbitrageur',
  role: 'arbitrageur',
  summary: 'Trades with the price bands of loans under soft liquidation, both ways, when that pays after fee and gas.',
  sources: ['curvefi/curve-stablecoin AMM.vy', 'M. Egorov, Curve stablecoin design (2022)'],
  params: {
    protocol: { kind: 'protocol', doc: 'whose loans it trades with' },
    venue: { kind: 'venue', optional: true, doc: 'where it buys and sells the collateral; the outside, at its spread, if left out' },
    profitMin: { kind: 'number', unit: 'usd', range: [0, 1e9], default: 1, doc: 'least expected profit of an exchange after gas' },
    most: { kind: 'integer', unit: 'exchange', range: [1, 10_000], default: 10, doc: 'most exchanges that it sends at a time' },
    halvings: {
      kind: 'integer',
      unit: 'halving',
      range: [0, 20],
      default: 6,
      doc: 'how often it halves an exchange to find a size that pays',
    },
    tip: { kind: 'number', unit: 'unit/gas', range: [0, 1e6], default: 0, doc: 'tip that it pays' },
  },
  create({ protocol, venue, profitMin, most, halvings, tip }, self): Agent {
    const resting = new Map<number, number>();
    const refusals = new Map<number, number>();
    /** What exchanges of this look have claimed of its wallet, and mean to sell on the other market, by asset. */
    const claimed = new Map<AssetId, Units>();
    const promised = new Map<AssetId, Units>();

    const look = (view: View): Reply | undefined => {
      const offered = view.protocol(protocol).liquidatable(view.at);
      if (offered.length === 0) return undefined;
      claimed.clear();
      promised.clear();
      const found: Exchange[] = [];
      for (const position of offered) {
        if (view.at < (resting.get(position) ?? -1)) continue;
        const best = bestOf(view, position);
        if (best !== undefined) found.push(best);
      }
      found.sort((a, b) => b.profit - a.profit || a.position - b.position);
      return { intents: found.slice(0, most).flatMap((exchange) => send(view, exchange)) };
    };

    return {
      onBlock: look,
      // At the end of a block its own call follows, and knows more.
      onOracle: (view) => (view.at === view.nextBlockAt - view.blockTime ? undefined : look(view)),
      onFill(view, { intent, refusal }) {
        const take = intent.actions.find((action) => action.do === 'liquidate');
        if (take === undefined || typeof take.position !== 'number') return undefined;
        const count = refusal === undefined ? 0 : (refusals.get(take.position) ?? 0) + 1;
        refusals.set(take.position, count);
        resting.set(take.position, count === 0 ? view.at : view.at + view.blockTime * 2 ** Math.min(count - 1, PAUSE_DOUBLINGS));
        return undefined;
      },
    };

    /** The best exchange with a position, over its pairs, ways and sizes; undefined where none earns enough. */
    function bestOf(view: View, position: number): Exchange | undefined {
      const { markets, debtOf, collateralOf } = view.protocol(protocol);
      let best: Exchange | undefined;
      const better = (next: Exchange | undefined) => {
        if (next !== undefined && next.profit > (best?.profit ?? profitMin)) best = next;
      };
      for (const { asset: debt } of markets) {
        if (debtOf(position, debt) <= 0) continue;
        for (const { asset: collateral } of markets) {
          if (collateral === debt) continue;
          if (collateralOf(position, collateral) > 0) better(bestSize(view, { position, debt, collateral, up: false }));
          if (collateralOf(position, debt) > 0) better(bestSize(view, { position, debt, collateral, up: true }));
        }
      }
      return best;
    }

    /** Profit is concave in the size of an exchange: once halving lowers it, halving again will not help. */
    function bestSize(view: View, way: Pick<Exchange, 'position' | 'debt' | 'collateral' | 'up'>): Exchange | undefined {
      const { position, debt, collateral, up } = way;
      const [pays, gets] = up ? [collateral, debt] : [debt, collateral];
      const whole = view.protocol(protocol).quoteLiquidation(position, pays, gets, view.at);
      if (isRejection(whole)) return undefined;
      const gas = view.gasUsd(bundle({ ...way, spent: 1, received: 0, sold: 1, profit: 0 }));
      let best: Exchange | undefined;
      let part = 1;
      for (let halving = 0; halving <= halvings; halving++, part /= 2) {
        const pay = Math.floor(whole.repay * part);
        const get = Math.floor(whole.seize * (pay / whole.repay));
        const next = pay > 0 && get > 0 ? reckon(view, way, pay, get, gas) : undefined;
        if (best !== undefined && (next === undefined || next.profit <= best.profit)) break;
        best = next ?? best;
      }
      return best;
    }

    /** Undefined: it cannot pay, or the other market does not trade so much. */
    function reckon(
      view: View,
      way: Pick<Exchange, 'position' | 'debt' | 'collateral' | 'up'>,
      pay: Units,
      get: Units,
      gas: Usd,
    ): Exchange | undefined {
      const { debt, collateral, up } = way;
      const spent = up ? costOf(view, debt, collateral, pay, get) : pay;
      const received = up ? get : brings(view, collateral, debt, get);
      const kept = debt === view.gasAsset ? 2 * view.gasUnits(bundle({ ...way, spent: 1, received: 0, sold: 1, profit: 0 })) : 0;
      if (spent === undefined || spent > view.wallet(debt) - (claimed.get(debt) ?? 0) - kept) return undefined;
      return { ...way, spent, received, sold: up ? spent : get, profit: view.usd(debt, received - spent) - gas };
    }

    /** What the other market gives for so much, after what this look means to sell there already; 0 where it does not trade the two. */
    function brings(view: View, sell: AssetId, buy: AssetId, amount: Units): Units {
      if (venue === undefined) return view.unitsFor(buy, view.usd(sell, amount) * (1 - view.outsideSpread));
      const { baseAsset, quoteAsset, quote } = view.venue(venue);
      if ((baseAsset !== sell || quoteAsset !== buy) && (baseAsset !== buy || quoteAsset !== sell)) return 0;
      const before = promised.get(sell) ?? 0;
      const all = quote({ sell, amount: before + amount });
      const earlier = before > 0 ? quote({ sell, amount: before }) : undefined;
      return isRejection(all) ? 0 : all.bought - (earlier === undefined || isRejection(earlier) ? 0 : earlier.bought);
    }

    /** The least that buys `wanted` of the collateral; undefined where not even `limit` does. */
    function costOf(view: View, sell: AssetId, buy: AssetId, wanted: Units, limit: Units): Units | undefined {
      if (brings(view, sell, buy, limit) < wanted) return undefined;
      let [short, enough] = [0, limit];
      for (let step = 0; step < COST_STEPS && enough - short > 1; step++) {
        const middle = short + Math.floor((enough - short) / 2);
        if (brings(view, sell, buy, middle) >= wanted) enough = middle;
        else short = middle;
      }
      return enough;
    }

    /** Sends an exchange in the size that pays after those before it; none if none does. */
    function send(view: View, wanted: Exchange): readonly Intent[] {
      const exchange = bestSize(view, wanted);
      if (exchange === undefined || !(exchange.profit > profitMin)) return [];
      const { position, debt, collateral, up, spent, sold } = exchange;
      const sells = up ? debt : collateral;
      claimed.set(debt, (claimed.get(debt) ?? 0) + spent);
      promised.set(sells, (promised.get(sells) ?? 0) + sold);
      const intent = bundle(exchange);
      const until = view.nextBlockAt + LATENCIES * self.latency + PATIENCE * view.blockTime;
      resting.set(position, until + 1);
      const gainMin = view.unitsFor(debt, view.gasUsd(intent) + profitMin);
      return [{ ...intent, require: { asset: debt, gainMin }, until }];
    }

    function bundle({ position, debt, collateral, up, spent }: Exchange): Intent {
      const pass = (sell: AssetId, buy: AssetId, amount: Units | 'received'): Action =>
        venue === undefined ? { do: 'outside-trade', sell, buy, amount } : { do: 'swap', venue, sell, amount };
      const take = (pays: AssetId, gets: AssetId, amount: Units | 'received'): Action => {
        return { do: 'liquidate', protocol, position, debt: pays, collateral: gets, amount };
      };
      const actions = up
        ? [pass(debt, collateral, spent), take(collateral, debt, 'received')]
        : [take(debt, collateral, spent), pass(collateral, debt, 'received')];
      return { actions, tip };
    }
  },
});
