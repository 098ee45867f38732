import { cutList, cutTask, cutVm } from '../access/cut.ts';
import { quarantineVm, releaseVm } from '../inventory/quarantine.ts';
import * as vms from '../inventory/vms.ts';
import { updateVnic } from '../inventory/vnics.ts';
import * as networks from '../networks/networks.ts';
import * as tenants from '../networks/tenants.ts';
import * as tasks from '../tasks/tasks.ts';
import type { HandlerDeps, Part } from './deps.ts';

/** VMs, networks and tenants. */
export function inventoryHandlers(deps: HandlerDeps) {
  const { db } = deps;
  return {
    listVms: async ({ query, access }) =>
      cutList(cutVm(access), await vms.listVms(db, query, await access.vms('vm:read', 'vms.id', 'vms.tenant_id'))),
    getVm: async ({ params, access }) => cutVm(access)(await vms.getVm(db, params.id)),
    updateVm: ({ params, body, call }) => vms.updateVm(db, call.actor, params.id, body),
    quarantineVm: ({ params, body, call }) => quarantineVm(db, call.actor, params.id, body.reason),
    releaseVm: ({ params, body, call }) => releaseVm(db, call.actor, params.id, body.reason),
    updateVnic: ({ params, body, call }) => updateVnic(db, call.actor, params.id, body),
    startVm: async ({ params, call, access }) =>
      cutTask(access)(await tasks.actOnVm(db, call.actor, 'start', params.id)),
    shutdownVm: async ({ params, call, access }) =>
      cutTask(access)(await tasks.actOnVm(db, call.actor, 'shutdown', params.id)),
    stopVm: async ({ params, call, access }) => cutTask(access)(await tasks.actOnVm(db, call.actor, 'stop', params.id)),
    rebootVm: async ({ params, call, access }) =>
      cutTask(access)(await tasks.actOnVm(db, call.actor, 'reboot', params.id)),
    migrateVm: ({ params, body, call }) => tasks.actOnVm(db, call.actor, 'migrate', params.id, body.toHostId),
    listNetworks: async ({ query, access }) =>
      networks.listNetworks(db, query, {
        networks: access.owned('network:read', 'networks.tenant_id', 'networks.id'),
        vms: await access.vms('vm:read', 'vms.id', 'vms.tenant_id'),
      }),
    getNetwork: async ({ params, access }) =>
      networks.getNetwork(db, params.id, await access.vms('vm:read', 'vms.id', 'vms.tenant_id')),
    createNetwork: ({ body, call }) => networks.createNetwork(db, call.actor, body, deps.claims),
    updateNetwork: ({ params, body, call }) => networks.updateNetwork(db, call.actor, params.id, body, deps.claims),
    async deleteNetwork({ params, call }) {
      await networks.deleteNetwork(db, call.actor, params.id);
      return undefined;
    },
    listTenants: ({ query, access }) => tenants.listTenants(db, query, access.owned('tenant:read', 'tenants.id')),
    getTenant: ({ params }) => tenants.getTenant(db, params.id),
    createTenant: ({ body, call }) => tenants.createTenant(db, call.actor, body, deps.claims),
    updateTenant: ({ params, body, call }) => tenants.updateTenant(db, call.actor, params.id, body, deps.claims),
    async deleteTenant({ params, call }) {
      await tenants.deleteTenant(db, call.actor, params.id);
      return undefined;
    },
  } satisfies Part;
}
