import type { AuditEntry } from '@hypervigil/contract';
import type { Database } from '../state/database.ts';
import { contains, decodeCursor, type ListInput, type ListOf, pageOf } from '../state/paging.ts';

export async function listAudit(db: Database, { limit, cursor, q }: ListInput): Promise<ListOf<AuditEntry>> {
  const after = decodeCursor(cursor, ['number']);
  const matching = db
    .selectFrom('audit')
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
