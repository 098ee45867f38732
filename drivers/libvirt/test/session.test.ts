import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectLibvirt, type DomainRef } from '../src/index.ts';
import {
  errorPayload,
  eventPacket,
  type FakeAnswer,
  type FakePacket,
  failure,
  KEEPALIVE,
  keepAlivePacket,
  key,
  REMOTE,
  reply,
  startFakeDaemon,
} from '../src/testing/fake-daemon.ts';
import { testDefaultAnswers } from '../src/testing/test-default.ts';
import { wire } from '../src/testing/wire.ts';
import { withDaemon } from './with-daemon.ts';

const HOSTNAME = 59;
const AUTH_LIST = 66;
const AUTH_POLKIT = 70;

const domain: DomainRef = { name: 'test', uuid: '6695eb01-f6a4-8304-79aa-97f2502e193f', id: 1 };
const nobody: FakeAnswer = () => undefined;

const hostname = (name: string) => wire(`00 00 00 02 '${name}' 00 00`);

test('replies find their calls in any order', async () => {
  const waiting: [FakePacket, (...packets: Buffer[]) => void][] = [];
  const hold: FakeAnswer = (call, send) => {
    waiting.push([call, send]);
    if (waiting.length < 3) return;
    ['h0', 'h1', 'h2'].forEach((_, index) => {
      const at = 2 - index;
      const [held, sendHeld] = waiting[at]!;
      sendHeld(reply(held, hostname(`h${at}`)));
    });
  };
  await withDaemon({ [HOSTNAME]: hold }, async (_daemon, connect) => {
    const libvirt = await connect();
    const names = await Promise.all([libvirt.hostname(), libvirt.hostname(), libvirt.hostname()]);
    assert.deepEqual(names, ['h0', 'h1', 'h2']);
  });
});

test('a daemon without a procedure gives a typed error and the connection goes on', async () => {
  await withDaemon({}, async (_daemon, connect) => {
    const libvirt = await connect();
    await assert.rejects(libvirt.domainMessages(domain), { code: 'not-supported-by-host', message: /426/ });
    await assert.rejects(libvirt.agentCommand(domain, '{}'), { code: 'not-supported-by-host' });
    assert.equal(await libvirt.hypervisorType(), 'TEST');
  });
});

test('a time limit or a signal ends a call, and a late reply does no harm', async () => {
  const late: ((...packets: Buffer[]) => void)[] = [];
  await withDaemon(
    { [HOSTNAME]: (call, send) => late.push(() => send(reply(call, hostname('h0')))) },
    async (_, connect) => {
      const libvirt = await connect();
      await assert.rejects(libvirt.with({ timeoutMs: 5 }).hostname(), { code: 'timeout' });
      const controller = new AbortController();
      const aborted = libvirt.with({ signal: controller.signal }).hostname();
      controller.abort();
      await assert.rejects(aborted, { code: 'aborted' });
      await assert.rejects(libvirt.with({ signal: controller.signal }).hostname(), { code: 'aborted' });
      for (const send of late) send();
      assert.equal(await libvirt.hypervisorType(), 'TEST');
    },
  );
});

test('when the connection ends in the middle of a message, calls and session end with the reason', async () => {
  const half: FakeAnswer = (call, _send, socket) => socket.end(reply(call, hostname('h0')).subarray(0, 20));
  await withDaemon({ [HOSTNAME]: half }, async (_daemon, connect) => {
    const libvirt = await connect();
    await assert.rejects(libvirt.hostname(), { code: 'closed' });
    const reason = await libvirt.closed;
    assert.equal((reason as { code?: string }).code, 'closed');
    await assert.rejects(libvirt.hostname(), { code: 'closed' });
    await libvirt.close();
  });
});

test('bytes that are no message end the session', async () => {
  for (const bytes of ['00 00 00 00', 'ff ff ff ff', "'HTTP/1.1 400 Bad Request'"]) {
    await withDaemon({ [HOSTNAME]: (_call, send) => send(wire(bytes)) }, async (_daemon, connect) => {
      const libvirt = await connect();
      await assert.rejects(libvirt.hostname(), { code: 'closed' });
      assert.equal(((await libvirt.closed) as { code?: string }).code, 'bad-message');
    });
  }
});

