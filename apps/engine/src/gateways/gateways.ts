import path from 'node:path';
import type { EngineMessage } from '@hypervigil/contract';
import { isLibvirtError, type Libvirt } from '@hypervigil/libvirt';
import { type GatewayReport, type HostIntent, type IntentGateway, SYNTHETIC_RULES } from '@hypervigil/model';
import type { OvsPort, OvsSwitch, PacketSession } from '@hypervigil/ovs';
import type { LocalGateway } from '@hypervigil/pipeline';
import { describeError } from '../errors.ts';
import type { Log } from '../log.ts';
import { GATEWAY_NAMESPACE, gatewayDomainXml, gatewayInterfaceId, madeFrom } from './domain.ts';
import { createPathHealth, PROBE_MS, type ProbedGateway } from './health.ts';
import type { ImageSource } from './image.ts';
import { type GatewayLog, type GatewaySession, openGatewaySession } from './session.ts';
import type { GatewayStore } from './stored.ts';

type GatewayLibvirt = Pick<Libvirt, 'domainByUuid' | 'metadata' | 'createXml' | 'destroy'>;

/** The gateway VMs of this host: as many as the platform wants, each verified before it starts, and watched. */
export interface Gateways {
  /** What the platform wants from now on. */
  receive(wanted: readonly IntentGateway[]): void;
  /** Whether a domain is a gateway of this host: no tenant's VM. */
  owns(domainId: string): boolean;
  /** The identity of a gateway, by its number. */
  idOf(num: number): string | undefined;
  /** The port where a group's gateway of this host takes copies of packets; undefined while none does. */
  copyPort(group: number, ports: ReadonlyMap<string, OvsPort>): number | undefined;
  /** Those that have their ports, as the flows have to know them. */
  local(ports: ReadonlyMap<string, OvsPort>): readonly LocalGateway[];
  /** The ports, the policy, or a gateway's domain changed. */
  refresh(): void;
  /** A switch is there: packets are asked of it. */
  attach(sw: Pick<OvsSwitch, 'packets'>): Promise<void>;
  detach(): void;
  /** Tells the platform everything. */
  report(): void;
  stop(): void;
}

interface GatewaysDeps {
  readonly store: GatewayStore;
  /** Null when this host has none. */
  readonly image: ImageSource | null;
  readonly bridge: string;
  readonly domainType: 'kvm' | 'qemu';
  readonly runDir: string;
  readonly libvirt: () => GatewayLibvirt | undefined;
  readonly ports: () => ReadonlyMap<string, OvsPort>;
  readonly intent: () => HostIntent;
  /** Whether a mirror sends copies to the gateways of a group. */
  readonly getsCopies: (group: number) => boolean;
  /** Which gateways take packets changed: the flows have to follow. */
  readonly onChange: () => void;
  /** What a gateway, by its number, has seen; `stored` says that it and all before it is durable. */
  readonly onLog: (gateway: number, log: GatewayLog, stored: () => void) => void;
  readonly send: (message: EngineMessage) => boolean;
  readonly log: Log;
}

const LOOK_MS = 1_000;
/** Figures without a change of state are told every so many looks. */
const LOOKS_A_REPORT = 5;
/** A gateway that passes nothing any more, or after its start nothing yet, for so long is started anew. */
const HOPELESS_MS = { silent: 60_000, starting: 300_000 } as const;

interface Running {
  measurement: string | null;
  session: GatewaySession | undefined;
  opening: boolean;
  reason: string | null;
  /** Since when it passes nothing. */
  silentSince: number;
  wasUp: boolean;
}

