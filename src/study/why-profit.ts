/**
 * Where the profit of an account of contracts came from: each contract, funding and fees. Told of one that did nothing else and to which
 * nothing was done, if it was looked at; and only where the parts make up the whole.
 */
import type { RecordedEvent } from '../record/recorder.ts';
import { listed, signedUsd, tokens } from './amounts.ts';
import type { Reason } from './reason.ts';
import { accountOf, type Trace } from './trace-reading.ts';
import { fundingOfAll } from './why-cash.ts';

/** What an account does, or is told, that leaves its profit to its contracts. */
const HARMLESS: readonly string[] = ['wake', 'refusal', 'contract-trade', 'deposit', 'withdraw', 'margin-call', 'reassessed'];
/** What rounding may come to, USD. */
const CENT = 0.01;
const FACTS_SHOWN = 12;

export function explainProfit(trace: Trace, account: string, positions: readonly number[]): readonly Reason[] {
  const [position, ...more] = positions;
  if (position === undefined || more.length > 0 || trace.position(position).owner !== account) return [];
  const trades = trace.contractTrades(trace.position(position));
  const lines = trace.outcome.parties.filter((line) => line.account === account);
  if (trades.length === 0 || lines.length !== 1) return [];
  const { protocol, settle } = trace.contract(trades[0].subject);
  const [{ asset, startUnits, endUnits, profitUsd }] = lines;
  if (asset !== settle || !isSteady(trace, protocol, settle) || !isAlone(trace, account, position)) return [];
  const funding = fundingOfAll(trace, position);
  if (funding === undefined) return [];
  const toUsd = trace.fairUsd(settle, trace.outcome.endMs) / 10 ** trace.decimalsOf(settle);
  if (!(Math.abs((endUnits - startUnits) * toUsd - profitUsd) <= CENT)) return [];
  const fees = trades.reduce((sum, { c }) => sum + c, 0) * toUsd;
  const paidUsd = funding * trace.fairUsd(settle, trace.outcome.endMs);
  const results = resultsOf(trace, trades, toUsd);
  const rest = profitUsd + fees + paidUsd - results.reduce((sum, { usd }) => sum + (usd ?? 0), 0);
  const open = results.filter(({ usd }) => usd === undefined);
  // What is open is worth what the final account says; where nothing is, nothing may be left.
  if (open.length === 0 && Math.abs(rest) > CENT) return [];
  const parts = [
    ...results.flatMap(({ name, premium, usd }) => (usd === undefined ? [] : [`${signedUsd(usd)} by ${name}${premium}`])),
    ...(open.length === 0
      ? []
      : [`${signedUsd(rest)} by ${listed(open.map(({ name, premium }) => `${name}${premium}`))}, open at the end`]),
    ...(Math.abs(paidUsd) > CENT ? [`${signedUsd(-paidUsd)} of funding`] : []),
    ...(fees > CENT ? [`${signedUsd(-fees)} in fees`] : []),
  ];
  const text = `${account} did nothing but trade contracts: ${parts.join('; ')}.`;
  return [{ at: trace.outcome.endMs, text, facts: trades.slice(0, FACTS_SHOWN).map(({ seq }) => seq) }];
}

/** Whether dollars of all times may be added: the asset has one fair price, and the protocol sees that. */
function isSteady(trace: Trace, protocol: string, asset: string): boolean {
  const market = trace.market(trace.outcome.names.markets.indexOf(`${protocol}/${asset}`));
  const [first, ...later] = trace.fairPath(asset);
  return trace.oracleOf(market).source === 'outside' && later.every(({ price }) => price === first.price);
}

/** Whether nothing but its contracts can have made its profit. */
function isAlone(trace: Trace, account: string, position: number): boolean {
  const { protocol } = trace.position(position);
  return trace.facts.every(({ kind, actor, subject, b }) => {
    if (kind === 'open-shortfall' && trace.position(subject).protocol === protocol) return false;
    if ((kind === 'deleverage' || kind === 'shortfall') && accountOf(trace.position(subject).owner) === account) return false;
    if (actor < 0 || trace.accountName(actor) !== account) return true;
    // What was refused may have cost gas.
    return HARMLESS.includes(kind) && !(kind === 'refusal' && b > 0);
  });
}

interface Result {
  readonly name: string;
  /** What an option was bought or sold for. */
  readonly premium: string;
  /** Undefined of what is open at the end. */
  readonly usd: number | undefined;
}

function resultsOf(trace: Trace, trades: readonly RecordedEvent[], toUsd: number): readonly Result[] {
  return [...Map.groupBy(trades, ({ subject }) => subject)].map(([contract, own]) => {
    const { name, settle } = trace.contract(contract);
    const size = own.reduce((sum, { a }) => sum + a, 0);
    const paid = own.reduce((sum, { b }) => sum + b, 0);
    const expiry = trace.facts.find(({ kind, subject }) => kind === 'expiry' && subject === contract);
    const isOption = trace.isOption(contract);
    const amount = tokens(trace.tokensOf(settle, Math.abs(paid)), settle);
    const premium = isOption ? ` (${paid < 0 ? 'received' : 'paid'} ${amount} in premiums${own.length > 1 ? ', on balance' : ''})` : '';
    if (size === 0) return { name, premium, usd: -paid * toUsd };
    return { name, premium, usd: expiry === undefined ? undefined : -paid * toUsd + size * expiry.a };
  });
}
