import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Packet } from '@hypervigil/policy';
import fc from 'fast-check';
import { importProxmox } from '../src/importers/proxmox.ts';
import { writeDocument } from '../src/index.ts';
import { fuzz, runs } from './states.ts';
import { cloudOf, imported, packets, readable, type TestVm, verdict } from './worlds.ts';

const OPTIONS = { tenant: null, order: 100 };

const VMS: TestVm[] = [100, 101, 0].map((id, i) => ({
  address: `10.0.1.${i + 1}`,
  address6: `2001:db8:1::${i + 1}`,
  tags: id === 0 ? {} : { 'proxmox.vmid': `${id}` },
}));

interface Rule {
  type: 'IN' | 'OUT';
  enabled: boolean;
  action: 'ACCEPT' | 'DROP' | 'REJECT';
  other: string | null;
  service: string;
}
interface Guest {
  policyIn: string | null;
  policyOut: string | null;
  /** A string is the group that stands there. */
  rules: (Rule | 'shared')[];
}

const CLUSTER = `[OPTIONS]
enable: 1

[ALIASES]
office 192.0.2.0/24 # the office

[IPSET blacklist]
203.0.113.9

[IPSET ten]
10.0.0.0/8
! 10.0.1.0/24
10.0.1.2
2001:db8:9::/48
`;

/** What the words of a rule mean, read aloud. */
const ADDRESSES: Record<string, (address: string) => boolean> = {
  '10.0.1.1-10.0.1.2': (a) => a === '10.0.1.1' || a === '10.0.1.2',
  '10.0.1.3,192.0.2.7': (a) => a === '10.0.1.3' || a === '192.0.2.7',
  office: (a) => a.startsWith('192.0.2.'),
  'dc/office': (a) => a.startsWith('192.0.2.'),
  '+ten': (a) => (a.startsWith('10.') && !a.startsWith('10.0.1.')) || a === '10.0.1.2' || a.startsWith('2001:db8:9:'),
  '::/0': (a) => a.includes(':'),
};
const SERVICES: Record<string, (packet: Packet) => boolean> = {
  '': () => true,
  '-p tcp': ({ protocol }) => protocol === 6,
  '-p tcp -dport 80,22': ({ protocol, port }) => protocol === 6 && (port === 80 || port === 22),
  '-p udp -dport 50:443': ({ protocol, port }) => protocol === 17 && port! >= 50 && port! <= 443,
  '-p icmp -icmp-type echo-request': ({ protocol, icmp }) => protocol === 1 && icmp?.type === 8,
  '-p icmpv6': ({ protocol }) => protocol === 58,
  '-p gre': ({ protocol }) => protocol === 47,
  HTTPS: ({ protocol, port }) => protocol === 6 && port === 443,
  DNS: ({ protocol, port }) => (protocol === 17 || protocol === 6) && port === 53,
};

function allows(guests: readonly Guest[], shared: readonly Rule[], packet: Packet): boolean | undefined {
  const guestOf = (address: string) =>
    guests[VMS.slice(0, 2).findIndex((vm) => vm.address === address || vm.address6 === address)];
  const [sender, receiver] = [guestOf(packet.src), guestOf(packet.dst)];
  if (!sender && !receiver) return undefined;
  if (packet.src === '203.0.113.9') return false;
  const says = (guest: Guest | undefined, type: 'IN' | 'OUT', other: string) => {
    if (!guest) return true;
    const rules = guest.rules.flatMap((rule) => (rule === 'shared' ? shared : [rule]));
    const action =
      rules.find(
        (rule) =>
          rule.enabled &&
          rule.type === type &&
          (rule.other === null || ADDRESSES[rule.other]!(other)) &&
          SERVICES[rule.service]!(packet),
      )?.action ?? (type === 'IN' ? (guest.policyIn ?? 'DROP') : (guest.policyOut ?? 'ACCEPT'));
    return action === 'ACCEPT';
  };
  return says(sender, 'OUT', packet.dst) && says(receiver, 'IN', packet.src);
}

const rule: fc.Arbitrary<Rule> = fc.record({
  type: fc.constantFrom('IN' as const, 'IN' as const, 'OUT' as const),
  enabled: fc.constantFrom(true, true, true, false),
  action: fc.constantFrom('ACCEPT' as const, 'ACCEPT' as const, 'DROP' as const, 'REJECT' as const),
  other: fc.constantFrom(null, null, ...Object.keys(ADDRESSES)),
  service: fc.constantFrom(...Object.keys(SERVICES)),
});
const guest: fc.Arbitrary<Guest> = fc.record({
  policyIn: fc.constantFrom(null, 'ACCEPT', 'DROP'),
  policyOut: fc.constantFrom(null, null, 'REJECT', 'DROP'),
  rules: fc.array(fc.oneof({ weight: 4, arbitrary: rule }, { weight: 1, arbitrary: fc.constant('shared' as const) }), {
    maxLength: 5,
  }),
});

