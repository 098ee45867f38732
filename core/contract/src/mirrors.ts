import { Capture, CaptureBounds, Id, Mirror, MirrorReport } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';
import { NO_DESCRIPTION } from './new-object.ts';

const params = z.strictObject({ id: Id });
const fields = Mirror.pick({
  name: true,
  description: true,
  tenantId: true,
  vmIds: true,
  oneIn: true,
  target: true,
}).strict();

/** A mirror with what its hosts say of it. */
export const SeenMirror = Mirror.extend({
  /** Where its tenant's people ask, without the hosts' names: those are the provider's. */
  hosts: z.array(MirrorReport.omit({ id: true }).extend({ hostId: Id.nullable(), hostName: z.string().nullable() })),
});
export type SeenMirror = z.infer<typeof SeenMirror>;

/** A piece of a capture's file. */
export const CapturePart = z.object({
  /** Base64. */
  data: z.string(),
  /** Where the next piece begins; null after the last one. */
  next: z.int().nullable(),
});

/**
 * Copies of traffic. What is copied is the content of a tenant's traffic: making mirrors and captures, and reading these, is
 * for that tenant alone (core/authz, `content`). `readCapture` is the only operation that hands it out.
 */
export const mirrors = defineEndpoints({
  listMirrors: {
    method: 'GET',
    path: '/api/v1/mirrors',
    summary: 'Mirrors, which get copies of traffic',
    caller: 'person',
    permission: 'mirror:read',
    query: ListQuery,
    response: listOf(SeenMirror),
  },
  getMirror: {
    method: 'GET',
    path: '/api/v1/mirrors/{id}',
    summary: 'One mirror, and what its hosts say of it',
    caller: 'person',
    permission: 'mirror:read',
    params,
    response: SeenMirror,
  },
  createMirror: {
    method: 'POST',
    path: '/api/v1/mirrors',
    summary: "Create a mirror of a tenant's traffic; rules of the tenant may name it",
    caller: 'person',
    permission: 'mirror:write',
    body: fields.extend(NO_DESCRIPTION),
    response: SeenMirror,
    status: 201,
  },
  updateMirror: {
    method: 'PUT',
    path: '/api/v1/mirrors/{id}',
    summary: 'Change a mirror; it takes effect at once',
    caller: 'person',
    permission: 'mirror:write',
    params,
    body: fields.omit({ tenantId: true }).extend({ revision: z.int().min(0) }),
    response: SeenMirror,
  },
  deleteMirror: {
    method: 'DELETE',
    path: '/api/v1/mirrors/{id}',
    summary: 'Delete a mirror that no rule names, with its captures',
    caller: 'person',
    permission: 'mirror:write',
    params,
    status: 204,
  },
  startCapture: {
    method: 'POST',
    path: '/api/v1/mirrors/{id}/captures',
    summary: 'Write what a mirror copies into files, for a time and up to a size',
    caller: 'person',
    permission: 'capture:take',
    params,
    body: CaptureBounds,
    response: Capture,
    status: 201,
  },
  listCaptures: {
    method: 'GET',
    path: '/api/v1/captures',
    summary: 'Captures of the last seven days, newest first',
    caller: 'person',
    permission: 'capture:list',
    query: z.strictObject({ mirrorId: Id.optional() }),
    response: z.object({ items: z.array(Capture) }),
  },
  getCapture: {
    method: 'GET',
    path: '/api/v1/captures/{id}',
    summary: 'One capture, with the files that hosts have of it',
    caller: 'person',
    permission: 'capture:list',
    params,
    response: Capture,
  },
  stopCapture: {
    method: 'POST',
    path: '/api/v1/captures/{id}/stop',
    summary: 'End a capture now',
    caller: 'person',
    permission: 'capture:take',
    params,
    response: Capture,
  },
  deleteCapture: {
    method: 'DELETE',
    path: '/api/v1/captures/{id}',
    summary: 'End a capture and delete its files',
    caller: 'person',
    permission: 'capture:take',
    params,
    status: 204,
  },
  readCapture: {
    method: 'GET',
    path: '/api/v1/captures/{id}/files/{fileId}',
    summary: 'Read a piece of a file (pcap); it is whole when its SHA-256 is the one that the capture tells',
    caller: 'person',
    permission: 'capture:read',
    params: z.strictObject({ id: Id, fileId: Id }),
    query: z.strictObject({ offset: z.coerce.number().int().min(0).default(0) }),
    response: CapturePart,
  },
});
