/**
 * The real protocol, an account of contracts that it closes bankrupt, and its waterfall against the closed forms of who pays: auto-
 * deleveraging by proportion and by queue (B30), and the order of all layers. Exact: amounts are whole units, whatever they are split into.
 */
import { type Tokens, toTokens } from '../../base/units.ts';
import { adlProRata } from '../../protocol/backstop/adl-pro-rata.ts';
import { adlQueue } from '../../protocol/backstop/adl-queue.ts';
import { recapitalise } from '../../protocol/backstop/recapitalise.ts';
import { socialiseProfits } from '../../protocol/backstop/socialise-profits.ts';
import { treasury } from '../../protocol/backstop/treasury.ts';
import { vault } from '../../protocol/backstop/vault.ts';
import { haircutConcentration, haircutOvershoot, proRataHaircuts, queueHaircuts } from '../closed-form/auto-deleverage.ts';
import { constantProductOutput } from '../closed-form/constant-product-attack.ts';
import { aBankruptcy, type Bankruptcy, BOUGHT_AT, CLOSED_AT, type Won } from './bankruptcy-world.ts';
import { type Check, numberCheck } from './check.ts';
import { type Tolerance, unitsWithin } from './tolerance.ts';

const CHITRA = 'arXiv 2512.01112';
const QUEUE = 'threadreaderapp.com/thread/1998451762232177041.html (rank by PnL % × leverage, close fully)';
const DERIVED = 'derived';
const DECIMALS = 9;
/** Marks and entries are exact here: what differs is at most the unit that largest remainders give. */
const UNIT = unitsWithin(1, DECIMALS);

function exact(id: string, claim: string, source: string, expected: number, got: () => number, tolerance: Tolerance = UNIT): Check {
  return numberCheck({ id, tier: 'exact', claim, source, expected, tolerance, got });
}

const DEFICIT: Tokens = 50;
const PROFITS: readonly Tokens[] = [100, 60, 40];
/** The same profits, deposits that make the second the most leveraged, and one who entered earlier. */
const MARGINS: readonly Tokens[] = [500, 100, 300];
const WON: readonly Won[] = PROFITS.map((profit, i) => ({ profit, margin: MARGINS[i], entry: i === 2 ? 12 : BOUGHT_AT }));

const proRata = (reduce: boolean) => () => adlProRata.create({ side: 'opposite', reduce }, { scale: () => 1 });
const queue = (forfeit: boolean) => () => adlQueue.create({ side: 'opposite', forfeit }, { scale: () => 1 });

/** What each winner has lost by the waterfall, tokens. */
function losses(world: Bankruptcy): readonly Tokens[] {
  const before = world.winners.map(world.worth);
  world.close();
  return world.winners.map((position, i) => before[i] - world.worth(position));
}

const plainWinners = PROFITS.map((profit) => ({ profit }));

/** The winners as the closed form of the queue sees them. */
const ranked = WON.map(({ profit, margin = 0, entry = BOUGHT_AT }) => {
  const size = profit / (entry - CLOSED_AT);
  return { profit, profitRatio: (entry - CLOSED_AT) / entry, leverage: (size * CLOSED_AT) / (margin + profit) };
});

