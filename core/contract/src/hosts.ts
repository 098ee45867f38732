import { Host, Id, Instant, Name, Task } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';

const params = z.strictObject({ id: Id });

export const Enrolment = z.object({
  id: Id,
  hostName: Name,
  createdBy: z.string(),
  createdAt: Instant,
  expiresAt: Instant,
  usedAt: Instant.nullable(),
});
export type Enrolment = z.infer<typeof Enrolment>;

export const hosts = defineEndpoints({
  listHosts: {
    method: 'GET',
    path: '/api/v1/hosts',
    summary: 'Hosts with state, health and what they enforce',
    caller: 'person',
    permission: 'host:read',
    query: ListQuery,
    response: listOf(Host),
  },
  getHost: {
    method: 'GET',
    path: '/api/v1/hosts/{id}',
    summary: 'One host',
    caller: 'person',
    permission: 'host:read',
    params,
    response: Host,
  },
  syncHost: {
    method: 'POST',
    path: '/api/v1/hosts/{id}/sync',
    summary: 'Read the whole inventory of a host again now',
    caller: 'person',
    permission: 'host:administer',
    params,
    response: Task,
    status: 202,
  },
  revokeHost: {
    method: 'DELETE',
    path: '/api/v1/hosts/{id}',
    summary: 'Revoke the certificate of a host; it keeps enforcing what it was last told',
    caller: 'person',
    permission: 'host:administer',
    params,
    status: 204,
  },
  createEnrolment: {
    method: 'POST',
    path: '/api/v1/enrolments',
    summary: 'A one-time token with which one host joins',
    caller: 'person',
    permission: 'host:administer',
    body: z.strictObject({ hostName: Name, validSeconds: z.int().min(60).max(86_400).default(3600) }),
    /** The token is in this answer only; the platform keeps its hash. */
    response: Enrolment.extend({ token: z.string(), caFingerprint: z.string(), url: z.string(), command: z.string() }),
    status: 201,
  },
  listEnrolments: {
    method: 'GET',
    path: '/api/v1/enrolments',
    summary: 'Tokens that were given out',
    caller: 'person',
    permission: 'host:read',
    query: ListQuery,
    response: listOf(Enrolment),
  },
  enrol: {
    method: 'POST',
    path: '/api/v1/engine/enrol',
    summary: 'A host joins: token and certificate request in, certificate out',
    caller: 'public',
    body: z.strictObject({ token: z.string().min(10).max(200), csr: z.string().min(100).max(10_000) }),
    response: z.object({ hostId: Id, hostName: Name, certificate: z.string(), ca: z.string() }),
    status: 201,
  },
  renewCertificate: {
    method: 'POST',
    path: '/api/v1/engine/renew',
    summary: 'A host renews its certificate before it expires',
    caller: 'engine',
    body: z.strictObject({ csr: z.string().min(100).max(10_000) }),
    response: z.object({ certificate: z.string(), ca: z.string() }),
  },
});
