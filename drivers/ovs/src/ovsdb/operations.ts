import { OvsError } from '../errors.ts';
import { isRecord } from './rpc.ts';
import type { Operation, Ovsdb } from './session.ts';
import { database, type VswitchMirror } from './vswitch.ts';

export interface BridgeOptions {
  /** `netdev` runs in ovs-vswitchd, `system` in the kernel module, `dummy` nowhere. Left alone when undefined. */
  readonly datapathType?: string;
  readonly otherConfig?: Readonly<Record<string, string>>;
  readonly externalIds?: Readonly<Record<string, string>>;
}

export interface PortOptions {
  readonly type?: string;
  readonly ofportRequest?: number;
  readonly options?: Readonly<Record<string, string>>;
  readonly externalIds?: Readonly<Record<string, string>>;
}

/** Bundles need 1.4 and up; 1.5 is what we speak; 1.0 keeps plain `ovs-ofctl` usable for people. */
const protocols = ['OpenFlow10', 'OpenFlow13', 'OpenFlow14', 'OpenFlow15'];
const reconfigureTimeoutMs = 30_000;

export type Condition = readonly [column: string, comparison: string, value: unknown];
const byName = (name: string): Condition => ['name', '==', name];
export const ovsMap = (entries: Readonly<Record<string, string>>): unknown => ['map', Object.entries(entries)];
export const ovsSet = (elements: readonly unknown[]): unknown => ['set', elements];
const named = (id: string): unknown => ['named-uuid', id];

/** Overwrites the given keys of a map column and leaves the others. */
function mergeMap(
  table: string,
  where: readonly Condition[],
  column: string,
  entries: Readonly<Record<string, string>>,
): Operation {
  const mutations = [
    [column, 'delete', ovsSet(Object.keys(entries))],
    [column, 'insert', ovsMap(entries)],
  ];
  return { op: 'mutate', table, where, mutations };
}

/** Makes the bridge exist, closed (`fail_mode=secure`: without flows nothing passes), and speaking OpenFlow 1.5. */
export async function ensureBridge(
  ovsdb: Ovsdb,
  mirror: VswitchMirror,
  name: string,
  options: BridgeOptions = {},
): Promise<void> {
  const { datapathType, otherConfig = {}, externalIds = {} } = options;
  const row = {
    fail_mode: 'secure',
    protocols: ovsSet(protocols),
    ...(datapathType === undefined ? {} : { datapath_type: datapathType }),
  };
  const exists = mirror.tables.Bridge.values().some((bridge) => bridge.name === name);
  const operations = exists
    ? [
        { op: 'update', table: 'Bridge', where: [byName(name)], row },
        mergeMap('Bridge', [byName(name)], 'other_config', otherConfig),
        mergeMap('Bridge', [byName(name)], 'external_ids', externalIds),
      ]
    : [
        { op: 'insert', table: 'Interface', 'uuid-name': 'iface', row: { name, type: 'internal' } },
        { op: 'insert', table: 'Port', 'uuid-name': 'port', row: { name, interfaces: named('iface') } },
        {
          op: 'insert',
          table: 'Bridge',
          'uuid-name': 'bridge',
          row: {
            ...row,
            name,
            ports: named('port'),
            other_config: ovsMap(otherConfig),
            external_ids: ovsMap(externalIds),
          },
        },
        { op: 'mutate', table: 'Open_vSwitch', where: [], mutations: [['bridges', 'insert', named('bridge')]] },
      ];
  await reconfigure(ovsdb, mirror, operations);
}

/** Removes the bridge with its ports; nothing happens when there is none. */
export async function deleteBridge(ovsdb: Ovsdb, mirror: VswitchMirror, name: string): Promise<void> {
  const uuid = mirror.tables.Bridge.entries().find(([, row]) => row.name === name)?.[0];
  if (uuid === undefined) return;
  const mutations = [['bridges', 'delete', ['uuid', uuid]]];
  await reconfigure(ovsdb, mirror, [{ op: 'mutate', table: 'Open_vSwitch', where: [], mutations }]);
}

