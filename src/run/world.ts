/**
 * A world: the parts of a scenario wired to the kernel. Prices tick, intents arrive, blocks execute bundles, oracles observe and publish,
 * agents wake. Who goes first at one instant is `kernel/priority.ts`. Nothing here decides what a trade, a liquidation or an attack does.
 */
import { ACTIONS, type Action, type Verb } from '../agent/action.ts';
import type { Registry } from '../agent/registry.ts';
import type { Rejection } from '../base/rejection.ts';
import type { AssetId, Ms, Price, Units, UsdPrice } from '../base/units.ts';
import { createChain } from '../chain/block-chain.ts';
import type { Chain } from '../chain/chain.ts';
import { createKernel, type Kernel, type Stop } from '../kernel/kernel.ts';
import { PRIORITY } from '../kernel/priority.ts';
import { Flow } from '../market/flow.ts';
import type { Venue } from '../market/venue.ts';
import type { EventKind, Recorder, TraceLevel } from '../record/recorder.ts';
import { buildParts, type Parts } from '../scenario/build.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Crowd, createCrowd } from './crowd.ts';
import { createDispatch } from './dispatch.ts';
import { createFacts } from './facts.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createProbes } from './probes.ts';
import { createPublisher } from './publisher.ts';
import { issuersFirst } from './receipts.ts';
import { createWindow } from './view.ts';
import { type ArrivingBundle, BLOCK, PRICE, SAMPLE, type WorldEvent } from './world-event.ts';

export interface World {
  readonly kernel: Kernel<WorldEvent>;
  readonly parts: Parts;
  readonly chain: Chain<Action>;
  /** Fair prices by asset, USD per token. */
  readonly fair: Float64Array;
  readonly metrics: Metrics;
  readonly crowd: Crowd;
  /** Refusal codes in the order of first use; facts speak of them by number. */
  readonly refusals: readonly string[];
  /** Values shares of pools and receipts by what their pools and protocols are worth now. */
  priceReceipts(): void;
  /** Runs to the horizon. */
  run(): Stop;
}

export interface WorldOptions {
  readonly seed: number;
  readonly trace: TraceLevel;
  readonly recorder: Recorder;
  /** Called every `checkEvery` kernel events, never if 0. Throws on a broken law. */
  readonly checkEvery: number;
  check(world: World): void;
  /** Hears of each fact at its moment, before it is known whether its bundle holds. */
  heard?(kind: EventKind, actor: number, subject: number): void;
}

/** Gas by verb. */
const GAS = Object.fromEntries(Object.entries(ACTIONS).map(([verb, { gas }]) => [verb, gas])) as Readonly<Record<Verb, number>>;

