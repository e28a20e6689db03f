/** Contracts for the small world: a perpetual of TKN and options on it, as a scenario writes them. */

export interface ContractTerms {
  readonly perp?: object;
  readonly call?: object;
  readonly put?: object;
  readonly closeout?: object;
  /** USD tokens; default 100,000. */
  readonly house?: number;
}

/** TKN is at 10 USD; the options are at the money and expire after two hours. */
export function contractsOf({ perp = {}, call = {}, put = {}, closeout = {}, house = 100_000 }: ContractTerms = {}) {
  const option = { strike: 10, expiry: '2 h', initial: 0.15, maintenance: 0.1 };
  return {
    settle: 'USD',
    house,
    surface: { use: 'parametric', with: { atm: 0.8 } },
    closeout: { use: 'order', with: closeout },
    list: {
      perp: { use: 'perpetual', underlying: 'TKN', with: { fee: 0, ...perp } },
      call: { use: 'option', underlying: 'TKN', with: { ...option, right: 'call', ...call } },
      put: { use: 'option', underlying: 'TKN', with: { ...option, right: 'put', ...put } },
    },
  };
}

/** An oracle that sees what is fair. */
export const FAIR = { use: 'spot', source: 'outside' } as const;
