import { Id, Instant, NameEntry, NameKind } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';

/** Which names: every field narrows. Times are instants; without them, the last hour. */
export const NameFilter = z.object({
  from: Instant.optional(),
  to: Instant.optional(),
  vmId: Id.optional(),
  tenantId: Id.optional(),
  hostId: Id.optional(),
  networkId: Id.optional(),
  gatewayId: Id.optional(),
  address: z.string().max(64).optional(),
  kind: NameKind.optional(),
  /** A part of it, in whatever case. */
  name: z.string().min(1).max(255).optional(),
});
export type NameFilter = z.infer<typeof NameFilter>;

export const names = defineEndpoints({
  listNames: {
    method: 'GET',
    path: '/api/v1/names',
    summary: 'Names that passed gateways, newest first: who asked for what (DNS), who spoke to whom (TLS, HTTP)',
    caller: 'person',
    permission: 'flow:read',
    query: NameFilter.extend(ListQuery.omit({ q: true }).shape),
    response: listOf(NameEntry),
  },
  exportNames: {
    method: 'GET',
    path: '/api/v1/names.csv',
    summary: 'The same as CSV, at most 100,000 rows',
    caller: 'person',
    permission: 'flow:read',
    query: NameFilter,
    produces: 'text/csv',
  },
});
