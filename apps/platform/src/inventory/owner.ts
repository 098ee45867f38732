import type { ObservedVm } from '@hypervigil/contract';
import type { VmState } from '@hypervigil/model';

/** What one host last said of a VM. */
export interface Sighting {
  readonly hostId: string;
  /** When this host began to run it (not as the target of a migration); null while it does not. */
  readonly activeSince: Date | null;
  readonly observed: ObservedVm;
}

const ACTIVE: readonly VmState[] = ['running', 'blocked', 'paused', 'shutdown', 'pmsuspended'];

/** Whether the host runs the VM by this observation. */
export function isActive(observed: ObservedVm): boolean {
  return !observed.incoming && ACTIVE.includes(observed.state);
}

/**
 * Which host has the VM. One that runs it before one that only knows it; of two that say they run it, the one that
 * began later: after a migration the source may say `running` once more, but did not begin to. The target of an
 * unfinished migration never has it.
 *
 * | source says | target says         | owner  |
 * |-------------|---------------------|--------|
 * | running     | running, incoming   | source |
 * | running     | running             | target |
 * | shut off    | running             | target |
 * | running     | (gone, it failed)   | source |
 * | shut off    | shut off            | the present owner, else the first |
 */
export function ownerOf(sightings: readonly Sighting[], present: string | null): Sighting | undefined {
  const running = sightings.filter((s) => s.activeSince !== null && isActive(s.observed));
  if (running.length > 0)
    return running.reduce((a, b) => (b.activeSince!.getTime() > a.activeSince!.getTime() ? b : a));
  const known = sightings.filter((s) => !s.observed.incoming);
  return known.find((s) => s.hostId === present) ?? known[0];
}
