/**
 * What befell one account: how it came to stand as it did, each liquidation and closing of its positions, what it was short of and who paid
 * for that, and what it ended with.
 */
import { FORCED, type RecordedEvent } from '../record/recorder.ts';
import { clock, listed, signedUsd, usd } from './amounts.ts';
import { factText } from './fact-text.ts';
import type { Reason } from './reason.ts';
import { accountOf, type NamedPosition, type Trace } from './trace-reading.ts';
import { explainLoss, isLoss, lending } from './why-bad-debt.ts';
import { explainTakeover } from './why-cash.ts';
import { explainCalls, explainTrades } from './why-contracts.ts';
import { liquidationReason } from './why-liquidation.ts';
import { explainMarks, isOfLot } from './why-marks.ts';
import { explainProfit } from './why-profit.ts';

/** More of a kind are summed up. */
const TOLD_MAX = 6;
const FACTS_SHOWN = 12;

/** @param account  a ledger account, `long/55`, or one of its sub-accounts, `long/55#2`; undefined where the run has no such account */
export function explainAccount(trace: Trace, account: string): readonly Reason[] | undefined {
  const { names } = trace.outcome;
  const positions = names.positions.flatMap((name, id) => {
    if (name === '') return [];
    const { owner } = trace.position(id);
    return owner === account || accountOf(owner) === account ? [id] : [];
  });
  if (positions.length === 0 && !names.accounts.includes(account)) return undefined;
  const reasons = positions.flatMap((position) => ofPosition(trace, position));
  const told = reasons.length === 0 ? [nothing(trace, account, positions), ...explainProfit(trace, account, positions)] : reasons;
  return [...told, ...ending(trace, accountOf(account))];
}

function ofPosition(trace: Trace, id: number): readonly Reason[] {
  const position = trace.position(id);
  const own = trace.facts.filter((fact) => fact.subject === id && (FORCED.includes(fact.kind) || isLoss(fact)));
  if (own.length === 0) return [];
  const forced = own.filter(({ kind }) => FORCED.includes(kind));
  // What was written off is told; what is left of it at the end would be told twice.
  const losses = own.filter((fact) => isLoss(fact) && fact.a > CENT);
  const [first] = own;
  return [
    ...(isOfLot(first) ? [] : cameAbout(trace, position, forced[0] ?? first)),
    ...forced.slice(0, TOLD_MAX).flatMap((fact) => step(trace, fact)),
    ...others(forced.slice(TOLD_MAX)),
    ...forced.slice(TOLD_MAX).flatMap((fact) => explainTakeover(trace, fact)),
    ...losses.filter(({ kind }, i) => i === 0 || kind === 'shortfall').flatMap((fact) => explainLoss(trace, fact)),
  ];
}

/** What its owner had done before the first of it, and what moved since. */
function cameAbout(trace: Trace, position: NamedPosition, first: RecordedEvent): readonly Reason[] {
  const before = ({ seq }: RecordedEvent) => seq < first.seq;
  return [
    ...lending(trace, position, trace.deeds(position).filter(before)),
    ...explainTrades(trace, position.owner, trace.contractTrades(position).filter(before)),
    ...explainCalls(trace, first),
    ...explainMarks(trace, first),
  ];
}

/** Less than a cent is rounding. */
const CENT = 0.01;

function step(trace: Trace, fact: RecordedEvent): readonly Reason[] {
  return [fact.kind === 'liquidation' ? liquidationReason(trace, fact) : said(trace, fact), ...explainTakeover(trace, fact)];
}

function said(trace: Trace, fact: RecordedEvent): Reason {
  return { at: fact.at, text: factText(trace, fact), facts: [fact.seq] };
}

function others(facts: readonly RecordedEvent[]): readonly Reason[] {
  if (facts.length === 0) return [];
  const all = facts.reduce((sum, { a }) => sum + a, 0);
  const count = facts.length === 1 ? 'One more step' : `${facts.length} more steps`;
  const text = `${count} until ${clock(facts[facts.length - 1].at)}, ${usd(all)} in all.`;
  return [{ at: facts[0].at, text, facts: facts.map(({ seq }) => seq) }];
}

function nothing(trace: Trace, account: string, positions: readonly number[]): Reason {
  const named = positions.map((id) => trace.position(id));
  const at = [...new Set(named.map(({ protocol }) => protocol))];
  const text =
    at.length === 0
      ? `${account} never had a position at a protocol.`
      : `${account} had a position at ${listed(at)}, was never liquidated or closed there, and left no bad debt.`;
  const trades = [...new Set(named.flatMap((position) => trace.contractTrades(position)))].slice(0, FACTS_SHOWN);
  return { at: trace.outcome.endMs, text, facts: trades.map(({ seq }) => seq) };
}

/** By the final account of the run. */
function ending({ outcome: { parties, endMs } }: Trace, account: string): readonly Reason[] {
  const own = parties.filter((line) => line.account === account);
  if (own.length === 0) return [];
  const profit = own.reduce((sum, { profitUsd }) => sum + profitUsd, 0);
  return [{ at: endMs, text: `Over the whole run ${account} made ${signedUsd(profit)}, at the fair prices of the end.`, facts: [] }];
}
