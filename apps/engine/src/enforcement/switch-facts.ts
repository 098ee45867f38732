import type { OvsSwitch } from '@hypervigil/ovs';
import type { HealthFinding } from '../health/health.ts';

export interface SwitchFacts {
  readonly version: string | null;
  readonly findings: readonly HealthFinding[];
}

/** Reads what the switch is, and what of its configuration makes it look alive and lose traffic. */
export async function readSwitchFacts({ ovsdb, bridge }: Pick<OvsSwitch, 'ovsdb' | 'bridge'>): Promise<SwitchFacts> {
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
    findings: isUserspace && !hasTso ? [{ code: 'offload-breaks-tcp', params: { bridge } }] : [],
  };
}
