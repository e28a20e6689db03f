/** What changes of parameters and engines do to a protocol that is running: who judges, who is liquidatable, what is told. */
import { describe, expect, it } from 'vitest';
import { YEAR_MS } from '../../../src/base/params.ts';
import type { Change, Controller, ControllerView } from '../../../src/protocol/governance/governance.ts';
import { perpetual } from '../../../src/protocol/instrument/perpetual.ts';
import { order } from '../../../src/protocol/liquidation/order.ts';
import type { GovernanceOptions, PlannedChange } from '../../../src/protocol/protocol-contract.ts';
import type { RiskEngine } from '../../../src/protocol/risk/risk-engine.ts';
import { staticRisk } from '../../../src/protocol/risk/static.ts';
import { aLendingWorld, granted, type LendingOptions, refusal } from '../../../src/study/validate/lending-world.ts';

const HOUR = 3_600_000;
const AT_ONCE = { timeLock: 0, stepMax: Number.POSITIVE_INFINITY, stepEvery: 0, scheduled: [] };

/** Static, but every haircut twice as large; remembers the marks that it heard of. */
function strict(): RiskEngine & { heard: number } {
  const engine = staticRisk.create({}, undefined);
  return {
    heard: 0,
    epoch: () => 0,
    cushion: () => Number.NEGATIVE_INFINITY,
    observe() {
      this.heard++;
    },
    assess(accounts, position, marks, need, into) {
      engine.assess(accounts, position, marks, need, into);
      const counted = into.collateralUsd - 2 * into.required;
      into.required *= 2;
      if (into.debtUsd > 0) into.healthFactor = counted / into.debtUsd;
      into.liquidatable = into.healthFactor < 1;
      return into;
    },
  };
}

function aProtocol(governance: Partial<GovernanceOptions>, more: Partial<LendingOptions> = {}) {
  const world = aLendingWorld({
    ...more,
    markets: {
      ETH: { usd: 1000, ltv: 0.75, liquidationThreshold: 0.8, bonus: 0.05 },
      USD: { usd: 1, rateBase: 0.1, rateKink: 0.5 },
    },
    governance: { ...AT_ONCE, ...governance },
  });
  const { protocol, asset, units } = world;
  const lender = world.person('lender', { USD: 100_000 });
  granted(protocol.supply(lender, asset('USD'), 'max', 0));
  const borrow = (name: string, usd: number) => {
    const account = world.person(name, { ETH: 10 });
    granted(protocol.deposit(account, asset('ETH'), 'max', 0));
    if (usd > 0) granted(protocol.borrow(account, asset('USD'), units('USD', usd), 0));
    return protocol.positionOf(account);
  };
  const betty = borrow('borrower/0', 7000);
  const carl = borrow('borrower/1', 4000);
  const told = (kind: string) => world.facts.filter((fact) => fact.kind === kind);
  return { ...world, betty, carl, told };
}

const market = (param: 'ltv' | 'liquidationThreshold' | 'bonus' | 'rateBase', value: number, of = 0) => {
  return { kind: 'market', market: of, param, value } as const;
};
const at = (time: number, ...changes: PlannedChange['changes'][number][]): PlannedChange => ({ at: time, changes });

