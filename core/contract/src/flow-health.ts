import { FlowGatewayHealth, FlowHostHealth, Id, Instant } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';

const Count = z.int().min(0);

export const FlowHealth = z.object({
  hosts: z.array(FlowHostHealth),
  gateways: z.array(FlowGatewayHealth),
  /** Running, policed and known for an hour, and no flow of that hour has them at an end; at most a hundred. */
  silentVms: z.object({
    items: z.array(z.object({ vmId: Id, name: z.string(), hostId: Id.nullable(), tenantId: Id.nullable() })),
    total: Count,
  }),
  store: z.object({
    /** Records and bytes that are kept. */
    rows: Count,
    bytes: Count,
    oldestAt: Instant.nullable(),
    newestAt: Instant.nullable(),
    /** The file that was damaged and laid aside when this platform started; a new store was begun. */
    movedAside: z.string().nullable(),
    /** What is kept at most. */
    keptHours: z.number(),
    maxBytes: z.number(),
  }),
  /** Of all hosts, each minute of the last hour; minutes in which nothing came are zero. */
  minutes: z.array(z.object({ at: Instant, records: Count, lost: Count, unjudged: Count })),
});
export type FlowHealth = z.infer<typeof FlowHealth>;

export const flowHealth = defineEndpoints({
  getFlowHealth: {
    method: 'GET',
    path: '/api/v1/flows/health',
    summary: 'Where flows are lost, late or missing, from the hosts to the store',
    caller: 'person',
    permission: 'host:read',
    response: FlowHealth,
  },
});
