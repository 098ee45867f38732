import {
  AlertResponse,
  Id,
  Ip,
  type Mistake,
  ResponseAction,
  ResponseAnswer,
  ResponseMinutes,
  ResponseReason,
  ResponseState,
} from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';

const params = z.strictObject({ id: Id });
const MISSING: Mistake = { code: 'missing', params: {} };
const NO_SUCH_FIELD: Mistake = { code: 'unknown-field', params: {} };

/** What shall be done about an alert, why, and for how long. */
export const Responding = z
  .strictObject({
    action: ResponseAction,
    reason: ResponseReason,
    /** After so many it is undone by itself; absent: when somebody undoes it. */
    minutes: ResponseMinutes.optional(),
    /** Of a block: one of the alert's peers, and the set that it shall be put into. */
    ip: Ip.optional(),
    addressSetId: Id.optional(),
  })
  .superRefine(({ action, ip, addressSetId }, context) => {
    const isBlock = action === 'block-peer';
    for (const [field, value] of Object.entries({ ip, addressSetId }))
      if ((value !== undefined) !== isBlock)
        context.addIssue({ code: 'custom', path: [field], params: { mistake: isBlock ? MISSING : NO_SUCH_FIELD } });
  });
export type Responding = z.infer<typeof Responding>;

export const responses = defineEndpoints({
  listResponses: {
    method: 'GET',
    path: '/api/v1/responses',
    summary: 'What was done about alerts, newest first',
    caller: 'person',
    permission: 'alert:read',
    query: ListQuery.extend({
      alert: Id.optional(),
      incident: Id.optional(),
      vmId: Id.optional(),
      state: ResponseState.optional(),
    }),
    response: listOf(AlertResponse),
  },
  getResponse: {
    method: 'GET',
    path: '/api/v1/responses/{id}',
    summary: 'One response: what was done, by whom, why, until when, and how it ended',
    caller: 'person',
    permission: 'alert:read',
    params,
    response: AlertResponse,
  },
  respondToAlert: {
    method: 'POST',
    path: '/api/v1/alerts/{id}/responses',
    summary:
      "Do something about an alert: quarantine its VM, block one of its peers by an address set that a published rule denies, or ask its tenant. What the alert's response does already is answered as it is",
    caller: 'person',
    permission: 'alert:respond',
    params,
    body: Responding,
    response: AlertResponse,
    status: 201,
  },
  approveResponse: {
    method: 'POST',
    path: '/api/v1/responses/{id}/approve',
    summary: 'Do what a playbook asks for',
    caller: 'person',
    permission: 'alert:respond',
    params,
    response: AlertResponse,
  },
  declineResponse: {
    method: 'POST',
    path: '/api/v1/responses/{id}/decline',
    summary: 'Do not do what a playbook asks for',
    caller: 'person',
    permission: 'alert:respond',
    params,
    body: z.strictObject({ reason: ResponseReason }),
    response: AlertResponse,
  },
  answerResponse: {
    method: 'POST',
    path: '/api/v1/responses/{id}/answer',
    summary: 'Answer what the provider asks about an alert; for the people of the tenant that is asked',
    caller: 'person',
    permission: 'alert:write',
    params,
    body: z.strictObject({ answer: ResponseAnswer, text: ResponseReason }),
    response: AlertResponse,
  },
  undoResponse: {
    method: 'POST',
    path: '/api/v1/responses/{id}/undo',
    summary: 'Take back what a response did',
    caller: 'person',
    permission: 'alert:respond',
    params,
    body: z.strictObject({ reason: ResponseReason }),
    response: AlertResponse,
  },
});
