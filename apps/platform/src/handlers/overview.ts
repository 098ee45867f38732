import { cutList, cutTask, isProviders } from '../access/cut.ts';
import { cutEvents } from '../events/cut.ts';
import { listAudit } from '../overview/audit.ts';
import { tenantOverview } from '../overview/of-tenant.ts';
import { getOverview } from '../overview/overview.ts';
import * as tasks from '../tasks/tasks.ts';
import type { HandlerDeps, Part } from './deps.ts';

/** The overview, tasks, the audit log and events. */
export function overviewHandlers(deps: HandlerDeps) {
  const { db, streams } = deps;
  return {
    getOverview: ({ access }) =>
      isProviders(access) ? getOverview(db, deps.flows) : tenantOverview(db, deps.flows, access),
    listTasks: async ({ query, access }) =>
      cutList(
        cutTask(access),
        await tasks.listTasks(
          db,
          query,
          isProviders(access) ? null : await access.vms('task:read', 'vms.id', 'vms.tenant_id'),
        ),
      ),
    getTask: async ({ params, access }) => cutTask(access)(await tasks.getTask(db, params.id)),
    listAudit: ({ query, person }) => listAudit(db, query, person.tenantId),
    streamEvents: ({ call, access }) =>
      streams.open(call.lastEventId, call.signal, call.stillSignedIn, cutEvents(access)),
  } satisfies Part;
}
