/** The schema of one protocol of a world. */
import { z } from 'zod';
import type { ParamSchema } from '../base/params.ts';
import { CONTRACT_PARAMS, MARKET_PARAMS, READING_PARAMS } from './catalog.ts';
import { durationSchema, nameSchema, numberSchema, paramsSchema, strict } from './param-schema.ts';
import { named, tokens, useOf } from './use-schema.ts';

/** The numbers of a declaration, each of which may be left out and then stays what it is. */
function numbersSchema(params: ParamSchema) {
  const numbers = Object.entries(params).flatMap(([name, param]) =>
    param.kind === 'number'
      ? [
          [
            name,
            numberSchema(...param.range, param.unit)
              .describe(param.doc)
              .optional(),
          ] as const,
        ]
      : [],
  );
  return strict(Object.fromEntries(numbers));
}

/** One protocol of a world. */
export function protocolSchema() {
  const market = strict({
    ...paramsSchema(MARKET_PARAMS).shape,
    oracle: nameSchema.describe('what prices the asset'),
    reading: paramsSchema(READING_PARAMS)
      .optional()
      .describe('which readings it accepts, and what it does without one; any valid one if left out'),
  });
  const contracts = strict({
    settle: nameSchema.describe('asset that all contracts are settled in; it needs a market'),
    list: named(
      useOf('contract', { underlying: nameSchema.describe('asset whose oracle is the index; it needs a market') }),
      'contracts by name',
    ).describe('the contracts by name: { underlying, use, with }'),
    closeout: useOf('closeout')
      .prefault({ use: 'order' } as never)
      .describe('how accounts of contracts that fall short are closed'),
    surface: useOf('surface').optional().describe('implied volatility, which options are valued at'),
    house: tokens.default(0).describe('capital of the house at the start, tokens of the settlement asset'),
  });
  const governance = strict({
    timeLock: durationSchema().prefault(0).describe('from proposal to effect; a scheduled change is announced so long before its time'),
    stepMax: numberSchema(0, 10, 'ratio').optional().describe('most that a share moves at a time, absolute; unlimited if left out'),
    stepEvery: durationSchema()
      .prefault('3 d')
      .describe('least time between two moves of a share, where there is a step limit (Aave: 3 d)'),
    changes: z
      .array(
        strict({
          at: durationSchema().describe('when it takes effect'),
          markets: named(numbersSchema(MARKET_PARAMS), 'numbers of markets by asset')
            .default({})
            .describe('new numbers of markets, by asset'),
          contracts: named(numbersSchema(CONTRACT_PARAMS), 'numbers of contracts by name')
            .default({})
            .describe('new numbers of contracts, by name'),
          risk: useOf('risk').optional().describe('the engine that judges from then on'),
        }),
        { error: 'a list of { at, markets, contracts, risk }' },
      )
      .default([])
      .describe('scheduled changes'),
    controller: useOf('controller').optional().describe('proposes changes of its own during a run'),
  });
  return strict({
    markets: named(market, 'markets by asset').describe('assets that may be lent or secure loans, by asset: { oracle, … }'),
    risk: useOf('risk')
      .prefault({ use: 'static' } as never)
      .describe('what is asked of an account'),
    liquidation: useOf('liquidation')
      .prefault({ use: 'fixed-bonus' } as never)
      .describe('how loans that fall short are closed'),
    backstop: z
      .array(useOf('backstop'))
      .prefault([{ use: 'insurance-fund' }, { use: 'socialise' }] as never)
      .describe('who pays what is left unpaid, in this order'),
    fund: named(tokens, 'tokens by asset').default({}).describe('the insurance fund at the start, tokens by asset'),
    contracts: contracts.optional().describe('perpetuals and options, traded against a house'),
    governance: governance.optional().describe('what changes, when, and how fast it may'),
    marginCall: strict({
      level: numberSchema(1, 100, 'health').describe(
        'health below which an account is called. Health is counted ÷ (debts + margin), contracts with their whole notional: ' +
          'with leverage L about (1 + 1/L) ÷ (1 + maintenance), so 1.07 with 10 and a maintenance margin of 0.03',
      ),
      time: durationSchema().describe('to answer; then it may be liquidated as if it were below maintenance'),
    })
      .optional()
      .describe('warns accounts above maintenance'),
    marginTradeCheck: z
      .boolean({ error: 'true or false' })
      .default(true)
      .describe('whether a margin trade must meet the initial requirement'),
  });
}
