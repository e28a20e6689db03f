/**
 * Facts whose numbers only mean something together, as sentences: contracts traded, closed, expired and called for margin, and who paid in
 * each layer of a waterfall. All others are told number by number, in `fact-text.ts`.
 */
import type { EventKind, RecordedEvent } from '../record/recorder.ts';
import { clock, figures, tokens, usd } from './amounts.ts';
import type { Trace } from './trace-reading.ts';

type Sentence = (trace: Trace, fact: RecordedEvent) => string;

/** `the 40 TKN that he was short of TKN-PERP`, or of long. */
function sizeText(trace: Trace, contract: number, units: number): string {
  const { name, underlying } = trace.contract(contract);
  return `${tokens(trace.tokensOf(underlying, Math.abs(units)), underlying)} ${units > 0 ? 'long' : 'short'} in ${name}`;
}

const SENTENCES: Partial<Record<EventKind, Sentence>> = {
  'contract-trade'(trace, { actor, subject, a, b, c, d }) {
    const { protocol, name, underlying, settle } = trace.contract(subject);
    const cash = (units: number) => tokens(trace.tokensOf(settle, Math.abs(units)), settle);
    const size = tokens(trace.tokensOf(underlying, Math.abs(a)), underlying);
    const fee = c > 0 ? ` and a fee of ${cash(c)}` : '';
    const done = `${trace.accountName(actor)} ${a > 0 ? 'bought' : 'sold'} ${size} of ${name} at ${protocol} for ${cash(b)}${fee}`;
    return `${done}, which left a health factor of ${figures(d)}.`;
  },
  closeout(trace, { actor, subject, a, b, c, d }) {
    const { protocol, owner } = trace.position(subject);
    const how = d === 1 ? 'let the vault take over' : 'closed';
    const paid = b > 0 ? `, for a penalty of ${usd(b)}` : '';
    return `${trace.accountName(actor)} ${how} ${usd(a)} of ${owner}'s at ${protocol}, at a health factor of ${figures(c)}${paid}.`;
  },
  'liquidation-start'(trace, { actor, subject, a, b, c, d }) {
    const { protocol, owner } = trace.position(subject);
    const health = `a health factor of ${figures(c)} (${figures(d)} at fair prices)`;
    return `${trace.accountName(actor)} began to liquidate ${owner} at ${protocol}, ${usd(a)} of debt at ${health}, and got ${usd(b)}.`;
  },
  redistribution(trace, { subject, a, b, c }) {
    const { protocol, owner } = trace.position(subject);
    const others = `${c} other ${c === 1 ? 'borrower' : 'borrowers'} at ${protocol}`;
    return `${usd(a)} of ${owner}'s debt was laid upon ${others}, with collateral worth ${usd(b)}.`;
  },
  'margin-call'(trace, { subject, a, b }) {
    const { protocol, owner } = trace.position(subject);
    return `${protocol} called ${owner} for margin at a health factor of ${figures(a)}, with time until ${clock(b)}.`;
  },
  expiry(trace, { subject, a, b }) {
    const { protocol, name, underlying } = trace.contract(subject);
    const perToken = usd(a * 10 ** trace.decimalsOf(underlying));
    return `${name} of ${protocol} expired at ${perToken} per ${underlying}: ${usd(b)} changed hands.`;
  },
  'treasury-sale'(trace, { subject, a, b, c, d }) {
    const asset = trace.outcome.names.assets[subject];
    const sold = `${tokens(trace.tokensOf(asset, a), asset)}, worth ${usd(d)} at fair prices before,`;
    return c === 1 ? `${sold} were made and sold, and brought ${usd(b)}.` : `The insurance fund sold ${sold} and got ${usd(b)}.`;
  },
  deleverage(trace, { subject, a, b, c, d }) {
    const { protocol, owner } = trace.position(subject);
    const paid = `${owner} paid ${usd(a)} for a shortfall at ${protocol}`;
    if (b < 0) return `${paid}, out of cash and contracts together.`;
    if (c === 0) return `${paid}, out of what was won in ${trace.contract(b).name}.`;
    const over = d >= 0.005 ? `, with ${usd(d)} of profit beyond that` : '';
    return `${paid}: ${sizeText(trace, b, c)} were closed${over}.`;
  },
  'insurance-fund': paidBy('The insurance fund'),
  'vault-loss': paidBy('The vault'),
  adl: paidBy('Those who had won'),
  recapitalise: paidBy('The sale of new tokens'),
  socialise: (trace, { subject, a, b }) => `The lenders of ${marketText(trace, b)} lost ${usd(a)} for ${ownerText(trace, subject)}.`,
};

function paidBy(who: string): Sentence {
  return (trace, { subject, a, b, d }) => {
    const { asset } = trace.market(b);
    const left = d > 0 ? `; ${tokens(trace.tokensOf(asset, d), asset)} were left` : ', and nothing was left';
    return `${who} paid ${usd(a)} of what ${ownerText(trace, subject)} was short of${left}.`;
  };
}

function ownerText(trace: Trace, position: number): string {
  const { protocol, owner } = trace.position(position);
  return `${owner} at ${protocol}`;
}

function marketText(trace: Trace, market: number): string {
  const { protocol, asset } = trace.market(market);
  return `${asset} at ${protocol}`;
}

/** The sentence of a fact that has one. */
export function factSentence(trace: Trace, fact: RecordedEvent): string | undefined {
  return SENTENCES[fact.kind]?.(trace, fact);
}
