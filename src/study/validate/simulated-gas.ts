/**
 * The built-in liquidator in a whole run, against the gas floor (B13): a crowd of loans whose debts differ by a cent each, around the debt
 * whose bonus just pays for the gas. It keeps what it seizes, so that no pool has a say, and its gas is what the chain charges.
 */
import { ACTIONS } from '../../agent/action.ts';
import { fault } from '../../base/fault.ts';
import type { Ratio, Usd, UsdPrice } from '../../base/units.ts';
import { TRANSACTION_GAS } from '../../chain/chain-params.ts';
import { loadAgents } from '../../fleet/load-agents.ts';
import type { Outcome } from '../../run/outcome.ts';
import { runScenario } from '../../run/run.ts';
import { isProblems, loadExperiment } from '../../scenario/load.ts';
import { formatProblem } from '../../scenario/problem.ts';
import { gasFloor } from '../closed-form/liquidation-size.ts';
import { type Check, numberCheck } from './check.ts';
import { absoluteWithin } from './tolerance.ts';

const BONUS: Ratio = 0.05;
const ETH: UsdPrice = 3_000;
/** Of one liquidation in a transaction of its own. */
const GAS = TRANSACTION_GAS + ACTIONS.liquidate.gas;
/** Debts on either side of the floor, a cent apart. */
const SIDE = 10;

/** Loan-to-value at which the loans are drawn, and what the collateral falls to: health 0.75 · 0.9 / 0.7 = 0.964. */
const DRAWN: Ratio = 0.7;
const THRESHOLD: Ratio = 0.75;
const FALL: Ratio = 0.9;

/** Gas price in gwei of which the floor is looked for, and that floor. */
const FLOORS = [100, 25].map((gwei) => ({ gwei, floor: gasFloor(GAS, gwei * 1e-9, ETH, BONUS) }));

/** Half a cent beside the floor, and further cents away. */
function debtsAround(floor: Usd): readonly Usd[] {
  return Array.from({ length: 2 * SIDE }, (_, i) => Math.round(floor * 1000 + (i - SIDE) * 10 + 5) / 1000);
}

/** The experiment: TKN at 1 USD falls once; each loan is written out. Base fee and its minimum are one, so that it stays. */
function experimentOf(debts: readonly Usd[], gwei: number) {
  return {
    name: 'gas-floor',
    question: 'Which debts are too small to be liquidated?',
    model: { what: 'Loans that differ by a cent.', notice: ['the smallest one taken'], try: ['another gas price'], sources: ['B13'] },
    world: {
      assets: { USD: { decimals: 6 }, TKN: { decimals: 6 }, ETH: { decimals: 9 } },
      prices: {
        USD: { use: 'constant', with: { start: 1 } },
        TKN: { use: 'shock', with: { start: 1, at: '5 min', factor: FALL } },
        ETH: { use: 'constant', with: { start: ETH } },
      },
      step: '12 s',
      chain: { gasAsset: 'ETH', baseFee: gwei, baseFeeMin: gwei, background: 0 },
      oracles: {
        usd: { asset: 'USD', source: 'outside', use: 'spot' },
        tkn: { asset: 'TKN', source: 'outside', use: 'spot' },
      },
      protocols: {
        lend: {
          markets: {
            TKN: { oracle: 'tkn', ltv: DRAWN, liquidationThreshold: THRESHOLD, bonus: BONUS, borrowable: false },
            USD: { oracle: 'usd' },
          },
          liquidation: { use: 'fixed-bonus', with: { closeFactor: 1 } },
        },
      },
    },
    agents: [
      { use: 'lender', params: { protocol: 'lend', asset: 'USD' }, wallet: { USD: 1_000_000, ETH: 1 } },
      {
        use: 'liquidator',
        params: { protocol: 'lend', keep: true, profitMin: 0, halvings: 0 },
        wallet: { USD: 1_000_000, ETH: 10 },
      },
      ...debts.map((debt, i) => borrower(`borrower-${i}`, debt)),
    ],
    horizon: '10 min',
  };
}

function borrower(name: string, debt: Usd) {
  // A cent more than the limit needs.
  const collateral = Math.ceil((debt / DRAWN) * 100 + 1) / 100;
  const script = [
    {
      at: '1 min',
      actions: [
        { do: 'deposit', protocol: 'lend', asset: 'TKN', amount: collateral },
        { do: 'borrow', protocol: 'lend', asset: 'USD', amount: debt },
      ],
    },
  ];
  return { use: 'scripted', name, role: 'borrower', params: { script }, wallet: { TKN: collateral, ETH: 1 } };
}

async function run(debts: readonly Usd[], gwei: number): Promise<Outcome> {
  const registry = await loadAgents();
  if (isProblems(registry)) fault('GAS_FLOOR_AGENTS', { problems: registry.map(formatProblem).join('; ') });
  const experiment = loadExperiment(JSON.stringify(experimentOf(debts, gwei)), 'gas-floor', [], { registry, readText: () => undefined });
  const scenario = isProblems(experiment) ? experiment : experiment.resolve([]);
  if (isProblems(scenario)) fault('GAS_FLOOR_WORLD', { problems: scenario.map(formatProblem).join('; ') });
  const outcome = runScenario(scenario, registry, { seed: 1, trace: 'facts', checkEvery: 50 });
  if (outcome.error !== undefined) fault('GAS_FLOOR_FAILED', { error: `${outcome.error.code} ${outcome.error.message}` });
  return outcome;
}

/**
 * Half-way between the largest debt that was left and the smallest that was taken; NaN if one that was left is larger than one taken, or if
 * anything was tried in vain: who abstains does not let the chain refuse.
 */
async function floorSeen(floor: Usd, gwei: number): Promise<Usd> {
  const debts = debtsAround(floor);
  const { events, metrics } = await run(debts, gwei);
  if (metrics.refusal_count !== 0) return Number.NaN;
  const taken = events.filter(({ kind }) => kind === 'liquidation').map(({ a: repaidUsd }) => repaidUsd);
  const left = debts.filter((debt) => !taken.some((repaid) => Math.abs(repaid - debt) < 0.001));
  const [largestLeft, smallestTaken] = [Math.max(...left), Math.min(...taken)];
  return largestLeft < smallestTaken ? (largestLeft + smallestTaken) / 2 : Number.NaN;
}

/** Runs with the built-in liquidator. */
export const simulatedGasChecks: readonly Check[] = FLOORS.map(({ gwei, floor }) =>
  numberCheck({
    id: `B13.run-floor-${gwei}`,
    tier: 'exact',
    claim: `at ${gwei} gwei, ETH at $3,000, bonus 5 %, the liquidator takes every debt above $${floor.toFixed(2)} and tries none below`,
    source: `derived; ${GAS} gas: aave-dao/aave-v3-origin gas reports and the transaction itself`,
    expected: floor,
    // Half the cent by which the debts differ, and what float64 leaves.
    tolerance: absoluteWithin(0.005),
    got: () => floorSeen(floor, gwei),
  }),
);
