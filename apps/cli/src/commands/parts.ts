import type { Command } from './command.ts';

const GROUP_NAMES = {
  tenantId: 'listTenants',
  vmIds: 'listVms',
  networkIds: 'listNetworks',
  tenantIds: 'listTenants',
  groupIds: 'listGroups',
} as const;

/** What rules name. */
export const PARTS: readonly Command[] = [
  {
    words: 'group list',
    operation: 'listGroups',
    columns: ['name', 'tenantId', 'memberCount', 'selector', 'revision', 'id'],
  },
  { words: 'group show', operation: 'getGroup', nameIn: 'listGroups' },
  { words: 'group create', operation: 'createGroup', lookups: GROUP_NAMES },
  { words: 'group update', operation: 'updateGroup', nameIn: 'listGroups', lookups: GROUP_NAMES },
  { words: 'group delete', operation: 'deleteGroup', nameIn: 'listGroups' },
  {
    words: 'address-set list',
    operation: 'listAddressSets',
    columns: ['name', 'tenantId', 'entries', 'excluded', 'blocks', 'revision', 'id'],
  },
  { words: 'address-set show', operation: 'getAddressSet', nameIn: 'listAddressSets' },
  { words: 'address-set entries', operation: 'listAddressSetEntries', nameIn: 'listAddressSets' },
  { words: 'address-set create', operation: 'createAddressSet', lookups: { tenantId: 'listTenants' } },
  {
    words: 'address-set update',
    operation: 'updateAddressSet',
    nameIn: 'listAddressSets',
    lookups: { tenantId: 'listTenants' },
  },
  { words: 'address-set delete', operation: 'deleteAddressSet', nameIn: 'listAddressSets' },
  {
    words: 'schedule list',
    operation: 'listSchedules',
    columns: ['name', 'zone', 'holds', 'nextChange', 'windows', 'revision', 'id'],
  },
  { words: 'schedule show', operation: 'getSchedule', nameIn: 'listSchedules' },
  { words: 'schedule create', operation: 'createSchedule' },
  { words: 'schedule update', operation: 'updateSchedule', nameIn: 'listSchedules' },
  { words: 'schedule delete', operation: 'deleteSchedule', nameIn: 'listSchedules' },
  {
    words: 'service list',
    operation: 'listNamedServices',
    columns: ['name', 'builtIn', 'services', 'description', 'id'],
  },
  { words: 'service show', operation: 'getNamedService', nameIn: 'listNamedServices' },
  { words: 'service create', operation: 'createNamedService' },
  { words: 'service update', operation: 'updateNamedService', nameIn: 'listNamedServices' },
  { words: 'service delete', operation: 'deleteNamedService', nameIn: 'listNamedServices' },
  {
    words: 'threat-set list',
    operation: 'listThreatSets',
    columns: ['name', 'feed.format', 'entries', 'state.source', 'state.checkedAt', 'state.problem.message', 'id'],
  },
  { words: 'threat-set show', operation: 'getThreatSet', nameIn: 'listThreatSets' },
  { words: 'threat-set create', operation: 'createThreatSet', lookups: { tenantId: 'listTenants' } },
  {
    words: 'threat-set update',
    operation: 'updateThreatSet',
    nameIn: 'listThreatSets',
    lookups: { tenantId: 'listTenants' },
  },
  { words: 'threat-set refresh', operation: 'refreshThreatSet', nameIn: 'listThreatSets' },
  { words: 'threat-set upload', operation: 'uploadThreatSet', nameIn: 'listThreatSets' },
  { words: 'threat-set delete', operation: 'deleteThreatSet', nameIn: 'listThreatSets' },
];
