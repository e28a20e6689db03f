/** How a borrower gets to the health it was drawn, and how it stays there. */
import { describe, expect, it } from 'vitest';
import borrower from '../../../agents/borrower.ts';
import type { Action, Agent, Reply } from '../../../src/agent/index.ts';
import { installProtocol, type ScriptedProtocol } from '../../support/scripted-protocol.ts';
import { aHandMadeWorld, ETH, type HandMade, USD } from '../../support/scripted-view.ts';

const DEFAULTS = {
  protocol: 0,
  collateral: ETH,
  debt: USD,
  health: 1.5,
  collateralShare: 1,
  openAt: 0,
  defendBelow: undefined as number | undefined,
  defence: 'repay' as 'repay' | 'top-up',
  defendTo: undefined as number | undefined,
  answersCalls: false,
  tip: 0,
};

interface Stage {
  readonly world: HandMade;
  readonly protocol: ScriptedProtocol;
  readonly agent: Agent;
  /** Every action that was carried out. */
  readonly done: Action[];
  /** Carries out what a reply asks for, tells the agent, and so on until it is silent. */
  play(reply: Reply | undefined): void;
}

function aStage(params: Partial<typeof DEFAULTS> = {}, eth = 10): Stage {
  const world = aHandMadeWorld();
  const protocol = installProtocol(world, [
    { asset: USD, ltv: 0, threshold: 0, bonus: 0 },
    { asset: ETH, ltv: 0.75, threshold: 0.8, bonus: 0.05 },
  ]);
  protocol.liquidity.set(USD, 1e12);
  world.give(ETH, eth);
  const { account } = world.self;
  const agent = borrower.create({ ...DEFAULTS, ...params }, world.self);
  const done: Action[] = [];
  const act = (action: Action) => {
    if (!('asset' in action) || typeof action.amount !== 'number') throw new Error('unexpected action');
    const { asset, amount } = action;
    expect(Number.isSafeInteger(amount) && amount > 0).toBe(true);
    const position = protocol.view.positionOf(account) < 0 ? protocol.open(account) : protocol.view.positionOf(account);
    const book = action.do === 'deposit' ? protocol.collateral : protocol.debt;
    const sign = action.do === 'repay' ? -1 : 1;
    if (action.do === 'borrow') world.ledger.transfer(0, account, asset, amount);
    else world.ledger.transfer(account, 0, asset, amount);
    book[position].set(asset, (book[position].get(asset) ?? 0) + sign * amount);
    done.push(action);
  };
  const play = (reply: Reply | undefined): void => {
    for (const intent of reply?.intents ?? []) {
      intent.actions.forEach(act);
      play(agent.onFill?.(world.view, { intent, gasPaid: 0 }));
    }
  };
  return { world, protocol, agent, done, play };
}

const healthOf = ({ protocol, world }: Stage) => protocol.view.health(protocol.view.positionOf(world.self.account), 0).healthFactor;

