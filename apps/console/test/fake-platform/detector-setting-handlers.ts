import type { DetectorSetting } from '@hypervigil/model';
import { find, type Handlers, page, type State } from './handlers.ts';
import { ago, HOUR, uuid } from './make.ts';

/** One that is off for the VMs of a group. */
export function detectorSettingHandlers({ data, events, next }: State): Handlers {
  const nameOf = (id: string | null) => (id === null ? null : (data.groups.find((one) => one.id === id)?.name ?? null));
  const groups = data.groups.slice(0, 1);
  let settings: DetectorSetting[] = groups.map((group) => ({
    ...{ id: uuid('setting', 1), groupId: group.id, groupName: group.name, codes: ['port-scan', 'host-sweep'] },
    ...{ sensitivity: 'off', reason: 'Scans for us every night.', expiresAt: null, swallowed: 42 },
    ...{ swallowedAt: ago(HOUR), revision: 0, changedAt: ago(24 * HOUR), changedBy: 'guard' },
  }));
  const told = () => events.emit({ kind: 'changed', what: 'detectors' });
  return {
    listDetectorSettings: ({ query }) => page(settings, query),
    listDetectorProposals: () => ({
      items: groups.map((group) => ({
        ...{ groupId: group.id, groupName: group.name, code: 'unusual-volume', sensitivity: 'low' },
        ...{ vms: 3, false: 8, expected: 2 },
      })),
    }),
    createDetectorSetting({ body: { groupId = null, expiresAt = null, ...body } }) {
      const made: DetectorSetting = {
        ...{ id: uuid('setting', next() + 1), groupId, groupName: nameOf(groupId), expiresAt, ...body },
        ...{ swallowed: 0, swallowedAt: null, revision: 0, changedAt: ago(0), changedBy: 'admin' },
      };
      settings = [...settings, made];
      told();
      return made;
    },
    previewDetectorSetting({ body: { codes, sensitivity, days = 7 } }) {
      const [vm] = data.vms;
      const set = sensitivity !== 'off';
      return {
        ...{ from: ago(days * 24 * HOUR), to: ago(0), flows: 12_345, isCut: false, usual: 1, set: Number(set) },
        notReplayed: codes.filter((code) => code === 'dns-tunnel'),
        items: [{ code: codes[0]!, vmId: vm!.id, vmName: vm!.name, at: ago(HOUR), usual: true, set }],
      };
    },
    updateDetectorSetting({ params, body: { groupId = null, expiresAt = null, revision, ...body } }) {
      const changed = { ...find(settings, params.id), ...body, groupId, expiresAt, groupName: nameOf(groupId) };
      settings = settings.map((one) => (one.id === params.id ? { ...changed, revision: revision + 1 } : one));
      told();
      return changed;
    },
    deleteDetectorSetting({ params }) {
      find(settings, params.id);
      settings = settings.filter(({ id }) => id !== params.id);
      told();
    },
  };
}
