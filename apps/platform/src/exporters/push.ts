import { EXPORTERS_FEATURE } from '@hypervigil/contract';
import type { IntentExporter } from '@hypervigil/model';
import type { Logger } from 'pino';
import type { GreetedChannel } from '../channel/channel.ts';
import type { ChannelRegistry } from '../channel/registry.ts';
import type { EventLog, LogBatch } from '../events/log.ts';
import type { HostOfExporter } from '../flows/ingest.ts';
import type { Database } from '../state/database.ts';

export interface ExporterPusher {
  /** An engine is here: it is told whom it has to listen for, if it is one that can. */
  arrived(channel: GreetedChannel): void;
  readonly hostOf: HostOfExporter;
}

/** Tells engines for which exporters they listen, when they come and when that changes. */
export async function createExporterPusher(deps: {
  db: Database;
  registry: ChannelRegistry;
  log: EventLog;
  logger: Logger;
}): Promise<ExporterPusher> {
  const { db, registry, log, logger } = deps;
  const told = new WeakMap<GreetedChannel, string>();
  let byHost = new Map<string, IntentExporter[]>();
  let hosts = new Map<string, string>();

  const isAble = ({ features }: GreetedChannel): boolean => features.includes(EXPORTERS_FEATURE);

  function tell(channel: GreetedChannel): void {
    if (!isAble(channel)) return;
    const message = { type: 'exporters' as const, exporters: byHost.get(channel.engine.hostId) ?? [] };
    const text = JSON.stringify(message);
    if (told.get(channel) === text) return;
    told.set(channel, text);
    channel.send(message);
  }

  /** What engines are told is believed before they are told it. */
  async function read(): Promise<void> {
    const rows = await db
      .selectFrom('exporters')
      .leftJoin('networks', 'networks.id', 'network_id')
      .select([
        'exporters.id',
        'host_id',
        'address',
        'listen',
        'port',
        'protocol',
        'sampling',
        'networks.num as network',
      ])
      .orderBy('exporters.id')
      .execute();
    byHost = new Map();
    for (const { host_id, ...exporter } of rows) byHost.getOrInsertComputed(host_id, () => []).push(exporter);
    hosts = new Map(rows.map(({ id, host_id }) => [id, host_id]));
  }

  // One after the other, so that what was read last is what is known.
  let reading = read();
  log.subscribe((batch: LogBatch) => {
    if (batch !== 'reset' && !batch.some(({ kind }) => kind === 'exporters')) return;
    reading = reading
      .then(read)
      .then(() => registry.all().forEach(tell))
      .catch((error: Error) => {
        logger.warn({ err: error }, 'exporters could not be read');
        // They ask anew when they come back.
        for (const channel of registry.all()) if (isAble(channel)) channel.close(1013, 'try again');
      });
  });
  await reading;

  return { arrived: tell, hostOf: (id) => hosts.get(id) };
}
