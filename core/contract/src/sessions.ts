import { Denial, Duty, Id, Instant, Permission, Scope } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';

export const Session = z.object({
  user: z.object({
    id: Id,
    name: z.string(),
    mustChangePassword: z.boolean(),
    duty: Duty,
    tenantId: Id.nullable(),
    scope: Scope,
  }),
  /** What this person may do to something at least, and why not where to nothing. */
  rights: z.object({
    may: z.array(Permission),
    mayNot: z.array(z.object({ permission: Permission, denial: Denial })),
  }),
  expiresAt: Instant,
});
export type Session = z.infer<typeof Session>;

export const sessions = defineEndpoints({
  signIn: {
    method: 'POST',
    path: '/api/v1/session',
    summary: 'Sign in; the session is an HttpOnly cookie',
    caller: 'public',
    body: z.strictObject({ username: z.string().min(1).max(100), password: z.string().min(1).max(1000) }),
    response: Session,
  },
  getSession: {
    method: 'GET',
    path: '/api/v1/session',
    summary: 'Who am I',
    caller: 'person',
    permission: 'session:own',
    response: Session,
  },
  signOut: {
    method: 'DELETE',
    path: '/api/v1/session',
    summary: 'End this session',
    caller: 'person',
    permission: 'session:own',
    status: 204,
  },
  changePassword: {
    method: 'POST',
    path: '/api/v1/session/password',
    summary: 'Change my password; ends my other sessions',
    caller: 'person',
    permission: 'session:own',
    body: z.strictObject({ current: z.string().min(1).max(1000), next: z.string().min(12).max(1000) }),
    response: Session,
  },
});
