/** Options that several commands share, said once, so that they mean the same everywhere. */
import type { Options, PositionalOptions } from 'yargs';
import { DEFAULT_DB } from '../default-paths.ts';

export const db: Options = { type: 'string', default: DEFAULT_DB, describe: 'SQLite file of results', requiresArg: true, group: 'Record' };
export const json: Options = { type: 'boolean', default: false, describe: 'print one JSON document' };
export const agents: Options = {
  type: 'string',
  array: true,
  nargs: 1,
  describe: 'folder of agents of your own (repeatable)',
  default: [],
  defaultDescription: 'none',
};
export const runNumber: PositionalOptions = { type: 'number', describe: 'number of a recorded run', demandOption: true };
