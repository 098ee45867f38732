import { ANYONE, RULE_DEFAULTS, type SyntheticRule } from '@hypervigil/model';
import { compileIntent, linkLocal } from '@hypervigil/policy';
import { idOf, macOf } from '@hypervigil/policy/testing';
import { portOf, UPLINK } from './harness.ts';

/**
 * vNICs 1, 2 and 5 are here, 3 is on another host, all on VLAN 100; 4 is here on the untagged network, with the MAC
 * address of 3. vNIC 2 is of one tenant, the others of another, which lets its VMs talk and ask by multicast DNS. vNIC 6 is
 * here and quarantined.
 */
const vnic = (num: number, tenant: number, network = 1, mac = macOf(num)) => ({
  id: idOf('vm', num),
  tenantId: idOf('tenant', tenant),
  tags: {},
  quarantined: num === 6,
  vnics: [{ id: idOf('vnic', num), num, networkId: idOf('network', network), mac, ipv4: [ip(num)], ipv6: [ip6(num)] }],
});
const ip = (num: number) => `10.0.1.${num}`;
const ip6 = (num: number) => `2001:db8::${num}`;
export const intent = compileIntent(
  {
    tenants: [1, 2].map((num) => ({ id: idOf('tenant', num), num, intraTenant: 'allow' })),
    networks: [
      { id: idOf('network', 1), num: 1, vlan: 100, tenantId: null },
      { id: idOf('network', 2), num: 2, vlan: null, tenantId: null },
    ],
    vms: [vnic(1, 1), vnic(2, 2), vnic(3, 1), vnic(4, 1, 2, macOf(3)), vnic(5, 1), vnic(6, 1)],
    groups: [],
    addressSets: [],
    schedules: [],
    namedServices: [],
    limits: [],
    policies: [
      {
        id: idOf('policy', 1),
        tier: 'tenant',
        tenantId: idOf('tenant', 1),
        order: 0,
        enabled: true,
        rules: [
          {
            id: idOf('rule', 100),
            num: 100,
            name: 'multicast DNS',
            enabled: true,
            action: 'allow',
            from: ANYONE,
            to: { ...ANYONE, cidrs: ['224.0.0.251'] },
            services: [{ protocol: 'udp', ports: ['5353'] }],
            ...RULE_DEFAULTS,
          },
        ],
      },
    ],
  },
  { revision: 1, policyRevision: 1 },
);
export const ports = [1, 2, 4, 5, 6].map((vnicNum) => ({ vnicNum, ofport: portOf(vnicNum), active: true }));

const ALL = 'ff:ff:ff:ff:ff:ff';
const ROUTER = '02:00:00:00:00:01';
const from1 = `in_port=${portOf(1)},dl_src=${macOf(1)}`;
const from6 = `in_port=${portOf(6)},dl_src=${macOf(6)}`;
const trunk = `in_port=${UPLINK},dl_vlan=100,dl_vlan_pcp=0`;
const own = (dst: string) => `${from1},dl_dst=${dst}`;
const to = (...nums: number[]) => nums.map(portOf);
const nd = (type: number, target: string, rest: string) =>
  `ipv6_src=${ip6(1)},ipv6_dst=ff02::1,nw_ttl=255,icmpv6_type=${type},icmpv6_code=0,nd_target=${target},${rest}`;

/** What a frame leads to: ports that it leaves by, the reason why it is refused, or silence. */
type Outcome = readonly number[] | SyntheticRule | 'dropped';

