/** A small experiment as text: a lender, a borrower and whoever a test adds, on one pool, for minutes. */

export interface SmallParts {
  readonly name?: string;
  readonly agents?: readonly string[];
  readonly more?: string;
  readonly horizon?: string;
}

export function smallExperiment({ name = 'small', agents = [], more = '', horizon = '10 min' }: SmallParts = {}): string {
  return `name: ${name}
question: Does anything happen in a world as small as this?
model:
  what: A world for tests, in which a pool, a lender and a borrower stand still unless somebody moves.
  notice: [nothing]
  try: [something]
  sources: [none]
world:
  assets:
    USDC: { decimals: 6 }
    ETH: { decimals: 9 }
  prices:
    USDC: { use: constant, with: { start: 1 } }
    ETH: { use: gbm, with: { start: 2000, volatility: 1 } }
  chain: { blockTime: 12 s }
  venues:
    pool: { use: constant-product, with: { base: ETH, quote: USDC, quoteReserve: 1000000, fee: 0.003 } }
  oracles:
    eth: { asset: ETH, source: pool, use: spot }
    usdc: { asset: USDC, source: outside, use: spot }
  protocols:
    lend:
      markets:
        ETH: { oracle: eth, ltv: 0.8, liquidationThreshold: 0.85, bonus: 0.05 }
        USDC: { oracle: usdc, borrowable: true, ltv: 0, liquidationThreshold: 0 }
agents:
  - { use: lender, params: { protocol: lend, asset: USDC }, wallet: { USDC: 100000 } }
  - { use: borrower, params: { protocol: lend, collateral: ETH, debt: USDC, health: 1.5 }, wallet: { ETH: 10 } }
${agents.map((agent) => `  - ${agent}\n`).join('')}horizon: ${horizon}
seed: 1
${more}`;
}

/** An agent's file that wakes every 12 s and does \`body\` then. */
export function agentFile(name: string, body: string): string {
  return `import { defineAgent } from 'breakwater/agent';
export default defineAgent({
  name: '${name}', role: 'trader', summary: 'For tests.', sources: [], params: {},
  create: () => ({ onWake(view) { ${body}; return { wakeAt: view.at + 12_000 }; } }),
});
`;
}
