import type { HeardStranger } from '@hypervigil/contract';
import type { Database } from '../state/database.ts';

const MAX_SHOWN = 1000;

/** Of all hosts that listen for exporters now, the latest first. */
export async function listStrangers(db: Database): Promise<{ items: HeardStranger[] }> {
  const rows = await db
    .selectFrom('exporter_strangers')
    .innerJoin('hosts', 'hosts.id', 'host_id')
    .select(['host_id', 'hosts.name', 'heard'])
    .execute();
  const items = rows.flatMap(({ host_id, name, heard }) =>
    heard.map((stranger) => ({ ...stranger, hostId: host_id, hostName: name })),
  );
  return { items: items.sort((a, b) => b.lastAt.localeCompare(a.lastAt)).slice(0, MAX_SHOWN) };
}
