import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { openClickHouseStore } from '../src/index.ts';

/** A peer that answers every statement like this. */
async function answering(t: TestContext, status: number, text: string): Promise<string> {
  const peer = createServer((request, response) => {
    request.resume();
    response.writeHead(status).end(text);
  });
  await once(peer.listen(0, '127.0.0.1'), 'listening');
  t.after(() => peer.close());
  return `http://127.0.0.1:${(peer.address() as AddressInfo).port}/flows`;
}

const ANSWERS = [
  ['Code: 159, e.displayText() = DB::Exception: Timeout exceeded', 'FLOWSTORE_TOO_SLOW'],
  ['Code: 159. DB::Exception: Timeout exceeded. (TIMEOUT_EXCEEDED)', 'FLOWSTORE_TOO_SLOW'],
  ['Code: 241. DB::Exception: Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)', 'FLOWSTORE_TOO_LARGE'],
  ['Code: 516. DB::Exception: flows: Authentication failed. (AUTHENTICATION_FAILED)', 'FLOWSTORE_REFUSED'],
  ['Code: 193, e.displayText() = DB::Exception: Wrong password for user flows', 'FLOWSTORE_REFUSED'],
  ['Code: 62, e.displayText() = DB::Exception: Syntax error', 'FLOWSTORE_FAILED'],
  ['<html>no ClickHouse</html>', 'FLOWSTORE_FAILED'],
] as const;

for (const [text, code] of ANSWERS)
  test(`an error of the server, old or new, has a code of ours: ${text}`, async (t) => {
    const url = await answering(t, 500, text);
    await assert.rejects(openClickHouseStore({ url }), { code });
  });

test('an address that names no database, or carries a password, is refused', async () => {
  for (const url of ['http://h:1', 'http://h:1/', 'http://h:1/a/b', 'http://h:1/a`b', 'http://u:p@h:1/a', 'ftp://h/a'])
    await assert.rejects(openClickHouseStore({ url }), { code: 'FLOWSTORE_FAILED' }, url);
});
