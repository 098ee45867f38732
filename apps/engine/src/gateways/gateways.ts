import type { EngineMessage } from '@hypervigil/contract';
import { isLibvirtError } from '@hypervigil/libvirt';
import type { GatewayReport, HostIntent, IntentGateway } from '@hypervigil/model';
import type { OvsPort, OvsSwitch, PacketSession } from '@hypervigil/ovs';
import type { LocalGateway } from '@hypervigil/pipeline';
import { describeError } from '../errors.ts';
import type { Log } from '../log.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { createAhead } from './ahead.ts';
import { blocksIn } from './blocks.ts';
import { gatewayChannel, gatewayInterfaceId } from './domain.ts';
import { createGatewayDomains, type GatewayLibvirt } from './domains.ts';
import { createPathHealth, PROBE_MS, type ProbedGateway } from './health.ts';
import type { AvailableImage, ImageSource } from './image.ts';
import { reportOf, stateOf } from './report.ts';
import { type GatewayLog, openGatewaySession } from './session.ts';
import { type GatewayStore, keepGateways, NO_GATEWAYS } from './stored.ts';

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
  /** See ADR 15: to be called before an intent is enforced. */
  prepare(next: HostIntent, isCurrent: () => boolean): Promise<void>;
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

export async function createGateways(deps: GatewaysDeps): Promise<Gateways> {
  const { store, image, bridge, domainType, runDir, libvirt, ports, intent, getsCopies, onChange, onLog, send, log } =
    deps;
  const stored = await store.load().catch((error: unknown) => {
    log.error({ reason: describeError(error) }, 'no gateway runs until the platform says which');
    return NO_GATEWAYS;
  });
  const kept = keepGateways(store, stored);
  const wanted = (): readonly IntentGateway[] => kept.now().wanted;
  let available: AvailableImage = {
    measurement: null,
    version: null,
    reason: image ? null : 'This host has no gateway image: start the engine with --gateway-image',
  };
  let sw: Pick<OvsSwitch, 'packets'> | undefined;
  let packets: PacketSession | undefined;
  /** Made by an earlier process: taken to pass packets until they turn out not to. */
  const adopted = new Set(stored.made);
  let looksSinceReport = 0;
  let told = '';

  const health = createPathHealth({
    send: (port, frame) => packets?.send(port, frame),
    now: () => performance.now(),
    onChange(num, passes) {
      log[passes ? 'info' : 'warn']({ gateway: num, passes }, 'packets through a gateway');
      const gateway = wanted().find((one) => one.num === num);
      if (gateway) running.get(gateway.id)?.patience.turned(passes);
      onChange();
      report();
    },
  });

  const domains = createGatewayDomains({ kept, image, bridge, domainType, runDir, passes: health.passes, log });
  const { running } = domains;

  const portsOf = ({ id }: IntentGateway, seen: ReadonlyMap<string, OvsPort>) => {
    const left = seen.get(gatewayInterfaceId(id, 'left'))?.ofport;
    const right = seen.get(gatewayInterfaceId(id, 'right'))?.ofport;
    return left === undefined || right === undefined ? undefined : { left, right };
  };
  const watchAll = (seen: ReadonlyMap<string, OvsPort>): void => {
    const found = wanted().flatMap((one): ProbedGateway[] => {
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

  const reports = (): GatewayReport[] =>
    wanted().map((gateway) => {
      const inputs = { run: running.get(gateway.id), passes: health.passes(gateway.num), available, intent: intent() };
      return reportOf(gateway, inputs);
    });
  const report = (): void => {
    if (!reporting) return;
    const gateways = reports();
    if (!send({ type: 'gateways', gateways })) return;
    told = stateOf(gateways);
    looksSinceReport = 0;
  };
  let reporting = false;

  /** Before anything is enforced here, a gateway is told nothing, and passes nothing. */
  const tell = ({ id, group, detect }: IntentGateway): void => {
    if (intent().revision === 0) return;
    const now = ahead.policy();
    const looks = { detect: detect || blocksIn(now, group), copies: getsCopies(group) };
    running.get(id)?.session?.enforce(now, looks);
  };
  const ahead = createAhead({
    wanted,
    intent,
    passes: health.passes,
    tell,
    hasLearnt: ({ id }, policy) => running.get(id)?.session?.hasAnswered(policy) ?? false,
    onChange,
    log,
  });

  const ensureSession = (gateway: IntentGateway): void => {
    const run = running.get(gateway.id);
    if (!run || run.session || run.opening) return;
    run.opening = true;
    openGatewaySession({
      path: gatewayChannel(runDir, gateway),
      onChange: () => {
        ahead.catchUp();
        if (stateOf(reports()) !== told) report();
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

  const look = async (): Promise<void> => {
    if (image) available = await image.look(kept.now().release);
    const lib = libvirt();
    if (lib) {
      await domains.keepOnly(lib, new Set(wanted().map(({ id }) => id)));
      for (const gateway of wanted()) {
        try {
          await domains.ensure(lib, gateway);
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
    for (const gateway of wanted()) {
      ensureSession(gateway);
      tell(gateway);
    }
    ahead.catchUp();
    looksSinceReport++;
    if (looksSinceReport >= LOOKS_A_REPORT || stateOf(reports()) !== told) report();
  };

  const looks = oneAtATime(look, (error) => {
    if (!isLibvirtError(error, 'closed')) log.warn({ reason: describeError(error) }, 'gateways cannot be seen to');
  });
  const timers = [
    setInterval(looks.ask, LOOK_MS),
    setInterval(() => {
      if (packets) health.tick();
    }, PROBE_MS),
  ];

  return {
    receive(next) {
      kept
        .save({ wanted: [...next] })
        .catch((error: unknown) => log.error({ reason: describeError(error) }, 'the gateways cannot be stored'))
        .finally(() => {
          reporting = true;
          onChange();
          looks.ask();
        });
    },
    owns: (id) => kept.now().made.includes(id) || wanted().some((one) => one.id === id),
    idOf: (num) => wanted().find((one) => one.num === num)?.id,
    copyPort(group, seen) {
      const able = wanted().filter((one) => one.group === group && !one.drain && health.passes(one.num));
      const [first] = able.toSorted((a, b) => a.num - b.num);
      return first && seen.get(gatewayInterfaceId(first.id, 'mirror'))?.ofport;
    },
    local(seen) {
      watchAll(seen);
      return wanted().flatMap((gateway): LocalGateway[] => {
        const found = portsOf(gateway, seen);
        if (!found) return [];
        const isLeft = gateway.drain || ahead.isBehind(gateway.num);
        const takes = !health.passes(gateway.num) ? 'none' : isLeft ? 'known' : 'new';
        return [{ num: gateway.num, group: gateway.group, ...found, takes }];
      });
    },
    prepare: ahead.prepare,
    refresh() {
      looks.ask();
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
