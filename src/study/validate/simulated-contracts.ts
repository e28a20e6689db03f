/**
 * The real protocol's accounts of contracts against what is known apart from it: at which price an isolated perpetual is liquidated and at
 * which it is bankrupt (B29); and what contracts owe each other, put-call parity of marks, funding of a constant skew, the cost of leaving
 * a market, and that nothing is lost or made by trading, funding, expiry and closeout (B31). Exact: roundings alone may differ.
 */
import { randomFrom } from '../../base/random.ts';
import { type Ratio, type Tokens, toTokens, type Units, type UsdPrice } from '../../base/units.ts';
import { parametricVolatility } from '../../protocol/instrument/parametric-volatility.ts';
import { bankruptcyPrice, type IsolatedPosition, liquidationPrice } from '../closed-form/perpetual-margin.ts';
import { type Check, numberCheck } from './check.ts';
import { aContractWorld, CALL, type ContractWorld, PERP, PUT } from './contract-world.ts';
import { granted } from './lending-world.ts';
import { relativeWithin, type Tolerance, unitsWithin } from './tolerance.ts';

const DECIMALS = 9;
const HOUR = 3_600_000;
/** Tokens of the settlement asset that the position is opened with. */
const MARGIN: Tokens = 1000;

function exact(id: string, claim: string, source: string, expected: number, tolerance: Tolerance, got: () => number): Check {
  return numberCheck({ id, tier: 'exact', claim, source, expected, tolerance, got });
}

/** A position with leverage, opened at 1 on a margin of 1,000, and what its protocol says of it at other prices. */
function anIsolated({ side, leverage }: Pick<IsolatedPosition, 'side' | 'leverage'>, maintenance: Ratio) {
  // An initial requirement that lets it open, at whatever leverage and rounding.
  const world = aContractWorld({ index: 1, decimals: DECIMALS, perpetual: { initial: maintenance, maintenance } });
  const albert = world.trader('albert', { USD: MARGIN });
  world.trade(albert, PERP, (side === 'long' ? 1 : -1) * MARGIN * leverage);
  const position = world.protocol.positionOf(albert);
  const at = (price: UsdPrice) => {
    world.setPrice('ETH', price);
    world.protocol.endBlock(0);
  };
  return { ...world, position, at };
}

/** The price between `safe` and `ruined` at which `ruin` begins; a part in 10^12. */
function priceWhere(safe: UsdPrice, ruined: UsdPrice, ruin: (price: UsdPrice) => boolean): UsdPrice {
  let [from, to] = [safe, ruined];
  for (let halving = 0; halving < 40; halving += 1) {
    const middle = (from + to) / 2;
    if (ruin(middle)) to = middle;
    else from = middle;
  }
  return to;
}

/** [side, leverage, maintenance]: the vectors of B29. */
const VECTORS = [
  ['long', 20, 0.0125],
  ['short', 20, 0.0125],
  ['long', 50, 0.01],
  ['short', 50, 0.01],
] as const;
const DERIVED = 'derived: equity = margin ± size·(P − P₀); vectors of study/closed-form/perpetual-margin';
/** One unit of rounding of a margin of 10^12, times the leverage. */
const PRICE_DIGITS = relativeWithin(1e-9);

const margins: readonly Check[] = VECTORS.flatMap(([side, leverage, maintenance]) => {
  const position: IsolatedPosition = { side, entry: 1, leverage };
  const beyond = side === 'long' ? 0.5 : 1.5;
  const name = `${side}-${leverage}`;
  return [
    exact(
      `B29.protocol-${name}`,
      `a ${side} at 1 with leverage ${leverage} is offered for closing from ${liquidationPrice(position, maintenance).toFixed(6)} on`,
      DERIVED,
      liquidationPrice(position, maintenance),
      PRICE_DIGITS,
      () => {
        const account = anIsolated(position, maintenance);
        return priceWhere(1, beyond, (price) => {
          account.at(price);
          return account.protocol.startable(0).includes(account.position);
        });
      },
    ),
    exact(
      `B29.protocol-bankrupt-${name}`,
      `and closing it leaves a shortfall from ${bankruptcyPrice(position)} on`,
      DERIVED,
      bankruptcyPrice(position),
      PRICE_DIGITS,
      () => priceWhere(1, beyond, (price) => shortfallAt(position, maintenance, price) > 0),
    ),
  ];
});

/** What the closing of a position at a price leaves unpaid, USD. */
function shortfallAt(position: IsolatedPosition, maintenance: Ratio, price: UsdPrice): number {
  const account = anIsolated(position, maintenance);
  account.at(price);
  if (!account.protocol.startable(0).includes(account.position)) return 0;
  granted(account.protocol.startLiquidation(account.person('keeper', {}), account.position, 0));
  return account.facts.reduce((usd, { kind, numbers }) => (kind === 'shortfall' ? usd + numbers[0] : usd), 0);
}

const SMILE = parametricVolatility.create({ atm: 0.8, skew: -0.3, smile: 0.4, term: 0.2, floor: 0.05, wing: 2 }, undefined);

