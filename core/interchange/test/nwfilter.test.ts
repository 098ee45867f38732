import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Packet } from '@hypervigil/policy';
import fc from 'fast-check';
import { importNwfilter } from '../src/importers/nwfilter.ts';
import { writeDocument } from '../src/index.ts';
import { fuzz, runs } from './states.ts';
import { cloudOf, imported, packets, readable, type TestVm, verdict } from './worlds.ts';

const OPTIONS = { tenant: null, order: 100 };

const VMS: TestVm[] = ['web', 'db', ''].map((filter, i) => ({
  address: `10.0.1.${i + 1}`,
  address6: `2001:db8:1::${i + 1}`,
  tags: filter === '' ? {} : { nwfilter: filter },
}));

interface Rule {
  action: 'accept' | 'drop' | 'return' | 'continue';
  direction: 'in' | 'out' | 'inout';
  priority: number;
  protocol: string;
  /** The other end. */
  remote: [addr: string, mask: string] | null;
  ports: [number, number] | null;
}
type Filters = Record<'web' | 'db' | 'common', Rule[]>;

const PROTOCOLS: Record<string, { six: boolean; matches: (packet: Packet) => boolean }> = {
  all: { six: false, matches: () => true },
  'all-ipv6': { six: true, matches: () => true },
  tcp: { six: false, matches: ({ protocol }) => protocol === 6 },
  'tcp-ipv6': { six: true, matches: ({ protocol }) => protocol === 6 },
  udp: { six: false, matches: ({ protocol }) => protocol === 17 },
  icmp: { six: false, matches: ({ protocol }) => protocol === 1 },
  icmpv6: { six: true, matches: ({ protocol }) => protocol === 58 },
};

function allows(filters: Filters, packet: Packet): boolean | undefined {
  const filterOf = (address: string) =>
    VMS.find((vm) => vm.address === address || vm.address6 === address)?.tags['nwfilter'] as 'web' | 'db' | undefined;
  const [sender, receiver] = [filterOf(packet.src), filterOf(packet.dst)];
  if (!sender && !receiver) return undefined;
  const says = (filter: 'web' | 'db' | undefined, direction: 'in' | 'out', remote: string) => {
    if (!filter) return true;
    // `web` refers to `common` at its end; equal priorities keep their order.
    const rules = [...filters[filter], ...(filter === 'web' ? filters.common : [])];
    const first = rules
      .toSorted((a, b) => a.priority - b.priority)
      .find((rule) => {
        const { six, matches } = PROTOCOLS[rule.protocol]!;
        return (
          rule.action !== 'continue' &&
          (rule.direction === direction || rule.direction === 'inout') &&
          six === packet.src.includes(':') &&
          matches(packet) &&
          (rule.remote === null ||
            (rule.remote[1] === '24' ? remote.startsWith('10.0.1.') : remote === rule.remote[0])) &&
          (rule.ports === null || (packet.port! >= rule.ports[0] && packet.port! <= rule.ports[1]))
        );
      });
    return first?.action !== 'drop';
  };
  return says(sender, 'out', packet.dst) && says(receiver, 'in', packet.src);
}

const rule: fc.Arbitrary<Rule> = fc
  .record({
    action: fc.constantFrom<Rule['action']>('accept', 'accept', 'drop', 'drop', 'return', 'continue'),
    direction: fc.constantFrom<Rule['direction']>('in', 'out', 'inout'),
    priority: fc.constantFrom(-100, 100, 500, 500, 1000),
    protocol: fc.constantFrom(...Object.keys(PROTOCOLS)),
    remote: fc.constantFrom<Rule['remote']>(null, null, ['10.0.1.0', '24'], ['192.0.2.7', '255.255.255.255']),
    ports: fc.constantFrom<Rule['ports']>(null, [80, 80], [22, 443]),
  })
  .map((one) => ({
    ...one,
    remote: one.direction === 'inout' || PROTOCOLS[one.protocol]!.six ? null : one.remote,
    ports: one.direction !== 'inout' && /^(tcp|udp)/.test(one.protocol) ? one.ports : null,
  }));

function print(name: string, rules: readonly Rule[], more = ''): string {
  const lines = rules.map(({ action, direction, priority, protocol, remote, ports }) => {
    const side = direction === 'in' ? 'src' : 'dst';
    const address = remote === null ? '' : ` ${side}ipaddr='${remote[0]}' ${side}ipmask='${remote[1]}'`;
    const port = ports === null ? '' : ` dstportstart='${ports[0]}' dstportend="${ports[1]}"`;
    return `  <rule action='${action}' direction='${direction}' priority='${priority}'>\n    <${protocol}${address}${port}/>\n  </rule>`;
  });
  return `<filter name='${name}' chain='root'>\n  <uuid>fce8ae34-e69e-83bf-262e-30786c1f8072</uuid>\n${lines.join('\n')}\n${more}</filter>\n`;
}

