import { Id, Ipv4, Ipv6, Quarantine, SelectorText, Tags, Task, Vm, VmState, Vnic } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';

const params = z.strictObject({ id: Id });

const action = <const V extends string>(verb: V, summary: string) =>
  ({
    method: 'POST',
    path: `/api/v1/vms/{id}/${verb}`,
    summary,
    caller: 'person',
    permission: 'vm:operate',
    params,
    response: Task,
    status: 202,
  }) as const;

export const vms = defineEndpoints({
  listVms: {
    method: 'GET',
    path: '/api/v1/vms',
    summary: 'VMs with their vNICs and protection',
    caller: 'person',
    permission: 'vm:read',
    query: ListQuery.extend({
      hostId: Id.optional(),
      tenantId: Id.optional(),
      networkId: Id.optional(),
      groupId: Id.optional(),
      state: VmState.optional(),
      selector: SelectorText.optional(),
    }),
    response: listOf(Vm),
  },
  getVm: {
    method: 'GET',
    path: '/api/v1/vms/{id}',
    summary: 'One VM',
    caller: 'person',
    permission: 'vm:read',
    params,
    response: Vm,
  },
  updateVm: {
    method: 'PATCH',
    path: '/api/v1/vms/{id}',
    summary: 'Give a VM to a tenant, or set its tags',
    caller: 'person',
    permission: 'vm:assign',
    params,
    body: z.strictObject({ tenantId: Id.nullable().optional(), tags: Tags.optional() }),
    response: Vm,
  },
  updateVnic: {
    method: 'PATCH',
    path: '/api/v1/vnics/{id}',
    summary: 'Set the network and the addresses that a vNIC may use',
    caller: 'person',
    permission: 'vm:assign',
    params,
    body: z.strictObject({
      networkId: Id.nullable().optional(),
      ipv4: z.array(Ipv4).max(64).optional(),
      ipv6: z.array(Ipv6).max(64).optional(),
    }),
    response: Vnic,
  },
  quarantineVm: {
    method: 'POST',
    path: '/api/v1/vms/{id}/quarantine',
    summary: 'Cut a VM off from every network, established connections too, whatever the rules say',
    caller: 'person',
    permission: 'vm:quarantine',
    params,
    body: z.strictObject({ reason: Quarantine.shape.reason }),
    response: Vm,
  },
  releaseVm: {
    method: 'POST',
    path: '/api/v1/vms/{id}/release',
    summary: 'End the quarantine of a VM: the rules hold again',
    caller: 'person',
    permission: 'vm:quarantine',
    params,
    body: z.strictObject({ reason: Quarantine.shape.reason }),
    response: Vm,
  },
  startVm: action('start', 'Start a VM'),
  shutdownVm: action('shutdown', 'Ask the guest to shut down'),
  stopVm: action('stop', 'Cut the power of a VM'),
  rebootVm: action('reboot', 'Ask the guest to reboot'),
  migrateVm: {
    ...action('migrate', 'Move a running VM to another host; its protection is there before it is'),
    permission: 'vm:migrate',
    body: z.strictObject({ toHostId: Id }),
  },
});
