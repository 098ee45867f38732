import path from 'node:path';
import type { OvsError } from './errors.ts';
import { createFlowTable, type FlowTable } from './flows/table.ts';
import type { PacketIn } from './openflow/packet-codec.ts';
import { connectPackets, type PacketSession } from './openflow/packets.ts';
import { connectOpenFlow } from './openflow/session.ts';
import { ensureIpfix, type IpfixOptions, removeIpfix } from './ovsdb/ipfix.ts';
import {
  type BridgeOptions,
  deleteBridge,
  deletePort,
  ensureBridge,
  ensurePort,
  type PortOptions,
  setOtherConfig,
} from './ovsdb/operations.ts';
import { listPorts, type OvsPort, watchPorts } from './ovsdb/ports.ts';
import { connectOvsdb, type Ovsdb } from './ovsdb/session.ts';
import { mirrorVswitch, type VswitchMirror } from './ovsdb/vswitch.ts';
import { type Appctl, createAppctl } from './unixctl/appctl.ts';
import { type Conntrack, createConntrack } from './unixctl/conntrack.ts';
import { forgetMegaflows } from './unixctl/megaflows.ts';
import { type TraceOptions, traceFlow } from './unixctl/trace.ts';
import type { Trace } from './unixctl/trace-text.ts';

export interface OpenSwitchOptions {
  /** Path of OVSDB's unix socket, such as `/var/run/openvswitch/db.sock`. */
  readonly ovsdbSocket: string;
  /** Where ovs-vswitchd keeps its pid file and sockets, such as `/var/run/openvswitch`. */
  readonly runDir: string;
  /** The integration bridge. It need not exist yet: see `ensureBridge`. */
  readonly bridge: string;
  /** Tables that the switch fills by `learn` and that are left to it. */
  readonly learnedTables?: readonly number[];
}

/** One bridge of one Open vSwitch: its ports, its flows, its connections. */
export interface OvsSwitch {
  readonly bridge: string;
  readonly ovsdb: Ovsdb;
  readonly appctl: Appctl;
  readonly flows: FlowTable;
  readonly conntrack: Conntrack;
  /** Opens a connection for packets: those of `CONTROLLER` actions, and those that we send. */
  packets(onPacket: (packet: PacketIn) => void): Promise<PacketSession>;
  ports(): readonly OvsPort[];
  onPortsChanged(listener: (ports: readonly OvsPort[]) => void): () => void;
  /** Makes the bridge exist, closed (`fail_mode=secure`: without flows nothing passes), and speaking OpenFlow 1.5. */
  ensureBridge(options?: BridgeOptions): Promise<void>;
  deleteBridge(): Promise<void>;
  ensurePort(name: string, options?: PortOptions): Promise<void>;
  deletePort(name: string): Promise<void>;
  /** Settings of the whole switch, such as `userspace-tso-enable`, of which some need a restart of ovs-vswitchd. */
  setOtherConfig(entries: Readonly<Record<string, string>>): Promise<void>;
  /** Makes `sample` actions with this collector set export to the target. Repeating it changes nothing. */
  ensureIpfix(options: IpfixOptions): Promise<void>;
  removeIpfix(collectorSetId: number): Promise<void>;
  trace(flow: string, options?: TraceOptions): Promise<Trace>;
  /** Resolves when the OVSDB session ends: with the reason, or with undefined after `close`. Open another one then. */
  readonly closed: Promise<OvsError | undefined>;
  close(): Promise<void>;
}

export async function openSwitch(options: OpenSwitchOptions): Promise<OvsSwitch> {
  const { ovsdbSocket, runDir, bridge, learnedTables } = options;
  const ovsdb = await connectOvsdb(ovsdbSocket);
  const mirror = await mirrorVswitch(ovsdb);
  const appctl = createAppctl(runDir);
  const flows = createFlowTable(() => connectOpenFlow(path.join(runDir, `${bridge}.mgmt`)), {
    learnedTables,
    // The kernel knows by an id which megaflow is meant.
    onChanged: async () => {
      if (datapathTypes(mirror).get(bridge) !== 'system') await forgetMegaflows(appctl);
    },
  });
  return {
    bridge,
    ovsdb,
    appctl,
    flows,
    conntrack: createConntrack(appctl, () => datapathOf(mirror, bridge)),
    packets: (onPacket) => connectPackets(path.join(runDir, `${bridge}.mgmt`), onPacket),
    ports: () => listPorts(mirror, bridge),
    onPortsChanged: (listener) => watchPorts(mirror, bridge, listener),
    ensureBridge: (options) => ensureBridge(ovsdb, mirror, bridge, options),
    deleteBridge: () => deleteBridge(ovsdb, mirror, bridge),
    ensurePort: (name, options) => ensurePort(ovsdb, mirror, bridge, name, options),
    deletePort: (name) => deletePort(ovsdb, mirror, bridge, name),
    setOtherConfig: (entries) => setOtherConfig(ovsdb, entries),
    ensureIpfix: (options) => ensureIpfix(ovsdb, mirror, bridge, options),
    removeIpfix: (collectorSetId) => removeIpfix(ovsdb, mirror, collectorSetId),
    trace: (flow, options) => traceFlow(appctl, bridge, flow, options),
    closed: ovsdb.closed,
    async close() {
      flows.close();
      ovsdb.close();
      await ovsdb.closed;
    },
  };
}

/** By bridge: `system` is the kernel's, `netdev` is in userspace. */
function datapathTypes({ tables }: VswitchMirror): ReadonlyMap<string, string> {
  return new Map([...tables.Bridge.values()].map((row) => [row.name, row.datapath_type || 'system']));
}

/**
 * Bridges of one type share a datapath, which ovs-vswitchd names so. The name is given only where there are several:
 * `dpctl/flush-conntrack` of Open vSwitch 3.1 does not understand it before a zone.
 */
function datapathOf(mirror: VswitchMirror, bridge: string): string | undefined {
  const types = datapathTypes(mirror);
  const type = types.get(bridge);
  return type === undefined || new Set(types.values()).size < 2 ? undefined : `${type}@ovs-${type}`;
}
