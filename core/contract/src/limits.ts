import {
  Id,
  Instant,
  Limit,
  LimitKind,
  LimitValues,
  Name,
  NetworkLimitKind,
  NetworkLimitValues,
  RuleLimitKind,
} from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';
import { NO_DESCRIPTION } from './new-object.ts';
import { NamedRule } from './policy-analysis.ts';

const params = z.strictObject({ id: Id });
const fields = z.strictObject({
  name: Name,
  description: Limit.shape.description,
  vmIds: Limit.shape.vmIds.default([]),
  groupIds: Limit.shape.groupIds.default([]),
  networkIds: Limit.shape.networkIds.default([]),
  tenantIds: Limit.shape.tenantIds.default([]),
  ...LimitValues.shape,
  ...NetworkLimitValues.shape,
});

/** What a limit has taken from a vNIC, as one host has counted it. */
export const LimitDrops = z.object({
  vmId: Id,
  vmName: z.string(),
  vnicId: Id,
  hostId: Id,
  hostName: Name,
  kind: LimitKind,
  /** The limit of this kind that counts for the vNIC now. */
  limitId: Id.nullable(),
  droppedPackets: z.int().min(0),
  droppedBytes: z.int().min(0),
  /** When the present time of dropping, or the last one, began, and when something was last dropped. */
  since: Instant,
  lastAt: Instant,
  /** It has not ended. */
  goesOn: z.boolean(),
});
export type LimitDrops = z.infer<typeof LimitDrops>;

/** What a limit of a rule has taken, on all hosts together. */
export const RuleLimitDrops = z.object({
  rule: NamedRule,
  kind: RuleLimitKind,
  droppedPackets: LimitDrops.shape.droppedPackets,
  droppedBytes: LimitDrops.shape.droppedBytes,
  /** How many have counted some. */
  hosts: z.int(),
  lastAt: Instant,
  goesOn: z.boolean(),
});
export type RuleLimitDrops = z.infer<typeof RuleLimitDrops>;

/** What a network was denied on one host, because it had as many connections there as it may. */
export const NetworkLimitDrops = LimitDrops.omit({ vmId: true, vmName: true, vnicId: true }).extend({
  networkId: Id,
  networkName: Name,
  kind: NetworkLimitKind,
  /** The limit that counts for the network now; null is its share of the host's table. */
  limitId: Id.nullable(),
});
export type NetworkLimitDrops = z.infer<typeof NetworkLimitDrops>;

/** The limit that counts for a vNIC, of one kind. */
export const CountingLimit = z.object({ kind: LimitKind, limitId: Id, limitName: Name, values: LimitValues });
export type CountingLimit = z.infer<typeof CountingLimit>;

export const VmLimits = z.object({
  vnics: z.array(z.object({ vnicId: Id, limits: z.array(CountingLimit) })),
  drops: z.array(LimitDrops),
});
export type VmLimits = z.infer<typeof VmLimits>;

export const limits = defineEndpoints({
  listLimits: {
    method: 'GET',
    path: '/api/v1/limits',
    summary: 'What vNICs and networks may have at most: bandwidth, new connections, connections at the same time',
    caller: 'person',
    permission: 'limit:read',
    query: ListQuery,
    response: listOf(Limit),
  },
  getLimit: {
    method: 'GET',
    path: '/api/v1/limits/{id}',
    summary: 'One limit',
    caller: 'person',
    permission: 'limit:read',
    params,
    response: Limit,
  },
  createLimit: {
    method: 'POST',
    path: '/api/v1/limits',
    summary:
      'Create a limit; it takes effect at once. It names VMs, groups, networks and tenants, or nobody and so every vNIC',
    caller: 'person',
    permission: 'limit:write',
    body: fields.extend(NO_DESCRIPTION),
    response: Limit,
    status: 201,
  },
  updateLimit: {
    method: 'PUT',
    path: '/api/v1/limits/{id}',
    summary: 'Change a limit; it takes effect at once',
    caller: 'person',
    permission: 'limit:write',
    params,
    body: fields.extend({ revision: z.int().min(0) }),
    response: Limit,
  },
  deleteLimit: {
    method: 'DELETE',
    path: '/api/v1/limits/{id}',
    summary: 'Delete a limit',
    caller: 'person',
    permission: 'limit:write',
    params,
    status: 204,
  },
  listLimitDrops: {
    method: 'GET',
    path: '/api/v1/limit-drops',
    summary: 'What limits have dropped, by vNIC, the latest first',
    caller: 'person',
    permission: 'limit:read',
    response: z.object({ items: z.array(LimitDrops) }),
  },
  listNetworkLimitDrops: {
    method: 'GET',
    path: '/api/v1/limit-drops/networks',
    summary: 'What networks were denied that had as many connections on a host as they may, the latest first',
    caller: 'person',
    permission: 'limit:read',
    response: z.object({ items: z.array(NetworkLimitDrops) }),
  },
  listRuleLimitDrops: {
    method: 'GET',
    path: '/api/v1/policy/limit-drops',
    summary: 'What limits of rules have dropped, the latest first',
    caller: 'person',
    permission: 'policy:analyse',
    response: z.object({ items: z.array(RuleLimitDrops) }),
  },
  getVmLimits: {
    method: 'GET',
    path: '/api/v1/vms/{id}/limits',
    summary: 'Which limits count for the vNICs of a VM, and what they have dropped',
    caller: 'person',
    permission: 'vm:read',
    params,
    response: VmLimits,
  },
});
