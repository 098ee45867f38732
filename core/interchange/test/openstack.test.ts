import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Packet } from '@hypervigil/policy';
import fc from 'fast-check';
import { importOpenstack } from '../src/importers/openstack.ts';
import { writeDocument } from '../src/index.ts';
import { fuzz, runs } from './states.ts';
import { cloudOf, imported, packets, readable, type TestVm, verdict } from './worlds.ts';

const OPTIONS = { tenant: null, order: 100 };

interface NeutronRule {
  direction: 'ingress' | 'egress';
  ethertype: 'IPv4' | 'IPv6';
  protocol: string | null;
  port_range_min: number | null;
  port_range_max: number | null;
  remote_ip_prefix: string | null;
  remote_group_id: string | null;
}
interface NeutronGroup {
  id: string;
  name: string;
  security_group_rules: NeutronRule[];
}

const VMS: TestVm[] = [[], ['a'], ['b'], ['a', 'b'], ['c']].map((groups, i) => ({
  address: `10.0.1.${i + 1}`,
  address6: `2001:db8:1::${i + 1}`,
  tags: Object.fromEntries(groups.map((name) => [`security-group.${name}`, 'yes'])),
}));

/** What Neutron documents, read aloud: some rule of some group of the sender, and some rule of some of the receiver. */
function allows(groups: readonly NeutronGroup[], packet: Packet): boolean | undefined {
  const groupsOf = (address: string) => {
    const vm = VMS.find((one) => one.address === address || one.address6 === address);
    return groups.filter(({ name }) => vm !== undefined && `security-group.${name}` in vm.tags);
  };
  const inPrefix = (prefix: string, address: string) =>
    prefix.endsWith('/0') || prefix === address || (prefix === '10.0.1.0/24' && address.startsWith('10.0.1.'));
  const says = (direction: string, own: NeutronGroup[], other: string) =>
    own.length === 0 ||
    own
      .flatMap((group) => group.security_group_rules)
      .filter((rule) => {
        const six = packet.src.includes(':');
        const protocols: Record<string, number> = { tcp: 6, udp: 17, sctp: 132, icmp: six ? 58 : 1, gre: 47, '58': 58 };
        const { protocol, port_range_min: min, port_range_max: max } = rule;
        const ok =
          rule.direction === direction &&
          (rule.ethertype === 'IPv6') === six &&
          (protocol === null || protocols[protocol] === packet.protocol) &&
          (rule.remote_ip_prefix === null || inPrefix(rule.remote_ip_prefix, other)) &&
          (rule.remote_group_id === null || groupsOf(other).some(({ id }) => id === rule.remote_group_id)) &&
          (packet.icmp
            ? min === null || min === packet.icmp.type
            : min === null || (packet.port! >= min && packet.port! <= max!));
        return ok;
      }).length > 0;
  const [src, dst] = [groupsOf(packet.src), groupsOf(packet.dst)];
  if (src.length + dst.length === 0) return undefined;
  const out = says('egress', src, packet.dst);
  return says('ingress', dst, packet.src) && out;
}

const rule: fc.Arbitrary<NeutronRule> = fc
  .record({
    direction: fc.constantFrom('ingress' as const, 'egress' as const),
    six: fc.boolean(),
    service: fc.constantFrom<[string | null, number | null, number | null]>(
      [null, null, null],
      ['tcp', 80, 80],
      ['tcp', 22, 443],
      ['tcp', null, null],
      ['udp', 53, 53],
      ['icmp', 8, 0],
      ['icmp', null, null],
      ['gre', null, null],
      ['sctp', 80, 80],
    ),
    remote: fc.constantFrom('any', 'block', 'address', 'group'),
    group: fc.constantFrom('id-a', 'id-b', 'id-c'),
  })
  .map(({ direction, six, service: [protocol, min, max], remote, group }) => ({
    direction,
    ethertype: six ? 'IPv6' : 'IPv4',
    protocol,
    port_range_min: min,
    port_range_max: max,
    remote_ip_prefix:
      remote === 'block'
        ? six
          ? '::/0'
          : '10.0.1.0/24'
        : remote === 'address'
          ? six
            ? '2001:db8:9::9'
            : '192.0.2.7'
          : null,
    remote_group_id: remote === 'group' ? group : null,
  }));
