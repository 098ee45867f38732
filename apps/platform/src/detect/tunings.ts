import { type AppliedSetting, type Tuning, tuningOf, UNTUNED } from '@hypervigil/detect';
import { createGroupIndex } from '@hypervigil/policy';
import { sql } from 'kysely';
import type { Mirror } from '../intent/mirror.ts';
import type { Database } from '../state/database.ts';

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
      const rows = await db
        .selectFrom('detector_settings')
        .select(['id', 'group_id', 'codes', 'sensitivity', 'revision'])
        .where(sql<boolean>`expires_at is null or expires_at > now()`)
        .orderBy('id')
        .execute();
      const next = rows.map(({ id, revision }) => `${id} ${revision}`).join();
      if (next === version) return;
      version = next;
      settings = rows.map(({ id, group_id, codes, sensitivity }) => ({ id, groupId: group_id, codes, sensitivity }));
      known.clear();
    },
  };
}
