/**
 * Margin of whole accounts in the real protocol against what is known apart from it: SPAN's scan of the closed form, Derive's grid, the
 * initial margin of dYdX v4 and Synthetix v3, tiers as brackets, profits that count in part (B28, B29); and the laws of portfolios, that
 * nobody needs more together than apart and that a quiet tick looks at nobody. Roundings alone may differ.
 */
import type { ParamsOf } from '../../base/params.ts';
import { years } from '../../base/params.ts';
import { type Random, randomFrom } from '../../base/random.ts';
import type { Ratio, Tokens, Usd } from '../../base/units.ts';
import { CALL as CALL_KIND } from '../../protocol/instrument/black-scholes.ts';
import { perpetual } from '../../protocol/instrument/perpetual.ts';
import { order } from '../../protocol/liquidation/order.ts';
import { createCross, cross } from '../../protocol/risk/cross.ts';
import { isolate } from '../../protocol/risk/isolated.ts';
import { blankHealth, type Need, type RiskNeeds } from '../../protocol/risk/risk-engine.ts';
import { createScenarioScan, scenarioScan } from '../../protocol/risk/scenario-scan.ts';
import type { SlopedEngine } from '../../protocol/risk/standing.ts';
import { effectiveInitialMargin } from '../closed-form/perpetual-margin.ts';
import { futureRiskArray, linearScanRisk, optionRiskArray, scanRisk, spanRequirement } from '../closed-form/span.ts';
import { type Check, type CheckTier, numberCheck } from './check.ts';
import { aContractWorld, CALL, type ContractWorldOptions, PERP, PLAIN_ORDER, PLAIN_PERPETUAL } from './contract-world.ts';
import { termsOf } from './default-terms.ts';
import { aLendingWorld, granted, refusal } from './lending-world.ts';
import { exactly, relativeWithin, type Tolerance, unitsWithin } from './tolerance.ts';

type ScanTerms = ParamsOf<(typeof scenarioScan)['params']>;
type CrossTerms = ParamsOf<(typeof cross)['params']>;
const scan = (terms: Partial<ScanTerms>) => (needs: RiskNeeds) => createScenarioScan(termsOf(scenarioScan, terms), needs);
const crossed = (terms: Partial<CrossTerms>) => (needs: RiskNeeds) => createCross(termsOf(cross, terms), needs);

const DIGITS: Tolerance = relativeWithin(1e-9);
const DAY_MS = 86_400_000;
const MILLION = 1_000_000;

function check(id: string, claim: string, source: string, expected: number, got: () => number, tolerance = DIGITS): Check {
  return numberCheck({ id, tier: 'exact', claim, source, expected, tolerance, got });
}

/** What an account is asked for that holds these sizes, with a million of cash and what `collateral` says. */
function asked(options: ContractWorldOptions, sizes: readonly (readonly [contract: number, tokens: Tokens])[], need: Need): Usd {
  const { protocol, trader, trade } = aContractWorld({ house: 100 * MILLION, ...options });
  const albert = trader('albert', { USD: 50 * MILLION });
  for (const [contract, tokens] of sizes) trade(albert, contract, tokens);
  const position = protocol.positionOf(albert);
  return (need === 'initial' ? protocol.healthInitial(position) : protocol.health(position, 0)).required;
}

/** The vectors of the closed form: an SP future at 2,790, a scan range of 120, volatility 16 % by 35 %, a call of 15 days. */
const INDEX = 2790;
const SCAN_RANGE = { price: 120, volatility: 0.35 };
const MULTIPLIER = 250;
const STRIKE = 2825;
const SPAN_TERMS: Partial<ScanTerms> = {
  range: SCAN_RANGE.price / INDEX,
  steps: 3,
  volatilityUp: SCAN_RANGE.volatility,
  volatilityDown: SCAN_RANGE.volatility,
  volatilitySame: false,
  powerShort: 0,
  powerLong: 0,
  extremes: [
    { ranges: 3, move: 0, volatility: 0, cover: 0.33 },
    { ranges: -3, move: 0, volatility: 0, cover: 0.33 },
  ],
  lookAhead: DAY_MS,
  initialFactor: 1,
};
const SPAN_WORLD: ContractWorldOptions = {
  index: INDEX,
  risk: scan(SPAN_TERMS),
  surface: { volatility: () => 0.16 },
  option: { strike: STRIKE, expiry: 15 * DAY_MS },
};
const CME = 'CME Group, Span Methodology (2019); study/closed-form/span';
const callArray = () =>
  optionRiskArray(
    { kind: CALL_KIND, spot: INDEX, strike: STRIKE, years: years(15 * DAY_MS), volatility: 0.16 },
    SCAN_RANGE,
    years(DAY_MS),
    MULTIPLIER,
  );
