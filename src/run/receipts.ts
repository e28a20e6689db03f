/** Which protocols of a world stand on the receipts of which. */
import type { Protocol } from '../protocol/protocol.ts';

type Issuer = Pick<Protocol, 'markets' | 'receipts'>;

/** Whether a protocol takes a receipt of the other as collateral, or lends it. */
export function standsOn(protocol: Issuer, other: Issuer): boolean {
  return other.receipts.some(({ asset }) => protocol.markets.some((market) => market.asset === asset));
}

/**
 * Each protocol behind those whose receipts it stands on, directly or through others: so a receipt is valued after what is behind it.
 * Otherwise, and within a circle, in which nobody is first, they stay in their order.
 */
export function issuersFirst<P extends Issuer>(protocols: readonly P[]): readonly P[] {
  const reaches = protocols.map((protocol) => protocols.map((other) => other !== protocol && standsOn(protocol, other)));
  for (const through of reaches.keys()) {
    for (const row of reaches) if (row[through]) for (const [other, on] of reaches[through].entries()) row[other] ||= on;
  }
  const below = (i: number) => reaches[i].filter((on, other) => on && !reaches[other][i]).length;
  return protocols
    .map((protocol, i) => ({ protocol, height: below(i) }))
    .sort((a, b) => a.height - b.height)
    .map(({ protocol }) => protocol);
}