export const CASES: Record<string, readonly (readonly [what: string, frame: string, outcome: Outcome])[]> = {
  'a vNIC speaks for itself only': [
    ['its own IPv4 address', `ip,${own(macOf(3))},nw_src=${ip(1)},nw_dst=${ip(3)}`, [UPLINK]],
    ["another's IPv4 address", `ip,${own(macOf(3))},nw_src=${ip(2)},nw_dst=${ip(3)}`, 'anti-spoof'],
    [
      "another's MAC address",
      `ip,in_port=${portOf(1)},dl_src=${macOf(2)},nw_src=${ip(1)},nw_dst=${ip(3)}`,
      'anti-spoof',
    ],
    ['its own IPv6 address', `ipv6,${own(macOf(3))},ipv6_src=${ip6(1)},ipv6_dst=${ip6(3)}`, [UPLINK]],
    ["another's IPv6 address", `ipv6,${own(macOf(3))},ipv6_src=${ip6(2)},ipv6_dst=${ip6(3)}`, 'anti-spoof'],
    [
      'a link-local address of its MAC',
      `ipv6,${own(macOf(3))},ipv6_src=${linkLocal(macOf(1))},ipv6_dst=${ip6(3)}`,
      [UPLINK],
    ],
    [
      "another's link-local address",
      `ipv6,${own(macOf(3))},ipv6_src=${linkLocal(macOf(2))},ipv6_dst=${ip6(3)}`,
      'anti-spoof',
    ],
    [
      'a VLAN tag of its own',
      `ip,${own(macOf(3))},dl_vlan=100,dl_vlan_pcp=0,nw_src=${ip(1)},nw_dst=${ip(3)}`,
      'not-ip',
    ],
    ['a tag without a VLAN', `ip,${own(macOf(3))},vlan_tci=0x1000,nw_src=${ip(1)},nw_dst=${ip(3)}`, 'not-ip'],
    ['neither IP nor ARP', `${own(ALL)},dl_type=0x88cc`, 'not-ip'],
    ['a fragment', `ip,${own(macOf(3))},nw_src=${ip(1)},nw_dst=${ip(3)},nw_frag=later`, 'fragment'],
    ['the first fragment', `udp,${own(macOf(3))},nw_src=${ip(1)},nw_dst=${ip(3)},nw_frag=first`, 'fragment'],
  ],
  'nothing leaves a quarantined vNIC, and nothing reaches it': [
    ['a packet of its own', `ip,${from6},dl_dst=${macOf(5)},nw_src=${ip(6)},nw_dst=${ip(5)}`, 'quarantine'],
    [
      'its question for an address',
      `arp,${from6},dl_dst=${ALL},arp_op=1,arp_spa=${ip(6)},arp_tpa=${ip(1)}`,
      'quarantine',
    ],
    [
      'its question for a lease',
      `udp,${from6},dl_dst=${ALL},nw_src=0.0.0.0,nw_dst=255.255.255.255,udp_src=68,udp_dst=67`,
      'quarantine',
    ],
    [
      'its neighbour solicitation',
      `icmp6,${from6},dl_dst=33:33:00:00:00:01,ipv6_src=${ip6(6)},ipv6_dst=ff02::1,icmpv6_type=135,icmpv6_code=0`,
      'quarantine',
    ],
    ['another protocol', `${from6},dl_dst=${ALL},dl_type=0x88cc`, 'quarantine'],
    ['a packet to it', `ip,${own(macOf(6))},nw_src=${ip(1)},nw_dst=${ip(6)}`, 'quarantine'],
    ['an IPv6 packet to it', `ipv6,${own(macOf(6))},ipv6_src=${ip6(1)},ipv6_dst=${ip6(6)}`, 'quarantine'],
    [
      'a packet to it from outside',
      `ip,${trunk},dl_src=${ROUTER},dl_dst=${macOf(6)},nw_src=192.0.2.1,nw_dst=${ip(6)}`,
      'quarantine',
    ],
    [
      'a question for its address',
      `arp,${own(ALL)},arp_op=1,arp_spa=${ip(1)},arp_tpa=${ip(6)},arp_sha=${macOf(1)}`,
      'dropped',
    ],
    [
      'an answer about an address',
      `arp,${own(macOf(6))},arp_op=2,arp_spa=${ip(1)},arp_tpa=${ip(6)},arp_sha=${macOf(1)}`,
      'dropped',
    ],
    [
      'an offer of a lease',
      `udp,${trunk},dl_src=${ROUTER},dl_dst=${macOf(6)},nw_src=10.0.1.254,nw_dst=${ip(6)},udp_src=67,udp_dst=68`,
      'dropped',
    ],
  ],
  'ARP reaches the owner alone, and says only what is so': [
    [
      'a question for a vNIC here',
      `arp,${own(ALL)},arp_op=1,arp_spa=${ip(1)},arp_tpa=${ip(2)},arp_sha=${macOf(1)}`,
      to(2),
    ],
    [
      'a question for one elsewhere',
      `arp,${own(ALL)},arp_op=1,arp_spa=${ip(1)},arp_tpa=${ip(3)},arp_sha=${macOf(1)}`,
      [UPLINK],
    ],
    [
      'a question for the outside',
      `arp,${own(ALL)},arp_op=1,arp_spa=${ip(1)},arp_tpa=10.0.1.254,arp_sha=${macOf(1)}`,
      [UPLINK],
    ],
    ['an answer', `arp,${own(macOf(2))},arp_op=2,arp_spa=${ip(1)},arp_tpa=${ip(2)},arp_sha=${macOf(1)}`, to(2)],
    ['a probe', `arp,${own(ALL)},arp_op=1,arp_spa=0.0.0.0,arp_tpa=${ip(1)},arp_sha=${macOf(1)}`, [UPLINK]],
    ['an announcement', `arp,${own(ALL)},arp_op=1,arp_spa=${ip(1)},arp_tpa=${ip(1)},arp_sha=${macOf(1)}`, [UPLINK]],
    [
      "another's address",
      `arp,${own(ALL)},arp_op=2,arp_spa=${ip(2)},arp_tpa=${ip(3)},arp_sha=${macOf(1)}`,
      'anti-spoof',
    ],
    [
      "another's MAC address inside",
      `arp,${own(ALL)},arp_op=2,arp_spa=${ip(1)},arp_tpa=${ip(3)},arp_sha=${macOf(2)}`,
      'anti-spoof',
    ],
    [
      'an answer with no sender',
      `arp,${own(ALL)},arp_op=2,arp_spa=0.0.0.0,arp_tpa=${ip(1)},arp_sha=${macOf(1)}`,
      'anti-spoof',
    ],
    ['RARP as QEMU sends it', `rarp,${own(ALL)},arp_op=3,arp_sha=${macOf(1)}`, [UPLINK]],
    ["RARP of another's MAC address", `rarp,${own(ALL)},arp_op=3,arp_sha=${macOf(2)}`, 'anti-spoof'],
    [
      'a question from the trunk',
      `arp,${trunk},dl_src=${macOf(3)},dl_dst=${ALL},arp_op=1,arp_spa=${ip(3)},arp_tpa=${ip(1)}`,
      to(1),
    ],
    [
      'a vNIC elsewhere asking the outside',
      `arp,${trunk},dl_src=${macOf(3)},dl_dst=${ALL},arp_op=1,arp_spa=${ip(3)},arp_tpa=10.0.1.254`,
      'dropped',
    ],
    [
      'the router announcing itself',
      `arp,${trunk},dl_src=${ROUTER},dl_dst=${ALL},arp_op=1,arp_spa=10.0.1.254,arp_tpa=10.0.1.254`,
      to(1, 2, 5),
    ],
    ['RARP from the trunk', `rarp,${trunk},dl_src=${macOf(3)},dl_dst=${ALL},arp_op=3`, 'dropped'],
  ],
  'Neighbour Discovery likewise': [
    [
      'a solicitation for a vNIC here',
      `icmp6,${own('33:33:ff:00:00:02')},${nd(135, ip6(2), `nd_sll=${macOf(1)}`)}`,
      to(2),
    ],
    [
      "a solicitation with another's MAC",
      `icmp6,${own('33:33:ff:00:00:02')},${nd(135, ip6(2), `nd_sll=${macOf(2)}`)}`,
      'anti-spoof',
    ],
    [
      'an advertisement of itself',
      `icmp6,${own('33:33:00:00:00:01')},${nd(136, ip6(1), `nd_tll=${macOf(1)}`)}`,
      [UPLINK],
    ],
    [
      'an advertisement of another',
      `icmp6,${own('33:33:00:00:00:01')},${nd(136, ip6(2), `nd_tll=${macOf(1)}`)}`,
      'anti-spoof',
    ],
    [
      "an advertisement with another's MAC",
      `icmp6,${own('33:33:00:00:00:01')},${nd(136, ip6(1), `nd_tll=${macOf(2)}`)}`,
      'anti-spoof',
    ],
    [
      'duplicate detection',
      `icmp6,${own('33:33:ff:00:00:01')},ipv6_src=::,ipv6_dst=ff02::1:ff00:1,icmpv6_type=135,icmpv6_code=0,nd_target=${ip6(1)}`,
      [UPLINK],
    ],
    [
      "duplicate detection for another's",
      `icmp6,${own('33:33:ff:00:00:01')},ipv6_src=::,ipv6_dst=ff02::1:ff00:2,icmpv6_type=135,icmpv6_code=0,nd_target=${ip6(2)}`,
      'anti-spoof',
    ],
    [
      'a router solicitation',
      `icmp6,${own('33:33:00:00:00:02')},ipv6_src=::,ipv6_dst=ff02::2,icmpv6_type=133`,
      [UPLINK],
    ],
    [
      'a router advertisement from the trunk',
      `icmp6,${trunk},dl_src=${ROUTER},dl_dst=33:33:00:00:00:01,ipv6_src=fe80::1,ipv6_dst=ff02::1,icmpv6_type=134`,
      to(1, 2, 5),
    ],
  ],
  'Neighbour Discovery is no way around the rules': [
    [
      'a probe of a VM elsewhere',
      `icmp6,${own(macOf(3))},ipv6_src=${ip6(1)},ipv6_dst=${ip6(3)},icmpv6_type=135,icmpv6_code=0,nd_target=${ip6(3)}`,
      [UPLINK],
    ],
    [
      'a probe of the router',
      `icmp6,${own(ROUTER)},ipv6_src=${ip6(1)},ipv6_dst=fe80::1,icmpv6_type=135,icmpv6_code=0,nd_target=fe80::1`,
      [UPLINK],
    ],
    [
      'a solicitation through the router',
      `icmp6,${own(ROUTER)},ipv6_src=${ip6(1)},ipv6_dst=2001:db8:9::9,icmpv6_type=135,icmpv6_code=0,nd_target=fe80::1`,
      'default-deny',
    ],
    [
      'an advertisement through the router',
      `icmp6,${own(ROUTER)},ipv6_src=${ip6(1)},ipv6_dst=2001:db8:9::9,icmpv6_type=136,icmpv6_code=0,nd_target=${ip6(1)}`,
      'default-deny',
    ],
    [
      'a router solicitation to somewhere',
      `icmp6,${own(ROUTER)},ipv6_src=${ip6(1)},ipv6_dst=2001:db8:9::9,icmpv6_type=133`,
      'default-deny',
    ],
    [
      'a multicast report to somewhere',
      `icmp6,${own(ROUTER)},ipv6_src=${ip6(1)},ipv6_dst=2001:db8:9::9,icmpv6_type=143`,
      'default-deny',
    ],
    [
      'the same from no address',
      `icmp6,${own(ROUTER)},ipv6_src=::,ipv6_dst=2001:db8:9::9,icmpv6_type=143`,
      'anti-spoof',
    ],
    [
      'a multicast report',
      `icmp6,${own('33:33:00:00:00:16')},ipv6_src=${linkLocal(macOf(1))},ipv6_dst=ff02::16,icmpv6_type=143`,
      [UPLINK],
    ],
  ],
  'a frame goes to the vNIC that its packet is for': [
    ['a packet for another VM', `ip,${own(macOf(2))},nw_src=${ip(1)},nw_dst=${ip(3)}`, 'anti-spoof'],
    ['a packet for the outside', `ip,${own(macOf(2))},nw_src=${ip(1)},nw_dst=192.0.2.1`, 'anti-spoof'],
    [
      'from the trunk',
      `ip,${trunk},dl_src=${macOf(3)},dl_dst=${macOf(2)},nw_src=${ip(3)},nw_dst=${ip(1)}`,
      'anti-spoof',
    ],
    ['IPv6', `ipv6,${own(macOf(2))},ipv6_src=${ip6(1)},ipv6_dst=${ip6(3)}`, 'anti-spoof'],
    [
      'a question for another',
      `arp,${own(macOf(2))},arp_op=1,arp_spa=${ip(1)},arp_tpa=${ip(3)},arp_sha=${macOf(1)}`,
      'anti-spoof',
    ],
    [
      'an unreachability probe',
      `icmp6,${own(macOf(2))},ipv6_src=${ip6(1)},ipv6_dst=${ip6(2)},icmpv6_type=135,icmpv6_code=0,nd_target=${ip6(2)}`,
      to(2),
    ],
    [
      'an answer to it',
      `icmp6,${own(macOf(2))},ipv6_src=${ip6(1)},ipv6_dst=${ip6(2)},icmpv6_type=136,icmpv6_code=0,nd_target=${ip6(1)}`,
      to(2),
    ],
  ],
  'a vNIC is neither router nor DHCP server': [
    [
      'a router advertisement',
      `icmp6,${own('33:33:00:00:00:01')},ipv6_src=${linkLocal(macOf(1))},ipv6_dst=ff02::1,icmpv6_type=134`,
      'dhcp-ra-guard',
    ],
    [
      'an ICMPv6 redirect',
      `icmp6,${own(macOf(2))},ipv6_src=${linkLocal(macOf(1))},ipv6_dst=${ip6(2)},icmpv6_type=137`,
      'dhcp-ra-guard',
    ],
    ['an ICMP redirect', `icmp,${own(macOf(3))},nw_src=${ip(1)},nw_dst=${ip(3)},icmp_type=5`, 'dhcp-ra-guard'],
    ['a DHCP offer', `udp,${own(macOf(3))},nw_src=${ip(1)},nw_dst=${ip(3)},udp_src=67,udp_dst=68`, 'dhcp-ra-guard'],
    [
      'a DHCPv6 answer',
      `udp6,${own(macOf(3))},ipv6_src=${ip6(1)},ipv6_dst=${ip6(3)},udp_src=547,udp_dst=546`,
      'dhcp-ra-guard',
    ],
    ['a DHCP question', `udp,${own(ALL)},nw_src=0.0.0.0,nw_dst=255.255.255.255,udp_src=68,udp_dst=67`, [UPLINK]],
    [
      'a DHCPv6 question',
      `udp6,${own('33:33:00:01:00:02')},ipv6_src=${linkLocal(macOf(1))},ipv6_dst=ff02::1:2,udp_src=546,udp_dst=547`,
      [UPLINK],
    ],
    [
      'a DHCP offer from the trunk',
      `udp,${trunk},dl_src=${ROUTER},dl_dst=${macOf(1)},nw_src=10.0.1.254,nw_dst=${ip(1)},udp_src=67,udp_dst=68`,
      to(1),
    ],
  ],
  'nothing is flooded, nothing crosses': [
    [
      'a port that nobody knows',
      `ip,in_port=77,dl_src=${macOf(1)},dl_dst=${macOf(2)},nw_src=${ip(1)},nw_dst=${ip(2)}`,
      'dropped',
    ],
    [
      'a VLAN that nobody knows',
      `ip,in_port=${UPLINK},dl_vlan=7,dl_vlan_pcp=0,dl_src=${macOf(3)},dl_dst=${macOf(1)},nw_src=${ip(3)},nw_dst=${ip(1)}`,
      'dropped',
    ],
    [
      'a MAC address of nobody, from the trunk',
      `ip,${trunk},dl_src=${macOf(3)},dl_dst=52:54:00:00:00:99,nw_src=${ip(3)},nw_dst=${ip(1)}`,
      'dropped',
    ],
    [
      'a MAC address that is here on another network',
      `ip,${trunk},dl_src=${ROUTER},dl_dst=${macOf(3)},nw_src=10.0.1.9,nw_dst=${ip(3)}`,
      'dropped',
    ],
    ['between tenants', `tcp,${own(macOf(2))},nw_src=${ip(1)},nw_dst=${ip(2)},tcp_dst=80`, 'tenant-isolation'],
    ['to the outside', `tcp,${own(ROUTER)},nw_src=${ip(1)},nw_dst=192.0.2.1,tcp_dst=80`, 'default-deny'],
    [
      'multicast that no rule allows',
      `udp,${own('01:00:5e:00:00:fb')},nw_src=${ip(1)},nw_dst=224.0.0.251,udp_dst=53`,
      'default-deny',
    ],
    [
      'multicast that a tenant allows, to its own',
      `udp,${own('01:00:5e:00:00:fb')},nw_src=${ip(1)},nw_dst=224.0.0.251,udp_dst=5353`,
      [...to(5), UPLINK],
    ],
    [
      'the same, from the trunk',
      `udp,${trunk},dl_src=${macOf(3)},dl_dst=01:00:5e:00:00:fb,nw_src=${ip(3)},nw_dst=224.0.0.251,udp_dst=5353`,
      to(1, 5),
    ],
    [
      'the same, from outside of the cloud',
      `udp,${trunk},dl_src=${ROUTER},dl_dst=01:00:5e:00:00:fb,nw_src=10.0.1.254,nw_dst=224.0.0.251,udp_dst=5353`,
      'default-deny',
    ],
    [
      'within a tenant, from the trunk',
      `tcp,${trunk},dl_src=${macOf(3)},dl_dst=${macOf(1)},nw_src=${ip(3)},nw_dst=${ip(1)},tcp_dst=80`,
      to(1),
    ],
    [
      'between tenants, from the trunk',
      `tcp,${trunk},dl_src=${macOf(3)},dl_dst=${macOf(2)},nw_src=${ip(3)},nw_dst=${ip(2)},tcp_dst=80`,
      'tenant-isolation',
    ],
  ],
};
