import { type AlertPeer, type MatchedAlert, matchesAlert, type Playbook } from '@hypervigil/model';

const HOUR_MS = 3_600_000;

/** A time at which a playbook did something to a VM, or asked whether it may. */
export interface Act {
  readonly vmId: string;
  readonly atMs: number;
}

type Limits = Pick<Playbook, 'perHour' | 'perVmHour' | 'approvalMinutes'>;

/** Do it, ask somebody first, or leave it to people: the limit is reached. */
export type Verdict = 'act' | 'ask' | 'hold';

/**
 * What a playbook makes of an alert that fits. In no hour are there more acts than its limits say: whatever comes later counts
 * those of the hour before it.
 * @param history what it did and asked; those that are older than an hour count for nothing
 */
export function decide(limits: Limits, history: readonly Act[], { vmId, atMs }: Act): Verdict {
  const lately = history.filter((act) => act.atMs > atMs - HOUR_MS);
  if (lately.length >= limits.perHour) return 'hold';
  if (lately.filter((act) => act.vmId === vmId).length >= limits.perVmHour) return 'hold';
  return limits.approvalMinutes === null ? 'act' : 'ask';
}

/** An alert as it was recorded. */
export interface RecordedAlert extends MatchedAlert, Act {
  readonly id: string;
}

export interface Rehearsed<A extends RecordedAlert> {
  readonly alert: A;
  readonly verdict: Verdict;
}

/** What a playbook would have made of recorded alerts, each once, in the order of time. */
export function rehearse<A extends RecordedAlert>(
  playbook: Limits & Pick<Playbook, 'match'>,
  alerts: readonly A[],
): Rehearsed<A>[] {
  const acts: Act[] = [];
  const seen = new Set<string>();
  return alerts
    .filter((alert) => matchesAlert(playbook.match, alert))
    .toSorted((a, b) => a.atMs - b.atMs)
    .flatMap((alert) => {
      if (seen.has(alert.id)) return [];
      seen.add(alert.id);
      const verdict = decide(playbook, acts, alert);
      if (verdict !== 'hold') acts.push(alert);
      return [{ alert, verdict }];
    });
}

/** Of an alert's other ends, whom a playbook blocks: the first one that is no VM of the cloud, for that would be quarantined. */
export const peerToBlock = (peers: readonly AlertPeer[]): string | undefined =>
  peers.find(({ vmId }) => vmId === null)?.ip;