export async function createGateways(deps: GatewaysDeps): Promise<Gateways> {
  const { store, image, bridge, domainType, runDir, libvirt, ports, intent, getsCopies, onChange, onLog, send, log } =
    deps;
  let { wanted, made } = await store.load().catch((error: unknown) => {
    log.error({ reason: describeError(error) }, 'no gateway runs until the platform says which');
    return { wanted: [] as IntentGateway[], made: [] as string[] };
  });
  const running = new Map<string, Running>();
  let available: { readonly measurement: string | null; readonly reason: string | null } = {
    measurement: null,
    reason: image ? null : 'This host has no gateway image: start the engine with --gateway-image',
  };
  let sw: Pick<OvsSwitch, 'packets'> | undefined;
  let packets: PacketSession | undefined;
  /** Made by an earlier process: taken to pass packets until they turn out not to. */
  const adopted = new Set(made);
  let looks = 0;
  let told = '';

  const health = createPathHealth({
    send: (port, frame) => packets?.send(port, frame),
    now: () => performance.now(),
    onChange(num, passes) {
      log[passes ? 'info' : 'warn']({ gateway: num, passes }, 'packets through a gateway');
      const gateway = wanted.find((one) => one.num === num);
      const run = gateway && running.get(gateway.id);
      if (run) {
        run.silentSince = performance.now();
        // It passes packets now, or did until now.
        run.wasUp = true;
      }
      onChange();
      report();
    },
  });

  const portsOf = ({ id }: IntentGateway, seen: ReadonlyMap<string, OvsPort>) => {
    const left = seen.get(gatewayInterfaceId(id, 'left'))?.ofport;
    const right = seen.get(gatewayInterfaceId(id, 'right'))?.ofport;
    return left === undefined || right === undefined ? undefined : { left, right };
  };
  const save = async (next: { wanted?: IntentGateway[]; made?: string[] }): Promise<void> => {
    wanted = next.wanted ?? wanted;
    made = next.made ?? made;
    await store.save({ wanted, made });
  };

  const watchAll = (seen: ReadonlyMap<string, OvsPort>): void => {
    const found = wanted.flatMap((one): ProbedGateway[] => {
      const place = portsOf(one, seen);
      return place ? [{ num: one.num, ...place, presumed: adopted.delete(one.id) }] : [];
    });
    health.watch(found);
  };
  const openPackets = async (): Promise<void> => {
    if (!sw || packets) return;
    const session = await sw.packets(health.receive);
    packets = session;
    void session.closed.then(() => {
      if (packets === session) packets = undefined;
    });
  };

  const reportOf = (gateway: IntentGateway): GatewayReport => {
    const run = running.get(gateway.id);
    const session = run?.session;
    const [ready, state] = [session?.ready(), session?.state()];
    const reason = run?.reason ?? session?.refused() ?? (run ? null : available.reason);
    return {
      id: gateway.id,
      phase: phaseOf(gateway, run),
      reason: reason?.slice(0, 500) ?? null,
      measurement: run?.measurement ?? null,
      available: available.measurement,
      build: ready?.build ?? null,
      kernel: ready?.kernel ?? null,
      revision: session?.revision() ?? null,
      toldRevision: session?.toldRevision() ?? null,
      uptimeS: state?.uptimeS ?? null,
      load: state?.load ?? null,
      busy: state?.busy ?? null,
      memoryAvailableKiB: state?.memoryKiB.available ?? null,
      connections: state?.connections.count ?? null,
      denied: state ? deniedBy(state.counters, intent()) : null,
      detector: state?.detector ?? null,
    };
  };
  const phaseOf = ({ num }: IntentGateway, run: Running | undefined): GatewayReport['phase'] => {
    if (run && health.passes(num)) return 'up';
    if (run?.wasUp) return 'silent';
    if (run) return 'starting';
    return available.reason === null ? 'waiting' : 'failed';
  };
  const report = (): void => {
    if (!reporting) return;
    const reports = wanted.map(reportOf);
    if (!send({ type: 'gateways', gateways: reports })) return;
    told = stateOf(reports);
    looks = 0;
  };
  let reporting = false;

  /** Finds or starts a gateway's domain. */
  const ensureDomain = async (lib: GatewayLibvirt, gateway: IntentGateway): Promise<void> => {
    const found = await domainOf(lib, gateway.id);
    if (found) {
      const from = madeFrom(await lib.metadata(found, 'element', GATEWAY_NAMESPACE).catch(() => ''));
      if (from?.epoch === gateway.epoch && made.includes(gateway.id)) {
        if (!running.has(gateway.id)) running.set(gateway.id, newRun(from.measurement));
        return;
      }
      if (!made.includes(gateway.id)) throw new Error(`A domain that is not ours has the id ${gateway.id}`);
      await lib.destroy(found);
    }
    forget(gateway.id);
    if (!image) return;
    const verified = await image.verify();
    if (!made.includes(gateway.id)) await save({ made: [...made, gateway.id] });
    const channel = channelOf(gateway);
    await lib.createXml(gatewayDomainXml({ gateway, image: verified, bridge, channel, type: domainType }));
    const { measurement } = verified.manifest;
    running.set(gateway.id, newRun(measurement));
    log.info({ gateway: gateway.num, measurement, epoch: gateway.epoch }, 'a gateway was started');
  };
  const channelOf = ({ num }: IntentGateway): string => path.join(runDir, `hv-gateway-${num}.sock`);

  const forget = (id: string): void => {
    running.get(id)?.session?.close();
    running.delete(id);
  };

  /** Before anything is enforced here, a gateway is told nothing, and passes nothing. */
  const tell = ({ id, group, detect }: IntentGateway): void => {
    const now = intent();
    if (now.revision === 0) return;
    const looks = { detect: detect || blocksIn(now, group), copies: getsCopies(group) };
    running.get(id)?.session?.enforce(now, looks);
  };

  const ensureSession = (gateway: IntentGateway): void => {
    const run = running.get(gateway.id);
    if (!run || run.session || run.opening) return;
    run.opening = true;
    openGatewaySession({
      path: channelOf(gateway),
      onChange: () => {
        if (stateOf(wanted.map(reportOf)) !== told) report();
      },
      onLog: (batch, stored) => onLog(gateway.num, batch, stored),
      onClose: () => {
        run.session = undefined;
      },
      log,
    })
      .then((session) => {
        if (running.get(gateway.id) !== run) return session.close();
        run.session = session;
        tell(gateway);
      })
      // QEMU makes the socket some moments after it starts; the next look tries again.
      .catch((error: unknown) => log.debug({ gateway: gateway.num, reason: describeError(error) }, 'no channel yet'))
      .finally(() => {
        run.opening = false;
      });
  };

  const restartHopeless = async (lib: GatewayLibvirt, gateway: IntentGateway): Promise<void> => {
    const run = running.get(gateway.id);
    if (!run || health.passes(gateway.num)) return;
    if (performance.now() - run.silentSince < HOPELESS_MS[run.wasUp ? 'silent' : 'starting']) return;
    const found = await domainOf(lib, gateway.id);
    log.warn({ gateway: gateway.num }, 'a gateway that passes nothing is started anew');
    if (found) await lib.destroy(found);
    forget(gateway.id);
  };

  const look = async (): Promise<void> => {
    if (image) available = await image.look();
    const lib = libvirt();
    if (lib) {
      const ids = new Set(wanted.map(({ id }) => id));
      for (const id of made.filter((one) => !ids.has(one))) {
        const found = await domainOf(lib, id);
        if (found) await lib.destroy(found);
        forget(id);
        await save({ made: made.filter((one) => one !== id) });
      }
      for (const gateway of wanted) {
        try {
          await ensureDomain(lib, gateway);
          await restartHopeless(lib, gateway);
          const run = running.get(gateway.id);
          if (run) run.reason = null;
        } catch (error) {
          const reason = describeError(error);
          const run = running.get(gateway.id);
          if (run) run.reason = reason;
          else available = { ...available, reason };
          log.warn({ gateway: gateway.num, reason }, 'a gateway cannot be started');
        }
      }
    }
    watchAll(ports());
    // ovs-vswitchd may have begun anew.
    await openPackets();
    for (const gateway of wanted) {
      ensureSession(gateway);
      tell(gateway);
    }
    looks++;
    if (looks >= LOOKS_A_REPORT || stateOf(wanted.map(reportOf)) !== told) report();
  };

  // One look at a time; a call during one leads to another.
  let isLooking = false;
  let again = false;
  const lookNow = (): void => {
    again = true;
    if (isLooking) return;
    isLooking = true;
    void (async () => {
      while (again) {
        again = false;
        await look().catch((error: unknown) => {
          if (!isLibvirtError(error, 'closed'))
            log.warn({ reason: describeError(error) }, 'gateways cannot be seen to');
        });
      }
      isLooking = false;
    })();
  };
  const timers = [
    setInterval(lookNow, LOOK_MS),
    setInterval(() => {
      if (packets) health.tick();
    }, PROBE_MS),
  ];

  return {
    receive(next) {
      save({ wanted: [...next] })
        .catch((error: unknown) => log.error({ reason: describeError(error) }, 'the gateways cannot be stored'))
        .finally(() => {
          reporting = true;
          onChange();
          lookNow();
        });
    },
    owns: (id) => made.includes(id) || wanted.some((one) => one.id === id),
    idOf: (num) => wanted.find((one) => one.num === num)?.id,
    copyPort(group, seen) {
      const able = wanted.filter((one) => one.group === group && !one.drain && health.passes(one.num));
      const [first] = able.toSorted((a, b) => a.num - b.num);
      return first && seen.get(gatewayInterfaceId(first.id, 'mirror'))?.ofport;
    },
    local(seen) {
      watchAll(seen);
      return wanted.flatMap((gateway): LocalGateway[] => {
        const found = portsOf(gateway, seen);
        if (!found) return [];
        const takes = !health.passes(gateway.num) ? 'none' : gateway.drain ? 'known' : 'new';
        return [{ num: gateway.num, group: gateway.group, ...found, takes }];
      });
    },
    refresh() {
      lookNow();
    },
    async attach(target) {
      sw = target;
      await openPackets();
    },
    detach() {
      sw = undefined;
      packets?.close();
      packets = undefined;
    },
    report,
    stop() {
      for (const timer of timers) clearInterval(timer);
      packets?.close();
      for (const { session } of running.values()) session?.close();
    },
  };
}