/** Makes the bridge have the port. Rejects with `not-found` when there is no such bridge. */
export async function ensurePort(
  ovsdb: Ovsdb,
  mirror: VswitchMirror,
  bridge: string,
  name: string,
  port: PortOptions = {},
): Promise<void> {
  if (!mirror.tables.Bridge.values().some((row) => row.name === bridge)) throw noBridge(bridge);
  const { type = '', ofportRequest, options = {}, externalIds = {} } = port;
  const requested = ofportRequest === undefined ? {} : { ofport_request: ofportRequest };
  const where = [byName(name)];
  const exists = mirror.tables.Interface.values().some((row) => row.name === name);
  const operations = exists
    ? [
        { op: 'update', table: 'Interface', where, row: { type, ...requested, options: ovsMap(options) } },
        mergeMap('Interface', where, 'external_ids', externalIds),
      ]
    : [
        {
          op: 'insert',
          table: 'Interface',
          'uuid-name': 'iface',
          row: { name, type, ...requested, options: ovsMap(options), external_ids: ovsMap(externalIds) },
        },
        { op: 'insert', table: 'Port', 'uuid-name': 'port', row: { name, interfaces: named('iface') } },
        { op: 'mutate', table: 'Bridge', where: [byName(bridge)], mutations: [['ports', 'insert', named('port')]] },
      ];
  await reconfigure(ovsdb, mirror, operations);
}

/** Removes the port; nothing happens when there is none. */
export async function deletePort(ovsdb: Ovsdb, mirror: VswitchMirror, bridge: string, name: string): Promise<void> {
  const uuid = mirror.tables.Port.entries().find(([, row]) => row.name === name)?.[0];
  if (uuid === undefined) return;
  const mutations = [['ports', 'delete', ['uuid', uuid]]];
  await reconfigure(ovsdb, mirror, [{ op: 'mutate', table: 'Bridge', where: [byName(bridge)], mutations }]);
}

/** Settings of the whole switch, such as `userspace-tso-enable`, of which some need a restart of ovs-vswitchd. */
export async function setOtherConfig(ovsdb: Ovsdb, entries: Readonly<Record<string, string>>): Promise<void> {
  await ovsdb.transact(database, [mergeMap('Open_vSwitch', [], 'other_config', entries)]);
}

/**
 * Commits and waits until ovs-vswitchd has made it true: it copies `next_cfg` to `cur_cfg` when it is done
 * (ovs-vswitchd.conf.db(5), Open_vSwitch, Status), as `ovs-vsctl` without `--no-wait` relies on.
 */
export async function reconfigure(
  ovsdb: Ovsdb,
  mirror: VswitchMirror,
  operations: readonly Operation[],
): Promise<void> {
  const results = await ovsdb.transact(database, [
    ...operations,
    { op: 'mutate', table: 'Open_vSwitch', where: [], mutations: [['next_cfg', '+=', 1]] },
    { op: 'select', table: 'Open_vSwitch', where: [], columns: ['next_cfg'] },
  ]);
  const row = results.at(-1)?.rows?.[0];
  const target = isRecord(row) ? Number(row['next_cfg']) : 0;
  await untilApplied(ovsdb, mirror, target);
}

export function noBridge(name: string): OvsError {
  return new OvsError('not-found', `There is no bridge ${name}.`, { details: { bridge: name } });
}

async function untilApplied(ovsdb: Ovsdb, mirror: VswitchMirror, target: number): Promise<void> {
  const reached = (): boolean => mirror.tables.Open_vSwitch.values().some(({ cur_cfg }) => cur_cfg >= target);
  if (reached()) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = mirror.onChange(() => reached() && resolve());
  const message = `ovs-vswitchd did not apply the configuration in ${reconfigureTimeoutMs} ms. Is it running?`;
  const timer = setTimeout(() => reject(new OvsError('timeout', message)), reconfigureTimeoutMs);
  void ovsdb.closed.then((reason) => reject(reason ?? new OvsError('closed', 'The OVSDB session was closed.')));
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    stop();
  }
}
