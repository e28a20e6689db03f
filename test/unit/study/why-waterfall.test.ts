/** Who paid for a bankruptcy, told from the trace of a run: by layer, by name, and each fact in a sentence of its own. */
import { describe, expect, it } from 'vitest';
import { readTrace, type Trace } from '../../../src/study/trace-reading.ts';
import { explain } from '../../../src/study/why.ts';
import { aCrash } from '../../support/bankruptcy-run.ts';
import { runSmall, type SmallWorld, smallScenario } from '../../support/small-world.ts';

const LAYERS = [{ use: 'insurance-fund' }, { use: 'treasury' }, { use: 'vault', with: { lossMax: 5 } }, { use: 'adl-pro-rata' }];

function traced(backstop: readonly object[], more: Partial<SmallWorld> = {}): Trace {
  const world = aCrash(backstop, more);
  return readTrace(runSmall(world), smallScenario(world));
}
interface Grown {
  readonly rateBase?: number;
  readonly horizon?: string;
  readonly late?: boolean;
}
const said = (trace: Trace, event?: number) => (explain(trace, event)?.reasons ?? []).map(({ text }) => text);
/** The sentence of the first fact of a kind. */
const told = (trace: Trace, kind: string) => said(trace, trace.facts.find((fact) => fact.kind === kind)?.seq)[0];

