/**
 * Why a run ended as it did, in sentences with numbers: its largest bad debt, else what an attacker did, else its largest liquidation or
 * closing; or one fact, or what befell one account.
 * Every sentence stands on facts of the trace, named by their numbers. What the trace does not say is not said.
 */
import type { Usd } from '../base/units.ts';
import type { RecordedEvent } from '../record/recorder.ts';
import type { PartyLine } from '../run/outcome.ts';
import { listed, signedUsd } from './amounts.ts';
import { factText } from './fact-text.ts';
import type { Reason } from './reason.ts';
import type { Trace } from './trace-reading.ts';
import { explainAccount } from './why-account.ts';
import { explainAttack } from './why-attack.ts';
import { explainBadDebt, isLoss, largest } from './why-bad-debt.ts';
import { explainCloseout } from './why-contracts.ts';
import { explainLiquidation } from './why-liquidation.ts';
import { explainMarks } from './why-marks.ts';

export interface Explanation {
  /** `fact`: one that is no loss. `attack`: what an attacker did to no bad debt. `nothing`: nothing went wrong. */
  readonly about: 'bad-debt' | 'liquidation' | 'attack' | 'fact' | 'account' | 'nothing';
  readonly reasons: readonly Reason[];
  /** Of explanations of a loss or of an attack; of others nothing. */
  readonly whoPaid: readonly { readonly role: string; readonly profitUsd: Usd }[];
}

/** Explains how a run ended; given the number of a fact or the name of an account, that. Undefined if there is no such thing. */
export function explain(trace: Trace, what?: number | string): Explanation | undefined {
  if (typeof what === 'number') return explainFact(trace, what);
  if (what !== undefined) {
    const reasons = explainAccount(trace, what);
    return reasons === undefined ? undefined : { about: 'account', reasons, whoPaid: [] };
  }
  const whoPaid = sumByRole(trace.outcome.parties);
  const loss = largestLoss(trace);
  if (loss !== undefined) return { about: 'bad-debt', reasons: explainBadDebt(trace, loss), whoPaid };
  const attack = explainAttack(trace);
  const liquidation = largest(
    trace.facts.filter(({ kind }) => kind === 'liquidation' || kind === 'closeout'),
    ({ a }) => a,
  );
  const liquidated = liquidation === undefined ? [] : explainForced(trace, liquidation);
  if (attack.length > 0) return { about: 'attack', reasons: [noBadDebt(trace), ...attack, ...liquidated], whoPaid };
  if (liquidation === undefined) return { about: 'nothing', reasons: quiet(trace), whoPaid: [] };
  return { about: 'liquidation', reasons: [...quiet(trace), ...liquidated], whoPaid };
}

function explainFact(trace: Trace, event: number): Explanation | undefined {
  const fact = trace.fact(event);
  if (fact === undefined) return undefined;
  if (isLoss(fact)) return { about: 'bad-debt', reasons: explainBadDebt(trace, fact), whoPaid: sumByRole(trace.outcome.parties) };
  if (fact.kind === 'liquidation' || fact.kind === 'closeout')
    return { about: 'liquidation', reasons: explainForced(trace, fact), whoPaid: [] };
  return { about: 'fact', reasons: [...chainOf(trace, fact), ...explainMarks(trace, fact)], whoPaid: [] };
}

function explainForced(trace: Trace, fact: RecordedEvent): readonly Reason[] {
  return fact.kind === 'closeout' ? explainCloseout(trace, fact) : explainLiquidation(trace, fact);
}

/** What each role made, the largest loss first. */
export function sumByRole(parties: readonly PartyLine[]): readonly { readonly role: string; readonly profitUsd: Usd }[] {
  const sums = new Map<string, Usd>();
  for (const { role, profitUsd } of parties) sums.set(role, (sums.get(role) ?? 0) + profitUsd);
  return [...sums]
    .map(([role, profitUsd]) => ({ role, profitUsd }))
    .sort((a, b) => a.profitUsd - b.profitUsd || (a.role < b.role ? -1 : 1));
}

/**
 * The largest bad debt above what rounding leaves. Of a position that was written off it is what was written off: what is open of it at the
 * end is the same loss, grown by interest.
 */
function largestLoss({ facts }: Trace): RecordedEvent | undefined {
  const size = ({ a }: RecordedEvent) => a;
  const loss = largest(facts.filter(isLoss), size);
  if (loss === undefined || loss.a <= 0.01) return undefined;
  return (
    largest(
      facts.filter(({ kind, subject }) => kind === 'shortfall' && subject === loss.subject),
      size,
    ) ?? loss
  );
}

function noBadDebt({ outcome }: Trace): Reason {
  const text = 'No position was left owing more than its collateral is worth: there is no bad debt to explain.';
  return { at: outcome.endMs, text, facts: [] };
}

function quiet(trace: Trace): readonly Reason[] {
  const { outcome, facts } = trace;
  const refused = facts.filter(({ kind }) => kind === 'refusal');
  const codes = [...new Set(refused.map(({ a }) => outcome.names.refusals[a]))];
  const reasons: Reason[] = [noBadDebt(trace)];
  if (refused.length > 0) {
    const count = refused.length === 1 ? 'One transaction was' : `${refused.length} transactions were`;
    reasons.push({ at: refused[0].at, text: `${count} refused (${listed(codes)}).`, facts: refused.slice(0, 8).map(({ seq }) => seq) });
  }
  return reasons;
}

/** The fact and what was recorded as its causes, one line each. */
function chainOf(trace: Trace, fact: RecordedEvent): readonly Reason[] {
  return [fact, ...trace.causes(fact)].map((link, depth) => {
    return { at: link.at, text: `${depth === 0 ? '' : 'because of: '}${factText(trace, link)}`, facts: [link.seq] };
  });
}

/** The last line: gains and losses by role. */
export function whoPaidText(lines: Explanation['whoPaid']): string {
  const moved = lines.filter(({ profitUsd }) => Math.abs(profitUsd) >= 0.5);
  const losers = moved.filter(({ profitUsd }) => profitUsd < 0).map(({ role, profitUsd }) => `${role} ${signedUsd(profitUsd)}`);
  const winners = moved.filter(({ profitUsd }) => profitUsd > 0).reverse();
  const gained = winners.map(({ role, profitUsd }) => `${role} ${signedUsd(profitUsd)}`);
  if (losers.length === 0 && gained.length === 0) return 'Nobody gained or lost half a dollar.';
  return `Who paid: ${listed(losers)}. Who has it: ${listed(gained)}.`;
}
