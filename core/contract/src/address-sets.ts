import { AddressEntry, AddressSet, Id, MAX_ADDRESS_ENTRIES } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';
import { PROVIDERS_OWN } from './new-object.ts';

const params = z.strictObject({ id: Id });
const fields = AddressSet.pick({ name: true, description: true, tenantId: true }).strict();
const list = z.array(AddressEntry).max(MAX_ADDRESS_ENTRIES);

export const addressSets = defineEndpoints({
  listAddressSets: {
    method: 'GET',
    path: '/api/v1/address-sets',
    summary: 'Address sets, without their entries',
    caller: 'person',
    permission: 'address-set:read',
    query: ListQuery,
    response: listOf(AddressSet),
  },
  getAddressSet: {
    method: 'GET',
    path: '/api/v1/address-sets/{id}',
    summary: 'One address set, without its entries',
    caller: 'person',
    permission: 'address-set:read',
    params,
    response: AddressSet,
  },
  listAddressSetEntries: {
    method: 'GET',
    path: '/api/v1/address-sets/{id}/entries',
    summary: 'Entries of an address set as they were written, or those that it leaves out',
    caller: 'person',
    permission: 'address-set:read',
    params,
    query: ListQuery.extend({
      of: z.enum(['entries', 'excluded']).default('entries'),
      limit: z.coerce.number().int().min(1).max(10_000).default(100),
    }),
    response: listOf(z.string()),
  },
  createAddressSet: {
    method: 'POST',
    path: '/api/v1/address-sets',
    summary: 'Create an address set',
    caller: 'person',
    permission: 'address-set:write',
    body: fields.extend({ ...PROVIDERS_OWN, entries: list.default([]), excluded: list.default([]) }),
    response: AddressSet,
    status: 201,
  },
  updateAddressSet: {
    method: 'PUT',
    path: '/api/v1/address-sets/{id}',
    summary: 'Change an address set; it takes effect at once. Entries that are left out of the request stay',
    caller: 'person',
    permission: 'address-set:write',
    params,
    body: fields.extend({ entries: list.optional(), excluded: list.optional(), revision: z.int().min(0) }),
    response: AddressSet,
  },
  deleteAddressSet: {
    method: 'DELETE',
    path: '/api/v1/address-sets/{id}',
    summary: 'Delete an address set that no rule names',
    caller: 'person',
    permission: 'address-set:write',
    params,
    status: 204,
  },
});
