import { beginState, behaviourOf } from '@hypervigil/detect';
import type { VmBehaviour } from '@hypervigil/model';
import type { Database } from '../state/database.ts';
import type { FlowDetection } from './detection.ts';
import { loadStates } from './states.ts';

/**
 * What detectors hold of a VM. This process knows it if its hosts tell of the VM; another has written it down since if it is
 * that other's by now.
 */
export async function readBehaviour(
  db: Database,
  detection: Pick<FlowDetection, 'held'>,
  vmId: string,
  nowMs: number,
): Promise<VmBehaviour> {
  const saved = (await loadStates(db, [vmId])).get(vmId);
  const held = detection.held(vmId);
  const isNewer = held !== undefined && held.seenMs >= (saved?.savedMs ?? 0);
  const state = (isNewer ? held : saved)?.state ?? beginState();
  const seenMs = isNewer ? held.seenMs : saved?.savedMs;
  return {
    vmId,
    at: new Date(nowMs).toISOString(),
    seenAt: seenMs === undefined ? null : new Date(seenMs).toISOString(),
    ...behaviourOf(state, nowMs),
  };
}
