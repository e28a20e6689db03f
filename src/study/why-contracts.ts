/**
 * How an account of contracts came to be short: what it had traded, when it was called, and how it was closed. Nothing is said
 * of an account without contracts.
 */
import type { RecordedEvent } from '../record/recorder.ts';
import { clock, figures, listed, tokens, usd } from './amounts.ts';
import { factText } from './fact-text.ts';
import type { Reason } from './reason.ts';
import type { Trace } from './trace-reading.ts';
import { explainTakeover } from './why-cash.ts';
import { explainMarks } from './why-marks.ts';

const FACTS_SHOWN = 12;

export function explainContracts(trace: Trace, loss: RecordedEvent): readonly Reason[] {
  const position = trace.position(loss.subject);
  const trades = trace.contractTrades(position).filter(({ seq }) => seq < loss.seq);
  if (trades.length === 0) return [];
  return [...explainTrades(trace, position.owner, trades), ...explainCalls(trace, loss), ...closings(trace, loss)];
}

/** One closing of an account: what was closed, what it had traded, when it was called, and what moved. */
export function explainCloseout(trace: Trace, fact: RecordedEvent): readonly Reason[] {
  const position = trace.position(fact.subject);
  const trades = trace.contractTrades(position).filter(({ seq }) => seq < fact.seq);
  return [
    { at: fact.at, text: factText(trace, fact), facts: [fact.seq] },
    ...explainTrades(trace, position.owner, trades),
    ...explainCalls(trace, fact),
    ...explainMarks(trace, fact),
    ...explainTakeover(trace, fact),
  ];
}

/** What an account traded, contract by contract; nothing of no trades. */
export function explainTrades(trace: Trace, owner: string, trades: readonly RecordedEvent[]): readonly Reason[] {
  if (trades.length === 0) return [];
  const sums = new Map<number, { size: number; paid: number }>();
  for (const { subject, a, b } of trades) {
    const sum = sums.get(subject) ?? { size: 0, paid: 0 };
    sum.size += a;
    sum.paid += b;
    sums.set(subject, sum);
  }
  const parts = [...sums].map(([contract, { size, paid }]) => {
    const { name, underlying, settle } = trace.contract(contract);
    const amount = tokens(trace.tokensOf(underlying, Math.abs(size)), underlying);
    return `${size > 0 ? 'bought' : 'sold'} ${amount} of ${name} for ${tokens(trace.tokensOf(settle, Math.abs(paid)), settle)}`;
  });
  const last = trades[trades.length - 1];
  const net = trades.length > sums.size ? ', on balance' : '';
  const text = `${owner} ${listed(parts)}${net}. After the last trade the health factor was ${figures(last.d)}.`;
  return [{ at: trades[0].at, text, facts: trades.slice(0, FACTS_SHOWN).map(({ seq }) => seq) }];
}

/** The last call for margin before a fact of the position. */
export function explainCalls(trace: Trace, loss: RecordedEvent): readonly Reason[] {
  const last = trace.facts.findLast(({ kind, subject, seq }) => kind === 'margin-call' && subject === loss.subject && seq < loss.seq);
  if (last === undefined) return [];
  const text = `It was called for margin at a health factor of ${figures(last.a)}, with time until ${clock(last.b)}.`;
  return [{ at: last.at, text, facts: [last.seq] }];
}

/** The closings before the loss, together. */
function closings(trace: Trace, loss: RecordedEvent): readonly Reason[] {
  const own = trace.facts.filter(({ kind, subject, seq }) => kind === 'closeout' && subject === loss.subject && seq < loss.seq);
  if (own.length === 0) return [];
  const first = own[0];
  const closed = own.reduce((sum, { a }) => sum + a, 0);
  const taken = own.some(({ d }) => d === 1) ? ', the vault taking over what was left' : '';
  const text =
    own.length === 1
      ? `It was closed, ${usd(closed)}${taken}, at a health factor of ${figures(first.c)}.`
      : `It was closed in ${own.length} steps, ${usd(closed)} in all${taken}, the first at a health factor of ${figures(first.c)}.`;
  return [...explainMarks(trace, first), { at: first.at, text, facts: own.slice(0, FACTS_SHOWN).map(({ seq }) => seq) }];
}
