/**
 * The metrics of a run (meanings in `record/metrics.ts`), gathered from facts, block ends and samples, and closed by the final account. It
 * watches; nothing it computes is seen by anybody in the world. Roles, not names, decide who is an attacker.
 */
import type { AccountId, AssetId, Ms, Price, Ratio, Units, Usd, UsdPrice } from '../base/units.ts';
import type { Attribution } from '../ledger/attribution.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Venue } from '../market/venue.ts';
import type { Protocol } from '../protocol/protocol.ts';
import { roleProfit } from '../record/metrics.ts';
import type { EventKind } from '../record/recorder.ts';
import type { PlacedAgent } from '../scenario/build.ts';
import type { PlacedOracle } from '../scenario/build-oracles.ts';
import { createContagion, ROUNDING } from './contagion.ts';
import type { FactSink } from './facts.ts';
import type { PartyLine } from './outcome.ts';
import { ReturnMetrics } from './return-metrics.ts';

export interface MetricsSite {
  readonly ledger: Ledger;
  readonly venues: readonly Venue[];
  readonly oracles: readonly PlacedOracle[];
  /** Numbers of those that markets ask. */
  readonly believed: readonly number[];
  readonly protocols: readonly Protocol[];
  readonly agents: readonly PlacedAgent[];
  readonly fair: ArrayLike<UsdPrice>;
  readonly gasAsset: number;
  /** Whether returns of the first venue are asked for. */
  readonly returns: boolean;
  /** Told when a protocol is first seen to have failed. */
  readonly onFailure: (protocol: number, solvency: Ratio, hop: number) => void;
}

type NetUnits = Attribution['netUnits'];

/** Role of accounts whose money is the attack's. */
export const ATTACKER = 'attacker';

export interface Metrics extends FactSink {
  /** Before time 0, when wallets are filled. */
  start(): void;
  /** After every block, once venues and oracles have settled. */
  blockEnd(at: Ms, baseFee: number): void;
  /** After an action of a protocol, in the middle of a block. */
  decision(protocol: Protocol, at: Ms): void;
  /** A bundle ended: what its gas cost, in units of the gas asset, and whether it was refused. */
  bundle(gasPaid: Units, refused: boolean): void;
  /** Looks at solvency; every so often, because it looks at all positions. */
  sample(at: Ms, span: Ms): { readonly solvency: Ratio; readonly debtUsd: Usd; readonly shortfallUsd: Usd };
  /**
   * Metrics that are only known at the end; `netUnits` says what flowed between roles since the start, `leftOut` how often a bundle found
   * no room.
   */
  close(parties: readonly PartyLine[], netUnits: NetUnits, leftOut: number): Record<string, number>;
}