const OPEN: NeutronRule[] = (['IPv4', 'IPv6'] as const).map((ethertype) => ({
  direction: 'egress',
  ethertype,
  protocol: null,
  port_range_min: null,
  port_range_max: null,
  remote_ip_prefix: null,
  remote_group_id: null,
}));
const groups = fc.tuple(
  ...['a', 'b', 'c'].map((name) =>
    fc.record({ open: fc.boolean(), rules: fc.array(rule, { maxLength: 4 }) }).map(
      ({ open, rules }): NeutronGroup => ({
        id: `id-${name}`,
        name,
        security_group_rules: [...(open ? OPEN : []), ...rules].map((one) => ({ ...one })),
      }),
    ),
  ),
);

/** A rule about a group for both IP versions, as a new group of OpenStack has it. */
const twin = (rule: NeutronRule): NeutronRule[] =>
  rule.remote_group_id === null || rule.protocol === 'icmp'
    ? [rule]
    : [rule, { ...rule, ethertype: rule.ethertype === 'IPv4' ? 'IPv6' : 'IPv4' }];

test('security groups mean what Neutron means; where they cannot, the report says so', () => {
  const seen = { true: 0, false: 0 };
  fc.assert(
    fc.property(groups, fc.boolean(), fc.array(packets(VMS), { minLength: 20, maxLength: 20 }), (some, twins, sent) => {
      const security_groups = some.map((group) => ({
        ...group,
        security_group_rules: twins ? group.security_group_rules.flatMap(twin) : group.security_group_rules,
      }));
      const text = JSON.stringify({ security_groups });
      const { document, report } = imported(importOpenstack([{ name: 'sg.json', text }], OPTIONS));
      const opens = report.some((entry) => entry.opens);
      assert.ok(!(twins && opens));
      const cloud = cloudOf(document, VMS);
      for (const packet of sent) {
        const expected = allows(security_groups, packet);
        if (expected === undefined) continue;
        const found = verdict(cloud, packet) === 'allow';
        if (!(opens && found && !expected)) {
          assert.equal(found, expected, `${JSON.stringify(packet)}\n${writeDocument(document)}`);
          seen[`${expected}`]++;
        }
      }
    }),
    runs(50),
  );
  assert.ok(
    Object.values(seen).every((count) => count > 20),
    JSON.stringify(seen),
  );
});

/** As `GET /v2.0/security-groups` answers, with the ports of `GET /v2.0/ports`. */
const NEUTRON = `{
  "security_groups": [
    {
      "id": "85cc3048-abc3-43cc-89b3-377341426ac5", "name": "web servers!", "description": "Front",
      "project_id": "e4f50856753b4dc6afee5fa6b9b6c550", "stateful": true,
      "security_group_rules": [
        {"direction": "egress", "ethertype": "IPv6", "id": "3c0e45ff-adaf-4124-b083-bf390e5482ff", "port_range_max": null,
         "port_range_min": null, "protocol": null, "remote_group_id": null, "remote_ip_prefix": null},
        {"direction": "egress", "ethertype": "IPv4", "id": "93aa42e5-80db-4581-9391-3a608bd0e448", "port_range_max": null,
         "port_range_min": null, "protocol": null, "remote_group_id": null, "remote_ip_prefix": null},
        {"direction": "ingress", "ethertype": "IPv4", "id": "c0b09f00-1d49-4e64-a0a7-8a186d928138", "port_range_max": 443,
         "port_range_min": 443, "protocol": "tcp", "remote_group_id": null, "remote_ip_prefix": "10.0.0.0/8"},
        {"direction": "ingress", "ethertype": "IPv4", "id": "f7d45c89-008e-4bab-88ad-d6811724c51c", "port_range_max": 80,
         "port_range_min": 80, "protocol": "dccp", "remote_group_id": null, "remote_ip_prefix": null}
      ]
    }
  ],
  "ports": [
    {"device_id": "5f1a3c8e-0000-4000-8000-000000000001", "device_owner": "compute:nova",
     "security_groups": ["85cc3048-abc3-43cc-89b3-377341426ac5"]},
    {"device_id": "dhcp-1", "device_owner": "network:dhcp", "security_groups": ["85cc3048-abc3-43cc-89b3-377341426ac5"]}
  ]
}`;

