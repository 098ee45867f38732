import assert from 'node:assert/strict';
import type net from 'node:net';
import { test } from 'node:test';
import { connectOvsdb } from '../src/index.ts';
import { integer, mapOf, one, optional, reference, setOf, text } from '../src/ovsdb/columns.ts';
import { mirrorTables } from '../src/ovsdb/mirror.ts';
import { type RpcCall, startFakeOvsdb } from '../src/testing/index.ts';

const columns = { name: one(text, ''), ports: setOf(reference), ids: mapOf(text), port: optional(integer) };
const answer = ({ id }: RpcCall, result: string): string => `{"id":${id},"result":${result},"error":null}`;
const refusal = ({ id }: RpcCall, error: string): string => `{"id":${id},"result":null,"error":${error}}`;

test('differences of update2 are applied by the kind of the column', async (t) => {
  const initial =
    '{"T":{"u1":{"initial":{"name":"a","ports":["uuid","p1"],"ids":["map",[["k","1"],["gone","x"]]],"port":7}}}}';
  const update =
    '{"T":{"u1":{"modify":{"ports":["set",[["uuid","p1"],["uuid","p2"]]],"ids":["map",[["k","2"],["gone","x"],["new","n"]]],"port":["set",[]]}},"u2":{"insert":{"name":"b"}}}}';
  let stream: net.Socket | undefined;
  const fake = await startFakeOvsdb((call, to) => {
    stream = to;
    assert.equal(call.method, 'monitor_cond');
    assert.deepEqual(call.params[2], { T: [{ columns: ['name', 'ports', 'ids', 'port'] }] });
    to.write(answer(call, initial));
  });
  t.after(fake.stop);
  const ovsdb = await connectOvsdb(fake.socket);
  t.after(ovsdb.close);
  const mirror = await mirrorTables(ovsdb, 'D', { T: columns });
  assert.deepEqual(mirror.tables.T.get('u1'), {
    name: 'a',
    ports: new Set(['p1']),
    ids: new Map([
      ['k', '1'],
      ['gone', 'x'],
    ]),
    port: 7,
  });

  const changed = new Promise<void>((resolve) => void mirror.onChange(resolve));
  stream?.write(`{"id":null,"method":"update2","params":["monitor-0",${update}]}`);
  await changed;
  assert.deepEqual(mirror.tables.T.get('u1'), {
    name: 'a',
    ports: new Set(['p2']),
    ids: new Map([
      ['k', '2'],
      ['new', 'n'],
    ]),
    port: undefined,
  });
  assert.deepEqual(mirror.tables.T.get('u2'), { name: 'b', ports: new Set(), ids: new Map(), port: undefined });

  const deleted = new Promise<void>((resolve) => void mirror.onChange(resolve));
  stream?.write('{"id":null,"method":"update2","params":["monitor-0",{"T":{"u1":{"delete":null}}}]}');
  await deleted;
  assert.deepEqual([...mirror.tables.T.keys()], ['u2']);
});

test('an old server without monitor_cond is asked for plain updates', async (t) => {
  const fake = await startFakeOvsdb((call, to) => {
    if (call.method === 'monitor_cond') to.write(refusal(call, '"unknown method"'));
    else {
      to.write(answer(call, '{"T":{"u1":{"new":{"name":"a","ports":["set",[]],"ids":["map",[]],"port":["set",[]]}}}}'));
      to.write(
        '{"id":null,"method":"update","params":["monitor-0",{"T":{"u1":{"old":{"name":"a"},"new":{"name":"c","ports":["set",[]],"ids":["map",[]],"port":5}}}}]}',
      );
    }
  });
  t.after(fake.stop);
  const ovsdb = await connectOvsdb(fake.socket);
  t.after(ovsdb.close);
  const mirror = await mirrorTables(ovsdb, 'D', { T: columns });
  if (mirror.tables.T.get('u1')?.name !== 'c') await new Promise<void>((resolve) => void mirror.onChange(resolve));
  assert.deepEqual(mirror.tables.T.get('u1'), { name: 'c', ports: new Set(), ids: new Map(), port: 5 });
});

test('a refused operation is named', async (t) => {
  const fake = await startFakeOvsdb((call, to) => {
    to.write(answer(call, '[{"count":1},{"error":"constraint violation","details":"no such row"},null]'));
  });
  t.after(fake.stop);
  const ovsdb = await connectOvsdb(fake.socket);
  t.after(ovsdb.close);
  const operations = [
    { op: 'update', table: 'A' },
    { op: 'insert', table: 'B' },
    { op: 'delete', table: 'C' },
  ];
  await assert.rejects(ovsdb.transact('D', operations), {
    code: 'transaction-failed',
    message: /insert on B: constraint violation: no such row/,
  });
});

test('an echo of the server is answered, and a silent server is noticed', async (t) => {
  const answered = Promise.withResolvers<unknown>();
  const fake = await startFakeOvsdb((call, to) => {
    if (call.method === 'echo') return; // Our probes: silence.
    if (call.method === 'transact') to.write('{"id":"e","method":"echo","params":["are you there"]}');
    else answered.resolve(call);
  });
  t.after(fake.stop);
  const ovsdb = await connectOvsdb(fake.socket, { probeIntervalMs: 40 });
  const waiting = assert.rejects(ovsdb.transact('D', []), { code: 'timeout' });
  assert.deepEqual(await answered.promise, { id: 'e', result: ['are you there'], error: null });
  assert.equal((await ovsdb.closed)?.code, 'timeout');
  await waiting;
});

test('a server is not blamed for the time in which we stood still', async (t) => {
  const probed = Promise.withResolvers<void>();
  const fake = await startFakeOvsdb((call, to) => {
    to.write(answer(call, '[]'));
    if (call.method === 'echo') probed.resolve();
  });
  t.after(fake.stop);
  const ovsdb = await connectOvsdb(fake.socket, { probeIntervalMs: 40 });
  await ovsdb.transact('D', []);
  for (const until = performance.now() + 300; performance.now() < until; );
  await Promise.race([probed.promise, ovsdb.closed.then((reason) => assert.fail(reason?.message))]);
  assert.deepEqual(await ovsdb.transact('D', []), []);
  ovsdb.close();
});

test('a session cut in the middle of a message ends with a reason, and so do its requests', async (t) => {
  const fake = await startFakeOvsdb((call, to) => to.end(answer(call, '[{"rows":[{"na').slice(0, 30)));
  t.after(fake.stop);
  const ovsdb = await connectOvsdb(fake.socket);
  await assert.rejects(ovsdb.transact('D', []), { code: 'closed' });
  assert.equal((await ovsdb.closed)?.code, 'closed');
  await assert.rejects(ovsdb.transact('D', []), { code: 'closed' });
});

test('bytes that are no JSON end the session', async (t) => {
  const fake = await startFakeOvsdb((_, to) => void to.write('HTTP/1.1 400 Bad Request'));
  t.after(fake.stop);
  const ovsdb = await connectOvsdb(fake.socket);
  await assert.rejects(ovsdb.transact('D', []), { code: 'protocol' });
});

test('nobody there', async () => {
  await assert.rejects(connectOvsdb('/tmp/hv-no-such-socket'), { code: 'connect-failed' });
});
