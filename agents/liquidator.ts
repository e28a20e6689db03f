/**
 * What it is
 * The keeper: it repays the debt of positions that the protocol has given up, takes their collateral at a bonus, and sells it; where the
 * protocol auctions them, it begins the auctions, takes lots and bids. A protocol is as safe as this is profitable; when the sale costs
 * more than the bonus, nobody comes.
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
 * Lots are taken likewise, when their price pays. What has to be started it starts if the reward pays the gas, but for `startCost`. For a
 * lot it bids, with its own money, up to what selling it now would bring less gas and `profitMin`, and asks for as much less of it where
 * bids compete in that; for a right up to what the take would earn. It bids the least that is valid, or goes part of the way to its
 * valuation at once (`jump`). What it has won it sells.
 *
 * What to notice
 * It reckons with its own takes of the same look, not with those of its rivals: who comes second meets the first one's slippage, fails by
 * `require`, and has paid the gas. Alone in an auction it wins for nothing.
 *
 * What to try
 * Thin the pool until liquidations stop, then raise the bonus: where does more bonus stop helping because it eats the position's equity?
 *
 * Sources
 * K. Qin et al., "An empirical study of DeFi liquidations", arXiv 2106.06389 (fixed-spread liquidations and what they earn, and auctions).
 */
import type { Action, Agent, AssetId, Intent, Ms, ProtocolView, Reply, Units, Usd, View } from '../src/agent/index.ts';
import { defineAgent, isRejection } from '../src/agent/index.ts';

/** Blocks that it waits for word of a take before it takes it for lost. */
const PATIENCE = 3;
/** The same for its own latency, whose longest draws are some times the usual one. */
const LATENCIES = 3;
/** Longest pause after refusals, in doublings: 64 blocks. */
const PAUSE_DOUBLINGS = 6;