test('a reply that cannot be read fails its call only', async () => {
  const short: FakeAnswer = (call, send) => send(reply(call, wire("00 00 00 ff 'no'")));
  await withDaemon({ [HOSTNAME]: short }, async (_daemon, connect) => {
    const libvirt = await connect();
    await assert.rejects(libvirt.hostname(), { code: 'bad-message' });
    assert.equal(await libvirt.hypervisorType(), 'TEST');
  });
});

test('an event in the same bytes as the reply to its registration is not lost', async () => {
  const event = eventPacket(
    318,
    wire(`
      00 00 00 09
      00 00 00 04 'test' 66 95 eb 01 f6 a4 83 04 79 aa 97 f2 50 2e 19 3f 00 00 00 01
      00 00 00 05   # stopped
      00 00 00 02   # crashed
    `),
  );
  const register: FakeAnswer = (call, send) => send(reply(call, wire('00 00 00 09')), event);
  await withDaemon({ 316: register }, async (daemon, connect) => {
    const libvirt = await connect();
    const seen: string[] = [];
    const stops = await Promise.all(
      ['a', 'b'].map((name) => libvirt.onDomainEvent('lifecycle', (e) => seen.push(`${name} ${e.event} ${e.detail}`))),
    );
    assert.deepEqual(seen, ['a stopped crashed', 'b stopped crashed']);
    for (const stop of stops) await stop();
    const calls = daemon.received.map(({ procedure }) => procedure);
    // One registration for both listeners, and callback 9 given back after the last.
    assert.deepEqual(
      calls.filter((procedure) => procedure === 316 || procedure === 317),
      [316, 317],
    );
    assert.equal(daemon.received.at(-1)?.payload.readUInt32BE(0), 9);
  });
});

test('the daemon’s keepalive is answered', async () => {
  const pong = Promise.withResolvers<void>();
  const answers = testDefaultAnswers();
  answers.set(key(KEEPALIVE, 2), () => pong.resolve());
  answers.set(key(REMOTE, HOSTNAME), (call, send) => send(keepAlivePacket(1), reply(call, hostname('h0'))));
  const daemon = await startFakeDaemon(answers);
  const libvirt = await connectLibvirt(daemon.uri('test:///default'));
  await libvirt.hostname();
  await pong.promise;
  await libvirt.close();
  await daemon.stop();
});

test('connecting: what the daemon asks for first', async () => {
  const asks =
    (type: string): FakeAnswer =>
    (call, send) =>
      send(reply(call, wire(`00 00 00 01  00 00 00 ${type}`)));
  await withDaemon({ [AUTH_LIST]: asks('01') }, async (_daemon, connect) => {
    await assert.rejects(connect(), { code: 'auth-unsupported', message: /SASL/ });
  });
  const agree: FakeAnswer = (call, send) => send(reply(call, wire('00 00 00 01')));
  await withDaemon({ [AUTH_LIST]: asks('02'), [AUTH_POLKIT]: agree }, async (_daemon, connect) => {
    assert.equal(await (await connect()).hypervisorType(), 'TEST');
  });
  const refuse: FakeAnswer = (call, send) => send(failure(call, errorPayload(45, 'polkit said no')));
  await withDaemon({ [AUTH_LIST]: asks('02'), [AUTH_POLKIT]: refuse }, async (_daemon, connect) => {
    await assert.rejects(connect(), { code: 'auth-failed' });
  });
});

test('connecting: read-only, limits, and no daemon', async () => {
  await withDaemon({}, async (daemon, connect) => {
    await connect({ readOnly: true });
    const open = daemon.received.find(({ procedure }) => procedure === 1)!;
    assert.deepEqual(open.payload, wire("00 00 00 01  00 00 00 0f 'test:///default' 00  00 00 00 01"));
  });
  await withDaemon({ [AUTH_LIST]: nobody }, async (_daemon, connect) => {
    await assert.rejects(connect({ timeoutMs: 20 }), { code: 'timeout' });
    await assert.rejects(connect({ signal: AbortSignal.abort() }), { code: 'aborted' });
  });
  await assert.rejects(connectLibvirt('qemu+unix:///system?socket=/nowhere/socket'), { code: 'cannot-connect' });
});

test('a signal that ends after connecting does not touch the connection', async () => {
  await withDaemon({}, async (_daemon, connect) => {
    const controller = new AbortController();
    const libvirt = await connect({ signal: controller.signal });
    controller.abort();
    assert.equal(await libvirt.hypervisorType(), 'TEST');
  });
});
