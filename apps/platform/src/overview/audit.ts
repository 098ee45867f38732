import type { AuditEntry } from '@hypervigil/contract';
import { sql } from 'kysely';
import type { Database } from '../state/database.ts';
import { contains, decodeCursor, type ListInput, type ListOf, pageOf } from '../state/paging.ts';

const ofTenant = (tenantId: string) => sql<boolean>`(
  actor in (select name from users where tenant_id = ${tenantId})
  or subject in (select 'vm:' || id from vms where tenant_id = ${tenantId}))`;

/** Of a tenant: what its people did, and what anybody did to its VMs, the provider's people included. */
export async function listAudit(
  db: Database,
  { limit, cursor, q }: ListInput,
  tenantId: string | null,
): Promise<ListOf<AuditEntry>> {
  const after = decodeCursor(cursor, ['number']);
  const matching = db
    .selectFrom('audit')
    .$if(tenantId !== null, (b) => b.where(ofTenant(tenantId!)))
    .$if(q !== undefined, (b) =>
      b.where((e) => e.or((['actor', 'action', 'subject'] as const).map((column) => e(column, 'ilike', contains(q!))))),
    );
  const [{ total }, rows] = await Promise.all([
    matching.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
    matching
      .selectAll()
      .$if(after !== undefined, (b) => b.where('id', '<', after![0]))
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute(),
  ]);
  const toEntry = (row: (typeof rows)[number]): AuditEntry => ({
    id: row.id,
    at: row.at.toISOString(),
    actor: row.actor,
    action: row.action,
    outcome: row.outcome,
    subject: row.subject,
    params: row.params,
    requestId: row.request_id,
  });
  return { ...pageOf(rows, limit, (row) => [row.id], toEntry), total };
}
