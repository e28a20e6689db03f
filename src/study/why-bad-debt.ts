/**
 * The bad debt of one position explained: from what is owed back to the loans, to what the oracle believed, to the trade that moved it or
 * the marks that moved by themselves, and along the recorded causes to the decision that began it.
 */
import { FORCED, type RecordedEvent } from '../record/recorder.ts';
import { clock, figures, grouped, listed, times, tokens, usd } from './amounts.ts';
import { tradeText } from './fact-text.ts';
import type { Reason } from './reason.ts';
import type { MarketTerms, NamedPosition, OracleTerms, Trace } from './trace-reading.ts';
import { explainContracts } from './why-contracts.ts';
import { explainFairness } from './why-liquidation.ts';
import { explainMarks } from './why-marks.ts';
import { explainWaterfall } from './why-waterfall.ts';

export const isLoss = ({ kind }: RecordedEvent) => kind === 'open-shortfall' || kind === 'shortfall';

export function largest(facts: readonly RecordedEvent[], size: (fact: RecordedEvent) => number): RecordedEvent | undefined {
  return facts.reduce<RecordedEvent | undefined>((best, fact) => (best === undefined || size(fact) > size(best) ? fact : best), undefined);
}

export function explainBadDebt(trace: Trace, loss: RecordedEvent): readonly Reason[] {
  const position = trace.position(loss.subject);
  const deeds = trace.deeds(position).filter(({ seq }) => seq < loss.seq);
  const loans = deeds.filter(({ kind }) => kind === 'borrow' || kind === 'margin-trade');
  const wrong = worstBelief(deeds);
  return [
    statement(trace, loss, position),
    ...flashLoans(trace, deeds),
    ...loans.filter(({ kind }) => kind === 'margin-trade').flatMap((fact) => marginTrade(trace, fact)),
    ...lending(trace, position, deeds),
    ...explainContracts(trace, loss),
    ...liquidations(trace, loss),
    ...untouched(trace, loss),
    ...(wrong === undefined ? [] : belief(trace, position, wrong, deeds)),
    ...explainWaterfall(trace, loss),
  ];
}

/** What is owed against what, and who paid for it. */
export function explainLoss(trace: Trace, loss: RecordedEvent): readonly Reason[] {
  return [statement(trace, loss, trace.position(loss.subject)), ...explainWaterfall(trace, loss)];
}

function statement(trace: Trace, loss: RecordedEvent, position: NamedPosition): Reason {
  const { facts } = trace;
  const { protocol, owner } = position;
  // What a written-off debt left is open at the end as well: it counts once.
  const written = new Set(facts.filter(({ kind }) => kind === 'shortfall').map(({ subject }) => subject));
  const counted = facts.filter((fact) => isLoss(fact) && (fact.kind === 'shortfall' || !written.has(fact.subject)));
  const all = counted.reduce((sum, { a }) => sum + a, 0);
  const part = all > loss.a * 1.005 ? ` Over all positions it is ${usd(all)}.` : '';
  const gone = hadLoans(trace, position) ? 'collateral' : 'equity';
  const held = `collateral worth ${usd(loss.b)} at fair prices`;
  const text =
    loss.kind === 'open-shortfall'
      ? `At the end ${owner} owes ${protocol} ${usd(loss.c)} against ${held}: ${usd(loss.a)} of bad debt.`
      : `${owner} had no ${gone} left at ${protocol} and still owed ${usd(loss.a)}: bad debt.`;
  return { at: loss.at, text: `${text}${part}`, facts: [loss.seq] };
}

/** Whether collateral stood behind what it owed, and not cash and contracts alone. */
function hadLoans(trace: Trace, position: NamedPosition): boolean {
  const borrowed = trace.deeds(position).some(({ kind }) => kind === 'borrow' || kind === 'margin-trade');
  return borrowed || trace.contractTrades(position).length === 0;
}

/** Money lent for the length of the transactions in which the deeds were done. */
function flashLoans(trace: Trace, deeds: readonly RecordedEvent[]): readonly Reason[] {
  const own = trace.facts.filter(({ kind, at, actor }) => kind === 'flash' && deeds.some((deed) => deed.at === at && deed.actor === actor));
  if (own.length === 0) return [];
  const lent = own.map(({ subject, a }) => {
    const asset = trace.outcome.names.assets[subject];
    return tokens(trace.tokensOf(asset, a), asset);
  });
  const who = trace.accountName(own[0].actor);
  const text = `${who} worked with borrowed money: flash loans of ${listed(lent)}, repaid in the same transaction.`;
  return [{ at: own[0].at, text, facts: own.map(({ seq }) => seq) }];
}

