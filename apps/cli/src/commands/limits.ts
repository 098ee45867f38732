import { limitRows, readBandwidth, readConnectionRate, vmLimitRows } from '../limits.ts';
import type { Command } from './command.ts';

const LIMIT_NAMES = {
  vmIds: 'listVms',
  groupIds: 'listGroups',
  networkIds: 'listNetworks',
  tenantIds: 'listTenants',
} as const;

const LIMIT_FIELDS = {
  bandwidthOut: readBandwidth,
  bandwidthIn: readBandwidth,
  newOut: readConnectionRate,
  newIn: readConnectionRate,
};

/** What vNICs and rules may have at most. */
export const LIMITS: readonly Command[] = [
  {
    words: 'limit list',
    operation: 'listLimits',
    rows: limitRows,
    columns: ['name', 'for', 'bandwidthOut', 'bandwidthIn', 'newOut', 'newIn', 'open', 'networkOpen', 'id'],
  },
  { words: 'limit show', operation: 'getLimit', nameIn: 'listLimits' },
  { words: 'limit create', operation: 'createLimit', lookups: LIMIT_NAMES, reads: LIMIT_FIELDS },
  {
    words: 'limit update',
    operation: 'updateLimit',
    nameIn: 'listLimits',
    lookups: LIMIT_NAMES,
    reads: LIMIT_FIELDS,
  },
  { words: 'limit delete', operation: 'deleteLimit', nameIn: 'listLimits' },
  {
    words: 'limit drops',
    operation: 'listLimitDrops',
    columns: ['vmName', 'hostName', 'kind', 'droppedPackets', 'droppedBytes', 'goesOn', 'since', 'lastAt'],
  },
  {
    words: 'limit network-drops',
    operation: 'listNetworkLimitDrops',
    columns: ['networkName', 'hostName', 'droppedPackets', 'droppedBytes', 'goesOn', 'since', 'lastAt'],
  },
  {
    words: 'policy limit-drops',
    operation: 'listRuleLimitDrops',
    columns: ['rule.policy', 'rule.name', 'kind', 'droppedPackets', 'droppedBytes', 'hosts', 'goesOn', 'lastAt'],
  },
  {
    words: 'vm limits',
    operation: 'getVmLimits',
    nameIn: 'listVms',
    rows: vmLimitRows,
    columns: ['kind', 'value', 'limit', 'dropped', 'now', 'vnic'],
  },
];
