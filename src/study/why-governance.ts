/**
 * What governance changed under a position: another engine or other numbers, and what the position needed before and after. Told of changes
 * that made it liquidatable, or after which it needed another amount.
 */
import type { Ms } from '../base/units.ts';
import { marginParams } from '../protocol/instrument/margin-params.ts';
import { marketParams } from '../protocol/market-params.ts';
import type { RecordedEvent } from '../record/recorder.ts';
import { clock, figures, listed, usd } from './amounts.ts';
import type { Reason } from './reason.ts';
import type { Trace } from './trace-reading.ts';

const CHANGES: readonly string[] = ['risk-engine', 'parameter', 'contract-parameter'];
/** In a block the marks alone move what a position needs by less than this part. */
const APART = 0.02;

/** @param since  what was changed before is told only if it made the position liquidatable */
export function explainGovernance(trace: Trace, fact: RecordedEvent, since: Ms): readonly Reason[] {
  const { protocol } = trace.position(fact.subject);
  const before = trace.facts.filter(({ seq }) => seq < fact.seq);
  const changed = before.filter((change) => CHANGES.includes(change.kind) && protocolOf(trace, change) === protocol);
  return [...Map.groupBy(changed, ({ at }) => at)].flatMap(([at, together]) => {
    const reassessed = before.find((one) => one.kind === 'reassessed' && one.subject === fact.subject && one.at === at);
    return at >= since || reassessed !== undefined ? changeReason(trace, fact.subject, together, reassessed) : [];
  });
}

function changeReason(
  trace: Trace,
  position: number,
  changed: readonly RecordedEvent[],
  reassessed: RecordedEvent | undefined,
): readonly Reason[] {
  const [{ at }] = changed;
  // Governance acts at the end of a block: what was seen in it before was seen before the change.
  const looks = trace.looks(position);
  const before = looks.findLast((look) => look.at < at || (look.at === at && look.when !== 'block'));
  const after = looks.find((look) => look.at === at && look.when === 'block');
  if (before === undefined || after === undefined) return [];
  const least = APART * Math.max(before.required, after.required);
  if (reassessed === undefined && !(Math.abs(after.required - before.required) > least)) return [];
  const { protocol } = trace.position(position);
  // Of many numbers those of what it holds or owes, if there are such.
  const own = changed.filter((change) => after.holdings.some(({ name }) => name === subjectOf(trace, change)));
  const told = changed.filter((change) => change.kind === 'risk-engine' || own.length === 0 || own.includes(change));
  const what = listed(told.map((change) => changeText(trace, change)));
  const needed = `In that block what it needed went from ${usd(before.required)} to ${usd(after.required)}`;
  const made = reassessed === undefined ? '' : `: the change made it liquidatable, at a health factor of ${figures(reassessed.a)}`;
  const facts = [...told, ...(reassessed === undefined ? [] : [reassessed])].map((one) => one.seq);
  return [{ at, text: `At ${clock(at)} governance of ${protocol} ${what}. ${needed}${made}.`, facts }];
}

function changeText(trace: Trace, { kind, subject, at, seq, a, b, c }: RecordedEvent): string {
  const from = `from ${figures(b)} to ${figures(a)}`;
  const of = subjectOf(trace, { kind, subject });
  if (of !== undefined) return `changed ${Object.keys(kind === 'parameter' ? marketParams : marginParams)[c]} of ${of} ${from}`;
  const earlier = trace.facts.findLast((one) => one.kind === kind && one.subject === subject && one.seq < seq);
  const protocol = protocolOf(trace, { kind, subject });
  return `replaced ${trace.engine(protocol, earlier?.at)} by ${trace.engine(protocol, at)}`;
}

/** The asset or the contract whose number changed. */
function subjectOf(trace: Trace, { kind, subject }: Pick<RecordedEvent, 'kind' | 'subject'>): string | undefined {
  if (kind === 'risk-engine') return undefined;
  return kind === 'parameter' ? trace.market(subject).asset : trace.contract(subject).name;
}

function protocolOf(trace: Trace, { kind, subject }: Pick<RecordedEvent, 'kind' | 'subject'>): string {
  if (kind === 'parameter') return trace.market(subject).protocol;
  return kind === 'contract-parameter' ? trace.contract(subject).protocol : trace.protocolName(subject);
}
