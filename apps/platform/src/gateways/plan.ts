import { randomUUID } from 'node:crypto';
import { type CrewMember, crewSize } from '@hypervigil/model';
import type { Tx } from '../state/database.ts';
import { lock, type Work } from '../state/work.ts';

/** How long a gateway that was replaced or retired may go on with the connections that it has. */
const FAREWELL_MS = 60_000;

/**
 * Makes the gateways that should be: so many of each group on every host as its limits and their load say, and none that
 * another has replaced. Hosts whose gateways changed are told.
 * @param touched a group whose gateways look different now, although none came or went
 */
export async function planGateways({ tx, audit, changed }: Work, touched?: string): Promise<void> {
  await lock(tx, 'gateways');
  const hosts = new Set<string>();
  const rows = await farewells(tx, await read(tx), hosts);
  const groups = await tx.selectFrom('gateway_groups').select(['id', 'per_host', 'max_per_host']).execute();
  const everywhere = await tx.selectFrom('hosts').select('id').where('revoked', '=', false).execute();
  const serving = Map.groupBy(
    rows.filter((row) => row.replaced_by === null && !row.retired),
    (row) => `${row.host_id} ${row.group_id}`,
  );
  for (const host of everywhere) {
    for (const group of groups) {
      const own = serving.get(`${host.id} ${group.id}`) ?? [];
      const limits = { perHost: group.per_host, maxPerHost: group.max_per_host };
      const size = crewSize(limits, own.map(toMember), new Date());
      if (size === own.length) continue;
      hosts.add(host.id);
      const resting = rows.filter((row) => row.retired && row.host_id === host.id && row.group_id === group.id);
      for (let n = own.length; n < size; n++) {
        const back = resting.pop();
        const id = back ? await recall(tx, back.id) : await addGateway(tx, group.id, host.id);
        audit({ action: 'gateway.added', subject: `gateway:${id}` });
      }
      for (const { id } of own.slice(size)) {
        const rest = { drain: true, retired: true, replaced_at: new Date() };
        await tx.updateTable('gateways').set(rest).where('id', '=', id).execute();
        audit({ action: 'gateway.retired', subject: `gateway:${id}` });
      }
    }
  }
  for (const own of serving.values()) await replaceOne({ tx, audit }, own, rows, hosts);
  if (touched !== undefined) for (const row of rows) if (row.group_id === touched) hosts.add(row.host_id);
  if (hosts.size > 0) changed('gateways');
  for (const id of hosts) changed('gateways', id);
}

/**
 * Gateways of a group on one host that are to be exchanged go one after the other: so the others carry what the one does
 * not any more, and an image or a size that is no good costs none of them its place.
 * @param own those that serve and that nobody replaces yet
 */
async function replaceOne(
  { tx, audit }: Pick<Work, 'tx' | 'audit'>,
  own: readonly Row[],
  rows: readonly Row[],
  hosts: Set<string>,
): Promise<void> {
  const due = own.find(({ renew, report }) => renew || report?.outgrown);
  if (!due) return;
  const { id, host_id, group_id } = due;
  if (rows.some((row) => row.host_id === host_id && row.group_id === group_id && row.replaced_by !== null)) return;
  const successor = await addGateway(tx, group_id, host_id);
  await tx.updateTable('gateways').set({ replaced_by: successor }).where('id', '=', id).execute();
  hosts.add(host_id);
  audit({ action: 'gateway.replaced', subject: `gateway:${id}`, params: { successor } });
}

export async function addGateway(tx: Tx, groupId: string, hostId: string): Promise<string> {
  const id = randomUUID();
  await tx.insertInto('gateways').values({ id, group_id: groupId, host_id: hostId }).execute();
  return id;
}

/** One that was about to go serves again. */
async function recall(tx: Tx, id: string): Promise<string> {
  await tx.updateTable('gateways').set({ drain: false, retired: false }).where('id', '=', id).execute();
  return id;
}

const toMember = ({ report, created_at }: Row): CrewMember => ({
  phase: report?.phase ?? null,
  busy: report?.busy ?? null,
  createdAt: created_at,
});

const read = (tx: Tx) => tx.selectFrom('gateways').selectAll().orderBy('created_at').orderBy('num').execute();
type Row = Awaited<ReturnType<typeof read>>[number];

/** A replaced gateway takes no new connections once its successor does; it goes, as a retired one, when its own are over. */
async function farewells(tx: Tx, rows: readonly Row[], hosts: Set<string>): Promise<Row[]> {
  const up = new Set(rows.filter(({ report }) => report?.phase === 'up').map(({ id }) => id));
  const left: Row[] = [];
  for (const row of rows) {
    const { id, host_id, replaced_by, replaced_at, retired, report, drain } = row;
    if (!retired && (replaced_by === null || !up.has(replaced_by))) {
      left.push(row);
      continue;
    }
    const age = Date.now() - (replaced_at?.getTime() ?? 0);
    if (drain && (report?.phase !== 'up' || report.connections === 0 || age > FAREWELL_MS)) {
      await tx.deleteFrom('gateways').where('id', '=', id).execute();
      hosts.add(host_id);
      continue;
    }
    left.push(row);
    if (drain) continue;
    await tx.updateTable('gateways').set({ drain: true, replaced_at: new Date() }).where('id', '=', id).execute();
    hosts.add(host_id);
  }
  return left;
}
