/**
 * A lending protocol made by hand, for tests of what agents want: one position per owner, marks that the test sets, no interest and no
 * limits but those that the test names. Tests write its state; nothing here checks a law.
 */
import type { ProtocolView, Self } from '../../src/agent/index.ts';
import { reject } from '../../src/base/rejection.ts';
import type { HandMade } from './scripted-view.ts';

export interface MarketTerms {
  readonly asset: number;
  readonly ltv: number;
  readonly threshold: number;
  readonly bonus: number;
}

export interface ScriptedProtocol {
  readonly view: ProtocolView;
  /** USD per token by asset. */
  readonly marks: Map<number, number>;
  /** Units that can be borrowed, by asset. */
  readonly liquidity: Map<number, number>;
  /** Opens a position of the owner and answers its number. */
  open(owner: number): number;
  /** Units by asset. */
  readonly collateral: Map<number, number>[];
  readonly debt: Map<number, number>[];
  readonly supplied: Map<number, number>[];
  /** Until when called positions have time. */
  readonly deadlines: Map<number, number>;
  /** What agents asked to be told, newest last. */
  readonly watched: number[];
}

/** Installs the protocol as number 0 of the hand-made world. */
export function installProtocol(world: HandMade, terms: readonly MarketTerms[]): ScriptedProtocol {
  const owners: number[] = [];
  const collateral: Map<number, number>[] = [];
  const debt: Map<number, number>[] = [];
  const supplied: Map<number, number>[] = [];
  const watched: number[] = [];
  const deadlines = new Map<number, number>();
  const marks = new Map(terms.map(({ asset }) => [asset, world.fair[asset]]));
  const liquidity = new Map<number, number>();
  const { decimals, names } = (world.self as Self).assets;
  const unitUsd = (asset: number) => (marks.get(asset) ?? Number.NaN) / 10 ** decimals[asset];
  const sum = (units: Map<number, number>, factor: (market: MarketTerms) => number) =>
    terms.reduce(
      (total, market) =>
        total + ((units.get(market.asset) ?? 0) > 0 ? (units.get(market.asset) ?? 0) * unitUsd(market.asset) * factor(market) : 0),
      0,
    );

  const health = (position: number) => {
    const collateralUsd = sum(collateral[position], () => 1);
    const counts = sum(collateral[position], ({ threshold }) => threshold);
    const debtUsd = sum(debt[position], () => 1);
    const healthFactor = debtUsd === 0 ? Number.POSITIVE_INFINITY : counts / debtUsd;
    return {
      equity: collateralUsd - debtUsd,
      required: collateralUsd - counts,
      healthFactor,
      liquidatable: healthFactor < 1,
      collateralUsd,
      debtUsd,
    };
  };

  const view = {
    name: 'protocol',
    markets: terms.map(({ asset, ltv, threshold, bonus }, index) => ({
      index,
      asset,
      name: names[asset],
      scale: 10 ** decimals[asset],
      params: { borrowable: true, ltv, liquidationThreshold: threshold, bonus },
    })),
    get positions() {
      return owners.length;
    },
    marketOf: (asset: number) => terms.findIndex((market) => market.asset === asset),
    positionOf: (owner: number) => owners.indexOf(owner),
    ownerOf: (position: number) => owners[position],
    health,
    liquidatable: () => owners.flatMap((_, position) => (health(position).liquidatable ? [position] : [])),
    quoteLiquidation(position: number, debtAsset: number, collateralAsset: number) {
      if (!health(position).liquidatable) return reject('NOT_LIQUIDATABLE');
      const { bonus = 0 } = terms.find(({ asset }) => asset === collateralAsset) ?? {};
      const rate = (unitUsd(debtAsset) / unitUsd(collateralAsset)) * (1 + bonus);
      const held = collateral[position].get(collateralAsset) ?? 0;
      const repay = Math.min(debt[position].get(debtAsset) ?? 0, Math.ceil(held / rate));
      return { repay, seize: Math.min(held, Math.floor(repay * rate)) };
    },
    startable: () => [],
    auctions: () => [],
    borrowable(position: number, asset: number) {
      const room = sum(collateral[position], ({ ltv }) => ltv) - health(position).debtUsd;
      return Math.max(0, Math.min(liquidity.get(asset) ?? 0, Math.floor(room / unitUsd(asset))));
    },
    withdrawable: () => 0,
    callDeadline: (position: number) => deadlines.get(position),
    available: (asset: number) => liquidity.get(asset) ?? 0,
    collateralOf: (position: number, asset: number) => collateral[position].get(asset) ?? 0,
    debtOf: (position: number, asset: number) => debt[position].get(asset) ?? 0,
    suppliedOf: (position: number, asset: number) => supplied[position].get(asset) ?? 0,
  };
  world.view.protocol = () => view as unknown as ProtocolView;
  world.view.protocols = 1;
  world.view.watchHealth = (_, below) => void watched.push(below);
  return {
    view: view as unknown as ProtocolView,
    marks,
    liquidity,
    collateral,
    debt,
    supplied,
    deadlines,
    watched,
    open(owner) {
      collateral.push(new Map());
      debt.push(new Map());
      supplied.push(new Map());
      return owners.push(owner) - 1;
    },
  };
}
