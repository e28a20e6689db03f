/** A run that is looked at is the run that it was: whoever was liquidated stood then as the fact of it says, to the last bit. */
import { describe, expect, it } from 'vitest';
import { runScenario } from '../../../src/run/run.ts';
import { witness } from '../../../src/run/witness.ts';
import { realPoints } from '../../support/real-points.ts';

const FORCED = ['liquidation', 'closeout', 'liquidation-start'];

describe('a witness', () => {
  it.each([
    ['liquidation-mechanisms', 'fixed-bonus', 0.3],
    ['margin-of-contracts', 'longs, rates', 1],
    ['contagion', 'linked', 0.5],
    ['liquidation-mechanisms', 'dutch-auction', 0.3],
  ] as const)('of %s changes nothing, and sees what allowed each liquidation', async (name, label, part) => {
    const { registry, points, labels } = await realPoints(name);
    const whole = points[labels.indexOf(label)];
    const scenario = { ...whole, horizon: whole.horizon * part };
    const { events } = runScenario(scenario, registry, { seed: 1, trace: 'facts', checkEvery: 0 });
    const forced = events.filter(({ kind }) => FORCED.includes(kind));
    const positions = [...new Set(forced.map(({ subject }) => subject))];
    expect(positions.length).toBeGreaterThan(1);
    const looks = witness(scenario, registry, 1, positions);
    for (const position of positions) {
      const seen = (looks.get(position) ?? []).filter(({ when }) => FORCED.includes(when));
      const told = forced.filter(({ subject }) => subject === position);
      // A bundle that was undone was seen and is not told.
      for (const { at, kind, c } of told) {
        expect(seen.filter((look) => look.at === at && look.when === kind).map(({ healthFactor }) => healthFactor)).toContain(c);
      }
    }
  });

  it('values what a position holds and owes at the marks: together they are its equity', async () => {
    const { registry, points } = await realPoints('liquidation-mechanisms');
    const scenario = { ...points[0], horizon: points[0].horizon * 0.2 };
    const { events, names } = runScenario(scenario, registry, { seed: 1, trace: 'facts', checkEvery: 0 });
    const borrower = events.findLast(({ kind }) => kind === 'borrow')?.actor ?? -1;
    const position = names.positions.indexOf(`lend/${names.accounts[borrower]}`);
    const blocks = (witness(scenario, registry, 1, [position]).get(position) ?? []).filter(({ when }) => when === 'block');
    expect(blocks.length).toBeGreaterThan(100);
    for (const { equity, holdings } of blocks) {
      const sum = holdings.reduce((total, { amount, mark }) => total + amount * mark, 0);
      expect(Math.abs(sum - equity)).toBeLessThan(1e-6 * Math.max(1, Math.abs(equity)));
    }
  });

  it('sees the cash of accounts of contracts: where nothing else is held, all that is owed or held of its asset', async () => {
    const { registry, points, labels } = await realPoints('margin-of-contracts');
    const scenario = points[labels.indexOf('longs, rates')];
    const { events } = runScenario(scenario, registry, { seed: 1, trace: 'facts', checkEvery: 0 });
    const position = events.find(({ kind }) => kind === 'closeout')?.subject ?? -1;
    const looks = witness(scenario, registry, 1, [position]).get(position) ?? [];
    const held = looks.filter(({ cash }) => cash !== undefined && cash.amount !== 0);
    expect(held.length).toBeGreaterThan(100);
    for (const { cash, holdings } of held) expect(holdings.find(({ name }) => name === cash?.name)?.amount).toBe(cash?.amount);
    const { registry: agents, points: loans } = await realPoints('liquidation-mechanisms');
    const [look] = witness({ ...loans[0], horizon: loans[0].horizon * 0.2 }, agents, 1, [0]).get(0) ?? [];
    expect([look.when, look.cash]).toEqual([expect.any(String), undefined]);
  });
});
