/** What governance may never do, under random traffic: touch an account, or leave the index of the near behind. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, Controller, ControllerNeeds } from '../../src/protocol/governance/governance.ts';
import type { MarketNumber } from '../../src/protocol/governance/settings.ts';
import { portfolioVar } from '../../src/protocol/risk/portfolio-var.ts';
import type { RiskEngine } from '../../src/protocol/risk/risk-engine.ts';
import { blankStanding, judge, lipschitzCushion, roundingUsd } from '../../src/protocol/risk/standing.ts';
import { countedOf, staticRisk } from '../../src/protocol/risk/static.ts';
import type { LendingWorld } from '../../src/study/validate/lending-world.ts';
import { plainNeeds } from '../../src/study/validate/plain-needs.ts';
import { type Counts, NAMES, runTraffic, TRAFFIC_WORLD, traffic } from '../support/lending-traffic.ts';
import { portfolioTerms } from '../support/portfolio-var.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { protocolState } from '../support/protocol-state.ts';

/** Asks for a margin on debts beside static's haircuts, and says no weight: everybody waits for triggers. */
function margined(rate: number): RiskEngine {
  const standing = blankStanding();
  return {
    epoch: () => 0,
    assess(accounts, position, marks, need, into) {
      const counted = countedOf(accounts, position, marks, need, standing);
      return judge(standing, counted, rate * standing.debtsUsd, into);
    },
    cushion(accounts, position, marks, level) {
      const counted = countedOf(accounts, position, marks, 'maintenance', standing);
      const asked = standing.debtsUsd * (1 + rate);
      return lipschitzCushion(counted - level * (asked + 2 * roundingUsd(accounts, marks, level)), counted + level * asked);
    },
  };
}

const market = fc.nat(NAMES.length - 1);
const share = (min: number, max: number) => fc.integer({ min: min * 100, max: max * 100 }).map((n) => n / 100);
const change = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('risk' as const), rate: share(0, 0.1) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'portfolio' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('threshold' as const), market, value: share(0.3, 0.95), ltv: share(0, 1) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('number' as const),
      market,
      param: fc.constantFrom<MarketNumber>('bonus', 'rateBase', 'borrowCap', 'reserveFactor'),
      value: share(0, 0.2),
    }),
  },
  { weight: 6, arbitrary: fc.constant(undefined) },
);
type Plan = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** A controller that is asked at every block end and proposes what the test has drawn. */
function aCouncil(plans: readonly Plan[], needs: ControllerNeeds) {
  const plain = staticRisk.create({}, undefined);
  let next = 0;
  let judging: RiskEngine = plain;
  const changesOf = (plan: Plan): Change[] => {
    if (plan === undefined) return [];
    if (plan.kind === 'portfolio') {
      judging = portfolioVar.create(portfolioTerms({ method: 'delta-normal' }), plainNeeds(needs.markets));
      return [{ kind: 'risk', name: 'portfolio-var', engine: judging }];
    }
    if (plan.kind === 'risk') {
      judging = plan.rate === 0 ? plain : margined(plan.rate);
      return [{ kind: 'risk', name: 'margined', engine: judging }];
    }
    const of = { kind: 'market', market: plan.market } as const;
    if (plan.kind === 'number') return [{ ...of, param: plan.param, value: plan.value }];
    return [
      { ...of, param: 'liquidationThreshold', value: plan.value },
      { ...of, param: 'ltv', value: plan.ltv },
    ];
  };
  const controller: Controller = { epoch: 0, observe: () => undefined, decide: () => changesOf(plans[next++ % plans.length]) };
  return { controller, judging: () => judging };
}

describe('the laws of governance', () => {
  it('hold under random traffic with changes of parameters and engines at block ends: GOV-1 NEAR-1 and those of lending', () => {
    const counts: Counts = {};
    const count = (what: string) => {
      counts[what] = (counts[what] ?? 0) + 1;
    };
    /** A block end: whatever changes of rules, nobody's balance, share or size does. */
    const endBlock = (world: LendingWorld, at: number) => {
      const { protocol, facts } = world;
      protocol.refresh(at);
      const before = JSON.stringify(protocolState(protocol));
      const told = facts.length;
      protocol.endBlock(at);
      if (JSON.stringify(protocolState(protocol)) !== before) expect.fail('GOV-1');
      for (const { kind } of facts.slice(told)) count(kind);
    };
    fc.assert(
      fc.property(traffic, fc.array(change, { minLength: 20, maxLength: 60 }), (events, plans) => {
        let council: ReturnType<typeof aCouncil> | undefined;
        const controller = (needs: ControllerNeeds) => {
          council = aCouncil(plans, needs);
          return council.controller;
        };
        const governance = { timeLock: 0, stepMax: 1, stepEvery: 0, scheduled: [], controller };
        const risk = () => (council as ReturnType<typeof aCouncil>).judging();
        runTraffic(events, counts, { world: { ...TRAFFIC_WORLD, governance }, risk, after: endBlock });
      }),
      { numRuns: propertyRuns(60, 1500), endOnFailure: true },
    );
    for (const what of ['parameter', 'risk-engine', 'reassessed', 'liquidate', 'bundle undone']) {
      expect(counts[what] ?? 0, what).toBeGreaterThan(20);
    }
    expect(counts.due ?? 0).toBeGreaterThan(5);
  });
});
