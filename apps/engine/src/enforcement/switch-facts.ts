import { OvsError, type OvsSwitch } from '@hypervigil/ovs';
import type { HealthFinding } from '../health/health.ts';

export interface SwitchFacts {
  readonly version: string | null;
  readonly findings: readonly HealthFinding[];
}

/** Reads what the switch is, and what of its configuration makes it look alive and lose traffic. */
export async function readSwitchFacts({
  ovsdb,
  bridge,
  conntrack,
}: Pick<OvsSwitch, 'ovsdb' | 'bridge' | 'conntrack'>): Promise<SwitchFacts> {
  const [vswitch, bridges] = await ovsdb.transact('Open_vSwitch', [
    { op: 'select', table: 'Open_vSwitch', where: [], columns: ['ovs_version', 'other_config'] },
    { op: 'select', table: 'Bridge', where: [['name', '==', bridge]], columns: ['datapath_type'] },
  ]);
  const { ovs_version: version, other_config: config } = vswitch?.rows?.[0] ?? {};
  const isUserspace = bridges?.rows?.[0]?.['datapath_type'] === 'netdev';
  const hasTso = JSON.stringify(config ?? []).includes('["userspace-tso-enable","true"]');
  return {
    version: typeof version === 'string' ? version : null,
    // Guests and taps leave checksums to a device that is not there: ping works, and every TCP segment is invalid to
    // conntrack (https://github.com/openvswitch/ovs-issues/issues/273).
    findings: [
      ...(isUserspace && !hasTso ? [{ code: 'offload-breaks-tcp', params: { bridge } }] : []),
      ...((await boundsZones(conntrack)) ? [] : [{ code: 'connections-unbounded', params: { bridge } }]),
    ],
  };
}

/** The kernel's datapath knows limits of zones since Linux 4.18: before, one network may fill its host's table of connections. */
async function boundsZones(conntrack: OvsSwitch['conntrack']): Promise<boolean> {
  try {
    await conntrack.zoneLimits();
    return true;
  } catch (error) {
    if (error instanceof OvsError && error.code === 'rpc-error') return false;
    throw error;
  }
}
