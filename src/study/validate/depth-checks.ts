/**
 * What the engines that know depth ask, against closed forms: through the real protocol and a real pool, what a constant product pays for a
 * collateral and asks for a debt; through the engine alone, what closing a perpetual costs and what published formulas of margin give.
 */
import { years } from '../../base/params.ts';
import type { Ratio, Tokens, Usd } from '../../base/units.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { constantProduct } from '../../market/constant-product.ts';
import { perpetual } from '../../protocol/instrument/perpetual.ts';
import { order } from '../../protocol/liquidation/order.ts';
import { depthAware } from '../../protocol/risk/depth-aware.ts';
import type { RiskNeeds } from '../../protocol/risk/risk-engine.ts';
import { largestClearable } from '../closed-form/liquidation-size.ts';
import { type Check, numberCheck } from './check.ts';
import { aLendingWorld, granted } from './lending-world.ts';
import { absoluteWithin, relativeWithin, type Tolerance } from './tolerance.ts';

const RESERVE: Tokens = 1000;
const HOUR_MS = 3_600_000;
const POOL = 'derived: output of a constant product, Uniswap/v2-periphery UniswapV2Library.sol';
/** Base units of 10^-9, and chords between the rounded ends of an eighth of an octave, for sizes that lie on an end. */
const ON_THE_TABLE = relativeWithin(1e-7);
/** u/(1 + u)²·0.21 % at u = 0.05 … 3: what a chord loses between two ends. */
const BETWEEN = relativeWithin(5.3e-4);

type Terms = Parameters<typeof depthAware.create>[0];
const TERMS: Terms = {
  ...{ cash: [1], delay: 0, deviations: 0, crowd: 0, change: 0.05, initialFactor: 1 },
  ...{ estimator: 'ewma', interval: HOUR_MS, lambda: 0.94, window: 500, prior: 1, priors: {}, floor: 0 },
};

/** ETH and USD at 1 USD each, a pool of a thousand of both, and an engine whose own bounds on ETH are `threshold`. */
function aWorld(terms: Partial<Terms>, fee: Ratio = 0, threshold: Ratio = 1) {
  const pool = (ledger: Ledger) =>
    constantProduct.create(
      { share: undefined, base: 0, quote: 1, fee, baseReserve: RESERVE, quoteReserve: RESERVE },
      { name: 'pool', ledger, startPrice: () => 1 },
    );
  const world = aLendingWorld({
    markets: {
      ETH: { usd: 1, decimals: 9, ltv: threshold, liquidationThreshold: threshold },
      USD: { usd: 1, decimals: 9, ltv: 1, liquidationThreshold: 1 },
    },
    risk: (needs) => depthAware.create({ ...TERMS, ...terms }, needs),
    venues: (ledger) => [pool(ledger)],
  });
  const { protocol, asset, units, person } = world;
  const lender = person('lender', { ETH: 500, USD: 10_000 });
  for (const name of ['ETH', 'USD']) granted(protocol.supply(lender, asset(name), 'max', 0));
  /** Somebody who posts so much of one asset, and owes so much of the other. */
  const borrower = (name: 'ETH' | 'USD', posted: Tokens, owed: Tokens) => {
    const owner = person('borrower', { [name]: posted });
    granted(protocol.deposit(owner, asset(name), 'max', 0));
    const other = name === 'ETH' ? 'USD' : 'ETH';
    granted(protocol.borrow(owner, asset(other), units(other, owed), 0));
    protocol.refresh(0);
    return protocol.positionOf(owner);
  };
  return { ...world, borrower };
}

/** What counts of `posted` ETH: whoever owes a token has that for its health. */
function counted(terms: Partial<Terms>, posted: Tokens, fee: Ratio = 0, threshold: Ratio = 1): Usd {
  const { protocol, borrower } = aWorld(terms, fee, threshold);
  return protocol.health(borrower('ETH', posted, 1), 0).healthFactor;
}

/** What a pool of RESERVE of both pays for `sold`. */
const paidFor = (sold: Tokens, fee: Ratio): Tokens => (RESERVE * sold * (1 - fee)) / (RESERVE + sold * (1 - fee));

function depth(id: string, claim: string, source: string, expected: number, tolerance: Tolerance, got: () => number): Check {
  return numberCheck({ id: `B12.protocol-${id}`, tier: 'exact', claim, source, expected, tolerance, got });
}

/** A size on an end of the table: 2^35 units, about 34.36 tokens. */
const END: Tokens = 2 ** 35 / 1e9;
const BONUS = 0.05;
const Z = 2.326;

