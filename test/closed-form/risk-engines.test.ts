/** Engines that know depth, and engines that their users write, ask what closed forms and published rules ask. */
import { describe, expect, it } from 'vitest';
import { depthChecks } from '../../src/study/validate/depth-checks.ts';
import { formulaChecks } from '../../src/study/validate/formula-checks.ts';
import { marginEngineChecks } from '../../src/study/validate/margin-engine-checks.ts';

describe('a risk engine', () => {
  it.each([...depthChecks, ...formulaChecks, ...marginEngineChecks].map((check) => [check.id, check] as const))(
    '%s holds',
    async (_id, check) => {
      expect(await check.run()).toMatchObject({ pass: true });
    },
  );
});
