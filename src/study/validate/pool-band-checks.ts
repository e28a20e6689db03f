/**
 * The real lending protocol with a stability pool and with soft liquidation against their closed forms: what depositors earn (B19), where
 * bands begin and end, at what price they trade, and what a slow fall through them costs (B18). Exact: whole base units of 10^-9 are all
 * that may differ.
 */
import { isRejection } from '../../base/rejection.ts';
import type { Ratio, Tokens, UsdPrice } from '../../base/units.ts';
import { softBands } from '../../protocol/liquidation/soft-bands-mechanism.ts';
import { stabilityPool } from '../../protocol/liquidation/stability-pool.ts';
import { bandPrices, bandSpan } from '../closed-form/soft-bands.ts';
import { depositorBreakEven, depositorOutcome, depositorReturn } from '../closed-form/stability-pool.ts';
import { type Check, numberCheck } from './check.ts';
import { aLendingWorld, granted } from './lending-world.ts';
import { absoluteWithin, exactly, relativeWithin, type Tolerance } from './tolerance.ts';

const LIQUITY = 'liquity/dev TroveManager.sol, StabilityPool.sol; vector derived';
const LLAMMA = 'curvefi/curve-stablecoin AMM.vy; vector derived';
const DECIMALS = 9;
const SCALE = 10 ** DECIMALS;
const GAS_SHARE = 0.005;

function exact(id: string, claim: string, source: string, expected: number, tolerance: Tolerance, got: () => number): Check {
  return numberCheck({ id, tier: 'exact', claim, source, expected, tolerance, got });
}

interface Pooled {
  readonly ratio: Ratio;
  readonly debt: Tokens;
  readonly deposits: readonly Tokens[];
  readonly gasFixed?: Tokens;
  readonly gasShare?: Ratio;
}

/** A loan that the pool takes over at a ratio: what each depositor paid for it, and what he got, USD. */
function absorbed({ ratio, debt, deposits, gasFixed = 0, gasShare = GAS_SHARE }: Pooled) {
  const world = aLendingWorld({
    markets: {
      ETH: { usd: 10, decimals: DECIMALS, ltv: 1 / 1.1, liquidationThreshold: 1 / 1.1 },
      USD: { usd: 1, decimals: DECIMALS },
    },
    liquidation: (needs) =>
      stabilityPool.create({ debt: needs.markets[1].asset, gasFixed, gasShare, debtMin: 0, criticalRatio: 0, lock: true }, needs),
  });
  const { protocol, asset, units } = world;
  const [eth, usd] = [asset('ETH'), asset('USD')];
  granted(protocol.supply(world.person('lender', { USD: 1_000_000 }), usd, 'max', 0));
  const depositors = deposits.map((tokens, i) => {
    const depositor = world.person(`provider/${i}`, { USD: tokens });
    granted(protocol.provide(depositor, usd, units('USD', tokens), 0));
    return depositor;
  });
  const borrower = world.person('borrower', { ETH: (debt + gasFixed) * ratio });
  granted(protocol.deposit(borrower, eth, 'max', 0));
  granted(protocol.borrow(borrower, usd, units('USD', debt), 0));
  world.setPrice('ETH', 1);
  granted(protocol.startLiquidation(world.person('keeper', {}), protocol.positionOf(borrower), 0));
  return depositors.map((depositor, i) => {
    granted(protocol.unprovide(depositor, usd, 'max', 0));
    return {
      spent: deposits[i] - world.ledger.balance(depositor, usd) / SCALE,
      received: world.ledger.balance(depositor, eth) / SCALE,
    };
  });
}

/** What the first depositor made of what he paid. */
function returned(pooled: Pooled): Ratio {
  const [{ spent, received }] = absorbed(pooled);
  return received / spent - 1;
}

const SHARED = { ratio: 1.09, debt: 200_000, deposits: [100_000, 900_000], gasShare: 0 };
const SHARED_LOAN = { collateral: SHARED.ratio * SHARED.debt, debt: SHARED.debt };
const outcome = depositorOutcome(100_000, 1_000_000, SHARED_LOAN, 0);

const pools: readonly Check[] = [
  exact(
    'B19.sim-return',
    'depositors of the protocol earn 8.455 % on what they pay where a loan at 109 % is liquidated, half a per cent being the keeper’s',
    LIQUITY,
    depositorReturn(1.09, GAS_SHARE),
    absoluteWithin(1e-9),
    () => returned({ ratio: 1.09, debt: 100_000, deposits: [200_000] }),
  ),
  exact(
    'B19.sim-fixed',
    'and as much where 200 more are the keeper’s, and 109 % is taken of debt and those 200',
    LIQUITY,
    depositorReturn(1.09, GAS_SHARE),
    absoluteWithin(1e-9),
    () => returned({ ratio: 1.09, debt: 100_000, deposits: [200_000], gasFixed: 200 }),
  ),
  exact('B19.sim-break-even', 'and nothing at 1/(1 − 0.5 %)', LIQUITY, 0, absoluteWithin(1e-9), () =>
    returned({ ratio: depositorBreakEven(GAS_SHARE), debt: 100_000, deposits: [200_000] }),
  ),
  exact(
    'B19.sim-spent',
    'a tenth of the deposits pays a tenth of the debt',
    LIQUITY,
    outcome.spent,
    exactly,
    () => absorbed(SHARED)[0].spent,
  ),
  exact(
    'B19.sim-received',
    'and receives a tenth of the collateral',
    LIQUITY,
    outcome.received,
    exactly,
    () => absorbed(SHARED)[0].received,
  ),
];

