import { type HostIntent, INTENT_RULE_DEFAULTS, type IntentRule, type IntentVnic } from '@hypervigil/model';

/** Two tenants on one network: blue has two vNICs, green one. */
export const BLUE_1 = vnic(1, 1);
export const BLUE_2 = vnic(2, 1);
export const GREEN = vnic(3, 2);

export function vnic(num: number, tenant: number): IntentVnic {
  const hex = num.toString(16).padStart(4, '0');
  return {
    num,
    id: `00000000-0000-4000-8000-00000000${hex}`,
    vmId: `00000000-0000-4000-9000-00000000${hex}`,
    network: 1,
    tenant,
    mac: `52:54:00:00:${hex.slice(0, 2)}:${hex.slice(2)}`,
    ipv4: [`10.0.${num >> 8}.${num & 255}`],
    ipv6: [],
    quarantined: false,
  };
}

/** Green may reach blue's port 80. */
export const GREEN_TO_BLUE: IntentRule = {
  num: 100,
  key: 'green-to-blue',
  order: 1,
  tier: 'platform',
  tenant: null,
  action: 'allow',
  from: [22],
  to: [21],
  services: [{ family: 'ip', protocol: 6, ports: { first: 80, last: 80 }, icmp: null }],
  ...INTENT_RULE_DEFAULTS,
};

export function smallCloud(revision: number, more: Partial<HostIntent> = {}): HostIntent {
  return {
    revision,
    policyRevision: revision,
    networks: [{ num: 1, id: '00000000-0000-4000-a000-000000000001', vlan: null, maxConnections: null }],
    tenants: [1, 2].map((num) => ({
      num,
      id: `00000000-0000-4000-b000-00000000000${num}`,
      intraTenant: 'allow' as const,
    })),
    vnics: [BLUE_1, BLUE_2, GREEN],
    sets: [1, 2].map((tenant) => ({ num: 20 + tenant, tenant, members: [] })),
    rules: [],
    staged: [],
    limits: [],
    ...more,
  };
}

/** A TCP packet's first segment from one vNIC to another, as ovs-ofctl writes it. */
export function syn(inPort: number, from: IntentVnic, to: IntentVnic, port: number): string {
  return `in_port=${inPort},tcp,dl_src=${from.mac},dl_dst=${to.mac},nw_src=${from.ipv4[0]},nw_dst=${to.ipv4[0]},tp_src=40000,tp_dst=${port},nw_ttl=64`;
}
