/** A limit order book as one would write it on paper: a list of orders, sorted when it matters. What `matching.ts` is held against. */
import type { Side } from '../../src/market/matching.ts';

export interface Resting {
  readonly owner: number;
  readonly side: Side;
  readonly tick: number;
  lots: number;
  readonly number: number;
}

export class NaiveBook {
  orders: Resting[] = [];
  private placed = 0;

  place(owner: number, side: Side, tick: number, lots: number): number {
    this.placed += 1;
    this.orders.push({ owner, side, tick, lots, number: this.placed });
    return this.placed;
  }

  cancel(number: number): number {
    const order = this.orders.find((other) => other.number === number);
    this.orders = this.orders.filter((other) => other.number !== number);
    return order?.lots ?? -1;
  }

  /** Best price first, then first come. */
  side(side: Side): Resting[] {
    return this.orders.filter((order) => order.side === side).sort((a, b) => (b.tick - a.tick) * side || a.number - b.number);
  }

  best(side: Side): number {
    return this.side(side)[0]?.tick ?? -1;
  }

  lotsAt(tick: number): number {
    return this.orders.reduce((sum, order) => (order.tick === tick ? sum + order.lots : sum), 0);
  }

  take(taker: number, side: Side, limit: number, lots: number, onFill: (maker: number, tick: number, lots: number) => void): number {
    let left = lots;
    for (const order of this.side(-side as Side)) {
      if (left === 0 || order.owner === taker || (order.tick - limit) * side > 0) break;
      const got = Math.min(left, order.lots);
      left -= got;
      order.lots -= got;
      onFill(order.owner, order.tick, got);
    }
    this.orders = this.orders.filter((order) => order.lots > 0);
    return lots - left;
  }
}
