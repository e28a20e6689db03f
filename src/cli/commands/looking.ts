/** Commands that look at what was recorded: `list`, `show`, `why`, `replay`, `compare`. */
import type { CompareArguments } from '../actions/compare.ts';
import type { ListArguments } from '../actions/list.ts';
import type { ReplayArguments } from '../actions/replay.ts';
import type { ShowArguments } from '../actions/show.ts';
import type { WhyArguments } from '../actions/why.ts';
import type { Command } from './command.ts';
import { db, json, runNumber } from './options.ts';

export const listCommand: Command = {
  usage: 'list [experiment]',
  summary: 'list experiments, and what was recorded; or the runs of one',
  examples: [['$0 list solvency-under-crash', 'its runs as recorded, each with its number']],
  declare: (yargs) =>
    yargs
      .positional('experiment', { type: 'string', describe: 'a recorded one, by name, number or file; default: all, without their runs' })
      .options({ db, json }),
  act: async (args, terminal) => (await import('../actions/list.ts')).list(args as unknown as ListArguments, terminal),
};

export const showCommand: Command = {
  usage: 'show <run>',
  summary: 'show one run: who gained from whom, and its metrics',
  examples: [['$0 show 1', 'the first run that was recorded']],
  declare: (yargs) => yargs.positional('run', runNumber).options({ db, json }),
  act: async (args, terminal) => (await import('../actions/show.ts')).show(args as unknown as ShowArguments, terminal),
};

export const whyCommand: Command = {
  usage: 'why <run> [what]',
  summary: 'explain how a run ended, one event of it, or what befell an account',
  examples: [
    ['$0 why 1', 'from the largest bad debt back to its causes'],
    ['$0 why 1 731', 'one liquidation, or any fact, and what caused it'],
    ['$0 why 1 borrower/63', 'what was liquidated of an account, and what it was short of'],
  ],
  declare: (yargs) =>
    yargs
      .positional('run', runNumber)
      .positional('what', { type: 'string', describe: 'number of a fact, or name of an account' })
      .options({ db, json }),
  act: async (args, terminal) => {
    const { what, ...rest } = args as unknown as WhyArguments;
    const meant = /^\d+$/.test(String(what)) ? Number(what) : what;
    return (await import('../actions/why.ts')).why({ ...rest, what: meant }, terminal);
  },
};

export const replayCommand: Command = {
  usage: 'replay <run>',
  summary: 'make a recorded run again: the same to the last bit, or where it parted',
  examples: [],
  declare: (yargs) => yargs.positional('run', runNumber).options({ db, json }),
  act: async (args, terminal) => (await import('../actions/replay.ts')).replay(args as unknown as ReplayArguments, terminal),
};

export const compareCommand: Command = {
  usage: 'compare <what..>',
  summary: 'compare two points of an experiment, or two experiments, on the same seeds',
  examples: [
    ['$0 compare inverse-2022 broken true-twap', 'two points, by their labels'],
    ['$0 compare 1 2', 'two recorded experiments, by their numbers'],
  ],
  declare: (yargs) =>
    yargs
      .positional('what', { type: 'string', array: true, demandOption: true, describe: 'EXPERIMENT LABEL LABEL, or EXPERIMENT EXPERIMENT' })
      .check(({ what }) =>
        (what as string[]).length === 2 || (what as string[]).length === 3
          ? true
          : 'compare takes EXPERIMENT LABEL LABEL, or EXPERIMENT EXPERIMENT',
      )
      .options({ db, json }),
  act: async (args, terminal) => {
    const { what, ...rest } = args as unknown as CompareArguments;
    return (await import('../actions/compare.ts')).compare({ ...rest, what: what.map(String) }, terminal);
  },
};