export function createWorld(scenario: Scenario, registry: Registry, options: WorldOptions): World {
  const { seed, trace, recorder, checkEvery } = options;
  const { horizon, sample: sampleEvery } = scenario;
  const { step, outside } = scenario.world;
  const fair = new Float64Array(Object.keys(scenario.world.assets).length);
  const refusals: string[] = [];
  let untilCheck = checkEvery;

  const kernel: Kernel<WorldEvent> = createKernel((event, at) => {
    handle(event, at);
    if (checkEvery > 0 && --untilCheck === 0) {
      untilCheck = checkEvery;
      options.check(world);
    }
  });
  const facts = createFacts(kernel, { event: tell });
  const { heard } = options;
  const report: typeof facts.report = (kind, actor, subject, a, b, c, d) => {
    heard?.(kind, actor, subject);
    return facts.report(kind, actor, subject, a, b, c, d);
  };
  const parts = buildParts(scenario, registry, seed, {
    fair: (asset) => fair[asset],
    now: () => kernel.now,
    flow: (venue) => flows[venue],
    report,
  });
  const { ledger, prices, venues, oracles, oracleOrder, protocols, agents } = parts;
  for (const [asset, price] of prices.entries()) fair[asset] = price.start;

  const receiptAssets = new Set(protocols.flatMap(({ receipts }) => receipts.map(({ asset }) => asset)));
  const sharePools = venues.filter(({ shareAsset }) => shareAsset !== undefined);
  for (const { shareAsset = -1 } of sharePools) receiptAssets.add(shareAsset);
  /** A receipt is worth what its protocol would pay for it, a share its part of the pool: no process knows that. */
  const inOrder = issuersFirst(protocols);
  const value = (receipt: AssetId, usd: UsdPrice) => {
    fair[receipt] = usd;
  };
  function priceReceipts(): void {
    for (const pool of sharePools) fair[pool.shareAsset as AssetId] = shareUsd(pool);
    for (const protocol of inOrder) protocol.receiptsUsd(value);
  }

  /** USD per token of a pool's share: its part of the reserves, at fair prices. */
  function shareUsd({ account, baseAsset, quoteAsset, shareAsset = -1, shares }: Venue): UsdPrice {
    const { scale } = ledger.assets;
    const usd = (asset: AssetId) => (ledger.balance(account, asset) / scale[asset]) * fair[asset];
    const tokens = shares() / scale[shareAsset];
    return tokens > 0 ? (usd(baseAsset) + usd(quoteAsset)) / tokens : 0;
  }

  priceReceipts();

  const gasAsset = parts.chain.gasAsset ?? -1;
  const onFailure = (protocol: number, solvency: number, hop: number) => {
    kernel.setCause(0);
    facts.report('failure', protocols[protocol].custody, protocol, solvency, hop, 0, 0);
  };
  const { probes } = scenario;
  const returns = probes.includes('returns');
  const watched = { ledger, venues, oracles, believed: parts.believed, protocols, agents, fair, gasAsset };
  const metrics = createMetrics({ ...watched, returns, onFailure });
  const flows = venues.map(() => new Flow({ ...scenario.world.flow, blockTime: parts.chain.blockTime }));
  const probe = createProbes({ ledger, venues, flows, oracles, fair, metrics, recorder, probes, every: sampleEvery });
  const dispatch = createDispatch({ ledger, venues, protocols, fair, outsideSpread: outside.spread, facts, now: () => kernel.now });
  const chain = createChain<Action>(parts.chain, ledger, {
    // The commonest action first, by name: a look-up by verb is a hundredth of a market's run.
    gasOf: (action) => (action.do === 'swap' ? GAS.swap : GAS[action.do]),
    // The law of venues (VENUE-3).
    refusesFirst: (action) => action.do === 'swap',
    begin(bundle) {
      kernel.setCause(bundle.cause);
      dispatch.begin();
      // A lone action tells of itself only once it is done, and nothing can undo it then.
      if (bundle.actions.length > 1 || bundle.require !== undefined || bundle.flash !== undefined) facts.hold();
    },
    lent(bundle, asset, units, fee) {
      facts.report('flash', bundle.actor, asset, units, fee, 0, 0);
    },
    execute(action, bundle) {
      const refusal = dispatch.execute(action, bundle.actor);
      if (refusal === undefined && action.do !== 'swap' && 'protocol' in action) metrics.decision(protocols[action.protocol], kernel.now);
      return refusal;
    },
    end: (bundle, refusal, gasPaid) => settle(bundle as ArrivingBundle, refusal, gasPaid),
  });
  const site = { ledger, venues, flows, oracles, protocols, chain, fair, gasAsset, horizon, now: () => kernel.now };
  const flash = { outsideSpread: outside.spread, flashFee: parts.chain.flash.fee, flashAccount: ledger.names.indexOf('flash-lender') };
  const crowd: Crowd = createCrowd(kernel, chain, agents, createWindow({ ...site, ...flash }));
  const publisher = createPublisher(kernel, { oracles, order: oracleOrder, fair, horizon, blockTime: chain.blockTime }, facts, () => crowd);

  /** Ten plain arguments: as one list they would be an array for every fact. */
  function tell(
    seq: number,
    at: Ms,
    cause: number,
    kind: EventKind,
    actor: number,
    subject: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void {
    if (kind === 'trade') hearTrade(subject, a, b, c);
    metrics.event(seq, at, cause, kind, actor, subject, a, b, c, d);
    if (trace !== 'none') recorder.event(seq, at, cause, kind, actor, subject, a, b, c, d);
    kernel.mix(a);
    kernel.mix(b);
  }

  /** As the venue sees it, in units: what came in is positive. */
  function hearTrade(venue: number, baseIn: Units, quoteIn: Units, before: Price): void {
    const { baseAsset, quoteAsset } = venues[venue];
    const { scale } = ledger.assets;
    flows[venue].trade(-baseIn / scale[baseAsset], Math.abs(quoteIn) / scale[quoteAsset], before);
  }

  function settle(bundle: ArrivingBundle, refusal: Rejection | undefined, gasPaid: Units): void {
    metrics.bundle(gasPaid, refusal !== undefined);
    if (refusal === undefined) {
      facts.release();
      // Where gas is free, what the bundle did says all there is to say of it.
      if (gasPaid > 0) facts.report('bundle', bundle.actor, bundle.tag, bundle.actions.length, gasPaid, 0, 0);
    } else {
      facts.drop();
      kernel.setCause(bundle.cause);
      facts.report('refusal', bundle.actor, bundle.tag, refusalCode(refusal.rejected), gasPaid, 0, 0);
    }
    crowd.settle(bundle, refusal, gasPaid);
  }

  function refusalCode(code: string): number {
    const known = refusals.indexOf(code);
    return known >= 0 ? known : refusals.push(code) - 1;
  }

  function handle(event: WorldEvent, at: Ms): void {
    if (typeof event === 'number') {
      wake(event, at);
      return;
    }
    switch (event.type) {
      case 'arrive':
        chain.submit(event, at);
        break;
      case 'block':
        block(at);
        break;
      case 'price':
        price(at);
        break;
      case 'oracle':
        publisher.publish(event.oracle, at);
        break;
      case 'sample':
        sample(at);
    }
  }

  function wake(agent: number, at: Ms): void {
    if (trace === 'full') recorder.event(kernel.current, at, kernel.origin, 'wake', agents[agent].self.account, agent, 0, 0, 0, 0);
    crowd.wake(agent, kernel.origin);
  }

  function price(at: Ms): void {
    let moved = 0;
    for (let asset = 0; asset < prices.length; asset++) {
      if (receiptAssets.has(asset)) continue;
      const before = fair[asset];
      const next = prices[asset].next(at);
      fair[asset] = next;
      kernel.mix(next);
      if (next === before) continue;
      // A row each, and a number for each row, whatever is recorded: the first has the event's own.
      const seq = moved++ === 0 ? kernel.current : kernel.fact();
      if (trace === 'full') recorder.event(seq, at, 0, 'price', -1, asset, next, before, 0, 0);
    }
    priceReceipts();
    publisher.observeOutside(at);
    kernel.schedule(PRICE, at + step, PRIORITY.PRICE);
  }

  function block(at: Ms): void {
    const bundles = chain.produce(at);
    crowd.enter(chain.block);
    for (let venue = 0; venue < venues.length; venue++) flows[venue].endBlock(venues[venue].price());
    if (trace === 'full') recorder.event(kernel.current, at, 0, 'block', -1, chain.block, bundles, chain.baseFee, 0, 0);
    publisher.observeVenues(at);
    publisher.publishAll(at);
    for (const policy of parts.policies) policy.note(at);
    // What time alone brings has no cause; what follows in this block keeps the one it had.
    const cause = kernel.setCause(0);
    for (const protocol of protocols) protocol.endBlock(at);
    kernel.setCause(cause);
    metrics.blockEnd(at, chain.baseFee);
    crowd.hearReceipts();
    for (const [id, protocol] of protocols.entries()) {
      for (const { position, fact } of protocol.dueCalls(at)) {
        const deadline = protocol.callDeadline(position);
        if (deadline !== undefined) crowd.hearCall(protocol.ownerOf(position), id, deadline, fact);
      }
      for (const position of protocol.dueWatches(at)) crowd.hearHealth(protocol.ownerOf(position), id);
    }
    crowd.hearBlock();
    kernel.schedule(BLOCK, at + chain.blockTime, PRIORITY.BLOCK);
  }

  function sample(at: Ms): void {
    probe(at);
    kernel.schedule(SAMPLE, at + sampleEvery, PRIORITY.PROBE);
  }

  const world: World = {
    kernel,
    parts,
    chain,
    fair,
    metrics,
    crowd,
    refusals,
    priceReceipts,
    run() {
      metrics.start();
      publisher.observeOutside(0);
      publisher.observeVenues(0);
      for (const policy of parts.policies) policy.note(0);
      for (const protocol of protocols) protocol.endBlock(0);
      kernel.schedule(PRICE, step, PRIORITY.PRICE);
      kernel.schedule(BLOCK, chain.blockTime, PRIORITY.BLOCK);
      kernel.schedule(SAMPLE, Math.min(sampleEvery, horizon), PRIORITY.PROBE);
      crowd.start();
      return kernel.run(horizon);
    },
  };
  return world;
}
