import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { FlowRecord } from '@hypervigil/contract';
import { ELEMENT, encodeMessage, type FieldSpec } from '@hypervigil/ipfix';
import { MAX_STRANGERS, SYNTHETIC_RULES } from '@hypervigil/model';
import { createStrangers } from '../src/exporters/strangers.ts';
import { exporterOn, freePort, type Listening, sendFrom, startListening } from '../src/testing/exporting.ts';
import { until } from '../src/testing/until.ts';

const linesOf = (driver: string, file: string): Buffer[] =>
  readFileSync(new URL(`../../../drivers/${driver}/testdata/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Buffer.from(line, 'hex'));

/** What softflowd made of eight packets in NetFlow v5, NetFlow v9 and IPFIX: a message of each. */
const [NETFLOW5, NETFLOW9, IPFIX] = linesOf('ipfix', 'softflowd-1.1.hex') as [Buffer, Buffer, Buffer];

const FIELDS: readonly FieldSpec[] = [
  [ELEMENT.sourceIPv4Address, 4],
  [ELEMENT.destinationIPv4Address, 4],
  [ELEMENT.sourceTransportPort, 2],
  [ELEMENT.destinationTransportPort, 2],
  [ELEMENT.protocolIdentifier, 1],
  [ELEMENT.octetDeltaCount, 8],
  [ELEMENT.packetDeltaCount, 8],
].map(([id, length]) => ({ id: id!, length: length!, enterprise: 0 }));
const TEMPLATE = { id: 256, fields: FIELDS };

/** One flow of UDP from 10.0.0.1 port 40000 to 10.0.0.2 port 53 with its template. */
function message(bytes: bigint, packets: bigint, sequence = 0): Buffer {
  const values = [Uint8Array.of(10, 0, 0, 1), Uint8Array.of(10, 0, 0, 2), 40_000, 53, 17, bytes, packets];
  return encodeMessage({
    ...{ version: 10, exportMs: Date.now(), sequence, domain: 1 },
    sets: [
      { kind: 'templates', templates: [TEMPLATE] },
      { kind: 'data', template: TEMPLATE, records: [values] },
    ],
  });
}

suite('exporters', () => {
  let listening: Listening;
  let port: number;
  before(async () => {
    port = await freePort();
    listening = await startListening();
  });
  after(() => listening?.stop());

  /** Everything that came is put together by the time that so many datagrams are counted. */
  const heard = async (exporter: ReturnType<typeof exporterOn>, datagrams: number) => {
    const report = () => listening.told()?.exporters.find(({ id }) => id === exporter.id);
    await until(() => report()?.datagrams === datagrams);
    return { report: report()!, records: listening.records().filter((record) => record.exporter === exporter.id) };
  };
  const listen = async (...exporters: readonly ReturnType<typeof exporterOn>[]) => {
    listening.exporters.receive(exporters);
    await until(() =>
      exporters.every(({ id }) =>
        listening.told()?.exporters.some((one) => one.id === id && one.state === 'listening'),
      ),
    );
  };

  test('none is listened for until there is one: the port is free', async () => {
    const socket = createSocket('udp4').bind(port, '127.0.0.1');
    await once(socket, 'listening');
    await new Promise<void>((resolve) => socket.close(resolve));
  });

  for (const [name, protocol, datagram] of [
    ['NetFlow v5', 'netflow', NETFLOW5],
    ['NetFlow v9', 'netflow', NETFLOW9],
    ['IPFIX', 'ipfix', IPFIX],
  ] as const) {
    test(`what softflowd tells in ${name} becomes connections, both directions in one`, async () => {
      const exporter = exporterOn(port, { protocol, network: 7 });
      await listen(exporter);
      await sendFrom('127.0.0.1', port, [datagram]);
      const { report, records } = await heard(exporter, 1);
      assert.equal(report.flows, 5);
      const https = records.find(({ dstPort }) => dstPort === 443);
      assert.deepEqual(
        [https?.srcIp, https?.dstIp, https?.packets, https?.bytes, https?.tcpFlags, https?.net, https?.srcMac],
        ['10.0.0.1', '10.0.0.2', 3, 220, 27, 7, null],
      );
      for (const record of records) {
        assert.deepEqual(FlowRecord.parse(record), record);
        assert.deepEqual([record.verdict, record.rule], ['allow', SYNTHETIC_RULES.observed]);
        assert.ok(record.startMs <= record.endMs && record.endMs <= Date.now());
      }
      const pings = records.filter(({ icmpType }) => icmpType !== null);
      for (const { srcPort, dstPort } of pings) assert.deepEqual([srcPort, dstPort], [0, 0]);
    });
  }

  test('whoever sends from another address is not believed, and can be seen', async () => {
    const exporter = exporterOn(port);
    await listen(exporter);
    await sendFrom('127.0.0.66', port, [message(1000n, 10n)]);
    await sendFrom('127.0.0.1', port, [message(60n, 1n)]);
    const { records } = await heard(exporter, 1);
    assert.deepEqual(
      records.map(({ bytes }) => bytes),
      [60],
    );
    const stranger = listening.told()?.strangers.find(({ address }) => address === '127.0.0.66');
    assert.deepEqual([stranger?.datagrams, stranger?.port, stranger?.listen], [1, port, '127.0.0.1']);
  });

  test('missing records and absurd counters are counted, and what was sampled is an estimate', async () => {
    const exporter = exporterOn(port, { sampling: 100 });
    await listen(exporter);
    const absurd = [message(2n ** 60n, 1n, 1), message(100_000n, 1n, 2), message(0n, 2n ** 63n, 3)];
    await sendFrom('127.0.0.1', port, [message(100n, 1n), ...absurd, message(100n, 1n, 14)]);
    const { report, records } = await heard(exporter, 5);
    assert.deepEqual([report.lost, report.absurd, report.resets], [10, 3, 0]);
    assert.deepEqual(
      records.map(({ bytes, packets, rule }) => [bytes, packets, rule]),
      [[20_000, 200, SYNTHETIC_RULES.estimated]],
    );
  });

  test('two exporters share a port, each by its address and its own templates', async () => {
    const [one, other] = [exporterOn(port), exporterOn(port, { address: '127.0.0.2' })];
    await listen(one, other);
    await sendFrom('127.0.0.1', port, [message(60n, 1n)]);
    const untold = { version: 10, exportMs: 0, sequence: 0, domain: 1 } as const;
    const data = { kind: 'data', template: TEMPLATE, records: [] } as const;
    await sendFrom('127.0.0.2', port, [encodeMessage({ ...untold, sets: [data] })]);
    assert.equal((await heard(one, 1)).report.withoutTemplate, 0);
    assert.equal((await heard(other, 1)).report.withoutTemplate, 1);
  });

  test('an address that the host has not is told, and does not stand in the way of others', async () => {
    const [absent, there] = [exporterOn(port, { listen: '192.0.2.1' }), exporterOn(port)];
    listening.exporters.receive([absent, there]);
    await until(() => listening.told()?.exporters.some(({ state }) => state === 'failed'));
    const { exporters } = listening.told()!;
    assert.match(exporters.find(({ id }) => id === absent.id)?.reason ?? '', /192\.0\.2\.1/);
    assert.equal(exporters.find(({ id }) => id === there.id)?.state, 'listening');
  });

  test('an engine that starts anew listens for those that it knew, without being told', async () => {
    const before = await startListening();
    const exporter = exporterOn(await freePort());
    before.exporters.receive([exporter]);
    await until(() => before.told()?.exporters[0]?.state === 'listening');
    await before.exporters.stop();
    const again = await startListening(before.stateDir);
    await sendFrom('127.0.0.1', exporter.port, [message(60n, 1n)]);
    await until(() => again.records().length === 1);
    await again.stop();
    await before.stop();
  });
});

test('of too many strangers, those unheard for longest make room', () => {
  const strangers = createStrangers();
  const place = { listen: '192.0.2.1', port: 6343 };
  for (let n = 0; n < 1000; n++) strangers.heard(place, `10.0.${n >> 8}.${n & 255}`, n);
  const list = strangers.list();
  assert.equal(list.length, MAX_STRANGERS);
  assert.equal(list[0]?.address, '10.0.3.231');
  strangers.keep([{ listen: '192.0.2.1', port: 2055 }]);
  assert.deepEqual(strangers.list(), []);
});
