import { Cidr, Id, Name, Network, Tenant, Vlan } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';

const params = z.strictObject({ id: Id });
const networkFields = {
  name: Name,
  vlan: Vlan.nullable(),
  cidrs: z.array(Cidr).max(16),
  tenantId: Id.nullable(),
};
const tenantFields = {
  name: Name,
  description: z.string().max(500).default(''),
  intraTenant: z.enum(['allow', 'deny']).default('allow'),
};

export const networks = defineEndpoints({
  listNetworks: {
    method: 'GET',
    path: '/api/v1/networks',
    summary: 'Networks',
    caller: 'person',
    permission: 'network:read',
    query: ListQuery,
    response: listOf(Network),
  },
  getNetwork: {
    method: 'GET',
    path: '/api/v1/networks/{id}',
    summary: 'One network',
    caller: 'person',
    permission: 'network:read',
    params,
    response: Network,
  },
  createNetwork: {
    method: 'POST',
    path: '/api/v1/networks',
    summary: 'Describe a network',
    caller: 'person',
    permission: 'network:write',
    body: z.strictObject(networkFields),
    response: Network,
    status: 201,
  },
  updateNetwork: {
    method: 'PUT',
    path: '/api/v1/networks/{id}',
    summary: 'Change a network',
    caller: 'person',
    permission: 'network:write',
    params,
    body: z.strictObject(networkFields),
    response: Network,
  },
  deleteNetwork: {
    method: 'DELETE',
    path: '/api/v1/networks/{id}',
    summary: 'Forget a network that no vNIC uses',
    caller: 'person',
    permission: 'network:write',
    params,
    status: 204,
  },
});

export const tenants = defineEndpoints({
  listTenants: {
    method: 'GET',
    path: '/api/v1/tenants',
    summary: 'Tenants',
    caller: 'person',
    permission: 'tenant:read',
    query: ListQuery,
    response: listOf(Tenant),
  },
  getTenant: {
    method: 'GET',
    path: '/api/v1/tenants/{id}',
    summary: 'One tenant',
    caller: 'person',
    permission: 'tenant:read',
    params,
    response: Tenant,
  },
  createTenant: {
    method: 'POST',
    path: '/api/v1/tenants',
    summary: 'Create a tenant',
    caller: 'person',
    permission: 'tenant:write',
    body: z.strictObject(tenantFields),
    response: Tenant,
    status: 201,
  },
  updateTenant: {
    method: 'PUT',
    path: '/api/v1/tenants/{id}',
    summary: 'Change a tenant',
    caller: 'person',
    permission: 'tenant:write',
    params,
    body: z.strictObject(tenantFields),
    response: Tenant,
  },
  deleteTenant: {
    method: 'DELETE',
    path: '/api/v1/tenants/{id}',
    summary: 'Delete a tenant that owns nothing',
    caller: 'person',
    permission: 'tenant:write',
    params,
    status: 204,
  },
});
