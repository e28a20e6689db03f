/**
 * The numbers that governance may change: those of markets and those that every contract is declared with. Where each stands, in which
 * range it may be, and which of them lead which. Writes parameters and nothing else; accounts are not known here.
 */
import type { ParamSchema } from '../../base/params.ts';
import { toUnitsDown, UNITS_MAX } from '../../base/units.ts';
import type { Market } from '../accounts-view.ts';
import type { Contract } from '../instrument/contract.ts';
import { marginParams } from '../instrument/margin-params.ts';
import { marketParams } from '../market-params.ts';

type NumbersOf<S extends ParamSchema> = { [K in keyof S]: S[K]['kind'] extends 'number' ? K : never }[keyof S];
export type MarketNumber = NumbersOf<typeof marketParams>;
export type ContractNumber = NumbersOf<typeof marginParams>;

/** Which number: of a market or of a contract of this protocol, by the name that it is declared with. */
export type Place =
  | { readonly kind: 'market'; readonly market: number; readonly param: MarketNumber }
  | { readonly kind: 'contract'; readonly contract: number; readonly param: ContractNumber };

/** A number and what it becomes, in the unit that it is declared in; a cap that is not there is Infinity. */
export type NumberChange = Place & { readonly value: number };

/** A number that another never lets past it: an LTV its threshold, an initial margin the maintenance. */
export interface Follower {
  readonly place: Place;
  /** The number of the same market or contract that it must agree with. */
  readonly leader: Place;
  readonly side: 'at most' | 'at least';
}

export interface Settings {
  read(place: Place): number;
  write(change: NumberChange): void;
  /** The value within the range of its declaration; NaN for what is no number. */
  fitted(change: NumberChange): number;
  /** Whether the step limit applies: to shares, and not to caps in tokens or rates per year. */
  stepped(place: Place): boolean;
  /** The pair that a number is half of, as leader or as follower. */
  pairOf(place: Place): Follower | undefined;
}

/** Names the place among all of a protocol. */
export function keyOf(place: Place): string {
  return place.kind === 'market' ? `market/${place.market}/${place.param}` : `contract/${place.contract}/${place.param}`;
}

/** The place in the list of a market's, or a contract's, parameters by which facts name it. */
export function parameterNumber({ kind, param }: Place): number {
  return Object.keys(kind === 'market' ? marketParams : marginParams).indexOf(param);
}

const PAIRS = {
  market: [
    ['ltv', 'liquidationThreshold', 'at most'],
    ['categoryLtv', 'categoryThreshold', 'at most'],
  ],
  contract: [['initial', 'maintenance', 'at least']],
} as const;

export function createSettings(markets: readonly Market[], contracts: readonly Contract[]): Settings {
  const declared = (place: Place) => (place.kind === 'market' ? marketParams[place.param] : marginParams[place.param]);
  const decimalsOf = (contract: Contract) => markets[contract.market].decimals;

  return {
    read(place) {
      if (place.kind === 'market') return markets[place.market].params[place.param] ?? Number.POSITIVE_INFINITY;
      const contract = contracts[place.contract];
      if (place.param !== 'sizeCap') return contract[place.param];
      return contract.sizeCap === UNITS_MAX ? Number.POSITIVE_INFINITY : contract.sizeCap / 10 ** decimalsOf(contract);
    },

    write(change) {
      if (change.kind === 'market') {
        const market = markets[change.market];
        market.params = { ...market.params, [change.param]: change.value };
        return;
      }
      const contract = contracts[change.contract];
      const units = change.value * 10 ** decimalsOf(contract);
      if (change.param !== 'sizeCap') contract[change.param] = change.value;
      else contract.sizeCap = units < UNITS_MAX ? toUnitsDown(change.value, decimalsOf(contract)) : UNITS_MAX;
    },

    fitted(change) {
      const [low, high] = declared(change).range;
      return Math.max(low, Math.min(high, change.value));
    },

    stepped: (place) => declared(place).unit === 'ratio',

    pairOf(place) {
      for (const [follower, leader, side] of PAIRS[place.kind]) {
        if (place.param !== follower && place.param !== leader) continue;
        return { place: { ...place, param: follower } as Place, leader: { ...place, param: leader } as Place, side };
      }
      return undefined;
    },
  };
}
