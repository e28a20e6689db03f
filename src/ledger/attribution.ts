/**
 * Who gained from whom. A holding is what an account has on the ledger plus its claims on others; a claim moves units from its issuer to
 * its holder, so holdings of an asset sum to zero as balances do, and so do profits at one set of prices (PNL-1). Judges nothing: which
 * claims exist, and what a claim on an issuer under water is worth, is said by whoever visits them. Both ends are valued at the final fair
 * price:
 * that the market rose is nobody's profit from another.
 */
import { fault } from '../base/fault.ts';
import type { AccountId, AssetId, Units, Usd } from '../base/units.ts';
import type { Ledger } from './ledger.ts';

/** One account's holding of one asset, at the start and at the end. */
export interface PartyRow {
  readonly account: AccountId;
  readonly name: string;
  readonly role: string;
  readonly asset: AssetId;
  readonly startUnits: Units;
  /** Fractional where a claim was. */
  readonly endUnits: Units;
  /** (end − start) · price / 10^decimals. */
  readonly profitUsd: Usd;
}

export interface RoleTotal {
  readonly role: string;
  readonly profitUsd: Usd;
}

/** +units for the holder, −units for the issuer. Negative units: the holder owes. */
export type VisitClaim = (holder: AccountId, issuer: AccountId, asset: AssetId, units: Units) => void;
/** Calls its argument for every claim there is. */
export type Claims = (visit: VisitClaim) => void;

export interface Attribution {
  /** Remembers holdings and flows now. Until then, everybody began with nothing. */
  snapshotStart(claims?: Claims): void;
  /**
   * A row for each account and asset with something at either end, by account, then asset. Whole claims: the rows of an asset sum to 0
   * exactly. Fractional ones: to the rounding of the sums.
   * @param fairUsd  USD per token, by asset
   * @throws         ATTRIBUTION_PRICE  an asset with rows has no finite price · ATTRIBUTION_CLAIM  a party or asset that is not on the
   *                 ledger, or units that are no finite number
   */
  parties(fairUsd: ArrayLike<number>, claims: Claims): PartyRow[];
  /** What accounts of one role sent to accounts of another since the start, less what came back. */
  netUnits(fromRole: string, toRole: string, asset: AssetId): Units;
  /** The same of all assets together, at `fairUsd` USD per token. */
  flowsUsd(fromRole: string, toRole: string, fairUsd: ArrayLike<number>): Usd;
}

export function createAttribution(ledger: Ledger): Attribution {
  const { count, scale } = ledger.assets;
  let start: readonly Float64Array[] = Array.from({ length: count }, () => new Float64Array(0));
  /** Gross flows at the start, by `from → to`, by asset. */
  const flowsAtStart = new Map<string, Float64Array>();

  /** Balances plus claims, by asset, by account. */
  function holdings(claims: Claims | undefined): Float64Array[] {
    const { accounts } = ledger;
    const held = Array.from({ length: count }, () => new Float64Array(accounts));
    for (let asset = 0; asset < count; asset++) {
      for (let account = 0; account < accounts; account++) held[asset][account] = ledger.balance(account, asset);
    }
    claims?.((holder, issuer, asset, units) => {
      const known = holder >= 0 && holder < accounts && issuer >= 0 && issuer < accounts && held[asset] !== undefined;
      if (!known || !Number.isFinite(units)) fault('ATTRIBUTION_CLAIM', { holder, issuer, asset, units });
      held[asset][holder] += units;
      held[asset][issuer] -= units;
    });
    return held;
  }

  function row(account: AccountId, asset: AssetId, startUnits: Units, endUnits: Units, price: number): PartyRow {
    if (!Number.isFinite(price)) fault('ATTRIBUTION_PRICE', { asset: ledger.assets.names[asset], price });
    // + 0: no negative zero in a table.
    const profitUsd = ((endUnits - startUnits) / scale[asset]) * price + 0;
    return { account, name: ledger.names[account], role: ledger.roles[account], asset, startUnits, endUnits, profitUsd };
  }

  function rememberFlows(): void {
    flowsAtStart.clear();
    for (const from of ledger.roleNames) {
      for (const to of ledger.roleNames) {
        flowsAtStart.set(
          `${from} → ${to}`,
          Float64Array.from({ length: count }, (_, asset) => ledger.flow(from, to, asset)),
        );
      }
    }
  }

  function sent(fromRole: string, toRole: string, asset: AssetId): Units {
    return ledger.flow(fromRole, toRole, asset) - (flowsAtStart.get(`${fromRole} → ${toRole}`)?.[asset] ?? 0);
  }

  function netUnits(fromRole: string, toRole: string, asset: AssetId): Units {
    return sent(fromRole, toRole, asset) - sent(toRole, fromRole, asset);
  }

  return {
    netUnits,
    snapshotStart(claims) {
      start = holdings(claims);
      rememberFlows();
    },
    parties(fairUsd, claims) {
      const end = holdings(claims);
      const rows: PartyRow[] = [];
      for (let account = 0; account < ledger.accounts; account++) {
        for (let asset = 0; asset < count; asset++) {
          // Accounts opened after the start began with nothing.
          const startUnits = start[asset][account] ?? 0;
          const endUnits = end[asset][account];
          if (startUnits !== 0 || endUnits !== 0) rows.push(row(account, asset, startUnits, endUnits, fairUsd[asset]));
        }
      }
      return rows;
    },
    flowsUsd(fromRole, toRole, fairUsd) {
      let usd = 0;
      for (let asset = 0; asset < count; asset++) {
        const net = netUnits(fromRole, toRole, asset);
        if (net !== 0) usd += (net / scale[asset]) * fairUsd[asset];
      }
      return usd;
    },
  };
}

/** Profit by role, in the order in which roles first occur in the rows. */
export function totalsByRole(rows: readonly PartyRow[]): RoleTotal[] {
  const totals = new Map<string, Usd>();
  for (const { role, profitUsd } of rows) totals.set(role, (totals.get(role) ?? 0) + profitUsd);
  return [...totals].map(([role, profitUsd]) => ({ role, profitUsd }));
}
