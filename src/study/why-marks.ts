/**
 * Which marks brought a position from where its owner left it to where it was liquidated or closed, what was asked of it and what it had
 * then, and how long it could have been done before it was. Told of positions that were looked at in the run; of others nothing.
 */
import { type EventKind, FORCED, type RecordedEvent } from '../record/recorder.ts';
import type { Holding, Look } from '../run/witness.ts';
import { clock, figures, grouped, listed, tokens, usd } from './amounts.ts';
import type { Reason } from './reason.ts';
import { lookOf, type Trace } from './trace-reading.ts';
import { fundingPaid } from './why-cash.ts';
import { explainGovernance } from './why-governance.ts';

/** What a position is found to owe at the end, whether anything was done to it or not. */
const OPEN = 'open-shortfall';
const NAMED_MAX = 2;
/** A move that cost less than this part of the worst one is not told. */
const MINOR = 0.1;
/** Interest moves a health by less in the time of a run. */
const APART = 0.01;

/** The positions of which an explanation by these facts would say more, had they been looked at. */
export function positionsToWatch(trace: Trace, reasons: readonly Reason[]): readonly number[] {
  const told = reasons.flatMap(({ facts }) => facts.flatMap((seq) => trace.fact(seq) ?? []));
  const positions = told.flatMap((fact) => {
    if (fact.kind === 'contract-trade') return traderOf(trace, fact);
    return FORCED.includes(fact.kind) || fact.kind === OPEN ? [fact.subject] : [];
  });
  return [...new Set(positions)];
}

/** The position of whoever traded a contract; of his sub-accounts nothing. */
function traderOf(trace: Trace, { subject, actor }: RecordedEvent): readonly number[] {
  const position = trace.outcome.names.positions.indexOf(`${trace.contract(subject).protocol}/${trace.accountName(actor)}`);
  return position < 0 ? [] : [position];
}

/** @param fact  the liquidation or closing, or its beginning; or what was left open at the end */
export function explainMarks(trace: Trace, fact: RecordedEvent): readonly Reason[] {
  if (isOfLot(fact)) return [];
  const looks = trace.looks(fact.subject);
  const end = fact.kind === OPEN ? looks.length - 1 : lookOf(looks, fact);
  if (end < 0) return [];
  const earlier = looks.slice(0, end);
  const left = lastDeed(trace, fact, earlier);
  const since =
    left === undefined
      ? []
      : [...moved(trace, fact, { left, ...lateDeeds(trace, fact, looks, end) }), ...explainGovernance(trace, fact, left.at)];
  return [...since, ...waited(trace, fact, earlier)];
}

/**
 * Whether the health of a loan went with its marks alone since a time, as far as it was looked at: under an engine whose requirement moves,
 * or where debt was added, it did not.
 */
export function wentWithMarks(trace: Trace, fact: RecordedEvent, since: number): boolean {
  const looks = trace.looks(fact.subject);
  const from = looks.find(({ when, at }) => when === 'block' && at >= since);
  const to = looks[lookOf(looks, fact)];
  if (from === undefined || to === undefined) return true;
  const worth = ({ holdings }: Look, owed: boolean) => holdings.find(({ amount }) => amount < 0 === owed)?.mark ?? Number.NaN;
  const expected = from.healthFactor * (worth(to, false) / worth(from, false)) * (worth(from, true) / worth(to, true));
  return Math.abs(expected / to.healthFactor - 1) < APART;
}

/** Of something that had been taken out of a position to be sold: its own health says nothing. */
export function isOfLot({ kind, d }: RecordedEvent): boolean {
  return kind === 'liquidation' && Number.isNaN(d);
}

/** What its owner did before a fact. */
function deedsBefore(trace: Trace, { subject, seq }: RecordedEvent): readonly RecordedEvent[] {
  const position = trace.position(subject);
  return [...trace.deeds(position), ...trace.contractTrades(position)].filter((deed) => deed.seq < seq).sort((a, b) => a.seq - b.seq);
}

