import fc from 'fast-check';

/** Random matches and actions in the many forms that ovs-ofctl accepts, of which each is consistent in itself. */

const hex = (max: number): fc.Arbitrary<string> => fc.integer({ min: 0, max }).map((n) => `0x${n.toString(16)}`);
const uint = (max: number): fc.Arbitrary<string> => fc.oneof(fc.integer({ min: 0, max }).map(String), hex(max));
const wide = (bits: number): fc.Arbitrary<string> =>
  fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }).map((n) => `0x${n.toString(16)}`);
const optionalMask = (value: fc.Arbitrary<string>, mask: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(value, fc.option(mask)).map(([v, m]) => (m === null ? v : `${v}/${m}`));
const ipv4 = fc.ipV4();
const ipv6 = fc.ipV6();
const prefix = (max: number): fc.Arbitrary<string> => fc.integer({ min: 0, max }).map(String);
const mac = fc
  .array(fc.integer({ min: 0, max: 255 }), { minLength: 6, maxLength: 6 })
  .map((bytes) => bytes.map((b) => b.toString(16).padStart(2, '0')).join(':'));
const maskedMac = optionalMask(mac, fc.constantFrom('01:00:00:00:00:00', 'ff:ff:ff:00:00:00', 'ff:ff:ff:ff:ff:ff'));
const maskedIpv4 = optionalMask(ipv4, fc.oneof(prefix(32), fc.constantFrom('255.0.255.0', '255.255.255.0')));
const maskedIpv6 = optionalMask(ipv6, fc.oneof(prefix(128), fc.constant('ffff::ffff')));
const port16 = optionalMask(uint(0xffff), hex(0xffff));

const named = (name: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> => value.map((v) => `${name}=${v}`);
/** Some of the pieces, in any order. */
const some = (...pieces: fc.Arbitrary<string>[]): fc.Arbitrary<string[]> =>
  fc
    .tuple(...pieces.map((piece) => fc.option(piece, { freq: 2 })))
    .chain((list) => fc.shuffledSubarray(list.filter((piece) => piece !== null)));

const flags = (names: readonly string[]): fc.Arbitrary<string> =>
  fc
    .shuffledSubarray([...names], { minLength: 1 })
    .chain((chosen) =>
      fc
        .array(fc.boolean(), { minLength: chosen.length, maxLength: chosen.length })
        .map((signs) => chosen.map((name, i) => (signs[i] ? '+' : '-') + name).join('')),
    );

const registers = fc
  .integer({ min: 0, max: 11 })
  .chain((i) => named(`reg${i}`, optionalMask(hex(0xffff_ffff), hex(0xffff_ffff))));
const metadata = some(
  registers,
  named('xxreg3', optionalMask(wide(128), wide(128))),
  named('metadata', optionalMask(wide(64), wide(64))),
  named('in_port', fc.oneof(fc.integer({ min: 1, max: 0xfeff }).map(String), fc.constant('LOCAL'))),
  named('pkt_mark', optionalMask(hex(0xffff_ffff), hex(0xffff_ffff))),
  named('conj_id', uint(0xffff_ffff)),
  named('tun_id', optionalMask(wide(64), wide(64))),
  named('tun_src', maskedIpv4),
  named(
    'ct_state',
    fc.oneof(flags(['new', 'est', 'rel', 'rpl', 'inv', 'trk', 'snat', 'dnat']), fc.constantFrom('trk|new', 'trk')),
  ),
  named('ct_zone', uint(0xffff)),
  named('ct_mark', optionalMask(hex(0xffff_ffff), hex(0xffff_ffff))),
  named('ct_label', optionalMask(wide(128), wide(128))),
);
const ethernet = some(
  named('dl_src', maskedMac),
  named('dl_dst', maskedMac),
  fc.oneof(
    named('dl_vlan', uint(0xfff)),
    named('vlan_vid', fc.constantFrom('0x1000/0x1000', '0x1005', '0x1005/0x1fff')),
    named('vlan_tci', fc.constantFrom('0x0000/0x1fff', '0x1000/0x1000', '0x3005', '0x0000')),
  ),
);
const ip = some(
  named(
    'nw_tos',
    fc.integer({ min: 0, max: 63 }).map((n) => String(n << 2)),
  ),
  named('nw_ecn', uint(3)),
  named('nw_ttl', uint(255)),
  named('nw_frag', fc.constantFrom('no', 'yes', 'first', 'not_later')),
);
const ip4 = some(named('nw_src', maskedIpv4), named('nw_dst', maskedIpv4));
const ip6 = some(named('ipv6_src', maskedIpv6), named('ipv6_dst', maskedIpv6), named('ipv6_label', hex(0xfffff)));
const ports = some(named('tp_src', port16), named('tp_dst', port16));
const icmp = some(named('icmp_type', uint(255)), named('icmp_code', uint(255)));

const l3 = fc.oneof(
  fc.tuple(
    fc.constantFrom(['tcp'], ['udp'], ['sctp'], ['ip', 'nw_proto=6'], ['dl_type=0x800', 'nw_proto=17']),
    ip,
    ip4,
    ports,
  ),
  fc.tuple(fc.constantFrom(['tcp6'], ['udp6'], ['sctp6'], ['ipv6', 'nw_proto=6']), ip, ip6, ports),
  fc.tuple(
    fc.constantFrom(['tcp'], ['tcp6']),
    some(named('tcp_flags', fc.oneof(flags(['syn', 'ack', 'rst', 'fin']), hex(0xfff), fc.constant('syn|ack')))),
  ),
  fc.tuple(fc.constant(['icmp']), ip, ip4, icmp),
  fc.tuple(fc.constant(['icmp6']), ip, ip6, icmp),
  fc.tuple(
    fc.constant(['icmp6', 'icmp_type=136', 'icmp_code=0']),
    some(named('nd_target', maskedIpv6), named('nd_tll', maskedMac)),
  ),
  fc.tuple(
    fc.constant(['icmp6', 'icmp_type=135', 'icmp_code=0']),
    some(named('nd_target', maskedIpv6), named('nd_sll', maskedMac)),
  ),
  fc.tuple(fc.constantFrom(['ip'], ['ip', 'nw_proto=47'], ['ipv6', 'nw_proto=2'], ['tcp', 'tp_dst=0/0']), ip),
  fc.tuple(
    fc.constantFrom(['arp'], ['rarp']),
    some(
      named('arp_spa', maskedIpv4),
      named('arp_tpa', maskedIpv4),
      named('arp_op', fc.constantFrom('1', '2')),
      named('arp_sha', maskedMac),
      named('arp_tha', maskedMac),
    ),
  ),
  fc.constantFrom([[]], [['udp', 'nw_frag=later']], [['dl_type=0x88cc']]),
);

const matchText: fc.Arbitrary<string> = fc
  .tuple(metadata, ethernet, l3)
  .map(([a, b, c]) => [...(c as string[][]).flat(), ...a, ...b].join(','));

/** Bits of registers, connection marks and labels. */
const subfield = fc
  .constantFrom(
    ['NXM_NX_REG', 32, 16] as const,
    ['OXM_OF_PKT_REG', 64, 8] as const,
    ['NXM_NX_CT_MARK', 32, 0] as const,
    ['NXM_NX_CT_LABEL', 128, 0] as const,
  )
  .chain(([name, width, count]) =>
    fc
      .tuple(
        count === 0 ? fc.constant(name) : fc.integer({ min: 0, max: count - 1 }).map((i) => `${name}${i}`),
        fc.integer({ min: 0, max: width - 1 }),
        fc.integer({ min: 1, max: Math.min(width, 32) }),
      )
      .map(([field, start, bits]) => ({ field, start, bits: Math.min(bits, width - start) })),
  );
const written = (field: string, start: number, bits: number): string =>
  bits === 1 ? `${field}[${start}]` : `${field}[${start}..${start + bits - 1}]`;
const load = subfield.chain(({ field, start, bits }) =>
  hex(2 ** Math.min(bits, 30) - 1).map((value) => `load:${value}->${written(field, start, bits)}`),
);
const move = fc.tuple(subfield, subfield).map(([a, b]) => {
  const bits = Math.min(a.bits, b.bits);
  return `move:${written(a.field, a.start, bits)}->${written(b.field, b.start, bits)}`;
});
const connection = (text: string): boolean => !/->NXM_NX_CT_/.test(text);
const register = fc.oneof(load, move).filter(connection);
const execution = fc.oneof(load, move).filter((text) => !connection(text));
const ct = fc
  .tuple(
    fc.boolean(),
    fc.constantFrom('', 'zone=7', 'zone=NXM_NX_REG6[0..15]', 'zone=65535'),
    fc.constantFrom('', 'table=30', 'table=0'),
    fc.array(execution, { maxLength: 3 }),
    fc.constantFrom('', 'alg=ftp'),
  )
  .map(
    ([force, zone, table, exec, alg]) =>
      `ct(${['commit', force ? 'force' : '', zone, table, exec.length > 0 ? `exec(${exec.join(',')})` : '', alg].filter((part) => part !== '').join(',')})`,
  );
const plain = fc.oneof(
  register,
  ct,
  fc.constantFrom(
    'output:1',
    '2',
    'IN_PORT',
    'NORMAL',
    'FLOOD',
    'LOCAL',
    'CONTROLLER',
    'CONTROLLER:128',
    'ALL',
    'output:NXM_NX_REG7[]',
    'output:NXM_NX_REG7[0..15]',
    'output:LOCAL',
  ),
  fc.constantFrom(
    'resubmit(,30)',
    'resubmit:5',
    'resubmit(5,30)',
    'ct_clear',
    'exit',
    'ct(table=1)',
    'ct(table=1,zone=5)',
  ),
  fc.constantFrom(
    'push_vlan:0x8100,set_field:4196->vlan_vid',
    'mod_dl_src:00:11:22:33:44:55',
    'set_field:01:00:00:00:00:00/01:00:00:00:00:00->eth_dst',
    'set_tunnel:0x64',
    'set_queue:3',
    'load:0->NXM_OF_IN_PORT[]',
    'load:0xffff->NXM_OF_IN_PORT[]',
  ),
  fc.constantFrom(
    'learn(table=21,hard_timeout=60,priority=10,cookie=0x600000000,reg6=0x1,eth_dst=52:54:00:00:00:01,load:NXM_OF_IN_PORT[]->NXM_NX_REG7[0..15])',
    'learn(table=9,idle_timeout=5,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],NXM_NX_REG1[0..15]=0x7,load:0x5->NXM_NX_REG7[])',
    'learn(reg1=0x5,load:0->NXM_NX_REG7[3])',
    'multipath(symmetric_l3l4+udp,50,modulo_n,4,0,NXM_NX_REG11[16..31])',
    'multipath(symmetric_l4,0,modulo_n,1,0,reg3)',
  ),
  fc
    .bigInt({ min: 1n, max: 0xffff_ffffn })
    .chain((mask) =>
      fc
        .bigInt({ min: 0n, max: 0xffff_ffffn })
        .map((value) => `set_field:0x${(value & mask).toString(16)}/0x${mask.toString(16)}->reg9`),
    ),
  fc
    .array(fc.integer({ min: 0, max: 255 }), { maxLength: 20 })
    .map((bytes) => `note:${bytes.map((b) => b.toString(16).padStart(2, '0')).join('.')}`),
  fc
    .tuple(fc.integer({ min: 1, max: 0xffff }), fc.nat(), fc.nat(), fc.constantFrom('', ',sampling_port=7'))
    .map(
      ([p, domain, point, port]) =>
        `sample(probability=${p},collector_set_id=1,obs_domain_id=${domain},obs_point_id=${point}${port})`,
    ),
);
const list = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: plain },
      { weight: 1, arbitrary: fc.array(plain, { maxLength: 3 }).map((nested) => `clone(${nested.join(',')})`) },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((actions) => actions.join(','));

const actionsText: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: list },
  {
    weight: 2,
    arbitrary: fc
      .array(
        fc
          .tuple(fc.integer({ min: 0, max: 0xffff_ffff }), fc.constantFrom('1/2', '2/2', '3/64'))
          .map(([id, clause]) => `conjunction(${id},${clause})`),
        { minLength: 1, maxLength: 3 },
      )
      .map((all) => all.join(',')),
  },
  { weight: 1, arbitrary: fc.constantFrom('drop', 'goto_table:253', 'load:1->NXM_NX_REG0[],goto_table:253') },
);

/** What Open vSwitch asks of a match before it takes an action (lib/ofp-actions.c, the check_… functions). */
const needs: readonly (readonly [action: string, match: RegExp])[] = [
  ['ct(', /(?:^|,)(?:ip|ipv6|tcp6?|udp6?|sctp6?|icmp6?|dl_type=0x800)(?:,|$)/],
  ['commit', /^(?!.*\+inv)/],
  ['alg=', /(?:^|,)tcp6?(?:,|$)/],
];

export const flowText: fc.Arbitrary<[match: string, actions: string]> = matchText.chain((match) =>
  actionsText
    .filter((actions) => !/push_vlan.*push_vlan/.test(actions))
    .filter((actions) => needs.every(([action, pattern]) => !actions.includes(action) || pattern.test(match)))
    .map((actions): [string, string] => [match, actions]),
);