export function createMetrics(site: MetricsSite): Metrics {
  const { ledger, venues, oracles, protocols, fair } = site;
  const sums = emptySums();
  /** Of the decisions of the bundle in progress: one that is undone decided nothing. */
  let errorInBundle: Ratio = 0;
  /** Oracles that a market asks; all of them where there is no market. */
  const believed = site.believed.length > 0 ? site.believed.map((id) => oracles[id]) : oracles;
  const attackers = site.agents.filter(({ role }) => role === ATTACKER).map(({ self }) => self.account);
  const socialisedBy = protocols.map(() => 0);
  const contagion = createContagion(protocols, site.onFailure);
  const returns = site.returns && venues.length > 0 ? new ReturnMetrics() : undefined;
  const capital = createCapital(ledger, attackers, fair);

  const trade = (subject: number, base: Units, quote: Units, before: Price, after: Price) => {
    const { baseAsset, quoteAsset } = venues[subject];
    sums.trades++;
    if (subject === 0 && returns !== undefined) {
      const { scale } = ledger.assets;
      returns.trade(base / scale[baseAsset], Math.abs(quote) / scale[quoteAsset], before, after);
    }
    sums.priceImpact = Math.max(sums.priceImpact, Math.abs((after * fair[quoteAsset]) / fair[baseAsset] - 1));
  };

  const facts: Partial<Record<EventKind, (actor: number, subject: number, a: number, b: number, c: number, d: number) => void>> = {
    liquidation(_actor, _subject, repaid, seized, _health, healthAtFair) {
      sums.liquidations++;
      sums.liquidated += repaid;
      sums.victimLoss += seized - repaid;
      if (healthAtFair >= 1) {
        sums.wrongful += repaid;
        sums.wrongfulCount++;
      }
    },
    redistribution(_actor, _subject, debtUsd) {
      sums.redistributed += debtUsd;
    },
    'liquidation-start'(_actor, _subject, usd, _reward, _health, healthAtFair) {
      if (healthAtFair >= 1) {
        sums.wrongful += usd;
        sums.wrongfulCount++;
      }
    },
    'insurance-fund'(_actor, _subject, usd) {
      sums.insurance += usd;
    },
    socialise(_actor, subject, usd) {
      sums.socialised += usd;
      socialisedBy[subject % protocols.length] += usd;
    },
    adl(_actor, _subject, usd) {
      sums.adl += usd;
    },
    deleverage(_actor, _subject, _taken, _contract, _closed, overshoot) {
      sums.overshoot += overshoot;
      sums.deleveragings++;
    },
    'treasury-sale'(_actor, _subject, _units, brought, minted, sold) {
      if (minted === 1) sums.minted += sold;
      else {
        sums.treasurySold += sold;
        sums.treasuryBrought += brought;
      }
    },
    'vault-loss'(_actor, _subject, usd) {
      sums.vaultLoss += usd;
    },
    recapitalise(_actor, _subject, usd) {
      sums.recapitalised += usd;
    },
    closeout(_actor, _subject, usd, _penalty, _health, takenOver) {
      sums.closedOut += usd;
      sums.closeouts++;
      sums.takeovers += takenOver;
    },
    'margin-call'() {
      sums.marginCalls++;
    },
    'contract-trade'() {
      sums.contractTrades++;
    },
    parameter() {
      sums.changes++;
    },
    'contract-parameter'() {
      sums.changes++;
    },
    'risk-engine'() {
      sums.changes++;
    },
    reassessed() {
      sums.reassessed++;
    },
    'open-shortfall'(_actor, _subject, usd) {
      sums.open += usd;
    },
  };

  const look = (at: Ms) => {
    const total = { assetsUsd: 0, claimsUsd: 0, shortfallUsd: 0, debtUsd: 0, collateralUsd: 0, notionalUsd: 0, underwater: 0 };
    for (const [index, protocol] of protocols.entries()) {
      const seen = protocol.solvency();
      contagion.note(index, seen.claimsUsd > 0 ? seen.assetsUsd / seen.claimsUsd : 1, at);
      for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += seen[key];
    }
    return total;
  };

  return {
    event(_seq, _at, _cause, kind, actor, subject, a, b, c, d) {
      // The commonest fact first, by name: a look-up by kind is a twentieth of a market's run.
      if (kind === 'trade') trade(subject, a, b, c, d);
      else facts[kind]?.(actor, subject, a, b, c, d);
    },

    start: capital.start,

    blockEnd(at, baseFee) {
      sums.baseFee = Math.max(sums.baseFee, baseFee);
      capital.look();
      for (const { asset, oracle } of believed) {
        const reading = oracle.read(at);
        sums.looks++;
        if (!reading.valid) continue;
        sums.readings++;
        sums.oracleAge += at - reading.observedAt;
        sums.oracleError = Math.max(sums.oracleError, Math.abs(reading.price / fair[asset] - 1));
      }
    },

    decision(protocol, at) {
      for (const { index, asset } of protocol.markets) {
        const price = protocol.oracleUsd(index, at);
        if (price > 0) errorInBundle = Math.max(errorInBundle, Math.abs(price / fair[asset] - 1));
      }
    },

    bundle(gasPaid, refused) {
      if (!refused) sums.oracleError = Math.max(sums.oracleError, errorInBundle);
      errorInBundle = 0;
      if (gasPaid > 0) sums.gas += (gasPaid / ledger.assets.scale[site.gasAsset]) * fair[site.gasAsset];
      if (refused) sums.refusals++;
    },

    sample(at, span) {
      const { assetsUsd, claimsUsd, shortfallUsd, debtUsd, collateralUsd, notionalUsd, underwater } = look(at);
      const solvency = claimsUsd > 0 ? assetsUsd / claimsUsd : 1;
      returns?.sample(venues[0].price());
      sums.solvencyMin = Math.min(sums.solvencyMin, solvency);
      if (solvency < 1 - ROUNDING) sums.insolventMs += span;
      sums.underwater = Math.max(sums.underwater, underwater);
      sums.samples++;
      sums.debt += debtUsd;
      sums.notional += notionalUsd;
      if (collateralUsd > 0) {
        sums.efficiency += (debtUsd + notionalUsd) / collateralUsd;
        sums.efficiencySamples++;
      }
      return { solvency, debtUsd, shortfallUsd };
    },

    close(parties, netUnits, leftOut) {
      const profit = (role: string) => parties.reduce((sum, line) => (line.role === role ? sum + line.profitUsd : sum), 0);
      const { gain, cost } = attackFlows(site, netUnits);
      const lossBy = protocols.map((protocol, index) => socialisedBy[index] + protocol.lenderShortfallUsd());
      const declared = {
        attack_capital_usd: capital.most(),
        attack_cost_usd: cost,
        attack_gain_usd: gain,
        attack_profit_usd: gain - cost,
        ...(capital.most() > 0 ? { attack_roi_ratio: (gain - cost) / capital.most() } : {}),
        // Written off is what somebody paid; of a shortfall that nobody paid wholly the rest is open at the end, and counts once.
        bad_debt_usd: sums.insurance + sums.socialised + sums.adl + sums.vaultLoss + sums.recapitalised + sums.open,
        insurance_used_usd: sums.insurance,
        treasury_sold_usd: sums.treasurySold,
        treasury_slippage_usd: sums.treasurySold - sums.treasuryBrought,
        adl_usd: sums.adl,
        adl_overshoot_usd: sums.overshoot,
        adl_count: sums.deleveragings,
        vault_loss_usd: sums.vaultLoss,
        recapitalised_usd: sums.recapitalised,
        minted_usd: sums.minted,
        socialised_loss_usd: sums.socialised,
        open_shortfall_usd: sums.open,
        lender_loss_usd: lossBy.reduce((sum, usd) => sum + usd, 0),
        liquidated_usd: sums.liquidated,
        liquidation_count: sums.liquidations,
        redistributed_usd: sums.redistributed,
        closeout_usd: sums.closedOut,
        closeout_count: sums.closeouts,
        takeover_count: sums.takeovers,
        margin_call_count: sums.marginCalls,
        wrongful_liquidation_usd: sums.wrongful,
        wrongful_liquidation_count: sums.wrongfulCount,
        undercollateralised_count: sums.underwater,
        victim_loss_usd: sums.victimLoss,
        liquidator_profit_usd: profit('liquidator'),
        arbitrageur_profit_usd: profit('arbitrageur'),
        liquidity_provider_profit_usd: profit('liquidity-provider'),
        solvency_ratio_min: sums.solvencyMin,
        ...contagion.close(lossBy),
        insolvent_ms: sums.insolventMs,
        ...(sums.efficiencySamples > 0 ? { capital_efficiency_ratio: sums.efficiency / sums.efficiencySamples } : {}),
        notional_mean_usd: sums.samples > 0 ? sums.notional / sums.samples : 0,
        debt_mean_usd: sums.samples > 0 ? sums.debt / sums.samples : 0,
        oracle_error_max_ratio: sums.oracleError,
        oracle_age_mean_ms: sums.readings > 0 ? sums.oracleAge / sums.readings : 0,
        oracle_silent_ratio: sums.looks > 0 ? 1 - sums.readings / sums.looks : 0,
        price_impact_max_ratio: sums.priceImpact,
        gas_usd: sums.gas,
        base_fee_max_units: sums.baseFee,
        left_out_count: leftOut,
        refusal_count: sums.refusals,
        trade_count: sums.trades,
        contract_trade_count: sums.contractTrades,
        ...returns?.close(),
        parameter_change_count: sums.changes,
        reassessed_count: sums.reassessed,
      };
      // A declared metric keeps its meaning whatever a role is called.
      const own: Record<string, number> = {};
      for (const role of ledger.roleNames) {
        const name = roleProfit(role);
        if (!(name in declared)) own[name] = (own[name] ?? 0) + profit(role);
      }
      return { ...declared, ...own };
    },
  };
}