const coveredCall = () =>
  scanRisk([
    { quantity: 1, array: futureRiskArray(SCAN_RANGE, MULTIPLIER) },
    { quantity: -1, array: callArray() },
  ]);
const FAR: ContractWorldOptions = {
  ...SPAN_WORLD,
  risk: scan({ ...SPAN_TERMS, shortMinimum: 0.01 }),
  option: { strike: 10 * INDEX, expiry: 15 * DAY_MS },
};

const scans: readonly Check[] = [
  ...(['long', 'short'] as const).map((side) =>
    check(
      `B28.sim-linear-${side}`,
      `a ${side} of 250 units is asked for |delta| times the scan range of 120: $30,000`,
      CME,
      linearScanRisk(MULTIPLIER, SCAN_RANGE.price),
      () => asked(SPAN_WORLD, [[PERP, side === 'long' ? MULTIPLIER : -MULTIPLIER]], 'maintenance'),
    ),
  ),
  check(
    'B28.sim-short-call',
    'a short call of 250 units is asked for its worst of sixteen scenarios, a day ahead',
    CME,
    scanRisk([{ quantity: -1, array: callArray() }]),
    () => asked(SPAN_WORLD, [[CALL, -MULTIPLIER]], 'maintenance'),
  ),
  check('B28.sim-covered-call', 'a long perpetual and a short call are asked for as one portfolio', CME, coveredCall(), () =>
    asked(
      SPAN_WORLD,
      [
        [PERP, MULTIPLIER],
        [CALL, -MULTIPLIER],
      ],
      'maintenance',
    ),
  ),
  check(
    'B28.sim-short-minimum',
    'ten short calls at ten times the price are asked for their minimum, 1 % of the price each',
    'derived; CME Group, Span Methodology (short option minimum)',
    spanRequirement(0, 10, 0.01 * INDEX),
    () => asked(FAR, [[CALL, -10]], 'maintenance'),
  ),
  ...(['initial', 'maintenance'] as const).map((need) =>
    check(
      `B28.sim-grid-${need}`,
      `the grid of Derive asks a perpetual for ${need === 'initial' ? '1.3 × 15 %' : '15 %'} of its notional`,
      'derivexyz/v2-core config-mainnet.sol (PMRM)',
      (need === 'initial' ? 1.3 : 1) * 0.15 * 10 * 2000,
      () => asked({ risk: scan({}) }, [[PERP, -10]], need),
    ),
  ),
  check(
    'B28.sim-wrong-way',
    'scanned, ETH behind a long of as much ETH is asked for twice, and behind a short for nothing',
    'derived: |1 + 1| and |1 − 1| times 15 % of $20,000',
    6000,
    () => behind(10) + behind(-10),
  ),
];

/** What 10 ETH of collateral and a perpetual of so much are asked for, scanned together. */
function behind(tokens: Tokens): Usd {
  const { protocol, trader, trade } = aContractWorld({ risk: scan({ collateral: 'scan' }) });
  const betty = trader('betty', { ETH: 10, USD: 100_000 });
  trade(betty, PERP, tokens);
  return protocol.health(protocol.positionOf(betty), 0).required;
}

const DYDX = 'dydxprotocol/v4-chain x/perpetuals/types/liquidity_tier.go';
/** [name, b, lower cap, upper cap, open interest] */
const TIERS = [
  ['35M', 0.1, 20e6, 50e6, 35e6],
  ['test', 0.2, 1e6, 2e6, 1_234_567],
  ['20M', 0.1, 20e6, 50e6, 20e6],
  ['50M', 0.1, 20e6, 50e6, 50e6],
] as const;

/** The world of a tier in which open interest is so much, and the account that has it. */
function atInterest([, base, lowerCap, upperCap, interest]: (typeof TIERS)[number]) {
  const world = aContractWorld({
    house: 100 * MILLION,
    perpetual: { initial: base, maintenance: base / 2 },
    // Market 0, ETH at $2,000.
    risk: crossed({ markets: [{ asset: 0, lowerCap, upperCap, sizeScale: 0 }] }),
  });
  const albert = world.trader('albert', { USD: 100 * MILLION });
  world.trade(albert, PERP, interest / 2000);
  return { ...world, position: world.protocol.positionOf(albert) };
}

