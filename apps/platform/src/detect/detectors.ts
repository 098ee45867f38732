import { ALERT_CODES, ALERT_TECHNIQUES, type AlertCode, type DetectorRecord } from '@hypervigil/model';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../state/database.ts';

type Counts = Omit<DetectorRecord, 'code' | 'technique'>;
const NONE: Counts = { open: 0, true: 0, false: 0, expected: 0, exceptions: 0, swallowed: 0 };

/** Of every detector what became of its alerts; both conditions speak of `vm_id` and `tenant_id` of their table. */
export async function listDetectors(
  db: Database,
  visible: { readonly alerts: RawBuilder<boolean>; readonly exceptions: RawBuilder<boolean> },
): Promise<{ items: DetectorRecord[] }> {
  const { rows } = await sql<Counts & { code: AlertCode }>`
    select code, coalesce(open, 0) as open, coalesce(a."true", 0) as "true", coalesce(a."false", 0) as "false",
      coalesce(expected, 0) as expected, coalesce(exceptions, 0) as exceptions, coalesce(swallowed, 0) as swallowed
    from (
      select code, count(*) filter (where state <> 'closed') as open, count(*) filter (where resolution = 'true') as "true",
        count(*) filter (where resolution = 'false') as "false", count(*) filter (where resolution = 'expected') as expected
      from alerts where ${visible.alerts} group by code) as a
    full join (
      select code, count(*) filter (where expires_at > now()) as exceptions, sum(swallowed) as swallowed
      from alert_exceptions where ${visible.exceptions} group by code) as e using (code)`.execute(db);
  const known = new Map(rows.map(({ code, ...counts }) => [code, counts]));
  return {
    items: ALERT_CODES.map((code) => ({ code, technique: ALERT_TECHNIQUES[code], ...NONE, ...known.get(code) })),
  };
}
