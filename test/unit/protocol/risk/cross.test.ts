/** Cross margin: tiers as brackets, what open interest and size add, what of a profit counts. */
import { describe, expect, it } from 'vitest';
import { type CrossTerms, createCross, cross, crossParams, problemsOfTiers } from '../../../../src/protocol/risk/cross.ts';
import { blankHealth, type Need } from '../../../../src/protocol/risk/risk-engine.ts';
import { staticRisk } from '../../../../src/protocol/risk/static.ts';
import { aContractWorld, PERP } from '../../../../src/study/validate/contract-world.ts';
import { termsOf } from '../../../../src/study/validate/default-terms.ts';
import { granted } from '../../../../src/study/validate/lending-world.ts';
import { aHandMadeBook, HAND_OPTIONS, HAND_PERPETUALS, handMarks, handNeeds, type Row } from '../../../support/hand-made-books.ts';
import { defaultsOf } from '../../../support/part-defaults.ts';

const CONTRACTS = [...HAND_PERPETUALS, ...HAND_OPTIONS];
const NOTHING = [0, 0, 0];
/** Perpetuals of markets 0 and 1 at 100: 10 and 15 % to open, 5 and 10 % to be left alone. */
const PRICES = [100, 100, 1];

function margin(terms: Partial<CrossTerms>, row: Partial<Row>, need: Need, longs = 0, prices = PRICES) {
  const { set, view } = aHandMadeBook(CONTRACTS);
  set(0, { collateral: NOTHING, debt: NOTHING, quote: 1e6, ...row });
  const stateOf = (contract: number) => ({ at: 0, index: prices[CONTRACTS[contract].market], skew: longs, longs, shorts: 0 });
  const engine = createCross({ ...defaultsOf(crossParams), ...terms }, { ...handNeeds(CONTRACTS), stateOf });
  return engine.assess(view, 0, handMarks(prices, CONTRACTS), need, blankHealth()).required;
}

const TIERS = [
  { upTo: 1000, initial: 0.12, maintenance: 0.06 },
  { upTo: 10_000, initial: 0.2, maintenance: 0.1 },
  { upTo: 20_000, initial: 0.5, maintenance: 0.25 },
];

