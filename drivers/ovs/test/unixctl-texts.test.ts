import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { OvsError, parseConntrack, parseTrace } from '../src/index.ts';
import { parseZoneLimits } from '../src/unixctl/zone-limits.ts';
import { survives } from './fuzz.ts';

const conntrackLines = [
  'tcp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=40000,dport=80),reply=(src=10.0.0.2,dst=10.0.0.1,sport=80,dport=40000),zone=100,mark=1,labels=0xff000000000000000000002a,protoinfo=(state=ESTABLISHED)',
  'icmpv6,orig=(src=fe80::1,dst=fe80::2,id=7,type=128,code=0),reply=(src=fe80::2,dst=fe80::1,id=7,type=129,code=0)',
  'udp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=53,dport=53),reply=(src=10.0.0.2,dst=10.0.0.1,sport=53,dport=53),zone=65535,timeout=29,helper=tftp',
  '47,orig=(src=10.0.0.1,dst=10.0.0.2,sport=0,dport=0),reply=(src=10.0.0.2,dst=10.0.0.1,sport=0,dport=0)',
];

const traceText = `Flow: tcp,in_port=1,vlan_tci=0x0000,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_src=0,tp_dst=80,tcp_flags=0

bridge("br0")
-------------
 0. in_port=1, priority 100, cookie 0x2a
    set_field:0x64->reg6
    resubmit(,20)
    20. ip, priority 10
            sample(probability=65535,collector_set_id=1,obs_domain_id=101,obs_point_id=42)
            output:NXM_NX_REG7[]
             -> output port is 3
            output:1
             >> skipping output to input port
            clone(output:2)
            output:2
            meter:1

Final flow: tcp,reg6=0x64,in_port=1,vlan_tci=0x0000
Megaflow: recirc_id=0,eth,ip,in_port=1,nw_frag=no
Datapath actions: meter(0),3,clone(2),ct(commit,zone=100,mark=0x1/0xffffffff,label=0x13/0xffffffff)
`;

suite('conntrack entries', () => {
  test('are read with all that the product uses', () => {
    const [tcp, icmp, udp, gre] = parseConntrack(`${conntrackLines.join('\n')}\n`);
    assert.deepEqual(tcp, {
      protocol: 'tcp',
      orig: {
        src: '10.0.0.1',
        dst: '10.0.0.2',
        sport: 40000,
        dport: 80,
        icmpId: undefined,
        icmpType: undefined,
        icmpCode: undefined,
      },
      reply: {
        src: '10.0.0.2',
        dst: '10.0.0.1',
        sport: 80,
        dport: 40000,
        icmpId: undefined,
        icmpType: undefined,
        icmpCode: undefined,
      },
      zone: 100,
      mark: 1,
      labels: 0xff000000000000000000002an,
      state: 'ESTABLISHED',
    });
    assert.deepEqual(
      [icmp?.orig.icmpId, icmp?.orig.icmpType, icmp?.reply.icmpType, icmp?.zone, icmp?.labels],
      [7, 128, 129, 0, 0n],
    );
    assert.deepEqual([udp?.zone, udp?.state, gre?.protocol], [65535, '', '47']);
  });

  test('hostile texts', () => {
    survives(damaged(...conntrackLines), parseConntrack);
    assert.throws(() => parseConntrack('nonsense'), { code: 'bad-output' });
  });
});

suite('traces', () => {
  test('are read with verdict, outputs, tables, samples, commits and registers', () => {
    const { text, ...trace } = parseTrace(traceText);
    assert.equal(text, traceText);
    assert.equal(trace.verdict, 'forward');
    assert.deepEqual(trace.outputs, [3, 2]);
    assert.deepEqual(trace.tables, [0, 20]);
    assert.deepEqual(
      trace.steps.map(({ match, priority, cookie }) => [match, priority, cookie]),
      [
        ['in_port=1', 100, 42n],
        ['ip', 10, 0n],
      ],
    );
    assert.deepEqual(trace.samples, [{ domain: 101, point: 42 }]);
    assert.deepEqual(trace.commits, [{ zone: 100, mark: 1n, label: 0x13n }]);
    assert.deepEqual(trace.registers, { 6: 0x64 });
  });

  test('numbers inside of datapath actions are no ports', () => {
    const dropped = traceText.replace(
      /^Datapath actions: .*$/m,
      'Datapath actions: meter(0),trunc(100),recirc(0x1),sample(sample=100.0%,actions(userspace(pid=0)))',
    );
    assert.equal(parseTrace(dropped).verdict, 'drop');
    assert.equal(parseTrace(traceText.replace(/^Datapath actions: .*$/m, 'Datapath actions: drop')).verdict, 'drop');
  });

  test('hostile texts', () => {
    survives(damaged(traceText), parseTrace);
    assert.throws(() => parseTrace(''), { code: 'bad-output' });
  });

  test('a long hostile line takes no long time', { timeout: 20_000 }, () => {
    for (const piece of ['ct(', 'ct(commit,', '0. ,', 'a=(', ', priority ']) {
      const line = piece.repeat(50_000);
      survivesOnce(() => parseTrace(`Datapath actions: ${line}\n 0. ${line}\n`));
      survivesOnce(() => parseConntrack(`tcp,${line}`));
    }
  });
});

suite('limits of zones', () => {
  const text = 'default limit=0\nzone=7,limit=100,count=3\nzone=65535,limit=4294967295,count=0\n';

  test('are read but for the default', () => {
    assert.deepEqual(parseZoneLimits(text), [
      { zone: 7, limit: 100, count: 3 },
      { zone: 65535, limit: 4294967295, count: 0 },
    ]);
    assert.deepEqual(parseZoneLimits('default limit=0\n'), []);
  });

  test('hostile texts', () => {
    survives(damaged(text), parseZoneLimits);
    survivesOnce(() => parseZoneLimits('zone=1,limit=1,count=1\n'.repeat(100_000)));
    assert.throws(() => parseZoneLimits('zone=7,limit=100'), { code: 'bad-output' });
  });
});

/** Valid text with pieces removed, repeated or replaced. */
function damaged(...seeds: readonly string[]): fc.Arbitrary<string> {
  const wound = fc.tuple(
    fc.nat(),
    fc.integer({ min: 0, max: 10 }),
    fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('(', ')', ',', '=', '0x', '\n')),
  );
  return fc.tuple(fc.constantFrom(...seeds), fc.array(wound, { maxLength: 4 })).map(([seed, wounds]) =>
    wounds.reduce((text, [at, length, insert]) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + insert + text.slice(start + length);
    }, seed),
  );
}

function survivesOnce(decode: () => void): void {
  try {
    decode();
  } catch (error) {
    assert.ok(error instanceof OvsError);
  }
}