function emptySums() {
  return {
    open: 0,
    insurance: 0,
    socialised: 0,
    liquidated: 0,
    liquidations: 0,
    redistributed: 0,
    wrongful: 0,
    wrongfulCount: 0,
    victimLoss: 0,
    underwater: 0,
    solvencyMin: 1,
    insolventMs: 0,
    efficiency: 0,
    efficiencySamples: 0,
    debt: 0,
    samples: 0,
    oracleError: 0,
    priceImpact: 0,
    gas: 0,
    baseFee: 0,
    looks: 0,
    readings: 0,
    oracleAge: 0,
    refusals: 0,
    trades: 0,
    adl: 0,
    overshoot: 0,
    deleveragings: 0,
    treasurySold: 0,
    treasuryBrought: 0,
    minted: 0,
    vaultLoss: 0,
    recapitalised: 0,
    closedOut: 0,
    closeouts: 0,
    takeovers: 0,
    marginCalls: 0,
    contractTrades: 0,
    changes: 0,
    reassessed: 0,
    notional: 0,
  };
}

/** The most own money out of the attackers' wallets at once: for each asset what is missing against the start, at fair prices. */
function createCapital(ledger: Ledger, attackers: readonly AccountId[], fair: ArrayLike<UsdPrice>) {
  const assets = ledger.assets.count;
  const { scale } = ledger.assets;
  const before = new Float64Array(attackers.length * assets);
  let most: Usd = 0;
  const each = (visit: (slot: number, account: AccountId, asset: AssetId) => void) => {
    for (const [row, account] of attackers.entries())
      for (let asset = 0; asset < assets; asset++) visit(row * assets + asset, account, asset);
  };
  return {
    start: () =>
      each((slot, account, asset) => {
        before[slot] = ledger.balance(account, asset);
      }),
    look() {
      if (attackers.length === 0) return;
      let out = 0;
      each((slot, account, asset) => {
        const missing = before[slot] - ledger.balance(account, asset);
        if (missing > 0) out += (missing / scale[asset]) * fair[asset];
      });
      if (out > most) most = out;
    },
    most: () => most,
  };
}

