import { setInterval as every } from 'node:timers';
import type { EngineMessage, PlatformMessage } from '@hypervigil/contract';
import { connectLibvirt, type Libvirt } from '@hypervigil/libvirt';
import { type OvsSwitch, openSwitch } from '@hypervigil/ovs';
import { COLLECTOR_SET, LEARNED_TABLES } from '@hypervigil/pipeline';
import { type Channel, openChannel } from './channel/client.ts';
import type { EngineConfig } from './config.ts';
import { createSwitchOwner, type SwitchOwner } from './enforcement/owner.ts';
import { sweepConnections } from './enforcement/sweep.ts';
import { type Identity, loadIdentity } from './enrolment/identity.ts';
import { keepRenewed } from './enrolment/renewal.ts';
import { describeError, EngineError } from './errors.ts';
import { startFlowExport } from './flows/export.ts';
import { createClockWatch } from './health/clock.ts';
import { freeBytesOf, healthItems } from './health/health.ts';
import { bootId, type DaemonFacts, daemonFacts, machineFacts } from './host-facts.ts';
import { createIntentReceiver } from './intent/receiver.ts';
import { createIntentSaver } from './intent/saver.ts';
import { createIntentStore } from './intent/store.ts';
import { observe } from './inventory/facts.ts';
import { createInventory } from './inventory/inventory.ts';
import { createReporter } from './inventory/reporter.ts';
import { keepConnected } from './keep-connected.ts';
import type { Log } from './log.ts';
import { createTaskRunner } from './tasks/runner.ts';
import { createTasks } from './tasks/tasks.ts';

export interface RunningEngine {
  readonly identity: Identity;
  /** Ends sessions and timers. The switch keeps enforcing what it holds. */
  stop(): Promise<void>;
}

const HEALTH_INTERVAL_MS = 10_000;

