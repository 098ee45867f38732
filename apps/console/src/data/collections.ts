import type { CheckedAssertion, DraftPolicy, ScheduleNow, SeenExporter, SeenMirror } from '@hypervigil/contract';
import type {
  Account,
  AddressSet,
  Alert,
  AlertException,
  AlertResponse,
  Capture,
  DetectorSetting,
  FlowView,
  Gateway,
  GatewayGroup,
  Group,
  Host,
  Incident,
  Limit,
  NamedService,
  Network,
  NotificationDelivery,
  NotificationRoute,
  Permission,
  Playbook,
  Task,
  Tenant,
  ThreatSet,
  Vm,
} from '@hypervigil/model';
import { platform } from './client.ts';
import { readChanges } from './draft-changes.ts';

export type GroupSummary = Group & { memberCount: number };

/** What the console holds whole, so that every name, address and link resolves without another question. */
export interface Entities {
  hosts: Host;
  vms: Vm;
  networks: Network;
  tenants: Tenant;
  groups: GroupSummary;
  addressSets: AddressSet;
  threatSets: ThreatSet;
  schedules: ScheduleNow;
  namedServices: NamedService;
  limits: Limit;
  gatewayGroups: GatewayGroup;
  gateways: Gateway;
  mirrors: SeenMirror;
  exporters: SeenExporter;
  captures: Capture;
  policies: DraftPolicy;
  assertions: CheckedAssertion;
  alerts: Alert;
  alertExceptions: AlertException;
  responses: AlertResponse;
  detectorSettings: DetectorSetting;
  playbooks: Playbook;
  flowViews: FlowView;
  incidents: Incident;
  notificationRoutes: NotificationRoute;
  notificationDeliveries: NotificationDelivery;
  tasks: Task;
  accounts: Account;
}
export type CollectionName = keyof Entities;

interface Page<T> {
  items: T[];
  total: number;
  next: string | null;
}

interface PageRequest {
  query: { limit: number; cursor?: string };
}
type ReadPage<T> = (request: PageRequest, options: { signal: AbortSignal }) => Promise<Page<T>>;

export interface CollectionSource<T> {
  /** Whoever has it not is shown an empty list, and nothing is asked. */
  readonly permission: Permission;
  readonly read: ReadPage<T>;
  /** Reads only what changed of what is held; undefined where that cannot be told, and all of it is read. */
  readonly refresh?: (held: () => readonly T[], signal: AbortSignal) => Promise<readonly T[] | undefined>;
  /** History without end is held only as far back as people look at it. */
  readonly maxPages: number;
}

/** They come in one answer: there are few on each host. */
const readGateways: ReadPage<Gateway> = async (_, options) => {
  const { items } = await platform.listGateways(undefined, options);
  return { items, total: items.length, next: null };
};

const readCaptures: ReadPage<Capture> = async (_, options) => {
  const { items } = await platform.listCaptures({ query: {} }, options);
  return { items, total: items.length, next: null };
};

export const COLLECTIONS: { readonly [K in CollectionName]: CollectionSource<Entities[K]> } = {
  hosts: { permission: 'host:read', read: platform.listHosts, maxPages: 10 },
  vms: { permission: 'vm:read', read: platform.listVms, maxPages: 100 },
  networks: { permission: 'network:read', read: platform.listNetworks, maxPages: 20 },
  tenants: { permission: 'tenant:read', read: platform.listTenants, maxPages: 20 },
  groups: { permission: 'group:read', read: platform.listGroups, maxPages: 20 },
  addressSets: { permission: 'address-set:read', read: platform.listAddressSets, maxPages: 20 },
  threatSets: { permission: 'address-set:read', read: platform.listThreatSets, maxPages: 20 },
  schedules: { permission: 'catalogue:read', read: platform.listSchedules, maxPages: 20 },
  namedServices: { permission: 'catalogue:read', read: platform.listNamedServices, maxPages: 20 },
  limits: { permission: 'limit:read', read: platform.listLimits, maxPages: 20 },
  gatewayGroups: { permission: 'gateway-group:read', read: platform.listGatewayGroups, maxPages: 20 },
  gateways: { permission: 'gateway:read', read: readGateways, maxPages: 1 },
  exporters: { permission: 'exporter:read', read: platform.listExporters, maxPages: 5 },
  mirrors: { permission: 'mirror:read', read: platform.listMirrors, maxPages: 20 },
  captures: { permission: 'capture:list', read: readCaptures, maxPages: 1 },
  policies: { permission: 'policy:read', read: platform.listPolicies, refresh: readChanges, maxPages: 20 },
  assertions: { permission: 'assertion:read', read: platform.listAssertions, maxPages: 5 },
  alerts: { permission: 'alert:read', read: platform.listAlerts, maxPages: 2 },
  alertExceptions: { permission: 'alert:read', read: platform.listAlertExceptions, maxPages: 5 },
  responses: { permission: 'alert:read', read: platform.listResponses, maxPages: 5 },
  detectorSettings: { permission: 'detector:read', read: platform.listDetectorSettings, maxPages: 1 },
  playbooks: { permission: 'playbook:read', read: platform.listPlaybooks, maxPages: 5 },
  flowViews: { permission: 'flow:read', read: platform.listFlowViews, maxPages: 5 },
  incidents: { permission: 'alert:read', read: platform.listIncidents, maxPages: 2 },
  notificationRoutes: { permission: 'notification:read', read: platform.listNotificationRoutes, maxPages: 20 },
  notificationDeliveries: { permission: 'notification:read', read: platform.listNotificationDeliveries, maxPages: 2 },
  tasks: { permission: 'task:read', read: platform.listTasks, maxPages: 1 },
  accounts: { permission: 'account:read', read: platform.listAccounts, maxPages: 20 },
};

/** Reads pages until the end, and tells of each as it comes: the first thousand rows show before the last are read. */
export async function readCollection<T>(
  source: CollectionSource<T>,
  signal: AbortSignal,
  onPartial: (items: readonly T[]) => void,
): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < source.maxPages; page++) {
    const answer = await source.read(
      { query: cursor === undefined ? { limit: 1000 } : { limit: 1000, cursor } },
      { signal },
    );
    items.push(...answer.items);
    if (answer.next === null) break;
    cursor = answer.next;
    onPartial(items.slice());
  }
  return items;
}
