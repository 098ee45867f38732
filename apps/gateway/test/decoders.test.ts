import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { GatewayCommand, GatewayMessage } from '@hypervigil/contract';
import fc from 'fast-check';
import { addressBytes } from '../src/appliance/address-bytes.ts';
import { parseEnded } from '../src/appliance/conntrack.ts';
import { markMessage } from '../src/appliance/ctnetlink.ts';
import { createEnough } from '../src/appliance/detector/enough.ts';
import { parseEthernet } from '../src/appliance/detector/ethernet.ts';
import { readFinding } from '../src/appliance/detector/findings.ts';
import { parseNflog } from '../src/appliance/detector/nflog.ts';
import { connectionKey, parsePacket } from '../src/appliance/detector/packet.ts';
import { onLines } from '../src/appliance/lines.ts';
import { countersRequest, readCounters } from '../src/appliance/nft-counters.ts';

const FUZZ = { numRuns: Number(process.env['HV_FUZZ'] ?? 20_000) };

const ENDED =
  '[1700000000.123456]\t[DESTROY] ipv4     2 tcp      6 src=10.78.0.1 dst=10.78.0.2 sport=40000 dport=80 packets=6 bytes=400 src=10.78.0.2 dst=10.78.0.1 sport=80 dport=40000 packets=5 bytes=900 [ASSURED] mark=2097253 zone=1 delta-time=5';

test('a connection that ended is read from what conntrack prints', () => {
  assert.deepEqual(parseEnded(ENDED), {
    ...{ zone: 1, protocol: 6, srcIp: '10.78.0.1', dstIp: '10.78.0.2', srcPort: 40000, dstPort: 80 },
    ...{ packets: 6, bytes: 400, replyPackets: 5, replyBytes: 900, mark: 2097253, endMs: 1700000000123, seconds: 5 },
  });
  const ping =
    '[1700000000.000001]\t[DESTROY] ipv6     10 icmpv6   58 src=fd78::1 dst=fd78::2 type=128 code=0 id=7 packets=1 bytes=104 src=fd78::2 dst=fd78::1 type=129 code=0 id=7 packets=0 bytes=0 zone=1';
  assert.equal(parseEnded(ping)?.dstPort, 128 * 256);
  assert.equal(parseEnded('conntrack v1.4.7 (conntrack-tools): 0 flow entries have been shown.'), undefined);
});

test('hostile lines of conntrack: a record with numbers within bounds, or none', () => {
  const word = fc.oneof(fc.constantFrom(...ENDED.split(' ')), fc.string({ maxLength: 12 }));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), (words) => {
      const ended = parseEnded(`[1700000000.123456]\t[DESTROY] ipv4 2 tcp 6 ${words.join(' ')}`);
      if (ended) for (const value of Object.values(ended)) assert.ok(typeof value === 'string' || value >= 0);
      return parseEnded(words.join(' ')) === undefined || true;
    }),
    FUZZ,
  );
});

// family 7 (bridge), version 0, group 5; mark 0x00300064; the bridge 9 and its port 7; VLAN { tci 100 }; payload.
const NFLOG = Buffer.from(
  `07000005 08000200 00300064 08000400 00000009 08000600 00000007 0c001480 06000200 00640000 18000900 45000014 00000000 40060000 0a4e0001 0a4e0002`.replaceAll(
    ' ',
    '',
  ),
  'hex',
);

test('a copied packet has its mark and its VLAN', () => {
  const copied = parseNflog(NFLOG)!;
  assert.equal(copied.mark, 0x00300064);
  assert.equal(copied.vlan, 100);
  assert.equal(copied.port, 7);
  assert.equal(copied.packet.length, 20);
});

test('a frame of a mirror has its network as a tag; anything else is none', () => {
  const frame = Buffer.from(`52540078000252540078000181000064080045000014${'00'.repeat(16)}`, 'hex');
  const { mark, vlan, packet } = parseEthernet(frame)!;
  assert.deepEqual([mark, vlan, packet.length], [0, 100, 20]);
  assert.equal(parseEthernet(Buffer.concat([frame.subarray(0, 12), frame.subarray(16)])), undefined, 'untagged');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const copied = parseEthernet(Buffer.concat([frame.subarray(0, 14), bytes]));
      return copied === undefined || (copied.vlan !== null && copied.vlan < 4096);
    }),
    FUZZ,
  );
});

test('of a connection that nDPI has seen enough of, nothing more is looked at until it is silent for a minute', () => {
  const enough = createEnough();
  assert.equal(enough.has('a', 0), false);
  enough.add('a', 0);
  assert.equal(enough.has('a', 59_999), true);
  assert.equal(enough.has('b', 59_999), false);
  assert.equal(enough.has('a', 119_998), true);
  assert.equal(enough.has('a', 179_998), false);
  assert.equal(enough.has('a', 179_999), false);
});