/**
 * What attackers took from, and paid to, each other role since the start, at the fair prices of the end. With a protocol every asset counts
 * for itself, so collateral that an attacker leaves behind is a cost and not a smaller gain; with anybody else (a venue, the chain)
 * only the balance of all assets, because a swap is an exchange. Hence gain − cost is exactly the attackers' profit in the party table.
 */
function attackFlows({ ledger, venues, protocols, fair }: MetricsSite, netUnits: NetUnits): { gain: Usd; cost: Usd } {
  const { scale, count } = ledger.assets;
  const flows = ledger.roleNames.map((role) => Array.from({ length: count }, (_, asset) => netUnits(role, ATTACKER, asset)));
  const claim = (holder: AccountId, issuer: AccountId, asset: AssetId, units: Units) => {
    if (ledger.roles[holder] === ATTACKER) flows[ledger.roleNames.indexOf(ledger.roles[issuer])][asset] += units;
  };
  for (const protocol of protocols) protocol.claims(claim);
  for (const venue of venues) venue.claims((provider, asset, units) => claim(provider, venue.account, asset, units));
  const ofProtocol = new Set(protocols.flatMap(({ custody, fund }) => [ledger.roles[custody], ledger.roles[fund]]));
  let gain = 0;
  let cost = 0;
  const add = (usd: Usd) => {
    if (usd > 0) gain += usd;
    else cost -= usd;
  };
  for (const [role, name] of ledger.roleNames.entries()) {
    if (name === ATTACKER) continue;
    const worth = flows[role].map((units, asset) => (units / scale[asset]) * fair[asset]);
    if (ofProtocol.has(name)) worth.forEach(add);
    else add(worth.reduce((sum, usd) => sum + usd, 0));
  }
  return { gain, cost };
}
