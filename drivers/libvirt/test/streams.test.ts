import assert from 'node:assert/strict';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import type { DomainRef, VolumeRef } from '../src/index.ts';
import { errorPayload, type FakeAnswer, failure, reply, streamPacket } from '../src/testing/fake-daemon.ts';
import { wire } from '../src/testing/wire.ts';

import { withDaemon } from './with-daemon.ts';

const LOOKUP_BY_NAME = 23;
const MEMORY_PEEK = 104;
const UPLOAD = 208;
const DOWNLOAD = 209;
const CONSOLE = 201;

const domain: DomainRef = { name: 'test', uuid: '6695eb01-f6a4-8304-79aa-97f2502e193f', id: 1 };
const volume: VolumeRef = { pool: 'p', name: 'v', key: '/v' };
const nobody: FakeAnswer = () => undefined;

/** Answers the call that opens the stream, then each packet of it by `then`. */
const stream =
  (open: FakeAnswer, then: FakeAnswer): FakeAnswer =>
  (packet, send, socket) =>
    (packet.type === 0 ? open : then)(packet, send, socket);
const confirm: FakeAnswer = (packet, send) => packet.status !== 2 && send(streamPacket(packet, 'ok'));

test('a download: data, a hole as zeros, the end, and its confirmation', async () => {
  const opened: FakeAnswer = (call, send) =>
    send(
      reply(call),
      streamPacket(call, 'continue', Buffer.from('abc')),
      streamPacket(call, 'continue', wire('00 00 00 00 00 00 00 04  00 00 00 00'), 'hole'),
      streamPacket(call, 'continue', Buffer.from('d')),
      streamPacket(call, 'continue'),
    );
  await withDaemon({ [DOWNLOAD]: stream(opened, confirm) }, async (daemon, connect) => {
    const libvirt = await connect();
    const chunks: Buffer[] = [];
    for await (const chunk of await libvirt.downloadVolume(volume)) chunks.push(chunk as Buffer);
    assert.deepEqual(Buffer.concat(chunks), Buffer.from('abc\0\0\0\0d'));
    const sent = daemon.received.filter(({ procedure }) => procedure === DOWNLOAD);
    assert.deepEqual(
      sent.map(({ type, status }) => [type, status]),
      [
        [0, 0],
        [3, 0],
      ],
    );
  });
});

test('a stream whose data overtakes the reply to its call loses none of it', async () => {
  const opened: FakeAnswer = (call, send) => {
    send(streamPacket(call, 'continue', Buffer.from('abc')));
    send(streamPacket(call, 'continue'), reply(call));
  };
  await withDaemon({ [DOWNLOAD]: stream(opened, confirm) }, async (_daemon, connect) => {
    const libvirt = await connect();
    const chunks = await (await libvirt.downloadVolume(volume)).toArray();
    assert.equal(Buffer.concat(chunks).toString(), 'abc');
  });
});

test('a stream that is never opened fills no memory', async () => {
  const piece = Buffer.alloc(262_120);
  const flood: FakeAnswer = (call, send) =>
    send(...Array.from({ length: 70 }, () => streamPacket(call, 'continue', piece)));
  await withDaemon({ [DOWNLOAD]: flood }, async (_daemon, connect) => {
    const libvirt = await connect();
    await assert.rejects(libvirt.downloadVolume(volume), { code: 'closed' });
    assert.equal(((await libvirt.closed) as { code?: string }).code, 'bad-message');
  });
});

test('what was received stays as it was when more arrives', async () => {
  const peek: FakeAnswer = (call, send) => send(reply(call, wire("00 00 00 04  'mem1'")));
  const opened: FakeAnswer = (call, send) => send(reply(call), streamPacket(call, 'continue', Buffer.from('abcd')));
  const answers = { [MEMORY_PEEK]: peek, [CONSOLE]: stream(opened, confirm) };
  await withDaemon(answers, async (_daemon, connect) => {
    const libvirt = await connect();
    const memory = await libvirt.memoryPeek(domain, 0n, 4);
    const console = await libvirt.openConsole(domain);
    // Each of these replies comes by itself and is longer than what came before.
    for (let i = 0; i < 10; i++) await libvirt.domainXml(domain);
    assert.equal(Buffer.from(memory).toString(), 'mem1');
    assert.equal(String(console.read()), 'abcd');
    console.destroy();
  });
});

test('a burst of calls, longer than one system call takes, arrives whole and in order', async () => {
  await withDaemon({}, async (daemon, connect) => {
    const libvirt = await connect();
    const names = Array.from({ length: 500 }, (_, index) => `${index}${'x'.repeat(index % 97)}`);
    const found = await Promise.allSettled(names.map((name) => libvirt.domainByName(name)));
    assert.ok(found.every((outcome) => outcome.status === 'rejected' && outcome.reason.code === 'no-domain'));
    const asked = daemon.received.filter(({ procedure }) => procedure === LOOKUP_BY_NAME);
    assert.deepEqual(
      asked.map(({ payload }) => payload.toString('utf8', 4, 4 + payload.readUInt32BE(0))),
      names,
    );
  });
});

test('an upload is cut into pieces that every libvirtd takes, and ends when the daemon has it', async () => {
  await withDaemon({ [UPLOAD]: stream((call, send) => send(reply(call)), confirm) }, async (daemon, connect) => {
    const libvirt = await connect();
    const data = Buffer.alloc(600_000, 'x');
    await pipeline([data], await libvirt.uploadVolume(volume, { offset: 7 }));
    const pieces = daemon.received.filter(({ procedure, status }) => procedure === UPLOAD && status === 2);
    assert.deepEqual(
      pieces.map(({ payload }) => payload.length),
      [262_120, 262_120, 75_760],
    );
    assert.equal(daemon.received.at(-1)?.status, 0);
  });
});