describe('borrower', () => {
  it('opens at the health it was drawn', () => {
    for (const health of [1.1, 1.5, 3]) {
      const stage = aStage({ health });
      stage.play(stage.agent.onWake?.(stage.world.view));
      expect(healthOf(stage)).toBeCloseTo(health, 3);
    }
  });

  it('finds it at the mark, not at the outside price', () => {
    const stage = aStage();
    stage.protocol.marks.set(ETH, 1_700).set(USD, 0.96);
    stage.play(stage.agent.onWake?.(stage.world.view));
    expect(healthOf(stage)).toBeCloseTo(1.5, 3);
  });

  it('borrows what it may where the loan-to-value limit binds: threshold ÷ loan-to-value is the least health', () => {
    const stage = aStage({ health: 1.01 });
    stage.play(stage.agent.onWake?.(stage.world.view));
    expect(healthOf(stage)).toBeCloseTo(0.8 / 0.75, 6);
  });

  it('waits for lenders, and gives up in the end', () => {
    const stage = aStage();
    stage.protocol.liquidity.set(USD, 0);
    const { agent, world } = stage;
    const [deposit] = agent.onWake?.(world.view)?.intents ?? [];
    stage.protocol.open(world.self.account);
    stage.protocol.collateral[0].set(ETH, 10e6);
    expect(agent.onFill?.(world.view, { intent: deposit, gasPaid: 0 })?.wakeAt).toBe(12_000);
    stage.protocol.liquidity.set(USD, 1e12);
    stage.play(agent.onWake?.(world.view));
    expect(healthOf(stage)).toBeCloseTo(1.5, 3);
  });

  it('survives refusals', () => {
    const { agent, world } = aStage();
    let reply = agent.onWake?.(world.view);
    let tries = 0;
    while (reply !== undefined && tries < 100) {
      tries += 1;
      const [intent] = reply.intents ?? [];
      reply =
        intent === undefined
          ? agent.onWake?.(world.view)
          : agent.onFill?.(world.view, { intent, gasPaid: 0, refusal: { rejected: 'GAS_UNAFFORDABLE' } });
    }
    expect(tries).toBeLessThan(100);
  });

  it('is told of danger and repays to the health that it restores, and is told again', () => {
    const stage = aStage({ defendBelow: 1.1, defendTo: 1.3 });
    stage.play(stage.agent.onWake?.(stage.world.view));
    expect(stage.protocol.watched).toEqual([1.1]);
    stage.protocol.marks.set(ETH, 1_400);
    expect(healthOf(stage)).toBeLessThan(1.1);
    stage.play(stage.agent.onHealth?.(stage.world.view, 0));
    expect(healthOf(stage)).toBeCloseTo(1.3, 5);
    expect(stage.done.at(-1)).toMatchObject({ do: 'repay', asset: USD });
    expect(stage.protocol.watched).toEqual([1.1, 1.1]);
  });

  it('tops up instead, from collateral that it kept back', () => {
    const stage = aStage({ defendBelow: 1.1, defence: 'top-up', collateralShare: 0.5 });
    stage.play(stage.agent.onWake?.(stage.world.view));
    stage.protocol.marks.set(ETH, 1_400);
    stage.play(stage.agent.onHealth?.(stage.world.view, 0));
    expect(stage.done.at(-1)).toMatchObject({ do: 'deposit', asset: ETH });
    expect(healthOf(stage)).toBeCloseTo(1.5, 5);
  });

  it('answers a margin call with its defence, and again as long as it is called and below what it restores', () => {
    const stage = aStage({ defendTo: 1.3, answersCalls: true });
    stage.play(stage.agent.onWake?.(stage.world.view));
    stage.protocol.marks.set(ETH, 1_400);
    stage.protocol.deadlines.set(0, 3_600_000);
    const reply = stage.agent.onCall?.(stage.world.view, 0, 3_600_000);
    // The price falls on before the answer arrives.
    stage.protocol.marks.set(ETH, 1_350);
    stage.play(reply);
    expect(stage.done.slice(-2)).toMatchObject([{ do: 'repay' }, { do: 'repay' }]);
    expect(healthOf(stage)).toBeCloseTo(1.3, 5);
    expect(stage.protocol.watched).toEqual([]);
    stage.protocol.deadlines.clear();
    expect(stage.agent.onCall?.(stage.world.view, 1, 3_600_000)).toBeUndefined();
  });

  it('is deaf to calls unless told to answer them', () => {
    const stage = aStage({ defendTo: 1.3 });
    stage.play(stage.agent.onWake?.(stage.world.view));
    stage.protocol.marks.set(ETH, 1_400);
    stage.protocol.deadlines.set(0, 3_600_000);
    expect(stage.agent.onCall?.(stage.world.view, 0, 3_600_000)).toBeUndefined();
  });

  it('stops defending when it has nothing left', () => {
    const stage = aStage({ defendBelow: 1.1, defence: 'top-up' });
    stage.play(stage.agent.onWake?.(stage.world.view));
    stage.protocol.marks.set(ETH, 1_400);
    expect(stage.agent.onHealth?.(stage.world.view, 0)).toBeUndefined();
    expect(stage.protocol.watched).toEqual([1.1]);
  });
});
