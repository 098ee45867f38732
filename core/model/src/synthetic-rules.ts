/**
 * Verdicts that no person's rule gave still name their reason. Numbers below 100 are theirs;
 * people's rules begin at {@link FIRST_RULE_NUM}.
 */
export const SYNTHETIC_RULES = {
  /** Nothing allowed it. */
  'default-deny': 1,
  /** Source MAC, IPv4, ARP, IPv6 or ND does not belong to the vNIC. */
  'anti-spoof': 2,
  /** Conntrack could not place the packet. */
  'ct-invalid': 3,
  /** The two ends belong to different tenants and no rule joins them. */
  'tenant-isolation': 4,
  /** Both ends belong to one tenant whose default is to allow. */
  'same-tenant': 5,
  /** A DHCP server or router that the network does not know. */
  'dhcp-ra-guard': 6,
  /** ARP, ND and DHCP client traffic that a vNIC needs to have an address at all. */
  'address-resolution': 7,
  /** A frame that is neither ARP, IPv4 nor IPv6, or carries a VLAN tag of its own. */
  'not-ip': 8,
  /** A fragment that cannot be judged. */
  fragment: 9,
  /** The connection's rule was withdrawn. */
  revoked: 10,
  /** A rule wants it inspected, no gateway can do that, and the rule fails closed. */
  'gateway-down': 15,
  /** One end's VM is quarantined. */
  quarantine: 11,
  /** One end, the rule or the network has as many connections as its limit allows. */
  limit: 12,
  /** An exporter saw it pass; no rule decided it. */
  observed: 13,
  /** Likewise, by packets that it picked: the counters are estimates. */
  estimated: 14,
} as const;
export type SyntheticRule = keyof typeof SYNTHETIC_RULES;

/** Of what exporters saw. */
export const OBSERVED_RULES: readonly number[] = [SYNTHETIC_RULES.observed, SYNTHETIC_RULES.estimated];

export const FIRST_RULE_NUM = 100;

const BY_NUM = new Map<number, SyntheticRule>(
  Object.entries(SYNTHETIC_RULES).map(([name, num]) => [num, name as SyntheticRule]),
);

/** The name of a synthetic rule, or undefined for a person's. */
export function syntheticRule(num: number): SyntheticRule | undefined {
  return BY_NUM.get(num);
}
