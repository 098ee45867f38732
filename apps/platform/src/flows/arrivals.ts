import { sql } from 'kysely';
import type { Database } from '../state/database.ts';

/** What came with one batch. */
interface Arrived {
  readonly records: number;
  readonly names: number;
  readonly lost: number;
  /** It was there already. */
  readonly repeated: boolean;
  /** What detectors had no room for. */
  readonly unjudged: number;
  /** Of its newest flow; null where it has none. */
  readonly newestMs: number | null;
}

/** Counts what comes of each host's flows by the minute; other processes add theirs to the same rows. */
export interface FlowArrivalLog {
  count(hostId: string, arrived: Arrived): void;
  /** Writes down what was counted since. What cannot be written is kept for the next time. */
  save(): Promise<void>;
}

interface Tally {
  readonly host_id: string;
  readonly at: number;
  last_at: number;
  lag_ms: number | null;
  records: number;
  names: number;
  lost: number;
  repeated: number;
  unjudged: number;
}

const MINUTE_MS = 60_000;
const KEPT_HOURS = 6;
/** Of hosts and minutes that wait while the database is away. */
const MAX_WAITING = 20_000;

export function createArrivalLog(db: Database, now: () => number = Date.now): FlowArrivalLog {
  let tallies = new Map<string, Tally>();

  function add(more: Tally): void {
    const key = `${more.host_id} ${more.at}`;
    const sum = tallies.get(key);
    if (sum === undefined) {
      if (tallies.size < MAX_WAITING) tallies.set(key, more);
      return;
    }
    sum.last_at = Math.max(sum.last_at, more.last_at);
    sum.lag_ms = more.lag_ms === null ? sum.lag_ms : Math.max(sum.lag_ms ?? 0, more.lag_ms);
    for (const name of ['records', 'names', 'lost', 'repeated', 'unjudged'] as const) sum[name] += more[name];
  }

  return {
    count(hostId, { newestMs, repeated, ...counts }) {
      const atMs = now();
      add({
        ...counts,
        ...{ host_id: hostId, at: Math.floor(atMs / MINUTE_MS) * MINUTE_MS, last_at: atMs },
        repeated: repeated ? 1 : 0,
        lag_ms: newestMs === null ? null : Math.max(0, Math.round(atMs - newestMs)),
      });
    },
    async save() {
      const saving = [...tallies.values()];
      if (saving.length === 0) return;
      tallies = new Map();
      try {
        await write(db, saving);
      } catch (error) {
        for (const one of saving) add(one);
        throw error;
      }
    },
  };
}

/** A host that was removed meanwhile is left out. */
const write = (db: Database, tallies: readonly Tally[]) =>
  sql`insert into flow_arrivals as a (host_id, at, last_at, lag_ms, records, names, lost, repeated, unjudged)
    select host_id, to_timestamp(at / 1000.0), to_timestamp(last_at / 1000.0), lag_ms, records, names, lost, repeated, unjudged
    from jsonb_to_recordset(${JSON.stringify(tallies)}::jsonb) as t (host_id uuid, at bigint, last_at bigint, lag_ms bigint,
      records bigint, names bigint, lost bigint, repeated bigint, unjudged bigint)
    where exists (select from hosts where hosts.id = t.host_id)
    order by host_id, at
    on conflict (host_id, at) do update set
      last_at = greatest(a.last_at, excluded.last_at),
      lag_ms = greatest(a.lag_ms, excluded.lag_ms),
      records = a.records + excluded.records,
      names = a.names + excluded.names,
      lost = a.lost + excluded.lost,
      repeated = a.repeated + excluded.repeated,
      unjudged = a.unjudged + excluded.unjudged`.execute(db);

export const forgetOldArrivals = (db: Database) =>
  sql`delete from flow_arrivals where at < now() - make_interval(hours => ${KEPT_HOURS})`.execute(db);
