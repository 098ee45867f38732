import { HOST_FIREWALL_FEATURE } from '@hypervigil/contract';
import type { HostFirewallIntent } from '@hypervigil/model';
import type { Logger } from 'pino';
import type { GreetedChannel } from '../channel/channel.ts';
import type { ChannelRegistry } from '../channel/registry.ts';
import type { EventLog, LogBatch } from '../events/log.ts';
import type { Database } from '../state/database.ts';
import { getHostFirewall } from './firewalls.ts';

export interface FirewallPusher {
  /** An engine is here: it is told what holds, if it is one that knows of host firewalls. */
  arrived(channel: GreetedChannel): Promise<void>;
}

/** Tells engines what their host's firewall shall be, when they come and when it changes. */
export function createFirewallPusher(deps: {
  db: Database;
  registry: ChannelRegistry;
  log: EventLog;
  logger: Logger;
}): FirewallPusher {
  const { db, registry, log, logger } = deps;
  const told = new WeakMap<GreetedChannel, string>();

  async function tell(channel: GreetedChannel): Promise<void> {
    if (!channel.features.includes(HOST_FIREWALL_FEATURE)) return;
    const { revision, policy, confirmed, trialSeconds } = await getHostFirewall(db, channel.engine.hostId);
    const intent: HostFirewallIntent | null = revision === 0 ? null : { revision, policy, confirmed, trialSeconds };
    const text = `${revision} ${confirmed}`;
    if (told.get(channel) === text) return;
    told.set(channel, text);
    channel.send({ type: 'host-firewall', intent });
  }

  log.subscribe((batch: LogBatch) => {
    const isMeant = (channel: GreetedChannel): boolean =>
      batch === 'reset' ||
      batch.some(({ kind, subject }) => kind === 'host-firewall' && subject === channel.engine.hostId);
    for (const channel of registry.all().filter(isMeant)) {
      tell(channel).catch((error: Error) => {
        // It asks anew when it comes back.
        logger.warn({ err: error, hostId: channel.engine.hostId }, 'a host firewall could not be sent');
        channel.close(1013, 'try again');
      });
    }
  });

  return { arrived: tell };
}