const byProportion: readonly Check[] = [
  ...proRataHaircuts(DEFICIT, PROFITS).map((haircut, i) =>
    exact(
      `B30.sim-pro-rata-${i + 1}`,
      `a bankruptcy of ${DEFICIT} takes ${haircut} of a profit of ${PROFITS[i]} among ${PROFITS.join(', ')}`,
      CHITRA,
      haircut,
      () => losses(aBankruptcy({ deficit: DEFICIT, winners: plainWinners, backstop: [proRata(false)] }))[i],
    ),
  ),
  exact('B30.sim-pro-rata-reduced', 'and where sizes are closed in that proportion, 75 of 100 stay open', CHITRA, -75, () => {
    const world = aBankruptcy({ deficit: DEFICIT, winners: plainWinners, backstop: [proRata(true)] });
    world.close();
    return toTokens(world.protocol.sizeOf(world.winners[0], 0), DECIMALS);
  }),
  exact(
    'B30.sim-pro-rata-split',
    'an account split in three pays what it paid as one: 25',
    CHITRA,
    25,
    () => {
      const split = [{ profit: 30 }, { profit: 50 }, { profit: 20 }, { profit: 60 }, { profit: 40 }];
      const paid = losses(aBankruptcy({ deficit: DEFICIT, winners: split, backstop: [proRata(true)] }));
      return paid[0] + paid[1] + paid[2];
    },
    unitsWithin(3, DECIMALS),
  ),
  exact(
    'B30.sim-pro-rata-overshoot',
    'no more profit is closed than the bankruptcy takes',
    CHITRA,
    haircutOvershoot(proRataHaircuts(DEFICIT, PROFITS), DEFICIT),
    () => {
      const world = aBankruptcy({ deficit: DEFICIT, winners: plainWinners, backstop: [proRata(true)] });
      world.close();
      return overshoot(world);
    },
    unitsWithin(3, DECIMALS),
  ),
];

/** Profit that was closed beyond what was taken, as the facts have it. */
function overshoot({ facts }: Bankruptcy): Tokens {
  return facts.reduce((sum, { kind, numbers }) => sum + (kind === 'deleverage' ? numbers[3] : 0), 0);
}

const ofQueue = queueHaircuts(DEFICIT, ranked);
const byQueue: readonly Check[] = [
  ...ofQueue.map((haircut, i) =>
    exact(
      `B30.sim-queue-${i + 1}`,
      `the queue by profit % × leverage, closed at entry, takes ${haircut} of a profit of ${PROFITS[i]}`,
      QUEUE,
      haircut,
      () => losses(aBankruptcy({ deficit: DEFICIT, winners: WON, backstop: [queue(true)] }))[i],
    ),
  ),
  exact('B30.sim-queue-overshoot', 'and closes more than the deficit', QUEUE, haircutOvershoot(ofQueue, DEFICIT), () => {
    const world = aBankruptcy({ deficit: DEFICIT, winners: WON, backstop: [queue(true)] });
    world.close();
    return overshoot(world);
  }),
  exact('B30.sim-queue-vault', 'which the vault keeps', DERIVED, haircutOvershoot(ofQueue, DEFICIT), () => {
    const world = aBankruptcy({ deficit: DEFICIT, winners: WON, backstop: [queue(true)] });
    const before = world.worth(world.house);
    world.close();
    return world.worth(world.house) - before;
  }),
  exact('B30.sim-queue-mark', 'closed at the mark, winners lose the deficit and nothing else', DERIVED, DEFICIT, () =>
    losses(aBankruptcy({ deficit: DEFICIT, winners: WON, backstop: [queue(false)] })).reduce((sum, lost) => sum + lost, 0),
  ),
  exact('B30.sim-queue-concentration', 'the part of the first in the queue', CHITRA, haircutConcentration(ofQueue), () => {
    const paid = losses(aBankruptcy({ deficit: DEFICIT, winners: WON, backstop: [queue(true)] }));
    return haircutConcentration(paid.map((lost) => Math.max(0, lost)));
  }),
  exact('B30.sim-queue-last', 'a deficit of 130 takes 60 of the first in the queue and 70 of the 100 of the second', QUEUE, 70, () => {
    const [second] = losses(aBankruptcy({ deficit: 130, winners: WON, backstop: [queue(false)] }));
    return second;
  }),
  exact('B30.sim-queue-closed', 'who is closed wholly all the same', QUEUE, 0, () => {
    const world = aBankruptcy({ deficit: 130, winners: WON, backstop: [queue(false)] });
    world.close();
    return toTokens(world.protocol.sizeOf(world.winners[0], 0), DECIMALS);
  }),
];

/** What each layer has to give of a deficit of 50, and the token of which so much may be made. */
const GIVEN = { fund: 4, vault: 6, profit: 15, margin: 5, idle: 7, mint: 5 };
const POOL: Tokens = 1000;