/** The largest |C − P − (S − K)| ÷ S over prices and times, at whatever volatility the surface says. */
function parityGap(): Ratio {
  let gap = 0;
  for (const price of [500, 1500, 2000, 2001, 4000, 9000]) {
    for (const days of [0, 1, 15, 29.9, 30]) {
      const world = aContractWorld({ surface: SMILE });
      world.setPrice('ETH', price);
      world.protocol.refresh(days * 24 * HOUR);
      const mark = (contract: number) => world.protocol.contractMark(contract) * world.units('ETH', 1);
      gap = Math.max(gap, Math.abs(mark(CALL) - mark(PUT) - (price - 2000)) / price);
    }
  }
  return gap;
}

/** What a long of 80 beside a short of 30 has paid after six hours, tokens. */
function fundingPaid(): Tokens {
  const world = aContractWorld({ perpetual: { depth: 1000 } });
  const [albert, betty] = ['albert', 'betty'].map((name) => world.trader(name, { USD: 100_000 }));
  world.trade(albert, PERP, 80);
  world.trade(betty, PERP, -30);
  const cash = () => toTokens(world.protocol.quoteOf(world.protocol.positionOf(albert)), 6);
  world.protocol.refresh(0);
  const before = cash();
  for (let at = HOUR; at <= 6 * HOUR; at += HOUR) world.protocol.refresh(at);
  return before - cash();
}

/** What leaving a size of 50 costs against its mark, tokens: the fall of the premium on the way. */
function exitCost(): Tokens {
  const world = aContractWorld({ perpetual: { depth: 1000 } });
  const albert = world.trader('albert', { USD: 100_000 });
  world.trade(albert, PERP, 50);
  world.protocol.refresh(0);
  const { equity } = world.protocol.health(world.protocol.positionOf(albert), 0);
  world.trade(albert, PERP, -50);
  return equity - toTokens(world.protocol.quoteOf(world.protocol.positionOf(albert)), 6);
}

const STEPS = 2000;
const PEOPLE = 6;

/** Two thousand random trades, price moves, hours, closeouts and an expiry; what was made or lost of the money paid in, units. */
function leak(): Units {
  const random = randomFrom(1);
  const world = aContractWorld({
    perpetual: { depth: 500, fee: 0.0005 },
    option: { spread: 0.02, fee: 0.0005 },
    closeout: { penalty: 0.005, keeperShare: 0.5, cooldown: 0 },
    fund: { USD: 1_000 },
    house: 100_000,
  });
  const people = Array.from({ length: PEOPLE }, (_, i) => world.trader(`trader/${i}`, { USD: 300_000 }));
  const keeper = world.person('keeper', {});
  const before = moneyOf(world, [...people, keeper]);
  let price = 2000;
  for (let step = 0; step < STEPS; step++) {
    const at = step * HOUR;
    price *= 1 + 0.01 * random.normal();
    world.setPrice('ETH', price);
    world.protocol.endBlock(at);
    const trader = people[random.integer(PEOPLE)];
    world.protocol.tradeContract(trader, random.integer(3), world.size(Math.round(20 * random.normal())), at);
    for (const position of world.protocol.startable(at)) world.protocol.startLiquidation(keeper, position, at);
  }
  const happened = (kind: string) => world.facts.filter((fact) => fact.kind === kind).length;
  // A world in which nothing happens loses nothing either.
  if (!(happened('contract-trade') > STEPS / 10 && happened('closeout') > 10 && happened('expiry') === 2)) return Number.NaN;
  return moneyOf(world, [...people, keeper]) - before;
}

/** Cash of all accounts, the house's included, the fund, and wallets, units. */
function moneyOf({ protocol, ledger }: ContractWorld, wallets: readonly number[]): Units {
  const { accounts } = protocol.inspection;
  let sum = ledger.balance(protocol.fund, 1);
  for (const wallet of wallets) sum += ledger.balance(wallet, 1);
  for (let position = 0; position < accounts.positions; position++) sum += accounts.quoteOf.data[position];
  return sum;
}

const laws: readonly Check[] = [
  exact(
    'B31.protocol-parity',
    'a call less a put is worth the index less the strike, whatever the volatility (largest gap, part of the index)',
    'H. R. Stoll, Journal of Finance 24 (1969) 801-824; rates are 0',
    0,
    { text: '±1e-12 of the index', holds: (_, got) => got <= 1e-12 },
    parityGap,
  ),
  exact(
    'B31.protocol-funding',
    'a long of 80 beside a short of 30 at a depth of 1,000 pays 80 · 2,000 · 0.05/8 an hour, six hours long',
    'derived: rate = sensitivity · skew/depth',
    80 * 2000 * (0.05 / 8) * 6,
    unitsWithin(8, 6),
    fundingPaid,
  ),
  exact(
    'B31.protocol-exit',
    'leaving a size of 50 alone in a market of depth 1,000 costs 50²/2,000 of the index against its mark',
    'derived: ∫ of the premium; Synthetixio/synthetix-v3 perps-market calculateFillPrice',
    (50 ** 2 / 2000) * 2000,
    unitsWithin(3, 6),
    exitCost,
  ),
  exact(
    'B31.protocol-conserves',
    `${STEPS} steps of trades, funding, closeouts and an expiry make or lose nothing of the money paid in, units`,
    'derived: what one side pays the other receives',
    0,
    unitsWithin(0, 6),
    leak,
  ),
];

/** Accounts of contracts through the real protocol and ledger. */
export const simulatedContractChecks: readonly Check[] = [...margins, ...laws];
