import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { createFlowEncoder, decodeFlow } from '../src/flows/codec.ts';
import { canonicalFlow } from '../src/index.ts';
import { readError } from '../src/openflow/errors.ts';
import { readFlows } from '../src/openflow/flow-stats.ts';
import { checkHello } from '../src/openflow/hello.ts';
import { formatInstructions } from '../src/openflow/instructions.ts';
import { decodeOxm } from '../src/openflow/match-codec.ts';
import { formatMatch } from '../src/openflow/match-format.ts';
import { createMessageFramer, encodeMessage } from '../src/openflow/message.ts';
import { defineMeter, encodeMeterMod, meterCommand, readMeterStats, readMeters } from '../src/openflow/meter.ts';
import { encodePacketOut, readPacketIn } from '../src/openflow/packet-codec.ts';
import { readTables } from '../src/openflow/table-stats.ts';
import { bytes } from '../src/testing/index.ts';
import { flowText } from './flow-texts.ts';
import { anyBytes, mutated, survives } from './fuzz.ts';

const flow = (match: string, actions: string) => ({ table: 0, priority: 1, cookie: 0n, match, actions });

suite('texts of flows', () => {
  test('the canonical text is that of ovs-ofctl', () => {
    const cases: [match: string, actions: string, canonicalMatch: string, canonicalActions: string][] = [
      ['', '', '', 'drop'],
      ['ip,nw_proto=6,tp_dst=80', 'drop', 'tcp,tp_dst=80', 'drop'],
      ['nw_src=10.1.2.3/24,ip', 'resubmit(,30)', 'ip,nw_src=10.1.2.0/24', 'resubmit(,30)'],
      ['ct_state=+trk+new,reg6=0x64/0xffff', '5', 'ct_state=+new+trk,reg6=0x64/0xffff', 'output:5'],
      ['nw_src=0.0.0.0/0,ip', 'load:0x64->NXM_NX_REG6[0..15]', 'ip', 'set_field:0x64/0xffff->reg6'],
      ['dl_vlan=10', 'strip_vlan,output:NXM_NX_REG7[]', 'dl_vlan=10', 'pop_vlan,output:NXM_NX_REG7[]'],
      ['icmp6,icmp_type=135', 'ct(zone=7,commit)', 'icmp6,icmp_type=135', 'ct(commit,zone=7)'],
    ];
    for (const [match, actions, canonicalMatch, canonicalActions] of cases) {
      assert.deepEqual(canonicalFlow(flow(match, actions)), flow(canonicalMatch, canonicalActions));
    }
  });

  test('the canonical text is its own', () => {
    fc.assert(
      fc.property(flowText, ([match, actions]) => {
        const once = canonicalFlow(flow(match, actions));
        assert.deepEqual(canonicalFlow(once), once);
      }),
      { numRuns: 2_000 },
    );
  });

  test('the order of the fields makes no difference', () => {
    const { encodeKey } = createFlowEncoder();
    fc.assert(
      fc.property(
        flowText.chain(([match]) =>
          fc.tuple(fc.constant(match), fc.shuffledSubarray(match.split(','), { minLength: match.split(',').length })),
        ),
        ([match, shuffled]) => {
          const key = (text: string) => encodeKey({ table: 0, priority: 0, match: text }).match;
          assert.deepEqual(key(shuffled.join(',')), key(match));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('what is wrong is named', () => {
    const cases: [match: string, actions: string, code: string, message: RegExp][] = [
      ['frobnicate=1', '', 'unknown-field', /frobnicate/],
      ['mpls', '', 'unknown-field', /mpls/],
      ['ip,nw_src=10.0.0.256', '', 'bad-value', /10\.0\.0\.256 is no value of ip_src/],
      ['reg0=0x100000000', '', 'bad-value', /32 bits/],
      ['tp_dst=80', '', 'bad-value', /needs a protocol/],
      ['reg0=1,reg0=2', '', 'bad-value', /two values/],
      ['', 'fin_timeout(idle_timeout=1)', 'unknown-action', /fin_timeout/],
      ['', 'ct(commit,nat)', 'unknown-action', /nat/],
      ['', 'output:2,drop', 'bad-value', /drop stands alone/],
      ['', 'load:0x100->NXM_NX_REG0[0..7]', 'bad-value', /8 bits/],
      ['', 'move:NXM_NX_REG0[0..7]->NXM_NX_REG1[]', 'bad-value', /8 bits to 32/],
      ['', 'conjunction(1,3/2)', 'bad-value', /conjunction/],
      ['', 'ct(commit', 'bad-value', /parenthesis/],
      ['', 'goto_table:3,output:1', 'unknown-action', /goto_table/],
      ['', 'sample(collector_set_id=1)', 'bad-value', /probability/],
    ];
    for (const [match, actions, code, message] of cases) {
      assert.throws(() => canonicalFlow(flow(match, actions)), { code, message }, `${match} ${actions}`);
    }
    assert.throws(() => canonicalFlow({ ...flow('', ''), table: 255 }), { code: 'bad-value' });
    assert.throws(() => canonicalFlow({ ...flow('', ''), priority: -1 }), { code: 'bad-value' });
  });

  test('hostile texts', () => {
    const words = fc
      .array(
        fc.constantFrom(
          'ip',
          'tcp',
          '=',
          ',',
          '(',
          ')',
          '/',
          'reg0',
          'nw_src',
          'ct',
          '->',
          '[',
          '..',
          ']',
          '0x1',
          '::',
          'output',
          ':',
          '1',
          '-',
          '+trk',
          'load',
          'clone',
          '\n',
          'xxreg3',
          'constructor',
          '__proto__',
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join(''));
    survives(fc.tuple(fc.oneof(words, fc.string()), fc.oneof(words, fc.string())), ([match, actions]) =>
      canonicalFlow(flow(match, actions)),
    );
  });
});

suite('bytes of a switch', () => {
  const entries = fc
    .sample(flowText, { numRuns: 200, seed: 3 })
    .map(([match, actions]) => createFlowEncoder().encode(flow(match, actions)));
  const described = (match: Buffer, instructions: Buffer): Buffer => {
    const pad = Buffer.alloc((8 - ((match.length + 4) % 8)) % 8);
    const body = Buffer.concat([
      Buffer.alloc(24),
      bytes('0001 0000'),
      match,
      pad,
      bytes('0000 0010 8002 0808 0000000000000001'),
      instructions,
    ]);
    body.writeUInt16BE(body.length, 0);
    body.writeUInt16BE(match.length + 4, 26);
    return body;
  };

  test('hostile flow descriptions', () => {
    const seeds = entries.map(({ match, instructions }) => described(match, instructions));
    for (const seed of seeds) assert.equal(readFlows(seed).map(decodeFlow).length, 1);
    survives(fc.oneof(anyBytes, mutated(...seeds)), (body) => readFlows(body).map(decodeFlow));
  });

  test('hostile matches and actions', () => {
    survives(fc.oneof(anyBytes, mutated(...entries.map(({ match }) => match))), (oxm) =>
      formatMatch(decodeOxm(oxm).match),
    );
    survives(fc.oneof(anyBytes, mutated(...entries.map(({ instructions }) => instructions))), formatInstructions);
  });

  test('hostile messages', () => {
    const framed = (chunk: Buffer): void => {
      for (const message of createMessageFramer().push(chunk)) {
        readError(message, 'something');
        checkHello(message);
        readTables(message.body);
      }
    };
    const seeds = [
      encodeMessage(0, 1, bytes('0001 0008 00000040')),
      encodeMessage(1, 2, bytes('0004 0009')),
      encodeMessage(19, 3, Buffer.alloc(48)),
    ];
    survives(fc.oneof(anyBytes, mutated(...seeds)), framed);
  });

  const meters = bytes(`
    0018 000d 00000007                   // METER_DESC: 24 bytes, kbps burst stats, meter 7
    0001 0010 000003e8 00001388 00000000 // DROP, 16 bytes, 1000 kbit/s, 5000 kbit
  `);
  const meterCounters = bytes(`
    00000007 0038 000000000000  // METER: meter 7, 56 bytes
    00000002                    // flows
    0000000000000064            // packets that came
    0000000000002710            // their bytes
    00000003 00000000           // seconds, nanoseconds
    000000000000000a            // packets over it
    00000000000003e8            // their bytes
  `);

  test('a meter is defined as the switch tells it', () => {
    const spec = { id: 7, unit: 'kbps', rate: 1000, burst: 5000 } as const;
    assert.deepEqual(readMeters(meters), [defineMeter(spec)]);
    assert.deepEqual(
      encodeMeterMod(meterCommand.modify, defineMeter(spec)),
      bytes(`
        0001 000d 00000007                   // MODIFY, kbps burst stats, meter 7
        0001 0010 000003e8 00001388 00000000 // DROP, 16 bytes, 1000 kbit/s, 5000 kbit
      `),
    );
    assert.deepEqual(readMeterStats(Buffer.concat([meterCounters, meterCounters])).length, 2);
    assert.deepEqual(readMeterStats(meterCounters), [
      { id: 7, packets: 100n, bytes: 10_000n, droppedPackets: 10n, droppedBytes: 1000n },
    ]);
    for (const wrong of [{ id: 0 }, { id: 0xffff_0001 }, { rate: 0 }, { rate: 1.5 }, { burst: 2 ** 32 }])
      assert.throws(() => defineMeter({ ...spec, ...wrong }), { code: 'bad-value' });
  });

  test('hostile meters', () => {
    survives(anyBytes, (body) => void readMeters(body));
    survives(anyBytes, (body) => void readMeterStats(body));
    survives(mutated(meters, Buffer.concat([meters, meters])), (body) => void readMeters(body));
    survives(mutated(meterCounters), (body) => void readMeterStats(body));
  });

  test('nesting is bounded', () => {
    let clone = bytes('ffff 0010 00002320 002a 000000000000');
    for (let i = 0; i < 20; i++) {
      const outer = bytes('ffff 0010 00002320 002a 000000000000');
      outer.writeUInt16BE(16 + clone.length, 2);
      clone = Buffer.concat([outer, clone]);
    }
    const header = bytes('0004 0000 00000000');
    header.writeUInt16BE(8 + clone.length, 2);
    assert.throws(() => formatInstructions(Buffer.concat([header, clone])), { code: 'too-large' });
  });

  test('actions of somebody else are kept and shown', () => {
    const foreign = bytes('0004 0018 00000000  ffff 0010 0000abcd 00000000 00000000');
    assert.equal(formatInstructions(foreign), 'unknown(ffff00100000abcd0000000000000000)');
  });

  test('packets to send and packets that were handed over', () => {
    assert.deepEqual(
      encodePacketOut(5, Buffer.from('abcd', 'hex')),
      bytes(`
        ffffffff 0010 0000                   // no buffer, 16 bytes of actions
        0001 000c 80000004 fffffffd 00000000 // OXM match: in_port = CONTROLLER, padded
        0000 0010 00000005 0000 000000000000 // OUTPUT, 16 bytes, port 5
        abcd
      `),
    );
    const handedOver = bytes(`
      ffffffff 0002 01 0a 0000000700000001   // no buffer, 2 bytes, by an action, table 10, cookie
      0001 000c 80000004 0000001f 00000000   // OXM match: in_port = 31, padded
      0000 abcd
    `);
    const { port, table, cookie, frame } = readPacketIn(handedOver);
    assert.deepEqual([port, table, cookie, frame.toString('hex')], [31, 10, 0x7_0000_0001n, 'abcd']);
    survives(anyBytes, readPacketIn);
    survives(mutated(handedOver), readPacketIn);
  });
});
