import { describe, expect, it } from 'vitest';
import { contractsOf, FAIR } from '../../support/contract-scenario.ts';
import { profitOf, runSmall, type SmallWorld } from '../../support/small-world.ts';

const M = 1e6;
/** So many longs (or shorts) of 500,000 USD at the start: the premium is 5 % at a depth of a million tokens. */
const crowd = (side: string, more: object = {}) => ({
  use: 'perp-trader',
  name: 'crowd',
  role: 'crowd',
  params: { protocol: 'lend', contract: 'perp', side, leverage: 5, ...more },
  wallet: { USD: 100_000 },
});
const basis = (params: object = {}, wallet: object = { USD: 1_200_000, TKN: 60_000 }) => ({
  use: 'basis-trader',
  params: { protocol: 'lend', contract: 'perp', hold: '0 s', ...params },
  wallet,
});
const TERMS = { depth: 1_000_000, fee: 0.0005, initial: 0.02, maintenance: 0.01 };
const run = (world: Partial<SmallWorld>) =>
  runSmall({ agents: [], contracts: contractsOf({ perp: TERMS, house: 1_000_000 }), oracle: FAIR, horizon: '10 min', ...world });

/** Signed size of everybody together after each trade, tokens. */
function skews({ events }: ReturnType<typeof run>): number[] {
  const found: number[] = [];
  for (const { kind, a } of events) if (kind === 'contract-trade') found.push((found[found.length - 1] ?? 0) + a / M);
  return found;
}
const last = (list: readonly number[]) => list[list.length - 1];

describe('a basis trader', () => {
  it('trades the premium down to what his trades cost, on either side', () => {
    for (const [side, sign] of [
      ['long', 1],
      ['short', -1],
    ] as const) {
      const found = skews(run({ agents: [crowd(side), basis()] }));
      expect(found[0]).toBeCloseTo(sign * 50_000, 0);
      // Twice 5 basis points and twice 10 of the spread: 0.3 % of a million.
      expect(Math.abs(last(found))).toBeCloseTo(3_000, -2);
    }
  });

  it('reckons with the funding that he will receive', () => {
    // An eighth of the premium an hour, for eight hours: as much again.
    const found = skews(run({ agents: [crowd('long'), basis({ hold: '8 h' })] }));
    expect(last(found)).toBeCloseTo(1_500, -2);
  });

  it('does nothing for a premium that costs more than it pays', () => {
    expect(skews(run({ agents: [crowd('long', { leverage: 0.25 }), basis()] }))).toHaveLength(1);
    expect(skews(run({ agents: [crowd('long'), basis({ profitMin: 0.05 })] }))).toHaveLength(1);
  });

  it('goes no further than his leverage', () => {
    const found = skews(run({ agents: [crowd('long'), basis({ leverage: 1 }, { USD: 200_000, TKN: 0 })] }));
    expect(last(found)).toBeCloseTo(50_000 - 10_000, -2);
  });

  it('hedged, earns the premium whatever the price does; unhedged, he loses what a rise takes', () => {
    const tkn = { use: 'shock', with: { start: 10, at: '3 min', factor: 1.1, hold: '10 d' } };
    const contracts = contractsOf({ perp: TERMS, house: 3_000_000 });
    const agents = (params: object) => [crowd('long', { closeAt: '6 min' }), basis(params)];
    const hedged = profitOf(run({ tkn, contracts, agents: agents({}) }), 'arbitrageur');
    expect(hedged).toBeGreaterThan(2_000);
    expect(profitOf(run({ tkn, contracts, agents: agents({ hedge: false }) }), 'arbitrageur')).toBeLessThan(-20_000);
  });

  it('leaves when the premium has changed its side, as far as to where there is none', () => {
    const found = skews(run({ agents: [crowd('long', { closeAt: '5 min' }), basis()] }));
    // The crowd is gone, and so is he, but for what is left of rounding.
    expect(Math.abs(last(found))).toBeLessThan(1);
    expect(Math.min(...found)).toBeLessThan(-40_000);
  });
});
