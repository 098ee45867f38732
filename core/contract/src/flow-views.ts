import { FlowView, Id } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';

const params = z.strictObject({ id: Id });
const { name, shared, filter, window, groupBy, thenBy, order, columns } = FlowView.shape;
const fields = z.strictObject({
  name,
  shared: shared.default(false),
  filter: filter.default(''),
  window: window.default(null),
  groupBy: groupBy.default('src.ip'),
  thenBy: thenBy.default(null),
  order: order.default('bytes'),
  columns: columns.default([]),
});

/** Questions about flows that people keep, for themselves or for the others of their tenant or of the provider. */
export const flowViews = defineEndpoints({
  listFlowViews: {
    method: 'GET',
    path: '/api/v1/flow-views',
    summary:
      'Saved questions about flows: one’s own, and those that others of the same tenant or of the provider share',
    caller: 'person',
    permission: 'flow:read',
    query: ListQuery,
    response: listOf(FlowView),
  },
  getFlowView: {
    method: 'GET',
    path: '/api/v1/flow-views/{id}',
    summary: 'One saved question about flows',
    caller: 'person',
    permission: 'flow:read',
    params,
    response: FlowView,
  },
  createFlowView: {
    method: 'POST',
    path: '/api/v1/flow-views',
    summary: 'Save a question about flows under a name',
    caller: 'person',
    permission: 'flow:read',
    body: fields,
    response: FlowView,
    status: 201,
  },
  updateFlowView: {
    method: 'PUT',
    path: '/api/v1/flow-views/{id}',
    summary: 'Change a saved question about flows; its owner’s alone',
    caller: 'person',
    permission: 'flow:read',
    params,
    body: fields.extend({ revision: z.int().min(0) }),
    response: FlowView,
  },
  deleteFlowView: {
    method: 'DELETE',
    path: '/api/v1/flow-views/{id}',
    summary:
      'Delete a saved question about flows: its owner’s, and, if it is shared, of whoever manages the accounts there',
    caller: 'person',
    permission: 'flow:read',
    params,
    status: 204,
  },
});