/** How it stood after its owner's last act of an earlier moment: of those that held, for a bundle may have been undone. */
function lastDeed(trace: Trace, fact: RecordedEvent, looks: readonly Look[]): Look | undefined {
  const done = deedsBefore(trace, fact).filter(({ at }) => at < fact.at);
  return looks.findLast(({ when, at, holdings }) => holdings.length > 0 && done.some((deed) => deed.kind === when && deed.at === at));
}

/** How a position stood at three moments, and what its owner did between the second and the third. */
interface Stretch {
  /** Its owner's last act of an earlier moment was done. */
  readonly left: Look;
  /** Nothing had been done at the moment of the fact yet. */
  readonly until: Look;
  /** The fact was told. */
  readonly now: Look;
  readonly late: readonly RecordedEvent[];
}

/** What its owner did at the very moment of a fact, before it. */
function lateDeeds(trace: Trace, fact: RecordedEvent, looks: readonly Look[], end: number): Omit<Stretch, 'left'> {
  const now = looks[end];
  const late = deedsBefore(trace, fact).filter(({ at }) => at === fact.at);
  const first = looks.findIndex(({ when, at }) => at === fact.at && late.some(({ kind }) => kind === when));
  return late.length === 0 || first < 1 ? { until: now, now, late: [] } : { until: looks[first - 1], now, late };
}

function moved(trace: Trace, fact: RecordedEvent, { left, until, now, late }: Stretch): readonly Reason[] {
  const [then, marks] = [left, now].map(({ holdings }) => new Map(holdings.map((holding) => [holding.name, holding])));
  const moves = until.holdings
    .map((holding) => {
      const from = then.get(holding.name) ?? holding;
      const to = marks.get(holding.name) ?? holding;
      return { from, to, cost: holding.amount * (from.mark - to.mark) };
    })
    .filter(({ cost }) => cost > 0)
    .sort((a, b) => b.cost - a.cost);
  const others = changes(trace, fact.subject, left, until);
  // It was liquidatable when its owner left it, and nothing was done to it since.
  if (moves.length === 0 && others === '' && late.length === 0 && left.healthFactor < 1) return [];
  const told = moves.filter(({ cost }) => cost >= MINOR * moves[0].cost).slice(0, NAMED_MAX);
  const paths = told.map(({ from, to }) => `the mark of ${path(from, to)}${behind(from, to)}`);
  const what = paths.length === 0 ? 'no mark moved against it' : listed(paths);
  const { owner } = trace.position(fact.subject);
  const had = `The equity of ${owner} went from ${usd(left.equity)} to ${usd(now.equity)}`;
  const [needs, needed] = [usd(now.required), usd(left.required)];
  const asked = `it needed ${needs}${needs === needed ? '' : `, and ${needed} at first`}`;
  const did = late.length === 0 ? '' : ` At ${clock(fact.at)}, before that, ${owner} ${listed(late.map((deed) => deedText(trace, deed)))}.`;
  const text = `Between ${clock(left.at)} and ${clock(now.at)} ${what}${others}.${did} ${had}; ${asked}.${allowance(trace, fact, now)}`;
  return [{ at: left.at, text, facts: [...late.map(({ seq }) => seq), fact.seq] }];
}

const DONE: Readonly<Record<string, string>> = { deposit: 'posted', withdraw: 'took out', borrow: 'borrowed', repay: 'repaid' };

/** `sold 5.44 BTC of BTC-PERP for 331,616 USDC`. */
function deedText(trace: Trace, { kind, subject, a, b }: RecordedEvent): string {
  if (kind === 'contract-trade') {
    const { name, underlying, settle } = trace.contract(subject);
    const size = tokens(trace.tokensOf(underlying, Math.abs(a)), underlying);
    return `${a > 0 ? 'bought' : 'sold'} ${size} of ${name} for ${tokens(trace.tokensOf(settle, Math.abs(b)), settle)}`;
  }
  const { asset } = trace.market(subject);
  const amount = tokens(trace.tokensOf(asset, a), asset);
  return kind === 'margin-trade' ? `opened a margin trade with ${amount}` : `${DONE[kind]} ${amount}`;
}