describe('why a bankruptcy', () => {
  it('names what was traded, how it was closed, and who paid in each layer', () => {
    expect(said(traced(LAYERS, { fund: { USD: 1, TKN: 1 } }))).toEqual([
      'loser/0 had no equity left at lend and still owed $50.00: bad debt.',
      'loser/0 bought 100 TKN of TKN-PERP for 1,000.000001 USD. After the last trade the health factor was 1.111.',
      'It was closed, $800.00, the vault taking over what was left, at a health factor of 0.8989.',
      'Of that the insurance fund paid $1.00, the insurance fund paid $9.97 by selling 1 TKN worth $8.00, the vault paid $5.00 and ' +
        'those who had won paid $34.03 (careful/0 $20.42, closing 10.209031 TKN short; daring/0 $13.61, closing 6.80602 TKN short).',
    ]);
  });

  it('says what nobody paid, and counts it once', () => {
    expect(said(traced([{ use: 'insurance-fund' }], { fund: 20 }))[0]).toBe(
      'loser/0 had no equity left at lend and still owed $50.00: bad debt.',
    );
    expect(said(traced([{ use: 'insurance-fund' }], { fund: 20 })).at(-1)).toBe(
      'Of that the insurance fund paid $20.00. Nobody paid the rest, $30.00: it is open at the end, and in the final account falls on ' +
        'the insurance fund as far as it reaches, then on the house, then on all others who have cash or profit there.',
    );
  });

  it('says on whom the final account lays what no layer paid: there it does fall', () => {
    const trace = traced([]);
    expect(said(trace).at(-1)).toBe(
      'No layer of the backstop paid any of it: it is open at the end, and in the final account falls on the house ' +
        'as far as it reaches, then on all others who have cash or profit there.',
    );
    expect(explain(trace)?.whoPaid).toContainEqual({ role: 'house', profitUsd: expect.closeTo(-50, 4) });
  });

  it.each([
    ['as it was', {}],
    ['grown by interest until the end', { rateBase: 0.1, horizon: '1 d' }],
    ['that nobody wrote off', { late: true }],
  ])('lays a debt on its lenders: %s', (_, { rateBase = 0, horizon = '3 min', late = false }: Grown) => {
    const on = { protocol: 'lend' } as const;
    const take = { do: 'liquidate', ...on, position: 'borrower/0', debt: 'USD', collateral: 'TKN', amount: 'max' };
    const world: SmallWorld = {
      agents: [
        { use: 'lender', params: { ...on, asset: 'USD' }, wallet: { USD: 100_000 } },
        { use: 'borrower', params: { ...on, collateral: 'TKN', debt: 'USD', health: 1.3 }, wallet: { TKN: 1_000 } },
        { use: 'scripted', name: 'kate', params: { script: [{ at: late ? '4 min' : '90 s', actions: [take] }] }, wallet: { USD: 10_000 } },
      ],
      usd: { rateBase },
      oracle: { use: 'spot', source: 'outside' },
      tkn: { use: 'shock', with: { start: 10, at: '1 min', factor: 0.3 } },
      backstop: [],
      horizon,
    };
    const trace = readTrace(runSmall(world), smallScenario(world));
    const text = said(trace).at(-1);
    expect(text).toMatch(/in the final account (that )?falls on its lenders\.$/i);
    if (!late) expect(text).toMatch(/^No layer of the backstop paid any of it: (it|\$[\d,.]+) is open at the end/);
    expect(explain(trace)?.whoPaid[0]).toMatchObject({
      role: 'lender',
      profitUsd: expect.closeTo(-trace.outcome.metrics.bad_debt_usd, -1),
    });
  });

  it('tells the buffers in the order in which they pay', () => {
    expect(said(traced([{ use: 'reserve' }, { use: 'insurance-fund' }])).at(-1)).toMatch(
      /falls on the reserve as far as it reaches, then on the insurance fund, then on the house/,
    );
  });

  it('names nobody where what is open may be cash and a debt', () => {
    const world = aCrash([]);
    const [loser, ...others] = world.agents as readonly { readonly params: { readonly script: readonly object[] } }[];
    const borrow = { at: '40 s', actions: [{ do: 'borrow', protocol: 'lend', asset: 'GAS', amount: 0.005 }] };
    const agents = [
      { use: 'lender', params: { protocol: 'lend', asset: 'GAS' }, wallet: { GAS: 1 } },
      { ...loser, params: { script: [...loser.params.script, borrow] } },
      ...others,
    ];
    const trace = readTrace(runSmall({ ...world, agents }), smallScenario({ ...world, agents }));
    const written = trace.facts.filter(({ kind }) => kind === 'shortfall');
    expect(written.map(({ a }) => Math.round(a))).toEqual([50, 10]);
    for (const { seq } of written) {
      expect(said(trace, seq).at(-1)).toBe('No layer of the backstop paid any of it: $60.00 is open at the end.');
    }
  });

  it('tells a token that was made, and a loss that was shared without closing anybody', () => {
    const venues = { gas: { use: 'constant-product', with: { base: 'GAS', quote: 'USD', quoteReserve: 200, fee: 0 } } };
    const layers = [
      { use: 'socialise-profits', with: { from: 'profit' } },
      { use: 'recapitalise', with: { token: 'GAS', mintMax: 1 } },
    ];
    const made = traced(layers.slice(1), { venues });
    expect(said(made).at(-1)).toBe('Of that $50.00 came from making and selling 0.033333 GAS worth $66.67.');
    expect(told(made, 'treasury-sale')).toBe('0.033333 GAS, worth $66.67 at fair prices before, were made and sold, and brought $50.00.');
    expect(said(traced(layers, { venues })).at(-1)).toBe('Of that those who had won paid $50.00 (careful/0 $30.00; daring/0 $20.00).');
  });
});

describe('a fact of a waterfall', () => {
  const trace = traced(LAYERS, { fund: { USD: 1, TKN: 1 } });

  it.each([
    ['contract-trade', 'loser/0 bought 100 TKN of TKN-PERP at lend for 1,000.000001 USD, which left a health factor of 1.111.'],
    ['closeout', "closer/0 let the vault take over $800.00 of loser/0's at lend, at a health factor of 0.8989."],
    ['insurance-fund', 'The insurance fund paid $1.00 of what loser/0 at lend was short of; 49.000001 USD were left.'],
    ['treasury-sale', 'The insurance fund sold 1 TKN, worth $8.00 at fair prices before, and got $9.97.'],
    ['vault-loss', 'The vault paid $5.00 of what loser/0 at lend was short of; 34.030101 USD were left.'],
    ['deleverage', 'careful/0 paid $20.42 for a shortfall at lend: 10.209031 TKN short in TKN-PERP were closed.'],
    ['adl', 'Those who had won paid $34.03 of what loser/0 at lend was short of, and nothing was left.'],
  ])('is a sentence: %s', (kind, sentence) => {
    expect(told(trace, kind)).toBe(sentence);
  });
});