const collateral: readonly Check[] = [
  ...[0, 0.003].map((fee) =>
    depth(
      `counted-${fee}`,
      `a collateral of ${END.toFixed(2)} beside a pool of 1,000 with a fee of ${100 * fee} % counts with what its sale brings`,
      POOL,
      paidFor(END, fee),
      ON_THE_TABLE,
      () => counted({}, END, fee),
    ),
  ),
  ...[50, 700, 3000].map((posted) =>
    depth(
      `counted-between-${posted}`,
      `a collateral of ${posted} counts with what its sale brings, or as much less as a chord between two sizes lies lower`,
      POOL,
      paidFor(posted, 0),
      BETWEEN,
      () => counted({}, posted),
    ),
  ),
  depth(
    'counted-volatile',
    'at volatility 1 and a delay of 1 h it counts with 1 − 2.326·√(1 h) of that',
    `${POOL}; z·σ·√t: flyingtulip.com/ltv.htm`,
    paidFor(END, 0) * (1 - Z * Math.sqrt(years(HOUR_MS))),
    ON_THE_TABLE,
    () => counted({ delay: HOUR_MS, deviations: Z }, END),
  ),
  depth(
    'counted-crowd',
    'with a crowd of 1, an eighth of a collateral of 8·34.36 counts with an eighth of what all of it brings',
    'derived: one sale, shared by size',
    paidFor(8 * END, 0) / 8,
    ON_THE_TABLE,
    () => {
      const { protocol, borrower } = aWorld({ crowd: 1 });
      borrower('ETH', 7 * END, 1);
      const position = borrower('ETH', END, 1);
      protocol.endBlock(0);
      return protocol.health(position, 0).healthFactor;
    },
  ),
  depth(
    'largest-clearable',
    'the most collateral that counts with 1/(1 + i) in full owes what the pool clears at once: Y·i/(1 + i), 47.619 at i = 5 %',
    'derived: proceeds of (1 + i)·d equal d',
    largestClearable(RESERVE, BONUS, 0),
    // A share that is lower by a part of u/(1 + u)²·0.21 % is reached by a size that is smaller by (1 + u)/u of that; u = i.
    relativeWithin(0.0021 / (1 + BONUS)),
    () => {
      const share = 1 / (1 + BONUS);
      let [low, high] = [1, 400];
      for (let halving = 0; halving < 40; halving++) {
        const middle = (low + high) / 2;
        if (counted({}, middle, 0, share) >= middle * share * (1 - 1e-9)) low = middle;
        else high = middle;
      }
      return low * share;
    },
  ),
  depth(
    'debt-is-what-is-sold-for',
    'whoever owes what the engine lets him sells all his collateral for what he owes: what is left over, per debt',
    POOL,
    0,
    absoluteWithin(1e-7),
    () => {
      const { protocol, ledger, borrower, asset, units } = aWorld({});
      const position = borrower('ETH', END, 1);
      const owner = protocol.ownerOf(position);
      granted(protocol.borrow(owner, asset('USD'), 'max', 0));
      const owed = protocol.debtOf(position, asset('USD'));
      const pool = ledger.names.indexOf('pool');
      const [base, quote] = [ledger.balance(pool, 0), ledger.balance(pool, 1)];
      const sold = units('ETH', END);
      return (quote * sold) / (base + sold) / owed - 1;
    },
  ),
];

/** A debt on an end of the table of purchases: what a cent times 2^(93/8) buys, about 30.6 tokens. */
const SUM: Usd = 0.01 * Math.round(2 ** (93 / 8));
const BOUGHT: Tokens = paidFor(SUM, 0);

const debt: Check = depth(
  'bought-back',
  'a debt of 30.6 beside a pool of 1,000 is owed with X·d/(X − d): the health of 100 of cash against it',
  POOL,
  100 / ((RESERVE * BOUGHT) / (RESERVE - BOUGHT)),
  ON_THE_TABLE,
  () => {
    const { protocol, borrower } = aWorld({});
    return protocol.health(borrower('USD', 100, BOUGHT), 0).healthFactor;
  },
);

const PERPETUAL = {
  ...{ initial: 0.05, maintenance: 0.01, sizeCap: undefined, fee: 0, depth: 1000 },
  ...{ fundingInterval: HOUR_MS, fundingCap: 0, fundingSensitivity: 0 },
};
const CLOSEOUT = { sliceAboveUsd: 1e9, slice: 1, cooldown: 0, takeoverBelow: 0, penalty: 0, keeperShare: 0, collateralDiscount: 0 };
const SIZE: Tokens = 100;

const contract: Check = depth(
  'closing-impact',
  'closing a size of 100 against a house of depth 1,000 asks for s²/(2·depth) = 5 of margin at an index of 1',
  'Synthetixio/synthetix-v3 PerpsMarket.sol, calculateFillPrice: the premium of a fill is that at half the size',
  SIZE ** 2 / (2 * 1000),
  relativeWithin(1e-9),
  () => {
    const world = aLendingWorld({
      markets: { ETH: { usd: 1, decimals: 9 }, USD: { usd: 1, decimals: 9 } },
      risk: (needs: RiskNeeds) => depthAware.create({ ...TERMS, cash: [0, 1] }, needs),
      contracts: {
        settle: 'USD',
        list: { perp: { underlying: 'ETH', create: (needs) => perpetual.create(PERPETUAL, needs) } },
        closeout: (needs) => order.create(CLOSEOUT, needs),
        house: 10_000,
      },
    });
    const { protocol, asset, units } = world;
    const owner = world.person('trader', { USD: 1000 });
    granted(protocol.deposit(owner, asset('USD'), 'max', 0));
    granted(protocol.tradeContract(owner, 0, units('ETH', SIZE), 0));
    protocol.endBlock(HOUR_MS);
    return protocol.health(protocol.positionOf(owner), HOUR_MS).required;
  },
);

/** The engine that knows depth. */
export const depthChecks: readonly Check[] = [...collateral, debt, contract];
