import type { EngineMessage } from '@hypervigil/contract';
import type { CaptureReport, GatewayNum, IntentMirror, MirrorReport } from '@hypervigil/model';
import type { OvsPort, OvsSwitch } from '@hypervigil/ovs';
import { decodeCookie, type LocalMirror, TABLES } from '@hypervigil/pipeline';
import { describeError } from '../errors.ts';
import type { Log } from '../log.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { type RunningCapture, startCapture } from './capture.ts';
import { deviceOf, isDevice, type MirrorDevices } from './devices.ts';
import type { CaptureFiles } from './files.ts';
import type { MirrorStore, StoredMirrors } from './stored.ts';

type MirroringSwitch = Pick<OvsSwitch, 'ports' | 'ensurePort' | 'deletePort'> & {
  readonly flows: Pick<OvsSwitch['flows'], 'stats'>;
};

/** Where copies of packets go: ports of the switch for them, and captures of what comes out there. */
export interface Mirrors {
  /** What the platform wants from now on. */
  receive(wanted: StoredMirrors): void;
  /** Whether one sends copies to the gateways of a group. */
  feeds(group: GatewayNum): boolean;
  /** As the flows have to know them. */
  local(ports: ReadonlyMap<string, OvsPort>): readonly LocalMirror[];
  attach(sw: MirroringSwitch): void;
  detach(): void;
  /** A piece of a capture's file, as the answer to the platform. */
  read(request: string, id: string, offset: number): Promise<void>;
  /** Tells the platform everything. */
  report(): void;
  stop(): Promise<void>;
}

interface MirrorsDeps {
  readonly store: MirrorStore;
  readonly files: CaptureFiles;
  readonly devices: MirrorDevices;
  /** The port where a group's gateway of this host takes copies. */
  readonly gatewayPort: (group: GatewayNum, ports: ReadonlyMap<string, OvsPort>) => number | undefined;
  /** Ports for copies came or went: the flows have to follow. */
  readonly onChange: () => void;
  readonly send: (message: EngineMessage) => boolean;
  readonly log: Log;
}

const LOOK_MS = 2_000;
const NO_GATEWAY = 'No gateway of the group passes packets on this host';

