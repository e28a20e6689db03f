/** Implied volatilities by moneyness and days, small enough to be read at a glance: dear below the forward and soon. */
export const SMALL_VOLATILITY_TABLE = {
  moneyness: [0.8, 1, 1.25],
  days: [7, 30, 180],
  volatility: [
    [1.2, 1, 0.8],
    [0.9, 0.8, 0.7],
    [1, 0.85, 0.7],
  ],
};
