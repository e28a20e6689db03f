/**
 * One fact of a trace in words: who did what, and its numbers by the names that the vocabulary gives them. A trade is a sentence, because
 * its numbers only mean something together. What led to it is `why.ts`.
 */
import { marginParams } from '../protocol/instrument/margin-params.ts';
import { marketParams } from '../protocol/market-params.ts';
import { EVENT_KINDS, type RecordedEvent } from '../record/recorder.ts';
import { clock, figures, grouped, times, tokens, usd } from './amounts.ts';
import { factSentence } from './fact-sentences.ts';
import type { Trace } from './trace-reading.ts';

/** `refusal by bob/0: refusal_code BELOW_REQUIREMENT, gas_paid_units 0.01 ETH`, or the sentence of a trade. */
export function factText(trace: Trace, fact: RecordedEvent): string {
  if (fact.kind === 'trade') return tradeText(trace, fact);
  const sentence = factSentence(trace, fact);
  if (sentence !== undefined) return sentence;
  const by = fact.actor >= 0 ? ` by ${trace.accountName(fact.actor)}` : '';
  const means = EVENT_KINDS[fact.kind];
  const numbers = (['a', 'b', 'c', 'd'] as const).flatMap((column) =>
    means[column] === '' ? [] : [`${means[column]} ${numberText(trace, fact, means[column], fact[column])}`],
  );
  // Whose wake-up or transaction it was, the actor says already.
  const named = means.subject === 'agent' && fact.actor >= 0 ? '' : ` (${means.subject} ${subjectName(trace, fact, means.subject)})`;
  return `${fact.kind}${by}${named}${numbers.length === 0 ? '' : `: ${numbers.join(', ')}`}.`;
}

/** `attacker/0 sold 300 ETH for 374.384145 INV on sushi, whose price went from 0.1066 to 6.006 ETH per INV (56.4 times).` */
export function tradeText(trace: Trace, { actor, subject, a, b, c, d }: RecordedEvent): string {
  const venue = trace.outcome.names.venues[subject];
  const { base, quote } = trace.venueAssets(venue);
  const [sold, soldUnits, bought, boughtUnits] = a > 0 ? [base, a, quote, -b] : [quote, b, base, -a];
  const amounts = `${tokens(trace.tokensOf(sold, soldUnits), sold)} for ${tokens(trace.tokensOf(bought, boughtUnits), bought)}`;
  const moved = d > c * 1.5 ? ` (${times(d / c)} as high)` : d < c / 1.5 ? ` (down by ${grouped((1 - d / c) * 100, 0)} %)` : '';
  const path = `from ${figures(c)} to ${figures(d)} ${quote} per ${base}${moved}`;
  return `${trace.accountName(actor)} sold ${amounts} on ${venue}, whose price went ${path}.`;
}

function subjectName({ outcome: { names } }: Trace, { subject }: RecordedEvent, kind: string): string {
  const lists: Readonly<Record<string, readonly string[]>> = {
    agent: names.agents,
    asset: names.assets,
    oracle: names.oracles,
    venue: names.venues,
    market: names.markets,
    contract: names.contracts,
    position: names.positions,
  };
  return lists[kind]?.[subject] ?? String(subject);
}

/** A number in the unit that its name ends with; units in tokens where the fact says of which asset. */
function numberText(trace: Trace, fact: RecordedEvent, name: string, value: number): string {
  const { names } = trace.outcome;
  if (name === 'refusal_code') return names.refusals[value] ?? String(value);
  if (name === 'bought_asset') return names.assets[value] ?? String(value);
  if (name === 'market') return names.markets[value] ?? String(value);
  if (name === 'market_parameter') return Object.keys(marketParams)[value] ?? String(value);
  if (name === 'contract_parameter') return Object.keys(marginParams)[value] ?? String(value);
  if (name.endsWith('_usd')) return usd(value);
  if (name.endsWith('_ms')) return clock(value);
  if (!name.endsWith('units')) return figures(value);
  const asset = assetOf(trace, fact, name);
  return asset === undefined ? `${grouped(value, 0)} base units` : tokens(trace.tokensOf(asset, value), asset);
}

/** The asset whose units a number counts. */
function assetOf(trace: Trace, fact: RecordedEvent, name: string): string | undefined {
  const { names } = trace.outcome;
  if (name === 'gas_paid_units') return trace.gasAsset;
  switch (EVENT_KINDS[fact.kind].subject) {
    case 'asset':
      return names.assets[fact.kind === 'outside' && name === 'bought_units' ? fact.c : fact.subject];
    case 'venue': {
      const { base, quote } = trace.venueAssets(names.venues[fact.subject]);
      return name.startsWith('quote') ? quote : base;
    }
    case 'position':
      return names.markets[fact.b] === undefined ? undefined : trace.market(fact.b).asset;
    case 'market':
      // What a margin trade bought is another asset than that of its market.
      return name === 'bought_units' ? undefined : trace.market(fact.subject).asset;
    default:
      return undefined;
  }
}