/** Refused with 30 % of the notional at an open interest of 35M, and left alone with 6 %: 1 if both. */
function crowdedOut(): number {
  const { protocol, trader, size, person, asset, units } = atInterest(TIERS[0]);
  const betty = trader('betty', { USD: 300 });
  const refused = refusal(protocol.tradeContract(betty, PERP, size(0.5), 0));
  const carol = person('carol', { USD: 1000 });
  granted(protocol.deposit(carol, asset('USD'), units('USD', 1000), 0));
  granted(protocol.tradeContract(carol, PERP, size(0.5), 0));
  granted(protocol.withdraw(carol, asset('USD'), units('USD', 449), 0));
  const { liquidatable } = protocol.health(protocol.positionOf(carol), 0);
  return refused === 'HEALTH_INITIAL' && !liquidatable ? 1 : 0;
}

/** Initial requirement less the plain rate, with an unrealised profit of $1,000 on one ETH. */
function withheld(terms: Partial<CrossTerms>): Usd {
  const { protocol, trader, trade, setPrice } = aContractWorld({ risk: crossed(terms) });
  const albert = trader('albert', { USD: 10_000 });
  trade(albert, PERP, 1);
  setPrice('ETH', 3000);
  protocol.refresh(0);
  return protocol.healthInitial(protocol.positionOf(albert)).required - 0.05 * 3000;
}

/** What a size has cost is a whole number of base units. */
const ENTRY_UNIT: Tolerance = unitsWithin(1, 6);
const SYNTHETIX = 'Synthetixio/synthetix-v3 perps-market PerpsMarketConfiguration.sol';
const SKEW_SCALE = { asset: 0, lowerCap: 0, upperCap: 0, sizeScale: 500 };
const BRACKETS = [
  { upTo: MILLION, initial: 0.05, maintenance: 0.03 },
  { upTo: 1e15, initial: 0.2, maintenance: 0.1 },
];

const crosses: readonly Check[] = [
  ...TIERS.map((tier) => {
    const [name, base, lowerCap, upperCap, interest] = tier;
    return check(
      `B29.sim-dydx-${name}`,
      `an account alone with an open interest of $${interest} is asked for the initial margin of its tier, ${base} to 1`,
      DYDX,
      effectiveInitialMargin({ base, lowerCap, upperCap }, interest),
      () => {
        const { protocol, position } = atInterest(tier);
        return protocol.healthInitial(position).required / interest;
      },
    );
  }),
  check('B29.sim-dydx-refused', 'at 35M nobody opens with less than 55 %, and nobody is liquidated for it', DYDX, 1, crowdedOut, exactly),
  check('B29.sim-size', '5 ETH at a skew scale of 1,000 and a ratio of 2 are asked for 5/500 + 5 %', SYNTHETIX, 0.06 * 10_000, () =>
    asked({ risk: crossed({ markets: [SKEW_SCALE] }) }, [[PERP, 5]], 'initial'),
  ),
  check('B29.sim-size-maintenance', 'and to be left alone for 0.6 of that, as of the plain rate', SYNTHETIX, 0.6 * 0.06 * 10_000, () =>
    asked({ risk: crossed({ markets: [SKEW_SCALE] }) }, [[PERP, 5]], 'maintenance'),
  ),
  check(
    'B29.sim-brackets',
    'a position of $3M is asked for 3 % of the first million and 10 % of the others',
    'derived: brackets, as exchanges have them with a deduction (maintenance amount)',
    0.03 * MILLION + 0.1 * 2 * MILLION,
    () => asked({ risk: crossed({ tiers: BRACKETS }) }, [[PERP, -1500]], 'maintenance'),
  ),
  check(
    'B29.sim-profit-weight',
    'of a profit of $1,000 half counts to open where its weight is half',
    'blockworks-foundation/mango-v4',
    500,
    () => withheld({ profitWeight: 0.5 }),
    ENTRY_UNIT,
  ),
  check(
    'B29.sim-profit-cap',
    'and $100 where that is the most that may',
    'drift-labs/protocol-v2 math/margin.rs',
    900,
    () => withheld({ profitCap: 100 }),
    ENTRY_UNIT,
  ),
];