const newRun = (measurement: string): Running => ({
  measurement,
  session: undefined,
  opening: false,
  reason: null,
  silentSince: performance.now(),
  wasUp: false,
});

async function domainOf(lib: GatewayLibvirt, id: string) {
  try {
    return await lib.domainByUuid(id);
  } catch (error) {
    if (isLibvirtError(error, 'no-domain')) return undefined;
    throw error;
  }
}

/** Whether a rule asks a group's gateways to end what they recognise: then they look, whatever the group says. */
const blocksIn = ({ rules }: HostIntent, group: number): boolean =>
  rules.some(({ inspect }) => inspect?.group === group && inspect.blocks !== undefined);

/** Packets of rules that deny. */
function deniedBy(counters: readonly { rule: number; packets: number }[], { rules }: HostIntent): number {
  const allows = new Set(rules.filter(({ action }) => action !== 'deny').map(({ num }) => num));
  const isDenial = (num: number) => !allows.has(num) && num !== SYNTHETIC_RULES['same-tenant'];
  return counters.filter(({ rule }) => isDenial(rule)).reduce((sum, { packets }) => sum + packets, 0);
}

/** What is told at once when it changes: all but figures. */
const stateOf = (reports: readonly GatewayReport[]): string =>
  JSON.stringify(
    reports.map(({ id, phase, reason, measurement, available, build, revision, detector }) => ({
      ...{ id, phase, reason, measurement, available, build, revision, detector },
    })),
  );