test('a stream that fails at either side ends with the error and leaves the connection alone', async () => {
  const broken: FakeAnswer = (call, send) => send(reply(call), streamPacket(call, 'error', errorPayload(38, 'disk')));
  const unfinished: FakeAnswer = (packet, send) =>
    packet.status === 0 && send(failure(packet, errorPayload(38, 'no space')));
  const open: FakeAnswer = (call, send) => send(reply(call));
  await withDaemon(
    { [DOWNLOAD]: broken, [UPLOAD]: stream(open, unfinished), [CONSOLE]: stream(open, confirm) },
    async (daemon, connect) => {
      const libvirt = await connect();
      await assert.rejects((await libvirt.downloadVolume(volume)).toArray(), { code: 'system-error', message: /disk/ });
      await assert.rejects(pipeline(['x'], await libvirt.uploadVolume(volume)), { message: /no space/ });
      (await libvirt.openConsole(domain)).destroy();
      assert.equal(await libvirt.hypervisorType(), 'TEST');
      const abort = daemon.received.filter(({ procedure, type }) => procedure === CONSOLE && type === 3);
      assert.deepEqual(
        abort.map(({ status }) => status),
        [1],
      );
    },
  );
});

test('a stream is closed when the daemon has confirmed its abort, or is gone', async () => {
  const order: string[] = [];
  const abort: FakeAnswer = (packet, send) => {
    order.push('abort heard');
    send(
      streamPacket(packet, 'continue', Buffer.from('late')),
      streamPacket(packet, 'error', errorPayload(39, 'aborted')),
    );
  };
  const open: FakeAnswer = (call, send) => send(reply(call));
  await withDaemon({ [CONSOLE]: stream(open, abort), [DOWNLOAD]: stream(open, nobody) }, async (_daemon, connect) => {
    const libvirt = await connect();
    const console = await libvirt.openConsole(domain);
    await once(console.destroy(), 'close');
    order.push('closed');
    assert.deepEqual(order, ['abort heard', 'closed']);
    const unanswered = (await libvirt.downloadVolume(volume)).destroy();
    await Promise.all([once(unanswered, 'close'), libvirt.close()]);
  });
});

test('a stream packet that cannot be read ends its stream only', async () => {
  const hole = (length: string) => wire(`${length}  00 00 00 00`);
  for (const payload of [hole('ff ff ff ff ff ff ff ff'), hole('7f ff ff ff ff ff ff ff'), wire('00 00')]) {
    const opened: FakeAnswer = (call, send) => send(reply(call), streamPacket(call, 'continue', payload, 'hole'));
    await withDaemon({ [DOWNLOAD]: stream(opened, confirm) }, async (_daemon, connect) => {
      const libvirt = await connect();
      await assert.rejects((await libvirt.downloadVolume(volume)).toArray(), { code: 'bad-message' });
      assert.equal(await libvirt.hypervisorType(), 'TEST');
    });
  }
});

test('a stream whose connection ends in the bytes of the reply fails where it is awaited', async () => {
  const noSuchType = wire('00 00 00 1c 20 00 80 86 00 00 00 01 00 00 00 01 00 00 00 63 00 00 00 00 00 00 00 00');
  const opened: FakeAnswer = (call, send) => send(reply(call), noSuchType);
  await withDaemon({ [DOWNLOAD]: stream(opened, nobody) }, async (_daemon, connect) => {
    const libvirt = await connect();
    await assert.rejects((await libvirt.downloadVolume(volume)).toArray(), { code: 'closed' });
  });
});

test('a slow reader stops the daemon instead of filling memory', async () => {
  const piece = Buffer.alloc(262_120);
  const total = 40;
  const flood: FakeAnswer = (call, send) =>
    send(
      reply(call),
      ...Array.from({ length: total }, () => streamPacket(call, 'continue', piece)),
      streamPacket(call, 'continue'),
    );
  await withDaemon({ [DOWNLOAD]: stream(flood, confirm) }, async (_daemon, connect) => {
    const libvirt = await connect();
    const download = await libvirt.downloadVolume(volume);
    // The connection is stopped, so a call does not come back until somebody reads.
    await assert.rejects(libvirt.with({ timeoutMs: 50 }).hypervisorType(), { code: 'timeout' });
    assert.ok(download.readableLength < 4 << 20);
    let length = 0;
    for await (const chunk of download) length += (chunk as Buffer).length;
    assert.equal(length, total * piece.length);
    assert.equal(await libvirt.hypervisorType(), 'TEST');
  });
});

test('a console carries bytes both ways and ends with the connection', async () => {
  const echo: FakeAnswer = (packet, send) =>
    packet.status === 2
      ? send(streamPacket(packet, 'continue', Buffer.from(packet.payload)))
      : send(streamPacket(packet, 'ok'));
  let drop = () => {};
  const open: FakeAnswer = (call, send, socket) => {
    drop = () => socket.destroy();
    send(reply(call));
  };
  await withDaemon({ [CONSOLE]: stream(open, echo) }, async (_daemon, connect) => {
    const libvirt = await connect();
    const terminal = await libvirt.openConsole(domain, { force: true });
    terminal.write('hello');
    const [first] = (await Promise.all([new Promise((resolve) => terminal.once('data', resolve))])) as [Buffer];
    assert.equal(first.toString(), 'hello');
    const failed = new Promise<Error>((resolve) => terminal.once('error', resolve));
    drop();
    assert.equal(((await failed) as { code?: string }).code, 'closed');
  });
});