/** What it held or owed that became more or less without an act of its owner: by funding, by what others did to it, or by interest. */
function changes(trace: Trace, position: number, before: Look, now: Look): string {
  const names = [...new Set([...before.holdings, ...now.holdings].map(({ name }) => name))];
  const least = MINOR * Math.max(Math.abs(before.equity - now.equity), Math.abs(before.equity) * MINOR);
  const asset = before.cash?.name ?? '';
  const mark = [...now.holdings, ...before.holdings].find(({ name }) => name === asset)?.mark ?? 0;
  const paid = fundingPaid(trace, position, before, now) ?? 0;
  const funding =
    Math.abs(paid) * mark > least ? `, and ${paid > 0 ? 'it paid' : 'it received'} ${tokens(Math.abs(paid), asset)} of funding` : '';
  const parts = names.flatMap((name) => {
    const [from, to] = [before, now].map(({ holdings }) => holdings.find((one) => one.name === name));
    const [was, is] = [from?.amount ?? 0, to?.amount ?? 0];
    // What was paid in funding is told; only what else there is would be news.
    const rest = is - was + (name === asset ? paid : 0);
    if (!(Math.abs(rest) * (to ?? from ?? { mark: 0 }).mark > least)) return [];
    const what = was + is < 0 ? 'what it owed' : 'what it held';
    return [`${what} went from ${tokens(Math.abs(was), name)} to ${tokens(Math.abs(is), name)}`];
  });
  return `${funding}${parts.length === 0 ? '' : `, and without an act of its owner ${listed(parts)}`}`;
}

/** Why it could be liquidated though it had what maintenance asks for. */
function allowance(trace: Trace, fact: RecordedEvent, { healthFactor }: Look): string {
  if (!(healthFactor >= 1) || fact.kind === OPEN) return '';
  const called = trace.facts.some(({ kind, subject, b, seq }) => {
    return kind === 'margin-call' && subject === fact.subject && seq < fact.seq && b <= fact.at;
  });
  const why = called ? 'the time of its margin call was over' : 'its mechanism acts at a level of its own';
  return ` That was enough for maintenance: ${why}.`;
}

/** Since when its health had been below 1 without a break: at block ends, as everybody could see it. */
function waited(trace: Trace, fact: RecordedEvent, looks: readonly Look[]): readonly Reason[] {
  let since: number | undefined;
  for (const { when, at, healthFactor } of looks.toReversed()) {
    if ((FORCED as readonly (EventKind | 'block')[]).includes(when) || !(healthFactor < 1)) break;
    since = at;
  }
  if (since === undefined || fact.at - since <= trace.blockTime) return [];
  const text =
    fact.kind === OPEN
      ? `By the marks it was liquidatable from ${clock(since)} on, and nobody liquidated it.`
      : `By the marks it had been liquidatable since ${clock(since)}, ${clock(fact.at - since)} before.`;
  return [{ at: since, text, facts: [fact.seq] }];
}

interface Marked {
  readonly name: string;
  readonly mark: number;
}

/** `ETH went from $2,000 to $1,720 (−14.0 %)`. */
function path(from: Marked, { name, mark }: Marked): string {
  return `${name} went from ${price(from.mark)} to ${price(mark)}${percent(mark / from.mark - 1)}`;
}

/** What the mark of an option follows. */
function behind({ underlying: from }: Holding, { underlying: to }: Holding): string {
  return from === undefined || to === undefined ? '' : `, while ${path(from, to)}`;
}

function price(mark: number): string {
  return Math.abs(mark) < 1 ? `$${figures(mark)}` : usd(mark);
}

/** ` (−14.0 %)`; nothing where there was no price to begin with. */
function percent(change: number): string {
  if (!Number.isFinite(change)) return '';
  return ` (${change > 0 ? '+' : ''}${grouped(change * 100, 1)} %)`;
}
