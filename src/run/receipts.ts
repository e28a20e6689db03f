/** Which protocols of a world stand on the receipts of which. */
import type { Protocol } from '../protocol/protocol.ts';

type Issuer = Pick<Protocol, 'markets' | 'receipts'>;

/** Whether a protocol takes a receipt of the other as collateral, or lends it. */
export function standsOn(protocol: Issuer, other: Issuer): boolean {
  return other.receipts.some(({ asset }) => protocol.markets.some((market) => market.asset === asset));
}

/** Each protocol behind those whose receipts it stands on, otherwise in their order: so a receipt is valued after what is behind it. */
export function issuersFirst<P extends Issuer>(protocols: readonly P[]): readonly P[] {
  const heights = protocols.map(() => 0);
  // As many rounds as the longest row can have. In a circle nobody is first, and it ends all the same.
  for (const _ of protocols) {
    for (const [upper, protocol] of protocols.entries()) {
      for (const [lower, other] of protocols.entries()) {
        if (upper !== lower && standsOn(protocol, other)) heights[upper] = Math.max(heights[upper], heights[lower] + 1);
      }
    }
  }
  return protocols
    .map((protocol, i) => ({ protocol, height: heights[i] }))
    .sort((a, b) => a.height - b.height)
    .map(({ protocol }) => protocol);
}
