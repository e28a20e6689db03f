/** The attack in a real, small world: which oracle believes it, what it earns, and what each of the attacker's choices changes. */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/run/outcome.ts';
import { countOf, profitOf, runSmall, type SmallWorld } from '../../support/small-world.ts';

const LENDERS = [
  { use: 'lender', name: 'lender-usd', params: { protocol: 'lend', asset: 'USD' }, wallet: { USD: 2_000_000 } },
  { use: 'lender', name: 'lender-gas', params: { protocol: 'lend', asset: 'GAS' }, wallet: { GAS: 200, USD: 100 } },
];
const ARBITRAGEUR = { use: 'arbitrageur', params: { venue: 'pool' }, wallet: { USD: 5_000_000 } };
const SPOT = { use: 'spot' };
const TWAP = { use: 'twap', with: { window: '30 min' } };
const SINCE_UPDATE = { use: 'twap-since-update', with: { period: '30 min' } };

interface AttackWorld extends Partial<SmallWorld> {
  readonly wallet?: object;
  /** Without the arbitrageur. */
  readonly alone?: boolean;
  readonly latency?: string | object;
}

/** Mallory with 3,000,000 USD of her own, of which she pumps with 2,000,000 at 35 min; an arbitrageur who sells into it. */
function attack(params: object, world: AttackWorld = {}): Outcome {
  const { wallet = { USD: 3_000_000 }, alone = false, latency = 0, ...rest } = world;
  const mallory = {
    use: 'oracle-manipulator',
    name: 'mallory',
    params: { protocol: 'lend', collateral: 'TKN', venue: 'pool', capital: 2_000_000, startAt: '35 min', ...params },
    wallet,
    latency,
  };
  const chain = { flash: { funds: { USD: 5_000_000 } } };
  return runSmall({ agents: [...LENDERS, ...(alone ? [] : [ARBITRAGEUR]), mallory], oracle: SPOT, chain, horizon: '2 h', ...rest });
}

const gain = (outcome: Outcome) => profitOf(outcome, 'attacker');
const timesOf = (outcome: Outcome, kind: 'trade' | 'borrow' | 'deposit') =>
  outcome.events.filter((event) => event.kind === kind && outcome.names.accounts[event.actor]?.startsWith('mallory')).map(({ at }) => at);

