/**
 * What every way of deleveraging has in common: which winners are concerned, and the legs that close of a size against the vault at the
 * mark and make its holder pay. Who pays how much is up to the layers.
 */
import { mulDivDown, mulDivUp } from '../../base/exact.ts';
import type { Units } from '../../base/units.ts';
import { type Leg, quoteLeg, sizeLeg } from '../plan.ts';
import type { Means, Shortfall, Winner } from './backstop.ts';

/** The parameter of all layers that deleverage. */
export const sideParam = {
  kind: 'choice',
  options: ['opposite', 'all'],
  default: 'opposite',
  doc: 'which winners: those on the other side of what the bankrupt account held; or of all contracts and sides',
} as const;

/** Winners who may be asked. Where nothing is known of what the account held, everybody. */
export function winnersOf({ closed }: Shortfall, means: Means, side: 'opposite' | 'all'): readonly Winner[] {
  const winners = means.winners();
  if (side === 'all' || closed.length === 0) return winners;
  return winners.filter(({ contract, size }) => closed.some((other) => other.contract === contract && other.size > 0 !== size > 0));
}

/**
 * Closes `closed` of a winner's size, signed as it, against the vault at the mark, and takes `taken` from his cash. Together the legs free
 * custody of `taken`.
 */
export function closingLegs({ position, contract, size, value, entry }: Winner, closed: Units, taken: Units, vault: number): Leg[] {
  if (closed === 0) return taken === 0 ? [] : [quoteLeg(position, -taken)];
  const worth = partDown(value, closed, size);
  const legs: Leg[] = [sizeLeg(position, contract, -closed, -partDown(entry, closed, size)), sizeLeg(vault, contract, closed, worth)];
  if (worth !== 0) legs.push(quoteLeg(vault, -worth));
  if (worth !== taken) legs.push(quoteLeg(position, worth - taken));
  return legs;
}

/** What a part of a winner's size has won, settlement units, rounded up. */
export function gainOf({ size, value, entry }: Winner, closed: Units): Units {
  return mulDivUp(value - entry, Math.abs(closed), Math.abs(size));
}

/** The part closed/size, 0 … 1, of a signed amount, rounded towards −∞. */
function partDown(amount: Units, closed: Units, size: Units): Units {
  const [of, all] = [Math.abs(closed), Math.abs(size)];
  // + 0: no negative zero in a plan.
  return amount >= 0 ? mulDivDown(amount, of, all) : 0 - mulDivUp(-amount, of, all) + 0;
}
