import { beginState, behaviourOf } from '@hypervigil/detect';
import type { Vm, VmBehaviour } from '@hypervigil/model';
import type { Database } from '../state/database.ts';
import type { FlowDetection } from './detection.ts';
import { loadStates } from './states.ts';

/**
 * What detectors hold of a VM since it is whose it is now. This process knows it if its hosts tell of the VM; if they tell
 * another process by now, that has written it down since.
 */
export async function readBehaviour(
  db: Database,
  detection: Pick<FlowDetection, 'held' | 'tuningOf'>,
  { id: vmId, tenantId }: Pick<Vm, 'id' | 'tenantId'>,
  nowMs: number,
): Promise<VmBehaviour> {
  const saved = (await loadStates(db, [vmId])).get(vmId);
  const held = detection.held(vmId);
  const isNewer = held !== undefined && held.seenMs >= (saved?.savedMs ?? 0);
  const known = isNewer
    ? { state: held.state, seenMs: held.seenMs }
    : saved && { state: saved.state, seenMs: saved.savedMs };
  const own = known?.state.tenantId === tenantId ? known : undefined;
  const { effort, set } = detection.tuningOf(vmId);
  return {
    vmId,
    at: new Date(nowMs).toISOString(),
    seenAt: own === undefined ? null : new Date(own.seenMs).toISOString(),
    ...behaviourOf(own?.state ?? beginState(), nowMs, effort),
    set: [...set],
  };
}
