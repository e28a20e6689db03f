/** A plug-in is one file that explains itself: what an agent and an experiment must say about themselves. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { complete, matching, type SourceFile, sourceFile, stem } from './tree.ts';

const HEADINGS = ['What it is', 'How it decides', 'What to notice', 'What to try', 'Sources'];
/** Characters: shorter says nothing, longer is not read (the NetLogo Models Library tests its models for the same). */
const FIRST_PARAGRAPH = [40, 700] as const;

/** The text under each heading of an agent's opening comment. */
function sections(file: SourceFile): ReadonlyMap<string, string> {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(file.text)?.[1] ?? '';
  const found = new Map<string, string>();
  let heading = '';
  for (const line of comment.split('\n').map((raw) => raw.replace(/^\s*\*\s?/, ''))) {
    const begins = HEADINGS.find((name) => new RegExp(`^[#*\\s]*${name}\\b`).test(line));
    if (begins !== undefined) heading = begins;
    if (heading === '') continue;
    const text = begins === undefined ? line : line.replace(new RegExp(`^[#*\\s]*${begins}[*.:·—\\s]*`), '');
    found.set(heading, `${found.get(heading) ?? ''}\n${text}`.trim());
  }
  return found;
}

function faultsOfAgent(file: SourceFile): string[] {
  const faults: string[] = [];
  const found = sections(file);
  if ([...found.keys()].join() !== HEADINGS.join()) faults.push(`headings are [${[...found.keys()]}], not [${HEADINGS}]`);
  for (const [heading, text] of found) if (text === '') faults.push(`nothing under “${heading}”`);
  const first = (found.get('What it is') ?? '').split('\n\n')[0] ?? '';
  if (first.length < FIRST_PARAGRAPH[0] || first.length > FIRST_PARAGRAPH[1]) faults.push(`“What it is” has ${first.length} characters`);
  const name = /\bname: '([^']+)'/.exec(file.text)?.[1];
  if (name !== stem(file)) faults.push(`is named ${name}`);
  if (!/^export default\b/m.test(file.text)) faults.push('has no default export');
  return faults.map((fault) => `${file.path}: ${fault}`);
}

function faultsOfExperiment(file: SourceFile): string[] {
  const { name, question, model } = (parse(file.text) ?? {}) as Record<string, unknown> & { model?: Record<string, unknown> };
  const told = {
    name,
    question,
    'model.what': model?.what,
    'model.notice': model?.notice,
    'model.try': model?.try,
    'model.sources': model?.sources,
  };
  const silent = Object.entries(told).filter(([, value]) => value === undefined || value === null || String(value).trim() === '');
  return silent.map(([key]) => `${file.path}: ${key} is missing`);
}

describe('agents', () => {
  const agents = matching(/^agents\/.*\.ts$/);

  it('are there, once there is a command line to run them', () => {
    expect(agents.length).toBeGreaterThanOrEqual(complete ? 3 : 0);
  });

  it('are named as their file and explain themselves under the five headings', () => {
    expect(agents.flatMap(faultsOfAgent)).toEqual([]);
  });

  it('begin each in their own words', () => {
    const firsts = agents.map((file) => sections(file).get('What it is'));
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('are caught when they leave something out', () => {
    const bare = sourceFile('agents/keeper.ts', "/** A keeper. */\nexport default defineAgent({ name: 'kepper' });\n");
    expect(faultsOfAgent(bare)).toHaveLength(3);
    const text = `/**\n${HEADINGS.map((heading) => ` * ${heading}\n * ${'Words that say something. '.repeat(3)}\n *`).join('\n')}\n */\n`;
    expect(faultsOfAgent(sourceFile('agents/keeper.ts', `${text}export default defineAgent({ name: 'keeper' });`))).toEqual([]);
  });
});

describe('experiments', () => {
  const experiments = matching(/^experiments\/.*\.ya?ml$/).filter((file) => !file.path.startsWith('experiments/presets/'));

  it('are there, once there is a command line to run them', () => {
    expect(experiments.length).toBeGreaterThanOrEqual(complete ? 1 : 0);
  });

  it('ask a question and say what they model, what to notice, what to try, and where the numbers come from', () => {
    expect(experiments.flatMap(faultsOfExperiment)).toEqual([]);
  });

  it('are caught when they leave something out', () => {
    expect(faultsOfExperiment(sourceFile('experiments/a.yaml', 'name: a\nmodel: { what: x, notice: y, try: z }\n'))).toEqual([
      'experiments/a.yaml: question is missing',
      'experiments/a.yaml: model.sources is missing',
    ]);
  });
});
