import { MIRRORS_FEATURE, type PlatformMessage } from '@hypervigil/contract';
import { CAPTURE_DAYS, type IntentMirror, MAX_CAPTURES_KEPT, type MirrorTarget } from '@hypervigil/model';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { GreetedChannel } from '../channel/channel.ts';
import type { ChannelRegistry } from '../channel/registry.ts';
import type { EventLog, LogBatch } from '../events/log.ts';
import type { Database } from '../state/database.ts';

export interface MirrorPusher {
  /** An engine is here: it is told which mirrors there are, if it is one that can copy. */
  arrived(channel: GreetedChannel): Promise<void>;
}

/** What mirrors' documents are made of. */
const KINDS: readonly string[] = ['mirrors', 'vm', 'tenants'];

/** Tells engines which mirrors there are, when they come and when that changes. */
export function createMirrorPusher(deps: {
  db: Database;
  registry: ChannelRegistry;
  log: EventLog;
  logger: Logger;
}): MirrorPusher {
  const { db, registry, log, logger } = deps;
  const told = new WeakMap<GreetedChannel, string>();
  const isAble = ({ features }: GreetedChannel): boolean => features.includes(MIRRORS_FEATURE);

  function tell(channel: GreetedChannel, message: PlatformMessage): void {
    const text = JSON.stringify(message);
    if (told.get(channel) === text) return;
    told.set(channel, text);
    channel.send(message);
  }

  log.subscribe((batch: LogBatch) => {
    if (batch !== 'reset' && !batch.some(({ kind }) => KINDS.includes(kind))) return;
    const channels = registry.all().filter(isAble);
    if (channels.length === 0) return;
    document(db)
      .then((message) => {
        for (const channel of channels) tell(channel, message);
      })
      .catch((error: Error) => {
        logger.warn({ err: error }, 'the mirrors could not be sent');
        // They ask anew when they come back.
        for (const channel of channels) channel.close(1013, 'try again');
      });
  });

  return {
    async arrived(channel) {
      if (isAble(channel)) tell(channel, await document(db));
    },
  };
}

async function document(db: Database): Promise<Extract<PlatformMessage, { type: 'mirrors' }>> {
  const rows = await db
    .selectFrom('mirrors')
    .leftJoin('captures', (join) => join.onRef('mirror_id', '=', 'mirrors.id').on('running', '=', true))
    .leftJoin('gateway_groups', (join) => join.on(sql<boolean>`gateway_groups.id::text = target->>'groupId'`))
    .select(['mirrors.id', 'mirrors.num', 'one_in', 'target', 'captures.id as capture', 'bounds'])
    .select('gateway_groups.num as group')
    // A VM that was given to somebody else is not its tenant's to watch any more.
    .select(
      // Numbers above 2^31 come as text.
      sql<string[]>`array(select vnics.num from vnics join vms on vms.id = vm_id
        where vm_id = any(vm_ids) and vms.tenant_id = mirrors.tenant_id order by vnics.num)`.as('vnics'),
    )
    .orderBy('mirrors.num')
    .execute();
  const kept = await db
    .selectFrom('captures')
    .select('id')
    .where(sql<boolean>`created_at > now() - make_interval(days => ${CAPTURE_DAYS})`)
    .orderBy('created_at', 'desc')
    .limit(MAX_CAPTURES_KEPT)
    .execute();
  const mirrors = rows.map(({ id, num, one_in, target, capture, bounds, group, vnics }): IntentMirror => {
    const runs = capture === null || bounds === null ? null : { ...bounds, id: capture };
    return {
      id,
      num,
      oneIn: one_in,
      vnics: vnics.map(Number),
      target: intentTarget(target, runs, group),
    };
  });
  return { type: 'mirrors', mirrors, keep: kept.map(({ id }) => id).sort() };
}

type Target = IntentMirror['target'];
type Runs = Extract<Target, { kind: 'capture' }>['capture'];

function intentTarget(target: MirrorTarget, capture: Runs, group: number | null): Target {
  switch (target.kind) {
    case 'tunnel':
      return target;
    case 'capture':
      return { kind: 'capture', capture };
    case 'gateway':
      // Groups that a mirror names are not deleted.
      if (group === null) throw new Error(`A mirror names the group of gateways ${target.groupId}, which is gone`);
      return { kind: 'gateway', group };
  }
}
