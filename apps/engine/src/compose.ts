import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type EngineMessage,
  EXPORTERS_FEATURE,
  GATEWAYS_FEATURE,
  HOST_FIREWALL_FEATURE,
  MIRRORS_FEATURE,
  type PlatformMessage,
} from '@hypervigil/contract';
import { connectLibvirt, type Libvirt } from '@hypervigil/libvirt';
import type { HostFacts, HostIntent } from '@hypervigil/model';
import { openNftables } from '@hypervigil/nftables';
import { type OvsSwitch, openSwitch, type PacketSession } from '@hypervigil/ovs';
import { LEARNED_TABLES } from '@hypervigil/pipeline';
import { type Channel, openChannel } from './channel/client.ts';
import type { EngineConfig } from './config.ts';
import { createAnnouncer } from './enforcement/announce.ts';
import { createJudges } from './enforcement/judge.ts';
import { createSwitchOwner, EMPTY_INTENT, type SwitchOwner } from './enforcement/owner.ts';
import { sweepConnections } from './enforcement/sweep.ts';
import { readSwitchFacts, type SwitchFacts } from './enforcement/switch-facts.ts';
import { type Identity, loadIdentity } from './enrolment/identity.ts';
import { keepRenewed } from './enrolment/renewal.ts';
import { describeError, EngineError } from './errors.ts';
import { createExporters } from './exporters/exporters.ts';
import { createExporterStore } from './exporters/stored.ts';
import { createVlanFinder } from './exporters/vlans.ts';
import { type FlowExport, startFlowExport } from './flows/export.ts';
import { switchUser } from './flows/exporter.ts';
import { exportTo } from './flows/gathering.ts';
import { createGateways, type Gateways } from './gateways/gateways.ts';
import { createImageSource } from './gateways/image.ts';
import { createGatewayStore } from './gateways/stored.ts';
import { createClockWatch } from './health/clock.ts';
import { createHealthReporter } from './health/reporter.ts';
import { type DaemonFacts, daemonFacts, machineFacts } from './host-facts.ts';
import { readAccess } from './host-firewall/access.ts';
import { startHostFirewall } from './host-firewall/firewall.ts';
import { createListenerWatch } from './host-firewall/listeners.ts';
import { createFirewallStore } from './host-firewall/stored.ts';
import { createIntentReceiver } from './intent/receiver.ts';
import { createIntentSaver } from './intent/saver.ts';
import { createIntentStore } from './intent/store.ts';
import { observe } from './inventory/facts.ts';
import { createInventory } from './inventory/inventory.ts';
import { createReporter } from './inventory/reporter.ts';
import { type KeptConnection, keepConnected } from './keep-connected.ts';
import { createDropReporter, readDrops } from './limits/drops.ts';
import { createOpenWatch } from './limits/open.ts';
import { createZoneWatch } from './limits/zones.ts';
import type { Log } from './log.ts';
import { createMirrorDevices } from './mirrors/devices.ts';
import { openCaptureFiles } from './mirrors/files.ts';
import { createMirrors, type Mirrors } from './mirrors/mirrors.ts';
import { createMirrorStore } from './mirrors/stored.ts';
import { createAnswerer } from './reject/answerer.ts';
import { createTaskRunner } from './tasks/runner.ts';
import { createTasks } from './tasks/tasks.ts';

export interface RunningEngine {
  readonly identity: Identity;
  /** Ends sessions and timers. The switch keeps enforcing what it holds. */
  stop(): Promise<void>;
}

const REPAIR_INTERVAL_MS = 60_000;
/** Reloading another firewall often begins with `flush ruleset`: ours is back after this long at most. */
const FIREWALL_INTERVAL_MS = 5_000;
const DROPS_INTERVAL_MS = 5_000;
const OPEN_INTERVAL_MS = 1_000;
const SWITCH_FIRST_MS = 3_000;

