import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createFlowEncoder, decodeFlow } from '../src/flows/codec.ts';
import { connectOpenFlow } from '../src/index.ts';
import { type Message, messageType } from '../src/openflow/message.ts';
import { answering, bytes, hello15, startFakeOpenFlow } from '../src/testing/index.ts';

const { encode } = createFlowEncoder();
const flow = (priority: number) => encode({ table: 3, priority, cookie: 9n, match: 'in_port=1', actions: 'output:2' });

const bundleReply = (message: Message): Buffer =>
  answering(
    message,
    `
    06 21 0010 00000000  // BUNDLE_CONTROL, 16 bytes
    00000001 0001 0003   // bundle 1, a reply, ordered and atomic
  `,
  );
const barrierReply = (message: Message): Buffer => answering(message, '06 15 0008 00000000 // BARRIER_REPLY');
const badMatch = (message: Message): Buffer =>
  answering(
    message,
    `
    06 01 000c 00000000  // ERROR, 12 bytes
    0004 0009            // BAD_MATCH, BAD_PREREQ
  `,
  );

suite('an OpenFlow session', () => {
  test('flows go as one bundle: open, add, barrier, commit', async (t) => {
    const seen: Message[] = [];
    const fake = await startFakeOpenFlow((message) => {
      seen.push(message);
      if (message.type === messageType.bundleControl) return bundleReply(message);
      return message.type === messageType.barrierRequest ? barrierReply(message) : undefined;
    });
    t.after(fake.stop);
    const session = await connectOpenFlow(fake.socket);
    t.after(session.close);
    await session.commit([flow(5)]);
    assert.deepEqual(
      seen.map(({ type }) => type),
      [
        messageType.hello,
        messageType.bundleControl,
        messageType.bundleAdd,
        messageType.barrierRequest,
        messageType.bundleControl,
      ],
    );
    const [, , add] = seen;
    const xid = add!.xid.toString(16).padStart(8, '0');
    assert.deepEqual(
      add!.body,
      bytes(`
        00000001 0000 0003                 // bundle 1, padding, ordered and atomic
        06 0e 0058 ${xid}                  // FLOW_MOD, 88 bytes, the xid of the message around it
        0000000000000009 0000000000000000  // cookie, cookie mask
        03 00 0000 0000 0005               // table 3, ADD, no timeouts, priority 5
        ffffffff ffffffff ffffffff         // no buffer, any port, any group
        0000 0000                          // flags, importance
        0001 000c                          // OXM match of 12 bytes without padding
        80000004 00000001                  // OXM_OF_IN_PORT = 1
        00000000                           // padding to eight
        0004 0018 00000000                 // APPLY_ACTIONS, 24 bytes
        0000 0010 00000002 0000 000000000000 // OUTPUT, 16 bytes, port 2
      `),
    );
  });

  test('a flow that is refused is named, and the bundle is discarded', async (t) => {
    const controls: number[] = [];
    let adds = 0;
    const fake = await startFakeOpenFlow((message) => {
      if (message.type === messageType.bundleAdd && ++adds === 2) return badMatch(message);
      if (message.type === messageType.barrierRequest) return barrierReply(message);
      if (message.type !== messageType.bundleControl) return undefined;
      controls.push(message.body.readUInt16BE(4));
      return bundleReply(message);
    });
    t.after(fake.stop);
    const session = await connectOpenFlow(fake.socket);
    t.after(session.close);
    await assert.rejects(
      session.commit([flow(1), flow(2), flow(3)]),
      (error: Error & { code?: string; details?: Record<string, unknown> }) => {
        assert.equal(error.code, 'openflow-error');
        assert.deepEqual(error.details, { index: 1, type: 4, code: 9 });
        return /BAD_PREREQ/.test(error.message);
      },
    );
    assert.deepEqual(controls, [0, 6], 'open, discard');
  });

  test('flows come in several messages, in any pieces', async (t) => {
    const entry = `
      0058 0000 1e 00 0032 0000 0000 0000 0000 // 88 bytes, table 30, priority 50, no timeouts
      00000000000000ff                         // cookie
      0001 000a 8000 0a02 0800 000000000000    // match: eth_type = IPv4, padding
      0000 0028                                // statistics, 40 bytes
      8002 0008 0000000a 1dcd6500              // duration 10.5 s
      8002 0808 0000000000000003               // 3 packets
      8002 0a08 00000000000000ea               // 234 bytes
      0001 0008 5e 000000                      // GOTO_TABLE 94
    `;
    const fake = await startFakeOpenFlow((message, stream) => {
      if (message.type !== messageType.multipartRequest) return undefined;
      const first = answering(message, `06 13 0068 00000000 0001 0001 00000000 ${entry}`); // FLOW, more to come
      const last = answering(message, `06 13 0068 00000000 0001 0000 00000000 ${entry}`);
      for (const byte of Buffer.concat([first, last])) stream.write(Buffer.from([byte]));
      return undefined;
    });
    t.after(fake.stop);
    const session = await connectOpenFlow(fake.socket);
    t.after(session.close);
    const expected = {
      table: 30,
      priority: 50,
      cookie: 255n,
      match: 'ip',
      actions: 'goto_table:94',
      packets: 3n,
      bytes: 234n,
      durationS: 10.5,
    };
    assert.deepEqual((await session.readFlows()).map(decodeFlow), [expected, expected]);
  });

  test('a bridge without OpenFlow 1.5 is refused with what to do', async (t) => {
    const hello13 = bytes('04 00 0010 00000000 0001 0008 00000012 // bitmap: 1.0 and 1.3');
    const fake = await startFakeOpenFlow(() => undefined, hello13);
    t.after(fake.stop);
    await assert.rejects(connectOpenFlow(fake.socket), { code: 'unsupported', message: /OpenFlow15/ });
  });

  test('a session cut in the middle of a message rejects what waits', async (t) => {
    const fake = await startFakeOpenFlow((message, stream) => {
      if (message.type === messageType.barrierRequest) stream.end(bytes('06 15 0008 00'));
      return undefined;
    });
    t.after(fake.stop);
    const session = await connectOpenFlow(fake.socket);
    await assert.rejects(session.barrier(), { code: 'closed' });
    assert.equal((await session.closed)?.code, 'closed');
    await assert.rejects(session.barrier(), { code: 'closed' });
  });

  test('a switch that says nothing is given up, also while a large bundle is being sent', async (t) => {
    const fake = await startFakeOpenFlow((message, stream) => {
      if (message.type !== messageType.bundleControl) return undefined;
      stream.pause();
      return bundleReply(message);
    });
    t.after(fake.stop);
    const session = await connectOpenFlow(fake.socket, { timeoutMs: 100 });
    const flows = Array.from({ length: 20_000 }, (_, i) => flow(i));
    await assert.rejects(session.commit(flows), { code: 'timeout' });
  });

  test('a switch that never greets is given up', async (t) => {
    const fake = await startFakeOpenFlow(() => undefined, Buffer.alloc(0));
    t.after(fake.stop);
    await assert.rejects(connectOpenFlow(fake.socket, { timeoutMs: 50 }), { code: 'timeout' });
  });

  test('a message shorter than its own header ends the session', async (t) => {
    const fake = await startFakeOpenFlow(() => undefined, Buffer.concat([hello15, bytes('06 02 0004 00000001')]));
    t.after(fake.stop);
    await assert.rejects(connectOpenFlow(fake.socket), { code: 'protocol' });
  });
});
