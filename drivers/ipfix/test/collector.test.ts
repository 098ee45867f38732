import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { openDatagramReceiver } from '../src/datagram-receiver.ts';
import { type CollectorOptions, type CollectorStats, type FlowRecord, startCollector } from '../src/index.ts';
import { findDrops } from '../src/kernel-drops.ts';
import { openVswitchMessages } from './samples.ts';

async function started(t: TestContext, options: CollectorOptions) {
  const collector = await startCollector(options);
  t.after(() => collector.close());
  return collector;
}

async function send(host: string, port: number, packets: readonly Buffer[]): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  for (const packet of packets) {
    await new Promise<void>((resolve, reject) => {
      socket.send(packet, port, host, (error) => (error ? reject(error) : resolve()));
    });
  }
  socket.close();
  await once(socket, 'close');
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

for (const host of ['127.0.0.1', '::1']) {
  test(`flows sent to ${host} come in batches, with their sender`, async (t) => {
    const flows: FlowRecord[] = [];
    const collector = await started(t, { host, port: 0, onBatch: (records) => void flows.push(...records) });
    await send(host, collector.port, openVswitchMessages());
    await until('nine flows', async () => flows.length === 9);
    assert.match(flows[0]!.exporter, host === '::1' ? /^::1:\d+$/ : /^127\.0\.0\.1:\d+$/);
    assert.equal(flows[2]!.dstPort, 22);
    const stats = await collector.stats();
    assert.deepEqual([stats.records, stats.queueDrops, stats.kernelDrops], [9, 0, 0]);
  });
}

test('a receiver that is slow loses what exceeds the queue, and the loss is counted', async (t) => {
  const release = Promise.withResolvers<void>();
  let taken = 0;
  const collector = await started(t, {
    host: '127.0.0.1',
    port: 0,
    queueLimit: 10,
    async onBatch(records) {
      taken += records.length;
      await release.promise;
    },
  });
  const sums = ({ records, queueDrops, waiting }: CollectorStats) => ({ records, queueDrops, waiting });
  for (let i = 0; i < 10; i++) await send('127.0.0.1', collector.port, openVswitchMessages());
  await until('all datagrams', async () => (await collector.stats()).records === 90);
  const { queueDrops, waiting } = sums(await collector.stats());
  assert.ok(queueDrops > 0 && waiting <= 10);
  release.resolve();
  await until('the rest', async () => (await collector.stats()).waiting === 0);
  assert.equal(taken + queueDrops, 90);
});

test('a receiver that fails is counted, and the next batch is handed over', async (t) => {
  let calls = 0;
  const collector = await started(t, {
    host: '127.0.0.1',
    port: 0,
    onBatch() {
      if (calls++ === 0) throw new Error('not now');
    },
  });
  await send('127.0.0.1', collector.port, openVswitchMessages());
  await until('a failure', async () => (await collector.stats()).failed > 0);
  await send('127.0.0.1', collector.port, openVswitchMessages());
  await until('another batch', async () => calls > 1);
});

const self = () => process.getuid!();

for (const host of ['127.0.0.1', '::1'])
  test(`on ${host} sockets of a user that are connected are heard, and others of the same user not`, async (t) => {
    const messages = openVswitchMessages();
    let flows = 0;
    const options = { host, port: 0, exporterUid: self, onRecord: () => void flows++ };
    const [connected, others] = [await started(t, options), await started(t, options)];
    const socket = await connectedTo(t, host, connected.port);
    for (const message of messages) socket.send(message);
    await until('nine flows', async () => flows === 9);
    await send(host, others.port, messages);
    await until('refusals', async () => (await others.stats()).refused === messages.length);
    assert.equal(flows, 9);
  });

test('what a local switch told from one port explains what it sends from another', async (t) => {
  const messages = openVswitchMessages();
  let flows = 0;
  const options = { host: '127.0.0.1', port: 0, exporterUid: self, onRecord: () => void flows++ };
  const collector = await started(t, options);
  for (const [n, message] of messages.entries()) {
    const socket = await connectedTo(t, '127.0.0.1', collector.port);
    socket.send(message);
    await until('the datagram', async () => (await collector.stats()).messages === n + 1);
  }
  assert.equal(flows, 9);
});

for (const [who, exporterUid] of [
  ['another user', () => self() + 1],
  ['nobody known', () => undefined],
] as const)
  test(`where ${who} is to be heard, we are not`, async (t) => {
    const options = { host: '127.0.0.1', port: 0, exporterUid, onRecord: () => assert.fail('heard') };
    const collector = await started(t, options);
    const socket = await connectedTo(t, '127.0.0.1', collector.port);
    for (const message of openVswitchMessages()) socket.send(message);
    await until('refusals', async () => (await collector.stats()).refused === openVswitchMessages().length);
  });

async function connectedTo(t: TestContext, host: string, port: number): Promise<Socket> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  t.after(() => socket.close());
  socket.connect(port, host);
  await once(socket, 'connect');
  return socket;
}

test('a port that is taken is said to be', async (t) => {
  const { port } = await started(t, { host: '127.0.0.1', port: 0, onRecord: () => undefined });
  const again = { host: '127.0.0.1', port, onRecord: () => undefined };
  await assert.rejects(startCollector(again), { code: 'IPFIX_BIND_FAILED' });
});

test('without privilege datagrams come through node:dgram', async (t) => {
  const lengths: number[] = [];
  const options = { host: '127.0.0.1', port: 0, receiveBuffer: 1 << 16 };
  const receiver = await openDatagramReceiver(options, (_packet, length) => lengths.push(length));
  t.after(() => receiver.close());
  const messages = openVswitchMessages();
  await send('127.0.0.1', receiver.port, messages);
  await until('all of them', async () => lengths.length === messages.length);
  assert.deepEqual(
    lengths,
    messages.map(({ length }) => length),
  );
  await assert.rejects(
    openDatagramReceiver({ ...options, port: receiver.port }, () => undefined),
    {
      code: 'IPFIX_BIND_FAILED',
    },
  );
});

test("the kernel's drops are in the last column of the socket's line (proc(5))", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  123: 0100007F:1283 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1001 2 0000000000000000 17
  124: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1002 2 0000000000000000 4
`;
  assert.equal(findDrops(table, 0x1283), 17);
  assert.equal(findDrops(table, 80), null);
});