export async function createMirrors(deps: MirrorsDeps): Promise<Mirrors> {
  const { store, files, devices, gatewayPort, onChange, send, log } = deps;
  let { mirrors: wanted, keep } = await store.load().catch((error: unknown): StoredMirrors => {
    log.error({ reason: describeError(error) }, 'nothing is copied until the platform says what');
    return { mirrors: [], keep: [] };
  });
  let sw: MirroringSwitch | undefined;
  /** By the mirror's number: the capture that runs, if one does. */
  const running = new Map<number, { readonly id: string; readonly capture: RunningCapture }>();
  /** Devices that are open, each with its port's number: another one is another device. */
  const opened = new Map<string, number>();
  const reasons = new Map<string, string>();
  let told = '';

  /** The capture that is to be written now. One that has ended here is over, whatever the platform still thinks. */
  const captureOf = ({ target }: IntentMirror) =>
    target.kind === 'capture' && target.capture !== null && !files.has(target.capture.id) ? target.capture : null;
  /** Whether it wants a device of its own. */
  const hasDevice = (mirror: IntentMirror): boolean => mirror.target.kind === 'tunnel' || captureOf(mirror) !== null;
  const hasPort = (mirror: IntentMirror): boolean => mirror.target.kind === 'gateway' || hasDevice(mirror);
  const portOf = ({ id, target }: IntentMirror, ports: ReadonlyMap<string, OvsPort>): number | undefined =>
    target.kind === 'gateway' ? gatewayPort(target.group, ports) : ports.get(id)?.ofport;

  const endCapture = async (num: number): Promise<void> => {
    const one = running.get(num);
    one?.capture.end();
    await one?.capture.ended;
  };

  const ensureCapture = async (mirror: IntentMirror, device: string): Promise<void> => {
    const bounds = captureOf(mirror);
    if (bounds === null || running.get(mirror.num)?.id === bounds.id) return;
    await endCapture(mirror.num);
    const { id } = bounds;
    const capture = await startCapture({ device, file: files.place(id), bounds });
    running.set(mirror.num, { id, capture });
    log.info({ mirror: mirror.num, capture: id }, 'a capture began');
    void capture.ended
      .then((figures) => files.keep(id, figures))
      .catch((error: unknown) => log.error({ capture: id, reason: describeError(error) }, 'a capture is lost'))
      .finally(() => {
        if (running.get(mirror.num)?.id === id) running.delete(mirror.num);
        onChange();
        looks.ask();
      });
  };

  const ensurePlace = async (on: MirroringSwitch, mirror: IntentMirror): Promise<void> => {
    const { id, num, target } = mirror;
    const device = deviceOf(num, target.kind);
    if (target.kind === 'tunnel') await devices.ensureTunnel(device, target);
    await on.ensurePort(device, {
      ...(target.kind === 'capture' && { type: 'internal' }),
      externalIds: { 'iface-id': id },
    });
    const port = on.ports().find(({ name }) => name === device);
    if (port?.ofport === undefined) throw new Error(port?.error ?? `the switch has not opened ${device} yet`);
    if (opened.get(device) !== port.ofport) {
      await devices.open(device);
      opened.set(device, port.ofport);
    }
    await ensureCapture(mirror, device);
  };

  const look = async (): Promise<void> => {
    const on = sw;
    if (!on) return;
    const names = new Set(wanted.filter(hasDevice).map(({ num, target }) => deviceOf(num, target.kind)));
    for (const [num, { id }] of running) {
      const mirror = wanted.find((one) => one.num === num);
      if (mirror === undefined || captureOf(mirror)?.id !== id) await endCapture(num);
    }
    for (const { name } of on.ports().filter((port) => isDevice(port.name) && !names.has(port.name))) {
      await on.deletePort(name);
      await devices.remove(name);
      opened.delete(name);
    }
    for (const mirror of wanted.filter(hasDevice)) {
      try {
        await ensurePlace(on, mirror);
        reasons.delete(mirror.id);
      } catch (error) {
        const reason = describeError(error).slice(0, 500);
        if (reasons.get(mirror.id) !== reason)
          log.warn({ mirror: mirror.num, reason }, 'copies have no place to go to');
        reasons.set(mirror.id, reason);
      }
    }
    await files.retain(new Set(keep));
    await tell(on);
  };

  const tell = async (on: MirroringSwitch): Promise<void> => {
    const counts = await countsOf(on);
    const ports = new Map(on.ports().map((port) => [port.ifaceId ?? '', port]));
    const mirrors = wanted.map((mirror): MirrorReport => {
      const { id, num, target } = mirror;
      const isReady = hasPort(mirror) && portOf(mirror, ports) !== undefined && !reasons.has(id);
      const isIdle = target.kind === 'capture' && captureOf(mirror) === null;
      const state = isReady ? 'ready' : isIdle ? 'idle' : 'missing';
      const reason = reasons.get(id) ?? (target.kind === 'gateway' ? NO_GATEWAY : null);
      return { id, state, reason: state === 'missing' ? reason : null, ...counts(num) };
    });
    const now = [...running.values()].map(({ id, capture }): CaptureReport => ({ id, ...capture.figures() }));
    const captures = [...files.ended(), ...now.filter(({ id }) => !files.has(id))];
    const text = JSON.stringify([mirrors, captures]);
    if (text !== told && send({ type: 'mirrors', mirrors, captures })) told = text;
  };

  const looks = oneAtATime(look, (error) => {
    log.warn({ reason: describeError(error) }, 'mirrors could not be looked after');
  });
  const timer = setInterval(looks.ask, LOOK_MS);

  return {
    receive(next) {
      ({ mirrors: wanted, keep } = next);
      store
        .save(next)
        .catch((error: unknown) => log.error({ reason: describeError(error) }, 'the mirrors could not be stored'));
      onChange();
      looks.ask();
    },
    feeds: (group) => wanted.some(({ target }) => target.kind === 'gateway' && target.group === group),
    local(ports) {
      // While no capture runs, there is nothing to copy for.
      return wanted.filter(hasPort).map((mirror) => {
        const { id, num, oneIn, vnics, target } = mirror;
        return { id, num, oneIn, vnics, port: portOf(mirror, ports) ?? null, tagged: target.kind === 'gateway' };
      });
    },
    attach(target) {
      sw = target;
      opened.clear();
      looks.ask();
    },
    detach() {
      sw = undefined;
    },
    async read(request, id, offset) {
      const part = await files.read(id, offset).catch(() => undefined);
      const data = part ? part.data.toString('base64') : null;
      send({ type: 'capture.part', request, data, next: part?.next ?? null });
    },
    report() {
      told = '';
      looks.ask();
    },
    async stop() {
      clearInterval(timer);
      await looks.stop();
      for (const num of [...running.keys()]) await endCapture(num);
    },
  };
}

/** Packets by mirror, as the flows to their ports and in place of these count them. */
async function countsOf({
  flows,
}: Pick<MirroringSwitch, 'flows'>): Promise<(num: number) => { copied: number; dropped: number }> {
  const counts = new Map<number, { copied: number; dropped: number }>();
  for (const { cookie, actions, packets } of await flows.stats({ table: TABLES.mirrorTo })) {
    const owner = decodeCookie(cookie);
    if (owner?.kind !== 'mirror') continue;
    const count = counts.get(owner.num) ?? { copied: 0, dropped: 0 };
    count[actions === 'drop' ? 'dropped' : 'copied'] += Number(packets);
    counts.set(owner.num, count);
  }
  return (num) => counts.get(num) ?? { copied: 0, dropped: 0 };
}
