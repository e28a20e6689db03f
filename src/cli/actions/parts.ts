/**
 * `breakwater parts [FLOOR] [NAME]`: what a world can be built from: price processes, venues, oracles, risk engines, liquidations and so
 * on, with what each can be told. Kinds of agents have a command of their own.
 */
import type { ParamSchema } from '../../base/params.ts';
import { CATALOG, type CatalogFloor, CHAIN_PARAMS, MARKET_PARAMS } from '../../scenario/catalog.ts';
import { showChoices } from '../../scenario/problem.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { paramsTable, variablesTable } from '../params-table.ts';
import { paintFor, table, wrapped } from '../print.ts';
import { program } from '../program.ts';
import { type Field, fieldsTable, protocolFields } from '../protocol-fields.ts';
import type { Terminal } from '../terminal.ts';

export interface PartsArguments {
  /** A floor, or the name of a part on whatever floor. */
  readonly floor?: string | undefined;
  readonly name?: string | undefined;
  readonly json: boolean;
}

interface Listed {
  readonly floor: string;
  readonly name: string;
  readonly summary: string;
  readonly sources: readonly string[];
  readonly params: ParamSchema;
  /** Of a block that is more than parameters. */
  readonly fields?: readonly Field[];
}

/** Where a part of each floor is written in an experiment. */
const PLACES: Readonly<Record<CatalogFloor | 'chain' | 'market' | 'protocol', string>> = {
  price: 'world.prices.ASSET: { use: NAME, with: { … } }',
  venue: 'world.venues.VENUE: { use: NAME, with: { … } }',
  oracle: 'world.oracles.ORACLE: { asset, source, use: NAME, with: { … } }',
  risk: 'world.protocols.PROTOCOL.risk: { use: NAME, with: { … } }',
  liquidation: 'world.protocols.PROTOCOL.liquidation: { use: NAME, with: { … } }',
  backstop: 'world.protocols.PROTOCOL.backstop: a list of { use: NAME, with: { … } }, in the order in which they pay',
  contract: 'world.protocols.PROTOCOL.contracts.list.CONTRACT: { underlying, use: NAME, with: { … } }',
  surface: 'world.protocols.PROTOCOL.contracts.surface: { use: NAME, with: { … } }',
  closeout: 'world.protocols.PROTOCOL.contracts.closeout: { use: NAME, with: { … } }',
  controller: 'world.protocols.PROTOCOL.governance.controller: { use: NAME, with: { … } }',
  chain: 'world.chain: { … }',
  market: 'world.protocols.PROTOCOL.markets.ASSET: { oracle, … }',
  protocol: 'world.protocols.PROTOCOL: { markets, … }',
};

const isFloor = (name: string): name is keyof typeof PLACES => Object.hasOwn(PLACES, name);

export function parts({ floor, name, json }: PartsArguments, terminal: Terminal): ExitCode {
  const all = everything();
  const wanted = all.filter((part) =>
    floor === undefined || isFloor(floor)
      ? (floor === undefined || part.floor === floor) && (name === undefined || part.name === name)
      : name === undefined && part.name === floor,
  );
  if (wanted.length === 0) {
    terminal.note(refusal(all, floor ?? '', name));
    return EXIT.input;
  }
  if (json) terminal.out(JSON.stringify(wanted, null, 2));
  else if (floor === undefined) tellNames(wanted, terminal);
  else tellInFull(wanted, terminal);
  return EXIT.done;
}

function everything(): readonly Listed[] {
  const floors = Object.entries(CATALOG) as readonly [CatalogFloor, Readonly<Record<string, Omit<Listed, 'floor' | 'name'>>>][];
  return [
    ...floors.flatMap(([floor, named]) =>
      Object.entries(named).map(([name, { summary, sources, params }]) => ({ floor, name, summary, sources, params })),
    ),
    { floor: 'chain', name: 'chain', summary: 'Blocks, gas and order: every world has one.', sources: [], params: CHAIN_PARAMS },
    {
      floor: 'market',
      name: 'market',
      summary: 'One asset of a protocol, to be lent and to secure loans.',
      sources: [],
      params: MARKET_PARAMS,
    },
    {
      floor: 'protocol',
      name: 'protocol',
      summary: 'Markets and contracts in one account: who is asked for what, who is closed how, who pays, what governance changes.',
      sources: [],
      params: {},
      fields: protocolFields(),
    },
  ];
}

function refusal(all: readonly Listed[], floor: string, name: string | undefined): string {
  if (isFloor(floor)) {
    const own = all.filter((part) => part.floor === floor).map((part) => part.name);
    return `there is no ${floor} "${name}"; expected ${showChoices(name ?? '', own)}`;
  }
  const near = showChoices(
    floor,
    all.map((part) => part.name),
  );
  const meant = /\(did you mean .*\)$/.exec(near)?.[0] ?? '';
  const floors = showChoices(floor, Object.keys(PLACES));
  return `there is no floor or part "${floor}"; expected ${floors}${floors.endsWith(')') || meant === '' ? '' : ` ${meant}`}`;
}

/** All of them, a line each. */
function tellNames(listed: readonly Listed[], terminal: Terminal): void {
  const { bold } = paintFor(terminal);
  const widest = Math.max(...listed.map(({ name }) => name.length));
  const room = terminal.width - widest - 4;
  for (const [floor, own] of Map.groupBy(listed, (part) => part.floor)) {
    terminal.out(bold(floor));
    const rows = own.map(({ name, summary }) => [`  ${name.padEnd(widest)}`, wrapped(summary, room)]);
    terminal.out(
      `${table([{ head: '' }, { head: '' }], rows)
        .split('\n')
        .slice(2)
        .join('\n')}\n`,
    );
  }
  terminal.note(`With their parameters: ${program()} parts FLOOR, or ${program()} parts FLOOR NAME. Kinds of agents: ${program()} agents`);
}

function tellInFull(listed: readonly Listed[], terminal: Terminal): void {
  const { bold, dim } = paintFor(terminal);
  for (const [floor, own] of Map.groupBy(listed, (part) => part.floor)) {
    terminal.out(`${wrapped(`In an experiment: ${PLACES[floor as keyof typeof PLACES]}`, terminal.width)}\n`);
    for (const { name, summary, sources, params, fields } of own) {
      terminal.out(`${bold(name)} ${dim(`(${floor})`)}`);
      terminal.out(wrapped(summary, terminal.width));
      for (const source of sources) terminal.out(dim(`  ${wrapped(source, terminal.width - 2, '  ')}`));
      for (const rows of [paramsTable(params), variablesTable(params)]) if (rows !== undefined) terminal.out(rows);
      if (fields !== undefined) terminal.out(fieldsTable(fields, terminal.width));
      terminal.out('');
    }
  }
}
