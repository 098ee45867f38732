import type { StreamEvent } from '@hypervigil/contract';
import type { QueryClient } from '@tanstack/react-query';
import type { CollectionName, Entities } from './collections.ts';
import { followWhatIsRead, readAgain } from './read-again.ts';

/** Replaces rows where they stand and appends new ones, so that a list in its given order does not jump. */
export function upsert<T extends { id: string }>(
  rows: readonly T[],
  changes: ReadonlyMap<string, T | null>,
): readonly T[] {
  const rest = new Map(changes);
  const kept: T[] = [];
  for (const row of rows) {
    const change = rest.get(row.id);
    rest.delete(row.id);
    if (change !== null) kept.push(change ?? row);
  }
  for (const added of rest.values()) if (added !== null) kept.push(added);
  return kept;
}

type Changes = { [K in 'hosts' | 'vms' | 'tasks']: Map<string, Entities[K] | null> };

/** What must be read again when the platform says only that something changed. */
const STALE: Record<Extract<StreamEvent, { kind: 'changed' }>['what'], readonly (readonly string[])[]> = {
  vms: [['vms']],
  networks: [['networks']],
  tenants: [['tenants']],
  groups: [['groups']],
  'address-sets': [['addressSets'], ['threatSets']],
  schedules: [['schedules']],
  services: [['namedServices']],
  policy: [['policy'], ['policies']],
  flows: [['flows']],
  overview: [['overview']],
  enrolments: [['enrolments'], ['hosts']],
  'host-firewall': [['host-firewalls']],
  gateways: [['gateways'], ['gatewayGroups'], ['overview']],
  limits: [['limits'], ['limit-drops'], ['rule-limit-drops'], ['network-limit-drops'], ['vm-limits'], ['overview']],
  mirrors: [['mirrors'], ['captures']],
  exporters: [['exporters'], ['strangers']],
  assertions: [['assertions'], ['overview']],
  observation: [['observation'], ['overview']],
  accounts: [['accounts']],
  alerts: [['alerts'], ['alertExceptions'], ['responses'], ['incidents'], ['detectors'], ['overview']],
  detectors: [['detectorSettings'], ['vm-behaviour']],
  playbooks: [['playbooks'], ['responses']],
  'flow-views': [['flowViews']],
  notifications: [['notificationRoutes'], ['notificationDeliveries'], ['overview']],
};

/** Many events of one moment become one change of each cached list. */
export function applyEvents(client: QueryClient, events: readonly StreamEvent[]): void {
  const changes: Changes = { hosts: new Map(), vms: new Map(), tasks: new Map() };
  const stale = new Map<string, readonly string[]>();
  for (const event of events) {
    switch (event.kind) {
      case 'host':
        changes.hosts.set(event.host.id, event.host);
        break;
      case 'host.removed':
        changes.hosts.set(event.id, null);
        break;
      case 'vm':
        changes.vms.set(event.vm.id, event.vm);
        break;
      case 'vm.removed':
        changes.vms.set(event.id, null);
        break;
      case 'task':
        changes.tasks.set(event.task.id, event.task);
        break;
      case 'changed':
        for (const key of STALE[event.what]) stale.set(key.join(), key);
        break;
      case 'reset':
        void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
        return;
    }
  }
  put(client, 'hosts', changes.hosts);
  put(client, 'vms', changes.vms);
  put(client, 'tasks', changes.tasks);
  for (const queryKey of stale.values()) readAgain(client, queryKey);
}

function put<K extends keyof Changes>(client: QueryClient, name: K & CollectionName, changes: Changes[K]): void {
  if (changes.size === 0) return;
  // What is being read may be from before, and would take the place of these.
  followWhatIsRead(client, [name]);
  client.setQueryData<readonly { id: string }[]>([name], (rows) =>
    rows === undefined ? rows : upsert(rows, changes as ReadonlyMap<string, { id: string } | null>),
  );
}
