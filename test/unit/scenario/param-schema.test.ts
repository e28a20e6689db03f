/** From the declaration of parameters to what a scenario may say. */
import { describe, expect, it } from 'vitest';
import type { ParamSchema } from '../../../src/base/params.ts';
import { paramsSchema } from '../../../src/scenario/param-schema.ts';

const declared = {
  size: { kind: 'number', unit: 'usd', range: [1, 10], doc: 'd' },
  share: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0.5, doc: 'd' },
  anything: { kind: 'number', unit: 'usd', range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], optional: true, doc: 'd' },
  blocks: { kind: 'integer', unit: 'block', range: [0, 100], default: 3, doc: 'd' },
  every: { kind: 'duration', range: [1000, 3_600_000], default: 60_000, doc: 'd' },
  loud: { kind: 'flag', default: false, doc: 'd' },
  mood: { kind: 'choice', options: ['calm', 'greedy'], default: 'calm', doc: 'd' },
  asset: { kind: 'asset', optional: true, doc: 'd' },
  assets: { kind: 'assets', optional: true, doc: 'd' },
  volatilities: { kind: 'by-asset', unit: '1/sqrt(year)', range: [0, 5], optional: true, doc: 'd' },
  correlation: { kind: 'correlation', optional: true, doc: 'd' },
  file: { kind: 'file', optional: true, doc: 'd' },
  script: { kind: 'script', optional: true, doc: 'd' },
  tiers: {
    kind: 'table',
    columns: {
      upTo: { kind: 'number', unit: 'usd', range: [0, 1e12], default: 1e12, doc: 'd' },
      rate: { kind: 'number', unit: 'ratio', range: [0, 1], doc: 'd' },
      asset: { kind: 'asset', optional: true, doc: 'd' },
    },
    default: [],
    doc: 'd',
  },
} as const satisfies ParamSchema;

const one = paramsSchema(declared);
const drawn = paramsSchema(declared, true);

/** What is expected of the one field that is wrong. */
function refusal(schema: typeof one, more: object): string {
  const answer = schema.safeParse({ size: 5, ...more });
  if (answer.success) return 'nothing is wrong';
  return answer.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}

describe('parameters', () => {
  it('have their defaults, and are left out where they are optional', () => {
    expect(one.parse({ size: 5 })).toEqual({ size: 5, share: 0.5, blocks: 3, every: 60_000, loud: false, mood: 'calm', tiers: [] });
  });

  it('are numbers within their range, ends included', () => {
    expect(one.parse({ size: 1, share: 1 })).toMatchObject({ size: 1, share: 1 });
    expect(one.parse({ size: 10, anything: -1e300 })).toMatchObject({ size: 10, anything: -1e300 });
    expect(refusal(one, { size: 0.999 })).toBe('size: a number in [1, 10] (usd)');
    expect(refusal(one, { size: '5' })).toBe('size: a number in [1, 10] (usd)');
    expect(refusal(one, { size: Number.NaN })).toBe('size: a number in [1, 10] (usd)');
    expect(refusal(one, { anything: Number.POSITIVE_INFINITY })).toBe('anything: a number of any size (usd)');
    expect(refusal(one, { size: undefined })).toBe('size: a number in [1, 10] (usd)');
    expect(refusal(one, { blocks: 2.5 })).toBe('blocks: a whole number in [0, 100] (block)');
  });

  it('are durations as text or whole ms', () => {
    expect(one.parse({ size: 5, every: '1.5 min' })).toMatchObject({ every: 90_000 });
    expect(one.parse({ size: 5, every: 1000 })).toMatchObject({ every: 1000 });
    for (const every of ['999 ms', '61 min', 'soon', 1000.5, -1, true]) {
      expect(refusal(one, { every })).toBe('every: a duration from 1 s to 1 h, such as 12 s, 30 min, 1 h');
    }
  });

  it('are flags, choices, lists of names, and files', () => {
    expect(refusal(one, { loud: 'yes' })).toBe('loud: true or false');
    expect(refusal(one, { mood: 'greddy' })).toBe('mood: one of calm, greedy (did you mean greedy?)');
    expect(refusal(one, { mood: 'x' })).toBe('mood: one of calm, greedy');
    expect(refusal(one, { asset: 5 })).toBe('asset: the name of an asset');
    expect(refusal(one, { assets: 'USD' })).toBe('assets: a list of assets');
    expect(one.parse({ size: 5, volatilities: { ETH: 0.8 } })).toMatchObject({ volatilities: { ETH: 0.8 } });
    expect(refusal(one, { volatilities: { ETH: 6 } })).toBe('volatilities.ETH: a number in [0, 5] (1/sqrt(year))');
    expect(refusal(one, { volatilities: 0.8 })).toBe('volatilities: numbers by asset, such as ETH: 1');
    expect(refusal(one, { correlation: { 'ETH,BTC': 1.5 } })).toBe('correlation.ETH,BTC: a number in [-1, 1] (correlation)');
    expect(refusal(one, { correlation: [1] })).toBe('correlation: correlations by pairs of assets, such as "ETH,WBTC": 0.8');
    expect(refusal(one, { file: '' })).toBe('file: the path of a file');
  });

  it('are tables of rows, each with all its columns', () => {
    expect(
      one.parse({
        size: 5,
        tiers: [
          { upTo: 10, rate: 0.1 },
          { rate: 1, asset: 'ETH' },
        ],
      }),
    ).toMatchObject({
      tiers: [
        { upTo: 10, rate: 0.1 },
        { upTo: 1e12, rate: 1, asset: 'ETH' },
      ],
    });
    expect(refusal(one, { tiers: { upTo: 10 } })).toBe('tiers: a list of rows { upTo, rate, asset }');
    expect(refusal(one, { tiers: [{ rate: 0.1 }, { rate: 2 }] })).toBe('tiers.1.rate: a number in [0, 1] (ratio)');
    expect(refusal(one, { tiers: [{ rates: 0.1 }] })).toMatch(
      /^tiers.0.rate: .*; tiers.0: one of upTo, rate, asset \(did you mean rate\?\)$/,
    );
    expect(refusal(drawn, { tiers: [{ rate: { uniform: [0, 1] } }] })).toBe('tiers.0.rate: a number in [0, 1] (ratio)');
  });

  it('are no others', () => {
    expect(refusal(one, { sizes: 1 })).toMatch(/^: one of size, share, .*\(did you mean size\?\)$/);
  });
});

