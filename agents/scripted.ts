/**
 * What it is
 * The replay of known transactions. It sends what the scenario has written out, when it is written out, and has no opinion of its own: an
 * incident whose steps are on record is re-enacted to the unit, and everybody else in the world may react.
 *
 * How it decides
 * Not at all. Each step of `script` has a time and a transaction; at that time the transaction is sent. Steps of the same time are sent in
 * the order in which they are written. A refused step is not repeated, and the later ones are sent all the same.
 *
 * What to notice
 * The same script under another oracle, loan-to-value ratio or order of the block: which step is refused first?
 *
 * What to try
 * Replace the script by an `oracle-manipulator` with the same capital: does the search find the steps that were found in earnest?
 *
 * Sources
 * Each incident under experiments/incidents names the transactions that it writes out.
 */
import type { Agent, Intent, Ms, Reply } from '../src/agent/index.ts';
import { defineAgent } from '../src/agent/index.ts';

interface Step {
  readonly at: Ms;
  readonly intent: Intent;
}

export default defineAgent({
  name: 'scripted',
  role: 'attacker',
  summary: 'Sends the transactions that the scenario writes out, at their times.',
  sources: ['experiments/incidents'],
  params: {
    script: { kind: 'script', doc: 'transactions in the order of time: at, actions, and perhaps flash loans and a tip' },
  },
  create({ script }): Agent {
    const steps = inOrderOfTime(script);
    let next = 0;

    return {
      onWake(view): Reply | undefined {
        const from = next;
        while (next < steps.length && steps[next].at <= view.at) next += 1;
        const intents = steps.slice(from, next).map((step) => step.intent);
        return next < steps.length ? { intents, wakeAt: steps[next].at } : { intents };
      },
    };
  },
});

/** The steps, the earlier ones first. What a scenario says has been checked by then: anything else here is a fault of the caller. */
function inOrderOfTime(script: unknown): readonly Step[] {
  if (!Array.isArray(script) || !script.every(isStep)) throw new TypeError('script: expected a list of { at, intent }');
  const numbered = script.map((step, index) => ({ step, index }));
  numbered.sort((a, b) => a.step.at - b.step.at || a.index - b.index);
  return numbered.map(({ step }) => step);
}

function isStep(value: unknown): value is Step {
  if (typeof value !== 'object' || value === null) return false;
  const { at, intent } = value as Partial<Step>;
  return typeof at === 'number' && at >= 0 && typeof intent === 'object' && intent !== null && Array.isArray(intent.actions);
}