describe('a scheduled change', () => {
  it('judges by the new parameter from the end of the block in which it is due, and says whom that makes liquidatable', () => {
    const { protocol, betty, told } = aProtocol({ scheduled: [at(HOUR, market('liquidationThreshold', 0.6))] });
    protocol.endBlock(HOUR - 1);
    expect(protocol.liquidatable(HOUR - 1)).toEqual([]);
    protocol.endBlock(HOUR);
    expect(protocol.health(betty, HOUR).healthFactor).toBeCloseTo(6000 / 7000, 4);
    expect([...protocol.liquidatable(HOUR)]).toEqual([betty]);
    // The threshold is the third of a market's parameters, the LTV that follows it the second.
    expect(told('parameter').map(({ subject, numbers }) => [subject, ...numbers])).toEqual([
      [0, 0.6, 0.8, 2, 1],
      [0, 0.6, 0.75, 1, 2],
    ]);
    expect(told('reassessed')).toMatchObject([{ subject: betty }]);
    expect(told('reassessed')[0].numbers[0]).toBe(protocol.health(betty, HOUR).healthFactor);
    expect(protocol.version).toBe(2);
  });

  it('charges interest at the old rate until it is in effect', () => {
    const half = aProtocol({ scheduled: [at(YEAR_MS / 2, market('rateBase', 0, 1))] });
    half.protocol.endBlock(YEAR_MS / 2);
    half.protocol.endBlock(YEAR_MS);
    // 7,000 · (e^0.05 − 1): a utilisation of 0.11 on a flat curve.
    expect(half.protocol.debtOf(half.betty, 1) / 1e6).toBeCloseTo(7000 * Math.exp(0.05), 2);
  });

  it('that changes nothing makes no version and no fact', () => {
    const { protocol, told } = aProtocol({ scheduled: [at(HOUR, market('ltv', 0.75))] });
    protocol.endBlock(HOUR);
    expect([protocol.version, told('parameter').length]).toEqual([0, 0]);
  });

  it('can be seen by agents before its time', () => {
    const { protocol } = aProtocol({ timeLock: HOUR, scheduled: [at(3 * HOUR, market('ltv', 0.5))] });
    expect(protocol.pendingChanges(HOUR)).toEqual([]);
    expect(protocol.pendingChanges(2 * HOUR)).toEqual([{ at: 3 * HOUR, ...market('ltv', 0.5) }]);
    protocol.endBlock(3 * HOUR);
    expect(protocol.pendingChanges(3 * HOUR)).toEqual([]);
  });
});

describe('another risk engine', () => {
  it('judges from its time on, having learnt beside the old one, and touches nothing but the judgement', () => {
    const engine = strict();
    const { protocol, betty, carl, told } = aProtocol({ scheduled: [{ ...at(2 * HOUR), risk: { name: 'strict', create: () => engine } }] });
    protocol.endBlock(HOUR);
    expect(engine.heard).toBe(2);
    const before = protocol.health(betty, HOUR).healthFactor;
    expect([...protocol.liquidatable(HOUR)]).toEqual([]);
    protocol.endBlock(2 * HOUR);
    expect(protocol.health(betty, 2 * HOUR).healthFactor).toBeLessThan(before);
    expect([...protocol.liquidatable(2 * HOUR)]).toEqual([betty]);
    expect(protocol.health(carl, 2 * HOUR).liquidatable).toBe(false);
    expect(told('risk-engine').map(({ numbers }) => numbers)).toEqual([[1, 0, 0, 1]]);
    expect(engine.heard).toBe(3);
    protocol.endBlock(3 * HOUR);
    expect(engine.heard).toBe(4);
  });

  it('answers who asks for a watch, too', () => {
    const { protocol, carl } = aProtocol({ scheduled: [{ ...at(HOUR), risk: { name: 'strict', create: strict } }] });
    protocol.watch(carl, 1.6);
    protocol.endBlock(HOUR - 1);
    expect([...protocol.dueWatches(HOUR - 1)]).toEqual([]);
    protocol.endBlock(HOUR);
    expect([...protocol.dueWatches(HOUR)]).toEqual([carl]);
  });
});

