/**
 * Who makes which block: each block's proposer is drawn by share, and known some blocks ahead. Groups of agents may be proposers; the rest
 * of the shares is nobody of this world. A proposer puts its own bundles first or last in its blocks, whatever they tip.
 */
import type { Random } from '../base/random.ts';
import type { AccountId, Ratio } from '../base/units.ts';

export interface ProposerShare {
  /** Accounts of the group. */
  readonly accounts: ReadonlySet<AccountId>;
  readonly share: Ratio;
}

/** The proposer of a block is nobody of this world. */
const STRANGER = -1;

export class Proposers {
  private readonly shares: readonly ProposerShare[];
  private readonly random: Random;
  /** By block, as far as drawn: number of the group. Block 0 is nobody's. */
  private readonly drawn: number[] = [STRANGER];

  constructor(shares: readonly ProposerShare[], random: Random) {
    this.shares = shares;
    this.random = random;
  }

  /** Whether the account's group makes the block. */
  makes(account: AccountId, block: number): boolean {
    const group = this.of(block);
    return group !== STRANGER && this.shares[group].accounts.has(account);
  }

  /** Number of the group that makes the block, −1 if it is nobody of this world. */
  of(block: number): number {
    while (this.drawn.length <= block) this.drawn.push(this.draw());
    return this.drawn[block];
  }

  private draw(): number {
    let left = this.random.uniform();
    for (let group = 0; group < this.shares.length; group++) {
      left -= this.shares[group].share;
      if (left < 0) return group;
    }
    return STRANGER;
  }
}
