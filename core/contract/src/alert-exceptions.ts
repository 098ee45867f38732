import { AlertCode, AlertException, DetectorRecord, Id, VmBehaviour } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';

/** What detectors know and how right they are; exceptions come from alerts that are closed as expected. */
export const alertExceptions = defineEndpoints({
  listAlertExceptions: {
    method: 'GET',
    path: '/api/v1/alert-exceptions',
    summary:
      'Behaviour that is expected of VMs and raises no alert, newest first; those that have ended stay for a while',
    caller: 'person',
    permission: 'alert:read',
    query: ListQuery.extend({ code: AlertCode.optional(), vmId: Id.optional() }),
    response: listOf(AlertException),
  },
  deleteAlertException: {
    method: 'DELETE',
    path: '/api/v1/alert-exceptions/{id}',
    summary: 'Expect it no longer: the same behaviour raises alerts again',
    caller: 'person',
    permission: 'alert:write',
    params: z.strictObject({ id: Id }),
    status: 204,
  },
  listDetectors: {
    method: 'GET',
    path: '/api/v1/detectors',
    summary: 'What became of the alerts of each detector: true, false, expected, and what exceptions swallowed',
    caller: 'person',
    permission: 'alert:read',
    response: z.object({ items: z.array(DetectorRecord) }),
  },
  getVmBehaviour: {
    method: 'GET',
    path: '/api/v1/vms/{id}/behaviour',
    summary:
      'What detectors know of a VM: what each hour of the week had and usually has at most, from what on alerts are raised, and how far they are that still learn',
    caller: 'person',
    permission: 'alert:read',
    params: z.strictObject({ id: Id }),
    response: VmBehaviour,
  },
});
