import type { HeardStranger, SeenExporter } from '@hypervigil/contract';
import { EXPORT_PORTS } from '@hypervigil/model';
import { find, type Handlers, page, type State } from './handlers.ts';
import { ago, HOUR, MINUTE, SECOND, uuid } from './make.ts';

export function exporterHandlers(state: State): Handlers {
  const { data, events } = state;
  const host = { hostId: uuid('host', 1), hostName: 'kvm-01' };
  const common = { ...host, networkId: null, sampling: 1, revision: 1, changedAt: ago(5 * HOUR) };
  const figures: NonNullable<SeenExporter['report']> = {
    ...{ state: 'listening' as const, reason: null, datagrams: 12_345, flows: 88_410, lost: 12, resets: 1 },
    ...{ malformed: 0, withoutTemplate: 3, absurd: 0, sampling: null, lastHeardAt: ago(4 * SECOND) },
  };
  const isEmpty = data.hosts.length === 0;
  let exporters: SeenExporter[] = isEmpty
    ? []
    : [
        {
          ...{ ...common, id: uuid('exporter', 1), name: 'tor-1', description: 'The switch above rack 7' },
          ...{ address: '192.0.2.11', listen: '192.0.2.1', port: 6343, protocol: 'sflow' },
          report: { ...figures, sampling: 1024 },
        },
        {
          ...{ ...common, id: uuid('exporter', 2), name: 'edge-router', description: '' },
          ...{ address: '192.0.2.12', listen: '192.0.2.1', port: 2055, protocol: 'netflow', sampling: 100 },
          report: { ...figures, flows: 0, datagrams: 0, lost: 0, resets: 0, withoutTemplate: 0, lastHeardAt: null },
        },
      ];
  const strangers: HeardStranger[] = isEmpty
    ? []
    : [{ ...host, address: '192.0.2.66', listen: '192.0.2.1', port: 6343, datagrams: 17, lastAt: ago(2 * MINUTE) }];
  const told = () => events.emit({ kind: 'changed', what: 'exporters' });
  return {
    listExporters: ({ query }) => page(exporters, query),
    getExporter: ({ params }) => find(exporters, params.id),
    createExporter: ({ body }) => {
      const made = { revision: 1, changedAt: new Date().toISOString(), report: null };
      const { name: hostName } = find(data.hosts, body.hostId);
      const port = body.port ?? EXPORT_PORTS[body.protocol];
      const exporter = { ...body, ...made, port, hostName, id: uuid('exporter', state.next()) };
      exporters = [...exporters, exporter];
      told();
      return exporter;
    },
    updateExporter: ({ params, body }) => {
      const exporter = { ...find(exporters, params.id), ...body, revision: body.revision + 1 };
      exporters = exporters.map((one) => (one.id === exporter.id ? exporter : one));
      told();
      return exporter;
    },
    deleteExporter: ({ params }) => {
      exporters = exporters.filter(({ id }) => id !== params.id);
      told();
      return undefined;
    },
    listStrangers: () => ({ items: strangers }),
  };
}
