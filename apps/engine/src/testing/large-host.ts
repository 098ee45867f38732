import { type HostIntent, type HostIntentPatch, INTENT_RULE_DEFAULTS } from '@hypervigil/model';
import { smallCloud, vnic } from './small-cloud.ts';

/** A host with so many running VMs of ten tenants, each with one vNIC and one port. */
export interface LargeHost {
  /** A node file for libvirt's test driver. */
  readonly nodeXml: string;
  readonly intent: HostIntent;
  /** Port name, OpenFlow port and `iface-id` of every vNIC. */
  readonly ports: readonly { readonly name: string; readonly ofport: number; readonly ifaceId: string }[];
}

const TENANTS = 10;
const RULES = 50;

export function largeHost(vms: number): LargeHost {
  const vnics = Array.from({ length: vms }, (_, n) => vnic(n + 1, 1 + (n % TENANTS)));
  const tenants = Array.from({ length: TENANTS }, (_, n) => n + 1);
  const domains = vnics.map(
    ({ num, id, vmId, mac, ipv4 }) => `<domain type='test'>
  <name>vm-${num}</name><uuid>${vmId}</uuid><memory>1048576</memory><vcpu>2</vcpu><os><type>hvm</type></os>
  <metadata><hv:vm xmlns:hv='https://hypervigil.dev/xmlns/vm/1' tenant='t${num % TENANTS}' tags='app=web,tier=front'>
    <hv:nic mac='${mac}' network='net' ipv4='${ipv4[0]}'/></hv:vm></metadata>
  <devices>
    <disk type='file' device='disk'><source file='/images/vm-${num}.qcow2'/><target dev='vda' bus='virtio'/></disk>
    <interface type='bridge'><mac address='${mac}'/><source bridge='br-int'/>
      <virtualport type='openvswitch'><parameters interfaceid='${id}'/></virtualport><model type='virtio'/></interface>
  </devices></domain>`,
  );
  return {
    nodeXml: `<node>\n${domains.join('\n')}\n</node>\n`,
    intent: smallCloud(1, {
      tenants: tenants.map((num) => ({
        num,
        id: `00000000-0000-4000-b000-0000000000${String(num).padStart(2, '0')}`,
        intraTenant: 'allow',
      })),
      vnics,
      sets: tenants.map((num) => ({ num: 1000 + num, tenant: num, members: [] })),
      rules: Array.from({ length: RULES }, (_, n) => ({
        num: 100 + n,
        key: `rule-${n}`,
        order: n,
        tier: 'platform' as const,
        tenant: null,
        action: 'allow' as const,
        from: [1000 + tenants[n % TENANTS]!],
        to: [1000 + tenants[(n + 1) % TENANTS]!],
        services: [{ family: 'ip' as const, protocol: 6, ports: { first: 1000 + n, last: 1000 + n }, icmp: null }],
        ...INTENT_RULE_DEFAULTS,
      })),
    }),
    ports: vnics.map(({ num, id }) => ({ name: `v${num}`, ofport: num, ifaceId: id })),
  };
}

/** Turns one rule between allow and deny: what publishing a changed policy comes to on a host. */
export function togglePatch(intent: HostIntent, base: number): HostIntentPatch {
  const [rule] = intent.rules;
  const nothing = { upsert: [], remove: [] };
  return {
    base,
    revision: base + 1,
    policyRevision: base + 1,
    networks: nothing,
    tenants: nothing,
    vnics: nothing,
    sets: { ...nothing, change: [] },
    staged: nothing,
    limits: nothing,
    rules: { upsert: rule ? [{ ...rule, action: base % 2 ? 'deny' : 'allow' }] : [], remove: [] },
  };
}
