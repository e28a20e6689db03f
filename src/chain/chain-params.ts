/** What a scenario may say of its chain, flash loans, bidders and proposers apart. */
import type { ParamSchema } from '../base/params.ts';

/** Gas of any transaction, before it does anything (Ethereum yellow paper, G_transaction). */
export const TRANSACTION_GAS = 21_000;
/** What a scenario may say of its chain; flash loans apart. Fees are in units of the gas asset per gas: gwei where it has 9 decimals. */
export const chainParams = {
  blockTime: {
    kind: 'duration',
    range: [1, 86_400_000],
    default: 12_000,
    doc: 'time between blocks; 12 s is a slot of Ethereum (consensus-specs, SECONDS_PER_SLOT)',
  },
  order: {
    kind: 'choice',
    options: ['fee', 'arrival', 'random', 'auction'],
    default: 'fee',
    doc:
      'who goes first in a block: the better tip, who came first (a sequencer), whom the lot falls on, or who bids a builder the most in ' +
      'all (auction: what fails is left out and pays nothing)',
  },
  gasAsset: { kind: 'asset', optional: true, doc: 'what gas is paid in; without it gas is free, and only the gas limit remains' },
  baseFee: {
    kind: 'number',
    unit: 'unit/gas',
    range: [0, 1e6],
    default: 1,
    doc: 'base fee of the first block; 1 gwei is INITIAL_BASE_FEE of EIP-1559',
  },
  baseFeeMin: {
    kind: 'number',
    unit: 'unit/gas',
    range: [0, 1e6],
    default: 7e-9,
    doc: 'the base fee never falls below; at 7 wei an eighth rounds to nothing in EIP-1559',
  },
  gasLimit: {
    kind: 'integer',
    unit: 'gas',
    range: [TRANSACTION_GAS, 1e12],
    default: 30_000_000,
    doc: "most gas of a block, twice the target; Ethereum's of 2021 to 2024 (ethereum.org, gas and fees)",
  },
  background: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1.99],
    default: 1,
    doc: 'gas used by others, as a part of the target; at 1 the base fee of an otherwise empty chain stays',
  },
  lookAhead: {
    kind: 'integer',
    unit: 'blocks',
    range: [0, 10_000],
    optional: true,
    doc: 'how many blocks ahead their proposers are known; 32 if left out, an epoch of Ethereum (consensus-specs, SLOTS_PER_EPOCH)',
  },
  builders: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1],
    optional: true,
    doc: 'share of blocks made by builders who take private bundles; all of them if left out',
  },
} as const satisfies ParamSchema;
