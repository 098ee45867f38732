import { Gateway, GatewayGroup, Id } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';
import { PROVIDERS_OWN } from './new-object.ts';

const params = z.strictObject({ id: Id });
const fields = GatewayGroup.pick({
  name: true,
  description: true,
  tenantId: true,
  perHost: true,
  vcpus: true,
  memoryMiB: true,
  detect: true,
})
  // As many as `perHost` when it is not said.
  .extend({ maxPerHost: GatewayGroup.shape.maxPerHost.optional() })
  .strict();

export const gateways = defineEndpoints({
  listGatewayGroups: {
    method: 'GET',
    path: '/api/v1/gateway-groups',
    summary: 'Groups of gateway VMs, which rules that inspect name',
    caller: 'person',
    permission: 'gateway-group:read',
    query: ListQuery,
    response: listOf(GatewayGroup),
  },
  getGatewayGroup: {
    method: 'GET',
    path: '/api/v1/gateway-groups/{id}',
    summary: 'One group of gateways',
    caller: 'person',
    permission: 'gateway-group:read',
    params,
    response: GatewayGroup,
  },
  createGatewayGroup: {
    method: 'POST',
    path: '/api/v1/gateway-groups',
    summary: 'Create a group: every host starts its gateways',
    caller: 'person',
    permission: 'gateway-group:write',
    body: fields.extend(PROVIDERS_OWN),
    response: GatewayGroup,
    status: 201,
  },
  updateGatewayGroup: {
    method: 'PUT',
    path: '/api/v1/gateway-groups/{id}',
    summary:
      'Change a group; its gateways are resized while they run, or replaced one after the other where that cannot be',
    caller: 'person',
    permission: 'gateway-group:write',
    params,
    body: fields.extend({ revision: z.int().min(0) }),
    response: GatewayGroup,
  },
  upgradeGatewayGroup: {
    method: 'POST',
    path: '/api/v1/gateway-groups/{id}/upgrade',
    summary:
      'Replace the gateways that are from another image than their hosts have now, on each host one after the other',
    caller: 'person',
    permission: 'gateway-group:write',
    params,
    /** How many are replaced. */
    response: z.object({ gateways: z.int().min(0) }),
  },
  deleteGatewayGroup: {
    method: 'DELETE',
    path: '/api/v1/gateway-groups/{id}',
    summary: 'Delete a group that no rule names, with its gateways',
    caller: 'person',
    permission: 'gateway-group:write',
    params,
    status: 204,
  },
  listRecognisable: {
    method: 'GET',
    path: '/api/v1/gateway-recognition',
    summary: 'The applications and risks that gateways recognise, by the names that rules block them with',
    caller: 'person',
    permission: 'gateway-group:read',
    response: z.object({
      items: z.array(
        z.object({
          kind: z.enum(['application', 'risk']),
          name: z.string(),
          /** Of a risk, as flows tell of it. */
          num: z.int().nullable(),
        }),
      ),
    }),
  },
  listGateways: {
    method: 'GET',
    path: '/api/v1/gateways',
    summary: 'Every gateway VM: state, load, image, policy',
    caller: 'person',
    permission: 'gateway:read',
    response: z.object({ items: z.array(Gateway) }),
  },
  getGateway: {
    method: 'GET',
    path: '/api/v1/gateways/{id}',
    summary: 'One gateway VM',
    caller: 'person',
    permission: 'gateway:read',
    params,
    response: Gateway,
  },
  restartGateway: {
    method: 'POST',
    path: '/api/v1/gateways/{id}/restart',
    summary:
      "Start a gateway anew, from the image that its host has now; its connections meet their rules' failure policy",
    caller: 'person',
    permission: 'gateway:administer',
    params,
    response: Gateway,
  },
  replaceGateway: {
    method: 'POST',
    path: '/api/v1/gateways/{id}/replace',
    summary: 'Start another gateway in its place; it goes when that one is up and its own connections are over',
    caller: 'person',
    permission: 'gateway:administer',
    params,
    response: Gateway,
  },
  drainGateway: {
    method: 'POST',
    path: '/api/v1/gateways/{id}/drain',
    summary: 'Give a gateway no new connections, or give it some again',
    caller: 'person',
    permission: 'gateway:administer',
    params,
    body: z.strictObject({ drain: z.boolean() }),
    response: Gateway,
  },
});
