/**
 * Looking at what was recorded: lists, accounts that sum to zero, explanations with their facts, replays to the bit, paired differences.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { CATALOG } from '../../../src/scenario/catalog.ts';
import { called } from '../../support/command-line.ts';
import { sharedFolder } from '../../support/shared-folder.ts';

const newFolder = sharedFolder();
let folder = '';
/** A command on the record of this file. */
const onRecord = (...args: string[]) => called([...args, '--db', join(folder, 'x.db')]);

describe.concurrent('the record', () => {
  beforeAll(async () => {
    folder = newFolder();
    const { code } = await onRecord('run', 'inverse-2022');
    expect(code).toBe(0);
  });

  it('lists experiments that can be run and those that were', async () => {
    const { code, stdout } = await onRecord('list', '--json');
    const { experiments, recorded } = JSON.parse(stdout) as { experiments: { name: string }[]; recorded: { name: string; runs: number }[] };
    expect(code).toBe(0);
    expect(experiments.map(({ name }) => name)).toContain('bzx-2020');
    expect(recorded.map(({ name, runs }) => [name, runs])).toEqual([['inverse-2022', 2]]);
  });

  it('lists the runs of an experiment by name or number, with their points and a few metrics', async () => {
    const [named, numbered, none] = await Promise.all(['inverse-2022', '1', 'inverse'].map((which) => onRecord('list', which)));
    expect(named.stdout).toMatch(/^run +point +seed +bad_debt_usd +/m);
    expect(named.stdout).toMatch(/^ +1 +broken +1 +\$14\.\d+M +/m);
    expect(named.stdout).toMatch(/^ +2 +true-twap +1 +\$0 +/m);
    expect(numbered.stdout).toBe(named.stdout);
    expect(none.stderr).toMatch(/no experiment "inverse" is recorded in .*x\.db; expected an id, or one of inverse-2022/);
    expect([named, numbered, none].map(({ code }) => code)).toEqual([0, 0, 2]);
    const { runs } = JSON.parse((await onRecord('list', '1', '--json')).stdout) as { runs: { run: number; label: string }[] };
    expect(runs.map(({ run, label }) => [run, label])).toEqual([
      [1, 'broken'],
      [2, 'true-twap'],
    ]);
  });

  it('finds a recorded experiment by its file, and says so where none of its is recorded', async () => {
    const path = (name: string) => fileURLToPath(new URL(`../../../experiments/${name}.yaml`, import.meta.url));
    const [named, filed, other] = await Promise.all(
      ['inverse-2022', path('incidents/inverse-2022'), path('contagion')].map((which) => onRecord('list', which)),
    );
    expect(named.stdout).not.toBe('');
    expect(filed.stdout).toBe(named.stdout);
    expect(other.stderr).toMatch(/no experiment "contagion" is recorded in /);
  });

  it('suggests commands that open the same record', async () => {
    const told = await Promise.all([onRecord('list'), onRecord('list', '1'), onRecord('show', '1')]);
    for (const { stderr } of told) {
      const next = stderr.split('\n').find((line) => line.startsWith('Next: ')) ?? '';
      expect(next.match(/--db \S+x\.db/g)).toHaveLength(2);
    }
  });

  it('shows who gained from whom, summing to zero', async () => {
    const [{ stdout }, json] = await Promise.all([onRecord('show', '1'), onRecord('show', '1', '--json')]);
    expect(stdout).toMatch(/^sum +\$0$/m);
    expect(stdout).toMatch(/^lender +−\$14\.\d+M +█+│$/m);
    const { parties } = JSON.parse(json.stdout) as { parties: { profitUsd: number }[] };
    expect(Math.abs(parties.reduce((sum, { profitUsd }) => sum + profitUsd, 0))).toBeLessThan(1e-3);
  });

  it('explains the bad debt from the loss back to the trade, with the numbers of the facts', async () => {
    const { code, stdout } = await onRecord('why', '1', '--json');
    expect(code).toBe(0);
    const { about, reasons } = JSON.parse(stdout) as { about: string; reasons: { text: string; facts: number[] }[] };
    expect(about).toBe('bad-debt');
    const said = reasons.map(({ text }) => text).join('\n');
    expect(said).toMatch(/attacker\/0 owes anchor \$14\.\d+M against collateral worth \$644,089/);
    expect(said).toMatch(/56\.\d+ times its fair worth/);
    expect(said).toMatch(/attacker\/0 sold 300 ETH for 374\.38\d* INV on sushi/);
    expect(said).toMatch(/deposit \d+ ← bundle \d+ ← trade \d+; nothing that was recorded made attacker\/0 trade/);
    for (const { facts } of reasons) expect(facts.length).toBeGreaterThan(0);
  });

  it('explains a closing by the marks that moved, and what befell an account', async () => {
    const db = join(newFolder(), 'contracts.db');
    expect((await called(['run', 'margin-of-contracts', '--runs', '1', '--db', db])).stdout).toContain('longs, rates');
    const [run, account, nobody] = await Promise.all(
      [[], ['long/11'], ['log/11']].map((what) => called(['why', '6', ...what, '--db', db])),
    );
    const moved =
      /Between \d:\d\d:\d\d and 2:01:00 the mark of eth-perp went from \$[\d,]+ to \$1,5\d\d \(−2\d\.\d %\)\. The equity of long\//;
    expect(run.stdout.replace(/\s+/g, ' ')).toMatch(moved);
    expect(account.stdout).toContain('What befell long/11: run 6 of margin-of-contracts (longs, rates), seed 1');
    expect(account.stdout.replace(/\s+/g, ' ')).toMatch(moved);
    expect(account.stdout).toMatch(/closer\/0 let the vault take over \$[\d,]+ of long\/11's at desk/);
    expect(nobody.stderr).toMatch(/run 6 has no account "log\/11"; expected one of .*did you mean long\/11\?/);
    expect([run, account, nobody].map(({ code }) => code)).toEqual([0, 0, 2]);
  });

  it('says that there is nothing to explain where nothing went wrong, and that a fact is not there', async () => {
    const [quiet, none] = await Promise.all([onRecord('why', '2'), onRecord('why', '2', '999999')]);
    expect(quiet.stdout).toContain('there is no bad debt to');
    expect([quiet.code, none.code]).toEqual([0, 2]);
  });

  it('replays a run to the same trace hash', async () => {
    const { code, stdout } = await onRecord('replay', '1', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ same: true, sameCode: true });
  });

  it('says at which fact a run parted from what was recorded, and that nobody changed the code', async () => {
    const db = join(newFolder(), 'bzx.db');
    expect((await called(['run', 'bzx-2020', '--db', db])).code).toBe(0);
    const record = new Database(db);
    const trade = "(SELECT id FROM event_kind WHERE kind = 'trade')";
    const changed = `CASE WHEN value ->> 3 = ${trade} THEN json_set(value, '$[6]', (value ->> 6) + 1) ELSE value END`;
    const all = `(SELECT json_group_array(json(${changed})) FROM json_each(events_json))`;
    record.exec(`UPDATE event_chunk SET events_json = ${all} WHERE run_id = 1; UPDATE run SET trace_hash = 'other' WHERE id = 1`);
    record.close();
    const { code, stdout } = await called(['replay', '1', '--db', db]);
    expect(code).toBe(1);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /run 1 went another way: trace other then, \w{16} now\. The code is the same: that is a fault of breakwater\./,
    );
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/It parted at trade \d+ at 0:01:12/);
  });

  it('compares two points by their labels, and names those that there are', async () => {
    const [compared, wrong] = await Promise.all([
      onRecord('compare', 'inverse-2022', 'broken', 'true-twap', '--json'),
      onRecord('compare', 'inverse-2022', 'brokn', 'true-twap'),
    ]);
    const [{ seeds, metrics }] = (
      JSON.parse(compared.stdout) as { comparisons: { seeds: number; metrics: Record<string, { left: number }> }[] }
    ).comparisons;
    expect(seeds).toBe(1);
    expect(metrics.bad_debt_usd.left).toBeGreaterThan(14e6);
    expect(wrong.stderr).toMatch(/no point "brokn"; expected one of broken, true-twap \(did you mean broken\?\)/);
    expect(wrong.code).toBe(2);
  });

  it('prints the schema of experiments and the kinds of agents', async () => {
    const [schema, agents] = await Promise.all([called(['schema', '-o', join(folder, 'x.schema.json')]), called(['agents'])]);
    expect([schema.code, agents.code]).toEqual([0, 0]);
    expect(agents.stdout).toMatch(/^oracle-manipulator \(attacker\)$/m);
    expect(agents.stdout).toMatch(/^ {2}hold +/m);
    expect(agents.stderr).toContain('{ lognormal: [median, sigma] }');
  });

  it('prints one kind of agents, the metrics with their meanings, and asks for a number where it was given a name', async () => {
    const [one, none, metrics, shown] = await Promise.all([
      called(['agents', 'liquidator']),
      called(['agents', 'liqidator']),
      called(['metrics']),
      onRecord('show', 'inverse-2022'),
    ]);
    expect(one.stdout.match(/^[\w-]+ \([\w-]+\)$/gm)).toEqual(['liquidator (liquidator)']);
    expect(none.stderr).toMatch(/no kind of agent "liqidator"; expected one of .*did you mean liquidator\?/);
    expect(metrics.stdout).toMatch(/^bad_debt_usd +debt left without collateral/m);
    expect(metrics.stdout).toMatch(/^ROLE_profit_usd +/m);
    expect(shown.stderr).toContain('show takes the number of a recorded run, found "inverse-2022": runs are numbered');
    expect([one, none, metrics, shown].map(({ code }) => code)).toEqual([0, 2, 0, 2]);
  });

  it('lists the parts of a world with their parameters, and names the nearest to one that is not there', async () => {
    const [all, floor, one, alone, wrong, astray] = await Promise.all(
      [[], ['oracle'], ['risk', 'by-formula'], ['english-auction'], ['oracle', 'twp'], ['orcale']].map((what) =>
        called(['parts', ...what]),
      ),
    );
    expect(all.stdout).toMatch(/^backstop$/m);
    expect(all.stdout).toMatch(/^ {2}push-feed +Rounds pushed/m);
    const listed = floor.stdout.match(/^[\w-]+ \(oracle\)$/gm) ?? [];
    expect(listed.slice(0, 3)).toEqual(['spot', 'twap', 'twap-since-update'].map((n) => `${n} (oracle)`));
    expect(listed).toHaveLength(Object.keys(CATALOG.oracle).length);
    expect(floor.stdout).toMatch(/^ {2}window +duration +1 ms … 30 d +30 min +length of the window$/m);
    expect(one.stdout).toMatch(/^ {2}notional +usd +0 … 1e15 +value of the holding/m);
    expect(alone.stdout).toMatch(/^english-auction \(liquidation\)$/m);
    expect(wrong.stderr).toContain('there is no oracle "twp"; expected one of spot, twap, twap-since-update, ema, vwap,');
    expect(astray.stderr).toMatch(/no floor or part "orcale"; expected .*did you mean oracle\?/);
    expect([all, floor, one, alone, wrong, astray].map(({ code }) => code)).toEqual([0, 0, 0, 0, 2, 2]);
    const parts = JSON.parse((await called(['parts', '--json'])).stdout) as { floor: string; name: string }[];
    expect(parts).toContainEqual(expect.objectContaining({ floor: 'price', name: 'gbm' }));
  });

  it('prints the fields of a protocol with what they are when left out', async () => {
    const [told, json] = await Promise.all([called(['parts', 'protocol']), called(['parts', 'protocol', '--json'])]);
    expect(told.stdout).toMatch(/^ {2}backstop +insurance-fund, socialise +who pays/m);
    expect(told.stdout).toMatch(/^ {2}marginCall\.level +health below which/m);
    expect(told.stdout).toMatch(/^ {2}governance\.changes\.\*\.at +when it takes effect$/m);
    const [{ fields }] = JSON.parse(json.stdout) as { fields: { field: string; needed: boolean; doc: string }[] }[];
    expect(fields.filter(({ doc }) => doc === '')).toEqual([]);
    expect(fields.filter(({ needed }) => needed).map(({ field }) => field)).toEqual([
      'markets',
      'contracts.settle',
      'contracts.list',
      'governance.changes.*.at',
      'marginCall.level',
      'marginCall.time',
    ]);
  });

  it('holds itself against the incidents', async () => {
    const { code, stdout } = await called(['validate', '--only', 'bZx', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ passed: 5, failed: 0 });
  });
});