/** Who wins is the house with most of what the account bought; its capital is bounded by what it may lose. */
function aWholeWaterfall(): Bankruptcy {
  const world = aBankruptcy({
    deficit: DEFICIT,
    size: 200,
    winners: [{ profit: GIVEN.profit, margin: GIVEN.margin }],
    idle: [GIVEN.idle],
    fund: { USD: GIVEN.fund },
    pools: POOL,
    backstop: [
      'insurance-fund',
      (needs) => vault.create({ share: 1, lossMax: GIVEN.vault }, needs),
      queue(false),
      (needs) => socialiseProfits.create({ from: 'cash' }, needs),
      (needs) => recapitalise.create({ token: 3, mintMax: GIVEN.mint }, needs),
    ],
  });
  world.close();
  return world;
}

const MADE = constantProductOutput(GIVEN.mint, POOL, POOL, 0);
const inOrder: readonly Check[] = [
  exact('B30.sim-waterfall-fund', 'of a deficit of 50 the fund pays all of its 4', DERIVED, GIVEN.fund, () =>
    aWholeWaterfall().told('insurance-fund'),
  ),
  exact('B30.sim-waterfall-vault', 'then the vault the 6 that it may lose', DERIVED, GIVEN.vault, () =>
    aWholeWaterfall().told('vault-loss'),
  ),
  exact('B30.sim-waterfall-winners', 'then winners their profit of 15, and all cash that is left, 12', DERIVED, 27, () =>
    aWholeWaterfall().told('adl'),
  ),
  exact('B30.sim-waterfall-token', 'then 5 tokens are made, which a pool of 1,000 buys at its curve', DERIVED, MADE, () =>
    aWholeWaterfall().told('recapitalise'),
  ),
  exact('B30.sim-waterfall-left', 'and the rest stays owed', DERIVED, DEFICIT - 4 - 6 - 27 - MADE, () => {
    const { protocol, loser } = aWholeWaterfall();
    return toTokens(-protocol.quoteOf(loser), DECIMALS);
  }),
];

const HELD: Tokens = 100;
const inKind: readonly Check[] = [
  // To bring D from a pool R, R of reserve each, x = D·R/(R − D) is sold.
  exact(
    'B30.sim-treasury',
    'a fund of 100 tokens sells D·R/(R − D) of them into a pool of 1,000 to pay 50',
    DERIVED,
    HELD - (DEFICIT * POOL) / (POOL - DEFICIT),
    () => {
      const world = aBankruptcy({
        deficit: DEFICIT,
        winners: plainWinners,
        fund: { TKN: HELD },
        pools: POOL,
        backstop: ['insurance-fund', (needs) => treasury.create({ assets: undefined, impactMax: 1 }, needs)],
      });
      world.close();
      return toTokens(world.ledger.balance(world.protocol.fund, world.asset('TKN')), DECIMALS);
    },
    unitsWithin(2, DECIMALS),
  ),
  // The average price of x into R is R/(R + x) of the one before: at most i below it where x ≤ R·i/(1 − i). A unit by which the proceeds of
  // 20 are rounded moves that size by R/((1 − i)²·20) = 52 units.
  exact(
    'B30.sim-treasury-impact',
    'where it accepts an average price 2 % below, it sells R·i/(1 − i), and pays that much less',
    DERIVED,
    constantProductOutput((POOL * 0.02) / 0.98, POOL, POOL, 0),
    () => {
      const world = aBankruptcy({
        deficit: DEFICIT,
        winners: plainWinners,
        fund: { TKN: HELD },
        pools: POOL,
        backstop: [(needs) => treasury.create({ assets: undefined, impactMax: 0.02 }, needs)],
      });
      world.close();
      return world.told('insurance-fund');
    },
    unitsWithin(53, DECIMALS),
  ),
];

/** Waterfalls through the real protocol. */
export const backstopChecks: readonly Check[] = [...byProportion, ...byQueue, ...inOrder, ...inKind];
