import { AlertCode, DetectorSetting, Id, Instant, isGraded, type Mistake } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';

const params = z.strictObject({ id: Id });
const TWICE: Mistake = { code: 'twice', params: {} };

const fields = z.strictObject({
  groupId: Id.nullable().default(null),
  codes: DetectorSetting.shape.codes,
  sensitivity: DetectorSetting.shape.sensitivity,
  reason: DetectorSetting.shape.reason,
  expiresAt: Instant.nullable().default(null),
});

function requireSense(
  { codes, sensitivity }: Pick<z.infer<typeof fields>, 'codes' | 'sensitivity'>,
  context: z.RefinementCtx,
): void {
  const wrong = (at: number, mistake: Mistake) =>
    context.addIssue({ code: 'custom', path: ['codes', at], params: { mistake } });
  for (const [at, code] of codes.entries()) {
    if (codes.indexOf(code) < at) wrong(at, TWICE);
    else if ((sensitivity === 'low' || sensitivity === 'high') && !isGraded(code))
      wrong(at, { code: 'not-graded', params: {} });
  }
}

/** A setting that what became of alerts speaks for; people decide. */
export const DetectorProposal = DetectorSetting.pick({ groupId: true, groupName: true, sensitivity: true }).extend({
  code: AlertCode,
  /** Of how many VMs alerts were closed as false and as expected; none was true. */
  vms: z.int(),
  false: z.int(),
  expected: z.int(),
});
export type DetectorProposal = z.infer<typeof DetectorProposal>;

/** What detectors would have told of recorded flows; an alert counts once. */
export const DetectorPreview = z.object({
  from: Instant,
  to: Instant,
  /** That were looked at; where there are more, the newest. */
  flows: z.int(),
  isCut: z.boolean(),
  /** Alerts as usual, and as set. */
  usual: z.int(),
  set: z.int(),
  /** Of the detectors asked about, those that take more than flows. */
  notReplayed: z.array(AlertCode),
  /** The newest first, at most two hundred. */
  items: z.array(
    z.object({
      code: AlertCode,
      vmId: Id,
      vmName: z.string(),
      at: Instant,
      usual: z.boolean(),
      set: z.boolean(),
    }),
  ),
});
export type DetectorPreview = z.infer<typeof DetectorPreview>;

/** How soon detectors tell of which VMs. */
export const detectorSettings = defineEndpoints({
  listDetectorSettings: {
    method: 'GET',
    path: '/api/v1/detector-settings',
    summary: 'How sensitive detectors are for which VMs, where it is not as usual',
    caller: 'person',
    permission: 'detector:read',
    query: ListQuery.extend({ code: AlertCode.optional(), groupId: Id.optional() }),
    response: listOf(DetectorSetting),
  },
  listDetectorProposals: {
    method: 'GET',
    path: '/api/v1/detector-settings/proposals',
    summary:
      'Settings of detectors that what became of the alerts of the last ninety days speaks for; nothing is set by it',
    caller: 'person',
    permission: 'detector:read',
    response: z.object({ items: z.array(DetectorProposal) }),
  },
  getDetectorSetting: {
    method: 'GET',
    path: '/api/v1/detector-settings/{id}',
    summary: 'One setting of detectors',
    caller: 'person',
    permission: 'detector:read',
    params,
    response: DetectorSetting,
  },
  createDetectorSetting: {
    method: 'POST',
    path: '/api/v1/detector-settings',
    summary:
      'Set detectors for the VMs of a group, or for all that no setting of a group is for: more or less sensitive, or off. Of several groups, the setting that tells least counts',
    caller: 'person',
    permission: 'detector:write',
    body: fields.superRefine(requireSense),
    response: DetectorSetting,
    status: 201,
  },
  previewDetectorSetting: {
    method: 'POST',
    path: '/api/v1/detector-settings/preview',
    summary:
      'What detectors would have told of recorded flows as usual and as they would be set; nothing is changed. They know nothing at the beginning of that time, and learn',
    caller: 'person',
    permission: 'detector:write',
    body: fields
      .pick({ groupId: true, codes: true, sensitivity: true })
      .extend({ days: z.int().min(1).max(7).default(7) })
      .superRefine(requireSense),
    response: DetectorPreview,
  },
  updateDetectorSetting: {
    method: 'PUT',
    path: '/api/v1/detector-settings/{id}',
    summary: 'Change a setting of detectors; it holds from the next flow on',
    caller: 'person',
    permission: 'detector:write',
    params,
    body: fields.extend({ revision: z.int().min(0) }).superRefine(requireSense),
    response: DetectorSetting,
  },
  deleteDetectorSetting: {
    method: 'DELETE',
    path: '/api/v1/detector-settings/{id}',
    summary: 'Delete a setting of detectors: they are as usual again',
    caller: 'person',
    permission: 'detector:write',
    params,
    status: 204,
  },
});