/** Starts the engine: first what is stored is enforced, then everything else. Rejects with `not-enrolled` before `join`. */
export async function startEngine(config: EngineConfig, log: Log): Promise<RunningEngine> {
  const identity = await loadIdentity(config.stateDir);
  if (!identity) throw new EngineError('not-enrolled', 'This host has no identity: run hv engine join … first');
  const stopping: (() => unknown)[] = [];
  const { random } = Math;
  let channel: Channel | undefined;
  const send = (message: EngineMessage): boolean => channel?.send(message) ?? false;

  const store = createIntentStore(config.stateDir);
  const saver = createIntentSaver(store);
  const inventory = createInventory({
    log,
    onChange(id) {
      owner.refresh();
      reporter.vm(id);
    },
  });
  const owner: SwitchOwner = createSwitchOwner({
    uplink: config.uplink,
    establishedProbability: config.establishedProbability,
    vms: inventory.vms,
    live: inventory.live,
    log,
    random,
    onView: () => reporter.refresh(),
    onEnforced(intent) {
      const conntrack = ovs.current()?.conntrack;
      if (!conntrack || intent.revision === 0) return;
      sweepConnections(conntrack, intent, () => owner.intent() === intent).then(
        (ended) => ended > 0 && log.info({ ended, revision: intent.revision }, 'connections ended'),
        (error: unknown) => log.warn({ reason: describeError(error) }, 'connections could not be looked through'),
      );
    },
    onApplied(applied, intent) {
      const stored = intent.revision === 0 ? Promise.resolve() : saver.save(intent);
      stored.then(
        () => send({ type: 'applied', ...applied }),
        (error: unknown) => {
          log.error({ reason: describeError(error) }, 'the intent is enforced but cannot be stored');
          send({
            type: 'applied',
            ...applied,
            error: `Enforced, but not stored: ${describeError(error)}`.slice(0, 2000),
          });
        },
      );
    },
  });
  const reporter = createReporter({
    ids: () => inventory.vms().keys(),
    observe(id) {
      const vm = inventory.vms().get(id);
      return vm && observe(vm, { ports: owner.ports(), enforced: owner.enforced() });
    },
    send,
  });

  try {
    const intent = await store.load();
    if (intent) owner.setIntent(intent);
  } catch (error) {
    log.error({ reason: describeError(error) }, 'nothing can be enforced but closed ports until the platform answers');
  }
  const flows = await startFlowExport({
    stateDir: config.stateDir,
    limitBytes: config.spoolLimitBytes,
    intent: owner.intent,
    send,
    log,
  });
  stopping.push(flows.stop);
  const ovs = keepConnected<OvsSwitch>({
    name: 'Open vSwitch',
    log,
    random,
    connect: () =>
      openSwitch({
        ovsdbSocket: config.ovsdbSocket,
        runDir: config.ovsRunDir,
        bridge: config.bridge,
        learnedTables: LEARNED_TABLES,
      }),
    async use(sw) {
      await sw.ensureBridge();
      await owner.attach(sw);
      await sw.ensureIpfix({ target: flows.target, collectorSetId: COLLECTOR_SET, activeTimeoutS: 1 });
    },
    lost: owner.detach,
  });
  stopping.push(owner.stop, ovs.stop);

  let daemon: DaemonFacts = { libvirt: '', hypervisor: '' };
  const libvirt = keepConnected<Libvirt>({
    name: 'libvirt',
    log,
    random,
    connect: () => connectLibvirt(config.libvirtUri),
    async use(session) {
      daemon = await daemonFacts(session);
      await inventory.attach(session);
      owner.refresh();
      reporter.everything('reconnect', []);
    },
    lost: inventory.detach,
  });
  stopping.push(libvirt.stop);

  const syncInventory = async (reason: 'schedule' | 'demand'): Promise<void> => {
    const drift = await inventory.readAll();
    for (const what of drift) log.warn({ what }, 'an event was missed');
    reporter.everything(reason, drift);
  };
  const schedule = every(() => void syncInventory('schedule').catch(reportFailure), config.inventoryIntervalMs);
  const reportFailure = (error: unknown): void =>
    log.warn({ reason: describeError(error) }, 'the inventory could not be read');
  stopping.push(() => clearInterval(schedule));

  const tasks = createTasks({
    run: createTaskRunner({
      libvirt: libvirt.current,
      syncInventory: () => syncInventory('demand'),
      migrationTls: config.migrationTls,
    }),
    send,
    log,
  });
  const receiver = createIntentReceiver({ current: owner.intent, accept: owner.setIntent, send });
  const clock = createClockWatch({ wall: Date.now, steady: () => performance.now() });
  const reportHealth = async (): Promise<void> => {
    const items = healthItems({
      libvirt: libvirt.reason(),
      ovs: ovs.reason(),
      switchFindings: [],
      freeBytes: await freeBytesOf(config.stateDir),
      skewMs: clock.skewMs(),
      spool: flows.health(),
      flowsLost: flows.lost(),
    });
    send({ type: 'health', items, sentAt: new Date().toISOString() });
  };
  const healthTimer = every(() => void reportHealth(), HEALTH_INTERVAL_MS);
  stopping.push(() => clearInterval(healthTimer));

  const holder = keepRenewed(identity, { stateDir: config.stateDir, log, now: Date.now });
  const receive = (message: Exclude<PlatformMessage, { type: 'welcome' }>): void => {
    switch (message.type) {
      case 'intent':
      case 'intent.patch':
        receiver.receive(message);
        return;
      case 'flows.stored':
        flows.acknowledged(message.batch).catch(reportFailure);
        return;
      case 'sync':
        syncInventory('demand').catch(reportFailure);
        return;
      case 'task':
        tasks.accept(message);
        return;
    }
  };
  channel = openChannel({
    identity: holder.current,
    log,
    random,
    hello: () => ({
      type: 'hello',
      facts: {
        ...machineFacts(),
        ...daemon,
        ovs: null,
        ...(config.migrationUri && { migrationUri: config.migrationUri }),
      },
      intentRevision: owner.intent().revision,
      policyRevision: owner.intent().policyRevision,
      bootId: bootId(),
      sentAt: new Date().toISOString(),
    }),
    onWelcome(welcome) {
      clock.learn(welcome);
      receiver.restart();
      if (inventory.live()) reporter.everything('start', []);
      tasks.resume();
      void flows.restart();
      void reportHealth();
    },
    onMessage: receive,
  });
  stopping.push(holder.stop, channel.stop);

  return {
    identity,
    async stop() {
      for (const stop of stopping.reverse()) await stop();
    },
  };
}
