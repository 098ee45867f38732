import type { Policy } from '@hypervigil/model';
import { sql } from 'kysely';
import type { Tx } from '../state/database.ts';
import { completeRule } from './rules.ts';

/** Of one policy: whoever began to edit it earlier than so many changes ago begins again. */
const KEPT = 20;

/** Keeps what the draft says of policies before it says otherwise: an edit that was begun on it can still be merged. */
export async function keepVersions(tx: Tx, id?: string): Promise<void> {
  await sql`insert into draft_versions (policy_id, revision, content)
    select id, revision, jsonb_build_object('name', name, 'description', description, 'tier', tier, 'tenantId', tenant_id,
      'order', "order", 'enabled', enabled, 'rules', rules)
    from draft_policies where ${id ?? null}::uuid is null or id = ${id ?? null}::uuid
    on conflict do nothing`.execute(tx);
  await sql`delete from draft_versions as old where revision <= (
    select max(revision) - ${KEPT} from draft_versions where policy_id = old.policy_id)`.execute(tx);
}

export type Version = Pick<Policy, 'name' | 'description' | 'tier' | 'tenantId' | 'order' | 'enabled' | 'rules'>;

export async function versionOf(tx: Tx, id: string, revision: number): Promise<Version | undefined> {
  const row = await tx
    .selectFrom('draft_versions')
    .select('content')
    .where('policy_id', '=', id)
    .where('revision', '=', revision)
    .executeTakeFirst();
  return row && { ...row.content, rules: row.content.rules.map(completeRule) };
}

/** A number that no version of the policy had: nobody takes one for another. */
export async function nextRevision(tx: Tx, id: string): Promise<number> {
  const { rows } = await sql<{ next: number }>`select 1 + coalesce(greatest(
    (select max(revision) from draft_versions where policy_id = ${id}),
    (select revision from draft_policies where id = ${id})), 0) as next`.execute(tx);
  return rows[0]!.next;
}
