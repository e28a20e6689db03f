/**
 * What a share of a pool is worth, from the pool's reserves R of base and Q of quote, its shares S, and two oracles' prices p and q. All at
 * the moment of the question, in the middle of a bundle too.
 *
 *   naive  (R·p + Q·q)/S          what the reserves are worth as they lie there
 *   fair   w(p, q)/S              what they would be worth once arbitrage has brought the pool to p/q, fees aside (`settledUsd`):
 *                                 2·√(R·p·Q·q) of a constant product; of a stable pool R'·p + Q'·q at its D, where its price is p/q
 *
 *   naive/fair = (√u + 1/√u)/2          of a constant product; u = Q·q/(R·p), 1 where the pool agrees with the oracles
 *
 * A trade with the pool moves its reserves along its curve. The fair value does not see it; the naive one rises whichever way the pool is
 * pushed, and whoever pushes it with a loan of a moment borrows against what is not there.
 *
 * @source  cmichel.io/pricing-lp-tokens (Warp Finance, 17 Dec 2020: $7.7M by the naive value); Alpha Finance Lab, "Fair Uniswap's LP token
 *          pricing" (2021)
 */
import { definePart } from '../base/params.ts';
import { NO_READING } from './no-reading.ts';
import type { Oracle, OracleNeeds } from './oracle.ts';

export const lpShare = definePart<OracleNeeds, Oracle>()({
  name: 'lp-share',
  summary: 'A share of a pool by its reserves and two oracles, naively or fairly.',
  sources: ['cmichel.io/pricing-lp-tokens', 'Alpha Finance Lab, “Fair Uniswap’s LP token pricing” (2021)'],
  params: {
    pool: { kind: 'venue', doc: 'whose share it prices' },
    base: { kind: 'oracle', doc: 'of the pool’s base' },
    quote: { kind: 'oracle', doc: 'of the pool’s quote' },
    value: { kind: 'choice', options: ['naive', 'fair'], default: 'fair', doc: 'what the reserves are worth, or what arbitrage leaves' },
  },
  pricesShareOf: ({ pool }) => pool,
  create({ pool, base, quote, value }, { oracle, pool: stateOf }) {
    const [ofBase, ofQuote] = [oracle(base), oracle(quote)];
    return {
      observe: () => undefined,
      read(now) {
        const [p, q] = [ofBase.read(now), ofQuote.read(now)];
        if (!(p.valid && q.valid)) return NO_READING;
        const reserves = stateOf(pool);
        const asTheyLie = () => reserves.base * p.price + reserves.quote * q.price;
        const price = (value === 'naive' ? asTheyLie() : reserves.settledUsd(p.price, q.price)) / reserves.shares;
        if (!(price > 0 && price < Number.POSITIVE_INFINITY)) return NO_READING;
        const publishedAt = Math.max(p.publishedAt, q.publishedAt);
        return { price, observedAt: Math.min(p.observedAt, q.observedAt), publishedAt, valid: true };
      },
      nextUpdate: (now) => Math.min(ofBase.nextUpdate(now), ofQuote.nextUpdate(now)),
    };
  },
});
