/** The laws of accounts of contracts whatever stands behind them, and how who pays must change with what stands before. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { constantProduct } from '../../src/market/constant-product.ts';
import { adlProRata } from '../../src/protocol/backstop/adl-pro-rata.ts';
import { adlQueue } from '../../src/protocol/backstop/adl-queue.ts';
import { insuranceFund } from '../../src/protocol/backstop/insurance-fund.ts';
import { recapitalise } from '../../src/protocol/backstop/recapitalise.ts';
import { reserve } from '../../src/protocol/backstop/reserve.ts';
import { socialise } from '../../src/protocol/backstop/socialise.ts';
import { socialiseProfits } from '../../src/protocol/backstop/socialise-profits.ts';
import { treasury } from '../../src/protocol/backstop/treasury.ts';
import { vault } from '../../src/protocol/backstop/vault.ts';
import { protocolInvariants } from '../../src/protocol/invariants.ts';
import { aContractWorld } from '../../src/study/validate/contract-world.ts';
import { granted, type LendingOptions } from '../../src/study/validate/lending-world.ts';
import { type Counts, contractTraffic, runContractTraffic } from '../support/contract-traffic.ts';
import { propertyRuns } from '../support/property-runs.ts';

type Layers = NonNullable<LendingOptions['backstop']>;
type Layer = Layers[number];
const [ETH, USD, GOV] = [0, 1, 2];

/** Every layer there is (`test/house/catalog` counts them), with one choice of parameters or another. */
const layers: readonly fc.Arbitrary<Layer>[] = [
  ...[insuranceFund, reserve, socialise].map((plain) => fc.constant<Layer>(() => plain.create({}, undefined))),
  fc.constantFrom(0.05, 1).map(
    (impactMax): Layer =>
      (needs) =>
        treasury.create({ assets: undefined, impactMax }, needs),
  ),
  fc.constantFrom(0.1, 1).map(
    (share): Layer =>
      (needs) =>
        vault.create({ share, lossMax: 500 }, needs),
  ),
  fc.record({ side: fc.constantFrom('opposite' as const, 'all' as const), forfeit: fc.boolean() }).map(
    (terms): Layer =>
      (needs) =>
        adlQueue.create(terms, needs),
  ),
  fc.record({ side: fc.constantFrom('opposite' as const, 'all' as const), reduce: fc.boolean() }).map(
    (terms): Layer =>
      (needs) =>
        adlProRata.create(terms, needs),
  ),
  fc.constantFrom('profit' as const, 'cash' as const).map(
    (from): Layer =>
      (needs) =>
        socialiseProfits.create({ from }, needs),
  ),
  fc.constantFrom(1, 1000).map(
    (mintMax): Layer =>
      (needs) =>
        recapitalise.create({ token: GOV, mintMax }, needs),
  ),
];
const waterfall = fc.tuple(...layers).chain((all) => fc.shuffledSubarray(all, { minLength: 1, maxLength: all.length }));

const pool = (ledger: Ledger, base: number, baseReserve: number, quoteReserve: number) =>
  constantProduct.create(
    { share: undefined, base, quote: USD, fee: 0.003, baseReserve, quoteReserve },
    { name: `pool/${base}`, ledger, startPrice: () => 1 },
  );
const SELLING = {
  fund: { USD: 50, ETH: 0.05, GOV: 100 },
  markets: { GOV: { usd: 1, decimals: 6, borrowable: false } },
  venues: (ledger: Ledger) => [pool(ledger, ETH, 500, 1_000_000), pool(ledger, GOV, 100_000, 100_000)],
};

describe('the laws of contracts', () => {
  it('hold with any waterfall, in any order: CUSTODY-1 QUOTE-1 CONTRACT-1 LEDGER-1 LEDGER-2 BUNDLE-1 BACK-1 PNL-1', () => {
    const counts: Counts = {};
    fc.assert(
      fc.property(contractTraffic, waterfall, (events, backstop) => runContractTraffic(events, counts, { ...SELLING, backstop })),
      { numRuns: propertyRuns(200, 3000), endOnFailure: true },
    );
    const reached = ['shortfall', 'insurance-fund', 'treasury-sale', 'vault-loss', 'deleverage', 'adl', 'recapitalise', 'bundle undone'];
    for (const what of reached) expect(counts[what] ?? 0, what).toBeGreaterThan(8);
  });
});

