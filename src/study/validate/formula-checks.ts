/** Published rules of margin, written as formulas of a user and asked of accounts of the real protocol. */
import type { Tokens, Usd } from '../../base/units.ts';
import type { Expression } from '../../formula/expression.ts';
import { constantProduct } from '../../market/constant-product.ts';
import { perpetual } from '../../protocol/instrument/perpetual.ts';
import { order } from '../../protocol/liquidation/order.ts';
import { byFormula } from '../../protocol/risk/by-formula.ts';
import { effectiveInitialMargin } from '../closed-form/perpetual-margin.ts';
import { type Check, numberCheck } from './check.ts';
import { aLendingWorld, granted } from './lending-world.ts';
import { absoluteWithin, relativeWithin } from './tolerance.ts';

const HOUR_MS = 3_600_000;
const TERMS: Omit<Parameters<typeof byFormula.create>[0], 'formula'> = {
  ...{ collateralFormula: undefined, initialFactor: 1, delay: 0, slippage: 0.05 },
  ...{ estimator: 'ewma', interval: HOUR_MS, lambda: 0.94, window: 500, prior: 0.1, priors: {}, floor: 0 },
};

/** A formula is read when its check runs: the parser takes long to load. */
async function read(text: string): Promise<Expression> {
  const { parseExpression } = await import('../../formula/parse.ts');
  return parseExpression(text) as Expression;
}

/** The initial margin fraction of dYdX v4; maintenance is left as it is. */
const OPEN_INTEREST =
  'notional * (rate < initialRate ? rate : ' +
  'min(1, initialRate + max(0, openInterest - 20000000 usd) / (30000000 usd) * (1 - initialRate)))';
const TIER = { base: 0.1, lowerCap: 20e6, upperCap: 50e6 };
const PERPETUAL = {
  ...{ initial: TIER.base, maintenance: 0.05, sizeCap: undefined, fee: 0, depth: undefined },
  ...{ fundingInterval: HOUR_MS, fundingCap: 0, fundingSensitivity: 0 },
};
const CLOSEOUT = { sliceAboveUsd: 1e9, slice: 1, cooldown: 0, takeoverBelow: 0, penalty: 0, keeperShare: 0, collateralDiscount: 0 };

/** Initial margin over notional of an account that holds all open interest of a perpetual. */
async function initialFraction(openInterest: Usd): Promise<number> {
  const formula = await read(OPEN_INTEREST);
  const { protocol, person, asset, units } = aLendingWorld({
    markets: { BTC: { usd: 100 }, USD: { usd: 1 } },
    risk: (needs) => byFormula.create({ ...TERMS, formula }, needs),
    contracts: {
      settle: 'USD',
      list: { perp: { underlying: 'BTC', create: (needs) => perpetual.create(PERPETUAL, needs) } },
      closeout: (needs) => order.create(CLOSEOUT, needs),
      house: 1e9,
    },
  });
  const trader = person('trader', { USD: openInterest });
  granted(protocol.deposit(trader, asset('USD'), 'max', 0));
  granted(protocol.tradeContract(trader, 0, units('BTC', openInterest / 100), 0));
  protocol.endBlock(HOUR_MS);
  return protocol.healthInitial(protocol.positionOf(trader)).required / openInterest;
}

/** What remains of a collateral after its bonus and e^(−c·σ/√(depth/cap)), c = 3. */
const SMART = 'notional * (1 + bonus - exp(-3 * volatility * sqrt(1 year) / sqrt(depth / openInterestCap)))';
/** 2^40 units are worth $1M: a size at which depth is read off without a chord. */
const TOKEN_USD: Usd = 1e12 / 2 ** 40;
/** A pool without fee pays 5 % less a unit for x than for a little where x/X = 0.05/0.95. */
const RESERVE_USD: Usd = (1e6 * 0.95) / 0.05;
const CAP_USD: Usd = 200_000;

/** Part of its value that 1 USD of a collateral counts with. */
async function smartShare(): Promise<number> {
  const formula = await read('notional * rate');
  const collateralFormula = await read(SMART);
  const reserve: Tokens = RESERVE_USD / TOKEN_USD;
  const { protocol, person, asset } = aLendingWorld({
    markets: { TOKEN: { usd: TOKEN_USD, decimals: 6, bonus: 0.05, collateralCap: CAP_USD / TOKEN_USD }, USD: { usd: 1, decimals: 9 } },
    risk: (needs) => byFormula.create({ ...TERMS, formula, collateralFormula }, needs),
    venues: (ledger) => [
      constantProduct.create(
        { share: undefined, base: 0, quote: 1, fee: 0, baseReserve: reserve, quoteReserve: 1e6 },
        { name: 'pool', ledger, startPrice: () => 1 },
      ),
    ],
  });
  // The pool's price is another than the mark: depth is what the venue loses from its own price.
  const owner = person('borrower', { TOKEN: 1 });
  granted(protocol.deposit(owner, asset('TOKEN'), 'max', 0));
  const { collateralUsd, required } = protocol.health(protocol.positionOf(owner), 0);
  return 1 - required / collateralUsd;
}

export const formulaChecks: readonly Check[] = [
  ...[10e6, 35e6, 60e6].map((openInterest) =>
    numberCheck({
      id: `B29.protocol-formula-${openInterest / 1e6}M`,
      tier: 'exact',
      claim: `the initial margin of dYdX v4, as a formula, at an open interest of ${openInterest / 1e6}M`,
      source: 'dydxprotocol/v4-chain x/perpetuals/types/liquidity_tier.go',
      expected: effectiveInitialMargin(TIER, openInterest),
      tolerance: relativeWithin(1e-9),
      got: () => initialFraction(openInterest),
    }),
  ),
  numberCheck({
    id: 'B12.protocol-formula-smart-ltv',
    tier: 'exact',
    claim: 'the loan-to-value of SmartLTV as a formula: 0.82444657 at a depth of 1M, a cap of 200k, volatility 10 %, bonus 5 %, factor 3',
    source: 'backstop-protocol/smart-ltv test/unit/core/SmartLTV.t.sol',
    expected: 0.82444657,
    // Printed to ±1e-8; and the pool's reserves are whole units, from which the depth is read.
    tolerance: absoluteWithin(1e-7),
    got: smartShare,
  }),
];
