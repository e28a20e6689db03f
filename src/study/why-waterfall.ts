/**
 * Who bore a shortfall, layer by layer, as the waterfall recorded it: buffers with what they sold, the vault, winners by name, lenders, a
 * token's holders; and what stays owed, and on whom the final account lays it.
 */
import type { RecordedEvent } from '../record/recorder.ts';
import { listed, tokens, usd } from './amounts.ts';
import type { Reason } from './reason.ts';
import type { Trace } from './trace-reading.ts';

const LAYERS: readonly string[] = ['insurance-fund', 'vault-loss', 'adl', 'socialise', 'recapitalise'];
/** What a layer does on its way to paying: told with it. */
const STEPS: readonly string[] = ['treasury-sale', 'deleverage'];
/** Layers that pay in the final account too, as far as they have the asset that is short. */
const BUFFERS: Readonly<Record<string, string>> = { 'insurance-fund': 'the insurance fund', reserve: 'the reserve' };
const NAMED_MAX = 3;
/** Less than a cent is rounding. */
const CENT = 0.005;

export function explainWaterfall(trace: Trace, loss: RecordedEvent): readonly Reason[] {
  if (loss.kind !== 'shortfall') return stillOpen(trace, loss);
  const next = trace.facts.find(({ kind, seq }) => kind === 'shortfall' && seq > loss.seq)?.seq ?? Number.POSITIVE_INFINITY;
  const after = trace.facts.filter(({ seq, at }) => seq > loss.seq && seq < next && at === loss.at);
  const told: RecordedEvent[] = [];
  const parts: string[] = [];
  let steps: RecordedEvent[] = [];
  let paid = 0;
  for (const fact of after) {
    if (STEPS.includes(fact.kind)) steps.push(fact);
    if (!LAYERS.includes(fact.kind) || fact.subject !== loss.subject) continue;
    parts.push(layerText(trace, fact, steps));
    told.push(...steps, fact);
    steps = [];
    paid += fact.a;
  }
  const what = told.length === 0 ? 'No layer of the backstop paid any of it' : `Of that ${listed(parts)}`;
  const facts = told.length === 0 ? [loss] : told;
  const rest = loss.a - paid;
  const open = rest > CENT ? trace.facts.find(({ kind, subject }) => kind === 'open-shortfall' && subject === loss.subject) : undefined;
  if (open !== undefined) facts.push(open);
  return [{ at: loss.at, text: `${what}${restText(trace, loss, rest, paid, open)}.`, facts: facts.map(({ seq }) => seq) }];
}

/** A loss that came before no layer while the run went on. */
function stillOpen(trace: Trace, loss: RecordedEvent): readonly Reason[] {
  const bearers = bearersText(trace, loss);
  return bearers === '' ? [] : [{ at: loss.at, text: `In the final account that falls on ${bearers}.`, facts: [loss.seq] }];
}

/** What nobody paid, and what became of it: what is open at the end is less where something was paid or written off later. */
function restText(trace: Trace, loss: RecordedEvent, rest: number, paid: number, open: RecordedEvent | undefined): string {
  if (rest <= CENT) return '';
  const unpaid = paid > 0 ? `. Nobody paid the rest, ${usd(rest)}` : '';
  if (open === undefined) return unpaid;
  const all = Math.abs(open.a - rest) <= CENT ? 'it' : usd(open.a);
  const bearers = bearersText(trace, loss);
  return `${unpaid}: ${all} is open at the end${bearers === '' ? '' : `, and in the final account falls on ${bearers}`}`;
}

/**
 * On whom the final account lays what is open (`protocol/fair-account`): on buffers first, in their order; then, of cash, on the house and
 * on all others who have something in the pool; of a debt, on its lenders. Nothing where what is open may be of both kinds.
 */
function bearersText(trace: Trace, { subject }: RecordedEvent): string {
  const position = trace.position(subject);
  const trades = trace.contractTrades(position);
  const debts = trace.deeds(position).filter(({ kind }) => kind === 'borrow' || kind === 'margin-trade');
  const markets = new Set(trace.facts.filter(({ kind, subject: of }) => kind === 'shortfall' && of === subject).map(({ b }) => b));
  // Of what was written off the market is told; of what was not, only what there may be to owe.
  const settles = (market: number) => trades.length > 0 && trace.contract(trades[0].subject).settle === trace.market(market).asset;
  const cash = markets.size === 0 ? trades.length > 0 : [...markets].some(settles);
  const debt = debts.some(({ subject: market }) => markets.size === 0 || markets.has(market));
  if (cash === debt) return '';
  const buffers = trace.layers(position.protocol).flatMap((layer) => (layer in BUFFERS ? [BUFFERS[layer]] : []));
  const [first, ...others] = [...buffers, ...(cash ? ['the house', 'all others who have cash or profit there'] : ['its lenders'])];
  return others.length === 0 ? first : [`${first} as far as it reaches`, ...others.map((next) => `then on ${next}`)].join(', ');
}

function layerText(trace: Trace, { kind, a }: RecordedEvent, steps: readonly RecordedEvent[]): string {
  switch (kind) {
    case 'insurance-fund':
      return `the insurance fund paid ${usd(a)}${steps.length === 0 ? '' : ` by selling ${salesText(trace, steps)}`}`;
    case 'vault-loss':
      return `the vault paid ${usd(a)}`;
    case 'adl':
      return `those who had won paid ${usd(a)}${steps.length === 0 ? '' : ` (${winnersText(trace, steps)})`}`;
    case 'recapitalise':
      return `${usd(a)} came from making and selling ${salesText(trace, steps)}`;
    default:
      return `its lenders lost ${usd(a)}`;
  }
}

/** `20 GOV worth $20.00`, and so on. */
function salesText(trace: Trace, sales: readonly RecordedEvent[]): string {
  return listed(
    sales.map(({ subject, a, d }) => {
      const asset = trace.outcome.names.assets[subject];
      return `${tokens(trace.tokensOf(asset, a), asset)} worth ${usd(d)}`;
    }),
  );
}

/** The largest payers by name, the first things of whom were closed said so. */
function winnersText(trace: Trace, takings: readonly RecordedEvent[]): string {
  const largest = [...takings].sort((one, other) => other.a - one.a || one.seq - other.seq);
  const named = largest.slice(0, NAMED_MAX).map(({ subject, a, b, c }) => {
    const { owner } = trace.position(subject);
    if (b < 0 || c === 0) return `${owner} ${usd(a)}`;
    const { underlying } = trace.contract(b);
    const closed = `${tokens(trace.tokensOf(underlying, Math.abs(c)), underlying)} ${c > 0 ? 'long' : 'short'}`;
    return `${owner} ${usd(a)}, closing ${closed}`;
  });
  const others = largest.length - named.length;
  return [...named, ...(others > 0 ? [`${others} ${others === 1 ? 'other' : 'others'}`] : [])].join('; ');
}
