import type { Selectable } from 'kysely';
import { ApiFailure } from '../errors.ts';
import { quarantineIn, releaseIn } from '../inventory/quarantine.ts';
import type { AlertTable } from '../state/tables/alerts.ts';
import type { Work } from '../state/work.ts';
import { blockIn, unblockIn } from './block.ts';
import type { ResponseRow } from './list.ts';

type What = Pick<ResponseRow, 'action' | 'ip' | 'set_id'>;

/** @throws ApiFailure why it cannot be done */
export async function carryOut(
  work: Work,
  alert: Selectable<AlertTable>,
  { action, ip, set_id }: What,
  reason: string,
): Promise<void> {
  if (action === 'quarantine') return quarantineIn(work, alert.vm_id, reason);
  if (set_id === null) throw new ApiFailure('set-gone', {});
  return blockIn(work, alert, ip!, set_id);
}

/** @returns whether what was done was still there; somebody else may have ended it, or the VM or the set is gone */
export function takeBack(
  work: Work,
  { action, ip, set_id, vm_id }: What & Pick<ResponseRow, 'vm_id'>,
  reason: string,
): Promise<boolean> {
  if (action === 'quarantine') return releaseIn(work, vm_id, reason);
  return set_id === null ? Promise.resolve(false) : unblockIn(work, ip!, set_id);
}
