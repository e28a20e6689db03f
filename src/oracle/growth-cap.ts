/**
 * Its source, but no more than a price that grows at a fixed rate from where it began: for assets that earn and do not jump, such as staked
 * ether or shares of vaults. A donation or a pump above the cap is not believed; a fall is.
 *
 *   reading = min(source, P₀·(1 + g·t))          t in years since the first observation, P₀ its price
 */
import { definePart, years } from '../base/params.ts';
import type { Ms, Price, Ratio } from '../base/units.ts';
import { isPrice } from './no-reading.ts';
import type { Oracle, OracleNeeds, Reading } from './oracle.ts';

export const growthCap = definePart<OracleNeeds, Oracle>()({
  name: 'growth-cap',
  summary: 'Its source, capped at a growth from the first price on (Aave’s price cap).',
  sources: ['bgd-labs/aave-capo README.md (maximum yearly growth from a snapshot ratio)'],
  params: {
    growth: { kind: 'number', unit: '1/year', range: [0, 1000], default: 0.1, doc: 'growth a year of what is believed at most' },
    slack: { kind: 'number', unit: 'ratio', range: [0, 10], default: 0, doc: 'how far above its first price it may be at once' },
  },
  create: ({ growth, slack }, { source }) => new GrowthCap(growth, slack, source),
});

class GrowthCap implements Oracle {
  private readonly growth: number;
  private readonly slack: Ratio;
  private readonly source: (now: Ms) => Reading;
  private first: Price = Number.NaN;
  private firstAt: Ms = Number.NaN;

  constructor(growth: number, slack: Ratio, source: (now: Ms) => Reading) {
    this.growth = growth;
    this.slack = slack;
    this.source = source;
  }

  observe(price: Price, at: Ms): void {
    if (!isPrice(price) || !(Number.isNaN(this.firstAt) || at === this.firstAt)) return;
    this.first = price;
    this.firstAt = at;
  }

  read(now: Ms): Reading {
    const reading = this.source(now);
    if (!reading.valid || Number.isNaN(this.firstAt)) return reading;
    const cap = this.first * (1 + this.slack) * (1 + this.growth * years(now - this.firstAt));
    return { ...reading, price: Math.min(reading.price, cap) };
  }

  nextUpdate(): Ms {
    return Number.POSITIVE_INFINITY;
  }
}
