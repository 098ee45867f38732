import type { Vm } from '@hypervigil/model';
import { ApiFailure, notFound } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import { type Actor, lock, transact, type Work } from '../state/work.ts';
import { getVm } from './vms.ts';

/** Cuts a VM off: it is in the intent from here on, wherever the VM runs. */
export function quarantineVm(db: Database, actor: Actor, id: string, reason: string): Promise<Vm> {
  return transact(db, actor, async (work) => {
    await quarantineIn(work, id, reason);
    return getVm(work.tx, id);
  });
}

/** Gives a VM back to the rules, whoever cut it off: a response that did has been overtaken. */
export function releaseVm(db: Database, actor: Actor, id: string, reason: string): Promise<Vm> {
  return transact(db, actor, async (work) => {
    // Before any row, as responses are undone: each of the two ends the other's quarantine.
    await lock(work.tx, 'responses');
    const vm = await getVm(work.tx, id);
    if (vm.state === 'gone') throw notFound('vm', id);
    if (!(await releaseIn(work, id, reason))) throw new ApiFailure('not-quarantined', {});
    await work.tx
      .updateTable('alert_responses')
      .set({ state: 'overtaken', ended_at: new Date(), ended_by: actor.name, end_reason: reason })
      .where('vm_id', '=', id)
      .where('action', '=', 'quarantine')
      .where('state', '=', 'active')
      .execute();
    work.changed('alerts');
    return getVm(work.tx, id);
  });
}

/** @throws ApiFailure `not-found`, `quarantined-already` */
export async function quarantineIn(work: Work, id: string, reason: string): Promise<void> {
  const row = await find(work.tx, id);
  if (row === undefined || row.state === 'gone') throw notFound('vm', id);
  if (row.quarantined_at !== null) throw new ApiFailure('quarantined-already', {});
  await set(work, id, { quarantine_reason: reason, quarantined_by: work.actor.name, quarantined_at: new Date() });
  work.audit({ action: 'vm.quarantined', subject: `vm:${id}`, params: { name: row.name, reason } });
}

/** @returns whether there was anything to end */
export async function releaseIn(work: Work, id: string, reason: string): Promise<boolean> {
  const row = await find(work.tx, id);
  if (row === undefined || row.quarantined_at === null) return false;
  await set(work, id, { quarantine_reason: null, quarantined_by: null, quarantined_at: null });
  work.audit({ action: 'vm.released', subject: `vm:${id}`, params: { name: row.name, reason } });
  return true;
}

const find = (tx: Tx, id: string) =>
  tx.selectFrom('vms').select(['name', 'state', 'quarantined_at']).where('id', '=', id).forUpdate().executeTakeFirst();

interface Quarantined {
  readonly quarantine_reason: string | null;
  readonly quarantined_by: string | null;
  readonly quarantined_at: Date | null;
}

async function set({ tx, changed }: Work, id: string, to: Quarantined): Promise<void> {
  await tx
    .updateTable('vms')
    .set({ ...to, changed_at: new Date() })
    .where('id', '=', id)
    .execute();
  changed('vm', id);
}
