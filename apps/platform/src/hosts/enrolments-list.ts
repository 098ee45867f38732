import type { Enrolment } from '@hypervigil/contract';
import { sql } from 'kysely';
import type { Database } from '../state/database.ts';
import { contains, decodeCursor, pageOf } from '../state/paging.ts';
import { toEnrolment } from './enrolment.ts';
import type { ListInput, ListOf } from './hosts.ts';

export async function listEnrolments(db: Database, { limit, cursor, q }: ListInput): Promise<ListOf<Enrolment>> {
  const after = decodeCursor(cursor, ['string', 'string']);
  const matching = db.selectFrom('enrolments').$if(q !== undefined, (b) => b.where('host_name', 'ilike', contains(q!)));
  const [{ total }, rows] = await Promise.all([
    matching.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
    matching
      .selectAll()
      .select(sql<string>`created_at::text`.as('created'))
      .$if(after !== undefined, (b) =>
        b.where(sql<boolean>`(created_at, id) < (${after![0]}::timestamptz, ${after![1]}::uuid)`),
      )
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute(),
  ]);
  return { ...pageOf(rows, limit, (row) => [row.created, row.id], toEnrolment), total };
}
