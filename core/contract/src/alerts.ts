import {
  Alert,
  AlertCode,
  AlertComment,
  AlertException,
  AlertResolution,
  AlertState,
  ExceptionExtent,
  Id,
  MAX_EXCEPTION_DAYS,
  type Mistake,
  Name,
  Severity,
} from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';

const params = z.strictObject({ id: Id });
const Text = z.string().trim().min(1).max(4000);

/** An alert with what people have written about it, the oldest first, and the exception that came of it. */
export const AlertDetail = Alert.extend({ comments: z.array(AlertComment), exception: AlertException.nullable() });
export type AlertDetail = z.infer<typeof AlertDetail>;

/** Of another resolution than expected. */
const NO_SUCH_FIELD: Mistake = { code: 'unknown-field', params: {} };

/** What something turned out to be. */
export const Closing = z
  .strictObject({
    resolution: AlertResolution,
    comment: Text.optional(),
    /** Of what is expected: for so long no alert is raised for it; 0 for no exception, absent for the usual time. */
    exceptionDays: z.int().min(0).max(MAX_EXCEPTION_DAYS).optional(),
    exceptionFor: ExceptionExtent.optional(),
  })
  .superRefine(({ resolution, exceptionDays, exceptionFor }, context) => {
    if (resolution === 'expected') return;
    for (const [field, value] of Object.entries({ exceptionDays, exceptionFor }))
      if (value !== undefined) context.addIssue({ code: 'custom', path: [field], params: { mistake: NO_SUCH_FIELD } });
  });
export type Closing = z.infer<typeof Closing>;

export const Assigning = z.strictObject({ assignee: Name.nullable() });

export const alerts = defineEndpoints({
  listAlerts: {
    method: 'GET',
    path: '/api/v1/alerts',
    summary: 'What VMs do wrong, or what is done to them; newest first',
    caller: 'person',
    permission: 'alert:read',
    query: ListQuery.extend({
      state: AlertState.optional(),
      severity: Severity.optional(),
      code: AlertCode.optional(),
      vmId: Id.optional(),
    }),
    response: listOf(Alert),
  },
  getAlert: {
    method: 'GET',
    path: '/api/v1/alerts/{id}',
    summary: 'One alert, with its comments',
    caller: 'person',
    permission: 'alert:read',
    params,
    response: AlertDetail,
  },
  triageAlert: {
    method: 'POST',
    path: '/api/v1/alerts/{id}/triage',
    summary: 'Somebody has looked at it, and it waits for its turn',
    caller: 'person',
    permission: 'alert:write',
    params,
    response: AlertDetail,
  },
  startAlert: {
    method: 'POST',
    path: '/api/v1/alerts/{id}/start',
    summary: 'Begin to work on it; whoever does looks after it, unless somebody does already',
    caller: 'person',
    permission: 'alert:write',
    params,
    response: AlertDetail,
  },
  closeAlert: {
    method: 'POST',
    path: '/api/v1/alerts/{id}/close',
    summary:
      'Say what it turned out to be: true, false, or expected. The same behaviour is another alert from then on; of what is expected, once its exception has ended',
    caller: 'person',
    permission: 'alert:write',
    params,
    body: Closing,
    response: AlertDetail,
  },
  assignAlert: {
    method: 'POST',
    path: '/api/v1/alerts/{id}/assign',
    summary: 'Give it to an account by its name; null takes it from whoever has it',
    caller: 'person',
    permission: 'alert:write',
    params,
    body: Assigning,
    response: AlertDetail,
  },
  commentAlert: {
    method: 'POST',
    path: '/api/v1/alerts/{id}/comments',
    summary: 'Write something about it',
    caller: 'person',
    permission: 'alert:write',
    params,
    body: z.strictObject({ text: Text }),
    response: AlertDetail,
  },
});
