import { AlertMatch, Id, type Mistake, Playbook, PlaybookOutcome, PlaybookRun } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';
import { NO_DESCRIPTION } from './new-object.ts';

const params = z.strictObject({ id: Id });
const MISSING: Mistake = { code: 'missing', params: {} };
const NO_SUCH_FIELD: Mistake = { code: 'unknown-field', params: {} };

const fields = z.strictObject({
  name: Playbook.shape.name,
  ...NO_DESCRIPTION,
  /** Off until somebody has looked at what it would have done. */
  enabled: Playbook.shape.enabled.default(false),
  match: AlertMatch.strict().default(AlertMatch.parse({})),
  action: Playbook.shape.action,
  addressSetId: Id.nullable().default(null),
  minutes: Playbook.shape.minutes.default(60),
  perHour: Playbook.shape.perHour.default(5),
  perVmHour: Playbook.shape.perVmHour.default(1),
  approvalMinutes: Playbook.shape.approvalMinutes.default(null),
});

function requireSet({ action, addressSetId }: z.infer<typeof fields>, context: z.RefinementCtx): void {
  const isBlock = action === 'block-peer';
  if (isBlock === (addressSetId !== null)) return;
  const mistake = isBlock ? MISSING : NO_SUCH_FIELD;
  context.addIssue({ code: 'custom', path: ['addressSetId'], params: { mistake } });
}

/** What a playbook would have done about the alerts of the last days, by its limits and as VMs are tagged now. */
export const PlaybookRehearsal = z.object({
  days: z.int(),
  /** Of the alerts that fit. */
  counts: z.record(PlaybookOutcome.extract(['acted', 'asked', 'held']), z.int()),
  /** The newest of them, first. */
  items: z.array(PlaybookRun),
});
export type PlaybookRehearsal = z.infer<typeof PlaybookRehearsal>;

export const playbooks = defineEndpoints({
  listPlaybooks: {
    method: 'GET',
    path: '/api/v1/playbooks',
    summary: 'Playbooks, which respond to alerts by themselves',
    caller: 'person',
    permission: 'playbook:read',
    query: ListQuery,
    response: listOf(Playbook),
  },
  getPlaybook: {
    method: 'GET',
    path: '/api/v1/playbooks/{id}',
    summary: 'One playbook',
    caller: 'person',
    permission: 'playbook:read',
    params,
    response: Playbook,
  },
  createPlaybook: {
    method: 'POST',
    path: '/api/v1/playbooks',
    summary: 'Create a playbook; it does nothing until it is enabled',
    caller: 'person',
    permission: 'playbook:write',
    body: fields.superRefine(requireSet),
    response: Playbook,
    status: 201,
  },
  updatePlaybook: {
    method: 'PUT',
    path: '/api/v1/playbooks/{id}',
    summary: 'Change a playbook; what it did stays as it is',
    caller: 'person',
    permission: 'playbook:write',
    params,
    body: fields.extend({ revision: z.int().min(0) }).superRefine(requireSet),
    response: Playbook,
  },
  deletePlaybook: {
    method: 'DELETE',
    path: '/api/v1/playbooks/{id}',
    summary: 'Delete a playbook; what it did is still undone in time',
    caller: 'person',
    permission: 'playbook:write',
    params,
    status: 204,
  },
  rehearsePlaybook: {
    method: 'GET',
    path: '/api/v1/playbooks/{id}/rehearsal',
    summary: 'What a playbook would have done about recorded alerts; nothing is done',
    caller: 'person',
    permission: 'playbook:read',
    params,
    query: z.strictObject({ days: z.coerce.number().int().min(1).max(30).default(7) }),
    response: PlaybookRehearsal,
  },
  listPlaybookRuns: {
    method: 'GET',
    path: '/api/v1/playbooks/{id}/runs',
    summary: 'What a playbook made of alerts, the newest two hundred first',
    caller: 'person',
    permission: 'playbook:read',
    params,
    response: z.object({ items: z.array(PlaybookRun) }),
  },
});
