import { readState, type VmState } from '@hypervigil/detect';
import { sql } from 'kysely';
import type { Database } from '../state/database.ts';

/** What was written down of a VM, and when. */
interface SavedState {
  readonly state: VmState;
  readonly savedMs: number;
}

/** What was written down of these VMs. */
export async function loadStates(db: Database, vmIds: readonly string[]): Promise<Map<string, SavedState>> {
  if (vmIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('detector_states')
    .select(['vm_id', 'state', 'saved_at'])
    .where('vm_id', 'in', vmIds)
    .execute();
  return new Map(
    rows.map(({ vm_id, state, saved_at }) => [vm_id, { state: readState(state), savedMs: saved_at.getTime() }]),
  );
}

/** Writes down; of VMs that are gone, nothing. */
export async function saveStates(db: Database, states: Iterable<readonly [string, VmState]>): Promise<void> {
  const rows = Array.from(states, ([vm_id, state]) => ({ vm_id, state }));
  if (rows.length === 0) return;
  await sql`insert into detector_states as d (vm_id, state)
    select s.vm_id, s.state from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as s (vm_id uuid, state jsonb)
    where exists (select from vms where vms.id = s.vm_id)
    on conflict (vm_id) do update set state = excluded.state, saved_at = now()`.execute(db);
}
