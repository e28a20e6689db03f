/**
 * Incidents of the record re-enacted by the real simulator from experiments/incidents, and held against what was published about them:
 * swaps to their printed digits, sums that depend on uncertain prices within a band. Each file is run once, when its first check asks for
 * it.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fault } from '../../base/fault.ts';
import { loadAgents } from '../../fleet/load-agents.ts';
import { presetsFor } from '../../fleet/preset-folders.ts';
import type { RecordedEvent } from '../../record/recorder.ts';
import type { Outcome } from '../../run/outcome.ts';
import { runScenario } from '../../run/run.ts';
import { isProblems } from '../../scenario/load.ts';
import { formatProblem } from '../../scenario/problem.ts';
import { prepareStudy } from '../prepare.ts';
import { type Check, type CheckTier, numberCheck } from './check.ts';
import { absoluteWithin, exactly, type Tolerance } from './tolerance.ts';

/** Outcomes of an incident's cases, by label. */
type Cases = ReadonlyMap<string, Outcome>;

/** All checks against incidents. @param experiments  the folder that holds `incidents/` */
export function incidents(experiments: string): readonly Check[] {
  return [
    ...bzx(caseRunner(join(experiments, 'incidents', 'bzx-2020.yaml'))),
    ...inverse(caseRunner(join(experiments, 'incidents', 'inverse-2022.yaml'))),
  ];
}

/** Runs every case of a file with its first seed, once. */
function caseRunner(file: string): () => Promise<Cases> {
  let cases: Promise<Cases> | undefined;
  return () => {
    cases ??= runCases(file);
    return cases;
  };
}

async function runCases(file: string): Promise<Cases> {
  const registry = await loadAgents();
  if (isProblems(registry)) fault('INCIDENT_AGENTS', { problems: registry.map(formatProblem).join('; ') });
  const text = readFileSync(file, 'utf8');
  const study = await prepareStudy({ text, file, registry, readText: () => undefined, presets: presetsFor(dirname(file)) });
  if (isProblems(study)) fault('INCIDENT_FILE', { problems: study.map(formatProblem).join('; ') });
  const options = { seed: study.seeds[0], trace: 'facts', checkEvery: 50 } as const;
  return new Map(
    study.points.map(({ label, scenario }) => {
      const outcome = runScenario(scenario, registry, options);
      if (outcome.error !== undefined) fault('INCIDENT_FAILED', { file, label, error: `${outcome.error.code} ${outcome.error.message}` });
      return [label, outcome];
    }),
  );
}

const BZX = 'www.odaily.news/en/post/5147762; quantstamp.com/blog/market-dynamics-of-the-1st-bzx-hack-part-1';
const INVERSE = 'www.certik.com/resources/blog/inverse-finance-02-april-2022; inspexco.medium.com, Inverse Finance incident analysis';

interface Line {
  readonly id: string;
  readonly tier: CheckTier;
  readonly claim: string;
  readonly expected: number;
  readonly tolerance: Tolerance;
  readonly got: (cases: Cases) => number;
}

const checkOf =
  (cases: () => Promise<Cases>, source: string) =>
  ({ got, ...line }: Line): Check =>
    numberCheck({ ...line, source, got: () => cases().then(got) });

function bzx(cases: () => Promise<Cases>): readonly Check[] {
  const was = (all: Cases) => outcomeOf(all, 'as-it-was');
  const lines: readonly Line[] = [
    {
      id: 'bZx.first-trade',
      tier: 'exact',
      claim: 'the margin trade of 5,637.623762 ETH buys 51.345576 WBTC',
      expected: 51.345576,
      tolerance: absoluteWithin(1e-4),
      got: (all) => inTokens(was(all), 'WBTC', -tradeOf(was(all), 0).a),
    },
    {
      id: 'bZx.spot',
      tier: 'exact',
      claim: 'after it the pool prices WBTC at 328 ETH',
      expected: 328,
      tolerance: absoluteWithin(0.5),
      got: (all) => tradeOf(was(all), 0).d,
    },
    {
      id: 'bZx.second-trade',
      tier: 'exact',
      claim: '112 borrowed WBTC then buy 6,871.41 ETH',
      expected: 6871.41,
      tolerance: absoluteWithin(0.1),
      got: (all) => inTokens(was(all), 'ETH', -tradeOf(was(all), 1).b),
    },
    {
      id: 'bZx.underwater',
      tier: 'law',
      claim: 'the margin account owes more than it holds the moment it exists (1 = yes)',
      expected: 1,
      tolerance: exactly,
      got: (all) => {
        const { c: collateral, d: debt } = factOf(was(all), 'margin-trade', 0);
        return Number(collateral < debt);
      },
    },
    {
      id: 'bZx.check',
      tier: 'law',
      claim: 'with the check of equity the transaction is refused and nothing is traded (refusals)',
      expected: 1,
      tolerance: exactly,
      got: (all) => {
        const { refusal_count, trade_count, bad_debt_usd } = outcomeOf(all, 'with-check').metrics;
        return trade_count === 0 && bad_debt_usd === 0 ? refusal_count : Number.NaN;
      },
    },
  ];
  return lines.map(checkOf(cases, BZX));
}

function inverse(cases: () => Promise<Cases>): readonly Check[] {
  const broken = (all: Cases) => outcomeOf(all, 'broken');
  const lines: readonly Line[] = [
    {
      id: 'Inverse.pump',
      tier: 'exact',
      claim: '300 ETH buy 374.4 INV',
      expected: 374.4,
      tolerance: absoluteWithin(0.1),
      got: (all) => inTokens(broken(all), 'INV', -tradeOf(broken(all), 0).a),
    },
    {
      id: 'Inverse.spot',
      tier: 'exact',
      claim: 'and move the pool to 56 times its price',
      expected: 56,
      tolerance: absoluteWithin(0.5),
      got: (all) => tradeOf(broken(all), 0).d / tradeOf(broken(all), 0).c,
    },
    {
      id: 'Inverse.gain',
      tier: 'banded',
      claim: 'the attacker takes between $14M and $16M',
      expected: 15e6,
      tolerance: absoluteWithin(1e6),
      got: (all) => broken(all).metrics.attack_gain_usd,
    },
    {
      id: 'Inverse.true-twap',
      tier: 'law',
      claim: 'a true average over 30 minutes leaves him at most 1 % of that (share of the gain)',
      expected: 0,
      tolerance: absoluteWithin(0.01),
      got: (all) => outcomeOf(all, 'true-twap').metrics.attack_gain_usd / broken(all).metrics.attack_gain_usd,
    },
  ];
  return lines.map(checkOf(cases, INVERSE));
}

function outcomeOf(cases: Cases, label: string): Outcome {
  return cases.get(label) ?? fault('INCIDENT_CASE', { label });
}

/** The n-th fact of a kind by an attacker. */
function factOf({ events, names }: Outcome, kind: RecordedEvent['kind'], n: number): RecordedEvent {
  const found = events.filter((event) => event.kind === kind && names.accounts[event.actor].startsWith('attacker'));
  return found[n] ?? fault('INCIDENT_FACT', { kind, n });
}

const tradeOf = (outcome: Outcome, n: number) => factOf(outcome, 'trade', n);

function inTokens({ names }: Outcome, asset: string, units: number): number {
  return units / 10 ** names.decimals[names.assets.indexOf(asset)];
}
