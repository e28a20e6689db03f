/**
 * What the cash of an account of contracts says: the funding that was paid while its owner did nothing, and the equity that goes along when
 * the vault takes an account over. What cannot be told apart exactly is not told.
 */
import type { RecordedEvent } from '../record/recorder.ts';
import type { Look } from '../run/witness.ts';
import { usd } from './amounts.ts';
import type { Reason } from './reason.ts';
import { lookOf, type Trace } from './trace-reading.ts';

/** What changes the cash of a position without a look at that moment. */
const UNSEEN: readonly string[] = ['deleverage', 'shortfall', 'expiry'];

/**
 * Funding that was paid from one look to another, between which the owner did nothing, in tokens of the settlement asset; negative where it
 * was received. Funding is what changes cash from one moment to the next; what is done to a position changes it at a moment.
 */
export function fundingPaid(trace: Trace, position: number, from: Look, to: Look): number | undefined {
  const all = trace.looks(position);
  const looks = all.slice(all.indexOf(from), all.indexOf(to) + 1).filter((look) => look === from || isSound(trace, position, look));
  const unseen = trace.facts.filter((fact) => UNSEEN.includes(fact.kind) && fact.at > from.at && concerns(trace, fact, position));
  let paid = 0;
  for (const [i, look] of looks.entries()) {
    const last = looks[i - 1] ?? look;
    if (last.cash === undefined || look.cash === undefined) return undefined;
    if (last.at === look.at) continue;
    if (unseen.some((fact) => fact.at > last.at && fact.at <= look.at && touches(trace, fact, last))) return undefined;
    paid += last.cash.amount - look.cash.amount;
  }
  return paid;
}

/** Funding over the whole run, its owner's acts told apart; undefined where that cannot be done. In tokens, as above. */
export function fundingOfAll(trace: Trace, position: number): number | undefined {
  const looks = trace.looks(position).filter((look) => isSound(trace, position, look) || deedOf(trace, position, look) !== undefined);
  const expiries = trace.facts.filter((fact) => fact.kind === 'expiry' && concerns(trace, fact, position));
  let paid = 0;
  for (const [i, look] of looks.entries()) {
    const last = looks[i - 1] ?? look;
    if (last.cash === undefined || look.cash === undefined) return undefined;
    if (last.at === look.at) continue;
    const { name } = look.cash;
    const deed = look.when === 'block' ? undefined : deedOf(trace, position, look);
    let done = deed === undefined ? 0 : broughtBy(trace, deed, name);
    for (const { subject, at, a } of expiries) {
      if (at <= last.at || at > look.at) continue;
      // A size that was traded in that very block is not what was held before it.
      if (looks.some((other) => other.at === look.at && other.when !== 'block')) return undefined;
      const contract = trace.contract(subject);
      const size = last.holdings.find((holding) => holding.name === contract.name)?.amount ?? 0;
      done += (size * a * 10 ** trace.decimalsOf(contract.underlying)) / trace.fairUsd(name, at);
    }
    paid += last.cash.amount + done - look.cash.amount;
  }
  const end = looks[looks.length - 1];
  const open = end?.holdings.some(({ name }) => name !== end.cash?.name);
  return end === undefined || (open && end.at < trace.outcome.endMs) ? undefined : paid;
}

/** The fact of an owner's act that was seen, if it held. */
function deedOf(trace: Trace, position: number, { when, at, healthFactor }: Look): RecordedEvent | undefined {
  const named = trace.position(position);
  return [...trace.deeds(named), ...trace.contractTrades(named)].find(
    (deed) => deed.kind === when && deed.at === at && deed.d === healthFactor,
  );
}

/** What an act added to the cash, in tokens. */
function broughtBy(trace: Trace, { kind, subject, a, b, c }: RecordedEvent, asset: string): number {
  if (kind === 'contract-trade') return -trace.tokensOf(asset, b + c);
  if (trace.market(subject).asset !== asset) return 0;
  return trace.tokensOf(asset, kind === 'withdraw' ? -a : kind === 'deposit' ? a : 0);
}

/** Whether what was seen was not undone: a block's end, or what was told of the position and holds. */
function isSound({ facts }: Trace, position: number, { when, at, healthFactor }: Look): boolean {
  if (when === 'block') return true;
  return facts.some(({ kind, subject, at: then, c }) => kind === when && subject === position && then === at && c === healthFactor);
}

function concerns(trace: Trace, { kind, subject }: RecordedEvent, position: number): boolean {
  return kind === 'expiry' ? trace.contract(subject).protocol === trace.position(position).protocol : subject === position;
}

function touches(trace: Trace, { kind, subject }: RecordedEvent, { holdings }: Look): boolean {
  return kind !== 'expiry' || holdings.some(({ name }) => name === trace.contract(subject).name);
}

/** What an account still had when the vault took it over, where nothing of it was left to its owner. */
export function explainTakeover(trace: Trace, fact: RecordedEvent): readonly Reason[] {
  if (fact.kind !== 'closeout' || fact.d !== 1) return [];
  const looks = trace.looks(fact.subject);
  const before = looks[lookOf(looks, fact)];
  const after = looks.slice(looks.indexOf(before) + 1).find(({ when }) => when === 'block');
  if (before === undefined || after === undefined || after.at !== fact.at || after.holdings.length > 0 || !(before.equity > 0)) return [];
  // Its owner may have taken out himself what the vault left.
  const deeds = trace.deeds(trace.position(fact.subject));
  if (deeds.some(({ kind, at, seq }) => kind === 'withdraw' && at === fact.at && seq > fact.seq)) return [];
  return [{ at: fact.at, text: `What was left of its equity, ${usd(before.equity)}, went to the vault.`, facts: [fact.seq] }];
}
