/**
 * Agents that do anything: every verb, amounts in units and in words, sensible and absurd, in bundles of one to three actions. They draw
 * from their own streams, so that a scenario and a seed still fix the run.
 */

import { ACTIONS } from '../../src/agent/action.ts';
import type { Action, Agent, Amount, Intent, Self, View } from '../../src/agent/index.ts';
import type { Registry } from '../../src/agent/registry.ts';
import { withAgents } from './small-world.ts';

const VERBS = Object.keys(ACTIONS) as Action['do'][];
const WORDS = ['all', 'received', 'max'] as const;
/** How many bundles a sender sends when it wakes, and how often: ms. */
const BUNDLES = 4;
const EVERY = 12_000;

/** `sender` does anything; `failing` ends each bundle with an action that cannot be; `idle` does nothing. */
export const senders: Registry = withAgents({
  sender: (self) => randomSender(self, false),
  failing: (self) => randomSender(self, true),
  idle: () => ({}),
});

function randomSender(self: Self, failing: boolean): Agent {
  const { random } = self;
  const one = <T>(list: readonly T[]): T => list[random.integer(list.length)];
  const asset = () => random.integer(3);
  /** Mostly the account that everybody has; sometimes another, or none. */
  const at = () => (random.uniform() < 0.9 ? {} : { sub: one([1, 1, 1, 2, -1, 1_000]) });

  /** Mostly a part of the wallet; sometimes more than there is, nothing, or a word. */
  const amount = (view: View, of: number): Amount => {
    const kind = random.uniform();
    if (kind < 0.25) return one(WORDS);
    if (kind < 0.3) return one([0, -1, 1.5, Number.NaN, 1, 2 ** 53]);
    return Math.floor(view.wallet(of) * random.uniform() * (kind < 0.35 ? 3 : 0.5));
  };

  /** A deposit of cash, or a size worth up to some times of it, so that some come near their requirement. */
  const contractAction = (view: View): Action => {
    const protocol = view.protocol(0);
    const cash = protocol.quoteOf(protocol.positionOf(self.account));
    if (cash < 1e6) return { do: 'deposit', protocol: 0, asset: 0, amount: Math.floor(view.wallet(0) * random.uniform() * 0.5) };
    const size = Math.floor(cash * (random.uniform() - 0.5) * 3);
    return { do: 'trade-contract', protocol: 0, contract: random.integer(3), size, ...at() };
  };

  const action = (view: View): Action => {
    const [due] = view.protocol(0).liquidatable(view.at);
    const [closable] = view.protocol(0).startable(view.at);
    if (closable !== undefined && random.uniform() < 0.5) return { do: 'start-liquidation', protocol: 0, position: closable };
    // Whoever is due is taken quickly, as in life; else there would be few to tell of.
    if (due !== undefined && random.uniform() < 0.5) {
      return {
        do: 'liquidate',
        protocol: 0,
        position: due,
        debt: 0,
        collateral: 1,
        amount: random.uniform() < 0.7 ? 'max' : amount(view, 0),
      };
    }
    const { contracts } = view.protocol(0);
    if (contracts.length > 0 && random.uniform() < 0.3) return contractAction(view);
    const verb = one(VERBS);
    const sell = random.integer(2);
    switch (verb) {
      case 'swap':
        return { do: verb, venue: 0, sell, amount: amount(view, sell) };
      case 'outside-trade':
        return { do: verb, sell, buy: asset(), amount: amount(view, sell) };
      case 'place-order': {
        const sell = random.integer(2);
        const price = view.venue(0).price() * (0.8 + 0.4 * random.uniform());
        return {
          do: verb,
          venue: random.integer(2),
          sell,
          amount: amount(view, sell),
          price,
          kind: one(['limit', 'ioc', 'post-only'] as const),
        };
      }
      case 'cancel-order':
        return { do: verb, venue: random.integer(2), order: random.uniform() < 0.5 ? 'all' : random.integer(100) };
      case 'add-range': {
        const price = view.venue(0).price();
        const [low, high] = [price * (0.5 + 0.7 * random.uniform()), price * (0.8 + 0.7 * random.uniform())];
        return { do: verb, venue: random.integer(2), base: amount(view, 1), quote: amount(view, 0), low, high };
      }
      case 'remove-range':
        return { do: verb, venue: random.integer(2), range: random.uniform() < 0.5 ? 'all' : random.integer(10) };
      case 'add-liquidity':
        return { do: verb, venue: 0, base: amount(view, 1), quote: amount(view, 0) };
      case 'remove-liquidity':
        return { do: verb, venue: 0, amount: random.uniform() < 0.5 ? one(WORDS) : Math.floor(view.venue(0).sharesOf(self.account) / 2) };
      case 'start-liquidation':
        return { do: verb, protocol: 0, position: random.integer(6) };
      case 'bid':
        return { do: verb, protocol: 0, position: random.integer(6), amount: amount(view, 0), lot: amount(view, 1) };
      case 'trade-contract':
        return { do: verb, protocol: 0, contract: random.integer(4), size: one(['close', 0, 0.5, 1e6, -3e6] as const), ...at() };
      case 'provide':
      case 'unprovide':
        return { do: verb, protocol: 0, asset: random.uniform() < 0.9 ? 0 : asset(), amount: amount(view, 0) };
      case 'liquidate':
        return { do: verb, protocol: 0, position: random.integer(6), debt: asset(), collateral: asset(), amount: amount(view, 0) };
      case 'margin-trade':
        return { do: verb, protocol: 0, venue: 0, sell: 0, margin: amount(view, 0), borrowed: amount(view, 0) };
      default: {
        // Collateral that counts, and money that can be borrowed, most of the time.
        const usual = verb === 'deposit' || verb === 'withdraw' ? 1 : 0;
        const which = random.uniform() < 0.8 ? usual : random.uniform() < 0.5 ? 0 : asset();
        const units = verb === 'borrow' && random.uniform() < 0.5 ? 'max' : amount(view, which);
        return { do: verb, protocol: 0, asset: which, amount: units, ...at() };
      }
    }
  };

  const intent = (view: View): Intent => {
    const actions = Array.from({ length: random.uniform() < 0.6 ? 1 : 2 + random.integer(2) }, () => action(view));
    if (failing) actions.push({ do: 'swap', venue: 99, sell: 0, amount: 1 });
    const kind = random.uniform();
    return {
      actions,
      tip: random.integer(3),
      ...(kind < 0.1 && { flash: [{ asset: random.integer(2), amount: kind < 0.05 ? 'max' : 1 + random.integer(1e6) }] as const }),
      ...(kind > 0.9 && { require: { asset: asset(), gainMin: random.integer(1e6) - 5e5 } }),
      ...(kind > 0.8 && { until: view.at + random.integer(50_000) }),
    };
  };

  return {
    onWake: (view) => ({ intents: Array.from({ length: BUNDLES }, () => intent(view)), wakeAt: view.at + 1 + random.integer(2 * EVERY) }),
    onHealth: (view) => ({ intents: [{ actions: [{ do: 'repay', protocol: 0, asset: 0, amount: 'max' }] }], wakeAt: view.at + 1 }),
    onFill: (view) => void view.watchHealth(0, random.uniform() * 2),
  };
}
