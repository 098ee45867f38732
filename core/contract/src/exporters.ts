import { Exporter, ExporterReport, Id, Name, Stranger } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';
import { NO_DESCRIPTION } from './new-object.ts';

const params = z.strictObject({ id: Id });
const fields = Exporter.omit({ id: true, revision: true, changedAt: true }).strict();

/** An exporter with what its host says of it; null until it has. */
export const SeenExporter = Exporter.extend({
  hostName: Name,
  report: ExporterReport.omit({ id: true }).nullable(),
});
export type SeenExporter = z.infer<typeof SeenExporter>;

/** Who sends to where a host listens for exporters, and is none. */
export const HeardStranger = Stranger.extend({ hostId: Id, hostName: Name });
export type HeardStranger = z.infer<typeof HeardStranger>;

export const exporters = defineEndpoints({
  listExporters: {
    method: 'GET',
    path: '/api/v1/exporters',
    summary: 'Switches, routers and probes that are believed what they tell of flows',
    caller: 'person',
    permission: 'exporter:read',
    query: ListQuery,
    response: listOf(SeenExporter),
  },
  getExporter: {
    method: 'GET',
    path: '/api/v1/exporters/{id}',
    summary: 'One exporter, and what its host says of it',
    caller: 'person',
    permission: 'exporter:read',
    params,
    response: SeenExporter,
  },
  createExporter: {
    method: 'POST',
    path: '/api/v1/exporters',
    summary: 'Enrol an exporter of IPFIX, NetFlow or sFlow; its host listens for it at once',
    caller: 'person',
    permission: 'exporter:write',
    body: fields.extend({
      ...NO_DESCRIPTION,
      /** By default the usual one of the protocol. */
      port: Exporter.shape.port.optional(),
      networkId: Exporter.shape.networkId.default(null),
      sampling: Exporter.shape.sampling.default(1),
    }),
    response: SeenExporter,
    status: 201,
  },
  updateExporter: {
    method: 'PUT',
    path: '/api/v1/exporters/{id}',
    summary: 'Change an exporter; it takes effect at once',
    caller: 'person',
    permission: 'exporter:write',
    params,
    body: fields.extend({ revision: z.int().min(0) }),
    response: SeenExporter,
  },
  deleteExporter: {
    method: 'DELETE',
    path: '/api/v1/exporters/{id}',
    summary: 'Believe an exporter no longer; its flows stay as long as others',
    caller: 'person',
    permission: 'exporter:write',
    params,
    status: 204,
  },
  listStrangers: {
    method: 'GET',
    path: '/api/v1/unknown-exporters',
    summary: 'Who sends to where hosts listen for exporters and is not believed, the latest first',
    caller: 'person',
    permission: 'exporter:read',
    response: z.object({ items: z.array(HeardStranger) }),
  },
});
