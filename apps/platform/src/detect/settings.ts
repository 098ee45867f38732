import { randomUUID } from 'node:crypto';
import type { AppliedSetting } from '@hypervigil/detect';
import {
  type AlertCode,
  type DetectorSetting,
  type DetectorSettingInput,
  MAX_DETECTOR_SETTINGS,
} from '@hypervigil/model';
import { sql } from 'kysely';
import { ApiFailure, notFound, unknownId } from '../errors.ts';
import { staleRevision } from '../policy/groups.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { contains, type ListInput, type ListOf, listNewest } from '../state/paging.ts';
import { type Actor, lock, transact, type Work } from '../state/work.ts';

const select = (db: Database | Tx) =>
  db
    .selectFrom('detector_settings')
    .selectAll()
    .select(sql<string | null>`(select name from groups where groups.id = group_id)`.as('group_name'));
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const toSetting = (row: Row): DetectorSetting => ({
  ...{ id: row.id, groupId: row.group_id, groupName: row.group_name, codes: row.codes },
  ...{ sensitivity: row.sensitivity, reason: row.reason, swallowed: row.swallowed, revision: row.revision },
  expiresAt: row.expires_at?.toISOString() ?? null,
  swallowedAt: row.swallowed_at?.toISOString() ?? null,
  changedAt: row.changed_at.toISOString(),
  changedBy: row.changed_by,
});

const FAILURES = { detector_settings_group_id_fkey: () => unknownId('groupId', 'group') };

const columns = ({ groupId, codes, sensitivity, reason, expiresAt }: DetectorSettingInput) => ({
  ...{ group_id: groupId, codes, sensitivity, reason },
  expires_at: expiresAt === null ? null : new Date(expiresAt),
});

/** What the audit says of one. */
const summary = ({ groupId, codes, sensitivity, reason, expiresAt }: DetectorSetting) => ({
  ...{ codes, sensitivity, reason },
  ...(groupId !== null && { groupIds: [groupId] }),
  ...(expiresAt !== null && { endsOn: expiresAt }),
});

interface SettingFilter extends ListInput {
  readonly code?: AlertCode | undefined;
  readonly groupId?: string | undefined;
}

export function listSettings(db: Database, filter: SettingFilter): Promise<ListOf<DetectorSetting>> {
  const { code, groupId, q } = filter;
  const found = select(db)
    .$if(code !== undefined, (b) => b.where(sql<boolean>`${code} = any(codes)`))
    .$if(groupId !== undefined, (b) => b.where('group_id', '=', groupId!))
    .$if(q !== undefined, (b) => b.where('reason', 'ilike', contains(q!)));
  return listNewest(found, filter, toSetting);
}

/** Those that have not ended. */
export async function appliedSettings(db: Database): Promise<(AppliedSetting & { readonly revision: number })[]> {
  const rows = await db
    .selectFrom('detector_settings')
    .select(['id', 'group_id', 'codes', 'sensitivity', 'revision'])
    .where(sql<boolean>`expires_at is null or expires_at > now()`)
    .orderBy('id')
    .execute();
  return rows.map(({ group_id, ...row }) => ({ ...row, groupId: group_id }));
}

/** @throws ApiFailure `not-found` */
export async function getSetting(db: Database | Tx, id: string): Promise<DetectorSetting> {
  const row = await select(db).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('detector-setting', id);
  return toSetting(row);
}

/** @throws ApiFailure `invalid-request`, `settings-full` */
export function createSetting(db: Database, actor: Actor, input: DetectorSettingInput): Promise<DetectorSetting> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      await lock(tx, 'detectors');
      const { count } = await tx
        .selectFrom('detector_settings')
        .select((e) => e.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      if (count >= MAX_DETECTOR_SETTINGS) throw new ApiFailure('settings-full', { maximum: MAX_DETECTOR_SETTINGS });
      const id = randomUUID();
      await tx
        .insertInto('detector_settings')
        .values({ id, ...columns(input), changed_by: actor.name })
        .execute();
      const made = await getSetting(tx, id);
      audit({ action: 'detector.set', subject: `detector-setting:${id}`, params: summary(made) });
      changed('detectors');
      return made;
    }),
  );
}

/** @throws ApiFailure `not-found`, `stale-revision`, `invalid-request` */
export function updateSetting(
  db: Database,
  actor: Actor,
  id: string,
  { revision, ...input }: DetectorSettingInput & { readonly revision: number },
): Promise<DetectorSetting> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const row = await tx
        .selectFrom('detector_settings')
        .select('revision')
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined) throw notFound('detector-setting', id);
      if (row.revision !== revision) throw staleRevision(row.revision);
      const next = { ...columns(input), revision: revision + 1, changed_at: new Date(), changed_by: actor.name };
      await tx.updateTable('detector_settings').set(next).where('id', '=', id).execute();
      const made = await getSetting(tx, id);
      audit({ action: 'detector.set', subject: `detector-setting:${id}`, params: summary(made) });
      changed('detectors');
      return made;
    }),
  );
}

/** @throws ApiFailure `not-found` */
export function deleteSetting(db: Database, actor: Actor, id: string): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    const was = await getSetting(tx, id);
    await tx.deleteFrom('detector_settings').where('id', '=', id).execute();
    audit({ action: 'detector.unset', subject: `detector-setting:${id}`, params: summary(was) });
    changed('detectors');
  });
}

/** A setting that is off kept something from being told. */
export async function countSwallowed({ tx, changed }: Work, id: string): Promise<void> {
  await tx
    .updateTable('detector_settings')
    .set({ swallowed: sql<number>`least(swallowed, 2147483646) + 1`, swallowed_at: sql<Date>`now()` })
    .where('id', '=', id)
    .execute();
  changed('detectors');
}