/** Traders with random longs and shorts of two perpetuals, some of them with ETH behind them, after prices have moved. */
function aCrowd(random: Random, traders: number) {
  const side = (): Ratio => 2 * random.uniform() - 1;
  const perp = { create: (needs: Parameters<typeof perpetual.create>[1]) => perpetual.create(PLAIN_PERPETUAL, needs) };
  let engines: RiskNeeds | undefined;
  const world = aLendingWorld({
    markets: {
      ETH: { usd: 2000, ltv: 0.8, liquidationThreshold: 0.85 },
      BTC: { usd: 40_000, ltv: 0.7, liquidationThreshold: 0.75 },
      USD: { usd: 1 },
    },
    contracts: {
      settle: 'USD',
      list: { eth: { underlying: 'ETH', ...perp }, btc: { underlying: 'BTC', ...perp } },
      closeout: (needs) => order.create(PLAIN_ORDER, needs),
      house: 100 * MILLION,
    },
    risk: (needs) => {
      engines = needs;
      return crossed({})(needs);
    },
  });
  const { protocol, asset, units } = world;
  for (let trader = 0; trader < traders; trader++) {
    const account = world.person(`trader/${trader}`, { USD: 10_000, ...(trader % 3 === 0 ? { ETH: 2 } : {}) });
    granted(protocol.deposit(account, asset('USD'), 'max', 0));
    if (trader % 3 === 0) granted(protocol.deposit(account, asset('ETH'), 'max', 0));
    granted(protocol.tradeContract(account, 0, Math.round(units('ETH', 30) * side()) || 1, 0));
    granted(protocol.tradeContract(account, 1, Math.round(units('BTC', 1.5) * side()) || 1, 0));
  }
  return { ...world, needs: engines as RiskNeeds };
}

/** Accounts of a random crowd for which the whole asks for more than the parts, or, of those with one underlying, for another amount. */
function dearerTogether(create: (needs: RiskNeeds) => SlopedEngine): number {
  const random = randomFrom(3);
  const { protocol, needs, setPrice } = aCrowd(random, 300);
  const whole = create(needs);
  const parts = isolate(whole, needs);
  let wrong = 0;
  for (const move of [1, 0.85, 1.2]) {
    setPrice('ETH', 2000 * move);
    setPrice('BTC', 40_000 * (2 - move));
    protocol.refresh(0);
    const { accounts } = protocol.inspection;
    const marks = Float64Array.from([...protocol.markets.map(({ asset: id, scale }) => protocol.oracleUsd(id, 0) / scale), 0, 0]);
    for (const contract of [0, 1]) marks[3 + contract] = protocol.contractMark(contract);
    for (let position = 0; position < protocol.positions; position++) {
      const together = whole.assess(accounts, position, marks, 'maintenance', blankHealth()).required;
      const apart = parts.assess(accounts, position, marks, 'maintenance', blankHealth()).required;
      if (together > apart * (1 + 1e-12)) wrong++;
    }
  }
  return wrong;
}

/** Accounts that a quiet tick looks at, of a crowd that nobody of whom is near. */
function looksOfQuietTick(): number {
  const { protocol, setPrice } = aCrowd(randomFrom(4), 300);
  protocol.endBlock(0);
  // Everybody leaves triggers.
  protocol.inspection.near();
  const before = protocol.inspection.looks;
  setPrice('ETH', 2000 * 1.0005);
  setPrice('BTC', 40_000 * 0.9995);
  protocol.endBlock(12_000);
  protocol.inspection.near();
  return protocol.inspection.looks - before;
}

const law = (id: string, claim: string, got: () => number): Check =>
  numberCheck({ id, tier: 'law' satisfies CheckTier, claim, source: 'law of this project', expected: 0, tolerance: exactly, got });

const laws: readonly Check[] = [
  law('B28.sim-subadditive', 'nobody of 300 accounts at three prices needs more under a scan of the whole than of each underlying', () =>
    dearerTogether(scan({ offset: 0.5, collateral: 'scan' })),
  ),
  law('B29.sim-subadditive', 'nor under cross margin than isolated', () => dearerTogether(crossed({}))),
  law(
    'B29.sim-quiet-tick',
    'a tick of 0.05 % looks at none of 300 accounts of cross margin, each of which could be ruined',
    looksOfQuietTick,
  ),
];

/** Scans, then cross margin, then the laws of both. */
export const marginEngineChecks: readonly Check[] = [...scans, ...crosses, ...laws];
