import type { Vm } from '@hypervigil/model';
import { ApiFailure, notFound } from '../errors.ts';
import type { Database } from '../state/database.ts';
import { type Actor, transact } from '../state/work.ts';
import { getVm } from './vms.ts';

/** Cuts a VM off: it is in the intent from here on, wherever the VM runs. */
export function quarantineVm(db: Database, actor: Actor, id: string, reason: string): Promise<Vm> {
  return change(db, actor, id, reason, true);
}

/** Gives a VM back to the rules. */
export function releaseVm(db: Database, actor: Actor, id: string, reason: string): Promise<Vm> {
  return change(db, actor, id, reason, false);
}

function change(db: Database, actor: Actor, id: string, reason: string, quarantined: boolean): Promise<Vm> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    const row = await tx
      .selectFrom('vms')
      .select(['name', 'state', 'quarantined_at'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined || row.state === 'gone') throw notFound('vm', id);
    if (quarantined === (row.quarantined_at !== null))
      throw new ApiFailure(quarantined ? 'quarantined-already' : 'not-quarantined', {});
    const now = new Date();
    const next = quarantined
      ? { quarantine_reason: reason, quarantined_by: actor.name, quarantined_at: now }
      : { quarantine_reason: null, quarantined_by: null, quarantined_at: null };
    await tx
      .updateTable('vms')
      .set({ ...next, changed_at: now })
      .where('id', '=', id)
      .execute();
    const action = quarantined ? 'vm.quarantined' : 'vm.released';
    audit({ action, subject: `vm:${id}`, params: { name: row.name, reason } });
    changed('vm', id);
    return getVm(tx, id);
  });
}
