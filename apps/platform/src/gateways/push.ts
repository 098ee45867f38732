import { GATEWAYS_FEATURE } from '@hypervigil/contract';
import type { IntentGateway } from '@hypervigil/model';
import type { Logger } from 'pino';
import type { GreetedChannel } from '../channel/channel.ts';
import type { ChannelRegistry } from '../channel/registry.ts';
import type { EventLog, LogBatch } from '../events/log.ts';
import type { Database } from '../state/database.ts';
import { PLATFORM, transact } from '../state/work.ts';
import { planGateways } from './plan.ts';

export interface GatewayPusher {
  /** An engine is here: it is told which gateways to run, if it is one that can. */
  arrived(channel: GreetedChannel): Promise<void>;
}

/** Tells engines which gateways their host runs, when they come and when that changes. */
export function createGatewayPusher(deps: {
  db: Database;
  registry: ChannelRegistry;
  log: EventLog;
  logger: Logger;
}): GatewayPusher {
  const { db, registry, log, logger } = deps;

  async function tell(channel: GreetedChannel): Promise<void> {
    if (!channel.features.includes(GATEWAYS_FEATURE)) return;
    channel.send({ type: 'gateways', gateways: await wantedOn(db, channel.engine.hostId) });
  }

  log.subscribe((batch: LogBatch) => {
    const isMeant = (channel: GreetedChannel): boolean =>
      batch === 'reset' || batch.some(({ kind, subject }) => kind === 'gateways' && subject === channel.engine.hostId);
    for (const channel of registry.all().filter(isMeant)) {
      tell(channel).catch((error: Error) => {
        // It asks anew when it comes back.
        logger.warn({ err: error, hostId: channel.engine.hostId }, 'the gateways of a host could not be sent');
        channel.close(1013, 'try again');
      });
    }
  });

  return {
    async arrived(channel) {
      // A new host has none yet.
      await transact(db, PLATFORM, planGateways);
      await tell(channel);
    },
  };
}

async function wantedOn(db: Database, hostId: string): Promise<IntentGateway[]> {
  const rows = await db
    .selectFrom('gateways')
    .innerJoin('gateway_groups', 'gateway_groups.id', 'group_id')
    .select(['gateways.id', 'gateways.num', 'gateway_groups.num as group', 'epoch', 'drain'])
    .select(['vcpus', 'memory_mib', 'detect'])
    .where('host_id', '=', hostId)
    .orderBy('gateways.num')
    .execute();
  return rows.map(({ memory_mib: memoryMiB, ...row }) => ({ ...row, memoryMiB }));
}
