import { setImmediate as othersTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { CloudChange, CloudState } from '@hypervigil/policy';
import type { Logger } from 'pino';
import type { EventLog, LogBatch, LogEntry } from '../events/log.ts';
import { loadLimits } from '../limits/limits.ts';
import { loadNamedServices } from '../policy/named-services.ts';
import { publishedRevision } from '../policy/published.ts';
import { loadSchedules } from '../policy/schedules.ts';
import type { Database } from '../state/database.ts';
import type { EventKind } from '../state/work.ts';
import {
  type Cloud,
  loadAddressSets,
  loadCloud,
  loadGroups,
  loadNetworks,
  loadPublished,
  loadTenants,
  loadVms,
} from './cloud.ts';

type Kind = keyof CloudState;

/** What of the cloud became different, and the published revision that goes with it. */
export interface MirrorChange extends CloudChange {
  readonly policyRevision: number;
}

export interface Mirror {
  /** Rows of one kind by id. */
  rows<K extends Kind>(kind: K): ReadonlyMap<string, Cloud[K][number]>;
  policyRevision(): number;
  /** Told of every change, or that everything may be another (`null`). */
  onChange(listener: (change: MirrorChange | null) => void): void;
}

type Rows = { [K in Kind]: Map<string, Cloud[K][number]> };

const KIND_OF: Partial<Record<EventKind, Exclude<Kind, 'policies'>>> = {
  vm: 'vms',
  tenants: 'tenants',
  networks: 'networks',
  groups: 'groups',
  'address-sets': 'addressSets',
  schedules: 'schedules',
  services: 'namedServices',
  limits: 'limits',
};

/**
 * The cloud in memory, kept by the event log: only rows that an event names are read again, and only those that are
 * different for verdicts are passed on (a VM that was paused is not).
 */
export async function createMirror(db: Database, log: EventLog, logger: Logger): Promise<Mirror> {
  const listeners: ((change: MirrorChange | null) => void)[] = [];
  // Whatever happens while we read is in the log after this position and is taken in afterwards.
  const early: LogBatch[] = [];
  let take: (batch: LogBatch) => void = (batch) => early.push(batch);
  log.subscribe((batch) => take(batch));

  let { rows, policyRevision } = indexed(await loadCloud(db));
  let working = Promise.resolve();

  async function reload(): Promise<void> {
    ({ rows, policyRevision } = indexed(await loadCloud(db)));
    for (const listener of listeners) listener(null);
  }

  async function apply(entries: readonly LogEntry[]): Promise<void> {
    const upsert: { -readonly [K in Kind]?: Cloud[K][number][] } = {};
    const remove: { [K in Kind]?: string[] } = {};
    for (const [kind, ids] of subjectsByKind(entries)) {
      const found = new Map((await LOADERS[kind](db, ids)).map((row) => [row.id, row]));
      // A row may be an address set of a hundred thousand entries: what is done with it is done in turns.
      await othersTurn();
      const changed = [...found.values()].filter((row) => !isDeepStrictEqual(rows[kind].get(row.id), row));
      const gone = ids.filter((id) => !found.has(id) && rows[kind].has(id));
      for (const row of changed) (rows[kind] as Map<string, unknown>).set(row.id, row);
      for (const id of gone) rows[kind].delete(id);
      if (changed.length > 0) (upsert as Record<string, unknown>)[kind] = changed;
      if (gone.length > 0) remove[kind] = gone;
    }
    let published = false;
    if (entries.some((entry) => entry.kind === 'policy')) {
      // Drafts change much more often than what is published, and its document may be large.
      published = (await publishedRevision(db)) !== policyRevision;
      if (published) {
        const next = await loadPublished(db);
        const now = new Map(next.policies.map((policy) => [policy.id, policy]));
        upsert.policies = next.policies.filter((policy) => !isDeepStrictEqual(rows.policies.get(policy.id), policy));
        remove.policies = [...rows.policies.keys()].filter((id) => !now.has(id));
        rows.policies = now;
        policyRevision = next.policyRevision;
      }
    }
    if (!published && Object.keys(upsert).length === 0 && Object.keys(remove).length === 0) return;
    for (const listener of listeners) listener({ upsert, remove, policyRevision });
  }

  take = (batch) => {
    working = working
      .then(() => (batch === 'reset' ? reload() : apply(batch)))
      .catch(async (error: Error) => {
        logger.warn({ err: error }, 'the cloud could not be read; it is read anew');
        await untilDone(reload);
      });
  };
  for (const batch of early) take(batch);
  return {
    rows: (kind) => rows[kind] as never,
    policyRevision: () => policyRevision,
    onChange: (listener) => listeners.push(listener),
  };
}

const LOADERS = {
  vms: loadVms,
  tenants: loadTenants,
  networks: loadNetworks,
  groups: loadGroups,
  addressSets: loadAddressSets,
  schedules: loadSchedules,
  namedServices: loadNamedServices,
  limits: loadLimits,
} as const;

function indexed({ policyRevision, ...cloud }: Cloud): { rows: Rows; policyRevision: number } {
  const byId = <T extends { id: string }>(list: readonly T[]) => new Map(list.map((row) => [row.id, row]));
  const { tenants, networks, vms, groups, addressSets, schedules, namedServices, policies, limits } = cloud;
  return {
    rows: {
      tenants: byId(tenants),
      networks: byId(networks),
      vms: byId(vms),
      groups: byId(groups),
      addressSets: byId(addressSets),
      schedules: byId(schedules),
      namedServices: byId(namedServices),
      policies: byId(policies),
      limits: byId(limits),
    },
    policyRevision,
  };
}

function subjectsByKind(entries: readonly LogEntry[]): Map<Exclude<Kind, 'policies'>, string[]> {
  const subjects = new Map<Exclude<Kind, 'policies'>, Set<string>>();
  for (const { kind, subject } of entries) {
    const rows = KIND_OF[kind];
    if (rows === undefined || subject === null) continue;
    const ids = subjects.get(rows) ?? new Set();
    subjects.set(rows, ids.add(subject));
  }
  return new Map([...subjects].map(([kind, ids]) => [kind, [...ids]]));
}

const RETRY_MS = 200;

/** The database is away: what we hold is old until it is back. */
async function untilDone(run: () => Promise<void>): Promise<void> {
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const failed = await run().then(
      () => false,
      () => true,
    );
    if (!failed) return;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
