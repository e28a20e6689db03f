/**
 * The real pool beside a real price process, brought back to it in every block by an arbitrageur who stops where the fee eats his gain,
 * against what its providers should lose to him (B7): without a fee in blocks at fixed times, with a fee in blocks at Poisson times.
 */
import { years } from '../../base/params.ts';
import { type Random, randomFrom } from '../../base/random.ts';
import { studentInterval } from '../../base/statistics.ts';
import type { Ms, Ratio } from '../../base/units.ts';
import { gbm } from '../../price/gbm.ts';
import { needsAlone } from '../../price/process.ts';
import { arbitrageRate, lossRate, tradeProbability } from '../closed-form/loss-versus-rebalancing.ts';
import { type Check, SAMPLE_LEVEL, type Sampled, sampleCheck } from './check.ts';
import { aPoolWorld, BASE, QUOTE } from './pool-world.ts';

const DAY_MS = 86_400_000;
const SEED = 20_260_101;
/** Tokens of a pool at a price of 1: so many that whole units are a billionth of a trade. */
const RESERVE = 1_000_000;

/** A pool that is arbitraged day by day, each day a sample. */
export interface Arbitraged {
  /** 1/√day. */
  readonly volatility: number;
  readonly fee: Ratio;
  /** Blocks a day. */
  readonly blocks: number;
  /** From one block to the next: exponential, or always the same. */
  readonly waits: 'poisson' | 'fixed';
  readonly days: number;
}

/** Shares of a day's blocks with a trade, and losses to arbitrage as parts of the pool's value, by day. */
export interface ArbitragedDays {
  readonly traded: readonly Ratio[];
  readonly lost: readonly Ratio[];
}

/** The price after a wait, its logarithm without drift, from the process of the simulator. */
function priceAfter(wait: Ms, start: number, perDay: number, random: Random): number {
  const volatility = perDay / Math.sqrt(years(DAY_MS));
  const process = gbm.create({ start, volatility, drift: (volatility * volatility) / 2 }, needsAlone(random, wait));
  return process.next(wait);
}

/** As many blocks before a day counts as a band of this width takes to forget where it began, a hundred times over. */
function blocksBefore({ fee, volatility, blocks }: Arbitraged): number {
  return Math.ceil(100 * (((2 * fee) / volatility) ** 2 * blocks + 1));
}

function oneDay(terms: Arbitraged, random: Random): { readonly traded: Ratio; readonly lost: Ratio } {
  const { volatility, fee, blocks, waits } = terms;
  const { pool, arthur, holds, moveTo } = aPoolWorld({ base: RESERVE, quote: RESERVE, fee });
  const mean = DAY_MS / blocks;
  const before = blocksBefore(terms);
  let price = 1;
  let traded = 0;
  let lost = 0;
  for (let block = -before; block < blocks; block += 1) {
    const wait = waits === 'fixed' ? mean : Math.max(1, Math.round(mean * random.exponential()));
    price = priceAfter(wait, price, volatility, random);
    const now = pool.price();
    const edge = now < price * (1 - fee) ? price * (1 - fee) : price / (1 - fee);
    if (now === edge || (now > price * (1 - fee) && now < edge)) continue;
    const held = [holds(arthur, BASE), holds(arthur, QUOTE)];
    const worth = holds(pool.account, BASE) * price + holds(pool.account, QUOTE);
    if (moveTo(edge, arthur) === 0 || block < 0) continue;
    traded += 1;
    lost += ((holds(arthur, BASE) - held[0]) * price + holds(arthur, QUOTE) - held[1]) / worth;
  }
  return { traded: traded / blocks, lost };
}

/** Deterministic by seed. */
export function arbitragedDays(terms: Arbitraged, seed = SEED): ArbitragedDays {
  const root = randomFrom(seed);
  const days = Array.from({ length: terms.days }, (_, day) => oneDay(terms, root.split(String(day))));
  return { traded: days.map(({ traded }) => traded), lost: days.map(({ lost }) => lost) };
}

function sampled(values: readonly number[]): Sampled {
  const { mean, lo, hi } = studentInterval(values, SAMPLE_LEVEL);
  return { mean, lo, hi };
}

/** B7's volatility and block time without a fee: E(1 − sech(x/2)) a block, x its log-return, which is σ²Δt/8 to one part in 10⁶. */
export const WITHOUT_FEE: Arbitraged = { volatility: 0.05, fee: 0, blocks: 7_200, waits: 'fixed', days: 20 };
/** B7's case, and the same with blocks ten times as slow and with a sixth of the fee. */
export const WITH_FEES: readonly (readonly [name: string, terms: Arbitraged])[] = [
  ['12s-30bp', { volatility: 0.05, fee: 0.003, blocks: 7_200, waits: 'poisson', days: 150 }],
  ['2min-30bp', { volatility: 0.05, fee: 0.003, blocks: 720, waits: 'poisson', days: 400 }],
  ['12s-5bp', { volatility: 0.05, fee: 0.0005, blocks: 7_200, waits: 'poisson', days: 60 }],
];
const FEES = 'arXiv 2305.14604, section 4';

function withFee(name: string, terms: Arbitraged): readonly Check[] {
  const { volatility, fee, blocks, days } = terms;
  const width = -Math.log1p(-fee);
  const where = `at ${100 * volatility} % a day, ${blocks} blocks a day at Poisson times and a fee of ${100 * fee} %`;
  let run: ArbitragedDays | undefined;
  const daysOf = () => {
    run ??= arbitragedDays(terms);
    return run;
  };
  return [
    sampleCheck({
      id: `B7.pool-trades-${name}`,
      claim: `${where} the pool is arbitraged in 1/(1 + g·√(2λ)/σ) of its blocks, mean of ${days} days, seed ${SEED}`,
      source: FEES,
      expected: tradeProbability(width, blocks, volatility),
      halfWidthMax: 0.03,
      sample: () => sampled(daysOf().traded),
    }),
    sampleCheck({
      id: `B7.pool-loss-${name}`,
      claim: `${where} it loses σ²/8 times that share of its value a day, mean of ${days} days, seed ${SEED}`,
      source: FEES,
      expected: arbitrageRate(width, blocks, volatility),
      halfWidthMax: 0.04,
      sample: () => sampled(daysOf().lost),
    }),
  ];
}

/** Loss against rebalancing, with fee and block time. */
export const simulatedRebalancingChecks: readonly Check[] = [
  sampleCheck({
    id: 'B7.pool-loss-no-fee',
    claim: `without fee, at 5 % a day and in blocks of 12 s, it loses σ²/8 of its value a day, ${WITHOUT_FEE.days} days, seed ${SEED}`,
    source: 'arXiv 2208.06046',
    expected: lossRate(WITHOUT_FEE.volatility),
    halfWidthMax: 0.02,
    sample: () => sampled(arbitragedDays(WITHOUT_FEE).lost),
  }),
  ...WITH_FEES.flatMap(([name, terms]) => withFee(name, terms)),
];
