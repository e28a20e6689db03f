/**
 * What it is
 * The other side of those who write options: somebody who buys them, once for protection or again and again for reasons of his own. What he
 * pays is gone whatever happens; more than that he cannot lose.
 *
 * How it decides
 * With a `rate` of 0 he buys once, at `openAt`: so many of one option, drawn from his list, that they cost `budget`. With a rate he does so
 * at random moments, `rate` times an hour on average, for a lognormal sum of median `budget`; and with probability `sellShare` he sells
 * what he holds of the option drawn instead. He deposits what a purchase costs in its own bundle, with a hundredth more for a price that
 * moves. Of an option that is worth next to nothing a budget buys any size; `notionalMax` bounds it.
 *
 * What to notice
 * He needs no margin and is never closed; whoever sold to him does and may be, and if he cannot pay, the option is worth what the house
 * has.
 *
 * What to try
 * A crowd that buys puts before a fall, against a house with little capital: what do they get of what they bought?
 *
 * Sources
 * Demand for protection that sellers must be paid for: N. Gârleanu, L. H. Pedersen, A. M. Poteshman, "Demand-based option pricing", Review
 * of Financial Studies 22 (2009) 4259-4299.
 */
import type { Action, Agent, Units, Usd, View } from '../src/agent/index.ts';
import { defineAgent, exp, isRejection } from '../src/agent/index.ts';

const HOUR_MS = 3_600_000;
/** What a purchase may cost more than it was quoted at. */
const SLACK = 1.01;

export default defineAgent({
  name: 'option-buyer',
  role: 'trader',
  summary: 'Buys options, once for protection or at random moments.',
  sources: ['N. Gârleanu, L. H. Pedersen, A. M. Poteshman, Review of Financial Studies 22 (2009) 4259-4299'],
  params: {
    protocol: { kind: 'protocol', doc: 'where it buys' },
    contracts: { kind: 'contracts', doc: 'the options that it draws from' },
    budget: { kind: 'number', unit: 'usd', range: [0, 1e12], default: 1000, doc: 'what a purchase costs, the median where it is drawn' },
    budgetSigma: { kind: 'number', unit: 'log', range: [0, 5], default: 1, doc: 'standard deviation of its logarithm, at random moments' },
    notionalMax: {
      kind: 'number',
      unit: 'usd',
      range: [0, 1e15],
      optional: true,
      doc: 'most notional that it buys at once, at the oracle price of the underlying; any size that the budget buys if left out',
    },
    rate: { kind: 'number', unit: '1/hour', range: [0, 100_000], default: 0, doc: 'purchases an hour, on average; 0: one at openAt' },
    sellShare: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0, doc: 'chance that it sells what it holds instead' },
    openAt: { kind: 'duration', range: [0, 31_536_000_000], default: 0, doc: 'when it begins' },
  },
  create({ protocol, contracts, budget, budgetSigma, notionalMax = Number.POSITIVE_INFINITY, rate, sellShare, openAt }, self): Agent {
    const { random } = self;
    let begun = false;

    return {
      onWake(view) {
        if (!begun) {
          begun = true;
          if (rate > 0 || view.at < openAt) return { wakeAt: Math.max(openAt, view.at) + (rate > 0 ? wait() : 0) };
        }
        const actions = decide(view);
        const intents = actions === undefined ? [] : [{ actions }];
        return rate > 0 ? { intents, wakeAt: view.at + wait() } : { intents };
      },
    };

    function wait(): number {
      return Math.max(1, Math.round((random.exponential() * HOUR_MS) / rate));
    }

    /** Draws as many numbers whatever it sees, so that two worlds are compared on the same crowd. */
    function decide(view: View): Action[] | undefined {
      const contract = contracts[random.integer(contracts.length)];
      const sells = random.uniform() < sellShare;
      const usd = rate > 0 ? budget * exp(budgetSigma * random.normal()) : budget;
      const seen = view.protocol(protocol);
      const held = seen.sizeOf(seen.positionOf(self.account), contract);
      if (sells && held > 0) return [{ do: 'trade-contract', protocol, contract, size: 'close' }];
      return buy(view, contract, usd);
    }

    function buy(view: View, contract: number, usd: Usd): Action[] | undefined {
      const { quoteContract, markets, settle, contracts: all, contractMark, oracleUsd } = view.protocol(protocol);
      const { asset } = markets[settle];
      const { market } = all[contract];
      const most = (notionalMax * markets[market].scale) / oracleUsd(market, view.at);
      const size: Units = Math.floor(Math.min(usd / contractMark(contract), most));
      const quote = size >= 1 && Number.isSafeInteger(size) ? quoteContract(contract, size) : undefined;
      if (quote === undefined || isRejection(quote)) return undefined;
      const amount = Math.min(Math.ceil((quote.paid + quote.fee) * SLACK), view.wallet(asset));
      if (!(amount > 0)) return undefined;
      return [
        { do: 'deposit', protocol, asset, amount },
        { do: 'trade-contract', protocol, contract, size },
      ];
    }
  },
});
