import type { AuditAction, AuditDetail, AuditSubject, Denial, Permission } from '@hypervigil/model';
import { sql } from 'kysely';
import type { Database, Tx } from './database.ts';

/** Who does it: a person's name, `host:h1`, or `platform`. */
export interface Actor {
  readonly name: string;
  readonly requestId: string | null;
}

export const PLATFORM: Actor = Object.freeze({ name: 'platform', requestId: null });

export type EventKind =
  | 'host'
  | 'vm'
  | 'vms'
  | 'task'
  | 'tenants'
  | 'networks'
  | 'groups'
  | 'address-sets'
  | 'schedules'
  | 'services'
  | 'policy'
  | 'flows'
  | 'overview'
  | 'enrolments'
  | 'host-firewall'
  | 'assertions'
  | 'observation'
  | 'gateways'
  | 'accounts'
  | 'limits'
  | 'mirrors'
  | 'exporters'
  | 'alerts'
  | 'detectors'
  | 'playbooks'
  | 'notifications'
  | 'flow-views';

interface Recorded {
  readonly action: string;
  readonly subject: AuditSubject;
  readonly params?: object;
  readonly outcome?: 'done' | 'refused' | 'failed';
}

/** Each key of the details has words that people read: another does not compile. */
export interface AuditInput<P extends object> extends Recorded {
  readonly action: AuditAction;
  readonly params?: P & { readonly [Key in Exclude<keyof P, AuditDetail>]: never };
}

/** One transaction with what it has to tell: audit entries and events become true together with the change. */
export interface Work {
  readonly tx: Tx;
  readonly actor: Actor;
  audit<P extends object = object>(entry: AuditInput<P>): void;
  changed(kind: EventKind, subject?: string): void;
}

export const NOTIFY_CHANNEL = 'hypervigil';

/** Advisory locks that transactions take (first key is ours, so that no other program's meets them). */
export const LOCKS = {
  space: 0x4856,
  events: 1,
  inventory: 2,
  policy: 3,
  bootstrap: 4,
  attempts: 5,
  gateways: 20,
  mirrors: 21,
  notifications: 22,
  incidents: 23,
  'flow-views': 24,
  exporters: 25,
  responses: 26,
  detectors: 27,
  groups: 6,
} as const;

export async function lock(tx: Tx, what: Exclude<keyof typeof LOCKS, 'space'>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${LOCKS.space}::int, ${LOCKS[what]}::int)`.execute(tx);
}

/** Runs `run` in a transaction; whatever it throws undoes all of it. */
export function transact<T>(db: Database, actor: Actor, run: (work: Work) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    const audits: Recorded[] = [];
    const events = new Map<string, { kind: EventKind; subject: string | null }>();
    const result = await run({
      tx,
      actor,
      audit: (entry) => audits.push(entry),
      changed: (kind, subject) => events.set(`${kind} ${subject ?? ''}`, { kind, subject: subject ?? null }),
    });
    await writeAudit(tx, actor, audits);
    await writeEvents(tx, [...events.values()]);
    return result;
  });
}

/** Records what was refused; the refusal itself undoes its transaction, so this is one of its own. */
export function recordRefusal<P extends object>(
  db: Database,
  actor: Actor,
  entry: Omit<AuditInput<P>, 'outcome'>,
): Promise<void> {
  return record(db, actor, { ...entry, outcome: 'refused' });
}

/** Records that somebody called an operation of the API without the permission that it takes. */
export function recordDenial(db: Database, actor: Actor, { operation, subject, ...params }: Denied): Promise<void> {
  return record(db, actor, { action: operation, subject, params, outcome: 'refused' });
}

interface Denied {
  readonly operation: string;
  readonly subject: AuditSubject;
  readonly permission: Permission;
  readonly denial: Denial;
}

const record = (db: Database, actor: Actor, entry: Recorded): Promise<void> =>
  db.transaction().execute((tx) => writeAudit(tx, actor, [entry]));

async function writeAudit(tx: Tx, actor: Actor, audits: readonly Recorded[]): Promise<void> {
  if (audits.length === 0) return;
  await tx
    .insertInto('audit')
    .values(
      audits.map(({ action, subject, params = {}, outcome = 'done' }) => ({
        actor: actor.name,
        action,
        outcome,
        subject,
        params: JSON.stringify(params),
        request_id: actor.requestId,
      })),
    )
    .execute();
}

/**
 * Appends to the event log. Numbers are given in the order of commits, which a sequence alone does not promise: whoever
 * writes events holds a lock until the end of the transaction. A reader that has seen number n has seen all before it.
 */
async function writeEvents(tx: Tx, events: readonly { kind: EventKind; subject: string | null }[]): Promise<void> {
  if (events.length === 0) return;
  await lock(tx, 'events');
  await sql`insert into events (kind, subject)
    select kind, subject from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as e (kind text, subject uuid)`.execute(
    tx,
  );
  await sql`select pg_notify(${NOTIFY_CHANNEL}, '')`.execute(tx);
}
