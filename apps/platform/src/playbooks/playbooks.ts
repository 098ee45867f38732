import { randomUUID } from 'node:crypto';
import type { Playbook, PlaybookInput } from '@hypervigil/model';
import type { Selectable } from 'kysely';
import { ApiFailure, notFound, unknownId } from '../errors.ts';
import { staleRevision } from '../policy/groups.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { type ListInput, type ListOf, listByName, namedLike } from '../state/paging.ts';
import type { PlaybooksTables } from '../state/tables/playbooks.ts';
import { type Actor, transact } from '../state/work.ts';

type Row = Selectable<PlaybooksTables['playbooks']>;

const FAILURES = {
  playbooks_name_key: () => new ApiFailure('name-taken', { what: 'playbook', field: 'name' }),
  playbooks_set_id_fkey: () => unknownId('addressSetId', 'address-set'),
};

export const toPlaybook = (row: Row): Playbook => ({
  ...{ id: row.id, name: row.name, description: row.description, enabled: row.enabled, match: row.match },
  ...{ action: row.action, addressSetId: row.set_id, minutes: row.minutes },
  ...{ perHour: row.per_hour, perVmHour: row.per_vm_hour, approvalMinutes: row.approval_minutes },
  revision: row.revision,
  changedAt: row.changed_at.toISOString(),
  changedBy: row.changed_by,
});

const columns = ({ name, description, enabled, match, action, ...input }: PlaybookInput) => ({
  ...{ name, description, enabled, action, match: JSON.stringify(match) },
  ...{ set_id: input.addressSetId, minutes: input.minutes, approval_minutes: input.approvalMinutes },
  ...{ per_hour: input.perHour, per_vm_hour: input.perVmHour },
});

/** What the audit says of one. */
const summary = ({ name, description, enabled, match, action, perHour, minutes }: PlaybookInput) => ({
  ...{ name, description, enabled, kind: action, perHour },
  ...{ severity: match.leastSeverity, tenantIds: match.tenantIds, selector: match.selector },
  ...(minutes !== null && { seconds: minutes * 60 }),
});

export const listPlaybooks = (db: Database, input: ListInput): Promise<ListOf<Playbook>> =>
  listByName(db.selectFrom('playbooks').selectAll().where(namedLike(input.q)), input, toPlaybook);

/** @throws ApiFailure `not-found` */
export async function getPlaybook(db: Database | Tx, id: string): Promise<Playbook> {
  const row = await db.selectFrom('playbooks').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('playbook', id);
  return toPlaybook(row);
}

export function createPlaybook(db: Database, actor: Actor, input: PlaybookInput): Promise<Playbook> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const id = randomUUID();
      await tx
        .insertInto('playbooks')
        .values({ id, ...columns(input), changed_by: actor.name })
        .execute();
      audit({ action: 'playbook.created', subject: `playbook:${id}`, params: summary(input) });
      changed('playbooks');
      return getPlaybook(tx, id);
    }),
  );
}

export function updatePlaybook(
  db: Database,
  actor: Actor,
  id: string,
  { revision, ...input }: PlaybookInput & { readonly revision: number },
): Promise<Playbook> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const row = await tx
        .selectFrom('playbooks')
        .select('revision')
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined) throw notFound('playbook', id);
      if (row.revision !== revision) throw staleRevision(row.revision);
      const next = { ...columns(input), revision: revision + 1, changed_at: new Date(), changed_by: actor.name };
      await tx.updateTable('playbooks').set(next).where('id', '=', id).execute();
      audit({ action: 'playbook.updated', subject: `playbook:${id}`, params: summary(input) });
      changed('playbooks');
      return getPlaybook(tx, id);
    }),
  );
}

export function deletePlaybook(db: Database, actor: Actor, id: string): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    const row = await tx.deleteFrom('playbooks').where('id', '=', id).returning('name').executeTakeFirst();
    if (row === undefined) throw notFound('playbook', id);
    audit({ action: 'playbook.deleted', subject: `playbook:${id}`, params: { name: row.name } });
    changed('playbooks');
  });
}
