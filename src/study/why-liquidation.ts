/**
 * One liquidation explained: what it took, which marks brought it about, whether the fair price would have done the same, and how late it
 * came after the fair price had called for it. The moment is computed from the fair path where the position has one collateral and one
 * debt and its health went with their prices; elsewhere nothing is said of it.
 */
import type { Ms } from '../base/units.ts';
import type { RecordedEvent } from '../record/recorder.ts';
import { clock, figures, usd } from './amounts.ts';
import { factText } from './fact-text.ts';
import type { Reason } from './reason.ts';
import { accountOf, type Trace } from './trace-reading.ts';
import { explainMarks, isOfLot, wentWithMarks } from './why-marks.ts';

export function explainLiquidation(trace: Trace, fact: RecordedEvent): readonly Reason[] {
  return [liquidationReason(trace, fact), ...explainFairness(trace, fact)];
}

/** Who took what. */
export function liquidationReason(trace: Trace, fact: RecordedEvent): Reason {
  const { protocol, owner } = trace.position(fact.subject);
  const liquidator = trace.accountName(fact.actor);
  const gain = fact.b - fact.a;
  const more = `${usd(Math.abs(gain))} ${gain < 0 ? 'less' : 'more'}`;
  const paid = `repaid ${usd(fact.a)} and took collateral worth ${usd(fact.b)} at fair prices, ${more}`;
  return { at: fact.at, text: `${liquidator} liquidated ${owner} at ${protocol}: ${paid}.`, facts: [fact.seq] };
}

/** What brought it about, whether the fair price would have done the same, and how late it came. */
export function explainFairness(trace: Trace, fact: RecordedEvent): readonly Reason[] {
  if (isOfLot(fact)) return explainBeginning(trace, fact);
  const reasons: Reason[] = [...explainMarks(trace, fact), { at: fact.at, text: verdict(fact), facts: [fact.seq] }];
  const due = fact.d < 1 ? dueAt(trace, fact) : undefined;
  if (due !== undefined) {
    const late = fact.at - due;
    const text =
      late > 0
        ? `By the fair price it was due at ${clock(due)}: it came ${clock(late)} late.`
        : 'By the fair price it was due at that very moment.';
    reasons.push({ at: due, text, facts: [fact.seq] });
  }
  return reasons;
}

/** Why it was begun to take out of a position what was sold here. */
function explainBeginning(trace: Trace, fact: RecordedEvent): readonly Reason[] {
  const { protocol, owner } = trace.position(fact.subject);
  const whose = (id: number) => {
    const position = trace.position(id);
    return position.protocol === protocol && accountOf(position.owner) === accountOf(owner);
  };
  const start = trace.facts.findLast(({ kind, subject, seq }) => kind === 'liquidation-start' && seq < fact.seq && whose(subject));
  if (start === undefined) return [];
  return [...explainMarks(trace, start), { at: start.at, text: factText(trace, start), facts: [start.seq] }];
}

function verdict({ c, d }: RecordedEvent): string {
  const numbers = `the health factor was ${figures(c)} by the oracle and ${figures(d)} at fair prices`;
  return d >= 1
    ? `It would not have happened at the fair price: ${numbers}.`
    : `It would have happened at the fair price as well: ${numbers}.`;
}

/**
 * Since when the position was below 1 at fair prices, without a break, up to the liquidation. Between its own changes a position of one
 * collateral and one debt has a health in proportion to the ratio of their prices (interest since the last change left out).
 */
function dueAt(trace: Trace, fact: RecordedEvent): Ms | undefined {
  const deeds = trace.deeds(trace.position(fact.subject)).filter(({ seq }) => seq < fact.seq);
  const one = (kind: string) => {
    const assets = [...new Set(deeds.filter((deed) => deed.kind === kind).map(({ subject }) => trace.market(subject).asset))];
    return assets.length === 1 ? assets[0] : undefined;
  };
  const [collateral, debt] = [one('deposit'), one('borrow')];
  if (collateral === undefined || debt === undefined || deeds.some(({ kind }) => kind === 'margin-trade')) return undefined;
  const earlier = trace.facts.filter(({ kind, subject, seq }) => kind === 'liquidation' && subject === fact.subject && seq < fact.seq);
  const since = Math.max(0, ...deeds.map(({ at }) => at), ...earlier.map(({ at }) => at));
  const ratio = (at: Ms) => trace.fairUsd(collateral, at) / trace.fairUsd(debt, at);
  const atFact = ratio(fact.at);
  if (!(atFact > 0) || !wentWithMarks(trace, fact, since)) return undefined;
  const moments = [...trace.fairPath(collateral), ...trace.fairPath(debt)].map(({ at }) => at).filter((at) => at >= since && at <= fact.at);
  const sorted = [...new Set([since, ...moments])].sort((a, b) => b - a);
  let due: Ms | undefined;
  for (const at of sorted) {
    if (!((fact.d * ratio(at)) / atFact < 1)) break;
    due = at;
  }
  return due;
}
