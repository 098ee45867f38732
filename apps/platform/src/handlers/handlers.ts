import type { api } from '@hypervigil/contract';
import type { Handlers } from '../http/implement.ts';
import { alertsHandlers } from './alerts.ts';
import type { HandlerDeps } from './deps.ts';
import { exportersHandlers } from './exporters.ts';
import { flowViewsHandlers } from './flow-views.ts';
import { flowsHandlers } from './flows.ts';
import { gatewaysHandlers } from './gateways.ts';
import { hostsHandlers } from './hosts.ts';
import { incidentsHandlers } from './incidents.ts';
import { inventoryHandlers } from './inventory.ts';
import { notificationHandlers } from './notification.ts';
import { objectsHandlers } from './objects.ts';
import { overviewHandlers } from './overview.ts';
import { playbooksHandlers } from './playbooks.ts';
import { policyHandlers } from './policy.ts';
import { responsesHandlers } from './responses.ts';
import { sessionHandlers } from './session.ts';

export type { HandlerDeps } from './deps.ts';

/** Every operation of the API, each a line or two to where it is done. */
export function createHandlers(deps: HandlerDeps): Handlers<typeof api> {
  return {
    ...sessionHandlers(deps),
    ...hostsHandlers(deps),
    ...exportersHandlers(deps),
    ...gatewaysHandlers(deps),
    ...inventoryHandlers(deps),
    ...objectsHandlers(deps),
    ...policyHandlers(deps),
    ...flowsHandlers(deps),
    ...flowViewsHandlers(deps),
    ...alertsHandlers(deps),
    ...responsesHandlers(deps),
    ...playbooksHandlers(deps),
    ...incidentsHandlers(deps),
    ...notificationHandlers(deps),
    ...overviewHandlers(deps),
  };
}