/** A margin trade with what it bought and what the money was worth. */
function marginTrade(trace: Trace, fact: RecordedEvent): readonly Reason[] {
  const market = trace.market(fact.subject);
  const actor = trace.accountName(fact.actor);
  const trade = trace.facts.find(({ kind, cause }) => kind === 'trade' && cause === fact.seq);
  const underwater = fact.d > fact.c ? ' So it was underwater the moment it existed.' : '';
  const worth = `What it bought was worth ${usd(fact.c)} at fair prices, against a debt of ${usd(fact.d)}.${underwater}`;
  const borrowed = tokens(trace.tokensOf(market.asset, fact.a), market.asset);
  const reasons: Reason[] = [
    { at: fact.at, text: `${actor} opened a margin trade with ${borrowed} of ${market.protocol}'s. ${worth}`, facts: [fact.seq] },
  ];
  if (trade === undefined) return reasons;
  reasons.push({ at: trade.at, text: `The trade itself: ${tradeText(trace, trade)}`, facts: [trade.seq] });
  const next = trace.facts.find(({ kind, cause, actor: by }) => kind === 'trade' && cause === trade.seq && by === fact.actor);
  if (next !== undefined) {
    reasons.push({ at: next.at, text: `In the same transaction ${actor} used that price: ${tradeText(trace, next)}`, facts: [next.seq] });
  }
  return reasons;
}

/** What was posted and borrowed, where the position was opened by lending. */
export function lending(trace: Trace, { protocol, owner }: NamedPosition, deeds: readonly RecordedEvent[]): readonly Reason[] {
  const deposits = deeds.filter(({ kind, b }) => kind === 'deposit' && b > 0);
  const loans = deeds.filter(({ kind }) => kind === 'borrow');
  if (loans.length === 0) return [];
  const posted = byAsset(trace, deposits);
  const taken = byAsset(trace, loans);
  const { at } = loans[0];
  const worth = taken.reduce((sum, { asset, amount }) => sum + amount * trace.fairUsd(asset, at), 0);
  const health = loans[loans.length - 1].d;
  const amounts = (sums: typeof posted) => listed(sums.map(({ amount, asset }) => tokens(amount, asset)));
  const priced = Number.isNaN(worth) ? '' : `, ${usd(worth)} at fair prices`;
  const done = `${owner} posted ${amounts(posted)} at ${protocol} and borrowed ${amounts(taken)}${priced}.`;
  const text = `${done} By ${protocol}'s books that left its health factor at ${figures(health)}.`;
  return [{ at, text, facts: [...deposits, ...loans].slice(0, 12).map(({ seq }) => seq) }];
}

function byAsset(trace: Trace, deeds: readonly RecordedEvent[]): readonly { readonly asset: string; readonly amount: number }[] {
  const sums = new Map<string, number>();
  for (const { subject, a } of deeds) {
    const { asset } = trace.market(subject);
    sums.set(asset, (sums.get(asset) ?? 0) + trace.tokensOf(asset, a));
  }
  return [...sums].map(([asset, amount]) => ({ asset, amount }));
}

/** The liquidations of the position before the loss, together. */
function liquidations(trace: Trace, loss: RecordedEvent): readonly Reason[] {
  const own = trace.facts.filter(({ kind, subject, seq }) => kind === 'liquidation' && subject === loss.subject && seq < loss.seq);
  if (own.length === 0) return [];
  const repaid = own.reduce((sum, { a }) => sum + a, 0);
  const seized = own.reduce((sum, { b }) => sum + b, 0);
  const count = own.length === 1 ? 'One liquidation' : `${own.length} liquidations`;
  const first = own[0];
  const which = own.length === 1 ? 'at' : 'the first at';
  // What was taken out of a position to be sold has none of its own.
  const health = Number.isNaN(first.d) ? '' : `, ${which} a health factor of ${figures(first.c)} (${figures(first.d)} at fair prices)`;
  const reasons: Reason[] = [
    {
      at: first.at,
      text: `${count} before that repaid ${usd(repaid)} and took ${usd(seized)} of collateral${health}.`,
      facts: own.slice(0, 12).map(({ seq }) => seq),
    },
  ];
  return [...reasons, ...explainFairness(trace, first)];
}

/** What moved a position that nobody liquidated. */
function untouched(trace: Trace, loss: RecordedEvent): readonly Reason[] {
  const own = trace.facts.some(({ kind, subject, seq }) => FORCED.includes(kind) && subject === loss.subject && seq < loss.seq);
  return own || loss.kind === 'shortfall' ? [] : explainMarks(trace, loss);
}

/** The deed at which oracle and fair value of the collateral were furthest apart, if they were a tenth apart. */
function worstBelief(deeds: readonly RecordedEvent[]): RecordedEvent | undefined {
  const gap = ({ b, c }: RecordedEvent) => Math.abs(Math.log(b / c));
  const seen = deeds.filter(
    ({ kind, b, c }) => (kind === 'borrow' || kind === 'deposit') && b > 0 && c > 0 && Math.max(b / c, c / b) >= 1.1,
  );
  return largest(seen, gap);
}

