import type { TypedParam } from '../xdr/typed-params.ts';

/** What a migration may be told besides `MIGRATE` flags; libvirt's names of these are in libvirt-domain.h. */
export interface MigrationOptions {
  /** `MIGRATE` flags. */
  flags?: number;
  /** Where QEMU sends the memory, such as `tcp://10.0.0.2`; by default the target says. */
  uri?: string;
  listenAddress?: string;
  graphicsUri?: string;
  destinationName?: string;
  /** The definition to run on the target, where it differs. */
  destinationXml?: string;
  /** The definition to store on the target, with `MIGRATE.persistDest`. */
  persistentXml?: string;
  bandwidthMiBps?: number;
  /** Targets of the disks to copy, with `MIGRATE.nonSharedDisk`. */
  disks?: string[];
  parallelConnections?: number;
  tlsDestination?: string;
}

export function migrationParams(options: MigrationOptions): TypedParam[] {
  const { disks = [], bandwidthMiBps, parallelConnections } = options;
  const text: [string, string | undefined][] = [
    ['migrate_uri', options.uri],
    ['listen_address', options.listenAddress],
    ['graphics_uri', options.graphicsUri],
    ['destination_name', options.destinationName],
    ['destination_xml', options.destinationXml],
    ['persistent_xml', options.persistentXml],
    ['tls.destination', options.tlsDestination],
    ...disks.map((disk): [string, string] => ['migrate_disks', disk]),
  ];
  const params = text.flatMap(([field, value]): TypedParam[] =>
    value === undefined ? [] : [{ field, type: 'string', value }],
  );
  if (bandwidthMiBps !== undefined) params.push({ field: 'bandwidth', type: 'ullong', value: bandwidthMiBps });
  if (parallelConnections !== undefined)
    params.push({ field: 'parallel.connections', type: 'int', value: parallelConnections });
  return params;
}

/** The parameters with one more, in place of those of its name. */
export function withText(params: TypedParam[], field: string, value: string): TypedParam[] {
  return [...params.filter((param) => param.field !== field), { field, type: 'string', value }];
}
