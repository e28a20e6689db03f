/**
 * What an attack did in a run that ended without bad debt: its largest trade and what that moved, what the protocol believed of its
 * collateral, what was refused, what it cost and gained. Whether it could have paid is not asked here.
 */
import type { RecordedEvent } from '../record/recorder.ts';
import { listed, times, usd } from './amounts.ts';
import { tradeText } from './fact-text.ts';
import type { Reason } from './reason.ts';
import type { Trace } from './trace-reading.ts';

const ATTACKER = 'attacker';
const FACTS_SHOWN = 8;

/** Nothing where no attacker did anything that was recorded. */
export function explainAttack(trace: Trace): readonly Reason[] {
  const names = new Set(trace.outcome.parties.filter(({ role }) => role === ATTACKER).map(({ account }) => account));
  const own = trace.facts.filter(({ actor, kind }) => actor >= 0 && kind !== 'wake' && names.has(trace.accountName(actor)));
  if (own.length === 0) return [];
  const trades = own.filter(({ kind }) => kind === 'trade');
  const size = (trade: RecordedEvent) => soldUsd(trace, trade);
  const trade = trades.reduce<RecordedEvent | undefined>(
    (best, one) => (best === undefined || size(one) > size(best) ? one : best),
    undefined,
  );
  return [
    ...(trade === undefined ? [] : tradeReasons(trace, trade, trades.length)),
    ...believed(trace, own),
    ...refused(trace, own),
    result(trace),
  ];
}

/** What was sold, at the fair price of its time; 0 where the trace knows none. */
function soldUsd(trace: Trace, { subject, at, a, b }: RecordedEvent): number {
  const { base, quote } = trace.venueAssets(trace.outcome.names.venues[subject]);
  const [asset, units] = a > 0 ? [base, a] : [quote, b];
  const worth = trace.tokensOf(asset, units) * trace.fairUsd(asset, at);
  return Number.isNaN(worth) ? 0 : worth;
}

function tradeReasons(trace: Trace, trade: RecordedEvent, count: number): readonly Reason[] {
  const which = count === 1 ? 'The only trade of the attack' : `The largest of the attack's ${count} trades`;
  const reasons: Reason[] = [{ at: trade.at, text: `${which} was this: ${tradeText(trace, trade)}`, facts: [trade.seq] }];
  const { oracles, venues } = trace.outcome.names;
  const reads = (name: string) => trace.oracleTerms(name).source === venues[trade.subject];
  const gap = ({ a, c }: RecordedEvent) => Math.abs(Math.log(a / c));
  const after = trace.facts.filter(
    ({ kind, seq, subject, a, c }) => kind === 'oracle' && seq > trade.seq && a > 0 && c > 0 && reads(oracles[subject]),
  );
  if (after.length === 0) return reasons;
  const most = after.reduce((best, one) => (gap(one) > gap(best) ? one : best));
  const oracle = `The oracle ${oracles[most.subject]}, which reads ${venues[trade.subject]}`;
  const gapText = `it said ${usd(most.a)} against a fair ${usd(most.c)}, ${times(most.a / most.c)} that`;
  const text = `${oracle}, was furthest from fair after that when ${gapText}.`;
  reasons.push({ at: most.at, text, facts: [most.seq] });
  return reasons;
}

/** The deed of an attacker at which the protocol was most wrong about its collateral. */
function believed(trace: Trace, own: readonly RecordedEvent[]): readonly Reason[] {
  const seen = own.filter(({ kind, b, c }) => (kind === 'deposit' || kind === 'borrow') && b > 0 && c > 0);
  if (seen.length === 0) return [];
  const gap = ({ b, c }: RecordedEvent) => Math.abs(Math.log(b / c));
  const most = seen.reduce((best, one) => (gap(one) > gap(best) ? one : best));
  const { protocol } = trace.market(most.subject);
  const worth = `${usd(most.b)} when it was worth ${usd(most.c)}: ${times(most.b / most.c)} its fair worth`;
  const text = `Where ${protocol} was most wrong about its collateral, it took it for ${worth}.`;
  return [{ at: most.at, text, facts: [most.seq] }];
}

function refused(trace: Trace, own: readonly RecordedEvent[]): readonly Reason[] {
  const refusals = own.filter(({ kind }) => kind === 'refusal');
  if (refusals.length === 0) return [];
  const byCode = Map.groupBy(refusals, ({ a }) => trace.outcome.names.refusals[a]);
  const said = [...byCode].map(([code, all]) => (all.length === 1 ? code : `${code} ${all.length} times`));
  const count = refusals.length === 1 ? 'One transaction of the attack was' : `${refusals.length} transactions of the attack were`;
  return [{ at: refusals[0].at, text: `${count} refused: ${listed(said)}.`, facts: refusals.slice(0, FACTS_SHOWN).map(({ seq }) => seq) }];
}

/** By the metrics of the run. */
function result({ outcome: { metrics, endMs } }: Trace): Reason {
  const { attack_cost_usd: cost, attack_gain_usd: gain, attack_profit_usd: profit } = metrics;
  const end = profit >= 0 ? `a profit of ${usd(profit)}` : `a loss of ${usd(-profit)}`;
  return { at: endMs, text: `The attack cost ${usd(cost)} and gained ${usd(gain)}, at fair prices: ${end}.`, facts: [] };
}
