/** Funding and takeovers, told from a run that was looked at: a long pays funding for two hours, TKN falls, and the vault takes it over. */
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../src/record/recorder.ts';
import { type Look, witness } from '../../../src/run/witness.ts';
import { readTrace, type Trace } from '../../../src/study/trace-reading.ts';
import { explain } from '../../../src/study/why.ts';
import { fundingPaid } from '../../../src/study/why-cash.ts';
import { builtIn, runSmall, type SmallWorld, smallScenario } from '../../support/small-world.ts';

const on = { protocol: 'lend' } as const;
const HOUR = 3_600_000;
const SIZE = 100;
const DEPTH = 1000;
const SENSITIVITY = 0.2;

/** @param heavy  size of another account, traded before; @param factor  of the fall of TKN, from 10, after two hours */
function lone(factor: number, heavy = 0): SmallWorld {
  const opened = (at: string, cash: number, size: number) => {
    const trade = { do: 'trade-contract', ...on, contract: 'TKN-PERP', size };
    return { at, actions: [{ do: 'deposit', ...on, asset: 'USD', amount: cash }, trade] };
  };
  const close = { at: '121 min', actions: [{ do: 'start-liquidation', ...on, position: 'lone/0' }] };
  const scripted = (name: string, cash: number, script: readonly object[]) => {
    return { use: 'scripted', name, role: name, params: { script }, wallet: { USD: cash } };
  };
  const terms = { fee: 0, initial: 0.1, maintenance: 0.05, depth: DEPTH, fundingSensitivity: SENSITIVITY, fundingCap: 1 };
  return {
    horizon: '3 h',
    trace: 'full',
    tkn: { use: 'shock', with: { start: 10, at: '2 h', factor, over: 0, hold: '9 h', recover: 0 } },
    oracle: { use: 'spot', source: 'outside' },
    contracts: {
      settle: 'USD',
      list: { 'TKN-PERP': { use: 'perpetual', underlying: 'TKN', with: terms } },
      closeout: { use: 'order', with: {} },
      house: 10_000,
    },
    agents: [
      scripted('lone', 150, [opened('20 s', 150, SIZE)]),
      scripted('heavy', 5_000, heavy === 0 ? [] : [opened('1 s', 5_000, heavy)]),
      scripted('closer', 0, [close]),
    ],
  };
}

function watched(world: SmallWorld): Trace {
  const scenario = smallScenario(world);
  const outcome = runSmall(world);
  const position = outcome.names.positions.indexOf('lend/lone/0');
  return readTrace(outcome, scenario, witness(scenario, builtIn, world.seed ?? 1, [position]));
}
const said = (trace: Trace) => (explain(trace, 'lone/0')?.reasons ?? []).map(({ text }) => text);

/** Of the lone account from its trade to its closing: the block in which TKN falls is charged at the fallen price. */
function fundingOf(factor: number, skew: number): number {
  const [traded, fallen, closed] = [24_000, 2 * HOUR - 12_000, 2 * HOUR + 72_000];
  const rate = (SENSITIVITY * skew) / DEPTH;
  return (rate * SIZE * 10 * (fallen - traded + factor * (closed - fallen))) / HOUR;
}

describe('the cash of an account of contracts', () => {
  it('names the funding that was paid, and the equity that went to the vault', () => {
    const trace = watched(lone(0.87));
    expect(fundingOf(0.87, SIZE)).toBeCloseTo(40.206, 9);
    expect(said(trace)).toEqual([
      'lone/0 bought 100 TKN of TKN-PERP for 1,050.000001 USD. After the last trade the health factor was 1.152.',
      'Between 0:00:24 and 2:01:12 the mark of TKN-PERP went from $11.00 to $9.57 (−13.0 %), and it paid 40.206 USD of funding. ' +
        'The equity of lone/0 went from $200.00 to $16.79; it needed $47.85, and $55.00 at first.',
      'By the marks it had been liquidatable since 2:00:00, 0:01:12 before.',
      "closer/0 let the vault take over $870.00 of lone/0's at lend, at a health factor of 0.9686.",
      'What was left of its equity, $16.79, went to the vault.',
      'Over the whole run lone/0 made −$150.00, at the fair prices of the end.',
    ]);
    const closeout = trace.facts.find(({ kind }) => kind === 'closeout');
    expect((explain(trace, closeout?.seq)?.reasons ?? []).at(-1)?.text).toBe('What was left of its equity, $16.79, went to the vault.');
  });

  it('names funding that was received', () => {
    const texts = said(watched(lone(0.66, -3 * SIZE)));
    const [, received] = /and it received ([\d.]+) USD of funding\. /.exec(texts[1]) ?? [];
    expect(Number(received)).toBeCloseTo(-fundingOf(0.66, -2 * SIZE), 5);
  });

  it('says nothing of equity where there is none left', () => {
    const texts = said(watched(lone(0.8)));
    expect(texts.some((text) => text.includes('take over'))).toBe(true);
    expect(texts.some((text) => text.includes('went to the vault'))).toBe(false);
  });

  it('is not told where something else may have changed it, or where the protocol has no contracts', () => {
    const trace = watched(lone(0.87));
    const position = trace.outcome.names.positions.indexOf('lend/lone/0');
    const looks = trace.looks(position);
    const [from, to] = [looks.find(({ when }) => when === 'contract-trade'), looks.findLast(({ when }) => when === 'closeout')] as [
      Look,
      Look,
    ];
    expect(fundingPaid(trace, position, from, to)).toBeCloseTo(fundingOf(0.87, SIZE), 4);
    const paid: RecordedEvent = { ...trace.facts[0], at: HOUR, kind: 'deleverage', subject: position };
    expect(fundingPaid({ ...trace, facts: [...trace.facts, paid] }, position, from, to)).toBeUndefined();
    const expiry: RecordedEvent = { ...paid, kind: 'expiry', subject: 0 };
    expect(fundingPaid({ ...trace, facts: [...trace.facts, expiry] }, position, from, to)).toBeUndefined();
    const bare = { ...trace, looks: () => looks.map(({ cash: _, ...look }) => look) };
    const [first, last] = [bare.looks()[0], bare.looks()[1]];
    expect(fundingPaid({ ...trace, looks: () => [first, last] }, position, first, last)).toBeUndefined();
  });
});
