/**
 * What it is
 * Somebody who has too much of something and must be rid of it by a certain time. Fast, he moves the price against himself; slowly, he
 * bears its risk; and whoever borrows against the same asset is sold out by the price that he leaves.
 *
 * How it decides
 * From `startAt` on he sells `amount` in `slices` equal steps of time over `duration` T, and holds after time t
 *
 *   x(t) = X·sinh(κ(T − t))/sinh(κT)          κT = `urgency`; 0 is a straight line
 *
 * What a venue did not take he sells with the next step, and after the last he goes on at the same pace.
 *
 * What to notice
 * Permanent impact costs the same at every pace; what a pace decides is the temporary part and the risk.
 *
 * What to try
 * The same sale within an hour and within a day, beside borrowers: how much of the bad debt is his haste?
 *
 * Sources
 * R. Almgren, N. Chriss, "Optimal execution of portfolio transactions", Journal of Risk 3 (2001) 5-39.
 */
import type { Agent, Reply, View } from '../src/agent/index.ts';
import { defineAgent, exp } from '../src/agent/index.ts';

const YEAR_MS = 365 * 86_400_000;

export default defineAgent({
  name: 'whale-seller',
  role: 'trader',
  summary: 'Sells a large holding by a schedule between haste and risk.',
  sources: ['R. Almgren, N. Chriss, Journal of Risk 3 (2001) 5-39'],
  params: {
    venue: { kind: 'venue', doc: 'where it sells' },
    sell: { kind: 'asset', doc: 'what it sells: an asset of the venue' },
    amount: { kind: 'number', unit: 'token', range: [0, 1e15], optional: true, doc: 'how much; all that it has if left out' },
    startAt: { kind: 'duration', range: [0, YEAR_MS], default: 0, doc: 'when it begins' },
    duration: { kind: 'duration', range: [1, YEAR_MS], default: 3_600_000, doc: 'how long it takes' },
    slices: { kind: 'integer', unit: 'trades', range: [1, 1_000_000], default: 60, doc: 'trades in that time' },
    urgency: {
      kind: 'number',
      unit: '1',
      range: [0, 100],
      default: 0,
      doc: 'κT: how much sooner it sells for fear of the price; 0 evenly, 3 nearly four fifths in the first half',
    },
  },
  create({ venue, sell, amount, startAt, duration, slices, urgency }, self): Agent {
    const step = Math.max(1, Math.round(duration / slices));
    let done = 0;
    /** Units that it keeps, and that it has to sell. */
    let [kept, toSell] = [0, 0];

    return {
      onWake(view): Reply | undefined {
        if (view.at < startAt) return { wakeAt: startAt };
        const held = view.wallet(sell);
        if (done === 0) {
          toSell = amount === undefined ? held : Math.min(held, self.toUnits(sell, amount));
          kept = held - toSell;
        }
        done += 1;
        const left = done >= slices ? 0 : Math.ceil(toSell * share(1 - done / slices));
        const selling = Math.max(0, held - kept - left);
        if (selling === 0 && done > slices) return undefined;
        const wakeAt = view.at + step;
        return selling > 0 ? { intents: [{ actions: [sale(view, selling)] }], wakeAt } : { wakeAt };
      },
    };

    function sale(view: View, units: number) {
      return { do: 'swap', venue, sell, amount: Math.min(units, view.wallet(sell)) } as const;
    }

    /** Part of the holding that is left when so much of the time is: sinh(u·t)/sinh(u), the quotient of both by e^u. */
    function share(time: number): number {
      if (urgency === 0) return time;
      return (exp(urgency * (time - 1)) - exp(-urgency * (time + 1))) / (1 - exp(-2 * urgency));
    }
  },
});
