import type { Alert } from '@hypervigil/model';

/** Before and after what was seen: what led to it, what came of it. */
const MARGIN_MS = 60_000;

/** The address of the flows of an alert: those of its VM at that time, and of one other end, where there is one. */
export function flowsOf({ vmId, peers, firstAt, lastAt }: Pick<Alert, 'vmId' | 'peers' | 'firstAt' | 'lastAt'>) {
  const [peer, ...others] = peers;
  return {
    vm: vmId,
    ...(peer !== undefined && others.length === 0 && { address: peer.ip }),
    from: new Date(Date.parse(firstAt) - MARGIN_MS).toISOString(),
    to: new Date(Date.parse(lastAt) + MARGIN_MS).toISOString(),
  };
}
