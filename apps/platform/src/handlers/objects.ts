import { cutLimits } from '../access/cut.ts';
import { listNetworkDrops, listRuleDrops } from '../limits/drops.ts';
import * as limits from '../limits/limits.ts';
import { getVmLimits, listDrops } from '../limits/vm-limits.ts';
import * as addressSets from '../policy/address-sets.ts';
import * as groups from '../policy/groups.ts';
import * as namedServices from '../policy/named-services.ts';
import * as schedules from '../policy/schedules.ts';
import { refreshThreatSet, uploadThreatSet } from '../threat-sets/refresh.ts';
import * as threatSets from '../threat-sets/threat-sets.ts';
import type { HandlerDeps, Part } from './deps.ts';

/** What rules speak of, and the limits of VMs. */
export function objectsHandlers(deps: HandlerDeps) {
  const { db } = deps;
  return {
    listGroups: ({ query, access }) =>
      groups.listGroups(db, query, access.owned('group:read', 'groups.tenant_id', 'groups.id')),
    getGroup: ({ params }) => groups.getGroup(db, params.id),
    createGroup: ({ body, call }) => groups.createGroup(db, call.actor, body),
    updateGroup: ({ params, body, call }) => groups.updateGroup(db, call.actor, params.id, body),
    async deleteGroup({ params, call }) {
      await groups.deleteGroup(db, call.actor, params.id);
      return undefined;
    },
    listAddressSets: ({ query, access }) =>
      addressSets.listAddressSets(db, query, access.owned('address-set:read', 'tenant_id')),
    getAddressSet: ({ params }) => addressSets.getAddressSet(db, params.id),
    listAddressSetEntries: ({ params, query }) => addressSets.listEntries(db, params.id, query),
    createAddressSet: ({ body, call }) => addressSets.createAddressSet(db, call.actor, body),
    updateAddressSet: ({ params, body, call }) => addressSets.updateAddressSet(db, call.actor, params.id, body),
    async deleteAddressSet({ params, call }) {
      await addressSets.deleteAddressSet(db, call.actor, params.id);
      return undefined;
    },
    listSchedules: ({ query }) => schedules.listSchedules(db, query),
    getSchedule: ({ params }) => schedules.getSchedule(db, params.id),
    createSchedule: ({ body, call }) => schedules.createSchedule(db, call.actor, body),
    updateSchedule: ({ params, body, call }) => schedules.updateSchedule(db, call.actor, params.id, body),
    async deleteSchedule({ params, call }) {
      await schedules.deleteSchedule(db, call.actor, params.id);
      return undefined;
    },
    listLimits: ({ query }) => limits.listLimits(db, query),
    getLimit: ({ params }) => limits.getLimit(db, params.id),
    createLimit: ({ body, call }) => limits.createLimit(db, call.actor, body),
    updateLimit: ({ params, body, call }) => limits.updateLimit(db, call.actor, params.id, body),
    async deleteLimit({ params, call }) {
      await limits.deleteLimit(db, call.actor, params.id);
      return undefined;
    },
    listLimitDrops: async () => ({ items: await listDrops(db) }),
    listNetworkLimitDrops: async () => ({ items: await listNetworkDrops(db) }),
    listRuleLimitDrops: async () => ({ items: await listRuleDrops(db) }),
    getVmLimits: async ({ params, access }) => cutLimits(access)(await getVmLimits(db, params.id)),
    listNamedServices: ({ query }) => namedServices.listNamedServices(db, query),
    getNamedService: ({ params }) => namedServices.getNamedService(db, params.id),
    createNamedService: ({ body, call }) => namedServices.createNamedService(db, call.actor, body),
    updateNamedService: ({ params, body, call }) => namedServices.updateNamedService(db, call.actor, params.id, body),
    async deleteNamedService({ params, call }) {
      await namedServices.deleteNamedService(db, call.actor, params.id);
      return undefined;
    },
    listThreatSets: ({ query, access }) =>
      threatSets.listThreatSets(db, query, access.owned('address-set:read', 'tenant_id')),
    getThreatSet: ({ params }) => threatSets.getThreatSet(db, params.id),
    createThreatSet: ({ body, call }) => threatSets.createThreatSet(db, call.actor, body),
    updateThreatSet: ({ params, body, call }) => threatSets.updateThreatSet(db, call.actor, params.id, body),
    refreshThreatSet: ({ params, call }) => refreshThreatSet(deps.feeds, call.actor, params.id),
    uploadThreatSet: ({ params, body, call }) => uploadThreatSet(db, call.actor, params.id, body),
    async deleteThreatSet({ params, call }) {
      await threatSets.deleteThreatSet(db, call.actor, params.id);
      return undefined;
    },
  } satisfies Part;
}
