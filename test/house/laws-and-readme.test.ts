/** Promises are kept: a law that is declared is tested, and what the README tells people to type exists. */
import { describe, expect, it } from 'vitest';
import { codeOnly } from './code-only.ts';
import { code, complete, matching, type SourceFile, sourceFile } from './tree.ts';

/** Ids of laws declared in a file: whole string literals such as 'LIQ-1'. Standards (EIP-1559, SHA-256) have more digits or are prose. */
function declaredLaws(file: SourceFile): string[] {
  return [...file.text.matchAll(/'([A-Z]{3,}-\d{1,2})'/g)].map(([, id]) => id ?? '');
}

/** Commands inside the fenced blocks of a Markdown text. */
function commands(markdown: string): string[] {
  return [...markdown.matchAll(/^```\w*\n([\s\S]*?)^```/gm)]
    .flatMap(([, block]) => (block ?? '').split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}

describe('laws', () => {
  const declared = [...new Set(matching(/^src\/.*\.ts$/).flatMap(declaredLaws))];
  const tests = matching(/^test\/(?!house\/).*\.ts$/).map((file) => file.text);

  it('are used by a test, each of them', () => {
    expect(declared.filter((id) => !tests.some((text) => new RegExp(`\\b${id}\\b`).test(text)))).toEqual([]);
    expect(declared.length).toBeGreaterThanOrEqual(complete ? 8 : 0);
  });

  it('are found where they are declared', () => {
    expect(declaredLaws(sourceFile('src/a.ts', "const law = { id: 'LIQ-1', sentence: 'see EIP-1559' };"))).toEqual(['LIQ-1']);
  });
});

describe('README', () => {
  const readme = matching(/^README\.md$/)[0]?.text ?? '';
  const scripts = Object.keys((JSON.parse(matching(/^package\.json$/)[0]?.text ?? '{}') as { scripts: object }).scripts);

  it('tells how to start and how to test in one command each', () => {
    if (complete) expect(commands(readme)).toEqual(expect.arrayContaining(['npm ci && npm start', 'npm test']));
    expect(commands('Type\n```sh\nnpm test  # all\n```\n')).toEqual(['npm test']);
  });

  it('names only scripts that exist', () => {
    const named = [...readme.matchAll(/\bnpm (?:run )?(start|test|(?<=run )[\w:-]+)/g)].map(([, script]) => script ?? '');
    expect(named.filter((script) => !scripts.includes(script))).toEqual([]);
  });
});

describe('the rooms of the protocol', () => {
  const DECIDES = /from '[^']*\/(risk|liquidation|backstop)\/[^']*'/;
  const SETTLES = /from '[^']*\/settlement\/[^']*'/;
  const meets = (file: SourceFile) => DECIDES.test(file.text) && SETTLES.test(file.text);

  it('meet in protocol.ts alone: nobody else both decides and settles', () => {
    const halls = matching(/^src\/protocol\/.*\.ts$/).filter(meets);
    expect(halls.map((file) => file.path).filter((path) => path !== 'src/protocol/protocol.ts')).toEqual([]);
    const specimen = "import { assess } from '../risk/cross.ts';\nimport { apply } from './settlement/settlement.ts';";
    expect(meets(sourceFile('src/protocol/governance/specimen.ts', specimen))).toBe(true);
  });
});

describe('the scanner behind these rules', () => {
  it('keeps every line and blanks comments, strings and expressions of text', () => {
    const text = "a / b; // c\nf('x', /[/']y/g, `z ${w}`); /* d\n e */ g;";
    expect(codeOnly(text).split('\n')).toHaveLength(3);
    expect(codeOnly(text).replace(/\s+/g, ' ')).toBe('a / b; f( , g, ); g;');
    for (const file of code) expect(codeOnly(file.text).length).toBe(file.text.length);
  });
});
