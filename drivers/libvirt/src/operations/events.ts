import { isLibvirtError } from '../errors.ts';
import * as qemu from '../gen/qemu.ts';
import * as remote from '../gen/remote.ts';
import type { EventMessage } from '../rpc/procedure.ts';
import { paramRecord } from '../xdr/typed-params.ts';
import {
  type BlockJobStatus,
  type BlockJobType,
  blockJobStatus,
  blockJobType,
  type LifecycleEvent,
  lifecycleEvent,
} from './event-names.ts';
import type { DomainRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

interface OfDomain {
  domain: DomainRef;
}
interface OfDevice extends OfDomain {
  /** The device's alias, such as `net0`. */
  device: string;
}
type BlockJob = OfDomain & { disk: string; type: BlockJobType; status: BlockJobStatus };
type Params = Record<string, number | string | boolean>;

/** What each kind of event brings. */
export interface DomainEvents {
  lifecycle: OfDomain & LifecycleEvent;
  reboot: OfDomain;
  'rtc-change': OfDomain & { offsetSeconds: number };
  watchdog: OfDomain & { action: number };
  'io-error': OfDomain & { path: string; device: string; action: number; reason: string };
  graphics: OfDomain & {
    phase: 'connect' | 'initialize' | 'disconnect';
    local: { node: string; service: string };
    remote: { node: string; service: string };
    authScheme: string;
    subject: { type: string; name: string }[];
  };
  'control-error': OfDomain;
  'block-job': BlockJob & { path: string };
  /** Names the disk by its target, such as `vda`, where `block-job` gives the path. */
  'block-job-2': BlockJob;
  'disk-change': OfDevice & { oldPath: string | null; newPath: string | null; reason: number };
  'tray-change': OfDevice & { open: boolean };
  'pm-wakeup': OfDomain;
  'pm-suspend': OfDomain;
  'balloon-change': OfDomain & { memoryKiB: number };
  'device-added': OfDevice;
  'device-removed': OfDevice;
  'device-removal-failed': OfDevice;
  tunable: OfDomain & { params: Params };
  'agent-lifecycle': OfDomain & { connected: boolean; reason: number };
  'migration-iteration': OfDomain & { iteration: number };
  'job-completed': OfDomain & { params: Params };
  'metadata-change': OfDomain & { kind: 'description' | 'title' | 'element'; namespaceUri: string | null };
  'block-threshold': OfDomain & { device: string; path: string | null; threshold: number; excess: number };
  'memory-failure': OfDomain & { recipient: number; action: number; flags: number };
  'nic-mac-change': OfDevice & { oldMac: string; newMac: string };
  /** Whatever QEMU's monitor says, `details` being its JSON. Not available on other hypervisors. */
  'qemu-monitor': OfDomain & { event: string; timestampMs: number; details: string | null };
}

export type DomainEventKind = keyof DomainEvents;
export type DomainEventListener<Kind extends DomainEventKind> = (event: DomainEvents[Kind]) => void;

/** One kind: how to ask the daemon for it, and how to read the message that carries it. */
interface Source<Event> {
  register(rpc: Rpc): Promise<{ callbackID: number }>;
  deregister(rpc: Rpc, callbackID: number): Promise<void>;
  listen(rpc: Rpc, emit: (event: Event) => void): () => void;
}

function source<Msg, Event>(eventID: number, message: EventMessage<Msg>, map: (msg: Msg) => Event): Source<Event> {
  return {
    register: ({ call }) => call(remote.connectDomainEventCallbackRegisterAny, { eventID, dom: null }),
    deregister: ({ call }, callbackID) => call(remote.connectDomainEventCallbackDeregisterAny, { callbackID }),
    listen: ({ onMessage }, emit) => onMessage(message, (msg) => emit(map(msg))),
  };
}

const qemuMonitor: Source<DomainEvents['qemu-monitor']> = {
  register: ({ call }) => call(qemu.connectDomainMonitorEventRegister, { dom: null, event: null, flags: 0 }),
  deregister: ({ call }, callbackID) => call(qemu.connectDomainMonitorEventDeregister, { callbackID }),
  listen: ({ onMessage }, emit) =>
    onMessage(qemu.domainMonitorEvent, ({ dom, event, seconds, micros, details }) =>
      emit({ domain: dom, event, timestampMs: Number(seconds) * 1000 + micros / 1000, details }),
    ),
};

/** By `virDomainEventID` (libvirt-domain.h). */
const SOURCES: { [Kind in DomainEventKind]: Source<DomainEvents[Kind]> } = {
  lifecycle: source(0, remote.domainEventCallbackLifecycle, ({ msg }) => ({
    domain: msg.dom,
    ...lifecycleEvent(msg.event, msg.detail),
  })),
  reboot: source(1, remote.domainEventCallbackReboot, ({ msg }) => ({ domain: msg.dom })),
  'rtc-change': source(2, remote.domainEventCallbackRtcChange, ({ msg }) => ({
    domain: msg.dom,
    offsetSeconds: Number(msg.offset),
  })),
  watchdog: source(3, remote.domainEventCallbackWatchdog, ({ msg }) => ({ domain: msg.dom, action: msg.action })),
  'io-error': source(6, remote.domainEventCallbackIoErrorReason, ({ msg }) => ({
    domain: msg.dom,
    path: msg.srcPath,
    device: msg.devAlias,
    action: msg.action,
    reason: msg.reason,
  })),
  graphics: source(5, remote.domainEventCallbackGraphics, ({ msg }) => ({
    domain: msg.dom,
    phase: (['connect', 'initialize', 'disconnect'] as const)[msg.phase] ?? 'disconnect',
    local: { node: msg.local.node, service: msg.local.service },
    remote: { node: msg.remote.node, service: msg.remote.service },
    authScheme: msg.authScheme,
    subject: msg.subject,
  })),
  'control-error': source(7, remote.domainEventCallbackControlError, ({ msg }) => ({ domain: msg.dom })),
  'block-job': source(8, remote.domainEventCallbackBlockJob, ({ msg }) => ({
    domain: msg.dom,
    path: msg.path,
    disk: msg.path,
    type: blockJobType(msg.type),
    status: blockJobStatus(msg.status),
  })),
  'block-job-2': source(16, remote.domainEventBlockJob2, ({ dom, dst, type, status }) => ({
    domain: dom,
    disk: dst,
    type: blockJobType(type),
    status: blockJobStatus(status),
  })),
  'disk-change': source(9, remote.domainEventCallbackDiskChange, ({ msg }) => ({
    domain: msg.dom,
    device: msg.devAlias,
    oldPath: msg.oldSrcPath,
    newPath: msg.newSrcPath,
    reason: msg.reason,
  })),
  'tray-change': source(10, remote.domainEventCallbackTrayChange, ({ msg }) => ({
    domain: msg.dom,
    device: msg.devAlias,
    open: msg.reason === 0,
  })),
  'pm-wakeup': source(11, remote.domainEventCallbackPmwakeup, ({ msg }) => ({ domain: msg.dom })),
  'pm-suspend': source(12, remote.domainEventCallbackPmsuspend, ({ msg }) => ({ domain: msg.dom })),
  'balloon-change': source(13, remote.domainEventCallbackBalloonChange, ({ msg }) => ({
    domain: msg.dom,
    memoryKiB: Number(msg.actual),
  })),
  'device-removed': source(15, remote.domainEventCallbackDeviceRemoved, ({ msg }) => ({
    domain: msg.dom,
    device: msg.devAlias,
  })),
  tunable: source(17, remote.domainEventCallbackTunable, ({ dom, params }) => ({
    domain: dom,
    params: paramRecord(params),
  })),
  'agent-lifecycle': source(18, remote.domainEventCallbackAgentLifecycle, ({ dom, state, reason }) => ({
    domain: dom,
    connected: state === 1,
    reason,
  })),
  'device-added': source(19, remote.domainEventCallbackDeviceAdded, ({ dom, devAlias }) => ({
    domain: dom,
    device: devAlias,
  })),
  'migration-iteration': source(20, remote.domainEventCallbackMigrationIteration, ({ dom, iteration }) => ({
    domain: dom,
    iteration,
  })),
  'job-completed': source(21, remote.domainEventCallbackJobCompleted, ({ dom, params }) => ({
    domain: dom,
    params: paramRecord(params),
  })),
  'device-removal-failed': source(22, remote.domainEventCallbackDeviceRemovalFailed, ({ dom, devAlias }) => ({
    domain: dom,
    device: devAlias,
  })),
  'metadata-change': source(23, remote.domainEventCallbackMetadataChange, ({ dom, type, nsuri }) => ({
    domain: dom,
    kind: (['description', 'title'] as const)[type] ?? 'element',
    namespaceUri: nsuri,
  })),
  'block-threshold': source(24, remote.domainEventBlockThreshold, ({ dom, dev, path, threshold, excess }) => ({
    domain: dom,
    device: dev,
    path,
    threshold: Number(threshold),
    excess: Number(excess),
  })),
  'memory-failure': source(25, remote.domainEventMemoryFailure, ({ dom, recipient, action, flags }) => ({
    domain: dom,
    recipient,
    action,
    flags,
  })),
  'nic-mac-change': source(27, remote.domainEventNicMacChange, ({ dom, alias, oldMAC, newMAC }) => ({
    domain: dom,
    device: alias,
    oldMac: oldMAC,
    newMac: newMAC,
  })),
  'qemu-monitor': qemuMonitor,
};

/**
 * Events of all domains. One kind is registered with the daemon once however many listeners it has; the daemon starts
 * to send when the promise settles and stops when the last listener is gone.
 */
export function eventOperations(rpc: Rpc) {
  const registrations = new Map<DomainEventKind, Registration>();
  return {
    /** Resolves with the way to stop. A host too old for a kind rejects with `not-supported-by-host` or alike. */
    async onDomainEvent<Kind extends DomainEventKind>(
      kind: Kind,
      listener: DomainEventListener<Kind>,
    ): Promise<() => Promise<void>> {
      const origin: Source<DomainEvents[Kind]> = SOURCES[kind];
      // Listens before it asks: an event may share the reply's packet.
      const stopListening = origin.listen(rpc, listener);
      const registration = registrations.get(kind) ?? { listeners: 0, callback: origin.register(rpc) };
      registrations.set(kind, registration);
      registration.listeners++;
      let listening = true;
      const stop = async () => {
        if (!listening) return;
        listening = false;
        stopListening();
        if (--registration.listeners > 0) return;
        registrations.delete(kind);
        await deregister(rpc, origin, registration);
      };
      try {
        await registration.callback;
        return stop;
      } catch (error) {
        listening = false;
        stopListening();
        if (registrations.get(kind) === registration) registrations.delete(kind);
        throw error;
      }
    },
  };
}

/** A connection that is gone has deregistered everything already. */
async function deregister(
  rpc: Rpc,
  origin: Pick<Source<unknown>, 'deregister'>,
  registration: Registration,
): Promise<void> {
  const { callbackID } = await registration.callback;
  await origin.deregister(rpc, callbackID).catch((error: unknown) => {
    if (!isLibvirtError(error, 'closed')) throw error;
  });
}

interface Registration {
  listeners: number;
  callback: Promise<{ callbackID: number }>;
}