test('filters mean what libvirt means', () => {
  const seen = { true: 0, false: 0 };
  const some = fc.array(rule, { maxLength: 5 });
  fc.assert(
    fc.property(
      fc.record({ web: some, db: some, common: some }),
      fc.array(packets(VMS), { minLength: 20, maxLength: 20 }),
      (filters, sent) => {
        const files = [
          {
            name: 'web.xml',
            text: print('web', filters.web, "  <filterref filter='clean-traffic'/>\n  <filterref filter='common'/>\n"),
          },
          { name: 'common.xml', text: print('common', filters.common) },
          { name: 'db.xml', text: print('db', filters.db) },
        ];
        const { document, report } = imported(importNwfilter(files, OPTIONS));
        assert.ok(
          report.every(({ outcome, opens }) => outcome !== 'not-mapped' && !opens),
          JSON.stringify(report),
        );
        const cloud = cloudOf(document, VMS);
        for (const packet of sent) {
          const expected = allows(filters, packet);
          if (expected === undefined) continue;
          const found = verdict(cloud, packet) === 'allow';
          assert.equal(
            found,
            expected,
            `${JSON.stringify(packet)}\n${files.map(({ text }) => text).join('\n')}\n${writeDocument(document)}`,
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
  const text = `<?xml version='1.0'?>
<!-- of a web server -->
<filter name='odd' chain='root'>
  <filterref filter='clean-traffic'/>
  <filterref filter='elsewhere'/>
  <rule action='accept' direction='out' priority='100'>
    <tcp srcportstart='1024' srcportend='65535'/>
  </rule>
  <rule action='drop' direction='in'>
    <tcp srcipaddr='$OTHER'/>
  </rule>
  <rule action='accept' direction='in' statematch='false'><udp dstportstart='53'/></rule>
  <rule action='reject' direction='in'><tcp dstportstart='25' comment='no &quot;mail&quot;'/></rule>
  <rule action='accept' direction='inout'><all state='ESTABLISHED,RELATED'/></rule>
  <rule action='drop' direction='out'><mac match='no' srcmacaddr='$MAC'/></rule>
</filter>
`;
  const { document, report } = imported(importNwfilter([{ name: 'odd.xml', text }], OPTIONS));
  assert.deepEqual(
    report.map(({ line, outcome, reason, opens }) => `${line} ${outcome} ${reason?.code}${opens ? ' opens' : ''}`),
    [
      '3 approximated members-unknown',
      '4 mapped built-in',
      '5 not-mapped unknown-group opens',
      '6 not-mapped source-ports',
      '9 not-mapped unknown-set opens',
      '12 approximated stateless opens',
      '13 approximated answers-vms',
      '14 mapped built-in',
      '15 not-mapped link-layer opens',
    ],
  );
  const refusal = document.policies[1]?.rules[1];
  assert.deepEqual([refusal?.action, refusal?.comment], ['reject', 'no "mail"']);
});

test('what is no filter is refused with its line', () => {
  const codes = (text: string) => {
    const result = importNwfilter([{ name: 'x', text }], OPTIONS);
    return result.ok ? [] : result.mistakes.map(({ line, code }) => `${line} ${code}`);
  };
  assert.deepEqual(codes('<filter>\n<rule>\n</filter>'), ['3 not-xml']);
  assert.deepEqual(codes('<!DOCTYPE filter [<!ENTITY a "b">]><filter/>'), ['1 not-xml']);
  assert.deepEqual(codes(`${'<a>'.repeat(1_000_000)}`), ['1 not-xml']);
  assert.deepEqual(codes('<filter/>'), []);
});

test('whatever a file holds, it is imported or refused', () => {
  const part = fc.constantFrom(
    ...[
      "<filter name='a'>",
      "<filter name='b'>",
      '</filter>',
      "<rule action='accept' direction='in'>",
      "<rule action='drop' direction='inout'>",
    ],
    ...[
      '</rule>',
      '<tcp',
      '<all',
      '<icmpv6',
      '<mac',
      '/>',
      '>',
      " dstportstart='80'",
      " srcipaddr='10.0.0.1'",
      " srcipmask='99'",
      " type='0x8'",
    ],
    ...[
      "<filterref filter='a'/>",
      "<filterref filter='b'/>",
      '<!--',
      '-->',
      '&lt;',
      '&#1114112;',
      ' x="',
      '"',
      '\n',
      '<![CDATA[',
      ']]>',
    ],
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 9, arbitrary: part }, fc.string({ maxLength: 4 })), { maxLength: 40 }),
      (parts) => {
        for (const text of [parts.join(''), `<filters>${parts.join('')}</filters>`]) {
          const result = importNwfilter([{ name: 'x', text }], OPTIONS);
          if (result.ok) readable(result.value.document);
        }
      },
    ),
    fuzz(0.1),
  );
});
