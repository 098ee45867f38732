import { type AppliedSetting, type Tuning, tuningOf, UNTUNED } from '@hypervigil/detect';
import { createGroupIndex } from '@hypervigil/policy';
import type { Mirror } from '../intent/mirror.ts';
import type { Database } from '../state/database.ts';
import { appliedSettings } from './settings.ts';

/** How detectors are set for each VM. */
export interface Tunings {
  of(vmId: string): Tuning;
  /** Reads the settings that have not ended. */
  refresh(): Promise<void>;
}

/** Who is in a group is looked up once for each VM, and again when anything of the cloud or of the settings changed. */
export function createTunings(db: Database, mirror: Pick<Mirror, 'rows' | 'onChange'>): Tunings {
  let settings: readonly AppliedSetting[] = [];
  let version = '';
  let groups: ReturnType<typeof createGroupIndex> | undefined;
  const known = new Map<string, Tuning>();
  mirror.onChange(() => {
    groups = undefined;
    known.clear();
  });

  function tune(vmId: string): Tuning {
    const vm = mirror.rows('vms').get(vmId);
    groups ??= createGroupIndex(mirror.rows('groups').values());
    const holding = vm === undefined ? new Set<string>() : groups.groupsHolding(vm);
    return tuningOf(settings.filter(({ groupId }) => groupId === null || holding.has(groupId)));
  }

  return {
    of: (vmId) => (settings.length === 0 ? UNTUNED : known.getOrInsertComputed(vmId, () => tune(vmId))),
    async refresh() {
      const next = await appliedSettings(db);
      const now = next.map(({ id, revision }) => `${id} ${revision}`).join();
      if (now === version) return;
      version = now;
      settings = next;
      known.clear();
    },
  };
}
