/** Presets on the command line: listed, shown, used by an experiment, and kept with its record. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { called } from '../../support/command-line.ts';
import { sharedFolder } from '../../support/shared-folder.ts';
import { smallExperiment } from '../../support/small-experiment.ts';

const newFolder = sharedFolder();

/** An experiment whose market of ETH is the preset \`mine\`, beside it, with this loan-to-value. */
function folderWith(ltv: number): string {
  const folder = newFolder();
  mkdirSync(join(folder, 'presets'));
  const market = '{ oracle: eth, ltv: 0.8, liquidationThreshold: 0.85, bonus: 0.05 }';
  writeFileSync(join(folder, 'x.yaml'), smallExperiment().replace(market, '{ use: preset/mine, oracle: eth }'));
  writePreset(folder, ltv);
  return folder;
}

function writePreset(folder: string, ltv: number): void {
  const head = 'name: mine\ntitle: Of a test\nkind: market\nsource: [none]\ndate: 2026-11-25\n';
  writeFileSync(join(folder, 'presets', 'mine.yaml'), `${head}block: { ltv: ${ltv}, liquidationThreshold: 0.85 }\n`);
}

describe.concurrent('presets', () => {
  it('are listed with kind, day, title and sources, as text and as JSON', async () => {
    const [text, json] = await Promise.all([called(['presets']), called(['presets', '--json'])]);
    expect([text.code, json.code]).toEqual([0, 0]);
    expect(text.stdout).toMatch(/^aave-v3-weth \(market, \d{4}-\d\d-\d\d\)\nWETH on Aave v3, as first deployed\n {2}aave\/aave-v3-deploy/m);
    const listed = JSON.parse(json.stdout) as { name: string; kind: string; block: { ltv?: number } }[];
    expect(listed.find(({ name }) => name === 'aave-v3-weth')).toMatchObject({ kind: 'market', block: { ltv: 0.8 } });
  });

  it('are shown in full by name, and the nearest is named where there is none', async () => {
    const [one, same, none] = await Promise.all([
      called(['presets', 'aave-v3-wbtc']),
      called(['presets', 'preset/aave-v3-wbtc']),
      called(['presets', 'aave-v3-wbct']),
    ]);
    expect(one.stdout).toContain('In an experiment  { use: preset/aave-v3-wbtc, oracle: … }');
    expect(one.stdout).toMatch(/^liquidationThreshold: 0\.75\nbonus: 0\.1$/m);
    expect(same.stdout).toBe(one.stdout);
    expect([none.code, none.stdout]).toEqual([2, '']);
    expect(none.stderr).toContain('did you mean aave-v3-wbtc?');
  });

  it('are used by the experiment beside which they lie, and by --set', async () => {
    const folder = folderWith(0.9);
    const run = (...more: string[]) => called(['run', join(folder, 'x.yaml'), '--db', join(folder, 'x.db'), ...more]);
    const [bad, good, ours] = [
      await run(),
      await run('--set', 'world.protocols.lend.markets.ETH.ltv=0.5'),
      await run('--set', 'world.protocols.lend.markets.ETH.use=preset/aave-v3-weth'),
    ];
    expect([bad.code, good.code, ours.code]).toEqual([2, 0, 0]);
    expect(bad.stderr).toMatch(
      /presets.mine\.yaml:6:15 world\.protocols\.lend\.markets\.ETH\.ltv: found 0\.9, expected at most liquidationThreshold/,
    );
  });

  it('are kept with the record: a run is replayed as it was after its preset has changed', async () => {
    const folder = folderWith(0.8);
    const db = ['--db', join(folder, 'x.db')];
    expect((await called(['run', join(folder, 'x.yaml'), ...db])).code).toBe(0);
    writePreset(folder, 0.1);
    const again = await called(['replay', '1', '--json', ...db]);
    expect(JSON.parse(again.stdout)).toMatchObject({ same: true });
  });
});
