/**
 * What it is
 * Somebody who trades a perpetual against its premium: short where longs pay too much, long where shorts do, the price itself hedged
 * outside. He is what ties a perpetual to its index; how much money he has, and what his trades cost, decide how far it strays.
 *
 * How it decides
 * Let π(k) be the premium of the perpetual over the outside price at a skew k of all traders, and f(k) the part of the index that funding
 * would take from longs over `hold`, the time he reckons to stay. With a fee φ on the way in and out, and twice the outside spread if he
 * hedges, one more unit of size against the skew earns
 *
 *   edge(k) = |π(k) + f(k)| − 2φ − 2·spread − profitMin
 *
 * and he trades up to the skew at which that is nothing, as far as his `leverage` allows. In a position he stays while he is paid: when the
 * premium has changed its side he trades back, just as far as to the skew without one.
 *
 * What to notice
 * He narrows the premium to what his trades cost, and funding with it: with a fee of 5 basis points and a spread of 10, nothing below 30.
 *
 * What to try
 * Give him less money, or a higher `profitMin`, and see how far a crowd of longs moves the mark, and how much earlier each is closed.
 *
 * Sources
 * Arbitrage bounds of perpetuals: S. He, A. Manela, O. Ross, V. von Wachter, "Fundamentals of perpetual futures", arXiv 2212.06888.
 */
import type { Action, Agent, Intent, Ms, Reply, Units, Usd, View } from '../src/agent/index.ts';
import { defineAgent } from '../src/agent/index.ts';

/** Halvings of the search for the skew at which nothing more is to be had: a part in 10^12 of it. */
const HALVINGS = 40;
/** Blocks that he waits for word of a trade. */
const PATIENCE = 3;
/** Trades worth less are not made, USD. */
const SMALLEST: Usd = 1;

export default defineAgent({
  name: 'basis-trader',
  role: 'arbitrageur',
  summary: 'Trades a perpetual against its premium when premium and funding pay more than fees, hedged outside.',
  sources: ['arXiv 2212.06888'],
  params: {
    protocol: { kind: 'protocol', doc: 'where it trades' },
    contract: { kind: 'contract', doc: 'the perpetual' },
    share: {
      kind: 'number',
      unit: 'ratio',
      range: [0, 1],
      default: 0.5,
      doc: 'part of its wallet of the settlement asset that it deposits',
    },
    leverage: { kind: 'number', unit: 'ratio', range: [0, 1000], default: 2, doc: 'largest notional per equity' },
    hold: { kind: 'duration', range: [0, 31_536_000_000], default: 28_800_000, doc: 'how long it reckons to receive funding' },
    hedge: { kind: 'flag', default: true, doc: 'holds the underlying against its size, bought and sold outside in the same bundle' },
    profitMin: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0, doc: 'least part of the notional to be earned beyond costs' },
    every: { kind: 'duration', range: [1, 31_536_000_000], optional: true, doc: 'how often it looks; after every block if left out' },
  },
  create({ protocol, contract, share, leverage, hold, hedge, profitMin, every }, self): Agent {
    let deposited = false;
    let pending: Intent | undefined;
    let waitsUntil: Ms = 0;

    const act = (view: View): Reply | undefined => {
      if (pending !== undefined && view.at < waitsUntil) return undefined;
      const actions = deposited ? trade(view) : deposit(view);
      if (actions === undefined) return undefined;
      pending = { actions };
      waitsUntil = view.at + PATIENCE * view.blockTime + 3 * self.latency;
      return { intents: [pending] };
    };

    return {
      ...(every === undefined ? { onBlock: act } : { onWake: (view: View): Reply => ({ ...act(view), wakeAt: view.at + every }) }),
      onFill(_view, { intent, refusal }) {
        if (intent !== pending) return undefined;
        pending = undefined;
        deposited ||= refusal === undefined;
        return undefined;
      },
    };

    function deposit(view: View): Action[] | undefined {
      const { markets, settle } = view.protocol(protocol);
      const asset = markets[settle]?.asset ?? -1;
      const amount = asset < 0 ? 0 : Math.floor(view.wallet(asset) * share);
      return amount > 0 ? [{ do: 'deposit', protocol, asset, amount }] : undefined;
    }

    function trade(view: View): Action[] | undefined {
      const seen = view.protocol(protocol);
      const terms = seen.contracts[contract];
      const { asset, scale } = seen.markets[terms.market];
      const index = seen.oracleUsd(terms.market, view.at) / scale;
      const fair = view.fair(asset) / scale;
      const position = seen.positionOf(self.account);
      const held = seen.sizeOf(position, contract);
      const skew = seen.skewOf(contract);
      const { longs, shorts } = seen.openInterest(contract);
      if (!(index > 0 && fair > 0)) return undefined;

      const premium = (at: Units) => terms.value({ at: view.at, index, skew: at, longs, shorts }) / fair - 1;
      const earned = (at: Units) => premium(at) + terms.funding({ at: view.at, index, skew: at, longs, shorts }, hold) / fair;
      const costs = 2 * terms.fee + (hedge ? 2 * view.outsideSpread : 0) + profitMin;
      const side = earned(skew) > 0 ? -1 : 1;
      // Who is paid stays; who is on the wrong side of the premium goes, and nothing is asked of that but that it brings him out.
      if (held * side < 0) {
        if (premium(skew) * held <= 0) return undefined;
        return order(
          view,
          zeroOf((size) => premium(skew + size), -held),
          fair,
          asset,
        );
      }
      const { equity } = seen.health(position, view.at);
      const most = Math.floor(Math.max(0, (leverage * equity) / fair - Math.abs(held)));
      const edge = (size: Units) => Math.abs(earned(skew + size)) - costs;
      if (!(most > 0 && edge(0) > 0)) return undefined;
      return order(
        view,
        zeroOf((size) => (earned(skew + size) * -side <= 0 ? -1 : edge(size)), side * most),
        fair,
        asset,
      );
    }

    /** The size between 0 and `limit` up to which `worth` keeps the sign that it has at 0. */
    function zeroOf(worth: (size: Units) => number, limit: Units): Units {
      const sign = Math.sign(worth(0));
      if (Math.sign(worth(limit)) === sign) return limit;
      let [low, high] = [0, limit];
      for (let i = 0; i < HALVINGS; i++) {
        const middle = (low + high) / 2;
        if (Math.sign(worth(middle)) === sign) low = middle;
        else high = middle;
      }
      return Math.trunc(low);
    }

    /** The trade, and the opposite outside; of the underlying it sells no more than it has. */
    function order(view: View, size: Units, price: Usd, asset: number): Action[] | undefined {
      if (!(Math.abs(size) * price >= SMALLEST)) return undefined;
      const { markets, settle } = view.protocol(protocol);
      const cash = markets[settle].asset;
      if (!hedge) return [{ do: 'trade-contract', protocol, contract, size }];
      // A size that is sold is bought outside, and the other way round.
      const spent = Math.min(view.unitsFor(cash, (-size * price) / (1 - view.outsideSpread)), view.wallet(cash));
      const sold = Math.min(size, view.wallet(asset));
      const amount = size < 0 ? spent : sold;
      const traded = size < 0 ? -Math.floor((view.usd(cash, amount) * (1 - view.outsideSpread)) / price) : amount;
      if (!(amount > 0 && Math.abs(traded) * price >= SMALLEST)) return undefined;
      const [sell, buy] = size < 0 ? [cash, asset] : [asset, cash];
      return [
        { do: 'trade-contract', protocol, contract, size: traded },
        { do: 'outside-trade', sell, buy, amount },
      ];
    }
  },
});