/** As \`openstack security group rule list -f json --long\` prints. */
const LISTED = `[
  {"ID": "1", "IP Protocol": "tcp", "Ethertype": "IPv4", "IP Range": "0.0.0.0/0", "Port Range": "22:22",
   "Direction": "ingress", "Remote Security Group": null, "Remote Address Group": null, "Security Group": "g1"},
  {"ID": "2", "IP Protocol": "icmp", "Ethertype": "IPv4", "IP Range": "0.0.0.0/0", "Port Range": "type=8:code=0",
   "Direction": "ingress", "Remote Security Group": null, "Remote Address Group": null, "Security Group": "g1"},
  {"ID": "3", "IP Protocol": "udp", "Ethertype": "IPv4", "IP Range": "", "Port Range": "",
   "Direction": "ingress", "Remote Security Group": "g2", "Remote Address Group": null, "Security Group": "g1"}
]`;

const lines = (result: ReturnType<typeof importOpenstack>) =>
  imported(result).report.map(({ line, outcome, reason }) => `${line} ${outcome} ${reason?.code ?? ''}`.trim());

test('what the Neutron API and the client print is read, every rule with its line', () => {
  const api = importOpenstack([{ name: 'sg.json', text: NEUTRON }], OPTIONS);
  assert.deepEqual(lines(api), ['7 mapped', '9 mapped', '11 mapped', '13 not-mapped unknown-protocol']);
  const { document } = imported(api);
  assert.deepEqual(
    document.groups.map(({ name, vms }) => [name, vms]),
    [['web servers', ['5f1a3c8e-0000-4000-8000-000000000001']]],
  );
  assert.deepEqual(
    document.policies.map(({ name, tier, rules }) => [
      name,
      tier,
      ...rules.map((rule) => `${rule.action} ${rule.name}`),
    ]),
    [
      [
        'OpenStack ingress',
        'baseline',
        'allow web servers tcp 443',
        'deny no other ingress',
        'allow egress to elsewhere',
      ],
    ],
  );
  const listed = importOpenstack([{ name: 'rules.json', text: LISTED }], OPTIONS);
  assert.deepEqual(lines(listed), [
    '2 approximated members-unknown',
    '2 mapped',
    '4 mapped',
    '6 not-mapped unknown-group',
  ]);
  assert.deepEqual(imported(listed).document.policies[1]?.rules[1]?.services, [{ protocol: 'icmp', type: 8, code: 0 }]);
});

test('whatever a file holds, it is imported or refused', () => {
  const key = fc.constantFrom(
    'security_groups',
    'security_group_rules',
    'rules',
    'ports',
    'address_groups',
    'id',
    'name',
    'direction',
    'ethertype',
    'protocol',
    'port_range_min',
    'port_range_max',
    'remote_ip_prefix',
    'remote_group_id',
    'Port Range',
    'Security Group',
    '__proto__',
  );
  const leaf = fc.oneof(
    fc.constantFrom('ingress', 'egress', 'IPv6', 'tcp', 'icmp', 'x', '', '10.0.0.0/8', '1:2', -1, 80, 70000, 1e9, null),
    fc.string(),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 6 }),
    ),
  }));
  fc.assert(
    fc.property(
      fc.oneof(
        tree.map((value) => JSON.stringify(value)),
        fc.string(),
      ),
      (text) => {
        const result = importOpenstack([{ name: 'x', text }], OPTIONS);
        if (result.ok) readable(imported(result).document);
      },
    ),
    fuzz(0.05),
  );
});