test('packets are read as conntrack tells of them', () => {
  const udp = Buffer.from('4500001c000000004011000 00a4e00010a4e00029c40003500080000'.replaceAll(' ', ''), 'hex');
  const tuple = { protocol: 17, srcIp: '10.78.0.1', dstIp: '10.78.0.2', srcPort: 40000, dstPort: 53 };
  assert.deepEqual(parsePacket(udp), tuple);
  const back = { ...tuple, srcIp: tuple.dstIp, dstIp: tuple.srcIp, srcPort: 53, dstPort: 40000 };
  assert.equal(connectionKey(1, tuple), connectionKey(1, back));
  assert.notEqual(connectionKey(1, tuple), connectionKey(2, tuple));
  const later = Buffer.from(udp);
  later.writeUInt16BE(1, 6);
  assert.equal(parsePacket(later), undefined, 'a later fragment has no ports');
  // Hop-by-hop options before an echo request from fd78::1 to fd78::2.
  const echo = Buffer.from(
    `60000000001000 40 fd780000000000000000000000000001 fd780000000000000000000000000002 3a00000000000000 8000000000070001`.replaceAll(
      ' ',
      '',
    ),
    'hex',
  );
  const ping = { protocol: 58, srcIp: 'fd78::1', dstIp: 'fd78::2', srcPort: 0, dstPort: 0x8000 };
  assert.deepEqual(parsePacket(echo), ping);
});

test('hostile packets and copies: no failure', () => {
  const near = fc
    .tuple(
      fc.constantFrom(NFLOG, NFLOG.subarray(44)),
      fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 6 }),
      fc.nat(86),
    )
    .map(([from, changes, length]) => {
      const bytes = Buffer.from(from.subarray(0, length));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      return bytes;
    });
  const bytes = fc.oneof(
    near,
    fc.uint8Array({ maxLength: 100 }).map((one) => Buffer.from(one)),
  );
  fc.assert(
    fc.property(bytes, (one) => {
      const tuple = parsePacket(parseNflog(one)?.packet ?? one);
      if (tuple) addressBytes(tuple.srcIp);
    }),
    FUZZ,
  );
});

test('what nDPI found is read from its JSON, and nothing else', () => {
  const tls =
    '{"ndpi": {"flow_risk": {"15":"TLS (probably) Not Carrying HTTPS"},"proto":"TLS.Wikipedia","breed":"Safe"},"tls": {"version":"TLSv1.2","client_requested_server_name":"en.wikipedia.org","ja3":"944d1e1858cd278718f8a46b65d3212f","ja3s":""}}';
  assert.deepEqual(readFinding(tls), {
    recognised: { applications: ['TLS', 'Wikipedia'], name: 'en.wikipedia.org', risks: [15] },
    kind: 'tls',
    details: { version: 'TLSv1.2', ja3: '944d1e1858cd278718f8a46b65d3212f' },
  });
  assert.equal(readFinding('{"ndpi": {"proto":"Unknown"}}'), undefined);
  const unknown = readFinding('{"ndpi": {"flow_risk": {"35":"Suspicious Entropy"},"proto":"Unknown"}}');
  assert.deepEqual(unknown?.recognised, { applications: [], name: null, risks: [35] });
  const json = fc.oneof(
    fc.json(),
    fc.string(),
    fc.object().map((o) => JSON.stringify({ ndpi: o, dns: o, tls: { query: 1 } })),
  );
  fc.assert(
    fc.property(json, (text) => {
      readFinding(text);
    }),
    FUZZ,
  );
});

test('the mark of a connection is set by one netlink message', () => {
  const tuple = { net: 5, protocol: 6, srcIp: '10.78.0.1', dstIp: '10.78.0.2', srcPort: 40000, dstPort: 80 };
  const expected = [
    '58000000 0001 0500 01000000 00000000', // nlmsghdr: 88 bytes, subsystem 1 message 0, request + acknowledge, sequence
    '02000000', // nfgenmsg: AF_INET
    '34000180', // CTA_TUPLE_ORIG, nested
    '14000180 08000100 0a4e0001 08000200 0a4e0002', // CTA_TUPLE_IP: from, to
    '1c000280 05000100 06000000 06000200 9c400000 06000300 00500000', // CTA_TUPLE_PROTO: TCP, 40000, 80
    '08000800 00300064', // CTA_MARK
    '06001200 00050000', // CTA_ZONE
  ];
  assert.equal(markMessage(tuple, 0x00300064, 1).toString('hex'), expected.join('').replaceAll(' ', ''));
  const six = { ...tuple, srcIp: 'fd78::1', dstIp: 'fd78::2' };
  assert.ok(markMessage(six, 1, 1).includes(Buffer.from('14000300fd78', 'hex')));
});

