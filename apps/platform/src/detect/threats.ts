import { setImmediate as othersTurn } from 'node:timers/promises';
import type { ThreatHit, ThreatLookup } from '@hypervigil/detect';
import { type AddressLookup, createAddressLookup } from '@hypervigil/policy';
import { ENTRIES } from '../intent/cloud.ts';
import type { Database } from '../state/database.ts';

/** The threat sets of provider and tenants, as detection asks for them. */
export interface KnownThreats {
  readonly of: ThreatLookup;
  /** Reads what has changed since the last time. */
  refresh(): Promise<void>;
}

interface Known extends ThreatHit {
  readonly tenantId: string | null;
  /** Changes with what is in it. */
  readonly version: string;
  readonly has: AddressLookup;
}

/** Of several sets that list an address, a tenant's own comes first, then the one that was confirmed last. */
const compare = (a: Known, b: Known): number =>
  Number(b.tenantId !== null) - Number(a.tenantId !== null) || (b.checkedMs ?? 0) - (a.checkedMs ?? 0);

export function createKnownThreats(db: Database): KnownThreats {
  let known: ReadonlyMap<string, Known> = new Map();
  let inOrder: readonly Known[] = [];
  return {
    of: (ip, tenantId) =>
      inOrder.find((set) => (set.tenantId === null || set.tenantId === tenantId) && set.has(ip)) ?? null,
    async refresh() {
      const rows = await db
        .selectFrom('address_sets')
        .innerJoin('threat_feeds', 'set_id', 'id')
        .select(['id', 'name', 'tenant_id', 'revision', 'fetched_at', 'checked_at', 'source'])
        .execute();
      const next = new Map<string, Known>();
      for (const { id, name, tenant_id, revision, fetched_at, checked_at, source } of rows) {
        const version = `${revision} ${fetched_at?.getTime()}`;
        const before = known.get(id);
        const has = before?.version === version ? before.has : await load(db, id);
        if (has === undefined) continue;
        next.set(id, {
          set: name,
          tenantId: tenant_id,
          source,
          checkedMs: checked_at?.getTime() ?? null,
          version,
          has,
        });
      }
      known = next;
      inOrder = [...next.values()].sort(compare);
    },
  };
}

/** Undefined when the set is gone by now. */
async function load(db: Database, id: string): Promise<AddressLookup | undefined> {
  const lists = await db.selectFrom('address_set_entries').select(ENTRIES).where('set_id', '=', id).executeTakeFirst();
  await othersTurn();
  return lists && createAddressLookup(lists);
}