const BANDS = { amplification: 100, bands: 10, fee: 0, loanDiscount: 0.09, liquidationDiscount: 0.06 };
/** Such a loan is never worth closing whole at the lower end of its bands: it owes more than its collateral is worth there. */
const TIGHT = { ...BANDS, loanDiscount: 0.01, liquidationDiscount: 0 };
const START: UsdPrice = 1000;

/** A loan of 500 on one ETH in bands, and an arbitrageur without limits. */
function banded(terms: typeof BANDS = BANDS) {
  const world = aLendingWorld({
    markets: {
      ETH: { usd: START, decimals: DECIMALS, ltv: 0.8, liquidationThreshold: 0.85 },
      USD: { usd: 1, decimals: DECIMALS, liquidationThreshold: 1, bonus: 0 },
    },
    liquidation: (needs) => softBands.create(terms, needs),
  });
  const { protocol, asset, units } = world;
  const [eth, usd] = [asset('ETH'), asset('USD')];
  granted(protocol.supply(world.person('lender', { USD: 100_000 }), usd, 'max', 0));
  const borrower = world.person('borrower', { ETH: 1 });
  const trader = world.person('arbitrageur', { ETH: 1000, USD: 1_000_000 });
  granted(protocol.deposit(borrower, eth, 'max', 0));
  granted(protocol.borrow(borrower, usd, units('USD', 500), 0));
  const position = protocol.positionOf(borrower);
  const at = (price: UsdPrice) => {
    world.setPrice('ETH', price);
    protocol.endBlock(0);
  };
  /** Buys collateral, or sells it back. */
  const take = (amount: number | 'max' = 'max') => protocol.liquidate(trader, position, usd, eth, amount, 0);
  const back = () => protocol.liquidate(trader, position, eth, usd, 'max', 0);
  const held = () => protocol.collateralOf(position, eth) / SCALE;
  const stable = () => protocol.collateralOf(position, usd) / SCALE;
  return { at, take, back, held, stable };
}

/** Where `holds` ends to be true as prices rise. */
function lastPrice(holds: (price: UsdPrice) => boolean): UsdPrice {
  let [low, high] = [1, START];
  for (let halving = 0; halving < 50; halving += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** The highest price at which collateral can be bought, and at which all of it is: the ends of the loan's bands. */
const upperEnd = (terms = BANDS) =>
  lastPrice((price) => {
    const loan = banded(terms);
    loan.at(price);
    return !isRejection(loan.take());
  });
const lowerEnd = () =>
  lastPrice((price) => {
    const loan = banded(TIGHT);
    loan.at(price);
    loan.take();
    return loan.held() === 0 && loan.stable() > 0;
  });

/** A fall through all bands in steps, arbitraged at each: the stable that comes of it, less what a fall without steps would have left. */
function lostOnTheWay(step: Ratio): Ratio {
  const loan = banded();
  const upper = upperEnd();
  for (let price = upper * 1.01; price > upper * 0.88; price *= 1 - step) {
    loan.at(price);
    loan.take();
  }
  const ratio = (BANDS.amplification - 1) / BANDS.amplification;
  const slowly = (upper * Math.sqrt(ratio) * (1 - ratio ** BANDS.bands)) / (1 - ratio) / BANDS.bands;
  return 1 - loan.stable() / slowly;
}

const bands: readonly Check[] = [
  exact(
    'B18.sim-span',
    'ten bands of the protocol begin to be sold and are wholly sold at oracle prices 9.56 % apart',
    LLAMMA,
    bandSpan(100, 10),
    absoluteWithin(1e-8),
    () => 1 - lowerEnd() / upperEnd(TIGHT),
  ),
  exact(
    'B18.sim-edge',
    'the first begins at a whole number of bands below the first price: p·0.99^n',
    LLAMMA,
    0,
    absoluteWithin(1e-6),
    () => {
      const bandsBelow = Math.log(upperEnd() / START) / Math.log(0.99);
      return bandsBelow - Math.round(bandsBelow);
    },
  ),
  exact(
    'B18.sim-price',
    'its first twentieth of a dollar costs p³/p_up² where the oracle says p, but for moving the price and rounding',
    LLAMMA,
    1,
    relativeWithin(3e-5),
    () => {
      const loan = banded();
      const upper = upperEnd();
      const price = upper * 0.995;
      loan.at(price);
      const { repaid, seized } = granted(loan.take(50_000_000));
      return repaid / seized / bandPrices({ basePrice: upper, amplification: 100 }, 0, price).low;
    },
  ),
  exact('B18.sim-below', 'below the bands there is no collateral left', LLAMMA, 0, exactly, () => {
    const loan = banded();
    const upper = upperEnd();
    for (let price = upper; price > upper * 0.9; price *= 0.999) {
      loan.at(price);
      loan.take();
    }
    return loan.held();
  }),
  exact('B18.sim-above', 'and above them, after it was bought back, no stable', LLAMMA, 0, exactly, () => {
    const loan = banded();
    const upper = upperEnd();
    loan.at(upper * 0.99);
    loan.take();
    loan.at(upper * 1.0001);
    loan.back();
    return loan.stable();
  }),
  exact(
    'B18.sim-slow-fall',
    'without fee, a fall in steps of a tenth of a per cent loses 3/2 of a step against a continuous one',
    'derived: the price of a band falls by three steps where the oracle falls by one',
    1.5,
    relativeWithin(0.01),
    () => lostOnTheWay(0.001) / 0.001,
  ),
];

export const poolBandChecks: readonly Check[] = [...pools, ...bands];