function print({ type, enabled, action, other, service }: Rule): string {
  const [target, options] = /^[A-Z]/.test(service) ? [`${service}(${action})`, ''] : [action, service];
  const side = other === null ? '' : `${type === 'IN' ? '-source' : '-dest'} ${other}`;
  return `${enabled ? '' : '|'}${type} ${target} ${side} ${options} # because`;
}

test('guests mean what Proxmox VE means', () => {
  const seen = { true: 0, false: 0 };
  fc.assert(
    fc.property(
      fc.tuple(guest, guest),
      fc.array(rule, { maxLength: 2 }),
      fc.array(packets(VMS), { minLength: 20, maxLength: 20 }),
      (guests, shared, sent) => {
        const cluster = `${CLUSTER}\n[group Shared]\n\n${shared.map(print).join('\n')}\n`;
        const files = guests.map(({ policyIn, policyOut, rules }, i) => {
          const options = [policyIn && `policy_in: ${policyIn}`, policyOut && `policy_out: ${policyOut}`]
            .filter(Boolean)
            .join('\n');
          const lines = rules.map((one) => (one === 'shared' ? 'GROUP shared' : print(one)));
          return {
            name: `/etc/pve/firewall/${100 + i}.fw`,
            text: `[OPTIONS]\nenable: 1\n${options}\n\n[RULES]\n${lines.join('\n')}\n`,
          };
        });
        const { document, report } = imported(
          importProxmox([{ name: 'cluster.fw', text: cluster }, ...files], OPTIONS),
        );
        assert.ok(
          report.every(({ outcome, opens }) => outcome !== 'not-mapped' && !opens),
          JSON.stringify(report),
        );
        const cloud = cloudOf(document, VMS);
        for (const packet of sent) {
          const expected = allows(guests, shared, packet);
          if (expected === undefined) continue;
          const found = verdict(cloud, packet) === 'allow';
          assert.equal(
            found,
            expected,
            `${JSON.stringify(packet)}\n${cluster}\n${files.map(({ text }) => text).join('\n')}\n${writeDocument(document)}`,
          );
          seen[`${expected}`]++;
        }
      },
    ),
    runs(40),
  );
  assert.ok(seen.true > 20 && seen.false > 20, JSON.stringify(seen));
});

test('what cannot be said is reported by line', () => {
  const text = `[OPTIONS]
policy_in: DROP

[RULES]
IN SSH(ACCEPT) -i net0 -log nolog
IN DROP -p tcp -sport 1024:65535
IN ACCEPT -source +unknown
IN SMB(DROP)
IN ACCEPT -dest 10.0.0.7
GROUP nowhere
IN ACCEPT net0 10.0.0.1
`;
  const files = [
    { name: 'cluster.fw', text: '[RULES]\nIN ACCEPT -p tcp -dport 8006\n' },
    { name: '100.fw', text },
  ];
  const { report } = imported(importProxmox(files, OPTIONS));
  assert.deepEqual(
    report.map(
      ({ file, line, outcome, reason, opens }) => `${file}:${line} ${outcome} ${reason?.code}${opens ? ' opens' : ''}`,
    ),
    [
      '100.fw:1 approximated members-unknown',
      '100.fw:1 approximated switched-off',
      '100.fw:5 approximated one-vnic opens',
      '100.fw:6 not-mapped source-ports opens',
      '100.fw:7 not-mapped unknown-set',
      '100.fw:8 not-mapped unknown-match opens',
      '100.fw:9 not-mapped own-address',
      '100.fw:10 not-mapped unknown-group opens',
      '100.fw:11 not-mapped unknown-match',
      'cluster.fw:2 not-mapped for-hosts',
    ],
  );
});

test('whatever a file holds, it is imported', () => {
  const word = fc.constantFrom(
    ...'IN OUT |IN GROUP ACCEPT DROP SSH(ACCEPT) x(y) -source -dest -p tcp icmp -dport 80 1:2 -icmp-type 8 +a a 10.0.0.0/8 ! ::1 # : -'.split(
      ' ',
    ),
    ...[
      '\n',
      '\n',
      '\n[RULES]\n',
      '\n[IPSET a]\n',
      '\n[ALIASES]\n',
      '\n[group a]\n',
      '\n[OPTIONS]\n',
      'policy_in: ACCEPT\n',
    ],
  );
  const text = fc
    .array(fc.oneof({ weight: 9, arbitrary: word }, fc.string({ maxLength: 4 })), { maxLength: 60 })
    .map((words) => words.join(' '));
  fc.assert(
    fc.property(text, text, (cluster, guest) => {
      const files = [
        { name: 'cluster.fw', text: cluster },
        { name: '1.fw', text: `[RULES]\n${guest}` },
      ];
      readable(imported(importProxmox(files, OPTIONS)).document);
    }),
    fuzz(0.05),
  );
});
