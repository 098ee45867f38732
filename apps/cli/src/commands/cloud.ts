import type { Command } from './command.ts';

const TASK_COLUMNS = ['kind', 'state', 'progress', 'createdBy', 'createdAt', 'error.message', 'id'];

/** The machines of the cloud, and whose they are. */
export const CLOUD: readonly Command[] = [
  { words: 'overview', operation: 'getOverview' },
  { words: 'whoami', operation: 'getSession' },
  {
    words: 'host list',
    operation: 'listHosts',
    columns: ['name', 'state', 'vms', 'appliedRevision', 'intentRevision', 'facts.libvirt', 'lastSeenAt', 'id'],
  },
  { words: 'host show', operation: 'getHost', nameIn: 'listHosts' },
  { words: 'host sync', operation: 'syncHost', nameIn: 'listHosts' },
  { words: 'host revoke', operation: 'revokeHost', nameIn: 'listHosts' },
  { words: 'enrolment create', operation: 'createEnrolment' },
  {
    words: 'enrolment list',
    operation: 'listEnrolments',
    columns: ['hostName', 'createdBy', 'createdAt', 'expiresAt', 'usedAt'],
  },
  {
    words: 'vm list',
    operation: 'listVms',
    lookups: { hostId: 'listHosts', tenantId: 'listTenants', networkId: 'listNetworks', groupId: 'listGroups' },
    columns: ['name', 'state', 'hostId', 'tenantId', 'vcpus', 'memoryMiB', 'tags', 'id'],
  },
  { words: 'vm show', operation: 'getVm', nameIn: 'listVms' },
  { words: 'vm set', operation: 'updateVm', nameIn: 'listVms', lookups: { tenantId: 'listTenants' } },
  { words: 'vm quarantine', operation: 'quarantineVm', nameIn: 'listVms' },
  { words: 'vm release', operation: 'releaseVm', nameIn: 'listVms' },
  { words: 'vm start', operation: 'startVm', nameIn: 'listVms' },
  { words: 'vm shutdown', operation: 'shutdownVm', nameIn: 'listVms' },
  { words: 'vm stop', operation: 'stopVm', nameIn: 'listVms' },
  { words: 'vm reboot', operation: 'rebootVm', nameIn: 'listVms' },
  { words: 'vm migrate', operation: 'migrateVm', nameIn: 'listVms', lookups: { toHostId: 'listHosts' } },
  { words: 'vnic set', operation: 'updateVnic', lookups: { networkId: 'listNetworks' } },
  { words: 'network list', operation: 'listNetworks', columns: ['name', 'vlan', 'cidrs', 'tenantId', 'vms', 'id'] },
  { words: 'network show', operation: 'getNetwork', nameIn: 'listNetworks' },
  { words: 'network create', operation: 'createNetwork', lookups: { tenantId: 'listTenants' } },
  { words: 'network update', operation: 'updateNetwork', nameIn: 'listNetworks', lookups: { tenantId: 'listTenants' } },
  { words: 'network delete', operation: 'deleteNetwork', nameIn: 'listNetworks' },
  { words: 'tenant list', operation: 'listTenants', columns: ['name', 'intraTenant', 'description', 'id'] },
  { words: 'tenant show', operation: 'getTenant', nameIn: 'listTenants' },
  { words: 'tenant create', operation: 'createTenant' },
  { words: 'tenant update', operation: 'updateTenant', nameIn: 'listTenants' },
  { words: 'tenant delete', operation: 'deleteTenant', nameIn: 'listTenants' },
  {
    words: 'task list',
    operation: 'listTasks',
    lookups: { vmId: 'listVms', hostId: 'listHosts' },
    columns: TASK_COLUMNS,
  },
  { words: 'task show', operation: 'getTask' },
];
