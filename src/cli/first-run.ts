/** What a newcomer sees first: the question, the answer as one table and in plain words, who paid, and what to notice. */
import { listed, usd } from '../study/amounts.ts';
import type { MetricSummary } from '../study/replicate.ts';
import { type FinishedStudy, measured } from './finished-study.ts';
import { paintFor, plural, wrapped } from './print.ts';
import { showSpan } from './progress.ts';
import { metricMatrix, type ResultRow, resultsTable } from './results-table.ts';
import type { Terminal } from './terminal.ts';

/** What a first look asks, where there are two axes to show it over. */
const MATRICES = [
  { metric: 'attack_profit_usd', title: 'What the attacker ends with (profit; negative: the attack costs more than it takes)' },
  { metric: 'lender_loss_usd', title: 'What the lenders lose' },
] as const;

/** Sentences are read, not scanned. */
const PROSE_WIDTH = 100;

export function firstRun({ study, runs, wallMs }: FinishedStudy, rows: readonly ResultRow[], terminal: Terminal): void {
  const { head, seeds } = study;
  const { bold, dim } = paintFor(terminal);
  const width = Math.min(terminal.width, PROSE_WIDTH);
  const shown = matrices(rows, terminal.width);
  const half = shown?.intervals === false ? '' : ', ± the half-width of its 95 % interval where that is not too small to show';
  const mean = seeds.length > 1 ? `; each number is a mean over ${seeds.length} seeds${half}` : '';
  terminal.out(`\n${bold(wrapped(head.question, width))}\n`);
  terminal.out(`${wrapped(head.model.what, width)}\n`);
  if (shown === undefined) terminal.out(resultsTable(rows, measured(study), terminal.width));
  else terminal.out(MATRICES.map(({ title }, i) => `${bold(title)}\n${shown.texts[i]}`).join('\n\n'));
  terminal.out(`\n${dim(wrapped(`${plural(runs.length, 'run')} in ${showSpan(wallMs)}${mean}`, width))}`);
  const said = [...profits(rows), ...whoPaid(rows)];
  if (said.length > 0) terminal.out(`\n${bold('What came out')}`);
  for (const sentence of said) terminal.out(`- ${wrapped(sentence, width - 2, '  ')}`);
  terminal.out(`\n${bold('What to notice')}`);
  for (const notice of head.model.notice) terminal.out(`- ${wrapped(notice, width - 2, '  ')}`);
}

/** The first tables with their intervals, or without where the lines would be too long. Undefined where there are no two axes. */
function matrices(
  rows: readonly ResultRow[],
  width: number,
): { readonly texts: readonly string[]; readonly intervals: boolean } | undefined {
  for (const intervals of [true, false]) {
    const texts = MATRICES.flatMap(({ metric: name }) => metricMatrix(rows, name, intervals) ?? []);
    if (texts.length < MATRICES.length) return undefined;
    const fits = texts.every((text) => text.split('\n').every((line) => line.length <= width));
    if (fits || !intervals) return { texts, intervals };
  }
  return undefined;
}

const metric = ({ summary }: ResultRow, name: string): MetricSummary | undefined => summary.metrics[name];
const mean = (row: ResultRow, name: string): number => metric(row, name)?.mean ?? Number.NaN;

/** Where the attack pays, where it does not, and where so few runs cannot tell. */
function profits(rows: readonly ResultRow[]): readonly string[] {
  const known = rows.filter(
    (row) => Number.isFinite(mean(row, 'attack_profit_usd')) && mean(row, 'attack_gain_usd') + mean(row, 'attack_cost_usd') > 0,
  );
  if (known.length === 0) return [];
  const alone = known.every((row) => (metric(row, 'attack_profit_usd')?.n ?? 0) < 2);
  const low = (row: ResultRow) => (alone ? mean(row, 'attack_profit_usd') : (metric(row, 'attack_profit_usd')?.lo ?? Number.NaN));
  const high = (row: ResultRow) => (alone ? mean(row, 'attack_profit_usd') : (metric(row, 'attack_profit_usd')?.hi ?? Number.NaN));
  const byProfit = [...known].sort((a, b) => mean(b, 'attack_profit_usd') - mean(a, 'attack_profit_usd'));
  const pays = byProfit.filter((row) => low(row) > 0);
  const loses = byProfit.filter((row) => high(row) < 0).reverse();
  const open = known.length - pays.length - loses.length;
  const points = (count: number) => `${count} of ${rows.length} points`;
  const sums = (row: ResultRow) => `cost ${usd(mean(row, 'attack_cost_usd'))}, gain ${usd(mean(row, 'attack_gain_usd'))}`;
  const sentences: string[] = [];
  if (pays.length > 0) sentences.push(`The attack pays at ${points(pays.length)}, most at "${pays[0].label}": ${sums(pays[0])}.`);
  if (loses.length > 0) sentences.push(`It loses money at ${points(loses.length)}, most at "${loses[0].label}": ${sums(loses[0])}.`);
  if (open > 0) sentences.push(`At ${points(open)} so few runs cannot tell: the interval holds zero. More of them: --runs 30.`);
  return sentences;
}

/** Who lost and who earned at the point that pays the attacker best. */
function whoPaid(rows: readonly ResultRow[]): readonly string[] {
  const best = rows.reduce<ResultRow | undefined>(
    (a, b) => (a === undefined || mean(b, 'attack_profit_usd') > mean(a, 'attack_profit_usd') ? b : a),
    undefined,
  );
  if (best === undefined || !(mean(best, 'attack_profit_usd') > 0)) return [];
  const sides = [
    ['lenders', -mean(best, 'lender_loss_usd')],
    ['the attacker', mean(best, 'attack_profit_usd')],
    ['arbitrageurs', mean(best, 'arbitrageur_profit_usd')],
    ['liquidity providers', mean(best, 'liquidity_provider_profit_usd')],
    ['liquidators', mean(best, 'liquidator_profit_usd')],
  ] as const;
  const told = (sign: 1 | -1) =>
    listed(sides.filter(([, profit]) => profit * sign >= 1).map(([who, profit]) => `${who} ${usd(Math.abs(profit))}`));
  const [lost, made] = [told(-1), told(1)];
  return lost === '' || made === '' ? [] : [`Who paid, at "${best.label}": ${lost} lost; ${made} made.`];
}