describe('oracle manipulator', () => {
  it('abstains when told so', () => {
    const outcome = attack({ abstain: true });
    expect(gain(outcome)).toBe(0);
    expect(countOf(outcome, 'trade')).toBe(0);
  });

  it('takes everything from a lender that believes the spot price, in one transaction or two', () => {
    // Loans of 2,000,000 and 400,000 against 2,000,000 spent on collateral that is left behind.
    for (const hold of [0, 1]) {
      const outcome = attack({ hold });
      expect(gain(outcome)).toBeCloseTo(400_000, -1);
      expect(countOf(outcome, 'borrow')).toBe(2);
      expect(timesOf(outcome, 'borrow')[0] - timesOf(outcome, 'trade')[0]).toBe(hold * 12_000);
    }
  });

  it('begins at `startAt`, or when there is something to borrow', () => {
    expect(timesOf(attack({ hold: 0 }), 'trade')).toEqual([2_112_000]);
    expect(timesOf(attack({ hold: 0, startAt: 0 }), 'trade')).toEqual([24_000]);
  });

  it('asks again for what was refused because its transactions overtook each other', () => {
    for (const seed of [1, 2, 3, 4]) {
      const outcome = attack({ hold: 1 }, { alone: true, latency: { uniform: ['0 s', '30 s'] }, seed });
      expect(countOf(outcome, 'borrow')).toBe(2);
    }
  });

  it('moves a true average by one block of its window, which is not enough', () => {
    const outcome = attack({ hold: 1 }, { oracle: TWAP });
    expect(profitOf(outcome, 'lender')).toBe(0);
    expect(gain(outcome)).toBeLessThan(-1_000_000);
  });

  it('is believed by an average since the last update, if it pumps in the block of the store', () => {
    const patient = attack({ hold: 1, timing: 'after-update' }, { oracle: SINCE_UPDATE });
    expect(timesOf(patient, 'trade')).toEqual([3_600_000]);
    expect(timesOf(patient, 'borrow')).toEqual([3_612_000, 3_612_000]);
    expect(gain(patient)).toBeCloseTo(400_000, -1);
    expect(gain(attack({ hold: 1 }, { oracle: SINCE_UPDATE }))).toBeLessThan(-1_000_000);
  });

  it('does without money of its own: a flash loan repaid from the loans and what is sold back', () => {
    const outcome = attack({ funding: 'flash', exit: 'unwind' }, { wallet: {} });
    expect(gain(outcome)).toBeGreaterThan(1_000_000);
    expect(timesOf(outcome, 'trade')).toEqual([2_112_000, 2_112_000]);
  });

  it('sells what it borrowed to repay the flash loan where there is a venue for it', () => {
    const venues = {
      side: { use: 'constant-product', with: { base: 'GAS', quote: 'USD', baseReserve: 10_000, quoteReserve: 20_000_000 } },
    };
    expect(attack({ funding: 'flash' }, { wallet: {} }).names.refusals).toContain('FLASH_UNPAID');
    const outcome = attack({ funding: 'flash' }, { wallet: {}, venues });
    expect(outcome.names.refusals).toEqual([]);
    expect(gain(outcome)).toBeGreaterThan(350_000);
  });

  it('earns more when it posts only what the loans need and sells the rest into its own pump', () => {
    expect(gain(attack({ hold: 0, exit: 'unwind' }))).toBeGreaterThan(gain(attack({ hold: 0 })) + 500_000);
  });

  it('goes back instead of leaving, where the pumped pool pays more than the loans', () => {
    // Nobody to sell into the pump, and little to borrow: going back costs the fee, leaving costs the collateral.
    const back = attack({ hold: 1, exit: 'round-trip', borrow: ['GAS'] }, { alone: true });
    const left = attack({ hold: 1, borrow: ['GAS'] }, { alone: true });
    expect(gain(back)).toBeGreaterThan(-20_000);
    expect(gain(left)).toBeLessThan(-900_000);
    expect(countOf(back, 'repay')).toBe(1);
    expect(countOf(back, 'withdraw')).toBe(1);
  });

  it('leaves where the loans are worth more, though it might go back', () => {
    const outcome = attack({ hold: 1, exit: 'round-trip' });
    expect(countOf(outcome, 'withdraw')).toBe(0);
    expect(gain(outcome)).toBeCloseTo(400_000, -1);
  });

  it('sells back at once, at the price of two fees, when it borrows only if that pays and it does not', () => {
    const outcome = attack({ hold: 1, onlyIfPays: true }, { oracle: TWAP });
    expect(countOf(outcome, 'borrow')).toBe(0);
    expect(gain(outcome)).toBeGreaterThan(-20_000);
    expect(gain(attack({ hold: 1, onlyIfPays: true }))).toBeCloseTo(400_000, -1);
  });

  it('keeps the price up against arbitrage while it waits, as far as its budget goes', () => {
    const kept = attack({ hold: 3, repumpBudget: 1_000_000 });
    expect(countOf(kept, 'borrow')).toBeGreaterThan(0);
    expect(profitOf(kept, 'lender')).toBeLessThan(-1_000_000);
    expect(profitOf(attack({ hold: 3 }), 'lender')).toBe(0);
  });

  it('takes its collateral back when the lenders were faster', () => {
    const lender = { use: 'lender', params: { protocol: 'lend', asset: 'USD', withdrawAt: '35 min' }, wallet: { USD: 10_000 } };
    const params = { protocol: 'lend', collateral: 'TKN', venue: 'pool', capital: 10_000, startAt: '35 min' };
    const outcome = runSmall({ agents: [lender, { use: 'oracle-manipulator', name: 'mallory', params, wallet: { USD: 10_000 } }] });
    expect(countOf(outcome, 'borrow')).toBe(0);
    expect(countOf(outcome, 'withdraw')).toBe(1);
    // Two fees of 0.3 % of 10,000.
    expect(gain(outcome)).toBeCloseTo(-60, -1);
  });

  it('reckons with its own latency: the pump lands in the block of the store, the loans `hold` blocks later', () => {
    const outcome = attack({ hold: 4, timing: 'after-update', repumpBudget: 1_000_000 }, { oracle: SINCE_UPDATE, latency: '25 s' });
    expect(timesOf(outcome, 'trade')[0]).toBe(3_600_000);
    expect(timesOf(outcome, 'deposit')).toEqual([3_648_000]);
  });

  it('pays for gas out of the money it pumps with, and keeps enough of it', () => {
    const chain = { gasAsset: 'USD', baseFee: 100 };
    const outcome = attack({ hold: 1, capital: 3_000_000, tip: 10 }, { chain });
    expect(outcome.names.refusals).not.toContain('GAS_UNAFFORDABLE');
    expect(countOf(outcome, 'borrow')).toBe(2);
  });

  it.each(['spot', 'twap', 'twap-since-update'])('breaks no law with any of its choices, under %s', (use) => {
    for (const hold of [0, 2])
      for (const exit of ['abandon', 'unwind', 'round-trip'])
        for (const more of [
          {},
          { onlyIfPays: true },
          { timing: 'after-update' },
          { depositShare: 0.3 },
          { funding: 'flash' },
          { borrow: [] },
        ])
          expect(attack({ hold, exit, startAt: '5 min', ...more }, { oracle: { use }, horizon: '32 min' }).status).toBe('done');
  });
});
