/** Commands that run experiments: `run`, `validate`, `bench`. */
import type { RunArguments } from '../actions/run.ts';
import type { ValidateArguments } from '../actions/validate.ts';
import type { Command } from './command.ts';
import { agents, db, json } from './options.ts';

export const runCommand: Command = {
  usage: 'run <experiment>',
  summary: 'run an experiment and print its table',
  examples: [
    ['$0 run attack-cost-by-oracle', 'every point of the file, recorded in results/breakwater.db'],
    ['$0 run inverse-2022 --trace facts', 'what happened is kept as well; why makes the run again without it'],
    ['$0 run solvency-under-crash --runs 2 --set world.prices.ETH.with.volatility=1', 'fewer runs, another volatility'],
  ],
  declare: (yargs) =>
    yargs
      .positional('experiment', { type: 'string', demandOption: true, describe: 'a YAML file, or the name of one under experiments/' })
      .options({
        seed: { type: 'number', describe: "first seed; default: the file's", requiresArg: true, group: 'What' },
        runs: { type: 'number', describe: "seeds of each point; default: the file's", requiresArg: true, group: 'What' },
        set: { type: 'string', array: true, nargs: 1, describe: 'PATH=VALUE (YAML) put over the file (repeatable)', group: 'What' },
        agents: { ...agents, group: 'What' },
        workers: { type: 'number', describe: 'threads; default: processors − 1', requiresArg: true, group: 'How' },
        engine: {
          choices: ['inline', 'threads'] as const,
          describe: 'default: threads beyond a handful of runs',
          requiresArg: true,
          group: 'How',
        },
        check: { type: 'boolean', default: false, describe: 'check the laws while it runs', group: 'How' },
        resume: { type: 'boolean', default: false, describe: 'only what is missing in the record', group: 'How' },
        'dry-run': { type: 'boolean', default: false, describe: 'validate all, count the work, run one run', group: 'How' },
        db,
        trace: {
          choices: ['none', 'facts', 'full'] as const,
          describe: "what to keep of each run (why needs none of it); default: the file's",
          requiresArg: true,
          group: 'Record',
        },
        json,
        'first-run': { type: 'boolean', default: false, describe: 'tell it in words, for a first look' },
      }),
  act: async (args, terminal) => (await import('../actions/run.ts')).run(args as unknown as RunArguments, terminal),
};

export const validateCommand: Command = {
  usage: 'validate',
  summary: 'hold Breakwater against closed forms and incidents on record',
  examples: [['$0 validate --only bZx', 'the checks whose ids begin so']],
  declare: (yargs) => yargs.options({ only: { type: 'string', describe: 'beginning of ids', requiresArg: true }, json }),
  act: async (args, terminal) => (await import('../actions/validate.ts')).validate(args as unknown as ValidateArguments, terminal),
};

export const benchCommand: Command = {
  usage: 'bench [names..]',
  summary: 'measure the speed of this machine (source tree only)',
  examples: [],
  declare: (yargs) =>
    yargs.positional('names', { type: 'string', array: true, default: [], describe: 'benchmarks; default: all' }).options({ json }),
  act: async (args, terminal) => (await import('../actions/bench.ts')).bench(args as { names: readonly string[]; json: boolean }, terminal),
};
