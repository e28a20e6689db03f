/**
 * Which file may import which, and why. Type imports count: whoever knows a type knows the idea behind it.
 * Run by `npm run check`; the order of the floors is in `scripts/floors.ts`.
 */
import { FLOORS, SIMULATED } from './scripts/floors.ts';

const folders = (names) => `^src/(${names.join('|')})/`;
const LIBRARY = '(^|/)node_modules/(@types/)?';

/** Arrows go down: what a floor needs from above is either an idea that belongs lower, or a value that should be passed in. */
const floors = FLOORS.slice(0, -1).map((floor, i) => ({
  name: `${floor}-looks-down`,
  comment: `${floor}/ imports only itself and the floors before it: move the idea lower, or pass its value in.`,
  severity: 'error',
  from: { path: folders([floor]) },
  to: { path: `${folders(FLOORS.slice(i + 1))}|^src/index\\.ts$|^(agents|experiments|test|scripts|bin)/` },
}));

/** Each outside library has one door, so that it can be replaced, mocked and paid for (import time) in one place. */
const DOORS = {
  mathjs: '^src/formula/parse\\.ts$',
  rxjs: '^src/run/stream\\.ts$',
  'better-sqlite3': '^src/record/sqlite\\.ts$',
  zod: '^src/scenario/',
  yaml: '^src/scenario/',
  'pure-rand': '^src/base/random\\.ts$',
  piscina: '^src/fleet/threads\\.ts$',
  'cli-table3': '^src/cli/print\\.ts$',
  'simple-statistics': '^src/base/statistics\\.ts$',
};

const doors = Object.entries(DOORS).map(([library, door]) => ({
  name: `one-door-for-${library}`,
  comment: `${library} enters through ${door} alone: elsewhere use what that door exports.`,
  severity: 'error',
  from: { path: '^(src|agents|experiments)/', pathNot: door },
  to: { path: `${LIBRARY}${library}/` },
}));

/** The other laws of the house, each with its reason. */
const laws = [
  {
    name: 'no-circles',
    comment: 'Two files that need each other are one idea cut in two, or hide a third on which both should stand.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-unknown-floor',
    comment: 'Every folder of src/ has its place in scripts/floors.ts: a folder without one would escape all the other rules.',
    severity: 'error',
    from: { path: '^src/', pathNot: `${folders(FLOORS)}|^src/index\\.ts$` },
    to: {},
  },
  {
    name: 'resolvable',
    comment: 'An import that leads nowhere is a typing error or a missing dependency.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'deciders-never-touch-money',
    comment:
      'Risk, liquidation, backstop and governance judge and plan. They cannot move money because they cannot see the ledger or settlement.',
    severity: 'error',
    from: { path: '^src/protocol/(risk|liquidation|backstop|governance)/' },
    to: { path: '^src/(ledger|protocol/settlement)/' },
  },
  {
    name: 'settlement-never-judges',
    comment: 'Settlement applies a plan, all legs or none; whether the plan is right was decided elsewhere.',
    severity: 'error',
    from: { path: '^src/protocol/settlement/' },
    to: { path: '^src/protocol/(risk|liquidation|backstop)/' },
  },
  {
    name: 'hall-over-rooms',
    comment: 'protocol.ts is the hall in which the rooms meet; a room that imports the hall knows all the others.',
    severity: 'error',
    from: { path: '^src/protocol/[^/]+/' },
    to: { path: '^src/protocol/protocol\\.ts$' },
  },
  {
    name: 'agents-use-one-door',
    comment: 'A strategy holds no references to the world: it sees what src/agent/index.ts shows and nothing else.',
    severity: 'error',
    from: { path: '^agents/' },
    to: { pathNot: '^src/agent/index\\.ts$' },
  },
  {
    name: 'experiments-use-one-door',
    comment: 'An experiment is written against the public interface, so that a user can write one as well.',
    severity: 'error',
    from: { path: '^experiments/' },
    to: { pathNot: '^src/index\\.ts$' },
  },
  {
    name: 'one-door-for-yargs',
    comment: 'yargs enters through cli/main.ts; a command only describes itself, with types.',
    severity: 'error',
    from: { path: '^(src|agents|experiments)/', pathNot: '^src/cli/(main\\.ts$|commands/)' },
    to: { path: `${LIBRARY}yargs/` },
  },
  {
    name: 'commands-take-only-types-of-yargs',
    comment: 'A command that calls yargs itself would build a second command line; it may use the types alone.',
    severity: 'error',
    from: { path: '^src/cli/commands/' },
    to: { path: `${LIBRARY}yargs/`, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'no-library-without-a-door',
    comment: 'A new library is a decision: give it a door in .dependency-cruiser.mjs first.',
    severity: 'error',
    from: { path: '^(src|agents|experiments)/' },
    to: { path: '(^|/)node_modules/', pathNot: `${LIBRARY}(${[...Object.keys(DOORS), 'yargs', 'node'].join('|')})/` },
  },
  {
    name: 'no-node-where-runs-are-simulated',
    comment: 'From base to run nothing comes from Node, so that a browser, a worker and a server run the very same code.',
    severity: 'error',
    from: { path: folders(SIMULATED), pathNot: '^src/record/sqlite\\.ts$' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'sqlite-is-opened-above-run',
    comment: 'The door to SQLite needs Node: only fleet and above open it, all else records through the contract.',
    severity: 'error',
    from: { path: folders(SIMULATED), pathNot: '^src/record/sqlite\\.ts$' },
    to: { path: '^src/record/sqlite\\.ts$' },
  },
];

export default {
  forbidden: [...floors, ...doors, ...laws],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
