import type { EngineMessage } from '@hypervigil/contract';
import type { FlowStore } from '@hypervigil/flowstore';
import type { LimitReading } from '@hypervigil/model';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { FlowDetection } from '../detect/detection.ts';
import type { ExporterPusher } from '../exporters/push.ts';
import { reportExporters } from '../exporters/report.ts';
import type { FlowArrivalLog } from '../flows/arrivals.ts';
import type { FlowDirectory } from '../flows/directory.ts';
import { ingest } from '../flows/ingest.ts';
import type { GatewayPusher } from '../gateways/push.ts';
import { reportGateways } from '../gateways/report.ts';
import type { FirewallPusher } from '../host-firewall/push.ts';
import { reportFirewall } from '../host-firewall/report.ts';
import type { Presence } from '../hosts/presence.ts';
import type { IntentPusher } from '../intent/pusher.ts';
import type { ClaimSettings } from '../inventory/claims.ts';
import { observe, type Report } from '../inventory/observe.ts';
import { reportDrops } from '../limits/drops.ts';
import type { MirrorPusher } from '../mirrors/push.ts';
import type { CaptureReader } from '../mirrors/read.ts';
import { reportMirrors } from '../mirrors/report.ts';
import { recordProgress } from '../policy/progress.ts';
import type { Database } from '../state/database.ts';
import { type Actor, transact } from '../state/work.ts';
import type { TaskDispatcher } from '../tasks/dispatcher.ts';
import { type Channel, type ChannelHandler, CLOSE, type GreetedChannel } from './channel.ts';
import { FrameError } from './frames.ts';
import type { ChannelRegistry } from './registry.ts';

export interface SessionDeps {
  readonly db: Database;
  readonly logger: Logger;
  readonly presence: Presence;
  readonly registry: ChannelRegistry;
  readonly pusher: IntentPusher;
  readonly firewalls: FirewallPusher;
  readonly gateways: GatewayPusher;
  readonly mirrors: MirrorPusher;
  readonly exporters: ExporterPusher;
  readonly captures: Pick<CaptureReader, 'answered'>;
  readonly dispatcher: TaskDispatcher;
  readonly flows: Pick<FlowStore, 'append'>;
  readonly directory: FlowDirectory;
  readonly detection: Pick<FlowDetection, 'take'>;
  readonly arrivals: Pick<FlowArrivalLog, 'count'>;
  readonly claims: ClaimSettings;
  readonly metrics: {
    message(type: EngineMessage['type'], seconds: number): void;
    flows(stored: number, lost: number): void;
    dropped(host: string, readings: readonly LimitReading[]): void;
  };
  /** Told that there are new flows; says so to browsers now and then. */
  flowsArrived(): void;
}

