import { randomUUID } from 'node:crypto';
import type { SeenExporter } from '@hypervigil/contract';
import {
  addressToNumber,
  EXPORT_PORTS,
  type Exporter,
  MAX_EXPORTERS_PER_HOST,
  numberToAddress,
} from '@hypervigil/model';
import { sql } from 'kysely';
import { ApiFailure, badField, notFound, unknownId } from '../errors.ts';
import { staleRevision } from '../policy/groups.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { type ListInput, type ListOf, listByName, namedLike } from '../state/paging.ts';
import { type Actor, lock, transact } from '../state/work.ts';

type Fields = Omit<Exporter, 'id' | 'revision' | 'changedAt'>;
type Report = NonNullable<SeenExporter['report']>;
type New = Omit<Fields, 'port'> & { readonly port?: number | undefined };

const select = (db: Database | Tx) =>
  db
    .selectFrom('exporters')
    .selectAll()
    .select(sql<string>`(select hosts.name from hosts where hosts.id = host_id)`.as('host_name'))
    .select(sql<Report | null>`(select report from exporter_reports where exporter_id = exporters.id)`.as('report'));
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const FAILURES = {
  exporters_name_key: () => new ApiFailure('name-taken', { what: 'exporter', field: 'name' }),
  exporters_source_key: () => badField('address', { code: 'exporter-address-taken', params: {} }),
  exporters_host_id_fkey: () => unknownId('hostId', 'host'),
  exporters_network_id_fkey: () => unknownId('networkId', 'network'),
};

const toExporter = (row: Row): SeenExporter => ({
  id: row.id,
  name: row.name,
  description: row.description,
  address: row.address,
  hostId: row.host_id,
  hostName: row.host_name,
  listen: row.listen,
  port: row.port,
  protocol: row.protocol,
  networkId: row.network_id,
  sampling: row.sampling,
  revision: row.revision,
  changedAt: row.changed_at.toISOString(),
  report: row.report,
});

export const listExporters = (db: Database, input: ListInput): Promise<ListOf<SeenExporter>> =>
  listByName(select(db).where(namedLike(input.q)), input, toExporter);

/** @throws ApiFailure `not-found` */
export async function getExporter(db: Database | Tx, id: string): Promise<SeenExporter> {
  const row = await select(db).where('exporters.id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('exporter', id);
  return toExporter(row);
}

/** @throws ApiFailure `name-taken`, `exporters-full`, `invalid-request` */
export function createExporter(db: Database, actor: Actor, { port, ...input }: New): Promise<SeenExporter> {
  const fields = { ...input, port: port ?? EXPORT_PORTS[input.protocol] };
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      await requireRoom(tx, fields.hostId);
      const id = randomUUID();
      await tx
        .insertInto('exporters')
        .values({ id, ...columns(fields) })
        .execute();
      const exporter = await getExporter(tx, id);
      audit({ action: 'exporter.created', subject: `exporter:${id}`, params: told(exporter) });
      changed('exporters');
      return exporter;
    }),
  );
}

export function updateExporter(
  db: Database,
  actor: Actor,
  id: string,
  { revision, ...input }: Fields & { readonly revision: number },
): Promise<SeenExporter> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const row = await tx.selectFrom('exporters').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
      if (row === undefined) throw notFound('exporter', id);
      if (row.revision !== revision) throw staleRevision(row.revision);
      if (input.hostId !== row.host_id) await requireRoom(tx, input.hostId);
      const next = { ...columns(input), revision: revision + 1, changed_at: new Date() };
      await tx.updateTable('exporters').set(next).where('id', '=', id).execute();
      // What one host counted is not what another will.
      if (input.hostId !== row.host_id) await tx.deleteFrom('exporter_reports').where('exporter_id', '=', id).execute();
      const exporter = await getExporter(tx, id);
      audit({ action: 'exporter.updated', subject: `exporter:${id}`, params: told(exporter) });
      changed('exporters');
      return exporter;
    }),
  );
}

export function deleteExporter(db: Database, actor: Actor, id: string): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    const row = await tx.deleteFrom('exporters').where('id', '=', id).returning('name').executeTakeFirst();
    if (row === undefined) throw notFound('exporter', id);
    audit({ action: 'exporter.deleted', subject: `exporter:${id}`, params: { name: row.name } });
    changed('exporters');
  });
}

/** An engine listens for so many, so that each of them has its share of what an engine may remember. */
async function requireRoom(tx: Tx, hostId: string): Promise<void> {
  await lock(tx, 'exporters');
  const { count } = await tx
    .selectFrom('exporters')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('host_id', '=', hostId)
    .executeTakeFirstOrThrow();
  if (count >= MAX_EXPORTERS_PER_HOST) throw new ApiFailure('exporters-full', { maximum: MAX_EXPORTERS_PER_HOST });
}

/** @throws ApiFailure `invalid-request` for addresses of two families, between which nothing is sent */
function columns({ name, description, address, hostId, listen, port, protocol, networkId, sampling }: Fields) {
  if (address.includes(':') !== listen.includes(':'))
    throw badField('listen', { code: 'listen-not-of-family', params: {} });
  return {
    ...{ name, description, port, protocol, sampling },
    address: canonical(address),
    listen: canonical(listen),
    host_id: hostId,
    network_id: networkId,
  };
}

/** One text for one address, so that none is enrolled twice. */
function canonical(address: string): string {
  const value = addressToNumber(address);
  return value === null ? address : numberToAddress(value);
}

const told = ({ name, hostName, address, listen, port, protocol, networkId, sampling }: SeenExporter) => ({
  ...{ name, hostName, address, listen, port, protocol, networkId, sampling },
});

/** What became of an exporter's flow records, as its host says. */
export interface ExporterCount {
  readonly exporter: string;
  readonly host: string;
  readonly counts: Readonly<Record<'flows' | 'lost' | 'malformed' | 'absurd', number>>;
}

export async function countExporters(db: Database): Promise<ExporterCount[]> {
  const rows = await select(db).execute();
  return rows.flatMap(({ name, host_name, report }) => {
    if (report === null) return [];
    const { flows, lost, malformed, absurd } = report;
    return [{ exporter: name, host: host_name, counts: { flows, lost, malformed, absurd } }];
  });
}
