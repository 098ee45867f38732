import type { Command } from './command.ts';

/** Who beside the hosts is believed what it tells of flows. */
export const EXPORTERS: readonly Command[] = [
  {
    words: 'exporter list',
    operation: 'listExporters',
    columns: [
      ...['name', 'hostName', 'protocol', 'address', 'listen', 'port', 'sampling', 'networkId', 'report.state'],
      ...['report.flows', 'report.lost', 'report.lastHeardAt', 'revision', 'id'],
    ],
  },
  { words: 'exporter show', operation: 'getExporter', nameIn: 'listExporters' },
  {
    words: 'exporter add',
    operation: 'createExporter',
    lookups: { hostId: 'listHosts', networkId: 'listNetworks' },
  },
  {
    words: 'exporter update',
    operation: 'updateExporter',
    nameIn: 'listExporters',
    lookups: { hostId: 'listHosts', networkId: 'listNetworks' },
  },
  { words: 'exporter remove', operation: 'deleteExporter', nameIn: 'listExporters' },
  {
    words: 'exporter unknown',
    operation: 'listStrangers',
    columns: ['address', 'hostName', 'listen', 'port', 'datagrams', 'lastAt'],
  },
];