/** What one engine says, taken in. */
export function createSession(deps: SessionDeps, channel: Channel): ChannelHandler {
  const { db, presence, registry, pusher, dispatcher, metrics } = deps;
  const { hostId, hostName } = channel.engine;
  const held = { hostId, channelId: channel.id };
  const actor: Actor = { name: `host:${hostName}`, requestId: null };
  let greeted: GreetedChannel | undefined;

  async function greet(hello: Extract<EngineMessage, { type: 'hello' }>): Promise<void> {
    if (!(await presence.arrived(held))) return channel.close(CLOSE.revoked, 'revoked');
    greeted = Object.freeze({ ...channel, processId: hello.processId, features: hello.features ?? [] });
    registry.add(greeted);
    await updateHost({ facts: JSON.stringify(hello.facts) });
    channel.send({ type: 'welcome', hostId, now: new Date().toISOString() });
    await deps.firewalls.arrived(greeted);
    await deps.gateways.arrived(greeted);
    await deps.mirrors.arrived(greeted);
    deps.exporters.arrived(greeted);
    await pusher.arrived(greeted, hello.intentRevision);
    await dispatcher.resume(greeted);
    await dispatcher.dispatch(greeted);
  }

  async function updateHost(set: { facts?: string; health?: string; drift?: number }): Promise<void> {
    await transact(db, actor, async ({ tx, changed }) => {
      await tx.updateTable('hosts').set(set).where('id', '=', hostId).execute();
      changed('host', hostId);
    });
  }

  async function applied(revision: number, policyRevision: number, error: string | null): Promise<void> {
    await transact(db, actor, async ({ tx, changed }) => {
      const host = tx.selectFrom('hosts').select(['applied_policy_revision', 'apply_error']).where('id', '=', hostId);
      const before = await host.forUpdate().executeTakeFirst();
      await tx
        .updateTable('hosts')
        // An engine that failed still enforces what it had; one that boasts of the future is not believed.
        .set({
          applied_revision: sql`case when ${error === null} then least(${revision}, intent_revision) else applied_revision end`,
          applied_policy_revision: error === null ? policyRevision : sql`applied_policy_revision`,
          apply_error: error,
        })
        .where('id', '=', hostId)
        .execute();
      await recordProgress(tx, { hostId, revision: policyRevision, error });
      changed('host', hostId);
      if (before?.apply_error !== error || before.applied_policy_revision !== policyRevision) changed('policy');
    });
  }

  async function report(input: Omit<Report, 'hostId'>, drift?: readonly string[]): Promise<void> {
    await transact(db, actor, async (work) => {
      const changes = await observe(work, { hostId, ...input }, deps.claims);
      if (drift !== undefined) {
        await work.tx.updateTable('hosts').set({ drift: drift.length }).where('id', '=', hostId).execute();
        if (drift.length > 0)
          work.audit({ action: 'inventory.drift', subject: `host:${hostId}`, params: { drift: drift.slice(0, 50) } });
      }
      if (changes > 0 || drift !== undefined) work.changed('host', hostId);
    });
  }

  async function take(message: Exclude<EngineMessage, { type: 'hello' }>, greeted: GreetedChannel): Promise<void> {
    switch (message.type) {
      case 'facts':
        return updateHost({ facts: JSON.stringify(message.facts) });
      case 'inventory':
        return report({ present: message.vms, gone: [], full: true }, message.drift);
      case 'vm':
        return report({ present: [message.vm], gone: [], full: false });
      case 'vm.gone':
        return report({ present: [], gone: [message.id], full: false });
      case 'applied':
        return applied(message.revision, message.policyRevision, message.error);
      case 'intent.wanted':
        return pusher.wanted(greeted);
      case 'flows': {
        const { flows, directory, exporters } = deps;
        const { isNew, rows, named } = await ingest(flows, directory, hostId, message, exporters.hostOf);
        metrics.flows(rows.length + named.length, message.lost);
        channel.send({ type: 'flows.stored', batch: message.batch });
        const unjudged = deps.detection.take(rows, named);
        deps.arrivals.count(hostId, {
          ...{ records: rows.length, names: named.length, unjudged, repeated: !isNew },
          lost: isNew ? message.lost : 0,
          newestMs: rows.reduce<number | null>((newest, { endMs }) => Math.max(newest ?? 0, endMs), null),
        });
        if (isNew) deps.flowsArrived();
        return;
      }
      case 'host-firewall':
        return reportFirewall(db, actor, hostId, message.status);
      case 'gateways':
        return reportGateways(db, actor, hostId, message.gateways);
      case 'limits':
        metrics.dropped(hostName, message.readings);
        return reportDrops(db, actor, hostId, message.readings);
      case 'mirrors':
        return reportMirrors(db, actor, hostId, message);
      case 'exporters':
        return reportExporters(db, actor, hostId, message);
      case 'capture.part':
        return deps.captures.answered(hostId, message);
      case 'health':
        return updateHost({ health: JSON.stringify(message.items) });
      case 'task':
        return dispatcher.report(hostId, message);
    }
  }

  return {
    async message(message) {
      const started = performance.now();
      if (message.type === 'hello') {
        if (greeted !== undefined) throw new FrameError('a second hello');
        await greet(message);
      } else {
        if (greeted === undefined) throw new FrameError('the first message is not hello');
        await take(message, greeted);
      }
      metrics.message(message.type, (performance.now() - started) / 1000);
    },
    async closed() {
      if (greeted === undefined) return;
      registry.remove(greeted);
      pusher.left(greeted);
      await presence.left(held);
    },
  };
}
