/** Measures of order flow against their definitions, computed anew from all trades, and against slopes that are known. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp, log } from '../../../src/base/elementary.ts';
import { randomFrom } from '../../../src/base/random.ts';
import { Flow } from '../../../src/market/flow.ts';

const BLOCK = 12_000;
/** So long that nothing is forgotten within a test, to 9 digits. */
const NEVER = 1e15;

interface Trade {
  readonly base: number;
  readonly quote: number;
  readonly before: number;
}
interface Block {
  readonly trades: readonly Trade[];
  readonly price: number;
}

const price = fc.double({ min: 1, max: 100, noNaN: true });
const trade: fc.Arbitrary<Trade> = fc.record({
  base: fc.oneof(fc.double({ min: 0.1, max: 50, noNaN: true }), fc.double({ min: -50, max: -0.1, noNaN: true })),
  quote: fc.double({ min: 1, max: 1_000, noNaN: true }),
  before: price,
});
const blocks: fc.Arbitrary<Block[]> = fc.array(fc.record({ trades: fc.array(trade, { maxLength: 4 }), price }), {
  minLength: 3,
  maxLength: 30,
});

function play(all: readonly Block[], terms = { halfLife: NEVER, lag: 2 * BLOCK, blockTime: BLOCK }): Flow {
  const flow = new Flow(terms);
  for (const { trades, price: left } of all) {
    for (const { base, quote, before } of trades) flow.trade(base, quote, before);
    flow.endBlock(left);
  }
  return flow;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const volume = ({ trades }: Block) => sum(trades.map(({ quote }) => quote));
const net = ({ trades }: Block) => sum(trades.map(({ base, quote }) => Math.sign(base) * quote));

/** One trade of `quote` that moves the price by `move`, as a logarithm, from where it is. */
const moving = (from: number, move: number, quote: number): Block => ({
  trades: [{ base: quote / from, quote, before: from }],
  price: from * Math.exp(move),
});

describe('what is forgotten', () => {
  it('is illiquidity too: the mean is of recent blocks with trades, and not of their number', () => {
    const terms = { halfLife: BLOCK, lag: 2 * BLOCK, blockTime: BLOCK };
    // A first block of 1 % for 100, and then, half as old each, of 3 %: 0.0001 and 0.0003, by weights 1/4, 1/2 and 1.
    const first = moving(100, 0.01, 100);
    const second = moving(first.price, 0.01, 100);
    const third = moving(second.price, 0.03, 100);
    const flow = play([{ trades: [], price: 100 }, first, second, third], terms);
    expect(flow.illiquidity).toBeCloseTo((0.0001 / 4 + 0.0001 / 2 + 0.0003) / 1.75, 12);
  });
});

/** The definitions, with nothing forgotten. */
function byDefinition(all: readonly Block[], lag: number) {
  const bought = sum(all.flatMap(({ trades }) => trades.filter(({ base }) => base > 0).map(({ quote }) => quote)));
  const total = sum(all.map(volume));
  const moves = all.slice(1).map((block, i) => ({ r: log(block.price / all[i].price), x: net(block), v: volume(block) }));
  const traded = moves.filter(({ v }) => v > 0);
  const meanX = sum(moves.map(({ x }) => x)) / moves.length;
  const meanR = sum(moves.map(({ r }) => r)) / moves.length;
  const spreads = (later: (block: number) => number | undefined) => {
    const found = all.flatMap(({ trades }, block) => {
      const reference = later(block);
      return reference === undefined
        ? []
        : trades.map(({ base, quote, before }) => {
            const mid = Number.isNaN(reference) ? before : reference;
            return { v: quote, s: (2 * Math.sign(base) * (quote / Math.abs(base) - mid)) / before };
          });
    });
    return sum(found.map(({ v, s }) => v * s)) / sum(found.map(({ v }) => v));
  };
  return {
    imbalance: (2 * bought - total) / total,
    illiquidity: sum(traded.map(({ r, v }) => Math.abs(r) / v)) / traded.length,
    impact: sum(moves.map(({ x, r }) => (x - meanX) * (r - meanR))) / sum(moves.map(({ x }) => (x - meanX) ** 2)),
    effectiveSpread: spreads(() => Number.NaN),
    realisedSpread: spreads((block) => all[block + lag]?.price),
  };
}

describe('the flow of a venue', () => {
  it('is what its measures are defined as', () => {
    fc.assert(
      fc.property(blocks, (all) => {
        const flow = play(all);
        const wanted = byDefinition(all, 2);
        for (const name of ['imbalance', 'illiquidity', 'effectiveSpread', 'realisedSpread'] as const) {
          if (Number.isNaN(wanted[name])) expect(flow[name]).toBeNaN();
          else expect(Math.abs(flow[name] - wanted[name])).toBeLessThan(1e-6 * Math.max(1, Math.abs(wanted[name])));
        }
        // A slope through flows that hardly differ is noise of the last digits: compared where they do.
        const spread = new Set(all.slice(1).map(net)).size;
        if (spread > 2) expect(flow.impact).toBeCloseTo(wanted.impact, 6);
      }),
    );
  });

  it('finds the slope by which prices follow the flow', () => {
    const slope = 3e-6;
    const random = randomFrom(1);
    const flow = new Flow({ halfLife: NEVER, lag: BLOCK, blockTime: BLOCK });
    let now = 10;
    flow.endBlock(now);
    for (let block = 0; block < 500; block++) {
      const signed = 1_000 * random.normal();
      flow.trade(signed / now, Math.abs(signed), now);
      now *= exp(slope * signed + 0.0005);
      flow.endBlock(now);
    }
    expect(flow.impact / slope).toBeCloseTo(1, 9);
  });

  it('forgets by half in a half-life', () => {
    const flow = new Flow({ halfLife: 10 * BLOCK, lag: BLOCK, blockTime: BLOCK });
    flow.trade(1, 100, 100);
    flow.endBlock(100);
    for (let block = 0; block < 9; block++) flow.endBlock(100);
    // The purchase counts half by now, a sale made now wholly.
    flow.trade(-1, 100, 100);
    flow.endBlock(100);
    expect(flow.imbalance).toBeCloseTo((0.5 - 1) / (0.5 + 1), 12);
  });

  it('says nothing before there is anything to learn from', () => {
    const flow = new Flow({ halfLife: NEVER, lag: BLOCK, blockTime: BLOCK });
    flow.endBlock(Number.NaN);
    flow.endBlock(10);
    const { imbalance, illiquidity, impact, effectiveSpread, realisedSpread } = flow;
    expect([imbalance, illiquidity, impact, effectiveSpread, realisedSpread]).toEqual(Array(5).fill(Number.NaN));
  });

  it('leaves to a maker what the price takes back: a trade that moves nothing for long realises its whole spread', () => {
    const flow = new Flow({ halfLife: NEVER, lag: 2 * BLOCK, blockTime: BLOCK });
    flow.endBlock(100);
    flow.trade(1, 101, 100);
    flow.endBlock(101);
    flow.endBlock(100);
    expect(flow.effectiveSpread).toBeCloseTo(0.02, 12);
    flow.endBlock(100);
    expect(flow.realisedSpread).toBeCloseTo(0.02, 12);
  });
});
