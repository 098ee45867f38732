import { type Condition, noBridge, ovsMap, ovsSet, reconfigure } from './operations.ts';
import type { Ovsdb } from './session.ts';
import { database, type VswitchMirror } from './vswitch.ts';

export interface IpfixOptions {
  /** `address:port` of the collector, UDP. */
  readonly target: string;
  /** The number that `sample(collector_set_id=…)` names. */
  readonly collectorSetId: number;
  /** How long the switch gathers a flow before it exports; seconds. */
  readonly activeTimeoutS: number;
  /** Flows that the switch may gather at once; it exports the oldest before their time when there are more. */
  readonly maxFlows: number;
}

/** Makes `sample` actions of this bridge with this collector set export to `target`. Repeating it changes nothing. */
export async function ensureIpfix(
  ovsdb: Ovsdb,
  mirror: VswitchMirror,
  bridgeName: string,
  options: IpfixOptions,
): Promise<void> {
  const { target, collectorSetId, activeTimeoutS, maxFlows } = options;
  const uuid = mirror.tables.Bridge.entries().find(([, row]) => row.name === bridgeName)?.[0];
  if (uuid === undefined) throw noBridge(bridgeName);
  const bridge = ['uuid', uuid];
  const where: Condition[] = [
    ['id', '==', collectorSetId],
    ['bridge', '==', bridge],
  ];
  const [sets] = await ovsdb.transact(database, [
    { op: 'select', table: 'Flow_Sample_Collector_Set', where, columns: ['ipfix'] },
  ]);
  const row = {
    targets: ovsSet([target]),
    cache_active_timeout: activeTimeoutS,
    // Absent, it is none, whatever the timeout says: each packet a datagram of its own (ovs-vswitchd.conf.db(5)).
    cache_max_flows: maxFlows,
    external_ids: ovsMap({ owner: 'hypervigil' }),
  };
  const ipfix = sets?.rows?.[0]?.['ipfix'];
  if (Array.isArray(ipfix) && ipfix[0] === 'uuid') {
    await reconfigure(ovsdb, mirror, [{ op: 'update', table: 'IPFIX', where: [['_uuid', '==', ipfix]], row }]);
    return;
  }
  const set = { id: collectorSetId, bridge, ipfix: ['named-uuid', 'exporter'] };
  await reconfigure(ovsdb, mirror, [
    { op: 'delete', table: 'Flow_Sample_Collector_Set', where },
    { op: 'insert', table: 'IPFIX', 'uuid-name': 'exporter', row },
    { op: 'insert', table: 'Flow_Sample_Collector_Set', row: set },
  ]);
}

/** Ends the export of this collector set; its IPFIX row goes with it, as nothing else refers to it. */
export async function removeIpfix(ovsdb: Ovsdb, mirror: VswitchMirror, collectorSetId: number): Promise<void> {
  await reconfigure(ovsdb, mirror, [
    { op: 'delete', table: 'Flow_Sample_Collector_Set', where: [['id', '==', collectorSetId]] },
  ]);
}
