import type { Alert } from '@hypervigil/model';
import { cutAlert, cutList } from '../access/cut.ts';
import * as alerts from '../detect/alerts.ts';
import { readBehaviour } from '../detect/behaviour.ts';
import { listDetectors } from '../detect/detectors.ts';
import * as exceptions from '../detect/exceptions.ts';
import { previewSetting } from '../detect/preview.ts';
import { listProposals } from '../detect/proposals.ts';
import * as settings from '../detect/settings.ts';
import { getVm } from '../inventory/vms.ts';
import type { ListOf } from '../state/paging.ts';
import type { HandlerDeps, Part } from './deps.ts';

/** Alerts, what is expected of them, who makes them, and what they know. */
export function alertsHandlers({ db, detection, flows }: HandlerDeps) {
  return {
    listAlerts: async ({ query, access }) =>
      cutList<Alert, ListOf<Alert>>(
        cutAlert(access),
        await alerts.listAlerts(db, query, await access.vms('alert:read', 'alerts.vm_id', 'alerts.tenant_id')),
      ),
    getAlert: async ({ params, access }) => cutAlert(access)(await alerts.getAlert(db, params.id)),
    triageAlert: async ({ params, call, access }) =>
      cutAlert(access)(await alerts.triageAlert(db, call.actor, params.id)),
    startAlert: async ({ params, call, access }) =>
      cutAlert(access)(await alerts.startAlert(db, call.actor, params.id)),
    closeAlert: async ({ params, body, call, access }) =>
      cutAlert(access)(await alerts.closeAlert(db, call.actor, params.id, body)),
    assignAlert: async ({ params, body, call, access, person }) =>
      cutAlert(access)(await alerts.assignAlert(db, call.actor, person, params.id, body.assignee)),
    commentAlert: async ({ params, body, call, access }) =>
      cutAlert(access)(await alerts.commentAlert(db, call.actor, params.id, body.text)),
    listAlertExceptions: async ({ query, access }) =>
      exceptions.listExceptions(
        db,
        query,
        await access.vms('alert:read', 'alert_exceptions.vm_id', 'alert_exceptions.tenant_id'),
      ),
    async deleteAlertException({ params, call }) {
      await exceptions.deleteException(db, call.actor, params.id);
      return undefined;
    },
    listDetectorSettings: ({ query }) => settings.listSettings(db, query),
    listDetectorProposals: () => listProposals(db),
    getDetectorSetting: ({ params }) => settings.getSetting(db, params.id),
    createDetectorSetting: ({ body, call }) => settings.createSetting(db, call.actor, body),
    previewDetectorSetting: ({ body, call }) => previewSetting({ db, flows }, body, call.signal),
    updateDetectorSetting: ({ params, body, call }) => settings.updateSetting(db, call.actor, params.id, body),
    async deleteDetectorSetting({ params, call }) {
      await settings.deleteSetting(db, call.actor, params.id);
      return undefined;
    },
    getVmBehaviour: async ({ params }) => readBehaviour(db, detection, await getVm(db, params.id), Date.now()),
    listDetectors: async ({ access }) =>
      listDetectors(db, {
        alerts: await access.vms('alert:read', 'alerts.vm_id', 'alerts.tenant_id'),
        exceptions: await access.vms('alert:read', 'alert_exceptions.vm_id', 'alert_exceptions.tenant_id'),
      }),
  } satisfies Part;
}
