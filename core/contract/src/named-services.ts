import { Id, NamedService } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';
import { NO_DESCRIPTION } from './new-object.ts';

const params = z.strictObject({ id: Id });
const fields = NamedService.pick({ name: true, description: true, services: true }).strict();

export const namedServices = defineEndpoints({
  listNamedServices: {
    method: 'GET',
    path: '/api/v1/services',
    summary: 'Services under a name: those of the catalogue, and your own',
    caller: 'person',
    permission: 'catalogue:read',
    query: ListQuery,
    response: listOf(NamedService),
  },
  getNamedService: {
    method: 'GET',
    path: '/api/v1/services/{id}',
    summary: 'One named service',
    caller: 'person',
    permission: 'catalogue:read',
    params,
    response: NamedService,
  },
  createNamedService: {
    method: 'POST',
    path: '/api/v1/services',
    summary: 'Create a named service',
    caller: 'person',
    permission: 'catalogue:write',
    body: fields.extend(NO_DESCRIPTION),
    response: NamedService,
    status: 201,
  },
  updateNamedService: {
    method: 'PUT',
    path: '/api/v1/services/{id}',
    summary: 'Change a named service of your own; it takes effect at once',
    caller: 'person',
    permission: 'catalogue:write',
    params,
    body: fields.extend({ revision: z.int().min(0) }),
    response: NamedService,
  },
  deleteNamedService: {
    method: 'DELETE',
    path: '/api/v1/services/{id}',
    summary: 'Delete a named service of your own that no rule names',
    caller: 'person',
    permission: 'catalogue:write',
    params,
    status: 204,
  },
});