/** What the protocol believed, why, and who made it believe. */
function belief(trace: Trace, position: NamedPosition, wrong: RecordedEvent, deeds: readonly RecordedEvent[]): readonly Reason[] {
  const { protocol } = position;
  const posted = deeds.findLast(({ kind, seq, b, c }) => kind === 'deposit' && seq <= wrong.seq && b > 0 && c > 0);
  const market = posted === undefined ? undefined : trace.market(posted.subject);
  const factor = times(wrong.b / wrong.c);
  const limit =
    market === undefined
      ? ''
      : ` At fair prices a loan-to-value limit of ${grouped(market.ltv * 100, 0)} % allows ${usd(wrong.c * market.ltv)}.`;
  const reasons: Reason[] = [
    {
      at: wrong.at,
      text: `${protocol} took the collateral for ${usd(wrong.b)} when it was worth ${usd(wrong.c)}: ${factor} its fair worth.${limit}`,
      facts: [wrong.seq],
    },
  ];
  if (market === undefined || posted === undefined) return reasons;
  const oracle = trace.oracleOf(market);
  reasons.push(oracleReason(trace, market, oracle, posted));
  const trade = movingTrade(trace, oracle, wrong);
  if (trade === undefined) return reasons;
  reasons.push({
    at: trade.at,
    text: `The trade that moved ${oracle.source} most before that: ${tradeText(trace, trade)}`,
    facts: [trade.seq],
  });
  return [...reasons, originOf(trace, trade, wrong)];
}

function oracleReason(trace: Trace, { asset, protocol }: MarketTerms, oracle: OracleTerms, posted: RecordedEvent): Reason {
  const units = trace.tokensOf(asset, posted.a);
  const on = oracle.ofShare ? 'the reserves of' : 'the price on';
  const read = oracle.source === 'outside' ? 'the outside price' : `${on} ${oracle.source}`;
  const window = oracle.windowMs > 0 ? ` over ${clock(oracle.windowMs)}` : '';
  const said = `said ${usd(posted.b / units)} per ${asset}; the fair price was ${usd(posted.c / units)}`;
  const text = `${protocol}'s oracle ${oracle.name} (${oracle.kind}${window}, from ${read}) ${said}.`;
  return { at: posted.at, text, facts: [posted.seq] };
}

/**
 * The trade that moved the oracle's venue most, in the direction of its error, within what the oracle averages over. A share's price by
 * reserves errs upwards whichever way they are pushed.
 */
function movingTrade(trace: Trace, oracle: OracleTerms, wrong: RecordedEvent): RecordedEvent | undefined {
  const venue = trace.outcome.names.venues.indexOf(oracle.source);
  if (venue < 0) return undefined;
  const from = wrong.at - Math.max(oracle.windowMs, trace.blockTime) - trace.blockTime;
  const direction = Math.sign(wrong.b - wrong.c);
  const trades = trace.facts.filter(
    ({ kind, subject, seq, at, c, d }) =>
      kind === 'trade' && subject === venue && seq < wrong.seq && at >= from && (oracle.ofShare || Math.sign(d - c) === direction),
  );
  return largest(trades, ({ c, d }) => Math.abs(Math.log(d / c)));
}

/** How the trade and the loan hang together, as far as causes were recorded. */
function originOf(trace: Trace, trade: RecordedEvent, wrong: RecordedEvent): Reason {
  const chain = trace.causes(wrong);
  const reached = chain.findIndex(({ seq }) => seq === trade.seq);
  const first = chain[chain.length - 1] ?? wrong;
  const actor = trace.accountName(wrong.actor);
  const name = (fact: RecordedEvent) => `${fact.kind} ${fact.seq}`;
  if (reached >= 0) {
    const links = [wrong, ...chain.slice(0, reached + 1)].map(name).join(' ← ');
    const began =
      first.seq === trade.seq
        ? `nothing that was recorded made ${actor} trade: the decision was its own`
        : `the chain goes back to ${name(first)} at ${clock(first.at)}`;
    return { at: trade.at, text: `The causes as recorded: ${links}; ${began}.`, facts: [wrong.seq, ...chain.map(({ seq }) => seq)] };
  }
  const same = trade.actor === wrong.actor;
  const text = same
    ? `Both were ${actor}'s: the trade ${clock(wrong.at - trade.at)} before the loan.`
    : `The trade was ${trace.accountName(trade.actor)}'s, the loan ${actor}'s; no recorded cause leads from one to the other.`;
  return { at: trade.at, text, facts: [trade.seq, wrong.seq] };
}
