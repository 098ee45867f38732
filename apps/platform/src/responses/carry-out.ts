import type { Selectable } from 'kysely';
import { ApiFailure } from '../errors.ts';
import { quarantineIn, releaseIn } from '../inventory/quarantine.ts';
import { tell } from '../notification/outbox.ts';
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
  if (action === 'ask-tenant') {
    if (alert.tenant_id === null) throw new ApiFailure('no-tenant-to-ask', {});
    return tell(work, alert.id, 'asked', { text: reason });
  }
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
  // A question that nobody has to answer any more.
  if (action === 'ask-tenant') return Promise.resolve(true);
  return set_id === null ? Promise.resolve(false) : unblockIn(work, ip!, set_id);
}
