/** Nothing that a scenario can use goes untried: not by the suite of its floor, nor by the laws that mean all of a floor, nor unsaid. */
import { dirname, join } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { CATALOG, type CatalogFloor } from '../../src/scenario/catalog.ts';
import { code, matching, root, type SourceFile, sourceFile } from './tree.ts';

/** The contract that every part of a floor keeps; its suites are the tests that import it. Prices share none: each has its own test. */
const CONTRACTS: Readonly<Record<Exclude<CatalogFloor, 'price'>, string>> = {
  venue: 'test/contract/venue.ts',
  oracle: 'test/contract/oracle.ts',
  risk: 'test/contract/risk-engine.ts',
  contract: 'test/contract/contract.ts',
  surface: 'test/contract/volatility-surface.ts',
  closeout: 'test/contract/closeout.ts',
  controller: 'test/contract/controller.ts',
  liquidation: 'test/contract/mechanism.ts',
  backstop: 'test/contract/backstop.ts',
};

/** Floors all of whose parts random traffic is let loose on, and where: in a list, or in a file of a part's own. */
const LAWS: Partial<Readonly<Record<CatalogFloor, readonly RegExp[]>>> = {
  liquidation: [/^test\/support\/mechanisms\.ts$/, /^test\/laws\/.*\.test\.ts$/],
  backstop: [/^test\/laws\/waterfall\.test\.ts$/],
  // NEAR-1, of which each engine's cushion is a promise.
  risk: [/^test\/(contract|unit\/protocol)\/near[^/]*\.test\.ts$/],
};

/** What a file imports of ours, by path. */
function importsOf(file: SourceFile): string[] {
  return [...file.text.matchAll(/^(?:import|\}) .*'(\.[^']+)';$/gm)].map(([, path]) => join(dirname(file.path), path));
}

/** Where parts are listed: the catalog, and what chooses an estimator of volatility for the risk engines. */
const LISTS = /^src\/(scenario\/catalog|protocol\/risk\/volatility\/chosen-estimator)\.ts$/;

/** Files that declare a part and are in no list. An import that a list does not use does not pass the check of style. */
function unlisted(sources: readonly SourceFile[], lists: readonly SourceFile[]): string[] {
  const listed = lists.flatMap(importsOf);
  return sources.filter(({ path, text }) => /\bdefinePart</.test(text) && !listed.includes(path)).map(({ path }) => path);
}

/** The file that each part comes from. */
async function sourcesOf(floor: CatalogFloor): Promise<ReadonlyMap<string, string>> {
  const [catalog] = matching(/^src\/scenario\/catalog\.ts$/);
  const paths = importsOf(catalog);
  const modules = await Promise.all(paths.map(async (path) => Object.values((await import(join(root, path))) as object)));
  return new Map(Object.entries(CATALOG[floor]).map(([name, part]) => [name, paths[modules.findIndex((all) => all.includes(part))]]));
}

/** Parts whose file none of the tests imports. An import that nobody uses does not pass the check of style. */
function untried(sources: ReadonlyMap<string, string>, tests: readonly SourceFile[]): string[] {
  const tried = new Set(tests.flatMap(importsOf));
  return [...sources].filter(([, path]) => !tried.has(path)).map(([name]) => name);
}

describe('each part of the catalog', () => {
  it.each(Object.entries(CONTRACTS) as [CatalogFloor, string][])('of the floor “%s” goes through %s', async (floor, contract) => {
    const suites = matching(/^test\/contract\/.*\.test\.ts$/).filter((file) => importsOf(file).includes(contract));
    expect(untried(await sourcesOf(floor), suites), `not imported by ${suites.map(({ path }) => path)}`).toEqual([]);
  });

  it('of the floor “price” has a test', async () => {
    expect(untried(await sourcesOf('price'), matching(/^test\/unit\/price\/.*\.test\.ts$/))).toEqual([]);
  });

  it.each(Object.entries(LAWS) as [CatalogFloor, RegExp[]][])('of the floor “%s” meets random traffic', async (floor, places) => {
    const tests = code.filter(({ path }) => places.some((place) => place.test(path)));
    expect(untried(await sourcesOf(floor), tests), `not imported by ${places}`).toEqual([]);
  });

  it('is there: every file that declares a part is in a list', () => {
    const lists = matching(LISTS);
    expect(lists).toHaveLength(2);
    // `base/params` is where `definePart` comes from.
    const sources = matching(/^src\/(?!base\/params\.ts).*\.ts$/);
    expect(unlisted(sources, lists)).toEqual([]);
    const mode = sourceFile('src/oracle/mode.ts', 'export const mode = definePart<OracleNeeds, Oracle>()({');
    expect(unlisted([...sources, mode], lists)).toEqual(['src/oracle/mode.ts']);
  });

  it('has its name in the model', () => {
    const [model] = matching(/^docs\/model\.md$/);
    const names = Object.values(CATALOG).flatMap((parts) => Object.keys(parts));
    expect(names.filter((name) => !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(model.text))).toEqual([]);
  });

  it('is missed where no suite knows of it', () => {
    const sources = new Map([
      ['spot', 'src/oracle/spot.ts'],
      ['mode', 'src/oracle/mode.ts'],
    ]);
    const suite = sourceFile(
      'test/contract/oracles.test.ts',
      "import { spot } from '../../src/oracle/spot.ts';\noracleContract('mode');\n",
    );
    expect(untried(sources, [suite])).toEqual(['mode']);
  });
});