type Auction = ReturnType<ProtocolView['auctions']>[number];

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
  summary: 'Takes liquidatable positions, or bids for them, when selling their collateral pays for debt, fees and gas.',
  sources: ['arXiv 2106.06389'],
  params: {
    protocol: { kind: 'protocol', doc: 'whose positions it watches' },
    venue: { kind: 'venue', optional: true, doc: 'where it sells collateral; the best venue that trades the pair if left out' },
    keep: { kind: 'flag', default: false, doc: 'with inventory: keeps the collateral, valued at the outside price' },
    funding: { kind: 'choice', options: ['inventory', 'flash'], default: 'inventory', doc: 'repays with its own money, or a flash loan' },
    profitMin: { kind: 'number', unit: 'usd', range: [0, 1e9], default: 1, doc: 'least expected profit of a take after gas' },
    most: { kind: 'integer', unit: 'take', range: [1, 10_000], default: 10, doc: 'most takes that it sends at a time' },
    halvings: { kind: 'integer', unit: 'halving', range: [0, 20], default: 6, doc: 'how often it halves a take to find a size that pays' },
    startCost: {
      kind: 'number',
      unit: 'usd',
      range: [0, 1e9],
      default: 0,
      doc: 'most that beginning a liquidation may cost it beyond the reward, in the hope of buying',
    },
    jump: {
      kind: 'number',
      unit: 'ratio',
      range: [0, 1],
      default: 0,
      doc: 'part of the way from the least valid bid to its valuation that it goes at once; 0: the least bid',
    },
    tip: { kind: 'number', unit: 'unit/gas', range: [0, 1e6], default: 0, doc: 'tip that it always pays' },
    tipShare: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0, doc: 'part of the expected profit that it adds to the tip' },
  },
  create({ protocol, venue, keep, funding, profitMin, most, halvings, startCost, jump, tip, tipShare }, self): Agent {
    /** Positions to leave alone, and until when: a take is on its way, or was refused. */
    const resting = new Map<number, Ms>();
    const refusals = new Map<number, number>();
    /** What takes of this look have claimed of its wallet, by asset, and mean to sell of each collateral, by venue and then asset. */
    const claimed = new Map<AssetId, Units>();
    const promised: Units[][] = [];
    /** USD, of a bundle without and with a sale; as of this look. */
    const gas = [0, 0];
    /** What it had of each collateral when it first bid for it, and for which asset it sells what is more; and until when one is sold. */
    const kept = new Map<AssetId, { readonly units: Units; readonly debt: AssetId }>();
    const selling = new Map<AssetId, Ms>();

    const look = (view: View): Reply | undefined => {
      const book = view.protocol(protocol);
      const liquidatable = book.liquidatable(view.at);
      const startable = book.startable(view.at);
      const auctions = book.auctions(view.at);
      if (liquidatable.length + startable.length + auctions.length + kept.size === 0) return undefined;
      claimed.clear();
      promised.length = 0;
      for (const sales of [0, 1]) gas[sales] = view.gasUsd(bundle({ ...NOTHING, sale: sales - 1 }));
      return { intents: [...sales(view), ...taking(view, liquidatable), ...starts(view, startable), ...bids(view, auctions)] };
    };

    const taking = (view: View, liquidatable: readonly number[]): readonly Intent[] => {
      const takes: Take[] = [];
      for (const position of liquidatable) {
        if (isResting(view, position)) continue;
        const take = bestTake(view, position);
        if (take !== undefined) takes.push(take);
      }
      takes.sort((a, b) => b.profit - a.profit || a.position - b.position);
      return takes.slice(0, most).flatMap((take) => send(view, take));
    };

    const isResting = (view: View, position: number): boolean => view.at < (resting.get(position) ?? -1);
    const patience = (view: View): Ms => view.nextBlockAt + LATENCIES * self.latency + PATIENCE * view.blockTime;

    /** Begins what pays for being begun. */
    const starts = (view: View, startable: readonly number[]): readonly Intent[] => {
      const intents: Intent[] = [];
      for (const position of startable) {
        if (intents.length === most) break;
        if (isResting(view, position)) continue;
        const quoted = view.protocol(protocol).quoteStart(position, self.account, view.at);
        const intent: Intent = { actions: [{ do: 'start-liquidation', protocol, position }], tip };
        if (isRejection(quoted) || quoted.rewardUsd + startCost < view.gasUsd(intent)) continue;
        const until = patience(view);
        resting.set(position, until + 1);
        intents.push({ ...intent, until });
      }
      return intents;
    };

    /** Bids where it does not lead; what it would have to sell of the lots it leads is reckoned with first. */
    const bids = (view: View, auctions: readonly Auction[]): readonly Intent[] => {
      const { markets, collateralOf } = view.protocol(protocol);
      const intents: Intent[] = [];
      for (const { position, bidder, debtMarket, collateralMarket } of auctions) {
        if (bidder !== self.account) continue;
        const { asset } = markets[collateralMarket];
        const units = collateralOf(position, asset);
        promise(worthOf(view, markets[debtMarket].asset, asset, units)?.sale ?? -1, asset, units);
      }
      for (const auction of auctions) {
        if (intents.length === most) break;
        if (auction.bidder === self.account || isResting(view, auction.position)) continue;
        const intent = auction.right === undefined ? bidForLot(view, auction) : bidForRight(view, auction, auction.right);
        if (intent !== undefined) intents.push(intent);
      }
      return intents;
    };

    /** Sells what it has won, on the venue that pays best. */
    const sales = (view: View): readonly Intent[] => {
      const intents: Intent[] = [];
      for (const [collateral, { units, debt }] of kept) {
        const amount = view.wallet(collateral) - units;
        if (!(amount > 0) || keep || view.at < (selling.get(collateral) ?? -1)) continue;
        const sale = worthOf(view, debt, collateral, amount)?.sale ?? -1;
        if (sale < 0) continue;
        promise(sale, collateral, amount);
        const until = patience(view);
        selling.set(collateral, until + 1);
        intents.push({ actions: [{ do: 'swap', venue: sale, sell: collateral, amount }], tip, until });
      }
      return intents;
    };

    return {
      onBlock: look,
      // At the end of a block its own call follows, and knows more: what became of the last takes.
      onOracle: (view) => (view.at === view.nextBlockAt - view.blockTime ? undefined : look(view)),
      onFill(view, { intent, refusal }) {
        const [action] = intent.actions;
        if (action?.do === 'swap') selling.delete(action.sell);
        if (!('position' in action) || typeof action.position !== 'number') return undefined;
        const count = refusal === undefined ? 0 : (refusals.get(action.position) ?? 0) + 1;
        refusals.set(action.position, count);
        resting.set(action.position, count === 0 ? view.at : view.at + view.blockTime * 2 ** Math.min(count - 1, PAUSE_DOUBLINGS));
        return undefined;
      },
    };

    /** The take with the largest profit over pairs and sizes, if it is large enough. */
    function bestTake(view: View, position: number): Take | undefined {
      const { markets, debtOf, collateralOf } = view.protocol(protocol);
      // A lot may have a penalty to raise when its debt is paid.
      const owes = markets.some(({ asset }) => debtOf(position, asset) > 0);
      let best: Take | undefined;
      for (const { asset: debt } of markets) {
        if (owes && debtOf(position, debt) <= 0) continue;
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
      const whole = view.protocol(protocol).quoteLiquidation(position, debt, collateral, view.at, self.account);
      if (isRejection(whole)) return undefined;
      const best = bestPart(view, position, debt, collateral, whole);
      return best !== undefined && best.profit > profitMin ? best : undefined;
    }

    function bestPart(view: View, position: number, debt: AssetId, collateral: AssetId, whole: { repay: Units; seize: Units }) {
      let repay = Math.min(whole.repay, funds(view, debt));
      let best: Take | undefined;
      for (let halving = 0; halving <= halvings && repay > 0; halving++) {
        const seize = Math.floor(whole.seize * (repay / whole.repay));
        const take = reckon(view, position, debt, collateral, repay, seize);
        if (best !== undefined && (take === undefined || take.profit <= best.profit)) break;
        best = take;
        repay = Math.floor(repay / 2);
      }
      return best;
    }

    /** What it can repay with. */
    function funds(view: View, debt: AssetId): Units {
      return funding === 'flash' ? view.flashAvailable(debt) : purse(view, debt);
    }

    /** Fee of borrowing the repayment, USD. */
    function flashFeeUsd(view: View, debt: AssetId, repay: Units): Usd {
      return funding === 'flash' ? view.usd(debt, Math.ceil(repay * view.flashFee)) : 0;
    }

    /** Undefined: no venue would buy what is seized. */
    function reckon(view: View, position: number, debt: AssetId, collateral: AssetId, repay: Units, seize: Units): Take | undefined {
      if (seize <= 0) return undefined;
      const cost = view.usd(debt, repay) + flashFeeUsd(view, debt, repay);
      const worth = worthOf(view, debt, collateral, seize);
      if (worth === undefined) return undefined;
      const { usd, sale } = worth;
      return { position, debt, collateral, repay, seize, sale, profit: usd - cost - gas[sale < 0 ? 0 : 1] };
    }

    /** What so much collateral is worth to it, and where it is sold; undefined where no venue would buy it. */
    function worthOf(view: View, debt: AssetId, collateral: AssetId, seize: Units): { usd: Usd; sale: number } | undefined {
      // A flash loan is repaid at the end of the bundle: nothing can be kept then.
      if (debt === collateral || (keep && funding === 'inventory')) return { usd: view.usd(collateral, seize), sale: -1 };
      let bought = 0;
      let sale = -1;
      for (let id = venue ?? 0; id <= (venue ?? view.venues - 1); id++) {
        const brings = proceeds(view, id, debt, collateral, seize);
        if (brings <= bought) continue;
        bought = brings;
        sale = id;
      }
      return sale < 0 ? undefined : { usd: view.usd(debt, bought), sale };
    }

    /** Notes what it means to sell. */
    function promise(sale: number, collateral: AssetId, units: Units): void {
      if (sale < 0) return;
      promised[sale] ??= [];
      promised[sale][collateral] = (promised[sale][collateral] ?? 0) + units;
    }

    /** Its own money: a bid cannot be paid with a flash loan. */
    function purse(view: View, debt: AssetId): Units {
      const spare = debt === view.gasAsset ? 2 * view.gasUnits(bundle(NOTHING)) : 0;
      return Math.max(0, view.wallet(debt) - (claimed.get(debt) ?? 0) - spare);
    }

    function bidOf(view: View, position: number, debt: AssetId, amount: Units, lot: Units): Intent {
      claimed.set(debt, (claimed.get(debt) ?? 0) + amount);
      const until = patience(view);
      resting.set(position, until + 1);
      return { actions: [{ do: 'bid', protocol, position, amount, lot }], tip, until };
    }

    /** Money up to what the lot would bring, as far as the lot asks for it; then less of the lot. */
    function bidForLot(view: View, { position, debtMarket, collateralMarket, amountMin, lotMax, tab }: Auction): Intent | undefined {
      const { markets, collateralOf } = view.protocol(protocol);
      const debt = markets[debtMarket].asset;
      const collateral = markets[collateralMarket].asset;
      const worth = worthOf(view, debt, collateral, lotMax);
      if (worth === undefined) return undefined;
      const costs = 2 * gas[0] + profitMin;
      const valuation = Math.min(tab, view.unitsFor(debt, Math.max(0, worth.usd - costs)), purse(view, debt));
      if (amountMin > valuation) return undefined;
      if (!kept.has(collateral)) kept.set(collateral, { units: view.wallet(collateral), debt });
      promise(worth.sale, collateral, lotMax);
      const isFalling = lotMax < collateralOf(position, collateral);
      // Value rises less than in proportion to the lot, so this part of it is worth the tab at least.
      const enough = lotMax * Math.min(1, (view.usd(debt, tab) + costs) / worth.usd);
      const lot = isFalling ? Math.ceil(lotMax - jump * (lotMax - enough)) : lotMax;
      return bidOf(view, position, debt, isFalling ? tab : Math.floor(amountMin + jump * (valuation - amountMin)), lot);
    }

    /** Up to what the take would earn. */
    function bidForRight(view: View, { position, debtMarket, collateralMarket, amountMin }: Auction, right: NonNullable<Auction['right']>) {
      const { markets } = view.protocol(protocol);
      const debt = markets[debtMarket].asset;
      const take = bestPart(view, position, debt, markets[collateralMarket].asset, right);
      if (take === undefined) return undefined;
      const own = funding === 'inventory' ? take.repay : 0;
      const valuation = Math.min(view.unitsFor(debt, Math.max(0, take.profit - profitMin - gas[0])), purse(view, debt) - own);
      if (amountMin > valuation) return undefined;
      return bidOf(view, position, debt, Math.floor(amountMin + jump * (valuation - amountMin)), 0);
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
      promise(sale, collateral, seize);
      const plain = bundle(take);
      const bid: Intent = { ...plain, tip: tip + tipFor(view, plain, profit * tipShare) };
      const least = view.gasUsd(bid) + profitMin;
      const cost = view.usd(debt, repay) + flashFeeUsd(view, debt, repay);
      const required =
        sale < 0 && collateral !== debt
          ? { asset: collateral, gainMin: view.unitsFor(collateral, cost + least) }
          : { asset: debt, gainMin: view.unitsFor(debt, least) };
      const until = patience(view);
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