/** A crash from 2,000: who bought with how much margin, and who sold. */
const crash = fc.record({
  longs: fc.array(fc.record({ size: fc.integer({ min: 1, max: 30 }), leverage: fc.integer({ min: 5, max: 19 }) }), {
    minLength: 1,
    maxLength: 5,
  }),
  shorts: fc.array(fc.record({ size: fc.integer({ min: 1, max: 30 }), leverage: fc.integer({ min: 1, max: 19 }) }), { maxLength: 5 }),
  fall: fc.integer({ min: 10, max: 40 }),
  fund: fc.integer({ min: 0, max: 10_000 }),
  more: fc.integer({ min: 1, max: 10_000 }),
});
type Crash = typeof crash extends fc.Arbitrary<infer C> ? C : never;

/** Everybody who can be closed is closed at one price; what each layer paid then, USD. */
function paidBy({ longs, shorts, fall }: Crash, fund: number, backstop: Layers): Readonly<Record<string, number>> {
  const world = aContractWorld({
    ...SELLING,
    fund: { USD: fund },
    house: 5000,
    closeout: { takeoverBelow: 0, sliceAboveUsd: 1e12 },
    backstop,
  });
  const { protocol } = world;
  const enter = (name: string, { size, leverage }: Crash['longs'][number], side: number) =>
    world.trade(world.trader(name, { USD: (size * 2000) / leverage }), 0, side * size);
  for (const [i, long] of longs.entries()) enter(`long/${i}`, long, 1);
  for (const [i, short] of shorts.entries()) enter(`short/${i}`, short, -1);
  world.setPrice('ETH', 2000 * (1 - fall / 100));
  protocol.refresh(0);
  const keeper = world.person('closer', {});
  for (const position of [...protocol.startable(0)]) granted(protocol.startLiquidation(keeper, position, 0));
  for (const { id, check } of protocolInvariants) expect(check(protocol), id).toBeUndefined();
  const sums: Record<string, number> = { shortfall: 0, 'insurance-fund': 0, 'vault-loss': 0, adl: 0, recapitalise: 0 };
  for (const { kind, numbers } of world.facts) if (kind in sums) sums[kind] += numbers[0];
  const { shortfall, ...paid } = sums;
  return { ...sums, left: shortfall - Object.values(paid).reduce((sum, usd) => sum + usd, 0) };
}

describe('a larger insurance fund', () => {
  const LAYERS = {
    vault: (needs) => vault.create({ share: 1, lossMax: undefined }, needs),
    queue: (needs) => adlQueue.create({ side: 'opposite', forfeit: false }, needs),
    closing: (needs) => adlProRata.create({ side: 'opposite', reduce: true }, needs),
    proRata: (needs) => adlProRata.create({ side: 'all', reduce: false }, needs),
    profit: (needs) => socialiseProfits.create({ from: 'profit' }, needs),
    cash: (needs) => socialiseProfits.create({ from: 'cash' }, needs),
    token: (needs) => recapitalise.create({ token: GOV, mintMax: 20_000 }, needs),
  } as const satisfies Record<string, Layer>;
  /** Each shortfall and each taking is rounded to whole units of a millionth. */
  const ROUNDING = 2e-5;

  const compared = (names: readonly (keyof typeof LAYERS)[], laterPayLess: boolean) => {
    let short = 0;
    fc.assert(
      fc.property(crash, (one) => {
        const backstop: Layers = ['insurance-fund', ...names.map((name) => LAYERS[name])];
        const small = paidBy(one, one.fund, backstop);
        const large = paidBy(one, one.fund + one.more, backstop);
        short += small.shortfall > 0 ? 1 : 0;
        expect(large.shortfall).toBeCloseTo(small.shortfall, 5);
        expect(large['insurance-fund']).toBeGreaterThanOrEqual(small['insurance-fund'] - ROUNDING);
        expect(large.left, 'left owed').toBeLessThanOrEqual(small.left + ROUNDING);
        if (!laterPayLess) return;
        for (const kind of ['vault-loss', 'adl', 'recapitalise']) expect(large[kind], kind).toBeLessThanOrEqual(small[kind] + ROUNDING);
      }),
      { numRuns: propertyRuns(60, 1000) },
    );
    expect(short).toBeGreaterThan(20);
  };

  it.each([
    ['the vault', ['vault']],
    ['winners who stay open', ['proRata']],
    ['those with profit', ['profit']],
    ['everybody with cash', ['cash']],
    ['a token’s holders', ['token']],
    ['the vault, then winners, everybody with cash and a token’s holders', ['vault', 'proRata', 'cash', 'token']],
  ] as const)('never makes more be taken from %s, nor more be left', (_who, names) => compared(names, true));

  // It may take more from them: a small need that closes a winner leaves nobody to ask at the next.
  it.each([
    ['a queue', ['queue']],
    ['a part of each size', ['closing']],
    ['a queue behind the vault', ['vault', 'queue']],
  ] as const)('never leaves more owed where winners are closed: %s', (_who, names) => compared(names, false));
});
