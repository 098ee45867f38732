import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hearLocal, socketText } from '../src/local-exporters.ts';

const HEADER =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops';
const row = (local: string, remote: string, uid: number) =>
  `  123: ${local} ${remote} 01 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 1001 2 0000000000000000 0`;
const collector = { host: '127.0.0.1', port: 4739 };
const [HERE, ELSEWHERE, OPEN] = [socketText('127.0.0.1', 4739), socketText('127.0.0.2', 4739), '00000000:0000'];

function hearing(rows: string[], uid: () => number | undefined = () => 0) {
  let at = 0;
  let reads = 0;
  const table = () => {
    reads++;
    return [HEADER, ...rows, ''].join('\n');
  };
  const { isHeard } = hearLocal({ ...collector, uid, table, steady: () => at });
  return {
    isHeard,
    pass: (ms: number) => {
      at += ms;
    },
    reads: () => reads,
  };
}

test('a sender is who owns the socket at just that address and port, connected to just this collector', () => {
  const { isHeard } = hearing([
    row(socketText('127.0.0.1', 4000), HERE, 0),
    row(socketText('127.0.0.1', 4001), HERE, 1000),
    row(socketText('127.0.0.1', 4002), ELSEWHERE, 0),
    row(socketText('127.0.0.1', 4003), OPEN, 0),
    row(socketText('127.0.0.2', 4004), HERE, 0),
    row(socketText('127.0.0.3', 4000), HERE, 1000),
  ]);
  assert.ok(isHeard('127.0.0.1:4000') && isHeard('127.0.0.2:4004'));
  for (const port of [4001, 4002, 4003, 4004]) assert.ok(!isHeard(`127.0.0.1:${port}`), String(port));
  assert.ok(!isHeard('127.0.0.3:4000'));
});

test("a port that became somebody else's is heard for a second at most", () => {
  const rows = [row(socketText('127.0.0.1', 4000), HERE, 0)];
  const { isHeard, pass } = hearing(rows);
  assert.ok(isHeard('127.0.0.1:4000'));
  rows[0] = row(socketText('127.0.0.1', 4000), HERE, 1000);
  pass(1_000);
  assert.ok(!isHeard('127.0.0.1:4000'));
});

test('what was sent before a socket was closed is heard, as long as nobody else has its port', () => {
  const own = row(socketText('127.0.0.1', 4000), HERE, 0);
  for (const after of [[], [row(socketText('127.0.0.1', 4000), OPEN, 1000)], [row(`00000000:0FA0`, OPEN, 1000)]]) {
    const rows = [own];
    const { isHeard, pass } = hearing(rows);
    assert.ok(isHeard('127.0.0.1:4000'));
    rows.splice(0, 1, ...after);
    pass(1_000);
    assert.equal(isHeard('127.0.0.1:4000'), after.length === 0);
    pass(2_000);
    assert.ok(!isHeard('127.0.0.1:4000'));
  }
});

test('strangers, however many, have the table read forty times a second, and keep nobody from being heard', () => {
  const { isHeard, pass, reads } = hearing([row(socketText('127.0.0.1', 4000), HERE, 0)]);
  for (let port = 10_000; port < 20_000; port++) {
    assert.ok(!isHeard(`127.0.0.1:${port}`));
    assert.ok(isHeard('127.0.0.1:4000'));
    pass(0.1);
  }
  assert.ok(reads() <= 41, String(reads()));
});

test('nobody is heard while it is not known who should be', () => {
  let uid: number | undefined;
  const { isHeard, pass } = hearing([row(socketText('127.0.0.1', 4000), HERE, 0)], () => uid);
  assert.ok(!isHeard('127.0.0.1:4000'));
  uid = 0;
  pass(25);
  assert.ok(isHeard('127.0.0.1:4000'));
});

test('an address is written as the kernel does', { skip: new Uint8Array(new Uint16Array([1]).buffer)[0] !== 1 }, () => {
  assert.equal(socketText('127.0.0.1', 4739), '0100007F:1283');
  assert.equal(socketText('::1', 53), '00000000000000000000000001000000:0035');
});