const bytesOf = (...parts: string[]) => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');
/** As Linux 6.18 answered. */
const COUNTER = bytesOf(
  '68000000 120a 0208 01000000 bd380000', // nlmsghdr: 104 bytes, subsystem 10 message 18, part of a dump, sequence, port
  '07000002', // nfgenmsg: bridge, generation
  '0f000100 6879706572766967696c0000', // NFTA_OBJ_TABLE: hypervigil
  '0b000200 72756c655f370000', // NFTA_OBJ_NAME: rule_7
  '08000300 00000001', // NFTA_OBJ_TYPE: counter
  '0c000600 0000000000000001', // NFTA_OBJ_HANDLE
  '08000500 00000000', // NFTA_OBJ_USE
  '1c000400 0c000100 00000000000000b4 0c000200 0000000000000003', // NFTA_OBJ_DATA: bytes, packets
);
const DONE = bytesOf('14000000 0300 0200 01000000 bd380000 00000000');

test('counters of rules are asked for, and read from what the kernel answers', () => {
  const request = bytesOf(
    '2c000000 130a 0103 01000000 00000000', // nlmsghdr: 44 bytes, subsystem 10 message 19, request + dump
    '07000000', // nfgenmsg: bridge
    '0f000100 6879706572766967696c0000', // NFTA_OBJ_TABLE
    '08000300 00000001', // NFTA_OBJ_TYPE
  );
  assert.equal(countersRequest(1).toString('hex'), request.toString('hex'));
  const counts = new Map();
  assert.equal(readCounters(COUNTER, counts), false);
  assert.deepEqual([...counts], [[7, { packets: 3, bytes: 180 }]]);
  assert.equal(readCounters(Buffer.concat([COUNTER, DONE]), counts), true);
  // nlmsgerr of EPERM.
  const refused = bytesOf('24000000 0200 0000 01000000 bd380000 ffffffff 2c000000 130a 0103 01000000 00000000');
  assert.throws(() => readCounters(refused, counts), /refused to tell counters: error 1/);
});

test('hostile answers about counters: numbers, or an error', () => {
  const whole = Buffer.concat([COUNTER, COUNTER, DONE]);
  const place = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(place, { maxLength: 8 }), fc.nat(whole.length), (changes, length) => {
      const answer = Buffer.from(whole.subarray(0, length));
      for (const [at, value] of changes) if (at < length) answer[at] = value;
      const counts = new Map<number, { packets: number; bytes: number }>();
      try {
        readCounters(answer, counts);
      } catch (error) {
        assert.match((error as Error).message, /^a message of |^the kernel refused/);
      }
      for (const { packets, bytes } of counts.values()) assert.ok(packets >= 0 && bytes >= 0);
    }),
    FUZZ,
  );
});

test('addresses become bytes, and anything else is refused', () => {
  assert.equal(addressBytes('fd78::1').toString('hex'), 'fd780000000000000000000000000001');
  assert.equal(addressBytes('::').toString('hex'), '0'.repeat(32));
  assert.equal(addressBytes('1:2:3:4:5:6:7:8').length, 16);
  for (const bad of ['', '1.2.3', '1.2.3.256', '1::2::3', '1:2', '1:2:3:4:5:6:7:8:9', 'g::1'])
    assert.throws(() => addressBytes(bad), RangeError, bad);
});

test('lines are whole, and one that is too long is passed over', () => {
  const input = new PassThrough();
  const lines: string[] = [];
  onLines(input, 5, (line) => lines.push(line));
  for (const piece of ['on', 'e\ntwo\n', 'much too', ' long\nth', 'ree\nrest']) input.write(piece);
  assert.deepEqual(lines, ['one', 'two', 'three']);
});

test('hostile messages in either direction: refused, or what the schema says', () => {
  const type = fc.constantFrom('hello', 'policy', 'probe', 'capture.start', 'ready', 'log', 'state', 'capture.chunk');
  const message = fc.tuple(type, fc.object({ maxDepth: 3 })).map(([kind, rest]) => ({ ...rest, type: kind }));
  fc.assert(
    fc.property(fc.oneof(message, fc.jsonValue()), (value) => {
      GatewayCommand.safeParse(value);
      GatewayMessage.safeParse(value);
    }),
    { numRuns: Math.min(FUZZ.numRuns, 5_000) },
  );
});