describe('a controller', () => {
  /** Proposes what a test says, and keeps what it was shown. */
  function council(epoch: number, proposals: (view: ControllerView) => readonly Change[]) {
    const seen: ControllerView[] = [];
    const controller: Controller = {
      epoch,
      observe: () => undefined,
      decide(view) {
        seen.push(view);
        return proposals(view);
      },
    };
    return { seen, create: () => controller };
  }

  it('is asked once an epoch; what it proposes is told, and in effect after the time lock', () => {
    const { seen, create } = council(HOUR, () => [market('bonus', 0.1)]);
    const { protocol, told } = aProtocol({ timeLock: HOUR, controller: create });
    for (let minute = 0; minute <= 150; minute++) protocol.endBlock(minute * 60_000);
    expect(seen.map((view) => view.at / HOUR)).toEqual([1, 2]);
    expect(told('proposal').map(({ numbers }) => numbers)).toEqual([[0.1, 0.1, 3, 2 * HOUR]]);
    expect(protocol.markets[0].params.bonus).toBe(0.1);
    expect(told('parameter')).toHaveLength(1);
  });

  it('that asks for what cannot be is told what it was granted', () => {
    const { create } = council(HOUR, () => [market('liquidationThreshold', 3), market('bonus', Number.NaN)]);
    const { protocol, told } = aProtocol({ controller: create });
    protocol.endBlock(HOUR);
    expect(told('proposal').map(({ numbers }) => numbers.slice(0, 2))).toEqual([
      [3, 1],
      [Number.NaN, Number.NaN],
    ]);
    expect(protocol.markets[0].params).toMatchObject({ liquidationThreshold: 1, bonus: 0.05 });
  });

  it('knows what was liquidated and lost since its last look, and how long it took', () => {
    const { seen, create } = council(HOUR, () => []);
    const { protocol, betty, asset, person, setPrice, journal } = aProtocol({ controller: create });
    const kate = person('liquidator', { USD: 100_000 });
    const take = (amount: number, time: number) => granted(protocol.liquidate(kate, betty, asset('USD'), asset('ETH'), amount, time));
    protocol.endBlock(0);
    setPrice('ETH', 800);
    protocol.endBlock(10_000);
    journal.begin();
    take(1e9, 20_000);
    journal.undo();
    take(2e9, 40_000);
    protocol.endBlock(HOUR);
    const { liquidatedUsd, shortfallUsd, delay } = seen[0];
    expect([liquidatedUsd, shortfallUsd]).toEqual([2000, 0]);
    // 2,000 after 30 s; 5,000 (and interest) still waiting after an hour less 10 s.
    expect(delay / (HOUR - 10_000)).toBeCloseTo(5 / 7, 2);
    setPrice('ETH', 550);
    protocol.endBlock(HOUR + 1);
    granted(protocol.liquidate(kate, betty, asset('USD'), asset('ETH'), 'max', HOUR + 1));
    protocol.endBlock(2 * HOUR);
    expect(seen[1].shortfallUsd).toBeGreaterThan(1000);
    expect(seen[1].liquidatedUsd + seen[1].shortfallUsd).toBeCloseTo(5000, -1);
    protocol.endBlock(3 * HOUR);
    expect(seen[2]).toMatchObject({ liquidatedUsd: 0, shortfallUsd: 0, delay: Number.NaN });
  });
});

describe('the parameters of a contract', () => {
  const contracts: LendingOptions['contracts'] = {
    settle: 'USD',
    list: {
      PERP: {
        underlying: 'ETH',
        create: (needs) =>
          perpetual.create(
            {
              initial: 0.1,
              maintenance: 0.05,
              sizeCap: 100,
              fee: 0,
              depth: undefined,
              fundingInterval: HOUR,
              fundingCap: 0.04,
              fundingSensitivity: 0,
            },
            needs,
          ),
      },
    },
    closeout: (needs) =>
      order.create(
        { sliceAboveUsd: 1e9, slice: 1, cooldown: 0, takeoverBelow: 0, penalty: 0, keeperShare: 0, collateralDiscount: 0.05 },
        needs,
      ),
    house: 50_000,
  };
  const change = (param: 'initial' | 'maintenance' | 'sizeCap', value: number) =>
    ({ kind: 'contract', contract: 0, param, value }) as const;

  it('change like those of a market: who may open, who is closed, how much there may be', () => {
    const changes = [change('maintenance', 0.2), change('sizeCap', 12)];
    const { protocol, asset, person, told } = aProtocol({ scheduled: [at(HOUR, ...changes)] }, { contracts });
    const tom = person('trader', { USD: 2000 });
    granted(protocol.deposit(tom, asset('USD'), 'max', 0));
    granted(protocol.tradeContract(tom, 0, 11e6, 0));
    protocol.endBlock(HOUR - 1);
    expect([...protocol.startable(HOUR - 1)]).toEqual([]);
    protocol.endBlock(HOUR);
    // 2,000 of equity for 11,000 of notional: 0.18, less than maintenance; the initial margin followed it.
    expect([...protocol.startable(HOUR)]).toEqual([protocol.positionOf(tom)]);
    expect(protocol.contracts[0]).toMatchObject({ initial: 0.2, maintenance: 0.2, sizeCap: 12e6 });
    expect(told('contract-parameter').map(({ numbers }) => numbers)).toEqual([
      [0.2, 0.05, 1, 1],
      [12, 100, 2, 2],
      [0.2, 0.1, 0, 3],
    ]);
    const ada = person('trader/1', { USD: 10_000 });
    granted(protocol.deposit(ada, asset('USD'), 'max', HOUR));
    expect(refusal(protocol.tradeContract(ada, 0, 2e6, HOUR))).toBe('CAP_SIZE');
    granted(protocol.tradeContract(ada, 0, 1e6, HOUR));
  });
});