describe('a draw', () => {
  it.each([
    { uniform: [1, 10] },
    { uniform: [5, 5] },
    { normal: [5, 100] },
    { normal: [5, 0] },
    { lognormal: [2, 3] },
    { oneOf: [1, 10, 3] },
  ])('%j stands for a number of an agent, within its range', (size) => {
    expect(drawn.parse({ size })).toMatchObject({ size });
    expect(refusal(one, { size })).toBe('size: a number in [1, 10] (usd)');
  });

  it.each<[object, string]>([
    [{ uniform: [0, 5] }, 'size.uniform.0: a number in [1, 10] (usd)'],
    [{ uniform: [5, 11] }, 'size.uniform.1: a number in [1, 10] (usd)'],
    [{ uniform: [6, 5] }, 'size.uniform: [from, to] with from ≤ to'],
    [{ normal: [0, 1] }, 'size.normal: [mean, sd] with a mean in [1, 10] and sd ≥ 0'],
    [{ normal: [5, -1] }, 'size.normal: [mean, sd] with a mean in [1, 10] and sd ≥ 0'],
    [{ lognormal: [11, 1] }, 'size.lognormal: [median, sigma] with a median above 0 and in [1, 10], and sigma ≥ 0'],
    [{ oneOf: [] }, 'size.oneOf: a list of at least one number'],
    [{ oneOf: [5, 50] }, 'size.oneOf.1: a number in [1, 10] (usd)'],
  ])('%j is none, for it is not: %s', (size, expected) => {
    expect(refusal(drawn, { size })).toBe(expected);
  });

  it.each<object>([{ uniform: [5] }, { uniform: [1, 2], normal: [1, 2] }, { poisson: 3 }, {}])('%j is no draw at all', (size) => {
    expect(refusal(drawn, { size })).toMatch(/^size: a number in \[1, 10\] \(usd\), or a draw: /);
  });

  it('is for numbers only: a count or a duration is the same for a whole group', () => {
    expect(refusal(drawn, { blocks: { uniform: [1, 2] } })).toBe('blocks: a whole number in [0, 100] (block)');
    expect(refusal(drawn, { every: { uniform: [1000, 2000] } })).toMatch(/^every: a duration/);
  });
});

describe('a script', () => {
  const script = (...actions: object[]) => ({ script: [{ at: '1 min', actions }] });

  it('names its actions with exactly their fields, amounts in tokens or in words', () => {
    const swap = { do: 'swap', venue: 'pool', sell: 'USD', amount: 0.5 };
    const parsed = one.parse({ size: 5, ...script(swap, { ...swap, amount: 'received' }) });
    expect(parsed.script).toEqual([{ at: 60_000, actions: [swap, { ...swap, amount: 'received' }] }]);
    expect(refusal(one, script({ ...swap, amount: 'some' }))).toBe('script.0.actions.0.amount: tokens ≥ 0, or all, received or max');
    expect(refusal(one, script({ ...swap, amount: -1 }))).toBe('script.0.actions.0.amount: tokens ≥ 0, or all, received or max');
    expect(refusal(one, script({ ...swap, do: 'swapp' }))).toMatch(/^script\.0\.actions\.0\.do: one of swap, .*did you mean swap/);
    expect(refusal(one, script({ ...swap, asset: 'ETH' }))).toMatch(/^script\.0\.actions\.0: one of do, venue, sell, amount/);
    const take = { do: 'liquidate', protocol: 'lend', position: 'borrower/0', debt: 'USD', collateral: 'ETH', amount: 'max' };
    expect(refusal(one, script(take))).toBe('nothing is wrong');
    expect(refusal(one, script({ ...take, position: 'borrower' }))).toBe(
      'script.0.actions.0.position: the account that owns the position, such as borrower/0',
    );
    expect(refusal(one, script())).toBe('script.0.actions: at least one action');
  });
});