/** Starts the engine: first what is stored is enforced, then everything else. Rejects with `not-enrolled` before `join`. */
export async function startEngine(config: EngineConfig, log: Log): Promise<RunningEngine> {
  const { stateDir } = config;
  const identity = await loadIdentity(stateDir);
  if (!identity) throw new EngineError('not-enrolled', 'This host has no identity: run hv engine join … first');
  const { random } = Math;
  /** Ends in the reverse order of the beginnings. */
  const stops: (() => unknown)[] = [];
  const every = (intervalMs: number, work: () => Promise<unknown>, what: string): void => {
    const timer = setInterval(() => void work().catch(complain(what)), intervalMs);
    stops.push(() => clearInterval(timer));
  };
  const complain = (what: string) => (error: unknown) => log.warn({ reason: describeError(error) }, what);
  let channel: Channel | undefined;
  let gateways: Gateways | undefined;
  let mirrors: Mirrors | undefined;
  let inForce = EMPTY_INTENT;
  let libvirt: KeptConnection<Libvirt> | undefined;
  let flows: FlowExport | undefined;
  const send = (message: EngineMessage): boolean => channel?.send(message) ?? false;

  // What is enforced, and what is seen.
  const store = createIntentStore(stateDir);
  const announcer = createAnnouncer({ saver: createIntentSaver(store), send, log });
  const inventory = createInventory({
    log,
    onChange(id) {
      if (gateways?.owns(id)) gateways.refresh();
      owner.refresh();
      reporter.vm(id);
    },
  });
  const owner: SwitchOwner = createSwitchOwner({
    uplink: config.uplink,
    establishedProbability: config.establishedProbability,
    vms: inventory.vms,
    live: inventory.live,
    gateways: (ports) => gateways?.local(ports) ?? [],
    prepare: async (intent, isCurrent) => gateways?.prepare(intent, isCurrent),
    full: () => ({ ...open.full(), networks: zones.full() }),
    mirrors: (ports) => mirrors?.local(ports) ?? [],
    onView() {
      gateways?.refresh();
      reporter.refresh();
    },
    onApplied: announcer.applied,
    onEnforced(intent, isCurrent) {
      inForce = intent;
      gateways?.refresh();
      sweep(intent, isCurrent).catch(complain('connections could not be looked through'));
    },
    log,
    random,
    now: Date.now,
  });
  const reporter = createReporter({
    ids: () => inventory.vms().keys(),
    observe(id) {
      const vm = gateways?.owns(id) ? undefined : inventory.vms().get(id);
      return vm && observe(vm, { ports: owner.ports(), enforced: owner.enforced() });
    },
    send,
  });
  const judgeOf = createJudges();
  const open = createOpenWatch({
    conntrack: () => ovs.current()?.conntrack,
    limits: owner.openLimits,
    intent: () => inForce,
    onChange: owner.refresh,
    now: () => performance.now(),
  });
  const zones = createZoneWatch({
    conntrack: () => ovs.current()?.conntrack,
    networks: owner.networks,
    onChange: owner.refresh,
  });
  const sweep = async (intent: HostIntent, isCurrent: () => boolean): Promise<void> => {
    const sw = ovs.current();
    if (!sw || intent === EMPTY_INTENT) return;
    const ended = await sweepConnections(sw.conntrack, judgeOf(intent), isCurrent);
    if (ended > 0) log.info({ ended, revision: intent.revision }, 'connections ended');
  };
  try {
    const stored = await store.load();
    if (stored?.torn) log.warn({ revision: stored.intent.revision }, 'a change that was being stored is lost');
    if (stored) owner.setIntent(stored.intent);
  } catch (error) {
    log.error({ reason: describeError(error) }, 'every port stays closed until the platform says what to enforce');
  }

  const listeners = createListenerWatch();
  const firewall = await startHostFirewall({
    nft: openNftables(),
    store: createFirewallStore(stateDir),
    access: () => readAccess({ platform: () => holder.current().platform, listeners }),
    listeners,
    reconnect: () => channel?.reconnect(),
    send,
    onChange: () => void health.report(),
    log,
  });
  stops.push(firewall.stop);
  every(FIREWALL_INTERVAL_MS, firewall.check, 'the host firewall could not be looked after');

  // The gateway VMs. What was stored of them is known before the switch is there: its flows name them.
  gateways = await createGateways({
    store: createGatewayStore(stateDir),
    image: config.gatewayImage && createImageSource(config.gatewayImage),
    bridge: config.bridge,
    domainType: config.gatewayDomain,
    runDir: config.gatewayRunDir,
    libvirt: () => libvirt?.current(),
    ports: owner.ports,
    intent: () => inForce,
    getsCopies: (group) => mirrors?.feeds(group) ?? false,
    onChange: owner.refresh,
    onLog: (gateway, batch, stored) => flows?.takeGatewayLog(gateway, batch, stored),
    send,
    log,
  });
  stops.push(gateways.stop);
  const { attach: attachGateways, detach: detachGateways, idOf: gatewayId, copyPort, refresh } = gateways;

  mirrors = await createMirrors({
    store: createMirrorStore(stateDir),
    files: await openCaptureFiles(path.join(stateDir, 'captures')),
    devices: createMirrorDevices(openNftables()),
    gatewayPort: copyPort,
    onChange() {
      owner.refresh();
      refresh();
    },
    send,
    log,
  });
  stops.push(mirrors.stop);
  const { attach: attachMirrors, detach: detachMirrors } = mirrors;

  // The switch and its flows.
  const { spoolLimitBytes: limitBytes } = config;
  const clock = createClockWatch({ wall: Date.now, steady: () => performance.now() });
  const exporters = await createExporters({
    store: createExporterStore(stateDir),
    networkOfVlan: createVlanFinder(owner.intent),
    now: () => Date.now() - clock.errorMs(),
    steady: () => performance.now(),
    send,
    log,
  });
  const exported = await startFlowExport({
    ...{ stateDir, limitBytes, intent: owner.intent, gatewayId, exporters, clock, send, log },
    exporterUid: () => switchUser(config.ovsRunDir, config.bridge),
  });
  flows = exported;
  // Nothing is heard any more, then what was heard is kept.
  stops.push(exported.stop, exporters.stop);
  const policed = Promise.withResolvers<void>();
  let switchFacts: SwitchFacts = { version: null, findings: [] };
  let daemon: DaemonFacts = { libvirt: '', hypervisor: '' };
  const facts = (): HostFacts => ({
    ...machineFacts(),
    ...daemon,
    ovs: switchFacts.version,
    ...(config.migrationUri === null ? {} : { migrationUri: config.migrationUri }),
  });
  const ovs = keepConnected<OvsSwitch>({
    name: 'Open vSwitch',
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
      policed.resolve();
      await attachGateways(sw);
      attachMirrors(sw);
      await exportTo(sw, exported.target);
      switchFacts = await readSwitchFacts(sw);
      send({ type: 'facts', facts: facts() });
    },
    lost() {
      detachGateways();
      detachMirrors();
      owner.detach();
    },
    log,
    random,
  });
  stops.push(owner.stop, ovs.stop);
  const repair = async (): Promise<void> => {
    const flows = await owner.repair();
    if (flows > 0) log.warn({ flows }, 'somebody else had changed the flows; they are right again');
  };
  every(REPAIR_INTERVAL_MS, repair, 'the flows could not be looked through');

  every(OPEN_INTERVAL_MS, open.look, 'connections could not be counted');
  every(OPEN_INTERVAL_MS, zones.look, 'connections of networks could not be bounded');
  const drops = createDropReporter(send);
  const reportDrops = async (): Promise<void> => {
    const sw = ovs.current();
    if (sw) drops.take(await readDrops(sw.flows));
  };
  every(DROPS_INTERVAL_MS, reportDrops, 'what limits dropped could not be read');

  // Senders of what a rule rejects are told; while nobody is there to do it, it is a deny.
  const answer = createAnswerer(() => performance.now());
  const packets = keepConnected<PacketSession>({
    name: 'packets of Open vSwitch',
    async connect() {
      const sw = ovs.current();
      if (!sw) throw new EngineError('switch-away', 'Open vSwitch is not connected');
      return sw.packets((packet) => {
        const frame = answer(packet);
        if (frame) packets.current()?.send(packet.port, frame);
      });
    },
    use: async () => {},
    lost: () => {},
    log,
    random,
  });
  stops.push(packets.stop);

  // libvirt and what runs under it.
  libvirt = keepConnected<Libvirt>({
    name: 'libvirt',
    async connect() {
      // Ports are policed before a thousand VMs are read, as long as there is a switch.
      await Promise.race([policed.promise, delay(SWITCH_FIRST_MS, undefined, { ref: false })]);
      return await connectLibvirt(config.libvirtUri);
    },
    async use(session) {
      daemon = await daemonFacts(session);
      send({ type: 'facts', facts: facts() });
      await inventory.attach(session);
      owner.refresh();
      reporter.everything('reconnect', []);
    },
    lost: inventory.detach,
    log,
    random,
  });
  stops.push(libvirt.stop);
  const sync = async (reason: 'schedule' | 'demand'): Promise<void> => {
    const drift = await inventory.readAll();
    for (const what of drift) log.warn({ what }, 'an event was missed');
    reporter.everything(reason, drift);
  };
  every(config.inventoryIntervalMs, () => sync('schedule'), 'the inventory could not be read');

  // The platform.
  const health = createHealthReporter({
    stateDir,
    inputs: () => ({
      libvirt: libvirt.reason(),
      ovs: ovs.reason(),
      switchFindings: switchFacts.findings,
      skewMs: clock.skewMs(),
      spool: exported.health(),
      firewall: firewall.status(),
    }),
    flows: exported,
    send,
  });
  const tasks = createTasks({
    run: createTaskRunner({
      libvirt: libvirt.current,
      syncInventory: () => sync('demand'),
      migrationTls: config.migrationTls,
    }),
    send,
    log,
  });
  const receiver = createIntentReceiver({ current: owner.intent, accept: owner.setIntent, send });
  const take = (message: Exclude<PlatformMessage, { type: 'welcome' }>): void => {
    switch (message.type) {
      case 'intent':
      case 'intent.patch':
        receiver.receive(message);
        return;
      case 'flows.stored':
        exported.acknowledged(message.batch).catch(complain('a stored batch could not be forgotten'));
        return;
      case 'gateways':
        gateways?.receive(message.gateways);
        return;
      case 'mirrors':
        mirrors?.receive(message);
        return;
      case 'exporters':
        exporters.receive(message.exporters);
        return;
      case 'capture.read':
        void mirrors?.read(message.request, message.id, message.offset);
        return;
      case 'host-firewall':
        firewall.receive(message.intent);
        return;
      case 'sync':
        sync('demand').catch(complain('the inventory could not be read'));
        return;
      case 'task':
        tasks.accept(message);
        return;
    }
  };
  // Tasks that an earlier process was sent are not this one's: it forgot which it did.
  const processId = randomUUID();
  const holder = keepRenewed(identity, { stateDir, log, now: Date.now });
  channel = openChannel({
    identity: holder.current,
    hello() {
      const { revision, policyRevision } = owner.intent();
      return {
        type: 'hello',
        facts: facts(),
        intentRevision: revision,
        policyRevision,
        processId,
        sentAt: new Date().toISOString(),
        features: [HOST_FIREWALL_FEATURE, GATEWAYS_FEATURE, MIRRORS_FEATURE, EXPORTERS_FEATURE],
      };
    },
    onWelcome(welcome) {
      clock.learn(welcome);
      receiver.restart();
      firewall.welcomed();
      mirrors?.report();
      exporters.report();
      announcer.again();
      if (inventory.live()) reporter.everything('start', []);
      tasks.resume();
      exported.restart().catch(complain('the spool cannot be read'));
      void health.report();
    },
    onTime: clock.hear,
    onMessage: take,
    log,
    random,
  });
  stops.push(announcer.stop, health.stop, holder.stop, channel.stop);

  return {
    identity,
    async stop() {
      for (const stop of stops.reverse()) await stop();
    },
  };
}
