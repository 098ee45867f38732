import type { PlaybookRehearsal } from '@hypervigil/contract';
import { rehearse, type Verdict } from '@hypervigil/detect';
import type { AlertCode, PlaybookOutcome, PlaybookRun, Severity } from '@hypervigil/model';
import { sql } from 'kysely';
import type { Database } from '../state/database.ts';
import { getPlaybook } from './playbooks.ts';

const SHOWN = 200;
/** More than that in a month: the newest are looked at. */
const MAX_REHEARSED = 20_000;

/** The newest first. @throws ApiFailure `not-found` */
export async function listRuns(db: Database, id: string): Promise<{ items: PlaybookRun[] }> {
  await getPlaybook(db, id);
  const rows = await db
    .selectFrom('playbook_runs as r')
    .innerJoin('alerts as a', 'a.id', 'r.alert_id')
    .select(['r.alert_id', 'a.code', 'r.vm_id', 'a.vm_name', 'r.decided_at', 'r.outcome', 'r.problem'])
    .where('playbook_id', '=', id)
    .where('outcome', 'is not', null)
    .orderBy('decided_at', 'desc')
    .limit(SHOWN)
    .execute();
  return {
    items: rows.map((row) => ({
      ...{ alertId: row.alert_id, code: row.code, vmId: row.vm_id, vmName: row.vm_name, problem: row.problem },
      at: row.decided_at!.toISOString(),
      outcome: row.outcome!,
    })),
  };
}

const OUTCOMES = { act: 'acted', ask: 'asked', hold: 'held' } as const satisfies Record<Verdict, PlaybookOutcome>;

interface Recorded {
  readonly id: string;
  readonly code: AlertCode;
  readonly severity: Severity;
  readonly tenantId: string | null;
  readonly vmId: string;
  readonly vmName: string;
  readonly atMs: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** @throws ApiFailure `not-found` */
export async function rehearsal(db: Database, id: string, days: number): Promise<PlaybookRehearsal> {
  const playbook = await getPlaybook(db, id);
  const { rows } = await sql<Recorded>`
    select a.id, a.code, a.severity, a.tenant_id as "tenantId", a.vm_id as "vmId", a.vm_name as "vmName",
      (extract(epoch from a.created_at) * 1000)::float8 as "atMs", coalesce(vms.tags, '{}') as tags
    from alerts as a left join vms on vms.id = a.vm_id
    where a.created_at > now() - make_interval(days => ${days}::int)
    order by a.created_at desc limit ${MAX_REHEARSED}`.execute(db);
  const made = rehearse(playbook, rows);
  const count = (verdict: Verdict) => made.filter((one) => one.verdict === verdict).length;
  return {
    days,
    counts: { acted: count('act'), asked: count('ask'), held: count('hold') },
    items: made
      .slice(-SHOWN)
      .reverse()
      .map(({ alert: { id: alertId, code, vmId, vmName, atMs }, verdict }) => ({
        ...{ alertId, code, vmId, vmName, outcome: OUTCOMES[verdict], problem: null },
        at: new Date(atMs).toISOString(),
      })),
  };
}
