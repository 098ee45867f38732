import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSflowDecoder } from '../src/index.ts';
import { Sessions } from '../src/sessions.ts';
import { datagram, expandedFlowSample, flowSample, labelled, sampledHeader, xdr } from '../src/testing/encode.ts';
import { TAGGED, TCP_OVER_IPV4, UDP_BEHIND_EXTENSIONS } from './frames.ts';
import { openVswitchDatagrams } from './samples.ts';

const FUZZ_RUNS = Number(process.env['HV_FUZZ'] ?? 20_000);

const record = sampledHeader(TCP_OVER_IPV4);
const whole = datagram({ samples: [flowSample(1, record)] });

const CRAFTED: readonly (readonly [what: string, octets: Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['a header cut short', whole.subarray(0, 27)],
  ['another version', xdr(4, 1, Buffer.alloc(4), 0, 1, 0, 0)],
  ['an address of a kind that there is not', xdr(5, 3, Buffer.alloc(4), 0, 1, 0, 0)],
  ['more samples than there are', datagram({ samples: [], count: 0xffff_ffff })],
  ['a sample that is longer than the datagram', datagram({ samples: [xdr(1, 0xffff_fff0, 1, 2, 3)] })],
  ['a sample without room for its own fields', datagram({ samples: [labelled(1, 7)] })],
  ['a record that is longer than its sample', datagram({ samples: [labelled(1, 7, 3, 1, 1, 0, 1, 2, 1, 1, 0xfffc)] })],
  ['more records than there are', datagram({ samples: [labelled(1, 7, 3, 1, 1, 0, 1, 2, 0xffff_ffff)] })],
];

for (const [what, octets] of CRAFTED) {
  test(`is left out, and counted: ${what}`, () => {
    const decoder = createSflowDecoder();
    decoder.decode(octets, 'x', () => assert.fail('a packet from nothing'));
    const malformed = Object.values(decoder.stats.malformed).reduce((sum, count) => sum + count, 0);
    assert.equal(malformed, 1);
  });
}

test('what stands before a sample that is cut off counts', () => {
  const decoder = createSflowDecoder();
  let count = 0;
  const two = datagram({ samples: [flowSample(1, record), flowSample(1, record)] });
  decoder.decode(two, 'x', () => count++, two.length - 40);
  assert.deepEqual([count, decoder.stats.malformed['sample-length']], [1, 1]);
});

test('of too many sub-agents, the one unheard for longest is forgotten', () => {
  const sessions = new Sessions(2);
  for (const name of ['a', 'b', 'a', 'c']) sessions.observe(name, 1);
  assert.equal(sessions.size, 2);
  assert.deepEqual(sessions.observe('a', 5), { lost: 3, isReset: false });
  assert.deepEqual(sessions.observe('b', 5), { lost: 0, isReset: false });
});

const built = [
  whole,
  datagram({ samples: [expandedFlowSample(64, sampledHeader(TAGGED)), labelled(2, 1, 2, 3)] }),
  datagram({ samples: [flowSample(9, sampledHeader(UDP_BEHIND_EXTENSIONS), labelled(1001, 5, 0, 6, 0))] }),
];
const real = [...openVswitchDatagrams(), ...built];

/** Real datagrams with octets changed, cut or repeated: what random bytes alone would never reach. */
const mutated = fc
  .tuple(fc.nat(), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }), fc.nat())
  .map(([which, changes, cut]) => {
    const packet = Buffer.from(real[which % real.length]!);
    for (const [at, value] of changes) packet[at % packet.length] = value;
    return cut % 4 === 0 ? packet.subarray(0, cut % packet.length) : packet;
  });
const begun = fc
  .uint8Array({ maxLength: 200 })
  .map((rest) => Buffer.concat([xdr(5, 1, Buffer.alloc(4), 0, 1, 0, 3), rest]));

test('whatever comes, the decoder neither throws nor hangs nor reads beyond the datagram', () => {
  const decoder = createSflowDecoder();
  fc.assert(
    fc.property(fc.oneof(mutated, begun, fc.uint8Array({ maxLength: 200 })), (octets) => {
      decoder.decode(octets, 'x', ({ packet, rate }) => {
        assert.ok(packet.bytes >= 0 && packet.bytes <= 0xffff + 40 && rate >= 1 && rate <= 0xffff_ffff);
        assert.ok(packet.srcPort <= 0xffff && packet.dstPort <= 0xffff && packet.vlan <= 0xfff);
        assert.ok(packet.srcIp.length <= 39 && packet.dstIp.length <= 39 && !packet.srcIp.includes('undefined'));
      });
    }),
    { numRuns: FUZZ_RUNS },
  );
});
