import type { Logger } from 'pino';
import type { EventLog, LogBatch } from '../events/log.ts';
import type { Held } from '../hosts/presence.ts';
import type { Database } from '../state/database.ts';
import { CLOSE, type GreetedChannel } from './channel.ts';

/** The channels of this process, one per host. */
export interface ChannelRegistry {
  add(channel: GreetedChannel): void;
  remove(channel: GreetedChannel): void;
  of(hostId: string): GreetedChannel | undefined;
  all(): readonly GreetedChannel[];
  held(): Held[];
}

export function createRegistry(): ChannelRegistry {
  const channels = new Map<string, GreetedChannel>();
  return {
    add(channel) {
      channels.get(channel.engine.hostId)?.close(CLOSE.replaced, 'the host opened another channel');
      channels.set(channel.engine.hostId, channel);
    },
    remove(channel) {
      if (channels.get(channel.engine.hostId) === channel) channels.delete(channel.engine.hostId);
    },
    of: (hostId) => channels.get(hostId),
    all: () => [...channels.values()],
    held: () => [...channels.values()].map(({ id, engine }) => ({ hostId: engine.hostId, channelId: id })),
  };
}

/** Cuts channels of hosts that were revoked, and those that a newer one at another process replaced. */
export function cutRevoked(deps: { db: Database; registry: ChannelRegistry; log: EventLog; logger: Logger }): void {
  const { db, registry, log, logger } = deps;

  async function check(hostIds: readonly string[]): Promise<void> {
    if (hostIds.length === 0) return;
    const rows = await db
      .selectFrom('hosts')
      .select(['id', 'revoked', 'channel_id'])
      .where('id', 'in', hostIds)
      .execute();
    const hosts = new Map(rows.map((row) => [row.id, row]));
    for (const hostId of hostIds) {
      const channel = registry.of(hostId);
      const host = hosts.get(hostId);
      if (channel === undefined) continue;
      if (host === undefined || host.revoked) channel.close(CLOSE.revoked, 'revoked');
      else if (host.channel_id !== null && host.channel_id !== channel.id) channel.close(CLOSE.replaced, 'replaced');
    }
  }

  log.subscribe((batch: LogBatch) => {
    const named = batch === 'reset' ? registry.all().map(({ engine }) => engine.hostId) : hostsOf(batch);
    const ours = named.filter((hostId) => registry.of(hostId) !== undefined);
    check(ours).catch((error: Error) => logger.warn({ err: error }, 'channels could not be checked'));
  });
}

function hostsOf(batch: Exclude<LogBatch, 'reset'>): string[] {
  return [...new Set(batch.flatMap(({ kind, subject }) => (kind === 'host' && subject !== null ? [subject] : [])))];
}
