import { AddressEntry, Id, MAX_ADDRESS_ENTRIES, MAX_FEED_BYTES, ThreatSet } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';
import { PROVIDERS_OWN } from './new-object.ts';

const params = z.strictObject({ id: Id });
const fields = ThreatSet.pick({ name: true, description: true, tenantId: true, feed: true }).strict();
const excluded = z.array(AddressEntry).max(MAX_ADDRESS_ENTRIES);

export const threatSets = defineEndpoints({
  listThreatSets: {
    method: 'GET',
    path: '/api/v1/threat-sets',
    summary: 'Threat sets: where their entries came from, when, and what was left out',
    caller: 'person',
    permission: 'address-set:read',
    query: ListQuery,
    response: listOf(ThreatSet),
  },
  getThreatSet: {
    method: 'GET',
    path: '/api/v1/threat-sets/{id}',
    summary: 'One threat set; its entries are those of the address set of the same id',
    caller: 'person',
    permission: 'address-set:read',
    params,
    response: ThreatSet,
  },
  createThreatSet: {
    method: 'POST',
    path: '/api/v1/threat-sets',
    summary: 'Create a threat set; its feed is fetched soon, or brought as a file',
    caller: 'person',
    permission: 'address-set:write',
    body: fields.extend({ ...PROVIDERS_OWN, excluded: excluded.default([]) }),
    response: ThreatSet,
    status: 201,
  },
  updateThreatSet: {
    method: 'PUT',
    path: '/api/v1/threat-sets/{id}',
    summary: 'Change a threat set or its feed; it keeps its entries until the feed gives others',
    caller: 'person',
    permission: 'address-set:write',
    params,
    body: fields.extend({ excluded: excluded.optional(), revision: z.int().min(0) }),
    response: ThreatSet,
  },
  refreshThreatSet: {
    method: 'POST',
    path: '/api/v1/threat-sets/{id}/refresh',
    summary: 'Fetch a feed now; when that fails, the set keeps what it has and its state says why',
    caller: 'person',
    permission: 'address-set:write',
    params,
    response: ThreatSet,
  },
  uploadThreatSet: {
    method: 'PUT',
    path: '/api/v1/threat-sets/{id}/content',
    summary: 'Bring the file of a feed that has no address',
    caller: 'person',
    permission: 'address-set:write',
    params,
    body: z.strictObject({ fileName: z.string().trim().min(1).max(255), content: z.string().max(MAX_FEED_BYTES) }),
    response: ThreatSet,
  },
  deleteThreatSet: {
    method: 'DELETE',
    path: '/api/v1/threat-sets/{id}',
    summary: 'Delete a threat set that no rule names',
    caller: 'person',
    permission: 'address-set:write',
    params,
    status: 204,
  },
});
