/**
 * A set of positions that a failed bundle takes back: lots for sale, rights with a bid. All of it is in columns that are written through
 * the journal; members leave by the last one taking their place, and are listed in ascending order.
 */
import { column, growColumn } from '../../base/columns.ts';
import type { SetCell } from './set-cell.ts';

export interface Listing {
  has(position: number): boolean;
  add(position: number): void;
  remove(position: number): void;
  /** Ascending; a new array each time. */
  all(): number[];
}

const NOWHERE = -1;

export function createListing(set: SetCell): Listing {
  const members = column(16);
  /** By position: its place among the members. */
  const places = column(64, NOWHERE);
  /** One cell: how many there are. */
  const count = column(1);

  const has = (position: number): boolean => position < places.data.length && places.data[position] !== NOWHERE;

  return {
    has,
    add(position) {
      if (has(position)) return;
      const place = count.data[0];
      growColumn(members, place + 1);
      growColumn(places, position + 1, NOWHERE);
      set(members, place, position);
      set(places, position, place);
      set(count, 0, place + 1);
    },
    remove(position) {
      if (!has(position)) return;
      const place = places.data[position];
      const last = members.data[count.data[0] - 1];
      set(members, place, last);
      set(places, last, place);
      set(places, position, NOWHERE);
      set(count, 0, count.data[0] - 1);
    },
    all: () => [...members.data.subarray(0, count.data[0])].sort((a, b) => a - b),
  };
}
