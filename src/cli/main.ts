/**
 * The door for yargs: the command line. It parses, refuses what it does not know with the nearest thing that it does, and hands over; what
 * a command does is loaded when it is asked for, so that help is quick. Whatever goes wrong ends in one clear sentence and an exit code.
 */
import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import yargs, { type Argv } from 'yargs';
import { setEngineFlags } from '../fleet/engine-flags.ts';
import type { Arguments, Command } from './commands/command.ts';
import { compareCommand, listCommand, replayCommand, showCommand, whyCommand } from './commands/looking.ts';
import { agentsCommand, initCommand, metricsCommand, partsCommand, presetsCommand, schemaCommand } from './commands/making.ts';
import { benchCommand, runCommand, validateCommand } from './commands/running.ts';
import { EXIT } from './exit-code.ts';
import { nearest } from './nearest.ts';
import { processTerminal, type Terminal } from './terminal.ts';

const COMMANDS: readonly Command[] = [
  runCommand,
  listCommand,
  showCommand,
  whyCommand,
  replayCommand,
  compareCommand,
  agentsCommand,
  partsCommand,
  presetsCommand,
  metricsCommand,
  initCommand,
  schemaCommand,
  validateCommand,
  benchCommand,
];

const NAMES = COMMANDS.map(({ usage }) => usage.split(' ')[0]);
const HELP_WIDTH = 100;

/**
 * Compiled code is kept here from start to start, which halves the time of a short command; where it cannot be written, nothing is lost.
 */
const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/breakwater', import.meta.url));

/** Runs the command of `argv` (without node and script) and answers the exit code. Never throws. */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal(colorAsked(argv))): Promise<number> {
  enableCompileCache(COMPILED);
  setEngineFlags();
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    tellFault(error, terminal);
    return EXIT.failed;
  }
}

/** `--color`, `--no-color`, or nothing said. */
function colorAsked(argv: readonly string[]): boolean | undefined {
  if (argv.includes('--no-color')) return false;
  return argv.includes('--color') ? true : undefined;
}

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [first] = argv;
  if (first !== undefined && !first.startsWith('-') && !NAMES.includes(first) && first !== 'help') {
    return refuse(`there is no command "${first}"${didYouMean(first, NAMES)}`, terminal);
  }
  let chosen: { readonly command: Command; readonly args: Arguments } | undefined;
  let refused: string | undefined;
  const parser = declare(yargs([...argv]), (command, args) => {
    chosen = { command, args };
  }).fail((message, error) => {
    if (error !== undefined && error !== null && !message) throw error;
    refused ??= message;
  });
  // Kept back until it is known whether this is help that was asked for (data) or help with a mistake (not).
  let said = '';
  await parser.parseAsync([...argv], {}, (_error, _args, output) => {
    said = output;
  });
  if (refused !== undefined) return refuse(explained(refused, argv), terminal);
  if (said !== '') {
    terminal.out(said);
    return EXIT.done;
  }
  if (chosen === undefined) {
    terminal.out(await parser.getHelp());
    return EXIT.done;
  }
  const wrong = wrongRun(argv, chosen.args) ?? wrongNumber(chosen.args);
  return wrong === undefined ? chosen.command.act(chosen.args, terminal) : refuse(wrong, terminal);
}

function declare(parser: Argv, choose: (command: Command, args: Arguments) => void): Argv {
  const described = parser
    .scriptName('breakwater')
    .locale('en')
    .usage('breakwater: what does it cost to attack a margin protocol, what does it gain, and who pays?\n\n$0 COMMAND')
    .example('$0 run attack-cost-by-oracle', 'run an experiment')
    .example('$0 why 1', 'explain what happened in its first run')
    .example('$0 init mine', 'begin one of your own')
    .parserConfiguration({ 'camel-case-expansion': true, 'boolean-negation': true, 'greedy-arrays': false })
    .option('color', {
      type: 'boolean',
      describe: 'colours; default: where a terminal shows them',
      defaultDescription: 'auto',
      hidden: false,
    })
    .version(version())
    .alias('help', 'h')
    .strict()
    .wrap(Math.min(HELP_WIDTH, process.stdout.columns || HELP_WIDTH))
    .epilogue('Exit codes: 0 done, 1 a run, an assertion or a check failed, 2 the input is wrong, 130 interrupted.')
    .exitProcess(false)
    .showHelpOnFail(false);
  return COMMANDS.reduce(
    (all, command) =>
      all.command(
        command.usage,
        command.summary,
        (own) => command.examples.reduce((more, [line, what]) => more.example(line, what), command.declare(own as Argv)),
        (args) => choose(command, args as Arguments),
      ),
    described,
  );
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return `${manifest.version} (Node ${process.versions.node})`;
}

/** Numbers that yargs could not read, and those that no option can mean. */
function wrongNumber(args: Arguments): string | undefined {
  const whole = { seed: 0, runs: 1, workers: 1, run: 1 } as const;
  for (const [name, least] of Object.entries(whole)) {
    const value = args[name];
    if (typeof value !== 'number') continue;
    if (!(Number.isSafeInteger(value) && value >= least)) return `${name}: found ${value}, expected a whole number, at least ${least}`;
  }
  return undefined;
}

/** A name where the number of a run belongs. */
function wrongRun([command, run]: readonly string[], args: Arguments): string | undefined {
  if (!Number.isNaN(args.run)) return undefined;
  const numbers = 'runs are numbered over all experiments, from 1; breakwater list says from which on';
  return `${command} takes the number of a recorded run, found ${run?.startsWith('-') === false ? `"${run}"` : 'another word'}: ${numbers}`;
}

function refuse(message: string, terminal: Terminal): number {
  terminal.note(message);
  terminal.note('breakwater --help lists what there is.');
  return EXIT.input;
}

/** yargs's message, with the nearest option where one was mistyped. */
function explained(message: string, argv: readonly string[]): string {
  const [command] = argv;
  const unknown = /^Unknown arguments?: ([^,]+)/.exec(message)?.[1];
  if (unknown === undefined) return message;
  const options = optionsOf(COMMANDS.find(({ usage }) => usage.split(' ')[0] === command));
  // yargs names an argument that is one too many as it names an option.
  if (!typed(argv, unknown)) return `${command ?? ''} takes no ${unknown}`.trim();
  return `${command ?? ''} has no option --${unknown}${didYouMean(unknown, options, '--')}`.trim();
}

/** Whether somebody typed it as an option. */
function typed(argv: readonly string[], name: string): boolean {
  return argv.some((word) => word.startsWith('-') && word.replace(/^-+/, '').split('=')[0] === name);
}

function optionsOf(command: Command | undefined): readonly string[] {
  if (command === undefined) return [];
  const { string, number, boolean } = (command.declare(yargs([])) as unknown as { getOptions(): Record<string, string[]> }).getOptions();
  return [...new Set([...string, ...number, ...boolean])].map((name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
}

function didYouMean(found: string, choices: readonly string[], prefix = ''): string {
  const near = nearest(found, choices);
  return near === undefined ? '' : `; did you mean ${prefix}${near}?`;
}

/** A fault of ours: what the user did may be right. */
function tellFault(error: unknown, terminal: Terminal): void {
  const message = error instanceof Error ? error.message : String(error);
  terminal.progress('');
  terminal.note(`breakwater stopped: ${message}. This is a fault of breakwater, not of your input.`);
  if (process.env.BREAKWATER_DEBUG) terminal.note(error instanceof Error ? (error.stack ?? '') : '');
  else terminal.note('With BREAKWATER_DEBUG=1 in the environment it says where.');
}