describe('cross margin', () => {
  it('asks for each contract’s own rate where nothing else is said, as the static engine does', () => {
    const row = { collateral: [10, 5, 0], debt: [0, 0, 300], sizes: [30, -20, -1, 2], quote: 2000 };
    const { set, view } = aHandMadeBook(CONTRACTS);
    set(0, row);
    const marks = handMarks(PRICES, CONTRACTS);
    const plain = staticRisk.create({}, undefined);
    const cross = createCross(defaultsOf(crossParams), handNeeds(CONTRACTS));
    for (const need of ['initial', 'maintenance'] as const) {
      expect(cross.assess(view, 0, marks, need, blankHealth())).toEqual(plain.assess(view, 0, marks, need, blankHealth()));
    }
  });

  it('charges each bracket of a position its own rate, the last without end, and both sides alike', () => {
    // 3,000 at market 1: 1,000 at its own 10 %, which is more than the tier's 6, and 2,000 at 10.
    expect(margin({ tiers: TIERS }, { sizes: [0, 30, 0, 0] }, 'maintenance')).toBeCloseTo(300, 9);
    expect(margin({ tiers: TIERS }, { sizes: [30, 0, 0, 0] }, 'maintenance')).toBeCloseTo(60 + 200, 9);
    expect(margin({ tiers: TIERS }, { sizes: [-30, 0, 0, 0] }, 'maintenance')).toBeCloseTo(60 + 200, 9);
    expect(margin({ tiers: TIERS }, { sizes: [400, 0, 0, 0] }, 'initial')).toBeCloseTo(120 + 1800 + 15_000, 9);
  });

  it('has tiers in the settlement asset: twice its price is twice the bracket', () => {
    const prices = [200, 200, 2];
    expect(margin({ tiers: TIERS }, { sizes: [30, 0, 0, 0] }, 'maintenance', 0, prices)).toBeCloseTo(2 * 260, 9);
  });

  it('adds of what is left of the notional the part that open interest has come of its way, and nothing to maintenance', () => {
    const markets = [{ asset: 0, lowerCap: 2000, upperCap: 5000, sizeScale: 0 }];
    const row = { sizes: [10, 0, 0, 0] };
    expect(margin({ markets }, row, 'initial', 20)).toBeCloseTo(100, 9);
    expect(margin({ markets }, row, 'initial', 35)).toBeCloseTo(550, 9);
    expect(margin({ markets }, row, 'initial', 50)).toBeCloseTo(1000, 9);
    expect(margin({ markets }, row, 'initial', 1000)).toBeCloseTo(1000, 9);
    expect(margin({ markets }, row, 'maintenance', 1000)).toBeCloseTo(50, 9);
  });

  it('raises the rate with size, never beyond the whole', () => {
    const markets = [{ asset: 0, lowerCap: 0, upperCap: 0, sizeScale: 100 }];
    expect(margin({ markets }, { sizes: [-20, 0, 0, 0] }, 'initial')).toBeCloseTo(2000 * (0.1 + 0.2), 9);
    expect(margin({ markets }, { sizes: [-20, 0, 0, 0] }, 'maintenance')).toBeCloseTo(2000 * (0.05 + 0.1), 9);
    expect(margin({ markets }, { sizes: [500, 0, 0, 0] }, 'maintenance')).toBeCloseTo(50_000, 9);
  });

  it('withholds profits of perpetuals when something is opened: a weight, and a cap for each', () => {
    const row = { sizes: [10, -10, 0, 0], entries: [600, -1500, 0, 0] };
    const plain = margin({}, row, 'initial');
    expect(margin({ profitWeight: 0.5 }, row, 'initial') - plain).toBeCloseTo(200 + 250, 9);
    expect(margin({ profitWeight: 0 }, row, 'initial') - plain).toBeCloseTo(400 + 500, 9);
    expect(margin({ profitCap: 100 }, row, 'initial') - plain).toBeCloseTo(300 + 400, 9);
    expect(margin({ profitWeight: 0.1, profitCap: 100 }, row, 'initial') - plain).toBeCloseTo(360 + 450, 9);
    expect(margin({ profitCap: 100 }, { ...row, entries: [2000, -500, 0, 0] }, 'initial')).toBeCloseTo(plain, 9);
    expect(margin({ profitWeight: 0 }, row, 'maintenance')).toBeCloseTo(margin({}, row, 'maintenance'), 9);
  });

  it('takes what is bought now for no profit', () => {
    const { protocol, trader, size } = aContractWorld({ risk: (needs) => cross.create(termsOf(cross, { profitWeight: 0 }), needs) });
    const albert = trader('albert', { USD: 1000 });
    for (const tokens of [5, -2, -8]) granted(protocol.tradeContract(albert, PERP, size(tokens), 0));
    expect(protocol.healthInitial(protocol.positionOf(albert)).required).toBeCloseTo(0.05 * 5 * 2000, 3);
  });

  it('refuses tiers that do not rise, that ask more to be left alone than to open, and caps the wrong way round', () => {
    const problems = (terms: Partial<CrossTerms>) => problemsOfTiers({ ...defaultsOf(crossParams), ...terms }).map(({ param }) => param);
    expect(problems({ tiers: TIERS })).toEqual([]);
    expect(problems({ tiers: [TIERS[1], TIERS[0]] })).toEqual(['tiers.1.upTo']);
    expect(problems({ tiers: [{ upTo: 1, initial: 0.1, maintenance: 0.2 }] })).toEqual(['tiers.0.maintenance']);
    expect(problems({ markets: [{ asset: 0, lowerCap: 2, upperCap: 1, sizeScale: 0 }] })).toEqual(['markets.0.upperCap']);
  });
});
