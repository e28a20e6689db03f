/** Commands for who writes experiments: `init`, `agents`, `parts`, `presets`, `metrics`, `schema`. */
import type { AgentsArguments } from '../actions/agents.ts';
import type { MetricsArguments } from '../actions/metrics.ts';
import type { PartsArguments } from '../actions/parts.ts';
import type { PresetsArguments } from '../actions/presets.ts';
import type { SchemaArguments } from '../actions/schema.ts';
import type { Command } from './command.ts';
import { agents, json } from './options.ts';

export const initCommand: Command = {
  usage: 'init <dir>',
  summary: 'make a folder with an agent and an experiment of your own',
  examples: [['$0 init mine && $0 run mine/experiment.yaml', 'and change it from there']],
  declare: (yargs) => yargs.positional('dir', { type: 'string', demandOption: true, describe: 'a folder; nothing in it is overwritten' }),
  act: async (args, terminal) => (await import('../actions/init.ts')).init(args as { dir: string }, terminal),
};

export const agentsCommand: Command = {
  usage: 'agents [name]',
  summary: 'list the kinds of agents and their parameters, or one of them',
  examples: [['$0 agents liquidator', 'one kind']],
  declare: (yargs) => yargs.positional('name', { type: 'string', describe: 'a kind; default: all' }).options({ agents, json }),
  act: async (args, terminal) => (await import('../actions/agents.ts')).agents(args as unknown as AgentsArguments, terminal),
};

export const partsCommand: Command = {
  usage: 'parts [floor] [name]',
  summary: 'list what a world is built from (prices, oracles, engines, liquidations …), or one part with its parameters',
  examples: [
    ['$0 parts', 'all, a line each'],
    ['$0 parts oracle', 'all oracles, with their parameters'],
    ['$0 parts protocol', 'the fields of a protocol: contracts, margin calls, governance …'],
    ['$0 parts risk by-formula', 'one, and what its formulas may speak of'],
  ],
  declare: (yargs) =>
    yargs
      .positional('floor', {
        type: 'string',
        describe: 'price, venue, oracle, risk, liquidation, backstop, protocol …; or a name; default: all',
      })
      .positional('name', { type: 'string', describe: 'one part of that floor' })
      .options({ json }),
  act: async (args, terminal) => (await import('../actions/parts.ts')).parts(args as unknown as PartsArguments, terminal),
};

export const presetsCommand: Command = {
  usage: 'presets [name]',
  summary: 'list the presets of protocols and their sources, or one in full',
  examples: [['$0 presets aave-v3-weth', 'what it fills in, and what it needs']],
  declare: (yargs) => yargs.positional('name', { type: 'string', describe: 'a preset; default: all' }).options({ json }),
  act: async (args, terminal) => (await import('../actions/presets.ts')).presets(args as unknown as PresetsArguments, terminal),
};

export const metricsCommand: Command = {
  usage: 'metrics',
  summary: 'list what a run measures, with its meaning',
  examples: [],
  declare: (yargs) => yargs.options({ json }),
  act: async (args, terminal) => (await import('../actions/metrics.ts')).metrics(args as unknown as MetricsArguments, terminal),
};

export const schemaCommand: Command = {
  usage: 'schema',
  summary: 'print the JSON Schema of experiment files, for editors',
  examples: [['$0 schema -o experiments/experiment.schema.json', 'where the first line of our files looks for it']],
  declare: (yargs) => yargs.options({ output: { alias: 'o', type: 'string', describe: 'file to write', requiresArg: true }, agents }),
  act: async (args, terminal) => (await import('../actions/schema.ts')).schema(args as unknown as SchemaArguments, terminal),
};
