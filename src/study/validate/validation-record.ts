/**
 * Runs checks one after another and gathers the record that `breakwater validate --json` prints. A check that throws has failed, with the
 * fault as what it got; the others still run.
 */
import { fault } from '../../base/fault.ts';
import type { Check, CheckResult, CheckTier } from './check.ts';

export interface CheckedClaim {
  readonly id: string;
  readonly tier: CheckTier;
  readonly claim: string;
  readonly expected: number | string;
  /** A number that JSON cannot carry (NaN, ±Infinity) stands here as text. */
  readonly got: number | string;
  readonly tolerance: string;
  readonly pass: boolean;
  readonly source: string;
}

export interface ValidationRecord {
  readonly checks: readonly CheckedClaim[];
  readonly passed: number;
  readonly failed: number;
}

/**
 * @param onCheck  called after each check, for progress
 * @throws         VALIDATE_DUPLICATE_CHECK  two checks share an id
 */
export async function validationRecord(checks: readonly Check[], onCheck?: (claim: CheckedClaim) => void): Promise<ValidationRecord> {
  const seen = new Set<string>();
  for (const { id } of checks) {
    if (seen.has(id)) fault('VALIDATE_DUPLICATE_CHECK', { id });
    seen.add(id);
  }
  const claims: CheckedClaim[] = [];
  for (const check of checks) {
    const { id, tier, claim, tolerance, source } = check;
    const { expected, got, pass } = await resultOf(check);
    const checked: CheckedClaim = { id, tier, claim, expected: printable(expected), got: printable(got), tolerance, pass, source };
    claims.push(checked);
    onCheck?.(checked);
  }
  const passed = claims.filter((claim) => claim.pass).length;
  return { checks: claims, passed, failed: claims.length - passed };
}

async function resultOf(check: Check): Promise<CheckResult> {
  try {
    return await check.run();
  } catch (error) {
    return { expected: 'a result', got: error instanceof Error ? error.message : String(error), pass: false };
  }
}

function printable(value: number | string): number | string {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
